//! `article-server`: see `--help`.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use article_server::cli::{Cli, Command};
use article_server::clock::{Clock as _, SystemClock};
use article_server::config::{Config, LogFormat, Options};
use article_server::erasures::Erasures;
use article_server::serve::Inherited;
use article_server::traces::Traces;
use article_server::{openapi, serve, store};
use clap::Parser as _;
use tokio::signal::unix::{SignalKind, signal};
use tracing::Level;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;

mod check_command;
mod export_command;
mod health_command;
mod import_command;
mod languages_command;
mod migrate_command;
mod partner_commands;
mod password_prompt;
mod sync_command;
mod token_commands;
mod user_commands;
mod withdraw_command;

fn main() -> ExitCode {
    match begin(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let error = told(&error);
            // Where there is a log, programs may read it.
            if tracing::enabled!(Level::ERROR) {
                tracing::error!(error, "the server ends");
            } else {
                eprintln!("Error: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

fn begin(cli: Cli) -> anyhow::Result<()> {
    // There is one thread yet, as this wants it.
    let inherited = match cli.command {
        Command::Serve { .. } => Inherited::take().context("no sockets were handed over")?,
        _ => Inherited::default(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(cli, inherited))
}

/// An error with its causes on one line, each once: many say their cause themselves. Without a backtrace, which says
/// nothing to who uses a command.
fn told(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| match cause.to_string() {
        cause if told.is_empty() => cause,
        cause if told.contains(&cause) => told,
        cause => [told, cause].join(": "),
    })
}

async fn run(cli: Cli, inherited: Inherited) -> anyhow::Result<()> {
    let file = cli.config.as_deref();
    let database = |database| {
        let options = Options { database, ..Options::default() };
        options.resolve(file).map(|config| config.database)
    };
    match cli.command {
        Command::Serve { options } => serve(inherited, options.resolve(file)?).await,
        Command::Health { listen } => {
            let options = Options { listen, ..Options::default() };
            health_command::run(options.resolve(file)?.listen).await
        }
        Command::Check { options, json } => check_command::run(options, file, json).await,
        Command::Import { inputs, format, base, even_withdrawn, intake } => {
            let import = import_command::Import { inputs, format, base, even_withdrawn };
            import.run(&Options::from(intake).resolve(file)?).await
        }
        Command::Sync { urls, every, feeds, intake } => {
            let options = Options { feeds, ..Options::from(intake) };
            sync_command::run(urls, every, options.resolve(file)?, told_to_stop()?).await
        }
        Command::Export { what, output, with_feedback, database: named } => {
            export_command::run(what, output.as_deref(), with_feedback, &database(named)?).await
        }
        Command::Withdraw { ids, reason, place } => {
            withdraw_command::run(&ids, &reason, &Options::from(place).resolve(file)?).await
        }
        Command::Languages { command } => languages_command::run(&command),
        Command::MigrateStore { from, to, finish, check, key_file, time_zone } => {
            let options = Options { key_file, time_zone, ..Options::default() };
            let round = migrate_command::Round::of(finish, check);
            migrate_command::run(round, &from, &to, &options.resolve(file)?).await
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

async fn serve(inherited: Inherited, config: Config) -> anyhow::Result<()> {
    start_log(&config)?;
    serve::raise_limit_of_files();
    let traces = config.traces.as_ref().map(Traces::start).transpose()?;
    let served = serve::run_as_process(inherited, config).await;
    if let Some(traces) = traces {
        traces.stop().await;
    }
    Ok(served?)
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
        // The list of spans says more than the innermost of them, and the request is always in it.
        log.json().flatten_event(true).with_current_span(false).finish().with(is_ours).init()
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_once_whether_the_error_says_it_itself_or_not() {
        let silent = anyhow::anyhow!("it has no end").context("article 3").context("a.json");
        assert_eq!(told(&silent), "a.json: article 3: it has no end");
        let telling = anyhow::anyhow!("it has no end").context("article 3: it has no end");
        assert_eq!(told(&telling.context("a.json")), "a.json: article 3: it has no end");
    }
}
