//! The counters of a batch, folded in memory: each row is written once however many views it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::{Transaction, params};

use super::{ArticleNo, PartnerNo, hour};
use crate::clock::UnixSeconds;
use crate::store::Channel;

/// What a batch adds to one row of `tally_hour`. Its columns.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "the columns say it")]
pub(super) struct ViewRow {
    pub(super) raw: i64,
    pub(super) counted: i64,
    pub(super) readers: i64,
    pub(super) bot: i64,
    pub(super) rate: i64,
    pub(super) repeat: i64,
    pub(super) seconds: i64,
    pub(super) depth: i64,
}

/// What a batch of views adds. Ordered as the tables are, so that writing walks them once.
#[derive(Default)]
pub(super) struct ViewCounters {
    rows: BTreeMap<(i64, ArticleNo, PartnerNo), ViewRow>,
    arrivals: BTreeMap<(i64, ArticleNo, Arc<str>), i64>,
}

impl ViewCounters {
    /// The row to add to.
    pub(super) fn row(
        &mut self,
        at: UnixSeconds,
        article: ArticleNo,
        partner: PartnerNo,
    ) -> &mut ViewRow {
        self.rows.entry((hour(at), article, partner)).or_default()
    }

    /// One counted view came by this share mark.
    pub(super) fn arrive(&mut self, at: UnixSeconds, article: ArticleNo, mark: &Arc<str>) {
        *self.arrivals.entry((hour(at), article, mark.clone())).or_default() += 1;
    }

    /// Adds all of it to the tables.
    pub(super) fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut add = transaction.prepare_cached(ADD_VIEWS)?;
        for ((hour, article, partner), row) in &self.rows {
            add.execute(params![
                hour,
                article,
                partner,
                row.raw,
                row.counted,
                row.readers,
                row.bot,
                row.rate,
                row.repeat,
                row.seconds,
                row.depth,
            ])?;
        }
        let mut add = transaction.prepare_cached(ADD_ARRIVALS)?;
        for ((hour, article, mark), counted) in &self.arrivals {
            add.execute(params![hour, article, mark, counted])?;
        }
        Ok(())
    }
}

const ADD_VIEWS: &str = "/* add_views */
    insert into tally_hour
        (hour, article, partner, raw, counted, readers, bot, rate, repeat, seconds, depth)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    on conflict (hour, article, partner) do update set
        raw = raw + excluded.raw, counted = counted + excluded.counted,
        readers = readers + excluded.readers, bot = bot + excluded.bot, rate = rate + excluded.rate,
        repeat = repeat + excluded.repeat, seconds = seconds + excluded.seconds,
        depth = depth + excluded.depth";

const ADD_ARRIVALS: &str = "/* add_arrivals */
    insert into arrival_hour (hour, article, mark, counted) values (?1, ?2, ?3, ?4)
    on conflict (hour, article, mark) do update set counted = counted + excluded.counted";

/// What a batch adds to one row of `share_hour`. Its columns.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "the columns say it")]
pub(super) struct ShareRow {
    pub(super) counted: i64,
    pub(super) bot: i64,
    pub(super) rate: i64,
    pub(super) repeat: i64,
}

/// What a batch of shares adds.
#[derive(Default)]
pub(super) struct ShareCounters {
    rows: BTreeMap<(i64, ArticleNo, PartnerNo, &'static str), ShareRow>,
}

impl ShareCounters {
    /// The row to add to.
    pub(super) fn row(
        &mut self,
        at: UnixSeconds,
        article: ArticleNo,
        partner: PartnerNo,
        channel: Channel,
    ) -> &mut ShareRow {
        self.rows.entry((hour(at), article, partner, channel.as_str())).or_default()
    }

    /// Adds all of it to the table.
    pub(super) fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut add = transaction.prepare_cached(ADD_SHARES)?;
        for ((hour, article, partner, channel), row) in &self.rows {
            let ShareRow { counted, bot, rate, repeat } = row;
            add.execute(params![hour, article, partner, channel, counted, bot, rate, repeat])?;
        }
        Ok(())
    }
}

const ADD_SHARES: &str = "/* add_shares */
    insert into share_hour (hour, article, partner, channel, counted, bot, rate, repeat)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    on conflict (hour, article, partner, channel) do update set
        counted = counted + excluded.counted, bot = bot + excluded.bot,
        rate = rate + excluded.rate, repeat = repeat + excluded.repeat";
