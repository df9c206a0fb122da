//! Lists of articles, as the editors have them: all of them, whatever readers may see.

use article_widget::contract::{ArticleId, Status};
use async_trait::async_trait;

use super::{ArticleNo, StoreError};
use crate::clock::UnixSeconds;
use crate::visibility::Term;

/// What the editors' lists ask. They read no article's text.
#[async_trait]
pub trait CatalogueStore {
    /// Those that match at `now`, in this order, `limit` at most after the first `skipped`; and how many
    /// there are of each state that match but for that.
    async fn find_articles(
        &self,
        filter: &ArticleFilter,
        now: UnixSeconds,
        order: ArticleOrder,
        skipped: u32,
        limit: u32,
    ) -> Result<FoundArticles, StoreError>;
    /// What a list shows of these articles, in their order.
    async fn article_summaries(
        &self,
        articles: &[ArticleNo],
    ) -> Result<Vec<ArticleSummary>, StoreError>;
    /// The sections and the languages that articles have, each by name, `limit` at most.
    async fn article_groups(&self, limit: u32) -> Result<ArticleGroups, StoreError>;
}

/// Which articles. What is left out is every one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleFilter {
    /// Of this state.
    pub state: Option<ArticleState>,
    /// Of this section, exactly as printed.
    pub section: Option<String>,
    /// With this language tag.
    pub language: Option<String>,
    /// With each of these words, folded, in id, title, lede, section, tags or bylines.
    pub words: Vec<String>,
}

/// What is first in a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ArticleOrder {
    /// What was saved last.
    #[default]
    Changed,
    /// What was published last.
    Published,
    /// The title's first letter, without case and diacritics.
    Title,
}

/// What readers may see of an article, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArticleState {
    /// All of it.
    Visible,
    /// Nothing yet.
    Embargo,
    /// Nothing until somebody says so.
    Withheld,
    /// That it was there: its time is over.
    Expired,
    /// That it was there.
    Withdrawn,
}

/// How many articles there are of each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArticleCounts([u64; 5]);

/// Articles that match a filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundArticles {
    /// Of every state, whichever the filter asks for.
    pub counts: ArticleCounts,
    /// Some of those that match, in the order asked for.
    pub articles: Vec<ArticleNo>,
}

/// What a list shows of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleSummary {
    /// Its number.
    pub no: ArticleNo,
    /// Its id.
    pub id: ArticleId,
    /// As printed.
    pub title: String,
    /// As printed; empty where it is in none.
    pub section: String,
    /// BCP 47 tag.
    pub language: String,
    /// What the publisher says of it.
    pub status: Status,
    /// When readers may see it.
    pub term: Term,
    /// Its first publication, as stated.
    pub published: Option<String>,
    /// When it was saved last.
    pub updated_at: UnixSeconds,
}

/// What articles can be told apart by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleGroups {
    /// As printed.
    pub sections: Vec<String>,
    /// BCP 47 tags.
    pub languages: Vec<String>,
}

impl ArticleState {
    /// Every one, in the order of a life.
    pub const ALL: [Self; 5] =
        [Self::Visible, Self::Embargo, Self::Withheld, Self::Expired, Self::Withdrawn];

    /// That of an article which says so, at `now`.
    pub fn of(status: Status, term: Term, now: UnixSeconds) -> Self {
        match status {
            Status::Canceled => Self::Withdrawn,
            Status::Withheld => Self::Withheld,
            Status::Usable if term.embargo.is_some_and(|embargo| now < embargo) => Self::Embargo,
            Status::Usable if term.expires.is_some_and(|expires| expires <= now) => Self::Expired,
            Status::Usable => Self::Visible,
        }
    }

    /// Its name in addresses and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Visible => "visible",
            Self::Embargo => "embargo",
            Self::Withheld => "withheld",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

impl ArticleCounts {
    /// Counts so many more.
    pub fn add(&mut self, state: ArticleState, articles: u64) {
        self.0[state as usize] += articles;
    }

    /// Of this state.
    pub fn of(&self, state: ArticleState) -> u64 {
        self.0[state as usize]
    }

    /// Of every state.
    pub fn all(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl ArticleSummary {
    /// What readers may see of it at `now`.
    pub fn state(&self, now: UnixSeconds) -> ArticleState {
        ArticleState::of(self.status, self.term, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_a_name_and_a_place_of_its_own() {
        let mut counts = ArticleCounts::default();
        for (state, count) in ArticleState::ALL.into_iter().zip(1..) {
            counts.add(state, count);
            assert_eq!(ArticleState::parse(state.as_str()), Some(state));
            assert_eq!(counts.of(state), count);
        }
        assert_eq!((ArticleState::parse("gone"), counts.all()), (None, 15));
    }

    #[test]
    fn a_withdrawal_comes_before_everything_and_an_embargo_before_the_end() {
        let term = Term { embargo: Some(10), expires: Some(5) };
        let of = |status, now| ArticleState::of(status, term, now);
        assert_eq!(of(Status::Canceled, 0), ArticleState::Withdrawn);
        assert_eq!(of(Status::Withheld, 0), ArticleState::Withheld);
        assert_eq!(of(Status::Usable, 9), ArticleState::Embargo);
        assert_eq!(of(Status::Usable, 10), ArticleState::Expired);
        let open = Term { embargo: None, expires: None };
        assert_eq!(ArticleState::of(Status::Usable, open, 10), ArticleState::Visible);
    }
}
