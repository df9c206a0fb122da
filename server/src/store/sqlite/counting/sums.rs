//! Sums over articles, which the pages of figures are made of: they follow `tally_hour` in its own commits.

use std::collections::BTreeMap;

use rusqlite::{Statement, Transaction, params_from_iter};

use super::counters::ViewRow;
use super::{ArticleNo, PartnerNo};

/// Adds what these rows of `tally_hour` gain to each sum that they are part of.
pub(super) fn add(
    transaction: &Transaction<'_>,
    rows: &BTreeMap<(i64, ArticleNo, PartnerNo), ViewRow>,
) -> rusqlite::Result<()> {
    let mut hours = BTreeMap::<i64, ViewRow>::new();
    let mut partner_hours = BTreeMap::<(i64, PartnerNo), ViewRow>::new();
    let mut partners = BTreeMap::<PartnerNo, ViewRow>::new();
    for ((hour, _, partner), row) in rows {
        *hours.entry(*hour).or_default() += *row;
        *partner_hours.entry((*hour, *partner)).or_default() += *row;
        *partners.entry(*partner).or_default() += *row;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_HOUR)?;
    for (hour, row) in hours {
        execute(&mut statement, &[hour], row)?;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_PARTNER_HOUR)?;
    for ((hour, partner), row) in partner_hours {
        execute(&mut statement, &[hour, i64::from(partner)], row)?;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_PARTNER)?;
    for (partner, row) in partners {
        execute(&mut statement, &[i64::from(partner)], row)?;
    }
    Ok(())
}

/// The key, then the counters in the order of the columns.
fn execute(statement: &mut Statement<'_>, key: &[i64], row: ViewRow) -> rusqlite::Result<()> {
    let ViewRow { raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep } = row;
    let counters = [raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep];
    statement.execute(params_from_iter(key.iter().chain(&counters))).map(drop)
}

const ADD_TO_HOUR: &str = "/* add_to_hour */
    insert into tally_sum
        (hour, raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    on conflict (hour) do update set
        raw = raw + excluded.raw, counted = counted + excluded.counted,
        readers = readers + excluded.readers, bot = bot + excluded.bot, rate = rate + excluded.rate,
        repeat = repeat + excluded.repeat, unknown = unknown + excluded.unknown,
        seconds = seconds + excluded.seconds, depth = depth + excluded.depth,
        deep = deep + excluded.deep";

const ADD_TO_PARTNER_HOUR: &str = "/* add_to_partner_hour */
    insert into tally_partner_hour
        (hour, partner, raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    on conflict (hour, partner) do update set
        raw = raw + excluded.raw, counted = counted + excluded.counted,
        readers = readers + excluded.readers, bot = bot + excluded.bot, rate = rate + excluded.rate,
        repeat = repeat + excluded.repeat, unknown = unknown + excluded.unknown,
        seconds = seconds + excluded.seconds, depth = depth + excluded.depth,
        deep = deep + excluded.deep";

const ADD_TO_PARTNER: &str = "/* add_to_partner */
    insert into tally_partner
        (partner, raw, counted, readers, bot, rate, repeat, unknown, seconds, depth, deep)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
    on conflict (partner) do update set
        raw = raw + excluded.raw, counted = counted + excluded.counted,
        readers = readers + excluded.readers, bot = bot + excluded.bot, rate = rate + excluded.rate,
        repeat = repeat + excluded.repeat, unknown = unknown + excluded.unknown,
        seconds = seconds + excluded.seconds, depth = depth + excluded.depth,
        deep = deep + excluded.deep";
