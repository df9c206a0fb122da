//! Whether the database can be opened and has this program's schema, and whether its clock goes as ours does.

use std::time::Duration;

use tokio::time::timeout;

use super::Finding;
use crate::clock::{Clock as _, SystemClock};
use crate::config::Config;
use crate::store::{self, Examined, Inspected, Schema};

const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// What a disk has changed of it is looked for no longer.
const READ_WITHIN: Duration = Duration::from_secs(60);
/// Beyond as many seconds, views of the same half hour are told apart where they should not be.
const SKEW: u64 = 2;

pub(super) async fn check(config: &Config) -> Vec<Finding> {
    let about = "database";
    let inspected = match timeout(ANSWERS_WITHIN, store::inspect(&config.database)).await {
        Ok(Ok(inspected)) => inspected,
        Ok(Err(error)) => return vec![Finding::error(about, format!("{error:#}"))],
        Err(_) => return vec![Finding::error(about, "it does not answer within 10 s")],
    };
    let mut findings = vec![schema(&inspected)];
    if inspected.schema == Schema::Current {
        findings.extend(damage(config).await);
    }
    findings.extend(inspected.now.map(|now| skew(now - SystemClock.now())));
    findings
}

fn schema(Inspected { place, schema, .. }: &Inspected) -> Finding {
    let about = "database";
    match schema {
        Schema::None => Finding::ok(about, format!("{place} is empty: serve makes the tables")),
        Schema::Current => Finding::ok(about, format!("{place} is as this version has it")),
        Schema::Behind(steps) => Finding::warning(
            about,
            format!(
                "{place} is {steps} steps behind this version: serve migrates it; back it up first"
            ),
        ),
        Schema::Ahead => Finding::error(
            about,
            format!("{place} is of a later version of this program, which cannot use it"),
        ),
    }
}

async fn damage(config: &Config) -> Vec<Finding> {
    let about = "database";
    match store::examine(&config.database, READ_WITHIN).await {
        Ok(Examined { damage, .. }) if !damage.is_empty() => damage
            .into_iter()
            .map(|says| Finding::error(about, format!("damaged: {says}")))
            .collect(),
        Ok(Examined { is_whole: true, .. }) => vec![Finding::ok(about, "what it holds is sound")],
        Ok(_) => vec![Finding::warning(
            about,
            format!(
                "it takes more than {} s to read: nothing is said of what it holds",
                READ_WITHIN.as_secs()
            ),
        )],
        Err(error) => vec![Finding::error(about, format!("{error:#}"))],
    }
}

fn skew(seconds: i64) -> Finding {
    let about = "clock";
    if seconds.unsigned_abs() <= SKEW {
        Finding::ok(about, "it goes as the database's does")
    } else {
        let says =
            format!("the database's is {seconds} s ahead of this machine's: set both by NTP");
        Finding::warning(about, says)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn clocks_may_differ_a_little_in_either_direction() {
        for (seconds, level) in
            [(0, Level::Ok), (-2, Level::Ok), (3, Level::Warning), (-3600, Level::Warning)]
        {
            assert_eq!(skew(seconds).level, level, "{seconds}");
        }
    }

    #[test]
    fn a_database_of_a_later_version_is_an_error_and_one_of_an_earlier_is_said() {
        let of = |schema| {
            let place = "sqlite:a.db".to_owned();
            super::schema(&Inspected { place, schema, now: None })
        };
        assert_eq!(of(Schema::Ahead).level, Level::Error);
        assert_eq!(of(Schema::Behind(2)).level, Level::Warning);
        assert!(of(Schema::Behind(2)).says.contains("2 steps behind"));
        assert_eq!(of(Schema::Current).level, Level::Ok);
    }
}
