//! The form for feedback, and the one for a rating below it.

use article_widget::contract::{ArticleId, FeedbackReport, Messages, Settings, longest};
use askama::Template;

use crate::forms::{FieldError, Ticket};
use crate::messages::Language;

/// The form for feedback.
#[derive(Template)]
#[template(path = "feedback.html")]
pub struct FormPage<'a> {
    /// The interface's language.
    pub language: &'a Language,
    /// The interface's words.
    pub words: &'a Messages,
    /// The words of the server's own pages.
    pub own: &'a Messages,
    /// The article's.
    pub id: &'a ArticleId,
    /// The article's.
    pub title: &'a str,
    /// That of the article, whose words are not in the interface's.
    pub title_language: &'a str,
    /// Which fields there are.
    pub settings: &'a Settings,
    /// What has been typed.
    pub report: &'a FeedbackReport,
    /// Whether the passage goes along.
    pub is_quoting: bool,
    /// The hidden fields.
    pub ticket: &'a Ticket,
    /// What the form as a whole has to say.
    pub notice: Option<Notice>,
    /// How many minutes to wait before it is sent again, where that is told.
    pub minutes: u64,
    /// What each field has to say.
    pub errors: &'a [FieldError],
    /// Names a rating that is made here.
    pub rating: String,
    /// What it says so far.
    pub useful: Option<bool>,
}

/// Why the form is shown again, where no field is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It is old, or was sent before.
    Again,
    /// The server cannot take it now.
    Busy,
    /// The place has sent too much.
    TooMany,
    /// The server failed.
    Failed,
}

impl Notice {
    /// Its key among the words of the server's own pages.
    fn key(self) -> &'static str {
        match self {
            Self::Again => "form.again",
            Self::Busy => "form.busy",
            Self::TooMany => "form.too_many",
            Self::Failed => "form.failed",
        }
    }
}

/// One of the fields that the publisher asks for.
struct Field<'a> {
    name: &'a str,
    label: &'static str,
    is_required: bool,
    value: &'a str,
    /// In characters.
    longest: u16,
    control: Control,
}

/// What a field is filled in with.
enum Control {
    Line {
        kind: &'static str,
        /// HTML's autofill name.
        autocomplete: &'static str,
    },
    Kind,
    Message,
}

impl FormPage<'_> {
    /// In the publisher's order.
    fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        self.settings.fields.iter().filter_map(|name| self.field(name))
    }

    /// None where there is no such field: the settings name none.
    fn field<'a>(&'a self, name: &'a str) -> Option<Field<'a>> {
        let line = |kind, autocomplete| Control::Line { kind, autocomplete };
        let report = self.report;
        let (label, value, control) = match name {
            "name" => ("feedback.name", &report.name, line("text", "name")),
            "email" => ("feedback.email", &report.email, line("email", "email")),
            "phone" => ("feedback.phone", &report.phone, line("tel", "tel")),
            "kind" => ("feedback.kind", &report.kind, Control::Kind),
            "title" => ("feedback.subject", &report.title, line("text", "off")),
            "message" => ("feedback.message", &report.message, Control::Message),
            _ => return None,
        };
        // There always is a kind.
        let is_required = name == "kind" || self.settings.required.iter().any(|of| of == name);
        Some(Field { name, label, is_required, value, longest: longest(name), control })
    }

    /// Each kind, its words, and whether it is chosen.
    fn kinds(&self) -> impl Iterator<Item = (&str, &str, bool)> {
        self.settings.kinds.iter().map(|kind| {
            let words = self.words.find(&format!("feedback.kind.{kind}")).unwrap_or(kind);
            (kind.as_str(), words, self.report.kind == *kind)
        })
    }

    /// What is wrong with the field, in words.
    fn error(&self, field: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.field == field)?;
        Some(self.words.get(error.message))
    }

    /// Every field that is wrong, its label, and what is wrong with it.
    fn wrong(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.errors.iter().map(|error| {
            let label = self.field(error.field).map(|field| self.words.get(field.label));
            let label = label.unwrap_or_else(|| self.own.get("form.consent"));
            (error.field, label, self.words.get(error.message))
        })
    }

    /// The reader begins with the first field that is wrong.
    fn is_first_wrong(&self, field: &str) -> bool {
        self.errors.first().is_some_and(|error| error.field == field)
    }

    /// What the form as a whole has to say, in words.
    fn said(&self) -> Option<String> {
        let wait = || self.language.count("wait.minutes", self.minutes);
        let words = self.own.get(self.notice?.key());
        Some(self.language.fill(words, "wait", &wait()))
    }

    /// Consent is ticked by its sender alone. It stays ticked when the form comes back, but only for
    /// the text that it was given to.
    fn has_consented(&self) -> bool {
        self.report.consent == self.words.get("feedback.consent.version")
    }

    /// In characters.
    fn longest_word(&self) -> u16 {
        longest("word")
    }
}
