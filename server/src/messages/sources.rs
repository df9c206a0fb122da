//! Where each word of a language comes from: its file, what is built in, or the language that stands in for it.

use std::collections::HashMap;
use std::iter::successors;

use article_widget::contract::Messages;
use sha2::{Digest, Sha256};

use super::builtin::{self, ENGLISH, LANGUAGES, NAMES, Words};
use super::counted::Counted;
use super::direction;
use super::file::{Fault, LanguageFile};
use super::language::Language;
use super::languages::{CONSENT, Missing, Terms, VERSION};
use super::pairs::Pairs;

/// The files, and who stands in for whom.
pub(super) struct Sources<'a> {
    pub(super) files: HashMap<&'a str, &'a LanguageFile>,
    /// The tag of the publisher's language.
    pub(super) publisher: &'a str,
}

impl<'a> Sources<'a> {
    /// The language of this tag, whole.
    pub(super) fn language(&self, tag: &str, terms: &Terms) -> Language {
        let sources = self.words(tag);
        let file = self.files.get(tag);
        let built_in =
            LANGUAGES.into_iter().position(|known| known == tag).map(|place| NAMES[place]);
        let name = file.and_then(|file| file.name.as_deref()).or(built_in).unwrap_or(tag);
        let formats = file.and_then(|file| file.formats.as_deref()).unwrap_or(tag);
        let english = builtin::english();
        let flat = |pick: fn(&Words) -> &Pairs| -> Messages {
            let find = |key: &str| sources.iter().find_map(|(_, words)| pick(words).get(key));
            let pairs = pick(english).keys().map(|key| (key.to_owned(), find(key).cloned()));
            pairs.map(|(key, words)| (key, words.unwrap_or_default())).collect()
        };
        let mut language = Language {
            tag: tag.to_owned(),
            name: name.trim().to_owned(),
            dir: direction(tag),
            formats: formats.to_owned(),
            interface: flat(|words| &words.interface),
            pages: flat(|words| &words.pages),
            mail: flat(|words| &words.mail),
            counts: counts(&sources),
        };
        language.name_controller(terms);
        language
    }

    /// The words to look in, in their order, each with their language. The last are complete.
    fn words(&self, tag: &str) -> Vec<(&'a str, &'a Words)> {
        let mut words = Vec::new();
        let mut next = self.known(tag).unwrap_or(ENGLISH);
        while let Some(file) = self.files.get(next).filter(|file| !file.is_override()) {
            words.push((next, &file.words));
            let is_new = |tag: &&str| words.iter().all(|(before, _)| before != tag);
            next = Some(self.fallback(file)).filter(is_new).unwrap_or(ENGLISH);
        }
        words.extend(self.files.get(next).map(|file| (next, &file.words)));
        words.extend(builtin::words(next).map(|complete| (next, complete)));
        words
    }

    /// The language that stands in for a file's: the one that it names, else the publisher's, else English.
    fn fallback(&self, file: &LanguageFile) -> &'a str {
        let named = file.fallback.as_deref().and_then(|named| self.known(named));
        let publisher = || self.known(self.publisher).filter(|tag| *tag != file.tag);
        named.or_else(publisher).unwrap_or(ENGLISH)
    }

    /// What is wrong with the fallback that a file names.
    pub(super) fn wrong_fallback(&self, file: &LanguageFile) -> Option<Fault> {
        let first = file.fallback.as_deref()?;
        if self.known(first).is_none() {
            return Some(file.fault("fallback", "", &format!("there is no language {first:?}")));
        }
        let of = |tag: &&str| self.files.get(*tag)?.fallback.as_deref();
        let mut following = successors(Some(first), of).take(self.files.len() + 1);
        let leads_back = following.any(|tag| tag == file.tag);
        leads_back.then(|| file.fault("fallback", "", "leads back to this language"))
    }

    /// The tag, where it is that of a language that there is.
    fn known(&self, tag: &str) -> Option<&'a str> {
        let built_in = LANGUAGES.into_iter().find(|known| *known == tag);
        built_in.or_else(|| self.files.get(tag).map(|file| file.tag.as_str()))
    }

    /// What a file leaves out, where it does.
    pub(super) fn missing(&self, file: &LanguageFile) -> Option<Missing> {
        let keys = file.missing();
        let is_complete = keys.is_empty() || file.is_override();
        let fallback = self.fallback(file).to_owned();
        (!is_complete).then(|| Missing { file: file.path.clone(), fallback, keys })
    }
}

impl Language {
    /// Has the consent say whose business feedback is, and for how long.
    fn name_controller(&mut self, terms: &Terms) {
        let days = self.count("consent.days", terms.days.into());
        let text = self.interface.get(CONSENT).to_owned();
        let text = self.fill(&text, "days", &days);
        let text = self.fill(&text, "controller", &terms.controller);
        self.interface.set(VERSION, version(&self.tag, &text));
        self.interface.set(CONSENT, text);
    }
}

fn counts(sources: &[(&str, &Words)]) -> Pairs<Counted> {
    let find = |key: &str| {
        let mut found =
            sources.iter().filter_map(|(tag, words)| Some((tag, words.counts.get(key)?)));
        let (tag, forms) = found.next()?;
        Some((key.to_owned(), Counted { tag: (*tag).to_owned(), forms: forms.clone() }))
    };
    Pairs(builtin::english().counts.keys().filter_map(find).collect())
}

/// Names the text: another text has another name.
fn version(language: &str, text: &str) -> String {
    format!("{language}-{}", hex::encode(&Sha256::digest(text)[..4]))
}
