//! `article-server`: see `--help`.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use article_server::cli::{Cli, Command, Format};
use article_server::clock::{Clock as _, SystemClock};
use article_server::config::{Config, LogFormat, Options};
use article_server::erasures::Erasures;
use article_server::revision::Author;
use article_server::store::Saved;
use article_server::time::Calendar;
use article_server::{import, openapi, serve, store};
use clap::Parser as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

mod partner_commands;
mod password_prompt;
mod token_commands;
mod user_commands;
mod withdraw_command;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let file = cli.config.as_deref();
    let database = |database| {
        let options = Options { database, ..Options::default() };
        options.resolve(file).map(|config| config.database)
    };
    match cli.command {
        Command::Serve { options } => serve(options.resolve(file)?).await,
        Command::Import { path, format, database, time_zone } => {
            let options = Options { database, time_zone, ..Options::default() };
            import(&path, format, &options.resolve(file)?).await
        }
        Command::Withdraw { ids, reason, place } => {
            withdraw_command::run(&ids, &reason, &Options::from(place).resolve(file)?).await
        }
        Command::Openapi => Ok(std::io::stdout().write_all(openapi::text().as_bytes())?),
        Command::Partner { command, database: named } => {
            partner_commands::run(command, &database(named)?).await
        }
        Command::Token { command, database: named } => {
            token_commands::run(command, &database(named)?).await
        }
        Command::User { command, database: named } => {
            user_commands::run(command, &database(named)?).await
        }
        Command::Restore { file: copy, database, erasures, force } => {
            let options = Options { database, erasures, ..Options::default() };
            restore(&copy, &options.resolve(file)?, force).await
        }
        Command::Backup { file: target, database: named } => {
            store::backup(&database(named)?, &target).await
        }
    }
}

async fn serve(config: Config) -> anyhow::Result<()> {
    start_log(&config)?;
    serve::raise_limit_of_files();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    Ok(serve::run(listener, config, told_to_stop()?).await?)
}

/// Done when the process is told to stop: SIGTERM or ctrl-c.
fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

fn start_log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log).context("log: no such filter")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let text = match config.log_format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    // At its finest Yew writes whatever it renders: what readers wrote to the editor is among it.
    let is_ours = filter_fn(|event| !event.target().starts_with("yew"));
    if text {
        log.finish().with(is_ours).init()
    } else {
        log.json().flatten_event(true).finish().with(is_ours).init()
    }
    Ok(())
}

async fn import(path: &Path, format: Format, config: &Config) -> anyhow::Result<()> {
    let mut articles = Vec::new();
    for (name, bytes) in inputs(path)? {
        articles.extend(import::read(&bytes, format).with_context(|| name)?);
    }
    import::check_ids(&articles)?;
    let store = store::open(&config.database, &Calendar::new(config.time_zone.clone())).await?;
    let saved = store.save_articles(&articles, &Author::import()).await?;
    let count = |what| saved.iter().filter(|saved| **saved == what).count();
    eprintln!(
        "{} new, {} updated, {} unchanged",
        count(Saved::Created),
        count(Saved::Updated),
        count(Saved::Unchanged)
    );
    let mut out = std::io::stdout().lock();
    for article in &articles {
        writeln!(out, "{}", article.id())?;
    }
    // Last: the articles are saved, whatever becomes of the connection.
    Ok(store.close().await?)
}

/// Says how much was erased again, so that an operator sees a list that is not the right one.
async fn restore(copy: &Path, config: &Config, force: bool) -> anyhow::Result<()> {
    let list = Erasures::of(config);
    let cannot = || format!("cannot read {}", list.path().display());
    let erased = list.read().with_context(cannot)?;
    let named = erased.len();
    let again = store::restore(&config.database, copy, force, erased, SystemClock.now()).await?;
    eprintln!(
        "restored; the list of erasures {} names {named} letters, {again} of them were in the copy \
         and are erased again",
        list.path().display()
    );
    Ok(())
}

/// The inputs and their names: one, or a folder's articles in the order of their names.
fn inputs(path: &Path) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("standard input")?;
        return Ok(vec![("standard input".to_owned(), bytes)]);
    }
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
        let entries = entries.into_iter().map(|entry| entry.path());
        let (articles, others): (Vec<_>, Vec<_>) = entries.partition(|path| is_article(path));
        for other in others {
            eprintln!("skipped {}: no .json or .txt file", other.display());
        }
        files = articles;
        files.sort();
    }
    let read = |path: std::path::PathBuf| {
        let name = path.display().to_string();
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {name}"))?;
        Ok((name, bytes))
    };
    files.into_iter().map(read).collect()
}

/// Whether a folder's entry is an article, by its name.
fn is_article(path: &Path) -> bool {
    let is_hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let is_named_so = path.extension().is_some_and(|kind| kind == "json" || kind == "txt");
    is_named_so && !path.file_name().is_some_and(is_hidden) && path.is_file()
}
