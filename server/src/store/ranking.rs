//! What rankings are made of.

use std::ops::Range;

use article_widget::contract::ArticleId;

use super::ArticleNo;
use crate::clock::{Hour, UnixSeconds};

/// What was counted of an article in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCount {
    /// The hour.
    pub hour: Hour,
    /// The article.
    pub article: ArticleNo,
    /// Counted views.
    pub views: u32,
    /// Views that turned out deep in this hour.
    pub deep: u32,
}

/// What was counted at one moment.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    /// Of all time, the live hours too.
    pub totals: Vec<AllTime>,
    /// Of the live hours.
    pub live: Vec<HourCount>,
}

/// What was counted of an article in all time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllTime {
    /// The article.
    pub article: ArticleNo,
    /// Counted views.
    pub views: u32,
    /// Deeply read ones among them.
    pub deep: u32,
}

/// What a ranking has to know of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rankable {
    /// The article.
    pub article: ArticleNo,
    /// When it was saved last.
    pub updated_at: UnixSeconds,
    /// As printed; empty where it is in none.
    pub section: String,
    /// BCP 47 tag.
    pub language: String,
    /// When readers may see it: never where the range is empty.
    pub readable: Range<UnixSeconds>,
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// The article.
    pub article: ArticleNo,
    /// Its id.
    pub id: ArticleId,
    /// Its title.
    pub title: String,
    /// Its language, a BCP 47 tag.
    pub language: String,
}
