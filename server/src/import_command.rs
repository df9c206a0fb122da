//! `article-server import`: everything is checked first, then saved a few hundred articles at a time.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use article_server::article::StoredArticle;
use article_server::bulk::{
    BATCH, BATCH_BYTES, BulkError, Ids, MOST_BYTES, Reading, Source, sources,
};
use article_server::cli::Format;
use article_server::config::{self, Config};
use article_server::fetch::{Fetcher, Request};
use article_server::revision::Author;
use article_server::store::{self, Saved, Store};
use article_server::sync::ACCEPT;
use article_server::time::Calendar;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// Reads what the inputs name, each a path, a URL or `-`, into the configured database.
pub(crate) async fn run(inputs: &[PathBuf], format: Format, config: &Config) -> anyhow::Result<()> {
    let sources = Arc::new(gather(inputs, config).await?);
    let reading = Reading { format, language: config.language.clone() };
    let count = check(&sources, &reading).await?;
    let store = store::open(&config.database, &Calendar::new(config.time_zone.clone())).await?;
    let saved = save(&*store, sources, reading, count).await;
    store.close().await?;
    saved
}

async fn gather(inputs: &[PathBuf], config: &Config) -> anyhow::Result<Vec<Source>> {
    let fetcher = Fetcher::new(config);
    let mut gathered = Vec::new();
    for input in inputs {
        let name = input.to_string_lossy();
        if input == Path::new("-") {
            let spool = || Source::spooled("standard input", io::stdin().lock());
            gathered.push(spawn_blocking(spool).await?.context("standard input")?);
        } else if name.starts_with("http://") || name.starts_with("https://") {
            gathered.push(fetch(&fetcher, &name).await?);
        } else {
            let skipped = &mut |path: &Path| {
                eprintln!("skipped {}: by its name no article", path.display());
            };
            gathered.extend(sources(input, skipped).with_context(|| name.into_owned())?);
        }
    }
    Ok(gathered)
}

async fn fetch(fetcher: &Fetcher, name: &str) -> anyhow::Result<Source> {
    let url = config::feed(name).map_err(anyhow::Error::msg)?;
    let request = Request { accept: ACCEPT, most_bytes: MOST_BYTES, ..Request::default() };
    let fetched = fetcher.get(&url, &request).await.with_context(|| name.to_owned())?;
    Ok(spawn_blocking(move || Source::fetched(&fetched).set_aside()).await??)
}

/// Reads all of it once and keeps nothing: how many articles there are.
async fn check(sources: &Arc<Vec<Source>>, reading: &Reading) -> anyhow::Result<u64> {
    let (sources, reading) = (sources.clone(), reading.clone());
    let bar = ProgressBar::no_length();
    bar.set_style(ProgressStyle::with_template("checking  {human_pos}  {elapsed}")?);
    let work = move || {
        let mut ids = Ids::default();
        for source in &*sources {
            let checked = reading.each(source, &mut |article| {
                bar.inc(1);
                ids.add(article.id()).map_err(BulkError::from)
            });
            checked.with_context(|| source.name.clone())?;
        }
        bar.finish_and_clear();
        Ok(bar.position())
    };
    spawn_blocking(work).await?
}

/// Reads all of it again and saves it; what is next is read while a batch is saved.
async fn save(
    store: &dyn Store,
    sources: Arc<Vec<Source>>,
    reading: Reading,
    count: u64,
) -> anyhow::Result<()> {
    let (sender, mut batches) = mpsc::channel(1);
    let reader = spawn_blocking(move || read(&sources, &reading, sender));
    let bar = ProgressBar::new(count);
    bar.set_style(ProgressStyle::with_template(
        "saving  {wide_bar}  {human_pos}/{human_len}  {per_sec}  {eta}",
    )?);
    let mut tally = Tally::default();
    while let Some(batch) = batches.recv().await {
        let saved = store.save_articles(&batch, &Author::import()).await?;
        tally.add(&saved);
        bar.inc(u64::try_from(batch.len())?);
        bar.suspend(|| print(&batch));
    }
    bar.finish_and_clear();
    // Only now: what was read before something went wrong is saved, and said to be.
    tally.tell();
    reader.await?
}

fn read(
    sources: &[Source],
    reading: &Reading,
    batches: mpsc::Sender<Vec<StoredArticle>>,
) -> anyhow::Result<()> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for source in sources {
        let read = reading.each(source, &mut |article| {
            bytes += article.json().get().len();
            batch.push(article);
            if batch.len() == BATCH || bytes >= BATCH_BYTES {
                bytes = 0;
                // Nobody takes it where saving has failed, and that is told there.
                batches.blocking_send(std::mem::take(&mut batch))?;
            }
            anyhow::Ok(())
        });
        read.with_context(|| source.name.clone())?;
    }
    if !batch.is_empty() {
        batches.blocking_send(batch)?;
    }
    Ok(())
}

/// One id a line. The articles are saved, whether anybody hears of it or not.
fn print(batch: &[StoredArticle]) {
    let mut out = io::stdout().lock();
    let _ = batch.iter().try_for_each(|article| writeln!(out, "{}", article.id()));
}

/// What was saved.
#[derive(Default)]
struct Tally {
    created: usize,
    updated: usize,
    unchanged: usize,
}

impl Tally {
    fn add(&mut self, saved: &[Saved]) {
        for saved in saved {
            match saved {
                Saved::Created => self.created += 1,
                Saved::Updated => self.updated += 1,
                Saved::Unchanged => self.unchanged += 1,
            }
        }
    }

    fn tell(&self) {
        let Self { created, updated, unchanged } = self;
        eprintln!("{created} new, {updated} updated, {unchanged} unchanged");
    }
}
