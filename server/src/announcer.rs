//! Who hears of what happens to feedback. What is said leaves by the outbox, for it is put there in the
//! same commit as what it is about, and so is never lost.

use crate::clock::UnixSeconds;
use crate::config::Config;
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
            mark: String::new(),
            recipient: recipient.to_owned(),
            language: self.language.clone(),
            at,
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
        (self.sends_mail && !sender.is_empty()).then(|| NewDelivery {
            kind: DeliveryKind::Answer,
            // Each answer is told, also one that replaces another.
            key: format!("{} {reference} {at}", DeliveryKind::Answer.as_str()),
            article: None,
            mark: String::new(),
            recipient: sender.to_owned(),
            language: language.to_owned(),
            at,
        })
    }
}
