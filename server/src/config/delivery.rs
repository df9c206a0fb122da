//! How the server reaches people and programs: mail and webhooks.

use lettre::message::Mailbox;
use url::Url;

use super::{ConfigError, Hidden, Options, wrong};

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// The mail server: `smtp://` or `smtps://`, with user and password.
    pub server: Hidden,
    /// Whom mails are from.
    pub from: Mailbox,
    /// Who hears of new feedback.
    pub editors: Vec<Mailbox>,
    /// Whether readers may have an article sent to a friend.
    pub sends_articles: bool,
}

/// Whom a program's call tells of new feedback.
#[derive(Clone, Debug)]
pub struct WebhookSettings {
    /// Where it goes.
    pub url: Url,
    /// What it is signed with.
    pub secret: Hidden,
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
    let scheme = Url::parse(server.reveal()).map(|url| url.scheme().to_owned()).ok();
    if !matches!(scheme.as_deref(), Some("smtp" | "smtps")) {
        return Err(wrong("smtp", &"it is smtp:// or smtps://, user:password@ and a host"));
    }
    let from = options.mail_from.as_deref().ok_or_else(|| wrong("mail-from", &"is missing"))?;
    Ok(Some(MailSettings {
        server,
        from: mailbox("mail-from", from)?,
        editors: editors
            .iter()
            .map(|one| mailbox("mail-editors", one))
            .collect::<Result<_, _>>()?,
        sends_articles,
    }))
}

/// None where no URL is named.
pub(super) fn webhook(options: &Options) -> Result<Option<WebhookSettings>, ConfigError> {
    let Some(url) = options.webhook.as_deref() else { return Ok(None) };
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| wrong("webhook", &"an http or https URL"))?;
    let secret = options.webhook_secret.clone();
    let secret = secret.ok_or_else(|| wrong("webhook-secret", &"is missing"))?;
    Ok(Some(WebhookSettings { url, secret }))
}

fn mailbox(setting: &'static str, text: &str) -> Result<Mailbox, ConfigError> {
    // A line break in a name would panic further down.
    let is_clean = !text.chars().any(char::is_control);
    let mailbox = text.parse().ok().filter(|_| is_clean);
    mailbox.ok_or_else(|| wrong(setting, &format!("{text:?} is no mail address")))
}
