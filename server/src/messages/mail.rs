//! The words of mails: one file per language. Apart from the interface's, which go to every reader of every
//! article.

use article_widget::contract::Messages;

use super::Words;

static WORDS: Words = Words::new([include_str!("mail/vi.json"), include_str!("mail/en.json")]);

/// The words in `language`, one of [`LANGUAGES`](super::LANGUAGES); the first language's for any other.
pub fn of(language: &str) -> &'static Messages {
    WORDS.of(language)
}
