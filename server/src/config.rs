//! What an operator may set. Flags beat `ARTICLE_…` variables, these beat the TOML file, and that
//! beats `article-server.toml`, the commented sample that is also the default.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use article_widget::contract::Settings;
use clap::ValueEnum;
use ipnet::IpNet;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use serde::Deserialize;
use url::Url;

use crate::images::RemoteImages;
use crate::messages;
use crate::operator_key::OperatorKey;
use crate::partners::Registry;
use crate::serve::{Limits, TlsFiles};

mod delivery;
mod feeds;
mod file;
mod hidden;
mod interaction;
mod options;
mod serving;
mod traces;

pub use delivery::{MailSettings, WebhookKey, WebhookSettings};
pub use feeds::{feed, period};
pub use hidden::Hidden;
pub use options::Options;
pub use traces::TraceSettings;

/// The commented sample.
pub const SAMPLE: &str = include_str!("../article-server.toml");

/// A running server's settings, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// Address and port at which figures are given, where they are.
    pub metrics_listen: Option<SocketAddr>,
    /// The certificate and key by which the server speaks TLS, where it does.
    pub tls: Option<TlsFiles>,
    /// How long it goes on after it was told to stop, saying that it is not ready.
    pub drain_delay: Duration,
    /// The database's URL: `sqlite:PATH` or `postgres://…`.
    pub database: String,
    /// Where the key is kept.
    pub key_file: Option<PathBuf>,
    /// Seals what no copy of the database is to tell.
    pub key: Option<OperatorKey>,
    /// How readers reach the server, without a slash at the end; by default the address listened on.
    pub public_url: Option<String>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// What connections are held to.
    pub limits: Limits,
    /// Who is a partner that the publisher has said nothing of.
    pub partners: Registry,
    /// Networks in which many readers have one address.
    pub shared_networks: Vec<IpNet>,
    /// Views of one article that readers who look alike may count there in half an hour.
    pub shared_views: u16,
    /// The publisher's time zone.
    pub time_zone: TimeZone,
    /// The interface's language where nothing else decides: a built-in one, or one of a file in `languages`.
    pub language: String,
    /// Folder of files with the words of further languages.
    pub languages: Option<PathBuf>,
    /// Whether the most-read list tells readers how often each article was read.
    pub show_views: bool,
    /// The publisher's name; by default the public URL's host.
    pub publisher: Option<String>,
    /// On what terms partners may reprint articles. Without it they are given no whole text.
    pub licence: Option<String>,
    /// Who answers for what readers write; by default the public URL's host.
    pub controller: Option<String>,
    /// What every embed tells the widget: ways to share, the form's fields.
    pub settings: Settings,
    /// Days after which feedback is erased.
    pub feedback_days: u32,
    /// File that remembers what was erased; by default beside the database.
    pub erasures: Option<PathBuf>,
    /// How mail leaves, where it does.
    pub mail: Option<MailSettings>,
    /// Whom a program's call tells of new feedback.
    pub webhook: Option<WebhookSettings>,
    /// Whom one tells of what caches have to forget.
    pub purge_hook: Option<WebhookSettings>,
    /// Folder served at `/media/`.
    pub media: Option<PathBuf>,
    /// Networks beyond the public internet that URLs from outside may lead to.
    pub import_networks: Vec<IpNet>,
    /// Networks beyond the public internet whose pages anybody may have looked at.
    pub check_networks: Vec<IpNet>,
    /// Feeds that are asked for articles.
    pub feeds: Vec<Url>,
    /// How often they are asked.
    pub sync_every: Duration,
    /// What becomes of pictures that stand on other servers.
    pub remote_images: RemoteImages,
    /// What the log holds, as `tracing` filters.
    pub log: String,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Where traces go, if anywhere.
    pub traces: Option<TraceSettings>,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text on a terminal, JSON elsewhere.
    #[default]
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Settings that make no sense. The text names the setting.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// The file is no TOML, or names a setting that there is not.
    #[error("{path}, line {line}: {reason}", path = path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Where in it, counted from 1.
        line: usize,
        /// What is wrong. It says no value: that may be a password.
        reason: String,
    },
    /// A value is out of bounds.
    #[error("{setting}: {reason}")]
    Value {
        /// Its name in the file.
        setting: &'static str,
        /// What is wrong.
        reason: String,
    },
}

impl Default for Config {
    /// The commented sample's settings.
    fn default() -> Self {
        Options::default().resolve(None).expect("the sample is a whole configuration")
    }
}

impl Options {
    /// Lays these options over the file, if there is one, and over the sample.
    ///
    /// # Errors
    /// See [`ConfigError`].
    pub fn resolve(self, file: Option<&Path>) -> Result<Config, ConfigError> {
        let layers = match file {
            Some(path) => self.over(file::read(path)?),
            None => self,
        };
        let sample = toml::from_str(SAMPLE).expect("the sample is part of the program");
        layers.over(sample).check()
    }

    fn check(self) -> Result<Config, ConfigError> {
        let mail = delivery::mail(&self)?;
        let webhook = delivery::webhook(&self)?;
        let purge_hook = delivery::purge_hook(&self)?;
        let sends_mail = mail.as_ref().is_some_and(|mail| mail.sends_articles);
        let traces = traces::traces(&self)?;
        let settings = Settings { sends_mail, ..interaction::check(&self)? };
        let time_zone = required("time-zone", self.time_zone)?;
        let languages = self.languages.map(|path| folder("languages", path)).transpose()?;
        let language = language(required("language", self.language)?, languages.as_deref())?;
        Ok(Config {
            listen: required("listen", self.listen)?,
            metrics_listen: self.metrics_listen,
            tls: serving::tls(self.tls_certificate, self.tls_key)?,
            drain_delay: serving::drain_delay(&required("drain-delay", self.drain_delay)?)?,
            database: required("database", self.database)?,
            key: self.key_file.as_deref().map(key).transpose()?,
            key_file: self.key_file,
            public_url: self.public_url.map(|url| public_url(&url)).transpose()?,
            trusted_proxies: self.trusted_proxies.unwrap_or_default(),
            limits: Limits { http2: self.http2.unwrap_or_default(), ..Limits::default() },
            partners: self.partners.unwrap_or_default(),
            shared_networks: self.shared_networks.unwrap_or_default(),
            shared_views: required("shared-views", self.shared_views)?.max(1),
            time_zone: TimeZone::get(&time_zone).map_err(|error| wrong("time-zone", &error))?,
            language,
            languages,
            show_views: self.show_views.unwrap_or_default(),
            publisher: self.publisher.filter(|name| !name.trim().is_empty()),
            licence: self.licence.filter(|terms| !terms.trim().is_empty()),
            controller: self.controller,
            settings,
            feedback_days: days(required("feedback-days", self.feedback_days)?)?,
            erasures: self.erasures,
            mail,
            webhook,
            purge_hook,
            media: self.media.map(|path| folder("media", path)).transpose()?,
            import_networks: self.import_networks.unwrap_or_default(),
            check_networks: self.check_networks.unwrap_or_default(),
            feeds: feeds::urls(&self.feeds.unwrap_or_default())?,
            sync_every: feeds::period(&required("sync-every", self.sync_every)?)
                .map_err(|reason| wrong("sync-every", &reason))?,
            remote_images: self.remote_images.unwrap_or_default(),
            log: required("log", self.log)?,
            log_format: self.log_format.unwrap_or_default(),
            traces,
        })
    }
}

fn key(path: &Path) -> Result<OperatorKey, ConfigError> {
    OperatorKey::read(path).map_err(|error| wrong("key-file", &format!("{error:#}")))
}

/// Feedback that is erased at once is none.
fn days(days: u32) -> Result<u32, ConfigError> {
    if days > 0 { Ok(days) } else { Err(wrong("feedback-days", &"is 1 or more")) }
}

fn required<T>(setting: &'static str, value: Option<T>) -> Result<T, ConfigError> {
    value.ok_or_else(|| wrong(setting, &"is missing"))
}

fn wrong(setting: &'static str, reason: &dyn std::fmt::Display) -> ConfigError {
    ConfigError::Value { setting, reason: reason.to_string() }
}

/// A time such as `90s` or `1h 30m`; none where it is no such thing, or less than nothing.
fn duration(text: &str) -> Option<Duration> {
    let duration = text.trim().parse::<SignedDuration>().ok()?;
    Duration::try_from(duration).ok()
}

/// An origin: no path, for everything the server answers stands at fixed paths below it.
fn public_url(text: &str) -> Result<String, ConfigError> {
    let reason = || wrong("public-url", &"an http or https URL without a path, query or fragment");
    let url = Url::parse(text).map_err(|_| reason())?;
    let bare = matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if bare { Ok(url.origin().ascii_serialization()) } else { Err(reason()) }
}

/// A language that is built in, under its own tag. What files there are in the folder is seen when they are read.
fn language(tag: String, folder: Option<&Path>) -> Result<String, ConfigError> {
    match (messages::known(&tag), folder) {
        (_, Some(_)) => Ok(tag),
        (Some(known), None) => Ok(known.to_owned()),
        (None, None) => Err(wrong("language", &format!("{tag:?} is not one we have"))),
    }
}

fn folder(setting: &'static str, path: PathBuf) -> Result<PathBuf, ConfigError> {
    if path.is_dir() {
        Ok(path)
    } else {
        Err(wrong(setting, &format!("{} is no folder", path.display())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_is_the_default_and_names_every_option() {
        let config = Config::default();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.time_zone.iana_name(), Some("Asia/Ho_Chi_Minh"));
        let options = <Options as clap::Args>::augment_args(clap::Command::new("test"));
        for option in options.get_arguments().filter_map(clap::Arg::get_long) {
            assert!(SAMPLE.contains(&format!("{option} = ")), "{option}");
        }
    }

    #[test]
    fn a_file_lies_over_the_sample_and_a_flag_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:1\"\npublic-url = \"https://a.example/\"\n")
            .unwrap();
        let flags = Options { listen: "127.0.0.1:2".parse().ok(), ..Options::default() };
        let config = flags.resolve(Some(&path)).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.public_url.as_deref(), Some("https://a.example"));
        assert_eq!(config.language, "vi");
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let with = |change: fn(&mut Options)| {
            let mut options = Options::default();
            change(&mut options);
            options.resolve(None).unwrap_err().to_string()
        };
        assert!(with(|o| o.public_url = Some("news.example".into())).starts_with("public-url: "));
        let with_path = with(|o| o.public_url = Some("https://news.example/a".into()));
        assert!(with_path.starts_with("public-url: "));
        assert!(with(|o| o.time_zone = Some("Mars".into())).starts_with("time-zone: "));
        assert!(with(|o| o.language = Some("tlh".into())).starts_with("language: "));
        assert!(with(|o| o.languages = Some("/no/such/folder".into())).starts_with("languages: "));
        assert!(with(|o| o.feedback_days = Some(0)).starts_with("feedback-days: "));
        assert!(with(|o| o.media = Some("/no/such/folder".into())).starts_with("media: "));
    }
}
