//! Files and folders: whether the server may use them, and whether others may read what is secret.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use super::Finding;
use crate::config::Config;
use crate::erasures::Erasures;
use crate::store;

/// The right of everybody to read.
const OTHERS_READ: u32 = 0o004;

pub(super) fn check(config: &Config, file: Option<&Path>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(file) = file.filter(|_| holds_secrets(config)) {
        findings.extend(secret("settings", file));
    }
    findings.extend(config.key_file.as_deref().and_then(|path| secret("key-file", path)));
    if let Ok(path) = store::file(&config.database) {
        findings.extend(kept("database", &path));
        findings.extend(secret("database", &path));
    }
    findings.push(erasures(config));
    let folders = [("media", &config.media), ("languages", &config.languages)];
    for (about, folder) in folders {
        findings.extend(folder.as_deref().map(|path| readable(about, path)));
    }
    findings
}

/// Whether a file of settings with these may hold a password.
fn holds_secrets(config: &Config) -> bool {
    config.mail.is_some() || config.webhook.is_some() || config.purge_hook.is_some()
}

/// A warning where others than its owner and group may read the file.
fn secret(about: &'static str, path: &Path) -> Option<Finding> {
    let mode = fs::metadata(path).ok()?.mode();
    let says = format!("everybody on this machine may read {}: chmod o= it", path.display());
    (mode & OTHERS_READ != 0).then(|| Finding::warning(about, says))
}

/// An error where the file, or the folder in which it is to be made, cannot be written.
fn kept(about: &'static str, path: &Path) -> Option<Finding> {
    let folder = folder(path);
    let cannot = |path: &Path, error| {
        Finding::error(about, format!("{} cannot be written: {error}", path.display()))
    };
    if path.exists()
        && let Err(error) = access(path, Access::READ_OK | Access::WRITE_OK)
    {
        return Some(cannot(path, error));
    }
    // Beside it stand files of its own.
    let rights = Access::WRITE_OK | Access::EXEC_OK;
    access(&folder, rights).err().map(|error| cannot(&folder, error))
}

fn erasures(config: &Config) -> Finding {
    let (about, list) = ("erasures", Erasures::of(config));
    // A list beside its file is what a shared database has none of.
    if config.erasures.is_none() && store::is_archived(&config.database) {
        return Finding::error(
            about,
            "it is not set: what was erased would come back with an archive of the database, and serve refuses to start",
        );
    }
    if let Some(finding) = kept(about, list.path()) {
        return finding;
    }
    let path = list.path().display();
    match list.read() {
        Ok(erased) => Finding::ok(about, format!("{path} names {} letters", erased.len())),
        Err(error) => Finding::error(about, format!("{path} cannot be read: {error}")),
    }
}

fn readable(about: &'static str, path: &Path) -> Finding {
    match access(path, Access::READ_OK | Access::EXEC_OK) {
        Ok(()) => Finding::ok(about, format!("{} can be read", path.display())),
        Err(error) => Finding::error(about, format!("{} cannot be read: {error}", path.display())),
    }
}

/// The folder that is there, of those in which the file stands or is to be made.
pub(super) fn folder(path: &Path) -> PathBuf {
    let folders = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    let there = folders.into_iter().find(|folder| folder.is_dir());
    there.unwrap_or(Path::new(".")).to_owned()
}
