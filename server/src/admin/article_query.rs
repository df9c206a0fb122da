//! What a list of articles is asked for by: the query of `/admin/articles` and of its exports.

use article_widget::contract::{ArticleId, Window};
use serde::{Deserialize, Serialize};

use super::period;
use crate::problem::Problem;
use crate::search;
use crate::store::{ArticleFilter, ArticleOrder, ArticleState};

/// Where the list is.
pub const ARTICLES: &str = "/admin/articles";

/// No page is further down: with as many articles, a search is the way.
const LAST_PAGE: u32 = 100_000;

/// Where the article's own page is.
pub fn article_path(id: &ArticleId) -> String {
    format!("{ARTICLES}/{id}")
}

/// What is first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// As the store has them.
    By(ArticleOrder),
    /// What was read most in the window.
    Views,
}

/// The ways to sort, by their names in addresses.
pub const SORTS: [(&str, Sort); 4] = [
    ("changed", Sort::By(ArticleOrder::Changed)),
    ("published", Sort::By(ArticleOrder::Published)),
    ("views", Sort::Views),
    ("title", Sort::By(ArticleOrder::Title)),
];

/// A list's query; what is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArticleQuery {
    /// The name of a state.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// A section, as printed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub section: String,
    /// A language tag.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The name of an order.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sort: String,
    /// The name of the window that views are told of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub window: String,
    /// Which page, from 1.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
}

impl ArticleQuery {
    /// The articles that are asked for.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where there is no such state.
    pub fn filter(&self) -> Result<ArticleFilter, Problem> {
        let state = some(&self.state)
            .map(|name| ArticleState::parse(name).ok_or_else(|| invalid("state", "no such state")));
        Ok(ArticleFilter {
            state: state.transpose()?,
            section: some(&self.section).map(str::to_owned),
            language: some(&self.language).map(str::to_owned),
            words: search::words(id(&self.q)),
        })
    }

    /// What is first.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where there is no such order.
    pub fn sort(&self) -> Result<Sort, Problem> {
        let Some(name) = some(&self.sort) else { return Ok(SORTS[0].1) };
        let known = SORTS.into_iter().find(|(known, _)| *known == name);
        known.map(|(_, sort)| sort).ok_or_else(|| invalid("sort", "no such order"))
    }

    /// The window that views are told of.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where it is not offered.
    pub fn window(&self) -> Result<Window, Problem> {
        period::window(self.window.trim(), &period::EVERY)
    }

    /// Which page, from 0.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where that is none.
    pub fn page(&self) -> Result<u32, Problem> {
        let Some(text) = some(&self.page) else { return Ok(0) };
        match text.parse() {
            Ok(page @ 1..=LAST_PAGE) => Ok(page - 1),
            _ => Err(invalid("page", "a number from 1")),
        }
    }

    /// Whether more is asked for than a state and an order.
    pub fn is_narrow(&self) -> bool {
        [&self.q, &self.section, &self.language].into_iter().any(|value| !value.is_empty())
    }

    /// The address of what is asked for, below `path`.
    pub fn href(&self, path: &str) -> String {
        let query = serde_urlencoded::to_string(self).expect("strings are always a query");
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The first page of another state's list.
    pub fn with_state(&self, state: Option<ArticleState>) -> Self {
        let state = state.map(ArticleState::as_str).unwrap_or_default().to_owned();
        Self { state, ..self.on_page(0) }
    }

    /// Another page, from 0, of the same list.
    pub fn on_page(&self, page: u32) -> Self {
        let page = if page == 0 { String::new() } else { (page + 1).to_string() };
        Self { page, ..self.clone() }
    }

    /// The first page of the same list without words and groups.
    pub fn widened(&self) -> Self {
        let (q, section, language) = Default::default();
        Self { q, section, language, ..self.on_page(0) }
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The id out of an address that somebody copied; any other text as it is.
fn id(text: &str) -> &str {
    let address = text.trim().split(['?', '#']).next().unwrap_or_default();
    let below = |path: &str| address.split(path).nth(1)?.split('/').next();
    let named = ["/a/", "/embed/", "/v1/articles/"].into_iter().find_map(below);
    named.filter(|id| ArticleId::parse(id).is_ok()).unwrap_or(text)
}

fn invalid(field: &'static str, detail: &str) -> Problem {
    Problem::Invalid { field, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> ArticleQuery {
        serde_urlencoded::from_str(text).unwrap()
    }

    #[test]
    fn an_address_asks_for_the_same_again() {
        let text = "state=embargo&q=%C4%91%26&section=V%C4%83n+h%C3%B3a&language=vi&sort=views&window=7d&page=9";
        let asked = query(text);
        assert_eq!(asked.href(ARTICLES), format!("{ARTICLES}?{text}"));
        assert_eq!(asked.page().unwrap(), 8);
        assert_eq!(asked.on_page(9).page, "10");
        assert_eq!(asked.with_state(None).page, "");
        assert_eq!(query("").href(ARTICLES), ARTICLES);
        assert!(asked.is_narrow() && !asked.widened().is_narrow());
    }

    #[test]
    fn an_article_is_found_by_its_address_too() {
        let found = query("q=https%3A%2F%2Fnews.example%2Fa%2FCho-dem%3Fs%3Dz#x").filter().unwrap();
        assert_eq!(found.words, ["cho-dem"]);
        assert_eq!(query("q=%C4%90%E1%BA%AFk+L%E1%BA%AFk").filter().unwrap().words, ["dak", "lak"]);
    }

    #[test]
    fn what_is_not_offered_is_refused() {
        assert!(query("state=lost").filter().is_err());
        assert!(query("sort=luck").sort().is_err());
        assert!(query("window=1h").window().is_err());
        for page in ["0", "-1", "x", "100001"] {
            assert!(query(&format!("page={page}")).page().is_err(), "{page}");
        }
        assert_eq!(query("page=&state=+").filter().unwrap(), ArticleFilter::default());
    }
}
