//! Settings of commands that do not take them all.

use ipnet::IpNet;

use crate::config::{Hidden, Options};

/// What a command that brings articles in has to know.
#[derive(Debug, clap::Args)]
pub struct Intake {
    /// Networks beyond the public internet that URLs may lead to: 10.1.0.0/16,…
    #[arg(long, env = "ARTICLE_IMPORT_NETWORKS", value_delimiter = ',')]
    pub import_networks: Option<Vec<IpNet>>,
    /// Where everything is kept: sqlite:PATH
    #[arg(long, env = "ARTICLE_DATABASE")]
    pub database: Option<String>,
    /// The publisher's time zone, e.g. Asia/Ho_Chi_Minh: where the day of an embargo begins
    #[arg(long, env = "ARTICLE_TIME_ZONE")]
    pub time_zone: Option<String>,
}

impl From<Intake> for Options {
    fn from(intake: Intake) -> Self {
        let Intake { import_networks, database, time_zone } = intake;
        Self { import_networks, database, time_zone, ..Self::default() }
    }
}

/// What a command that changes articles has to know.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// Where everything is kept: sqlite:PATH
    #[arg(long, env = "ARTICLE_DATABASE")]
    pub database: Option<String>,
    /// How readers reach the server: scheme, host and port
    #[arg(long, env = "ARTICLE_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The publisher's time zone, e.g. Asia/Ho_Chi_Minh: where the day of an embargo begins
    #[arg(long, env = "ARTICLE_TIME_ZONE")]
    pub time_zone: Option<String>,
    /// URL that hears what caches have to forget
    #[arg(long, env = "ARTICLE_PURGE_HOOK", hide_env_values = true)]
    pub purge_hook: Option<Hidden>,
    /// What its calls are signed with
    #[arg(long, env = "ARTICLE_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<Hidden>,
}

impl From<Place> for Options {
    fn from(place: Place) -> Self {
        let Place { database, public_url, time_zone, purge_hook, webhook_secret } = place;
        Self { database, public_url, time_zone, purge_hook, webhook_secret, ..Self::default() }
    }
}
