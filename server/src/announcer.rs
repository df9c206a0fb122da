//! Who hears of what happens to feedback. What is said leaves by the outbox, for it is put there in the
//! same commit as what it is about, and so is never lost.

use crate::clock::UnixSeconds;
use crate::config::Config;
use crate::forms::MailAddress;
use crate::store::{DeliveryKind, NewDelivery};

/// Those that a publisher wants told.
#[derive(Clone, Debug)]
pub struct Announcer {
    editors: Vec<String>,
    calls: bool,
    sends_mail: bool,
    language: String,
}

impl Announcer {
    /// Those that the settings name.
    pub fn new(config: &Config) -> Self {
        let editors = config.mail.iter().flat_map(|mail| &mail.editors);
        Self {
            editors: editors.map(ToString::to_string).collect(),
            calls: config.webhook.is_some(),
            sends_mail: config.mail.is_some(),
            language: config.language.clone(),
        }
    }

    /// What is said of new feedback with this reference.
    pub fn of_feedback(&self, reference: &str, at: UnixSeconds) -> Vec<NewDelivery> {
        let delivery = |kind: DeliveryKind, recipient: &str| NewDelivery {
            kind,
            key: format!("{} {reference} {recipient}", kind.as_str()),
            article: None,
            mark: None,
            recipient: recipient.to_owned(),
            language: self.language.clone(),
            at,
            content: String::new(),
        };
        let notices = self.editors.iter().map(|editor| delivery(DeliveryKind::Notice, editor));
        // It goes where the settings say when it leaves: a URL put right reaches what waits, too.
        let hook = self.calls.then(|| delivery(DeliveryKind::Hook, ""));
        notices.chain(hook).collect()
    }

    /// What the sender of that reference is told of an answer; none where they gave no address, or no mail
    /// leaves here.
    pub fn of_answer(
        &self,
        reference: &str,
        sender: &str,
        language: &str,
        at: UnixSeconds,
    ) -> Option<NewDelivery> {
        let sender = MailAddress::parse(sender).filter(|_| self.sends_mail)?;
        Some(NewDelivery {
            kind: DeliveryKind::Answer,
            // Each answer is told, also one that replaces another.
            key: format!("{} {reference} {at}", DeliveryKind::Answer.as_str()),
            article: None,
            mark: None,
            recipient: sender.as_str().to_owned(),
            language: language.to_owned(),
            at,
            content: String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Options;

    #[test]
    fn an_answer_goes_to_the_address_as_mail_servers_know_it() {
        let of_answer = |smtp: Option<&str>, sender| {
            let options = Options {
                database: Some("sqlite:articles.db".to_owned()),
                smtp: smtp.map(Into::into),
                mail_from: smtp.map(|_| "no-reply@news.example".to_owned()),
                ..Options::default()
            };
            let announcer = Announcer::new(&options.resolve(None).unwrap());
            announcer.of_answer("AAAA-0001", sender, "vi", 0).map(|delivery| delivery.recipient)
        };
        let smtp = Some("smtp://localhost");
        let recipient = of_answer(smtp, "Hoa@Thư.example");
        assert_eq!(recipient.as_deref(), Some("Hoa@xn--th-e0a.example"));
        assert_eq!(of_answer(smtp, ""), None);
        assert_eq!(of_answer(None, "hoa@example.vn"), None);
    }
}
