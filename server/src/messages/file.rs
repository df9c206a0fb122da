//! A file of words that a translator has written: read, and held against what is built in.
//!
//! The words end up in pages and mails, so nothing in them is taken on trust: no word holds markup, or a place
//! to fill in that nobody fills.

use std::fmt;
use std::path::{Path, PathBuf};

use icu::locale::{Locale, LocaleCanonicalizer};
use serde::Deserialize;

use super::builtin::{self, Words};
use super::counted::{self, Forms, OTHER};
use super::pairs::Pairs;

mod check;

/// No file is longer, in bytes: several times what every word takes.
pub(super) const LONGEST_FILE: u64 = 256 << 10;
/// No name of a language is longer, in characters.
const LONGEST_NAME: usize = 60;

/// One language, as its file has it.
#[derive(Clone, Debug)]
pub struct LanguageFile {
    /// BCP 47, from the file's name.
    pub tag: String,
    /// Where it stands.
    pub path: PathBuf,
    /// What the language calls itself; none in a file that only changes words of a built-in one.
    pub(super) name: Option<String>,
    /// The language whose words stand in for those that are left out.
    pub(super) fallback: Option<String>,
    /// The locale by which dates and numbers are written, where the tag does not say it.
    pub(super) formats: Option<String>,
    pub(super) words: Words,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which file.
    pub file: PathBuf,
    /// Where in it: `pages, form.back`; empty for the file as a whole.
    pub key: String,
    /// What is wrong.
    pub reason: String,
}

/// Every fault of some files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub Vec<Fault>);

/// As JSON has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    name: Option<String>,
    fallback: Option<String>,
    formats: Option<String>,
    #[serde(default)]
    interface: Pairs,
    #[serde(default)]
    pages: Pairs,
    #[serde(default)]
    mail: Pairs,
    #[serde(default)]
    counts: Pairs<Forms>,
}

impl LanguageFile {
    /// Reads what stands at `path`.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(path: &Path, content: &[u8]) -> Result<Self, Faults> {
        let fault = |key: &str, reason: String| {
            Faults(vec![Fault { file: path.to_owned(), key: key.to_owned(), reason }])
        };
        if content.len() as u64 > LONGEST_FILE {
            return Err(fault("", format!("is longer than {LONGEST_FILE} bytes")));
        }
        let tag = tag(path).map_err(|reason| fault("", reason))?;
        let Content { name, fallback, formats, interface, pages, mail, counts } =
            parse(content).map_err(|(key, reason)| fault(&key, reason))?;
        let words = Words { interface, pages, mail, counts };
        let file = Self { tag, path: path.to_owned(), name, fallback, formats, words };
        let faults = file.faults();
        if faults.is_empty() { Ok(file) } else { Err(Faults(faults)) }
    }

    /// The keys that it leaves out, with their section, and forms of numbers. A file that changes words of a
    /// built-in language leaves nothing out.
    pub fn missing(&self) -> Vec<String> {
        let english = builtin::english();
        let sections = english.sections().into_iter().zip(self.words.sections());
        let mut missing: Vec<String> = sections
            .flat_map(|((section, all), (_, own))| {
                let left_out = all.keys().filter(|key| own.get(key).is_none());
                left_out.map(move |key| format!("{section}, {key}"))
            })
            .collect();
        for key in english.counts.keys() {
            let forms = self.words.counts.get(key);
            let has = |category: &str| forms.is_some_and(|forms| forms.get(category).is_some());
            let left_out = counted::categories(&self.tag).into_iter().filter(|one| !has(one));
            missing.extend(left_out.map(|category| format!("counts, {key}, {category}")));
        }
        missing
    }

    /// It changes a language that is there without it.
    pub fn is_override(&self) -> bool {
        builtin::words(&self.tag).is_some()
    }

    fn faults(&self) -> Vec<Fault> {
        let english = builtin::english();
        let mut faults = self.head_faults();
        for ((section, known), (_, own)) in
            english.sections().into_iter().zip(self.words.sections())
        {
            faults.extend(own.twice().map(|key| self.fault(section, key, "stands there twice")));
            for (key, words) in &own.0 {
                let wrong = match known.get(key) {
                    None => Some("there is no such key".to_owned()),
                    Some(model) => check::words(words, model, may_be_empty(section, key)),
                };
                faults.extend(wrong.map(|reason| self.fault(section, key, &reason)));
            }
        }
        for (key, forms) in &self.words.counts.0 {
            let wrong = match english.counts.get(key) {
                None => vec!["there is no such key".to_owned()],
                Some(_) => check::forms(forms, &counted::categories(&self.tag)),
            };
            faults.extend(wrong.iter().map(|reason| self.fault("counts", key, reason)));
        }
        faults.extend(
            self.words.counts.twice().map(|key| self.fault("counts", key, "stands there twice")),
        );
        faults
    }

    fn head_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let name = self.name.as_deref().map(str::trim);
        let long = name.is_some_and(|name| name.chars().count() > LONGEST_NAME);
        let wrong = match name {
            None if self.is_override() => None,
            None | Some("") => Some("is missing: what the language calls itself".to_owned()),
            Some(_) if long => Some(format!("is longer than {LONGEST_NAME} characters")),
            Some(name) => check::words(name, "", false),
        };
        faults.extend(wrong.map(|reason| self.fault("name", "", &reason)));
        if let Some(formats) = &self.formats
            && !formats.parse::<Locale>().is_ok_and(|locale| !locale.id.language.is_unknown())
        {
            faults.push(self.fault("formats", "", "is no locale, as en-GB or ar-u-nu-latn"));
        }
        faults
    }

    pub(super) fn fault(&self, section: &str, key: &str, reason: &str) -> Fault {
        let key = if key.is_empty() { section.to_owned() } else { format!("{section}, {key}") };
        Fault { file: self.path.clone(), key, reason: reason.to_owned() }
    }
}

/// Where one of ours is empty, as the word before a source's date.
fn may_be_empty(section: &str, key: &str) -> bool {
    builtin::LANGUAGES.into_iter().filter_map(builtin::words).any(|words| {
        let mut sections = words.sections().into_iter();
        let found = sections.find(|(name, _)| *name == section);
        found.is_some_and(|(_, words)| words.get(key).is_some_and(String::is_empty))
    })
}

/// The language that a file's name names: `fr.json`, `pt-BR.json`.
fn tag(path: &Path) -> Result<String, String> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let stem = name.strip_suffix(".json").unwrap_or_default();
    let wrong = || "is not named by a language, as fr.json or pt-BR.json (BCP 47)".to_owned();
    let mut locale: Locale = stem.parse().map_err(|_| wrong())?;
    if locale.id.language.is_unknown() || locale.id.to_string() != locale.to_string() {
        return Err(wrong());
    }
    LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
    let canonical = locale.to_string();
    if canonical == stem { Ok(canonical) } else { Err(format!("is to be named {canonical}.json")) }
}

/// The content, or the key and what is wrong with it.
fn parse(content: &[u8]) -> Result<Content, (String, String)> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let mut json = serde_json::Deserializer::from_slice(content);
    let read: Content = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let key = error.path().to_string();
        (if key == "." { String::new() } else { key }, error.into_inner().to_string())
    })?;
    json.end().map_err(|error| (String::new(), error.to_string()))?;
    Ok(read)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, key, reason } = self;
        match key.as_str() {
            "" => write!(f, "{}: {reason}", file.display()),
            key => write!(f, "{}, {key}: {reason}", file.display()),
        }
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&faults.join("; "))
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, content: &str) -> Result<LanguageFile, String> {
        LanguageFile::read(Path::new(name), content.as_bytes()).map_err(|faults| faults.to_string())
    }

    fn french(more: &str) -> Result<LanguageFile, String> {
        read("fr.json", &format!(r#"{{ "name": "Français", {more} }}"#))
    }

    #[test]
    fn a_file_may_leave_words_out_and_says_which() {
        let file = french(r#""interface": { "share.print": "Imprimer" }"#).unwrap();
        let missing = file.missing();
        assert!(missing.iter().any(|key| key == "interface, share.button"));
        assert!(missing.iter().any(|key| key == "counts, most_read.views, one"));
        assert!(!missing.iter().any(|key| key == "interface, share.print"));
        assert!(!file.is_override());
    }

    #[test]
    fn a_files_name_is_a_language_written_as_bcp_47_does() {
        for (name, said) in [
            ("french.json", "is not named by a language"),
            ("und.json", "is not named by a language"),
            (".json", "is not named by a language"),
            ("fr-u-nu-latn.json", "is not named by a language"),
            ("PT-br.json", "is to be named pt-BR.json"),
            ("pt_BR.json", "is not named by a language"),
            ("iw.json", "is to be named he.json"),
        ] {
            let error = read(name, r#"{ "name": "x" }"#).unwrap_err();
            assert!(error.contains(said), "{name}: {error}");
        }
        for name in ["fr.json", "pt-BR.json", "zh-Hant.json", "es-419.json"] {
            assert!(read(name, r#"{ "name": "x" }"#).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_file_and_key() {
        for (more, said) in [
            (
                r#""interface": { "share.buton": "x" }"#,
                "fr.json, interface, share.buton: there is no such key",
            ),
            (r#""pages": { "form.back": 3 }"#, "fr.json, pages.form.back: invalid type"),
            (r#""words": {}"#, "fr.json, words: unknown field"),
            (r#""pages": { "form.back": "a", "form.back": "b" }"#, "form.back: stands there twice"),
            (
                r#""mail": { "notice.subject": "Avis" }"#,
                "notice.subject: {title} has to stand in it",
            ),
            (
                r#""mail": { "notice.subject": "{title} {name}" }"#,
                "nothing stands in for {name} here",
            ),
            (r#""interface": { "share.print": "<b>Imprimer</b>" }"#, "share.print: holds HTML"),
            (r#""interface": { "share.print": "Imprimer&nbsp;!" }"#, "share.print: holds HTML"),
            (r#""interface": { "share.print": " " }"#, "share.print: is empty"),
            (
                r#""interface": { "share.print": "a\u0007" }"#,
                "share.print: holds a control character",
            ),
            (
                r#""counts": { "most_read.views": { "one": "{count} vue" } }"#,
                "\"other\" is missing",
            ),
            (
                r#""counts": { "most_read.views": { "other": "vues" } }"#,
                "{count} has to stand in it",
            ),
            (
                r#""counts": { "most_read.views": { "few": "x", "other": "{count}" } }"#,
                "\"few\" is none of its forms",
            ),
            (r#""formats": "not a locale""#, "formats: is no locale"),
        ] {
            let error = french(more).unwrap_err();
            assert!(error.contains(said), "{more}: {error}");
        }
        assert!(read("fr.json", "{}").unwrap_err().contains("name: is missing"));
        assert!(read("en.json", "{}").is_ok(), "the name of what is built in is known");
        assert!(read("fr.json", "{\"name\": \"x\"").unwrap_err().contains("line 1"));
        assert!(read("fr.json", "{\"name\": \"x\"} {}").unwrap_err().contains("trailing"));
        let long = format!(r#""interface": {{ "share.print": "{}" }}"#, "a".repeat(2_001));
        assert!(french(&long).unwrap_err().contains("longer than 2000 characters"));
        let huge = " ".repeat(LONGEST_FILE as usize + 1);
        assert!(read("fr.json", &huge).unwrap_err().contains("longer than 262144 bytes"));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let error =
            french(r#""interface": { "a": "x", "share.print": "" }, "pages": { "b": "y" }"#);
        assert_eq!(error.unwrap_err().matches("fr.json, ").count(), 3);
    }

    /// Words about markup name it, and are shown as text.
    #[test]
    fn markup_that_the_words_are_about_may_stand_in_them() {
        let about =
            r#""pages": { "check.no_loader": "Il manque le <script> de <article-widget>." }"#;
        assert!(french(about).is_ok());
        let other = r#""pages": { "check.no_loader": "Il manque le <iframe>." }"#;
        assert!(french(other).unwrap_err().contains("holds HTML"));
    }
}
