//! What a list of letters is asked for by: the query of `/admin/feedback` and of its exports.

use article_widget::contract::ArticleId;
use serde::{Deserialize, Serialize};

use crate::partners;
use crate::problem::Problem;
use crate::search;
use crate::store::{LetterFilter, LetterNo, LetterState};

/// Where the list is.
pub const INBOX: &str = "/admin/feedback";

/// Where one letter is, at the public URL.
pub fn letter_url(public_url: &str, no: LetterNo) -> String {
    format!("{public_url}{INBOX}/{no}")
}

/// A list's query; what is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InboxQuery {
    /// The name of a state.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// An article's id, or its address here.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub article: String,
    /// An origin, or a host.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub partner: String,
    /// The name of a kind.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The number that the page begins after.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// What has just been done.
    #[serde(skip_serializing)]
    pub done: String,
}

impl InboxQuery {
    /// The letters that are asked for.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where there is no such state.
    pub fn filter(&self) -> Result<LetterFilter, Problem> {
        let state = some(&self.state).map(|name| {
            let invalid =
                || Problem::Invalid { field: "state", detail: "no such state".to_owned() };
            LetterState::parse(name).ok_or_else(invalid)
        });
        Ok(LetterFilter {
            state: state.transpose()?,
            article: some(&self.article).map(article),
            partner: some(&self.partner).map(partner),
            kind: some(&self.kind).map(str::to_owned),
            words: search::words(&self.q),
        })
    }

    /// The number that the page begins after.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where that is none.
    pub fn before(&self) -> Result<Option<LetterNo>, Problem> {
        let invalid = |_| Problem::Invalid { field: "before", detail: "a number".to_owned() };
        some(&self.before).map(|number| number.parse().map_err(invalid)).transpose()
    }

    /// Whether more is asked for than a state.
    pub fn is_narrow(&self) -> bool {
        !self.q.is_empty() || self.has_filters()
    }

    /// Whether more is asked for than a state and words.
    pub fn has_filters(&self) -> bool {
        [&self.article, &self.partner, &self.kind].into_iter().any(|value| !value.is_empty())
    }

    /// The address of what is asked for, below `path`.
    pub fn href(&self, path: &str) -> String {
        let query = serde_urlencoded::to_string(self).expect("strings are always a query");
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The first page of another state's list.
    pub fn with_state(&self, state: Option<LetterState>) -> Self {
        let state = state.map(LetterState::as_str).unwrap_or_default().to_owned();
        Self { state, before: String::new(), ..self.clone() }
    }

    /// The page after a letter.
    pub fn after(&self, letter: LetterNo) -> Self {
        Self { before: letter.to_string(), ..self.clone() }
    }

    /// The first page.
    pub fn newest(&self) -> Self {
        Self { before: String::new(), ..self.clone() }
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The id, also out of an address that somebody copied. What is neither finds nothing.
fn article(text: &str) -> String {
    let address = text.split(['?', '#']).next().unwrap_or_default();
    let id = address.split("/a/").nth(1).and_then(|path| path.split('/').next());
    let id = id.filter(|id| ArticleId::parse(id).is_ok());
    id.unwrap_or(text).to_owned()
}

/// The origin, also of a page that somebody copied, or of a host alone. What is neither finds nothing.
fn partner(text: &str) -> String {
    let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let origin = partners::origin(&url);
    if origin.is_empty() { text.to_owned() } else { origin }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> InboxQuery {
        serde_urlencoded::from_str(text).unwrap()
    }

    #[test]
    fn an_article_and_a_partner_are_known_by_whatever_somebody_copied() {
        for text in ["bai-1", "https://news.example/a/bai-1?x#y", "/a/bai-1/feedback"] {
            assert_eq!(article(text), "bai-1", "{text}");
        }
        for text in ["Partner.example", "https://partner.example/tin/1?x"] {
            assert_eq!(partner(text), "https://partner.example", "{text}");
        }
        assert_eq!(partner("http://partner.example:81/"), "http://partner.example:81");
        assert_eq!(partner("%"), "%");
    }

    #[test]
    fn an_address_asks_for_the_same_again() {
        let text = "state=held&q=%C4%91%26&article=a&partner=p&kind=error&before=9";
        let asked = query(text);
        assert_eq!(asked.href(INBOX), format!("{INBOX}?{text}"));
        assert_eq!(query("done=erased&q=").href(INBOX), INBOX);
        let held = asked.with_state(Some(LetterState::Spam));
        assert_eq!((held.state.as_str(), held.before.as_str()), ("spam", ""));
    }

    #[test]
    fn what_is_no_state_or_number_is_refused() {
        assert!(query("state=lost").filter().is_err());
        assert!(query("before=x").before().is_err());
        assert_eq!(query("state=&before=+7").before().unwrap(), Some(7));
        assert_eq!(query("q=+").filter().unwrap(), LetterFilter::default());
    }
}
