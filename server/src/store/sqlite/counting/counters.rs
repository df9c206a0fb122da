//! Writes counters: each row once, however many views it has.

use rusqlite::{Statement, Transaction, params, params_from_iter};

use crate::store::counting::counters::{ShareCounters, ShareRow, Sums, ViewCounters, ViewRow};

/// Adds all of it to the tables.
pub(super) fn add_views(
    transaction: &Transaction<'_>,
    counters: &ViewCounters,
) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(ADD_VIEWS)?;
    for ((hour, article, partner), row) in &counters.rows {
        add(&mut statement, &[*hour, i64::from(*article), i64::from(*partner)], *row)?;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_ARTICLE)?;
    for (article, (counted, deep)) in counters.by_article() {
        statement.execute(params![article, counted, deep])?;
    }
    add_sums(transaction, counters.sums())?;
    let mut statement = transaction.prepare_cached(ADD_ARRIVALS)?;
    for ((hour, article, mark), counted) in &counters.arrivals {
        statement.execute(params![hour, article, mark, counted])?;
    }
    Ok(())
}

fn add_sums(transaction: &Transaction<'_>, sums: Sums) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(ADD_TO_HOUR)?;
    for (hour, row) in sums.hours {
        add(&mut statement, &[hour], row)?;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_PARTNER_HOUR)?;
    for ((hour, partner), row) in sums.partner_hours {
        add(&mut statement, &[hour, i64::from(partner)], row)?;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_PARTNER)?;
    for (partner, row) in sums.partners {
        add(&mut statement, &[i64::from(partner)], row)?;
    }
    Ok(())
}

fn add(statement: &mut Statement<'_>, key: &[i64], row: ViewRow) -> rusqlite::Result<()> {
    statement.execute(params_from_iter(key.iter().chain(&row.columns()))).map(drop)
}

/// Adds all of it to the table.
pub(super) fn add_shares(
    transaction: &Transaction<'_>,
    counters: &ShareCounters,
) -> rusqlite::Result<()> {
    let mut add = transaction.prepare_cached(ADD_SHARES)?;
    for ((hour, article, partner, channel), row) in &counters.rows {
        let ShareRow { counted, bot, rate, repeat, unknown } = row;
        add.execute(params![hour, article, partner, channel, counted, bot, rate, repeat, unknown])?;
    }
    Ok(())
}

/// The statement that [`add`] runs: of this name, for this table with the columns of a [`ViewRow`] and a
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
const ADD_VIEWS: &str = adding!("add_views", "tally_hour", "hour, article, partner", "?, ?, ?");

const ADD_TO_ARTICLE: &str = "/* add_to_article */
    insert into tally_article (article, counted, deep) values (?1, ?2, ?3)
    on conflict (article) do update set
        counted = counted + excluded.counted, deep = deep + excluded.deep";

const ADD_ARRIVALS: &str = "/* add_arrivals */
    insert into arrival_hour (hour, article, mark, counted) values (?1, ?2, ?3, ?4)
    on conflict (hour, article, mark) do update set counted = counted + excluded.counted";

const ADD_TO_HOUR: &str = adding!("add_to_hour", "tally_sum", "hour", "?");
const ADD_TO_PARTNER_HOUR: &str =
    adding!("add_to_partner_hour", "tally_partner_hour", "hour, partner", "?, ?");
const ADD_TO_PARTNER: &str = adding!("add_to_partner", "tally_partner", "partner", "?");

const ADD_SHARES: &str = "/* add_shares */
    insert into share_hour (hour, article, partner, channel, counted, bot, rate, repeat, unknown)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    on conflict (hour, article, partner, channel) do update set
        counted = counted + excluded.counted, bot = bot + excluded.bot,
        rate = rate + excluded.rate, repeat = repeat + excluded.repeat,
        unknown = unknown + excluded.unknown";
