//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use article_widget::contract::{ArticleId, InvalidArticleId};
use clap::builder::PossibleValue;
use clap::{Parser, Subcommand, ValueEnum};
use url::Url;

use crate::config::{self, Options};
use crate::people::{self, Role};
use crate::token::Scope;

mod settings;

pub use settings::{Intake, Place};

/// No name of a token is longer, in characters.
const LONGEST_NAME: usize = 100;

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
    /// Say what is found of the settings and of what they name; nothing is made, migrated or sent
    ///
    /// Takes what serve takes, and says for each setting that matters what a server would do by it: whether
    /// the database can be opened and has this version's tables, whether files and folders can be used and
    /// secrets are read by nobody else, whether the mail server speaks, whether clocks agree, how much disk is
    /// free. Fails where a server would not start or not work.
    Check {
        /// Settings.
        #[command(flatten)]
        options: Options,
        /// Print one JSON object, for programs
        #[arg(long)]
        json: bool,
    },
    /// Ask the server that listens here whether it is ready, as a container's health check
    Health {
        /// Where it listens
        #[arg(long, env = "ARTICLE_LISTEN")]
        listen: Option<SocketAddr>,
    },
    /// Read articles into the database; prints one id a line
    ///
    /// All of it is checked before any of it is saved. Articles are saved some hundreds at a time, so that a
    /// server beside it goes on: an import that is broken off has saved whole articles, and the same again
    /// saves the rest.
    Import {
        /// Files, folders of files, URLs, or - for standard input
        #[arg(value_name = "PATH|URL|-", required = true)]
        inputs: Vec<PathBuf>,
        /// What the inputs are
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Where files and standard input are from: their relative addresses are read from this URL
        #[arg(long, value_name = "URL", value_parser = config::feed)]
        base: Option<Url>,
        /// Show again what was withdrawn, where an input has it
        #[arg(long)]
        even_withdrawn: bool,
        /// Where they are kept, and where URLs may lead.
        #[command(flatten)]
        intake: Intake,
    },
    /// Ask feeds for articles; prints the id of each that is new or changed
    ///
    /// Once, or every so often. A feed that is broken keeps no other from being asked. Once, it fails where a
    /// feed did.
    Sync {
        /// Feeds; without any, those of the settings
        #[arg(value_name = "URL", value_parser = config::feed)]
        urls: Vec<Url>,
        /// Go on, and ask each this often: 90s, 5m, 1h
        #[arg(long, value_parser = config::period)]
        every: Option<Duration>,
        /// Feeds of the settings, with commas between them
        #[arg(long, env = "ARTICLE_FEEDS", value_delimiter = ',')]
        feeds: Option<Vec<String>>,
        /// Where they are kept, and where URLs may lead.
        #[command(flatten)]
        intake: Intake,
    },
    /// Write everything as lines of JSON, as it is at one moment, also while a server uses the database
    ///
    /// import takes the articles back. docs/leaving.md says what is in each line.
    Export {
        /// What is written
        #[arg(value_enum, default_value_t)]
        what: Exported,
        /// The new file; standard output without it
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// What readers wrote to the editor, too: names, addresses, telephone numbers
        #[arg(long)]
        with_feedback: bool,
        /// The database that is read: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE")]
        database: Option<String>,
    },
    /// Withdraw articles, also while a server runs; prints what caches have to forget, one address a line
    ///
    /// An address that ends in * stands for all that begin so. Where purge-hook is set, a running server calls
    /// it.
    Withdraw {
        /// Their ids
        #[arg(value_name = "ID", required = true, value_parser = article_id)]
        ids: Vec<ArticleId>,
        /// Why, for the list of revisions; readers do not see it
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
        /// Where they are kept, and where readers and caches reach them.
        #[command(flatten)]
        place: Place,
    },
    /// Copy the database into a new file, also while a server uses it; no reader's key is in the copy
    Backup {
        /// The new file
        file: PathBuf,
        /// The database to copy: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE")]
        database: Option<String>,
    },
    /// Put a copy that backup made in the database's place, for servers that are stopped
    ///
    /// The copy is read as a whole first, and letters that were erased since it was made are erased from it
    /// by the list of erasures: it never stands there with them. Who unsubscribed since stays so. Nobody is
    /// logged in then, and what waited to be sent is not sent, for most of it has been. People and tokens are
    /// those of the copy: what was taken from somebody since has to be taken again.
    Restore {
        /// The copy; it stays as it is
        file: PathBuf,
        /// Where it is put: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE")]
        database: Option<String>,
        /// The list of what was erased; by default beside the database
        #[arg(long, env = "ARTICLE_ERASURES")]
        erasures: Option<PathBuf>,
        /// Replace a database that stands there; what it holds beyond the copy is lost
        #[arg(long)]
        force: bool,
    },
    /// Move everything from a SQLite file to a PostgreSQL database
    ///
    /// Without --finish or --check it moves what there is, also while a server uses the file: as often as you like, and
    /// one that was broken off goes on. Then stop the server, and --finish moves what has changed since and compares both;
    /// from then on servers may use the database. Everybody has to log in again. docs/moving.md says how.
    MigrateStore {
        /// The file: sqlite:PATH
        #[arg(long, value_name = "URL")]
        from: String,
        /// The database, empty or moved to before: postgres://USER@HOST/NAME
        #[arg(long, env = "ARTICLE_MIGRATE_TO", hide_env_values = true, value_name = "URL")]
        to: String,
        /// Do the last round, for which nobody may use the file
        #[arg(long)]
        finish: bool,
        /// Compare, and change nothing
        #[arg(long, conflicts_with = "finish")]
        check: bool,
        /// File with the key that seals the salts, the one that the servers have
        #[arg(long, env = "ARTICLE_KEY_FILE")]
        key_file: Option<PathBuf>,
        /// The publisher's time zone, e.g. Asia/Ho_Chi_Minh
        #[arg(long, env = "ARTICLE_TIME_ZONE")]
        time_zone: Option<String>,
    },
    /// Who may show articles: lists partners, or says what you hold of one
    Partner {
        /// What to do.
        #[command(subcommand)]
        command: PartnerCommand,
        /// Where everything is kept: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE", global = true)]
        database: Option<String>,
    },
    /// Who may log in at /admin, to read and answer feedback
    User {
        /// What to do.
        #[command(subcommand)]
        command: UserCommand,
        /// Where everything is kept: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE", global = true)]
        database: Option<String>,
    },
    /// Print the description of the HTTP interface: OpenAPI 3.1, as JSON
    Openapi,
    /// The words of further languages, for those who translate them
    Languages {
        /// What to do.
        #[command(subcommand)]
        command: LanguagesCommand,
    },
    /// Make, list and revoke the tokens of the publisher's own programs
    Token {
        /// What to do.
        #[command(subcommand)]
        command: TokenCommand,
        /// Where everything is kept: sqlite:PATH
        #[arg(long, env = "ARTICLE_DATABASE", global = true)]
        database: Option<String>,
    },
}

/// What to do with partners.
#[derive(Debug, Subcommand)]
pub enum PartnerCommand {
    /// Print every partner: origin, new, allowed or blocked, and since when it is known
    List,
    /// Have this origin's pages show articles and count views
    Allow {
        /// As `https://partner.example`
        origin: String,
    },
    /// Have this origin's views count no more; of a closed registry it can show nothing either
    Block {
        /// As `https://partner.example`
        origin: String,
    },
    /// Take back what was said of this origin
    Forget {
        /// As `https://partner.example`
        origin: String,
    },
}

/// What to do with languages.
#[derive(Debug, Subcommand)]
pub enum LanguagesCommand {
    /// Say what is wrong with a translator's file, and what is left out in it
    ///
    /// Fails where a server would refuse it.
    Check {
        /// Files, or folders of them, as serve takes them by --languages
        #[arg(value_name = "FILE|FOLDER", required = true)]
        paths: Vec<PathBuf>,
    },
    /// Print a file to begin with: every word that there is, in English
    Template,
}

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Let somebody log in; asks for a password, or reads it as a line of standard input
    Add {
        /// What they log in by
        #[arg(value_parser = person_name)]
        name: String,
        /// What they may do: an editor reads and answers, an admin erases, too
        #[arg(long)]
        role: Role,
    },
    /// Print name, role and time of adding of everybody, one a line
    List,
    /// Give somebody another password, asked for as by add; ends their sessions
    Password {
        /// What they log in by
        #[arg(value_parser = person_name)]
        name: String,
    },
    /// Let somebody log in no more; ends their sessions
    Remove {
        /// What they log in by
        #[arg(value_parser = person_name)]
        name: String,
    },
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, this once: only its hash is kept
    Create {
        /// What it is called; there is one token of a name
        #[arg(long, value_parser = token_name)]
        name: String,
        /// What it may be used for; several with commas, or one after another
        #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',', required = true)]
        scopes: Vec<Scope>,
    },
    /// Print name, scopes and time of making of every token, one a line
    List,
    /// Have a token open nothing any more, from the next request on
    Revoke {
        /// What it is called
        name: String,
    },
}

/// What is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Exported {
    /// Everything, each line with the name of what is in it
    #[default]
    Everything,
    /// The articles alone, as the contract's JSON
    Articles,
}

/// What an input is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What it looks like, by its content
    #[default]
    Auto,
    /// An article in the contract's JSON, or an array of them
    Article,
    /// The contract's JSON, an article a line
    Ndjson,
    /// IPTC ninjs 2 or 3: an item, or an array of them
    Ninjs,
    /// JSON Feed
    JsonFeed,
    /// RSS or Atom
    Feed,
    /// WordPress's REST API: a post, or an array of them
    Wordpress,
    /// Arc XP's ANS: a story, or an array of them
    Ans,
    /// Markdown, with front matter or without
    Markdown,
    /// A page of an article as HTML
    Html,
    /// A page of an article as plain text
    Text,
}

impl ValueEnum for Scope {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

impl ValueEnum for Role {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

fn article_id(text: &str) -> Result<ArticleId, InvalidArticleId> {
    ArticleId::parse(text)
}

fn person_name(text: &str) -> Result<String, String> {
    people::name(text).ok_or_else(|| "1 to 100 characters, no control characters".to_owned())
}

/// A name that a list of lines can hold.
fn token_name(text: &str) -> Result<String, String> {
    let fits = (1..=LONGEST_NAME).contains(&text.chars().count());
    let is_plain = !text.contains(char::is_control) && text.trim() == text;
    if fits && is_plain {
        Ok(text.to_owned())
    } else {
        Err(format!("1 to {LONGEST_NAME} characters, no control characters, no space around them"))
    }
}
