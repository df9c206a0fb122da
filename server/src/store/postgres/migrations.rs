//! The schema, step by step. Servers that start at the same moment take their turns.

use anyhow::{Context, ensure};
use deadpool_postgres::Client;

/// Steps and their numbers, which are those of SQLite's: what one gains, the other does in the step of the same
/// number.
const STEPS: &[(i64, &str)] = &[
    (16, include_str!("../../../migrations/postgres/016_from_the_first.sql")),
    (17, include_str!("../../../migrations/postgres/017_sums.sql")),
];

/// The number of the last step.
pub(super) fn latest() -> i64 {
    STEPS[STEPS.len() - 1].0
}

/// Brings the schema up to date.
///
/// # Errors
/// Where a step fails, or the schema is a later version's.
pub(super) async fn migrate(client: &mut Client) -> anyhow::Result<()> {
    // "If not exists" looks before it makes. Of servers that make it at the same moment one may fail, and then it is
    // there; what else fails does so again.
    if client.batch_execute(BEGIN).await.is_err() {
        client.batch_execute(BEGIN).await?;
    }
    let transaction = client.transaction().await?;
    transaction.batch_execute(PATIENT).await?;
    // Whoever is second waits here, and then finds nothing to do.
    let row = transaction
        .query_one("/* schema_version */ select version from schema_version for update", &[])
        .await?;
    let (version, latest): (i64, _) = (row.get(0), latest());
    ensure!(version <= latest, "its schema is of a later version of this program: {version}");
    for (number, step) in STEPS.iter().filter(|(number, _)| *number > version) {
        transaction.batch_execute(step).await.with_context(|| format!("step {number}"))?;
        transaction
            .execute("/* set_schema_version */ update schema_version set version = $1", &[number])
            .await?;
    }
    Ok(transaction.commit().await?)
}

const BEGIN: &str = "/* make_schema_version */
    create table if not exists schema_version (one bigint primary key, version bigint not null);
    insert into schema_version (one, version) values (1, 0) on conflict do nothing;";

/// A step may take long, and whoever waits for it, too.
const PATIENT: &str = "/* patient */ set local lock_timeout = 0; set local statement_timeout = 0";
