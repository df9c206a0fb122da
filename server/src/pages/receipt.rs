//! What a reader gets to see after writing.

use article_widget::contract::{FeedbackReceipt, Messages};
use askama::Template;

use crate::messages::Language;
use crate::store::{Feedback, Progress};

/// The thanks for feedback.
#[derive(Template)]
#[template(path = "thanks.html")]
pub struct ThanksPage<'a> {
    /// The interface's language.
    pub language: &'a Language,
    /// The interface's words.
    pub words: &'a Messages,
    /// The words of the server's own pages.
    pub own: &'a Messages,
    /// The article's.
    pub id: &'a str,
    /// Reference and private link.
    pub receipt: &'a FeedbackReceipt,
}

/// The thanks for a rating.
#[derive(Template)]
#[template(path = "rated.html")]
pub struct RatedPage<'a> {
    /// The interface's language.
    pub language: &'a Language,
    /// The words of the server's own pages.
    pub own: &'a Messages,
    /// The article's.
    pub id: &'a str,
    /// What became of the rating.
    pub said: String,
}

/// Behind the private link.
#[derive(Template)]
#[template(path = "receipt.html")]
pub struct ReceiptPage<'a> {
    /// The interface's language.
    pub language: &'a Language,
    /// The interface's words.
    pub words: &'a Messages,
    /// The words of the server's own pages.
    pub own: &'a Messages,
    /// The feedback; none where there is none, or none any more.
    pub kept: Option<&'a Feedback>,
    /// When it was taken.
    pub received: String,
    /// The day by whose end it is erased.
    pub kept_until: String,
    /// When it was answered.
    pub answered: String,
}

impl ReceiptPage<'_> {
    /// How far the feedback has come, in words.
    fn progress(&self, kept: &Feedback) -> &str {
        self.own.get(match kept.progress {
            Progress::Received => "receipt.progress.received",
            Progress::Open => "receipt.progress.open",
            Progress::Answered => "receipt.progress.answered",
        })
    }

    /// The kind, in words.
    fn kind<'a>(&'a self, kept: &'a Feedback) -> &'a str {
        let kind = &kept.report.kind;
        self.words.find(&format!("feedback.kind.{kind}")).unwrap_or(kind)
    }

    /// The fields that were filled in, with their labels.
    fn lines<'a>(&'a self, kept: &'a Feedback) -> impl Iterator<Item = (&'a str, &'a str)> {
        let report = &kept.report;
        let lines = [
            ("feedback.name", report.name.as_str()),
            ("feedback.email", &report.email),
            ("feedback.phone", &report.phone),
            ("feedback.kind", self.kind(kept)),
            ("feedback.subject", &report.title),
        ];
        let filled_in = lines.into_iter().filter(|(_, value)| !value.is_empty());
        filled_in.map(|(label, value)| (self.words.get(label), value))
    }
}
