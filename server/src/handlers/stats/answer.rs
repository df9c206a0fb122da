//! The answer's JSON.

use std::collections::BTreeMap;
use std::ops::Range;

use article_widget::contract::ArticleId;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::store::{Arrivals, ChannelShares, Counters, PartnerHour, Ratings, Refusals, Stats};
use crate::time::rfc_3339;

/// An article's counters over some hours.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Stats")]
pub(crate) struct Answer {
    /// Whose.
    article: ArticleId,
    /// RFC 3339, UTC: the beginning of the first hour.
    from: String,
    /// RFC 3339, UTC: the end of the last hour.
    until: String,
    /// RFC 3339, UTC. An hour that was not over by then still grows.
    computed_at: String,
    /// All of the hours together.
    totals: Counts,
    /// The same by partner, most views first. Which page it was is what browsers report, and anyone may
    /// report anything: good to compare partners by, not to pay them by.
    partners_as_reported: Vec<PartnerCounts>,
    /// The same by hour, then by partner; no row where no beacon came.
    hours: Vec<HourCounts>,
    /// Shares, by the name of the channel.
    shares: Vec<Shares>,
    /// Counted views that came by a share mark, most first; at most 1,000 marks.
    arrivals: Vec<Arrived>,
    /// Of all time: ratings belong to no hour.
    ratings: Rated,
}

/// What readers found of the article.
#[derive(JsonSchema, Serialize)]
struct Rated {
    /// To so many it was of use, …
    useful: u64,
    /// … and to so many not.
    not_useful: u64,
}

/// What was counted of views.
#[derive(JsonSchema, Serialize)]
struct Counts {
    /// Beacons, but for those that raised an earlier one: `views` and all that was refused.
    raw: u64,
    /// Views that count.
    views: u64,
    /// Readers of a day, summed over days: who comes on two days is two. Who asks not to be followed
    /// is none.
    readers: u64,
    /// Why the rest does not count.
    refused: Refused,
    /// Seconds visible, summed over the counted views.
    seconds: u64,
    /// Depth in per cent: the mean over the counted views, to a tenth; null where there are none. What a
    /// view gains is counted in the hour it is told in, so that a single hour may pass 100.
    depth: Option<f64>,
    /// Counted views that were read deeply: three quarters of the text, in a time that allows it.
    deep: u64,
}

/// Beacons that do not count, by reason.
#[derive(JsonSchema, Serialize)]
struct Refused {
    /// Known bots.
    bots: u64,
    /// The same reader again within half an hour, or more new readers than one address has.
    repeats: u64,
    /// Too many from one place.
    rate: u64,
    /// Pages that are no partner's.
    unknown_partner: u64,
}

/// One partner's sum.
#[derive(JsonSchema, Serialize)]
struct PartnerCounts {
    /// The origin that browsers report; empty where they do not say.
    partner: String,
    #[serde(flatten)]
    counts: Counts,
}

/// One partner's hour.
#[derive(JsonSchema, Serialize)]
struct HourCounts {
    /// RFC 3339, UTC: its beginning.
    hour: String,
    /// The origin that browsers report; empty where they do not say.
    partner: String,
    #[serde(flatten)]
    counts: Counts,
}

/// Shares by one way.
#[derive(JsonSchema, Serialize)]
struct Shares {
    /// `native`, `copy`, `email`, `facebook`, `x`, `telegram`, `whatsapp` or `print`.
    channel: String,
    /// Shares that count.
    shares: u64,
    /// Why the rest does not count.
    refused: Refused,
}

/// Views by one share mark.
#[derive(JsonSchema, Serialize)]
struct Arrived {
    /// As on the link: the channel's first letter, a dash, the partner's half.
    mark: String,
    /// The origin of the partner whose page was shared; absent where the mark is none that we know.
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<String>,
    /// Counted views.
    views: u64,
}

impl Answer {
    /// What the store says of the article in `hours`, at `now`.
    pub(super) fn new(
        article: ArticleId,
        hours: Range<i64>,
        now: Timestamp,
        stats: Stats,
        ratings: &Ratings,
    ) -> Self {
        let mut totals = Counters::default();
        for row in &stats.views {
            totals += row.counters;
        }
        Self {
            article,
            from: beginning(hours.start),
            until: beginning(hours.end),
            computed_at: now.to_string(),
            totals: totals.into(),
            partners_as_reported: by_partner(&stats.views),
            hours: stats.views.into_iter().map(HourCounts::from).collect(),
            shares: stats.shares.into_iter().map(Shares::from).collect(),
            arrivals: stats.arrivals.into_iter().map(Arrived::from).collect(),
            ratings: Rated { useful: ratings.useful, not_useful: ratings.not_useful },
        }
    }
}

fn by_partner(rows: &[PartnerHour]) -> Vec<PartnerCounts> {
    let mut sums: BTreeMap<&str, Counters> = BTreeMap::new();
    for row in rows {
        *sums.entry(&row.partner).or_default() += row.counters;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    // Ties stay in the order of their origins.
    sums.sort_by_key(|(_, counters)| std::cmp::Reverse(counters.views));
    let counts = |(partner, counters): (&str, Counters)| PartnerCounts {
        partner: partner.to_owned(),
        counts: counters.into(),
    };
    sums.into_iter().map(counts).collect()
}

/// The hour's, which is in hours since 1970.
fn beginning(hour: i64) -> String {
    rfc_3339(hour * 3600)
}

/// To a tenth.
fn mean(sum: u64, count: u64) -> Option<f64> {
    (count > 0).then(|| (sum as f64 * 10.0 / count as f64).round() / 10.0)
}

impl From<Counters> for Counts {
    fn from(counters: Counters) -> Self {
        Self {
            raw: counters.raw,
            views: counters.views,
            readers: counters.readers,
            refused: counters.refused.into(),
            seconds: counters.seconds,
            depth: mean(counters.depth, counters.views),
            deep: counters.deep,
        }
    }
}

impl From<Refusals> for Refused {
    fn from(refusals: Refusals) -> Self {
        let Refusals { bots, repeats, rate, unknown } = refusals;
        Self { bots, repeats, rate, unknown_partner: unknown }
    }
}

impl From<PartnerHour> for HourCounts {
    fn from(row: PartnerHour) -> Self {
        Self { hour: beginning(row.hour), partner: row.partner, counts: row.counters.into() }
    }
}

impl From<ChannelShares> for Shares {
    fn from(row: ChannelShares) -> Self {
        Self { channel: row.channel, shares: row.shares, refused: row.refused.into() }
    }
}

impl From<Arrivals> for Arrived {
    fn from(row: Arrivals) -> Self {
        Self { mark: row.mark, partner: row.partner, views: row.views }
    }
}
