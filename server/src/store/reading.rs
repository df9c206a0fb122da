//! What was read, shared and refused, of one article and of all, as the editors' pages show it.

use std::ops::Range;

use article_widget::contract::ArticleId;
use async_trait::async_trait;

use super::{Arrivals, ChannelShares, Counters, StoreError};
use crate::clock::Hour;

/// What the pages of figures ask. What they cost does not grow with the articles that there are.
#[async_trait]
pub trait ReadingStore {
    /// What was counted of all articles in these hours, with at most `limit` shared articles.
    async fn reading(&self, hours: Range<Hour>, limit: u32) -> Result<Reading, StoreError>;
    /// What was counted of one article in these hours, with at most `limit` partners; none where there is
    /// no such article.
    async fn article_reading(
        &self,
        id: &ArticleId,
        hours: Range<Hour>,
        limit: u32,
    ) -> Result<Option<ArticleReading>, StoreError>;
    /// Counted views of each of these articles in each of these hours, from the first to the last.
    async fn article_hours(
        &self,
        articles: &[ArticleId],
        hours: Range<Hour>,
    ) -> Result<Vec<Vec<u64>>, StoreError>;
    /// What was counted of each partner that counted anything, in these hours or in all time; most views
    /// first.
    async fn partner_reading(
        &self,
        hours: Option<Range<Hour>>,
    ) -> Result<Vec<PartnerCounters>, StoreError>;
    /// The first hour in which anything was counted.
    async fn first_hour(&self) -> Result<Option<Hour>, StoreError>;
}

/// All articles over some hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// By hour; none for an hour without a beacon.
    pub hours: Vec<HourCounters>,
    /// By the name of the channel.
    pub shares: Vec<ChannelShares>,
    /// Most shared first.
    pub shared: Vec<SharedArticle>,
}

/// One article over some hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArticleReading {
    /// By hour; none for an hour without a beacon.
    pub hours: Vec<HourCounters>,
    /// Most views first.
    pub partners: Vec<PartnerCounters>,
    /// By the name of the channel.
    pub shares: Vec<ChannelShares>,
    /// Most first.
    pub arrivals: Vec<Arrivals>,
}

/// What was counted in one hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCounters {
    /// In hours since 1970.
    pub hour: Hour,
    /// What was counted.
    pub counters: Counters,
}

/// What was counted on the pages of one partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartnerCounters {
    /// Its origin, as browsers report it; empty where they do not say.
    pub partner: String,
    /// What was counted.
    pub counters: Counters,
}

/// An article that was shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedArticle {
    /// Its id.
    pub id: ArticleId,
    /// As printed.
    pub title: String,
    /// Shares that count.
    pub shares: u64,
    /// Counted views that came by a share.
    pub arrivals: u64,
}
