//! The dedupe windows as tables: what a group is about is read and locked, and written back.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use deadpool_postgres::Transaction;
use futures_util::try_join;
use tokio_postgres::Row;

use super::Failure;
use super::names::Names;
use crate::clock::UnixSeconds;
use crate::store::counting::windows::{Change, CountedReader, ShareSeen, ViewSeen, ViewWindows};
use crate::store::postgres::sql::{bytes, execute, number, rows};
use crate::store::{ArticleNo, PlaceKey, ReaderKey, Share, StoreError, View};

/// What the tables hold of a group.
pub(super) struct Windows {
    /// As the rules want it.
    pub(super) views: ViewWindows,
    /// Ids that have a row, also one that is past its life.
    known_views: HashSet<[u8; 16]>,
    /// Readers that have one.
    known_readers: HashSet<(ArticleNo, ReaderKey)>,
}

/// Reads what decides over these views, and locks it until the transaction ends: in the order of the keys, so that
/// two groups do not wait for each other.
pub(super) async fn read(
    transaction: &Transaction<'_>,
    names: &Names,
    batch: &[View],
    private: &ViewWindows,
) -> Result<Windows, Failure> {
    // Of what is refused nothing is asked.
    let asked = batch.iter().filter(|view| view.refused.is_none());
    let asked = asked.filter_map(|view| {
        names.readable(&view.article, view.at).map(|article| (view, article.no))
    });
    let asked: Vec<(&View, ArticleNo)> = asked.collect();
    let (views, (readers, crowd)) = try_join!(read_views(transaction, &asked), async {
        try_join!(read_readers(transaction, &asked), read_crowd(transaction, &asked))
    })?;
    let mut windows = Windows {
        views: ViewWindows::default(),
        known_views: views.iter().map(|seen| seen.view).collect(),
        known_readers: readers.iter().map(|(article, reader, _)| (*article, *reader)).collect(),
    };
    views.into_iter().for_each(|seen| windows.views.put_view(seen));
    for (article, reader, counted) in readers {
        windows.views.put_reader(article, CountedReader::Keyed(reader), counted);
    }
    for (day, article, place, readers) in crowd {
        match place {
            Some(place) => windows.views.crowd_mut().add_from(day, article, place, readers),
            None => windows.views.crowd_mut().add(day, article, readers),
        }
    }
    recall(&mut windows.views, private, &asked);
    Ok(windows)
}

/// Puts in what this server alone knows: readers who ask not to be followed.
fn recall(windows: &mut ViewWindows, private: &ViewWindows, asked: &[(&View, ArticleNo)]) {
    let mut places = BTreeSet::new();
    let mut articles = BTreeSet::new();
    for (view, article) in asked {
        let (day, place) = (view.reader.day, view.reader.place);
        let (readers, from_here) = private.crowd().count(day, *article, place);
        if articles.insert(*article) {
            windows.crowd_mut().add(day, *article, readers);
        }
        if places.insert((*article, place)) {
            windows.crowd_mut().add_from(day, *article, place, from_here);
        }
        if view.reader.private {
            for reader in both_days(view).map(CountedReader::Private) {
                if let Some(counted) = private.reader(*article, reader) {
                    windows.put_reader(*article, reader, counted);
                }
            }
        }
    }
}

fn both_days(view: &View) -> [ReaderKey; 2] {
    [view.reader.today, view.reader.yesterday]
}

async fn read_views(
    transaction: &Transaction<'_>,
    asked: &[(&View, ArticleNo)],
) -> Result<Vec<ViewSeen>, StoreError> {
    let ids: Vec<&[u8]> = asked.iter().map(|(view, _)| view.view.as_slice()).collect();
    rows(transaction, VIEWS, &[&ids]).await?.iter().map(view).collect()
}

fn view(row: &Row) -> Result<ViewSeen, StoreError> {
    Ok(ViewSeen {
        view: bytes(row, 0)?,
        at: row.try_get(1)?,
        article: number(row, 2)?,
        partner: number(row, 3)?,
        counted: row.try_get(4)?,
        seconds: number(row, 5)?,
        depth: number(row, 6)?,
        deep: row.try_get(7)?,
    })
}

const VIEWS: &str = "/* views_seen */
    select view, at, article, partner, counted, seconds, depth, deep
    from view_seen where view = any($1::bytea[]) order by view for update";

/// A reader of an article: since when, and how many views counted since.
type ReaderSeen = (ArticleNo, ReaderKey, (UnixSeconds, u16));

async fn read_readers(
    transaction: &Transaction<'_>,
    asked: &[(&View, ArticleNo)],
) -> Result<Vec<ReaderSeen>, StoreError> {
    let mut keys = BTreeSet::new();
    for (view, article) in asked.iter().filter(|(view, _)| !view.reader.private) {
        keys.extend(both_days(view).map(|reader| (i64::from(*article), reader)));
    }
    let articles: Vec<i64> = keys.iter().map(|(article, _)| *article).collect();
    let readers: Vec<&[u8]> = keys.iter().map(|(_, reader)| reader.as_slice()).collect();
    let found = rows(transaction, READERS, &[&articles, &readers]).await?;
    found
        .iter()
        .map(|row| Ok((number(row, 0)?, bytes(row, 1)?, (row.try_get(2)?, number(row, 3)?))))
        .collect()
}

const READERS: &str = "/* readers_seen */
    select article, reader, since, counted from reader_seen
    where (article, reader) in (select * from unnest($1::bigint[], $2::bytea[]))
    order by article, reader for update";

/// Who is new to an article on a day: all (no place), or those from one.
type Newcomers = (i64, ArticleNo, Option<PlaceKey>, u32);

/// The rows of other servers may grow meanwhile: an address may bring as many readers more as they have under way.
async fn read_crowd(
    transaction: &Transaction<'_>,
    asked: &[(&View, ArticleNo)],
) -> Result<Vec<Newcomers>, StoreError> {
    let mut keys = BTreeSet::new();
    for (view, article) in asked {
        let (day, article) = (view.reader.day, i64::from(*article));
        keys.insert((day, article, [].as_slice()));
        keys.insert((day, article, view.reader.place.as_slice()));
    }
    let days: Vec<i64> = keys.iter().map(|(day, ..)| *day).collect();
    let articles: Vec<i64> = keys.iter().map(|(_, article, _)| *article).collect();
    let places: Vec<&[u8]> = keys.iter().map(|(.., place)| *place).collect();
    let found = rows(transaction, CROWD, &[&days, &articles, &places]).await?;
    let newcomers = |row: &Row| {
        let place: &[u8] = row.try_get(2)?;
        Ok((row.try_get(0)?, number(row, 1)?, place.try_into().ok(), number(row, 3)?))
    };
    found.iter().map(newcomers).collect()
}

const CROWD: &str = "/* crowd */
    select day, article, place, sum(readers)::bigint from crowd
    where (day, article, place) in (select * from unnest($1::bigint[], $2::bigint[], $3::bytea[]))
    group by day, article, place";

/// Writes what the group changed.
///
/// # Errors
/// [`Failure::Conflict`] where another server has added a row of the same key meanwhile.
pub(super) async fn write(
    transaction: &Transaction<'_>,
    windows: &Windows,
    changes: &[Change],
    node: i64,
) -> Result<(), Failure> {
    let mut views = BTreeMap::new();
    let mut readers = BTreeMap::new();
    let mut crowd = Crowd::new();
    for change in changes {
        views.insert(change.seen.view, change.seen);
        if let Some(CountedReader::Keyed(key)) = change.reader {
            readers.insert((change.seen.article, key), change.day);
            if let Some(place) = &change.place {
                *crowd.entry((change.day, change.seen.article, &[])).or_default() += 1;
                *crowd.entry((change.day, change.seen.article, place)).or_default() += 1;
            }
        }
    }
    try_join!(
        write_views(transaction, windows, &views),
        write_readers(transaction, windows, &readers),
        enter(transaction, &crowd, node),
    )?;
    Ok(())
}

/// New readers of an article on a day, by their place; all of them by none.
type Crowd<'a> = BTreeMap<(i64, ArticleNo, &'a [u8]), i64>;

async fn enter(transaction: &Transaction<'_>, crowd: &Crowd<'_>, node: i64) -> Result<(), Failure> {
    if crowd.is_empty() {
        return Ok(());
    }
    let days: Vec<i64> = crowd.keys().map(|(day, ..)| *day).collect();
    let articles: Vec<i64> = crowd.keys().map(|(_, article, _)| i64::from(*article)).collect();
    let places: Vec<&[u8]> = crowd.keys().map(|(.., place)| *place).collect();
    let readers: Vec<i64> = crowd.values().copied().collect();
    execute(transaction, ENTER, &[&node, &days, &articles, &places, &readers]).await?;
    Ok(())
}

const ENTER: &str = "/* enter_crowd */
    insert into crowd (day, article, place, node, readers)
    select day, article, place, $1::bigint, readers
    from unnest($2::bigint[], $3::bigint[], $4::bytea[], $5::bigint[])
        as entering (day, article, place, readers)
    on conflict (day, article, place, node) do update set readers = crowd.readers + excluded.readers";

async fn write_views(
    transaction: &Transaction<'_>,
    windows: &Windows,
    views: &BTreeMap<[u8; 16], ViewSeen>,
) -> Result<(), Failure> {
    let (known, new): (Vec<&ViewSeen>, Vec<&ViewSeen>) =
        views.values().partition(|seen| windows.known_views.contains(&seen.view));
    for (sql, seen, must_add) in [(RAISE_VIEWS, known, false), (ADD_VIEWS, new, true)] {
        if seen.is_empty() {
            continue;
        }
        let ids: Vec<&[u8]> = seen.iter().map(|seen| seen.view.as_slice()).collect();
        let column =
            |of: fn(&ViewSeen) -> i64| seen.iter().map(|seen| of(seen)).collect::<Vec<_>>();
        let written = execute(
            transaction,
            sql,
            &[
                &ids,
                &column(|seen| seen.at),
                &column(|seen| i64::from(seen.article)),
                &column(|seen| i64::from(seen.partner)),
                &seen.iter().map(|seen| seen.counted).collect::<Vec<_>>(),
                &column(|seen| i64::from(seen.seconds)),
                &column(|seen| i64::from(seen.depth)),
                &seen.iter().map(|seen| seen.deep).collect::<Vec<_>>(),
            ],
        )
        .await?;
        check_added(must_add, written, seen.len())?;
    }
    Ok(())
}

fn check_added(must_add: bool, written: u64, rows: usize) -> Result<(), Failure> {
    if must_add && usize::try_from(written) != Ok(rows) { Err(Failure::Conflict) } else { Ok(()) }
}

const RAISE_VIEWS: &str = "/* raise_views */
    update view_seen set at = seen.at, article = seen.article, partner = seen.partner, counted = seen.counted,
        seconds = seen.seconds, depth = seen.depth, deep = seen.deep
    from unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bigint[],
                $7::bigint[], $8::boolean[])
        as seen (view, at, article, partner, counted, seconds, depth, deep)
    where view_seen.view = seen.view";
const ADD_VIEWS: &str = "/* add_views_seen */
    insert into view_seen (view, at, article, partner, counted, seconds, depth, deep)
    select * from unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[], $6::bigint[],
                         $7::bigint[], $8::boolean[])
    on conflict do nothing";

async fn write_readers(
    transaction: &Transaction<'_>,
    windows: &Windows,
    readers: &BTreeMap<(ArticleNo, ReaderKey), i64>,
) -> Result<(), Failure> {
    let (known, new): (Vec<_>, Vec<_>) =
        readers.iter().partition(|(key, _)| windows.known_readers.contains(*key));
    for (sql, seen, must_add) in [(COUNT_READERS, known, false), (ADD_READERS, new, true)] {
        if seen.is_empty() {
            continue;
        }
        let counted = |article: ArticleNo, key: ReaderKey| {
            windows.views.reader(article, CountedReader::Keyed(key)).unwrap_or_default()
        };
        let articles: Vec<i64> = seen.iter().map(|((article, _), _)| i64::from(*article)).collect();
        let keys: Vec<&[u8]> = seen.iter().map(|((_, key), _)| key.as_slice()).collect();
        let days: Vec<i64> = seen.iter().map(|(_, day)| **day).collect();
        let (since, counts): (Vec<i64>, Vec<i64>) = seen
            .iter()
            .map(|((article, key), _)| counted(*article, *key))
            .map(|(since, count)| (since, i64::from(count)))
            .unzip();
        let written =
            execute(transaction, sql, &[&articles, &keys, &days, &since, &counts]).await?;
        check_added(must_add, written, seen.len())?;
    }
    Ok(())
}

const COUNT_READERS: &str = "/* count_readers */
    update reader_seen set day = seen.day, since = seen.since, counted = seen.counted
    from unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[])
        as seen (article, reader, day, since, counted)
    where reader_seen.article = seen.article and reader_seen.reader = seen.reader";
const ADD_READERS: &str = "/* add_readers_seen */
    insert into reader_seen (article, reader, day, since, counted)
    select * from unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[])
    on conflict do nothing";

/// The shares of a group that were seen before, locked as views are.
pub(super) async fn read_shares(
    transaction: &Transaction<'_>,
    batch: &[Share],
) -> Result<BTreeMap<[u8; 16], ShareSeen>, Failure> {
    // Of what is refused nothing is asked.
    let asked = batch.iter().filter(|share| share.refused.is_none());
    let ids: Vec<&[u8]> = asked.map(|share| share.share.as_slice()).collect();
    let found = rows(transaction, SHARES, &[&ids]).await?;
    let seen = |row: &Row| {
        let seen = ShareSeen { share: bytes(row, 0)?, at: row.try_get(1)? };
        Ok((seen.share, seen))
    };
    found.iter().map(seen).collect()
}

const SHARES: &str = "/* shares_seen */
    select share, at from share_seen where share = any($1::bytea[]) order by share for update";

/// Writes the shares that count.
///
/// # Errors
/// As [`write`].
pub(super) async fn write_shares(
    transaction: &Transaction<'_>,
    known: &BTreeMap<[u8; 16], ShareSeen>,
    seen: &[ShareSeen],
) -> Result<(), Failure> {
    let seen: BTreeMap<[u8; 16], UnixSeconds> =
        seen.iter().map(|seen| (seen.share, seen.at)).collect();
    let (old, new): (Vec<_>, Vec<_>) =
        seen.iter().partition(|(share, _)| known.contains_key(*share));
    for (sql, seen, must_add) in [(RENEW_SHARES, old, false), (ADD_SHARES, new, true)] {
        if seen.is_empty() {
            continue;
        }
        let ids: Vec<&[u8]> = seen.iter().map(|(share, _)| share.as_slice()).collect();
        let times: Vec<i64> = seen.iter().map(|(_, at)| **at).collect();
        let written = execute(transaction, sql, &[&ids, &times]).await?;
        check_added(must_add, written, seen.len())?;
    }
    Ok(())
}

const RENEW_SHARES: &str = "/* renew_shares */
    update share_seen set at = seen.at from unnest($1::bytea[], $2::bigint[]) as seen (share, at)
    where share_seen.share = seen.share";
const ADD_SHARES: &str = "/* add_shares_seen */
    insert into share_seen (share, at) select * from unnest($1::bytea[], $2::bigint[])
    on conflict do nothing";
