//! Every language of a server, with the name of who answers for what readers write.

use std::iter::successors;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use icu::locale::{Locale, LocaleExpander};

use super::builtin::LANGUAGES;
use super::file::{Fault, Faults, LanguageFile};
use super::language::Language;
use super::sources::Sources;
use crate::store::ConsentText;

/// The key of the text that a reader agrees to.
pub(super) const CONSENT: &str = "feedback.consent";
/// The key of its version.
pub(super) const VERSION: &str = "feedback.consent.version";

/// What the words say of one publisher.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The publisher's language: where nothing else decides, and where words are left out.
    pub language: String,
    /// Whose business feedback is.
    pub controller: String,
    /// How many days it is kept.
    pub days: u32,
}

/// The languages that there are, for one publisher.
#[derive(Clone, Debug)]
pub struct Languages {
    /// The built-in ones first, then the files in their order.
    all: Vec<Arc<Language>>,
    publisher: Arc<Language>,
    missing: Vec<Missing>,
}

/// What a file leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Which file.
    pub file: PathBuf,
    /// The language that stands in.
    pub fallback: String,
    /// The keys, with their section.
    pub keys: Vec<String>,
}

impl Languages {
    /// Those that are built in, for the publisher of Vietnamese whose feedback is the business of
    /// `controller`, and is kept so many days.
    pub fn builtin(controller: &str, days: u32) -> Self {
        let (language, controller) = (LANGUAGES[0].to_owned(), controller.to_owned());
        let terms = Terms { language, controller, days };
        Self::new(&[], &terms).expect("what is built in is complete")
    }

    /// Those that are built in and those of the files.
    ///
    /// # Errors
    /// Where a language that files or terms name is not there, or files fall back on one another in a circle.
    pub fn new(files: &[LanguageFile], terms: &Terms) -> Result<Self, Faults> {
        let added = files.iter().filter(|file| !file.is_override()).map(|file| file.tag.as_str());
        let tags: Vec<&str> = LANGUAGES.into_iter().chain(added).collect();
        let place =
            lookup(&tags, &terms.language).ok_or_else(|| unknown(&terms.language, &tags))?;
        let sources = Sources {
            files: files.iter().map(|file| (file.tag.as_str(), file)).collect(),
            publisher: tags[place],
        };
        let wrong: Vec<Fault> =
            files.iter().filter_map(|file| sources.wrong_fallback(file)).collect();
        if !wrong.is_empty() {
            return Err(Faults(wrong));
        }
        let all: Vec<_> = tags.iter().map(|tag| Arc::new(sources.language(tag, terms))).collect();
        let publisher = all[place].clone();
        let missing = files.iter().filter_map(|file| sources.missing(file)).collect();
        Ok(Self { all, publisher, missing })
    }

    /// The language that a BCP 47 tag asks for: its own; else, with one part of the tag after another left off
    /// from its end (RFC 4647, section 3.4), that of the rest; else the first of the same language and script,
    /// `pt-BR` for `pt`. None where there is none.
    pub fn find(&self, tag: &str) -> Option<&Arc<Language>> {
        let tags: Vec<&str> = self.all.iter().map(|language| language.tag.as_str()).collect();
        lookup(&tags, tag).map(|place| &self.all[place])
    }

    /// The same, or the publisher's.
    pub fn of(&self, tag: &str) -> &Arc<Language> {
        self.find(tag).unwrap_or(&self.publisher)
    }

    /// The publisher's.
    pub fn publisher(&self) -> &Arc<Language> {
        &self.publisher
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Language>> {
        self.all.iter()
    }

    /// What files leave out, of those that leave anything out.
    pub fn missing(&self) -> &[Missing] {
        &self.missing
    }

    /// Each text that readers are shown to agree to.
    pub fn consents(&self) -> Vec<ConsentText> {
        let consent = |language: &Arc<Language>| ConsentText {
            version: language.interface.get(VERSION).to_owned(),
            text: language.interface.get(CONSENT).to_owned(),
        };
        self.all.iter().map(consent).collect()
    }

    /// The language of the consent of this version; none where it is no text of today's.
    pub fn of_consent(&self, version: &str) -> Option<&Arc<Language>> {
        self.all.iter().find(|language| language.interface.get(VERSION) == version)
    }
}

/// The place among `tags` of the one that is asked for; see [`Languages::find`].
fn lookup(tags: &[&str], asked: &str) -> Option<usize> {
    let asked = asked.replace('_', "-");
    let own = successors(Some(asked.as_str()), |tag| Some(tag.rsplit_once('-')?.0))
        .find_map(|part| tags.iter().position(|tag| tag.eq_ignore_ascii_case(part)));
    own.or_else(|| {
        let wanted = likely(&asked)?;
        tags.iter().position(|tag| likely(tag).as_ref() == Some(&wanted))
    })
}

/// A tag's language and the script that it is likely to be written in. None for what is no tag.
fn likely(tag: &str) -> Option<(String, String)> {
    let mut id = tag.parse::<Locale>().ok()?.id;
    LocaleExpander::new_extended().maximize(&mut id);
    Some((id.language.to_string(), id.script?.to_string()))
}

fn unknown(tag: &str, tags: &[&str]) -> Faults {
    let reason = format!("{tag:?} is not one we have ({})", tags.join(", "));
    Fault { file: Path::new("language").to_owned(), key: String::new(), reason }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, content: &str) -> LanguageFile {
        LanguageFile::read(Path::new(name), content.as_bytes()).unwrap()
    }

    fn of(publisher: &str, files: &[(&str, &str)]) -> Result<Languages, String> {
        let files: Vec<_> = files.iter().map(|(name, content)| file(name, content)).collect();
        let terms =
            Terms { language: publisher.into(), controller: "Báo Ví Dụ".into(), days: 365 };
        Languages::new(&files, &terms).map_err(|faults| faults.to_string())
    }

    fn found(languages: &Languages, tag: &str) -> Option<String> {
        languages.find(tag).map(|language| language.tag.clone())
    }

    #[test]
    fn a_tag_is_looked_up_part_by_part_then_by_language_and_script() {
        let name = r#"{ "name": "x" }"#;
        let files = ["pt-BR.json", "zh-Hans.json", "fr.json"].map(|file| (file, name));
        let languages = of("vi", &files).unwrap();
        for (asked, expected) in [
            ("vi-VN", "vi"),
            ("VI", "vi"),
            ("fr-CA", "fr"),
            ("fr_FR", "fr"),
            ("pt-br", "pt-BR"),
            ("pt", "pt-BR"),
            ("pt-PT", "pt-BR"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("en-GB-oxendict", "en"),
        ] {
            assert_eq!(found(&languages, asked).as_deref(), Some(expected), "{asked}");
        }
        for none in ["zh-TW", "zh-Hant", "vie", "th", "", "-", "f", "no tag"] {
            assert_eq!(found(&languages, none), None, "{none}");
        }
        assert_eq!(languages.of("th").tag, "vi");
    }

    #[test]
    fn what_is_left_out_is_the_fallbacks_or_the_publishers() {
        let french = r#"{ "name": "Français", "interface": { "share.print": "Imprimer" } }"#;
        let breton =
            r#"{ "name": "Brezhoneg", "fallback": "fr", "interface": { "share.qr": "Kod QR" } }"#;
        let languages = of("vi", &[("fr.json", french), ("br.json", breton)]).unwrap();
        let breton = languages.of("br");
        assert_eq!(breton.interface.get("share.qr"), "Kod QR");
        assert_eq!(breton.interface.get("share.print"), "Imprimer");
        assert_eq!(breton.interface.get("share.button"), "Gửi cho bạn bè");
        assert_eq!(breton.count("most_read.views", 1_000), "1\u{a0}000 lượt xem");
        let missing = languages.missing().iter().find(|missing| missing.file.ends_with("br.json"));
        let missing = missing.unwrap();
        assert_eq!(missing.fallback, "fr");
        assert!(missing.keys.contains(&"interface, share.print".to_owned()));
        assert!(!missing.keys.contains(&"interface, share.qr".to_owned()));
    }

    #[test]
    fn a_publisher_may_have_a_language_of_a_file_which_falls_back_on_english() {
        let languages = of("fr", &[("fr.json", r#"{ "name": "Français" }"#)]).unwrap();
        assert_eq!(languages.publisher().interface.get("share.button"), "Send to friends");
        assert_eq!(languages.of("th").tag, "fr");
        let error = of("de", &[]).unwrap_err();
        assert_eq!(error, "language: \"de\" is not one we have (vi, en)");
    }

    #[test]
    fn who_falls_back_on_one_another_is_refused() {
        let to = |tag: &str| format!(r#"{{ "name": "x", "fallback": "{tag}" }}"#);
        let error = of("vi", &[("fr.json", &to("pt")), ("pt.json", &to("fr"))]).unwrap_err();
        assert!(error.contains("fallback: leads back to this language"), "{error}");
        let error = of("vi", &[("fr.json", &to("tlh"))]).unwrap_err();
        assert_eq!(error, "fr.json, fallback: there is no language \"tlh\"");
        let error = of("vi", &[("fr.json", &to("fr"))]).unwrap_err();
        assert!(error.contains("leads back"), "{error}");
        let languages =
            of("fr", &[("fr.json", &to("pt")), ("pt.json", r#"{ "name": "x" }"#)]).unwrap();
        assert_eq!(languages.of("pt").interface.get("share.print"), "Print", "neither has it");
    }

    #[test]
    fn a_file_changes_words_and_dates_of_what_is_built_in() {
        let british = r#"{ "formats": "en-GB", "interface": { "share.email": "Email" } }"#;
        let languages = of("vi", &[("en.json", british)]).unwrap();
        let english = languages.of("en");
        assert_eq!(english.interface.get("share.email"), "Email");
        assert_eq!(english.interface.get("share.print"), "Print");
        assert_eq!((english.name.as_str(), english.formats.as_str()), ("English", "en-GB"));
        assert_eq!(languages.missing(), []);
        assert_eq!(languages.iter().count(), 2);
    }

    #[test]
    fn consent_names_the_controller_and_has_a_version_for_each_text() {
        let one = Languages::builtin("Báo Ví Dụ", 365);
        let other = Languages::builtin("Báo Khác", 365);
        let longer = Languages::builtin("Báo Ví Dụ", 366);
        for language in LANGUAGES {
            let words = &one.of(language).interface;
            let text = words.get(CONSENT);
            assert!(text.contains("Báo Ví Dụ") && text.contains("365"), "{language}");
            assert!(!text.contains(['{', '}']), "{language}");
            assert_ne!(words.get(VERSION), other.of(language).interface.get(VERSION));
            assert_ne!(words.get(VERSION), longer.of(language).interface.get(VERSION));
            assert_eq!(one.of_consent(words.get(VERSION)).unwrap().tag, language);
            assert_eq!(one.of(words.get(VERSION)).tag, language, "a version begins with it");
        }
        assert!(one.of_consent(other.of("vi").interface.get(VERSION)).is_none());
        let text = |days| Languages::builtin("x", days).of("en").interface.get(CONSENT).to_owned();
        assert!(
            text(1).contains("for 1 day at most") && text(1_000).contains("for 1,000 days at most")
        );
    }

    #[test]
    fn what_is_filled_in_where_words_run_from_right_to_left_is_set_apart() {
        let languages = of("vi", &[("ar.json", r#"{ "name": "العربية" }"#)]).unwrap();
        let arabic = languages.of("ar");
        assert_eq!(arabic.dir, "rtl");
        assert_eq!(
            arabic.fill("من {publisher}", "publisher", "Báo Ví Dụ"),
            "من \u{2068}Báo Ví Dụ\u{2069}"
        );
        assert_eq!(languages.of("vi").fill("của {publisher}", "publisher", "Báo"), "của Báo");
    }
}
