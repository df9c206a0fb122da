//! The languages in use. Where the publisher changes a file, they are read anew; where the change is broken,
//! the ones before stay.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::file::Faults;
use super::folder::{self, Found};
use super::languages::{Languages, Terms};
use crate::config::Config;
use crate::publisher;

/// Owns the languages of a server.
#[derive(Clone)]
pub struct LiveLanguages(Arc<Inner>);

struct Inner {
    folder: Option<PathBuf>,
    terms: Terms,
    now: watch::Sender<Arc<Languages>>,
    /// What was looked at last, broken or not: a broken file is told of once.
    seen: Mutex<Vec<Found>>,
}

/// Files that have changed, and read well.
pub struct Change {
    /// The languages as they are then.
    pub languages: Arc<Languages>,
    found: Vec<Found>,
}

impl LiveLanguages {
    /// Those of the settings.
    ///
    /// # Errors
    /// All that is wrong with the publisher's files.
    pub fn load(config: &Config, public_url: &str) -> Result<Self, Faults> {
        let controller = config.controller.as_deref().unwrap_or(publisher::host(public_url));
        let terms = Terms {
            language: config.language.clone(),
            controller: controller.to_owned(),
            days: config.feedback_days,
        };
        let folder = config.languages.clone();
        let found = folder.as_deref().map(folder::find).transpose()?.unwrap_or_default();
        let languages = Arc::new(Languages::new(&folder::parse(&found)?, &terms)?);
        let (now, seen) = (watch::Sender::new(languages), Mutex::new(found));
        Ok(Self(Arc::new(Inner { folder, terms, now, seen })))
    }

    /// As they are now. Whoever answers a request takes them once: they may change meanwhile.
    pub fn now(&self) -> Arc<Languages> {
        self.0.now.borrow().clone()
    }

    /// Looks at the folder again; none where nothing in it has changed since it was looked at last. Reads
    /// files: not for a thread that serves others.
    ///
    /// # Errors
    /// All that is wrong with the files as they are now; told once.
    pub fn look(&self) -> Result<Option<Change>, Faults> {
        let Some(folder) = &self.0.folder else { return Ok(None) };
        let found = folder::find(folder)?;
        if *self.seen() == found {
            return Ok(None);
        }
        let read = folder::parse(&found).and_then(|files| Languages::new(&files, &self.0.terms));
        match read {
            Ok(languages) => Ok(Some(Change { languages: Arc::new(languages), found })),
            Err(faults) => {
                *self.seen() = found;
                Err(faults)
            }
        }
    }

    /// Has everybody use what has changed from now on.
    pub fn take_over(&self, change: Change) {
        *self.seen() = change.found;
        self.0.now.send_replace(change.languages);
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Found>> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Those that are built in, of nobody: for a command that speaks to no reader.
impl Default for LiveLanguages {
    fn default() -> Self {
        let languages = Languages::builtin("", 1);
        let language = languages.publisher().tag.clone();
        let terms = Terms { language, controller: String::new(), days: 1 };
        let now = watch::Sender::new(Arc::new(languages));
        Self(Arc::new(Inner { folder: None, terms, now, seen: Mutex::default() }))
    }
}

/// Not all their words.
impl fmt::Debug for LiveLanguages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let languages = self.now();
        f.debug_list().entries(languages.iter().map(|language| &language.tag)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_change_is_told_once_and_the_languages_before_stay() {
        let folder = tempfile::tempdir().unwrap();
        let write = |content: &str| std::fs::write(folder.path().join("fr.json"), content).unwrap();
        write(r#"{ "name": "Français" }"#);
        let languages = Some(folder.path().to_owned());
        let live =
            LiveLanguages::load(&Config { languages, ..Config::default() }, "http://a").unwrap();
        let name = || live.now().of("fr").name.clone();
        assert!(live.look().unwrap().is_none(), "nothing has changed");

        for broken in ["{", r#"{ "name": "Langue", "fallback": "tlh" }"#] {
            write(broken);
            let Err(faults) = live.look() else { panic!("{broken} is taken") };
            assert!(faults.to_string().contains("fr.json"), "{faults}");
            assert!(live.look().unwrap().is_none(), "it is told once");
            assert_eq!(name(), "Français");
        }

        write(r#"{ "name": "Langue française" }"#);
        let change = live.look().unwrap().unwrap();
        assert_eq!(name(), "Français", "not before it is taken over");
        live.take_over(change);
        assert_eq!(name(), "Langue française");
        assert!(live.look().unwrap().is_none());
    }

    #[test]
    fn a_folder_that_is_gone_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let languages = Some(folder.path().to_owned());
        let live =
            LiveLanguages::load(&Config { languages, ..Config::default() }, "http://a").unwrap();
        folder.close().unwrap();
        assert!(live.look().is_err());
        assert_eq!(live.now().iter().count(), 2);
    }
}
