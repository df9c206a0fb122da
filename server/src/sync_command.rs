//! `article-server sync`: feeds are asked once, or until told to stop.

use std::future::Future;
use std::io::Write as _;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use article_server::clock::SystemClock;
use article_server::config::Config;
use article_server::fetch::Fetcher;
use article_server::store;
use article_server::sync::{Asked, Feeds, Which, shown};
use article_server::time::Calendar;
use tokio::time::{MissedTickBehavior, interval, timeout};
use url::Url;

/// How often it is looked for feeds that it is time to ask, where they are not asked more often.
const LOOK: Duration = Duration::from_secs(60);

/// How long what is under way is waited for when it is told to stop: as long as one feed may take.
const LAST: Duration = Duration::from_secs(20);

/// Asks `urls`, or the configured feeds where there are none.
pub(crate) async fn run(
    urls: Vec<Url>,
    every: Option<Duration>,
    config: Config,
    told_to_stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let urls = if urls.is_empty() { config.feeds.clone() } else { urls };
    ensure!(!urls.is_empty(), "there is no feed: name a URL, or set feeds");
    let store = store::open(&config.database, &Calendar::new(config.time_zone.clone())).await?;
    let fetcher = Fetcher::new(&config);
    let feeds = Feeds::new(store.clone(), fetcher, &config, Arc::new(SystemClock));
    let done = match every {
        None => once(&feeds, &urls).await,
        Some(every) => go_on(&Feeds { every, ..feeds }, &urls, told_to_stop).await,
    };
    store.close().await?;
    done
}

async fn once(feeds: &Feeds, urls: &[Url]) -> anyhow::Result<()> {
    let failed = tell(&feeds.ask(urls, Which::All).await?)?;
    ensure!(failed == 0, "{failed} of {} feeds failed", urls.len());
    Ok(())
}

async fn go_on(
    feeds: &Feeds,
    urls: &[Url],
    told_to_stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let mut told_to_stop = pin!(told_to_stop);
    let mut looks = interval(feeds.every.min(LOOK));
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = &mut told_to_stop => return Ok(()),
            _ = looks.tick() => {}
        }
        let mut asking = pin!(feeds.ask(urls, Which::Due));
        let asked = tokio::select! {
            asked = &mut asking => asked?,
            () = &mut told_to_stop => match timeout(LAST, asking).await {
                Ok(asked) => return tell(&asked?).map(drop),
                Err(_) => return Ok(()),
            },
        };
        tell(&asked)?;
    }
}

/// Prints ids, and says which articles stay as an editor left them, and which feeds failed and why: how many.
fn tell(asked: &[Asked]) -> anyhow::Result<usize> {
    let mut failed = 0;
    let mut out = std::io::stdout().lock();
    for Asked { url, end, kept } in asked {
        if *kept > 0 {
            let kept = match kept {
                1 => "1 article stays as an editor left it".to_owned(),
                _ => format!("{kept} articles stay as an editor left them"),
            };
            eprintln!("{}: {kept}", shown(url));
        }
        match end {
            Ok(ids) => ids.iter().try_for_each(|id| writeln!(out, "{id}"))?,
            Err(problem) => {
                failed += 1;
                eprintln!("{}: {problem}", shown(url));
            }
        }
    }
    Ok(failed)
}
