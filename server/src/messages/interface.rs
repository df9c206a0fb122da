//! The words as readers see them: with the name of who answers for what they write.

use article_widget::contract::Messages;
use sha2::{Digest, Sha256};

use super::{INTERFACE, LANGUAGES, position};
use crate::store::ConsentText;

/// Stands in the consent for whoever it is given to.
const CONTROLLER: &str = "{controller}";
/// Stands there for how long feedback is kept, in days.
const DAYS: &str = "{days}";
/// The key of the text that a reader agrees to.
const CONSENT: &str = "feedback.consent";
/// The key of its version.
const VERSION: &str = "feedback.consent.version";

/// The words of every language, for one publisher.
#[derive(Clone, Debug)]
pub struct Interface([Messages; LANGUAGES.len()]);

impl Interface {
    /// The words of a publisher whose feedback is the business of `controller`, and is kept so many days.
    pub fn new(controller: &str, days: u32) -> Self {
        let days = days.to_string();
        let mut languages = INTERFACE.all().clone();
        for (language, words) in LANGUAGES.into_iter().zip(&mut languages) {
            let text = words.get(CONSENT).replace(DAYS, &days).replace(CONTROLLER, controller);
            words.set(VERSION, version(language, &text));
            words.set(CONSENT, text);
        }
        Self(languages)
    }

    /// The words in `language`, one of [`LANGUAGES`]; the first language's for any other.
    pub fn of(&self, language: &str) -> &Messages {
        &self.0[position(language)]
    }

    /// Each text that readers are shown to agree to.
    pub fn consents(&self) -> Vec<ConsentText> {
        let consent = |words: &Messages| ConsentText {
            version: words.get(VERSION).to_owned(),
            text: words.get(CONSENT).to_owned(),
        };
        self.0.iter().map(consent).collect()
    }

    /// The language of the consent of this version; none where it is no text of today's.
    pub fn language_of(&self, consent: &str) -> Option<&'static str> {
        LANGUAGES.into_iter().find(|language| self.of(language).get(VERSION) == consent)
    }
}

/// Names the text: another text has another name.
fn version(language: &str, text: &str) -> String {
    format!("{language}-{}", hex::encode(&Sha256::digest(text)[..4]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consent_names_the_controller_and_has_a_version_for_each_text() {
        let one = Interface::new("Báo Ví Dụ", 365);
        let other = Interface::new("Báo Khác", 365);
        let longer = Interface::new("Báo Ví Dụ", 366);
        for language in LANGUAGES {
            let words = one.of(language);
            let text = words.get(CONSENT);
            assert!(text.contains("Báo Ví Dụ") && text.contains("365"), "{language}");
            assert!(!text.contains(['{', '}']), "{language}");
            assert_ne!(words.get(VERSION), other.of(language).get(VERSION));
            assert_ne!(words.get(VERSION), longer.of(language).get(VERSION));
            assert_eq!(one.language_of(words.get(VERSION)), Some(language));
        }
        assert_eq!(one.language_of(other.of("vi").get(VERSION)), None);
    }
}
