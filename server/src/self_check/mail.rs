//! Whether the mail server's name leads somewhere, and whether it speaks. Nobody logs in, and nothing is sent.

use std::time::Duration;

use lettre::{AsyncSmtpTransport, Tokio1Executor};
use tokio::net::lookup_host;
use tokio::time::timeout;
use url::Url;

use super::Finding;
use crate::config::{Config, Hidden};

const ABOUT: &str = "smtp";
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);

pub(super) async fn check(config: &Config) -> Option<Finding> {
    let Some(mail) = &config.mail else {
        return Some(Finding::ok(ABOUT, "there is no mail server: nothing is sent by mail"));
    };
    let server = without_user(&mail.server)?;
    let host = server.host_str()?.to_owned();
    let place = (host.trim_matches(['[', ']']).to_owned(), server.port().unwrap_or(25));
    Some(match timeout(ANSWERS_WITHIN, lookup_host(place)).await {
        Ok(Ok(_)) => match timeout(ANSWERS_WITHIN, speaks(&server)).await {
            Ok(Ok(())) => Finding::ok(ABOUT, format!("{host} speaks SMTP")),
            Ok(Err(reason)) => Finding::error(ABOUT, format!("{host} does not speak: {reason}")),
            Err(_) => Finding::error(ABOUT, format!("{host} does not answer within 10 s")),
        },
        _ => Finding::error(ABOUT, format!("the name {host} leads nowhere")),
    })
}

/// The server's URL as far as it may be said, and without what would log in.
fn without_user(server: &Hidden) -> Option<Url> {
    let mut url = Url::parse(server.reveal()).ok()?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url)
}

/// Greets it, by TLS where the URL says so, and leaves.
async fn speaks(server: &Url) -> Result<(), String> {
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.as_str());
    let transport = transport.map_err(|error| error.to_string())?;
    let transport: AsyncSmtpTransport<Tokio1Executor> =
        transport.timeout(Some(ANSWERS_WITHIN)).build();
    match transport.test_connection().await {
        Ok(true) => Ok(()),
        Ok(false) => Err("it does not answer a NOOP".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
