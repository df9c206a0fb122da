//! The languages that every server has, and that the editors' pages speak.

use std::sync::OnceLock;

use serde::de::DeserializeOwned;

use super::counted::Forms;
use super::pairs::Pairs;

/// The languages that are built in, as BCP 47 tags. Their words are complete.
pub const LANGUAGES: [&str; 2] = ["vi", "en"];

/// What the languages call themselves.
pub(super) const NAMES: [&str; 2] = ["Tiếng Việt", "English"];

/// The one that the others are held against.
pub(super) const ENGLISH: &str = "en";

/// The words of a language, by where they are used. Apart, for those of the interface alone go to every
/// reader of every article.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// The widget's.
    pub(super) interface: Pairs,
    /// Those of the server's own pages.
    pub(super) pages: Pairs,
    /// Those of mails.
    pub(super) mail: Pairs,
    /// Words with a number, by plural category.
    pub(super) counts: Pairs<Forms>,
}

/// The built-in language that a BCP 47 tag asks for: `vi` for `vi-VN`. None for any other.
pub fn known(tag: &str) -> Option<&'static str> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.into_iter().find(|language| primary.eq_ignore_ascii_case(language))
}

/// The words of a language that is built in.
pub(super) fn words(tag: &str) -> Option<&'static Words> {
    static READ: OnceLock<[Words; LANGUAGES.len()]> = OnceLock::new();
    let place = LANGUAGES.into_iter().position(|known| known == tag)?;
    Some(&READ.get_or_init(|| FILES.map(Words::read))[place])
}

/// Those of English, which name every key that there is.
pub(super) fn english() -> &'static Words {
    words(ENGLISH).expect("it is built in")
}

/// In the order of [`LANGUAGES`], and of the fields of [`Words`].
const FILES: [[&str; 4]; LANGUAGES.len()] = [
    [
        include_str!("vi.json"),
        include_str!("pages/vi.json"),
        include_str!("mail/vi.json"),
        include_str!("counts/vi.json"),
    ],
    [
        include_str!("en.json"),
        include_str!("pages/en.json"),
        include_str!("mail/en.json"),
        include_str!("counts/en.json"),
    ],
];

impl Words {
    fn read([interface, pages, mail, counts]: [&str; 4]) -> Self {
        Self {
            interface: parsed(interface),
            pages: parsed(pages),
            mail: parsed(mail),
            counts: parsed(counts),
        }
    }

    /// The sections of plain words, under the names that a file has for them.
    pub(super) fn sections(&self) -> [(&'static str, &Pairs); 3] {
        [("interface", &self.interface), ("pages", &self.pages), ("mail", &self.mail)]
    }
}

fn parsed<T: DeserializeOwned>(file: &str) -> T {
    serde_json::from_str(file).expect("the files are part of the program")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::file::LanguageFile;
    use super::super::template;
    use super::*;

    /// What is asked of a translator's file is asked of ours: the same keys with the same places to fill in, no
    /// HTML, no key twice, the forms of numbers that the language has.
    #[test]
    fn what_is_built_in_passes_the_checks_of_files_and_is_complete() {
        for language in LANGUAGES {
            let text = template::of(words(language).unwrap(), "Name", None);
            let file = LanguageFile::read(Path::new(&format!("{language}.json")), text.as_bytes());
            let missing = file.unwrap().missing();
            // Vietnamese is written the same with every number.
            let missing: Vec<_> =
                missing.iter().filter(|key| language != "vi" || !key.ends_with(", one")).collect();
            assert!(missing.is_empty(), "{language}: {missing:?}");
        }
    }

    #[test]
    fn files_have_their_keys_in_the_same_order() {
        let keys = |language| -> Vec<&str> {
            let sections = words(language).unwrap().sections();
            sections.into_iter().flat_map(|(_, words)| words.keys()).collect()
        };
        assert_eq!(keys("vi"), keys("en"));
    }

    #[test]
    fn a_tag_is_known_by_its_first_part() {
        assert_eq!(known("vi-VN"), Some("vi"));
        assert_eq!(known("EN"), Some("en"));
        assert_eq!(known("vie"), None);
        assert_eq!(known(""), None);
    }
}
