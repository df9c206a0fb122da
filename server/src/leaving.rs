//! Everything there is, in lines that other programs read: `article-server export`.
//!
//! Each line is a JSON object with one field, whose name says what is in it; `docs/leaving.md` tells each. Times
//! are RFC 3339, in UTC. What is kept only for a day, or to keep people out (salts, sessions, hashes of passwords
//! and tokens, what waits to be sent), is not among it: it would be of no use elsewhere.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::article::one_line;

/// The kind of a line with an article.
pub const ARTICLE: &str = "article";

/// Every kind of line, in the order of an export.
pub const KINDS: [&str; 10] = [
    ARTICLE, "revision", "partner", "views", "shares", "arrivals", "rating", "consent", "feedback",
    "feed",
];

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The articles.
    Articles,
    /// Everything but what readers wrote.
    Everything,
    /// Everything.
    EverythingWithFeedback,
}

/// One line.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Line<'a> {
    /// An article as it stands, whatever its status: the JSON that it was saved as.
    Article(&'a RawValue),
    /// A state of an article.
    Revision(Revision<'a>),
    /// The origin of a page that showed articles.
    Partner(Partner<'a>),
    /// What was counted of an article in an hour of a partner.
    Views(Views<'a>),
    /// The same of shares by one way.
    Shares(Shares<'a>),
    /// Counted views that came by a share mark in an hour.
    Arrivals(Arrivals<'a>),
    /// Whether an article was of use to a reader.
    Rating(Rating<'a>),
    /// A text that readers consented to.
    Consent(Consent<'a>),
    /// What a reader wrote to the editor.
    Feedback(Box<Feedback<'a>>),
    /// A feed that is asked for articles.
    Feed(Feed<'a>),
}

/// A state of an article.
#[derive(Serialize)]
pub struct Revision<'a> {
    /// The article's id.
    pub article: &'a str,
    /// Counted from 1.
    pub number: u32,
    /// Since when it stood so.
    pub saved_at: String,
    /// Who saved it; empty where that was not yet kept.
    pub saved_by: &'a str,
    /// Why, where they said so; else empty.
    pub note: &'a str,
    /// The article then; none for the state that stands, which is a line of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<&'a RawValue>,
}

/// The origin of a page that showed articles.
#[derive(Serialize)]
pub struct Partner<'a> {
    /// `https://partner.example`; empty for pages that browsers did not tell.
    pub origin: &'a str,
    /// `new`, `allowed` or `blocked`.
    pub standing: &'a str,
    /// When it was first seen.
    pub first_seen: String,
    /// Its half of the marks on shared links.
    pub mark: &'a str,
}

/// What was counted of an article in an hour of a partner. The names are those of the API's figures.
#[derive(Serialize)]
pub struct Views<'a> {
    /// The hour's beginning.
    pub hour: String,
    /// The article's id.
    pub article: &'a str,
    /// The partner's origin.
    pub partner: &'a str,
    /// All beacons, but for those that raised an earlier one.
    pub raw: u64,
    /// Those that count.
    pub views: u64,
    /// Readers of a day.
    pub readers: u64,
    /// Why the rest does not count.
    pub refused: Refused,
    /// Seconds visible, summed over counted views.
    pub seconds: u64,
    /// Depth in per cent, summed over counted views.
    pub depth: u64,
    /// Counted views that were read deeply.
    pub deep: u64,
}

/// Beacons that do not count.
#[derive(Serialize)]
pub struct Refused {
    /// Known bots.
    pub bots: u64,
    /// Repeats.
    pub repeats: u64,
    /// Too many from one place.
    pub rate: u64,
    /// Pages of no partner.
    pub unknown_partner: u64,
}

/// Shares of an article by one way in an hour of a partner.
#[derive(Serialize)]
pub struct Shares<'a> {
    /// The hour's beginning.
    pub hour: String,
    /// The article's id.
    pub article: &'a str,
    /// The partner's origin.
    pub partner: &'a str,
    /// The way's name.
    pub channel: &'a str,
    /// Those that count.
    pub shares: u64,
    /// Why the rest does not count.
    pub refused: Refused,
}

/// Counted views of an article that came by a share mark in an hour.
#[derive(Serialize)]
pub struct Arrivals<'a> {
    /// The hour's beginning.
    pub hour: String,
    /// The article's id.
    pub article: &'a str,
    /// The mark on the link.
    pub mark: &'a str,
    /// Counted views.
    pub views: u64,
}

/// Whether an article was of use to a reader.
#[derive(Serialize)]
pub struct Rating<'a> {
    /// The article's id.
    pub article: &'a str,
    /// When.
    pub at: String,
    /// The partner's origin.
    pub partner: &'a str,
    /// Whether it was.
    pub useful: bool,
    /// A word on why; absent where what readers wrote is not exported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word: Option<&'a str>,
}

/// A text that readers consented to.
#[derive(Serialize)]
pub struct Consent<'a> {
    /// What it is called in feedback.
    pub version: &'a str,
    /// The text.
    pub text: &'a str,
    /// Since when readers were shown it.
    pub shown_from: String,
}

/// What a reader wrote to the editor.
#[derive(Serialize)]
pub struct Feedback<'a> {
    /// For people to quote.
    pub reference: &'a str,
    /// When it came.
    pub received_at: String,
    /// `held`, `new`, `open`, `answered` or `spam`.
    pub state: &'a str,
    /// Why somebody has to look first; else empty.
    pub held: &'a str,
    /// Its kind.
    pub kind: &'a str,
    /// The article's id.
    pub article: &'a str,
    /// The page that it was sent from.
    pub page: &'a str,
    /// The sender's name.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// Their telephone number.
    pub phone: &'a str,
    /// Its title.
    pub title: &'a str,
    /// The words of the article that it is about.
    pub passage: &'a str,
    /// What they wrote.
    pub message: &'a str,
    /// What they consented to.
    pub consent: &'a str,
    /// What the editor answered; empty where nobody has.
    pub answer: &'a str,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// Who.
    pub answered_by: &'a str,
}

/// A feed that is asked for articles.
#[derive(Serialize)]
pub struct Feed<'a> {
    /// Where it is.
    pub url: &'a str,
    /// When it last answered well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good_at: Option<String>,
    /// Articles that it brought.
    pub created: u64,
    /// Changes that it brought to articles.
    pub updated: u64,
}

impl Line<'_> {
    /// Its JSON, without the end of the line.
    ///
    /// # Errors
    /// None: each is always JSON.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let json = match self {
            // The articles are what another publisher's program takes without knowing of this one.
            Self::Article(article) => format!("{{\"{ARTICLE}\":{}}}", article.get()),
            line => serde_json::to_string(line)?,
        };
        Ok(one_line(json))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_of_a_kind_that_is_listed() {
        let article = RawValue::from_string("{\n\"id\": \"a\"\r\n}".to_owned()).unwrap();
        let line = Line::Article(&article).to_json().unwrap();
        assert_eq!(line, "{\"article\":{ \"id\": \"a\"  }}");
        let consent = Consent { version: "1", text: "a\nb", shown_from: String::new() };
        let line = Line::Consent(consent).to_json().unwrap();
        assert_eq!(line, r#"{"consent":{"version":"1","text":"a\nb","shown_from":""}}"#);
    }
}
