//! `article-server import`: everything is checked first, then saved a few hundred articles at a time.

use std::fmt;
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
use article_server::store::{self, Brought, Keep, Saved, Store};
use article_server::sync::ACCEPT;
use article_server::time::Calendar;
use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use url::Url;

/// The bar moves after so many articles: to draw it costs more than to read one.
const TOLD_EVERY: u64 = 100;

/// What is imported, and how.
pub(crate) struct Import {
    /// Each a path, a URL or `-`.
    pub(crate) inputs: Vec<PathBuf>,
    /// What they are.
    pub(crate) format: Format,
    /// Where those that are no URLs are from.
    pub(crate) base: Option<Url>,
    /// Whether what was withdrawn is shown again.
    pub(crate) even_withdrawn: bool,
}

impl Import {
    /// Reads all of it into the configured database.
    pub(crate) async fn run(self, config: &Config) -> anyhow::Result<()> {
        let mut sources = gather(&self.inputs, config).await?;
        for source in &mut sources {
            source.base = source.base.take().or_else(|| self.base.clone());
        }
        let sources = Arc::new(sources);
        let reading = Reading { format: self.format, language: config.language.clone() };
        let count = check(&sources, &reading).await?;
        let store = store::open(&config.database, &Calendar::new(config.time_zone.clone())).await?;
        let saved = save(&*store, sources, reading, count, self.even_withdrawn).await;
        store.close().await?;
        saved
    }
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
    let bytes = sources.iter().map(Source::length).sum::<io::Result<u64>>()?;
    let bar = ProgressBar::new(bytes);
    bar.set_style(ProgressStyle::with_template(
        "checking  {wide_bar}  {binary_bytes}/{binary_total_bytes}  {msg}",
    )?);
    let work = move || {
        let (mut ids, mut count, mut left_out, mut before) = (Ids::default(), 0_u64, 0, 0);
        for source in &*sources {
            let checked = reading.each(source, &mut |article| {
                count += 1;
                if count.is_multiple_of(TOLD_EVERY) {
                    bar.set_position(before + source.bytes_read());
                    bar.set_message(format!("{} articles", HumanCount(count)));
                }
                ids.add(article.id()).map_err(BulkError::from)
            });
            left_out += checked.with_context(|| source.name.clone())?;
            before += source.length()?;
            bar.set_position(before);
        }
        bar.finish_and_clear();
        tell_left_out(left_out);
        Ok(count)
    };
    spawn_blocking(work).await?
}

fn tell_left_out(pictures: u64) {
    if pictures > 0 {
        let pictures = match pictures {
            1 => "1 picture with a relative address".to_owned(),
            many => format!("{many} pictures with relative addresses"),
        };
        eprintln!("{pictures} left out; give the page's URL as --base URL");
    }
}

/// Reads all of it again and saves it; what is next is read while a batch is saved.
async fn save(
    store: &dyn Store,
    sources: Arc<Vec<Source>>,
    reading: Reading,
    count: u64,
    even_withdrawn: bool,
) -> anyhow::Result<()> {
    let (sender, mut batches) = mpsc::channel(1);
    let reader = spawn_blocking(move || read(&sources, &reading, sender));
    let bar = ProgressBar::new(count);
    let style = ProgressStyle::with_template(
        "saving  {wide_bar}  {human_pos}/{human_len} articles  {rate}  {eta} left",
    )?;
    let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
        let _ = write!(out, "{:.0} a second", state.per_sec());
    };
    bar.set_style(style.with_key("rate", rate));
    let mut tally = Tally::default();
    while let Some(batch) = batches.recv().await {
        let brought = if even_withdrawn {
            let saved = store.save_articles(&batch, &Author::import()).await?;
            saved.into_iter().map(Brought::Saved).collect()
        } else {
            store.save_brought(&batch, Keep::Withdrawn).await?
        };
        tally.add(&brought);
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
    kept: usize,
}

impl Tally {
    fn add(&mut self, brought: &[Brought]) {
        for brought in brought {
            match brought {
                Brought::Saved(Saved::Created) => self.created += 1,
                Brought::Saved(Saved::Updated) => self.updated += 1,
                Brought::Saved(Saved::Unchanged) => self.unchanged += 1,
                Brought::Kept => self.kept += 1,
            }
        }
    }

    fn tell(&self) {
        let Self { created, updated, unchanged, kept } = self;
        eprintln!("{created} new, {updated} updated, {unchanged} unchanged");
        if *kept > 0 {
            eprintln!("{kept} withdrawn, and kept so; --even-withdrawn shows them again");
        }
    }
}
