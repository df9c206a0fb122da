//! The page that ends mails with articles.

use article_widget::contract::Messages;
use askama::Template;

use crate::messages::Language;

/// The page behind the link in such a mail.
#[derive(Template)]
#[template(path = "unsubscribe.html")]
pub struct UnsubscribePage<'a> {
    /// The mails' language.
    pub language: &'a Language,
    /// The words of the server's own pages.
    pub words: &'a Messages,
    /// Who sends them.
    pub publisher: &'a str,
    /// How far its reader is.
    pub step: UnsubscribeStep,
}

/// How far its reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsubscribeStep {
    /// The button is there to be pressed.
    Asks,
    /// It has been.
    Done,
    /// The link is none of ours.
    Unknown,
}

impl UnsubscribePage<'_> {
    fn explanation(&self) -> String {
        self.language.fill(self.words.get("unsubscribe.explain"), "publisher", self.publisher)
    }
}
