//! Everything there is, row by row, within one read transaction.

use async_trait::async_trait;
use deadpool_postgres::{Client, Transaction};
use futures_util::{TryStreamExt, pin_mut};
use serde_json::value::RawValue;
use tokio::runtime::Handle;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::sql::{moment, number};
use crate::leaving::{
    Arrivals, Consent, Feed, Feedback, Line, Partner, Rating, Refused, Revision, Shares, Views,
    Wanted,
};
use crate::store::{ExportError, ExportStore, LineWriter, StoreError};
use crate::time::rfc_3339;

#[async_trait]
impl ExportStore for PostgresStore {
    async fn export(&self, wanted: Wanted, mut write: LineWriter) -> Result<(), ExportError> {
        let mut client = self.for_reading().await?;
        // On a thread of its own: whoever writes the lines may block.
        let runtime = Handle::current();
        let work = move || runtime.block_on(export(&mut client, wanted, &mut write));
        let exported = tokio::task::spawn_blocking(work).await;
        exported.map_err(|panic| StoreError::Other(panic.into()))?
    }
}

async fn export(
    client: &mut Client,
    wanted: Wanted,
    write: &mut LineWriter,
) -> Result<(), ExportError> {
    let moment = moment(client).await?;
    moment.batch_execute(PATIENCE).await.map_err(StoreError::from)?;
    let with_feedback = wanted == Wanted::EverythingWithFeedback;
    each(&moment, ARTICLES, write, article).await?;
    if wanted == Wanted::Articles {
        return Ok(());
    }
    each(&moment, REVISIONS, write, revision).await?;
    each(&moment, PARTNERS, write, partner).await?;
    each(&moment, VIEWS, write, views).await?;
    each(&moment, SHARES, write, shares).await?;
    each(&moment, ARRIVALS, write, arrivals).await?;
    each(&moment, RATINGS, write, |row| rating(row, with_feedback)).await?;
    each(&moment, CONSENTS, write, consent).await?;
    if with_feedback {
        each(&moment, FEEDBACK, write, feedback).await?;
    }
    each(&moment, FEEDS, write, feed).await
}

/// It takes as long as whoever writes the lines.
const PATIENCE: &str = "/* export_patience */
    set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = 0;";

async fn each(
    moment: &Transaction<'_>,
    sql: &str,
    write: &mut LineWriter,
    line: impl for<'a> Fn(&'a Row) -> Result<Line<'a>, StoreError>,
) -> Result<(), ExportError> {
    let rows = moment.query_raw(sql, std::iter::empty::<&(dyn ToSql + Sync)>()).await;
    let rows = rows.map_err(StoreError::from)?;
    pin_mut!(rows);
    while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
        write(&line(&row)?)?;
    }
    Ok(())
}

const ARTICLES: &str = "/* export_articles */ select json from article order by id";

fn article(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Article(json(row.try_get(0)?)?))
}

const REVISIONS: &str = "/* export_revisions */
    select article.id as id, kept.number as number, kept.saved_at, kept.saved_by, kept.note, kept.json
    from article join article_revision as kept on kept.article = article.no
    union all
    select id, revision_number, updated_at, saved_by, note, null from article
    order by id, number";

fn revision(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Revision(Revision {
        article: row.try_get(0)?,
        number: number(row, 1)?,
        saved_at: time(row, 2)?,
        saved_by: row.try_get(3)?,
        note: row.try_get(4)?,
        content: row.try_get::<_, Option<&str>>(5)?.map(json).transpose()?,
    }))
}

const PARTNERS: &str = "/* export_partners */
    select origin, standing, first_seen, mark from partner order by origin";

fn partner(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Partner(Partner {
        origin: row.try_get(0)?,
        standing: row.try_get(1)?,
        first_seen: time(row, 2)?,
        mark: row.try_get(3)?,
    }))
}

/// Sums over the servers' rows, along the table's key.
const VIEWS: &str = "/* export_views */
    select hour, article.id, partner.origin, raw, counted, readers, bot, repeat, rate, unknown, seconds,
           depth, deep
    from (select hour, article, partner, sum(raw)::bigint as raw, sum(counted)::bigint as counted,
                 sum(readers)::bigint as readers, sum(bot)::bigint as bot,
                 sum(repeat)::bigint as repeat, sum(rate)::bigint as rate,
                 sum(unknown)::bigint as unknown, sum(seconds)::bigint as seconds,
                 sum(depth)::bigint as depth, sum(deep)::bigint as deep
          from tally_hour group by hour, article, partner) as summed
    join article on article.no = summed.article
    join partner on partner.no = summed.partner
    order by summed.hour, summed.article, summed.partner";

fn views(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Views(Views {
        hour: hour(row, 0)?,
        article: row.try_get(1)?,
        partner: row.try_get(2)?,
        raw: number(row, 3)?,
        views: number(row, 4)?,
        readers: number(row, 5)?,
        refused: refused(row, 6)?,
        seconds: number(row, 10)?,
        depth: number(row, 11)?,
        deep: number(row, 12)?,
    }))
}

const SHARES: &str = "/* export_shares */
    select hour, article.id, partner.origin, channel, counted, bot, repeat, rate, unknown
    from (select hour, article, partner, channel, sum(counted)::bigint as counted,
                 sum(bot)::bigint as bot, sum(repeat)::bigint as repeat, sum(rate)::bigint as rate,
                 sum(unknown)::bigint as unknown
          from share_hour group by hour, article, partner, channel) as summed
    join article on article.no = summed.article
    join partner on partner.no = summed.partner
    order by summed.hour, summed.article, summed.partner, summed.channel";

fn shares(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Shares(Shares {
        hour: hour(row, 0)?,
        article: row.try_get(1)?,
        partner: row.try_get(2)?,
        channel: row.try_get(3)?,
        shares: number(row, 4)?,
        refused: refused(row, 5)?,
    }))
}

const ARRIVALS: &str = "/* export_arrivals */
    select hour, article.id, mark, counted
    from (select hour, article, mark, sum(counted)::bigint as counted
          from arrival_hour group by hour, article, mark) as summed
    join article on article.no = summed.article
    order by summed.hour, summed.article, summed.mark";

fn arrivals(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Arrivals(Arrivals {
        hour: hour(row, 0)?,
        article: row.try_get(1)?,
        mark: row.try_get(2)?,
        views: number(row, 3)?,
    }))
}

const RATINGS: &str = "/* export_ratings */
    select article, at, partner, useful, word from rating order by article, at";

fn rating(row: &Row, with_word: bool) -> Result<Line<'_>, StoreError> {
    Ok(Line::Rating(Rating {
        article: row.try_get(0)?,
        at: time(row, 1)?,
        partner: row.try_get(2)?,
        useful: row.try_get(3)?,
        word: if with_word { Some(row.try_get(4)?) } else { None },
    }))
}

const CONSENTS: &str = "/* export_consents */
    select version, text, shown_from from consent_text order by shown_from, version";

fn consent(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Consent(Consent {
        version: row.try_get(0)?,
        text: row.try_get(1)?,
        shown_from: time(row, 2)?,
    }))
}

const FEEDBACK: &str = "/* export_feedback */
    select reference, at, state, held, kind, article, page, name, email, phone, title, passage, message,
           consent, answer, answered_at, answered_by
    from feedback order by no";

fn feedback(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Feedback(Box::new(Feedback {
        reference: row.try_get(0)?,
        received_at: time(row, 1)?,
        state: row.try_get(2)?,
        held: row.try_get(3)?,
        kind: row.try_get(4)?,
        article: row.try_get(5)?,
        page: row.try_get(6)?,
        name: row.try_get(7)?,
        email: row.try_get(8)?,
        phone: row.try_get(9)?,
        title: row.try_get(10)?,
        passage: row.try_get(11)?,
        message: row.try_get(12)?,
        consent: row.try_get(13)?,
        answer: row.try_get(14)?,
        answered_at: row.try_get::<_, Option<i64>>(15)?.map(rfc_3339),
        answered_by: row.try_get(16)?,
    })))
}

const FEEDS: &str = "/* export_feeds */
    select url, good_at, created, updated from feed order by url";

fn feed(row: &Row) -> Result<Line<'_>, StoreError> {
    Ok(Line::Feed(Feed {
        url: row.try_get(0)?,
        good_at: row.try_get::<_, Option<i64>>(1)?.map(rfc_3339),
        created: number(row, 2)?,
        updated: number(row, 3)?,
    }))
}

/// From four columns: bot, repeat, rate, unknown.
fn refused(row: &Row, first: usize) -> Result<Refused, StoreError> {
    Ok(Refused {
        bots: number(row, first)?,
        repeats: number(row, first + 1)?,
        rate: number(row, first + 2)?,
        unknown_partner: number(row, first + 3)?,
    })
}

fn json(text: &str) -> Result<&RawValue, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Other(error.into()))
}

fn time(row: &Row, column: usize) -> Result<String, StoreError> {
    Ok(rfc_3339(row.try_get(column)?))
}

fn hour(row: &Row, column: usize) -> Result<String, StoreError> {
    Ok(rfc_3339(row.try_get::<_, i64>(column)? * 3600))
}
