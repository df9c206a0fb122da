//! How the server reaches people and programs: mail and webhooks.

use std::fmt;
use std::net::IpAddr;

use data_encoding::BASE64;
use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use url::Url;

use super::{ConfigError, Hidden, Options, wrong};

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The mail server: `smtp://` or `smtps://`, with user and password. A mailer can be made of it.
    pub server: Hidden,
    /// Whom mails are from.
    pub from: Mailbox,
    /// Where people who answer a mail reach the publisher, if not there.
    pub reply_to: Option<Mailbox>,
    /// Who hears of new feedback.
    pub editors: Vec<Mailbox>,
    /// Whether readers may have an article sent to a friend.
    pub sends_articles: bool,
}

/// A program that is called.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Where it goes: a URL of the web. Many services take whoever knows it for somebody who may call.
    pub url: Hidden,
    /// What it is signed with.
    pub key: WebhookKey,
}

/// The key of a webhook's signatures: 24 to 64 bytes, as Standard Webhooks ask for.
#[derive(Clone)]
pub struct WebhookKey(Vec<u8>);

impl WebhookKey {
    /// Reads `whsec_` and base64. None where it is anything else, or of another length.
    pub fn parse(secret: &str) -> Option<Self> {
        let bytes = BASE64.decode(secret.strip_prefix("whsec_")?.as_bytes()).ok()?;
        (24..=64).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// In clear.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for WebhookKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(hidden)")
    }
}

/// None where no mail server is named.
pub(super) fn mail(options: &Options) -> Result<Option<MailSettings>, ConfigError> {
    let editors = options.mail_editors.as_deref().unwrap_or_default();
    let sends_articles = options.mail_articles.unwrap_or_default();
    let Some(server) = options.smtp.clone() else {
        if sends_articles {
            return Err(wrong("mail-articles", &"it takes smtp, too"));
        }
        if !editors.is_empty() {
            return Err(wrong("mail-editors", &"they take smtp, too"));
        }
        return Ok(None);
    };
    check_server(&server)?;
    let from = options.mail_from.as_deref().ok_or_else(|| wrong("mail-from", &"is missing"))?;
    let reply_to = options.mail_reply_to.as_deref();
    Ok(Some(MailSettings {
        server,
        from: mailbox("mail-from", from)?,
        reply_to: reply_to.map(|one| mailbox("mail-reply-to", one)).transpose()?,
        editors: editors
            .iter()
            .map(|one| mailbox("mail-editors", one))
            .collect::<Result<_, _>>()?,
        sends_articles,
    }))
}

/// No message says the URL: it holds a password.
fn check_server(server: &Hidden) -> Result<(), ConfigError> {
    let url = Url::parse(server.reveal()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
    let form = "it is smtp:// or smtps://, user:password@ and a host";
    let url = url.ok_or_else(|| wrong("smtp", &form))?;
    let says_tls = url.scheme() == "smtps" || url.query_pairs().any(|(name, _)| name == "tls");
    if !says_tls && !is_loopback(&url) {
        let reason = "without TLS a mail server on this machine alone is taken; \
                      begin with smtps://, or end with ?tls=required (STARTTLS)";
        return Err(wrong("smtp", &reason));
    }
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.reveal());
    transport.map(drop).map_err(|_| wrong("smtp", &"tls is required or opportunistic"))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// The program that hears of feedback; none where no URL is named.
pub(super) fn webhook(options: &Options) -> Result<Option<WebhookSettings>, ConfigError> {
    call("webhook", options.webhook.as_ref(), options)
}

/// The program that hears what caches have to forget; none where no URL is named.
pub(super) fn purge_hook(options: &Options) -> Result<Option<WebhookSettings>, ConfigError> {
    call("purge-hook", options.purge_hook.as_ref(), options)
}

fn call(
    setting: &'static str,
    url: Option<&Hidden>,
    options: &Options,
) -> Result<Option<WebhookSettings>, ConfigError> {
    let Some(url) = url else { return Ok(None) };
    let is_plain = |url: &Url| {
        let is_web = matches!(url.scheme(), "http" | "https");
        is_web && url.username().is_empty() && url.password().is_none()
    };
    let url = Url::parse(url.reveal()).ok().filter(is_plain);
    let url = url.ok_or_else(|| wrong(setting, &"an http or https URL without a user"))?;
    let secret = options.webhook_secret.as_ref();
    let secret = secret.ok_or_else(|| wrong("webhook-secret", &"is missing"))?;
    let key = WebhookKey::parse(secret.reveal());
    let key = key
        .ok_or_else(|| wrong("webhook-secret", &"it is whsec_ and the base64 of 24 to 64 bytes"))?;
    Ok(Some(WebhookSettings { url: url.as_str().into(), key }))
}

fn mailbox(setting: &'static str, text: &str) -> Result<Mailbox, ConfigError> {
    // A line break in a name would panic further down.
    let is_clean = !text.chars().any(char::is_control);
    let mailbox = text.parse().ok().filter(|_| is_clean);
    mailbox.ok_or_else(|| wrong(setting, &format!("{text:?} is no mail address")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_server(server: &str) -> Options {
        Options {
            smtp: Some(server.into()),
            mail_from: Some("Báo Ví Dụ <no-reply@news.example>".to_owned()),
            ..Options::default()
        }
    }

    #[test]
    fn without_tls_mail_goes_no_further_than_this_machine() {
        for server in [
            "smtps://user:secret@mail.news.example",
            "smtp://user:secret@mail.news.example?tls=required",
            "smtp://mail.news.example:587/news.example?tls=opportunistic",
            "smtp://localhost",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:2525",
        ] {
            assert!(mail(&with_server(server)).unwrap().is_some(), "{server}");
        }
        for server in [
            "smtp://user:secret@mail.news.example",
            "smtp://192.0.2.1",
            "smtp://localhost.news.example",
            "smtp://mail.news.example?tls=none",
            "smtp://mail.news.example?TLS=required",
            "smtps://",
            "http://user:secret@mail.news.example",
            "secret",
        ] {
            let error = mail(&with_server(server)).unwrap_err().to_string();
            assert!(error.starts_with("smtp: ") && !error.contains("secret"), "{server}: {error}");
        }
    }

    #[test]
    fn a_webhooks_secret_is_of_the_standards_form() {
        let with = |url: &str, secret: &str| {
            let options = Options {
                webhook: Some(url.into()),
                webhook_secret: Some(secret.into()),
                ..Options::default()
            };
            webhook(&options)
        };
        let secret = format!("whsec_{}", BASE64.encode(&[7; 24]));
        let settings = with("https://cms.news.example/hook", &secret).unwrap().unwrap();
        assert_eq!(settings.key.reveal(), [7; 24]);
        let shown = format!("{settings:?}");
        assert!(!shown.contains(&secret[6..]) && !shown.contains("cms.news.example"), "{shown}");
        let short = format!("whsec_{}", BASE64.encode(&[7; 23]));
        let long = format!("whsec_{}", BASE64.encode(&[7; 65]));
        for wrong in [&short, &long, &secret[6..], "whsec_", "whsec_not base64", ""] {
            let error = with("https://cms.news.example/hook", wrong).unwrap_err().to_string();
            let expected = "webhook-secret: it is whsec_ and the base64 of 24 to 64 bytes";
            assert_eq!(error, expected, "it says what is wanted, and nothing of what was given");
        }
        for url in
            ["ftp://cms.news.example", "cms.news.example", "https://user:pass@cms.news.example"]
        {
            assert!(with(url, &secret).unwrap_err().to_string().starts_with("webhook: "), "{url}");
        }
    }
}
