//! What `article-server check` finds: the settings as a server would take them, and whether what they name is there.
//! It only looks: nothing is made, migrated or sent.
//!
//! No finding says a password, or the address of a program that is called.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::config::{Config, ConfigError};

mod database;
mod disk;
mod files;
mod key;
mod mail;
mod settings;
mod tls;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It is well.
    Ok,
    /// It works, and is seldom what is wanted.
    Warning,
    /// A server would not start so, or not work.
    Error,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// The setting that it is about.
    pub about: &'static str,
    /// What was found, as a sentence.
    pub says: String,
}

/// All that was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// In the order of the sample of settings.
    pub findings: Vec<Finding>,
}

impl Finding {
    fn ok(about: &'static str, says: impl Into<String>) -> Self {
        Self { level: Level::Ok, about, says: says.into() }
    }

    fn warning(about: &'static str, says: impl Into<String>) -> Self {
        Self { level: Level::Warning, about, says: says.into() }
    }

    fn error(about: &'static str, says: impl Into<String>) -> Self {
        Self { level: Level::Error, about, says: says.into() }
    }
}

impl Report {
    /// Of settings that no server would take.
    pub fn refused(error: &ConfigError) -> Self {
        Self { findings: vec![Finding::error("settings", error.to_string())] }
    }

    /// How many findings are of this level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding { level, about, says } in &self.findings {
            let level = match level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Error => "error",
            };
            writeln!(formatter, "{level:<8} {about}: {says}")?;
        }
        let (errors, warnings) = (self.count(Level::Error), self.count(Level::Warning));
        writeln!(formatter, "errors: {errors}, warnings: {warnings}")
    }
}

/// Looks at the settings and at what they name; `file` is where they were read from, if from a file.
pub async fn check(config: &Config, file: Option<&Path>) -> Report {
    let mut findings = settings::check(config).await;
    findings.extend(database::check(config).await);
    findings.extend(files::check(config, file));
    findings.extend(disk::check(config));
    findings.extend(mail::check(config).await);
    Report { findings }
}
