//! Hands mails to the mail server. One connection for each: what is broken off in the middle of a mail
//! takes its connection along, and the server drops what came so far.

use lettre::transport::smtp::Error;
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Category, Severity};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use url::Url;

use super::failure::Failure;
use crate::config::Hidden;
use crate::mails::{MailError, MailHost};

/// The way to the mail server.
pub(super) struct Mailer(AsyncSmtpTransport<Tokio1Executor>);

impl Mailer {
    /// To the mail server of this URL, which the settings have checked. `host` is who greets it, where the
    /// URL does not say.
    pub(super) fn new(server: &Hidden, host: &MailHost) -> Self {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server.reveal());
        let builder = builder.expect("the settings have checked it");
        let says_who = Url::parse(server.reveal()).is_ok_and(|url| url.path().len() > 1);
        let greeting = ClientId::Domain(host.to_string());
        Self(if says_who { builder.build() } else { builder.hello_name(greeting).build() })
    }

    /// Returns when the mail server has taken responsibility.
    pub(super) async fn send(&self, message: Message) -> Result<(), Failure> {
        self.0.send(message).await.map(drop).map_err(Failure::from)
    }
}

impl From<Error> for Failure {
    /// A permanent refusal by the mail system (55x) is about this mail; others, such as of our login
    /// (53x), are about how we are set up.
    fn from(error: Error) -> Self {
        let is_of_the_mail = |severity, category| {
            severity == Severity::PermanentNegativeCompletion && category == Category::MailSystem
        };
        match error.status() {
            Some(code) if is_of_the_mail(code.severity, code.category) => {
                Self::lasting(format!("SMTP {code}"))
            }
            Some(code) => Self::passing(format!("SMTP {code}")),
            // It has no STARTTLS, no login that we know, or no way to write an address.
            None if error.is_client() => Self::passing("SMTP: not possible with this server"),
            None if error.is_tls() => Self::passing("SMTP: no TLS"),
            None => Self::passing("SMTP: no connection"),
        }
    }
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        Self::lasting(error.to_string())
    }
}
