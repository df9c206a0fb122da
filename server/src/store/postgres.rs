//! The store in a PostgreSQL database, which any number of servers share.
//!
//! Each call takes one connection, of those for reading or of those for writing ([`pool`]), and is one transaction;
//! nothing is remembered between calls, for another server may have changed it. Only views and shares are gathered into
//! groups ([`group`]) before they are recorded ([`counting`]). Beyond that, one module for each thing that is kept, as
//! in SQLite's.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use article_widget::contract::ArticleId;
use async_trait::async_trait;
use deadpool_postgres::Client;
use uuid::Uuid;

use super::{
    ArticleNo, ArticlePage, Asset, Headline, HourCount, Outcome, Partner, PartnerNo, Rankable,
    Release, Saved, Share, Standing, Standings, Stats, Store, StoreError, StoreMetrics, Totals,
    UnixSeconds, View,
};
use crate::article::StoredArticle;
use crate::clock::Hour;
use crate::revision::Author;
use crate::signing_key::SigningKey;
use crate::time::Calendar;
use crate::token::Grant;
use group::Groups;
use lease::NodeNo;
pub(super) use moving::Target;
use pool::Pools;

mod articles;
mod catalogue;
mod clock;
mod counting;
mod error;
mod export;
mod feedback;
mod feeds;
mod group;
mod images;
mod inbox;
mod inspect;
mod lease;
mod mail_requests;
mod measured;
mod migrations;
mod moving;
mod outbox;
mod partners;
mod people;
#[cfg(test)]
mod plans;
mod pool;
mod proof;
mod ranking;
mod rating;
mod reading;
mod releases;
mod revisions;
mod secrets;
mod sql;
mod stats;
mod suppressed;
mod tokens;

pub(super) use inspect::{examine, inspect, salts_since};

/// A database that is there.
struct PostgresStore {
    pools: Pools,
    /// The publisher's, where whoever opened the store knew it.
    calendar: Option<Calendar>,
    /// Names this process among those that use the database.
    holder: String,
    views: Groups<View>,
    shares: Groups<Share>,
    metrics: StoreMetrics,
    node: NodeNo,
}

/// Opens the database of this URL and migrates it.
pub(super) async fn open(url: &str, calendar: Option<&Calendar>) -> anyhow::Result<Arc<dyn Store>> {
    let pools = Pools::new(url)?;
    let mut client = pools.for_writing().await.context("cannot reach the database")?;
    migrations::migrate(&mut client).await.context("cannot migrate the database")?;
    moving::ensure_finished(&client).await?;
    if let Some(calendar) = calendar {
        articles::follow_calendar(&mut client, calendar).await?;
    }
    drop(client);
    let holder = Uuid::new_v4().to_string();
    let node = NodeNo::take(&pools, &holder).await?;
    warn_of_loss(&pools.for_reading().await?).await?;
    let metrics = StoreMetrics::default();
    let (views, shares) = (
        counting::Views::new(pools.clone(), node.no.clone()),
        counting::Shares::new(pools.clone(), node.no.clone()),
    );
    Ok(Arc::new(PostgresStore {
        views: Groups::start(views, "view", metrics.clone()),
        shares: Groups::start(shares, "share", metrics.clone()),
        metrics,
        calendar: calendar.cloned(),
        node,
        holder,
        pools,
    }))
}

/// Says where the database acknowledges what it may lose.
async fn warn_of_loss(client: &Client) -> Result<(), StoreError> {
    let shown = sql::row(client, "/* synchronous_commit */ show synchronous_commit", &[]).await?;
    let setting: String = shown.map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    if matches!(&*setting, "off" | "local") {
        tracing::warn!(synchronous_commit = setting, "what is acknowledged may be lost");
    }
    Ok(())
}

impl PostgresStore {
    /// A connection for what only reads.
    async fn for_reading(&self) -> Result<Client, StoreError> {
        self.pools.for_reading().await
    }

    /// A connection for what writes, and for what that reads meanwhile.
    async fn for_writing(&self) -> Result<Client, StoreError> {
        self.pools.for_writing().await
    }

    /// The publisher's calendar.
    fn calendar(&self) -> Result<&Calendar, StoreError> {
        self.calendar.as_ref().ok_or_else(|| StoreError::Other(anyhow::anyhow!("no calendar")))
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn save_articles(
        &self,
        batch: &[StoredArticle],
        by: &Author,
    ) -> Result<Vec<Saved>, StoreError> {
        articles::save(self, batch, by).await
    }

    async fn article(&self, id: &ArticleId) -> Result<Option<StoredArticle>, StoreError> {
        articles::find(&self.for_reading().await?, id).await
    }

    async fn articles(
        &self,
        after: Option<&ArticleId>,
        limit: u32,
        now: UnixSeconds,
    ) -> Result<ArticlePage, StoreError> {
        articles::list(&self.for_reading().await?, after, limit, now).await
    }

    async fn record_views(&self, batch: Vec<View>) -> Result<Vec<Outcome>, StoreError> {
        self.views.record(batch).await
    }

    async fn record_shares(&self, batch: Vec<Share>) -> Result<Vec<Outcome>, StoreError> {
        self.shares.record(batch).await
    }

    async fn forget_before(&self, day: i64) -> Result<(), StoreError> {
        counting::forget(&self.for_writing().await?, day).await
    }

    async fn counts(
        &self,
        hours: Range<Hour>,
        partner: Option<PartnerNo>,
    ) -> Result<Vec<HourCount>, StoreError> {
        ranking::counts(&self.for_reading().await?, hours, partner).await
    }

    async fn standings(&self, live: Hour) -> Result<Standings, StoreError> {
        ranking::standings(&mut self.for_reading().await?, live).await
    }

    async fn rankable(&self, since: UnixSeconds) -> Result<Vec<Rankable>, StoreError> {
        ranking::rankable(&self.for_reading().await?, since).await
    }

    async fn headlines(
        &self,
        articles: &[ArticleNo],
        now: UnixSeconds,
    ) -> Result<Vec<Headline>, StoreError> {
        ranking::headlines(&self.for_reading().await?, articles, now).await
    }

    async fn partners(&self) -> Result<Vec<Partner>, StoreError> {
        partners::list(&self.for_reading().await?).await
    }

    async fn set_partner(
        &self,
        origin: &str,
        standing: Standing,
        at: UnixSeconds,
    ) -> Result<(), StoreError> {
        partners::set(&self.for_writing().await?, origin, standing, at).await
    }

    async fn partner_no(&self, origin: &str) -> Result<Option<PartnerNo>, StoreError> {
        partners::no(&self.for_reading().await?, origin).await
    }

    async fn totals(&self, id: &ArticleId) -> Result<Totals, StoreError> {
        ranking::totals(&self.for_reading().await?, id).await
    }

    async fn stats(
        &self,
        id: &ArticleId,
        hours: Range<i64>,
        limit: u32,
    ) -> Result<Option<Stats>, StoreError> {
        stats::stats(&mut self.for_reading().await?, id, hours, limit).await
    }

    async fn partner_by_mark(&self, mark: &str) -> Result<Option<String>, StoreError> {
        partners::by_mark(&self.for_reading().await?, mark).await
    }

    async fn save_token(&self, grant: &Grant, hash: &[u8; 32]) -> Result<bool, StoreError> {
        tokens::save(&self.for_writing().await?, grant, hash).await
    }

    async fn token(&self, hash: &[u8; 32]) -> Result<Option<Grant>, StoreError> {
        tokens::find(&self.for_reading().await?, hash).await
    }

    async fn tokens(&self) -> Result<Vec<Grant>, StoreError> {
        tokens::list(&self.for_reading().await?).await
    }

    async fn revoke_token(&self, name: &str) -> Result<bool, StoreError> {
        tokens::revoke(&self.for_writing().await?, name).await
    }

    async fn save_release(&self, release: &Release) -> Result<(), StoreError> {
        releases::save(&mut self.for_writing().await?, release).await
    }

    async fn asset(&self, version: &str, name: &str) -> Result<Option<Asset>, StoreError> {
        releases::find(&self.for_reading().await?, version, name).await
    }

    async fn salt(&self, day: i64, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        secrets::salt(&mut self.for_writing().await?, day, fresh).await
    }

    async fn signing_key(&self) -> Result<SigningKey, StoreError> {
        secrets::signing_key(&self.for_writing().await?).await
    }

    async fn lease(&self, job: &str, held: Duration) -> Result<bool, StoreError> {
        lease::take(&self.for_writing().await?, job, &self.holder, held).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sql::row(&self.for_reading().await?, "/* ping */ select 1", &[]).await?;
        Ok(())
    }

    async fn close(&self) -> Result<(), StoreError> {
        if let Err(error) = lease::give_back(&self.pools, &self.holder).await {
            tracing::warn!(%error, "what this server had to itself is free a little later");
        }
        self.pools.close();
        Ok(())
    }
}
