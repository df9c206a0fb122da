//! Sums over articles, which the pages of figures are made of: they follow `tally_hour` in its own commits.

use std::collections::BTreeMap;

use rusqlite::Transaction;

use super::counters::{ViewRow, adding};
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
        row.add(&mut statement, &[hour])?;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_PARTNER_HOUR)?;
    for ((hour, partner), row) in partner_hours {
        row.add(&mut statement, &[hour, i64::from(partner)])?;
    }
    let mut statement = transaction.prepare_cached(ADD_TO_PARTNER)?;
    for (partner, row) in partners {
        row.add(&mut statement, &[i64::from(partner)])?;
    }
    Ok(())
}

const ADD_TO_HOUR: &str = adding!("add_to_hour", "tally_sum", "hour", "?");
const ADD_TO_PARTNER_HOUR: &str =
    adding!("add_to_partner_hour", "tally_partner_hour", "hour, partner", "?, ?");
const ADD_TO_PARTNER: &str = adding!("add_to_partner", "tally_partner", "partner", "?");
