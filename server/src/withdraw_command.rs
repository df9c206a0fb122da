//! `article-server withdraw`: takes articles back, everywhere.

use std::io::Write as _;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use article_server::clock::SystemClock;
use article_server::config::Config;
use article_server::problem::Problem;
use article_server::publishing::{Author, Done, Expected, Publishing};
use article_server::store;
use article_server::time::Calendar;
use article_widget::contract::ArticleId;

/// Withdraws each of them. One that cannot be keeps no other from it.
pub(crate) async fn run(ids: &[ArticleId], reason: &str, config: &Config) -> anyhow::Result<()> {
    let url =
        config.public_url.as_deref().context("public-url is missing: where caches know it")?;
    let store = store::open(&config.database, &Calendar::new(config.time_zone.clone())).await?;
    let clock = Arc::new(SystemClock);
    let publishing = Publishing::new(store.clone(), config, url, clock, Arc::default());
    let mut failed = 0;
    for id in ids {
        match publishing.withdraw(id, reason, Expected::Something, &Author::command()).await {
            Ok(done) => print(&done)?,
            Err(problem) => {
                failed += 1;
                eprintln!("{}", why(id, problem));
            }
        }
    }
    store.close().await?;
    ensure!(failed == 0, "{failed} of {} articles were not withdrawn", ids.len());
    Ok(())
}

fn print(done: &Done) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for address in done.purge.addresses() {
        writeln!(out, "{address}")?;
    }
    Ok(())
}

/// Whoever runs the command is told the cause, too.
fn why(id: &ArticleId, problem: Problem) -> String {
    match problem {
        Problem::Store(cause) => format!("{id}: {cause}"),
        problem => format!("{id}: {problem}"),
    }
}
