//! What a reader may write to the editor: the one place where feedback is checked, whether it comes
//! as JSON or from the form page.

use article_widget::contract::{FeedbackReport, Settings, longest};
use schemars::JsonSchema;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::messages::Languages;

mod address;
mod ticket;

pub use address::MailAddress;
pub use ticket::{Ticket, TicketError};

/// The form's fields that a publisher may ask for, as on the wire.
pub const FIELDS: [&str; 6] = ["name", "email", "phone", "kind", "title", "message"];

/// The kinds of feedback, as on the wire.
pub const KINDS: [&str; 4] = ["comment", "error", "question", "complaint"];

/// Nobody fills the form in faster, in seconds.
pub const SOONEST: i64 = 3;

/// The longest URL of a page, in bytes.
const PAGE: usize = 2_048;

/// The words of an article that feedback is about, in one line; cut where they are too many.
pub fn passage(value: &str) -> String {
    line(value).chars().take(longest("passage").into()).collect()
}

/// A field that must be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct FieldError {
    /// Its name on the wire.
    pub field: &'static str,
    /// What is wrong with it: the key of a message.
    pub message: &'static str,
}

/// Tidies the report (Unicode NFC, no control characters, no space at either end) and checks it.
///
/// # Errors
/// Every field that is missing or wrong, in the form's order.
pub fn check(
    report: FeedbackReport,
    settings: &Settings,
    languages: &Languages,
) -> Result<FeedbackReport, Vec<FieldError>> {
    let report = FeedbackReport {
        article: report.article,
        page: page(&report.page),
        kind: line(&report.kind),
        name: line(&report.name),
        email: line(&report.email),
        phone: line(&report.phone),
        title: line(&report.title),
        message: text(&report.message),
        passage: passage(&report.passage),
        consent: line(&report.consent),
    };
    let report = shown(report, settings);
    let required = |field: &str, value: &str| {
        let is_asked = settings.required.iter().any(|name| name == field);
        unless(!is_asked || !value.is_empty(), "feedback.error.required")
    };
    let is_consent = languages.of_consent(&report.consent).is_some();
    let checks = [
        ("name", required("name", &report.name).or(within(&report.name, "name"))),
        (
            "email",
            required("email", &report.email)
                .or(within(&report.email, "email"))
                .or(email(&report.email)),
        ),
        (
            "phone",
            required("phone", &report.phone)
                .or(within(&report.phone, "phone"))
                .or(phone(&report.phone)),
        ),
        ("kind", unless(settings.kinds.contains(&report.kind), "feedback.error.kind")),
        ("title", required("title", &report.title).or(within(&report.title, "title"))),
        ("message", required("message", &report.message).or(within(&report.message, "message"))),
        ("consent", unless(is_consent, "feedback.error.consent")),
    ];
    let errors: Vec<_> = checks
        .into_iter()
        .filter_map(|(field, wrong)| wrong.map(|message| FieldError { field, message }))
        .collect();
    if errors.is_empty() { Ok(report) } else { Err(errors) }
}

fn unless(fine: bool, message: &'static str) -> Option<&'static str> {
    (!fine).then_some(message)
}

/// Without the fields that the publisher does not ask for. Where there is no kind to choose, it is a
/// comment, or an error where it is about a passage.
fn shown(mut report: FeedbackReport, settings: &Settings) -> FeedbackReport {
    let is_shown = |field: &str| settings.fields.iter().any(|name| name == field);
    for (field, value) in [
        ("name", &mut report.name),
        ("email", &mut report.email),
        ("phone", &mut report.phone),
        ("title", &mut report.title),
    ] {
        if !is_shown(field) {
            value.clear();
        }
    }
    if !is_shown("kind") {
        let wanted = if report.passage.is_empty() { "comment" } else { "error" };
        let known = settings.kinds.iter().find(|kind| *kind == wanted);
        report.kind = known.or(settings.kinds.first()).cloned().unwrap_or_default();
    }
    report
}

fn within(value: &str, field: &str) -> Option<&'static str> {
    unless(value.chars().count() <= longest(field).into(), "feedback.error.too_long")
}

/// An address, where there is one.
fn email(value: &str) -> Option<&'static str> {
    unless(value.is_empty() || MailAddress::parse(value).is_some(), "feedback.error.email")
}

fn phone(value: &str) -> Option<&'static str> {
    let fine = value.chars().all(|c| c.is_ascii_digit() || " +-().".contains(c));
    unless(fine, "feedback.error.phone")
}

/// One line: whatever breaks a line is a space. A name may end up in a mail's head.
pub fn line(value: &str) -> String {
    let kept = value.nfc().filter(|c| !is_turning(*c));
    let spaced = kept.map(|c| if c.is_control() || is_separator(c) { ' ' } else { c });
    spaced.collect::<String>().trim().to_owned()
}

/// Lines end in `\n`; other control characters are dropped.
pub(crate) fn text(value: &str) -> String {
    let value = value.replace("\r\n", "\n").replace('\r', "\n");
    let is_kept = |c: &char| !c.is_control() && !is_turning(*c) || matches!(c, '\n' | '\t');
    let kept = value.nfc().filter(is_kept);
    kept.collect::<String>().trim().to_owned()
}

/// Unicode's own line and paragraph separators.
fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// What turns the direction of all that follows it (Unicode's bidirectional embeddings, overrides and
/// isolates): a name would turn the line that it stands in.
pub(crate) fn is_turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The partner page, without what may name its reader: query and fragment. Empty if it is no page.
fn page(value: &str) -> String {
    let Ok(mut url) = url::Url::parse(value) else {
        return String::new();
    };
    url.set_query(None);
    url.set_fragment(None);
    let bare = url.username().is_empty() && url.password().is_none();
    let fine = matches!(url.scheme(), "http" | "https") && bare && url.as_str().len() <= PAGE;
    if fine { url.into() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn languages() -> Languages {
        Languages::builtin("Báo Ví Dụ", 365)
    }

    fn check(report: FeedbackReport) -> Result<FeedbackReport, Vec<FieldError>> {
        super::check(report, &Config::default().settings, &languages())
    }

    fn report() -> FeedbackReport {
        FeedbackReport {
            article: "an-article".into(),
            page: "https://partner.example/page?session=1#top".into(),
            kind: "comment".into(),
            name: "  Lê Thị Hoa\r\nBcc: x ".into(),
            email: "hoa@example.vn".into(),
            phone: "+84 (0)90 123-45.67".into(),
            title: "Về bài viết".into(),
            message: "Dòng một\r\nDòng hai\u{0}".into(),
            passage: String::new(),
            consent: languages().of("vi").interface.get("feedback.consent.version").into(),
        }
    }

    fn errors(change: impl FnOnce(&mut FeedbackReport)) -> Vec<(&'static str, &'static str)> {
        let mut report = report();
        change(&mut report);
        let errors = check(report).expect_err("it is wrong");
        errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    #[test]
    fn what_is_kept_is_tidy() {
        let kept = check(report()).unwrap();
        assert_eq!(kept.name, "Lê Thị Hoa  Bcc: x");
        assert_eq!(kept.message, "Dòng một\nDòng hai");
        assert_eq!(kept.page, "https://partner.example/page");
        assert_eq!(line("Lan\u{202e}gnol"), "Langnol");
    }

    #[test]
    fn every_wrong_field_is_named_with_words_that_every_language_has() {
        let empty = check(FeedbackReport::default()).unwrap_err();
        let fields: Vec<_> = empty.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["name", "email", "kind", "title", "message", "consent"]);
        let many = errors(|r| {
            r.phone = "call me".into();
            r.email = "hoa@localhost".into();
            r.message = "ư".repeat(8_001);
            r.consent = "of another text".into();
        });
        let expected = [
            ("email", "feedback.error.email"),
            ("phone", "feedback.error.phone"),
            ("message", "feedback.error.too_long"),
            ("consent", "feedback.error.consent"),
        ];
        assert_eq!(many, expected);
        for (_, key) in expected.into_iter().chain(errors(|r| r.kind = "praise".into())) {
            assert!(languages().of("vi").interface.find(key).is_some(), "{key}");
        }
    }
}
