//! Counters, folded in memory: each row is written once however many views it has.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::{UnixSeconds, hour};
use crate::store::{ArticleNo, Channel, PartnerNo};

/// What views add to one row of `tally_hour`. Its columns. They are on disk in `view_log` too: no field
/// is ever taken away or moved.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the columns say it")]
pub(in crate::store) struct ViewRow {
    pub(in crate::store) raw: i64,
    pub(in crate::store) counted: i64,
    pub(in crate::store) readers: i64,
    pub(in crate::store) bot: i64,
    pub(in crate::store) rate: i64,
    pub(in crate::store) repeat: i64,
    pub(in crate::store) unknown: i64,
    pub(in crate::store) seconds: i64,
    pub(in crate::store) depth: i64,
    pub(in crate::store) deep: i64,
}

impl ViewRow {
    /// In the order of its columns.
    pub(in crate::store) fn columns(self) -> [i64; 10] {
        let Self { raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep } = self;
        [raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep]
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
pub(in crate::store) struct ViewCounters {
    pub(in crate::store) rows: BTreeMap<(i64, ArticleNo, PartnerNo), ViewRow>,
    pub(in crate::store) arrivals: BTreeMap<(i64, ArticleNo, Arc<str>), i64>,
}

impl ViewCounters {
    /// Rows of both tables.
    pub(in crate::store) fn len(&self) -> usize {
        self.rows.len() + self.arrivals.len()
    }

    /// Whether nothing is added.
    pub(in crate::store) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what another group adds.
    pub(in crate::store) fn add(&mut self, other: &Self) {
        for (key, row) in &other.rows {
            *self.rows.entry(*key).or_default() += *row;
        }
        for (key, counted) in &other.arrivals {
            *self.arrivals.entry(key.clone()).or_default() += counted;
        }
    }

    /// The row to add to.
    pub(in crate::store) fn row(
        &mut self,
        at: UnixSeconds,
        article: ArticleNo,
        partner: PartnerNo,
    ) -> &mut ViewRow {
        self.rows.entry((hour(at), article, partner)).or_default()
    }

    /// One counted view came by this share mark.
    pub(in crate::store) fn arrive(
        &mut self,
        at: UnixSeconds,
        article: ArticleNo,
        mark: &Arc<str>,
    ) {
        *self.arrivals.entry((hour(at), article, mark.clone())).or_default() += 1;
    }

    /// Counted and deep views of each article that gains any.
    pub(in crate::store) fn by_article(&self) -> BTreeMap<ArticleNo, (i64, i64)> {
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

    /// Their sums over articles, which the pages of figures are made of.
    pub(in crate::store) fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for ((hour, _, partner), row) in &self.rows {
            *sums.hours.entry(*hour).or_default() += *row;
            *sums.partner_hours.entry((*hour, *partner)).or_default() += *row;
            *sums.partners.entry(*partner).or_default() += *row;
        }
        sums
    }
}

/// What counters add to each sum that they are part of.
#[derive(Default)]
pub(in crate::store) struct Sums {
    /// By hour.
    pub(in crate::store) hours: BTreeMap<i64, ViewRow>,
    /// By hour and partner.
    pub(in crate::store) partner_hours: BTreeMap<(i64, PartnerNo), ViewRow>,
    /// By partner, of all time.
    pub(in crate::store) partners: BTreeMap<PartnerNo, ViewRow>,
}

/// What a batch adds to one row of `share_hour`. Its columns.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "the columns say it")]
pub(in crate::store) struct ShareRow {
    pub(in crate::store) counted: i64,
    pub(in crate::store) bot: i64,
    pub(in crate::store) rate: i64,
    pub(in crate::store) repeat: i64,
    pub(in crate::store) unknown: i64,
}

/// What a batch of shares adds.
#[derive(Default)]
pub(in crate::store) struct ShareCounters {
    pub(in crate::store) rows: BTreeMap<(i64, ArticleNo, PartnerNo, &'static str), ShareRow>,
}

impl ShareCounters {
    /// The row to add to.
    pub(in crate::store) fn row(
        &mut self,
        at: UnixSeconds,
        article: ArticleNo,
        partner: PartnerNo,
        channel: Channel,
    ) -> &mut ShareRow {
        self.rows.entry((hour(at), article, partner, channel.as_str())).or_default()
    }
}
