//! Counters, folded in memory: each row is written once however many views it has.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

use rusqlite::{Statement, Transaction, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::{ArticleNo, PartnerNo, sums};
use crate::clock::{UnixSeconds, hour};
use crate::store::Channel;

/// What views add to one row of `tally_hour`. Its columns. They are on disk in `view_log` too: no field
/// is ever taken away or moved.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns say it")]
pub(super) struct ViewRow {
    pub(super) raw: i64,
    pub(super) counted: i64,
    pub(super) readers: i64,
    pub(super) bot: i64,
    pub(super) rate: i64,
    pub(super) repeat: i64,
    pub(super) unknown: i64,
    pub(super) seconds: i64,
    pub(super) depth: i64,
    pub(super) deep: i64,
}

/// The statement that [`ViewRow::add`] runs: of this name, for this table with the columns of a [`ViewRow`] and a
/// key, which has a `?` for each of its columns.
macro_rules! adding {
    ($name:literal, $table:literal, $key:literal, $values:literal) => {
        concat!(
            "/* ",
            $name,
            " */
    insert into ",
            $table,
            " (",
            $key,
            ", raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep)
    values (",
            $values,
            ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    on conflict (",
            $key,
            ") do update set
        raw = raw + excluded.raw, counted = counted + excluded.counted,
        readers = readers + excluded.readers, bot = bot + excluded.bot, rate = rate + excluded.rate,
        repeat = repeat + excluded.repeat, unknown = unknown + excluded.unknown,
        seconds = seconds + excluded.seconds, depth = depth + excluded.depth,
        deep = deep + excluded.deep"
        )
    };
}
pub(super) use adding;

impl ViewRow {
    /// Adds it to the row of this key.
    pub(super) fn add(self, statement: &mut Statement<'_>, key: &[i64]) -> rusqlite::Result<()> {
        let Self { raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep } = self;
        let counters = [raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep];
        statement.execute(params_from_iter(key.iter().chain(&counters))).map(drop)
    }
}

impl AddAssign for ViewRow {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.counted += other.counted;
        self.readers += other.readers;
        self.bot += other.bot;
        self.rate += other.rate;
        self.repeat += other.repeat;
        self.unknown += other.unknown;
        self.seconds += other.seconds;
        self.depth += other.depth;
        self.deep += other.deep;
    }
}

/// What a group of views adds. Ordered as the tables are, so that writing walks them once.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct ViewCounters {
    rows: BTreeMap<(i64, ArticleNo, PartnerNo), ViewRow>,
    arrivals: BTreeMap<(i64, ArticleNo, Arc<str>), i64>,
}

impl ViewCounters {
    /// Rows of both tables.
    pub(super) fn len(&self) -> usize {
        self.rows.len() + self.arrivals.len()
    }

    /// Whether nothing is added.
    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what another group adds.
    pub(super) fn add(&mut self, other: &Self) {
        for (key, row) in &other.rows {
            *self.rows.entry(*key).or_default() += *row;
        }
        for (key, counted) in &other.arrivals {
            *self.arrivals.entry(key.clone()).or_default() += counted;
        }
    }

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

    /// Counted and deep views of each article that gains any.
    fn by_article(&self) -> BTreeMap<ArticleNo, (i64, i64)> {
        let mut sums = BTreeMap::<_, (i64, i64)>::new();
        for ((_, article, _), row) in &self.rows {
            if (row.counted, row.deep) != (0, 0) {
                let (counted, deep) = sums.entry(*article).or_default();
                *counted += row.counted;
                *deep += row.deep;
            }
        }
        sums
    }

    /// Adds all of it to the tables.
    pub(super) fn write(&self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut add = transaction.prepare_cached(ADD_VIEWS)?;
        for ((hour, article, partner), row) in &self.rows {
            row.add(&mut add, &[*hour, i64::from(*article), i64::from(*partner)])?;
        }
        let mut add = transaction.prepare_cached(ADD_TO_ARTICLE)?;
        for (article, (counted, deep)) in self.by_article() {
            add.execute(params![article, counted, deep])?;
        }
        sums::add(transaction, &self.rows)?;
        let mut add = transaction.prepare_cached(ADD_ARRIVALS)?;
        for ((hour, article, mark), counted) in &self.arrivals {
            add.execute(params![hour, article, mark, counted])?;
        }
        Ok(())
    }
}

const ADD_VIEWS: &str = adding!("add_views", "tally_hour", "hour, article, partner", "?, ?, ?");

const ADD_TO_ARTICLE: &str = "/* add_to_article */
    insert into tally_article (article, counted, deep) values (?1, ?2, ?3)
    on conflict (article) do update set
        counted = counted + excluded.counted, deep = deep + excluded.deep";

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
    pub(super) unknown: i64,
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
            let ShareRow { counted, bot, rate, repeat, unknown } = row;
            add.execute(params![
                hour, article, partner, channel, counted, bot, rate, repeat, unknown
            ])?;
        }
        Ok(())
    }
}

const ADD_SHARES: &str = "/* add_shares */
    insert into share_hour (hour, article, partner, channel, counted, bot, rate, repeat, unknown)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (hour, article, partner, channel) do update set
        counted = counted + excluded.counted, bot = bot + excluded.bot,
        rate = rate + excluded.rate, repeat = repeat + excluded.repeat,
        unknown = unknown + excluded.unknown";
