//! The command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::config::Options;

/// Serves articles to partners' pages.
#[derive(Debug, Parser)]
#[command(name = "article-server", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// A TOML file with settings; article-server.toml is a commented sample
    #[arg(long, env = "ARTICLE_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it")]
pub enum Command {
    /// Serve until told to stop
    Serve {
        /// Settings.
        #[command(flatten)]
        options: Options,
    },
    /// Read articles into the database, all of them or none; prints one id a line
    Import {
        /// A file, a folder of files, or - for standard input
        #[arg(value_name = "PATH|-")]
        path: PathBuf,
        /// What the input is
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Where everything is kept: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE")]
        database: Option<String>,
        /// The publisher's time zone, e.g. Asia/Ho_Chi_Minh: where the day of an embargo begins
        #[arg(long, env = "ARTICLE_TIME_ZONE")]
        time_zone: Option<String>,
    },
    /// Copy the database into a new file, also while a server uses it; no reader's key is in the copy
    Backup {
        /// The new file
        file: PathBuf,
        /// The database to copy: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE")]
        database: Option<String>,
    },
}

/// What an input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// JSON where it begins with { or [, else text
    #[default]
    Auto,
    /// An article in the contract's JSON, or an array of them
    Article,
    /// A page of an article as plain text
    Text,
}
