//! The tables of the pages of figures, as editors take them along: the same queries, every figure there is.

use article_widget::contract::MostRead;

use crate::clock::UnixSeconds;
use crate::export::{Cell, Table};
use crate::most_read::Sum;
use crate::share_mark::ShareMark;
use crate::store::{
    Arrivals, ArticleState, ArticleSummary, ChannelShares, Counters, Feed, HourCounters, Partner,
    PartnerCounters, Refusals, SharedArticle,
};
use crate::time::rfc_3339;

/// The columns of [`refusals`].
const REFUSALS: &[&str] = &["bots", "repeats", "rate", "unknown_partner"];

/// What was counted in each hour.
pub fn hours(rows: &[HourCounters]) -> Table {
    let row = |row: &HourCounters| {
        let hour = rfc_3339(row.hour * 3600).into();
        [vec![hour], counters(&row.counters)].concat()
    };
    Table { name: "hours", columns: with_counters(&["hour"]), rows: rows.iter().map(row).collect() }
}

/// What was counted on the pages of each partner.
pub fn reading_partners(rows: &[PartnerCounters]) -> Table {
    let row = |row: &PartnerCounters| {
        let origin = Cell::text_or_unknown(row.partner.clone());
        [vec![origin], counters(&row.counters)].concat()
    };
    Table {
        name: "partners",
        columns: with_counters(&["partner"]),
        rows: rows.iter().map(row).collect(),
    }
}

/// The registry, with what was counted of each partner.
pub fn partners(rows: &[(Partner, Counters)]) -> Table {
    let row = |(partner, counted): &(Partner, Counters)| {
        let head = vec![
            partner.origin.clone().into(),
            partner.standing.as_str().into(),
            rfc_3339(partner.first_seen).into(),
        ];
        [head, counters(counted)].concat()
    };
    Table {
        name: "partners",
        columns: with_counters(&["partner", "standing", "first_seen"]),
        rows: rows.iter().map(row).collect(),
    }
}

/// Shares by channel.
pub fn shares(rows: &[ChannelShares]) -> Table {
    let row = |row: &ChannelShares| {
        let head = vec![row.channel.clone().into(), Cell::Number(row.shares)];
        [head, refusals(&row.refused)].concat()
    };
    Table {
        name: "shares",
        columns: [&["channel", "shares"][..], REFUSALS].concat(),
        rows: rows.iter().map(row).collect(),
    }
}

/// Views that came by shares, by the mark on the link.
pub fn arrivals(rows: &[Arrivals]) -> Table {
    let row = |row: &Arrivals| {
        let channel = ShareMark::parse(&row.mark).map(|mark| mark.channel().as_str());
        vec![
            row.mark.clone().into(),
            Cell::text_or_unknown(channel.unwrap_or_default()),
            Cell::text_or_unknown(row.partner.clone().unwrap_or_default()),
            Cell::Number(row.views),
        ]
    };
    Table {
        name: "arrivals",
        columns: vec!["mark", "channel", "partner", "views"],
        rows: rows.iter().map(row).collect(),
    }
}

/// The articles that were shared most.
pub fn shared(rows: &[SharedArticle]) -> Table {
    let row = |row: &SharedArticle| {
        vec![
            row.id.to_string().into(),
            row.title.clone().into(),
            Cell::Number(row.shares),
            Cell::Number(row.arrivals),
        ]
    };
    Table {
        name: "shared",
        columns: vec!["id", "title", "shares", "arrivals"],
        rows: rows.iter().map(row).collect(),
    }
}

/// A most-read list.
pub fn most_read(list: &MostRead) -> Table {
    let row = |(place, item): (u64, &article_widget::contract::MostReadItem)| {
        vec![
            Cell::Number(place),
            item.id.to_string().into(),
            item.title.clone().into(),
            Cell::Number(item.views),
            item.deep.map_or(Cell::Unknown, Cell::Number),
        ]
    };
    Table {
        name: "most-read",
        columns: vec!["place", "id", "title", "views", "deep"],
        rows: (1..).zip(&list.items).map(row).collect(),
    }
}

/// The columns of [`articles`].
pub const ARTICLES: &[&str] = &[
    "id",
    "title",
    "state",
    "section",
    "language",
    "published",
    "updated_at",
    "embargo",
    "expires",
    "views",
    "deep",
];

/// Articles of a list, with what was counted of each in the list's window.
pub fn articles(rows: &[(ArticleSummary, Sum)], now: UnixSeconds) -> Vec<Vec<Cell<'static>>> {
    let time = |at: Option<UnixSeconds>| at.map_or(Cell::Unknown, |at| rfc_3339(at).into());
    let row = |(article, sum): &(ArticleSummary, Sum)| {
        vec![
            article.id.to_string().into(),
            article.title.clone().into(),
            ArticleState::as_str(article.state(now)).into(),
            Cell::text_or_unknown(article.section.clone()),
            article.language.clone().into(),
            Cell::text_or_unknown(article.published.clone().unwrap_or_default()),
            rfc_3339(article.updated_at).into(),
            time(article.term.embargo),
            time(article.term.expires),
            Cell::Number(sum.views.into()),
            Cell::Number(sum.deep.into()),
        ]
    };
    rows.iter().map(row).collect()
}

/// Feeds and how they do.
pub fn feeds(rows: &[Feed]) -> Table {
    let time = |at: Option<UnixSeconds>| at.map_or(Cell::Unknown, |at| rfc_3339(at).into());
    let row = |feed: &Feed| {
        vec![
            feed.url.clone().into(),
            time(feed.tried_at),
            time(feed.good_at),
            Cell::text_or_unknown(feed.problem.clone().unwrap_or_default()),
            Cell::Number(feed.failures.into()),
            Cell::Number(feed.articles.into()),
            Cell::Number(feed.kept.into()),
            Cell::Number(feed.created),
            Cell::Number(feed.updated),
            rfc_3339(feed.due_at).into(),
        ]
    };
    Table {
        name: "feeds",
        columns: vec![
            "url", "tried_at", "good_at", "problem", "failures", "articles", "kept", "created",
            "updated", "due_at",
        ],
        rows: rows.iter().map(row).collect(),
    }
}

/// Columns, and behind them those of [`counters`].
fn with_counters(head: &[&'static str]) -> Vec<&'static str> {
    let counters = ["raw", "views", "readers", "deep", "seconds", "depth_sum"];
    [head, &counters, REFUSALS].concat()
}

fn counters(counted: &Counters) -> Vec<Cell<'static>> {
    let Counters { raw, views, readers, seconds, depth, deep, refused } = counted;
    let first = [raw, views, readers, deep, seconds, depth].map(|count| Cell::Number(*count));
    [first.to_vec(), refusals(refused)].concat()
}

fn refusals(refused: &Refusals) -> Vec<Cell<'static>> {
    let Refusals { bots, repeats, rate, unknown } = *refused;
    [bots, repeats, rate, unknown].map(Cell::Number).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_cell_for_each_column() {
        let counters = Counters { raw: 7, views: 3, ..Counters::default() };
        let hour = HourCounters { hour: 480_000, counters };
        let of_partner = PartnerCounters { partner: String::new(), counters };
        let known = Partner {
            origin: "https://partner.example".into(),
            standing: crate::store::Standing::New,
            first_seen: 0,
        };
        let refused = Refusals::default();
        let channel = ChannelShares { channel: "zalo".into(), shares: 2, refused };
        let arrived = Arrivals { mark: "z-0".into(), partner: None, views: 1 };
        let tables = [
            hours(&[hour]),
            reading_partners(&[of_partner]),
            partners(&[(known, counters)]),
            shares(&[channel]),
            arrivals(&[arrived]),
            feeds(&[Feed::default()]),
        ];
        for table in tables {
            assert_eq!(table.rows[0].len(), table.columns.len(), "{}", table.name);
        }
        let row = &hours(&[hour]).rows[0];
        assert_eq!(row[..3], ["2024-10-04T00:00:00Z".into(), Cell::Number(7), Cell::Number(3)]);
    }
}
