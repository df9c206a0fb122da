//! The interface's words: one file per language, keys to words. The files that are there are the
//! languages that there are.

use std::sync::OnceLock;

use article_widget::contract::Messages;

pub mod admin;
mod interface;
pub mod mail;

pub use interface::Interface;

/// The languages we have words for, as BCP 47 primary tags.
pub const LANGUAGES: [&str; 2] = ["vi", "en"];

static INTERFACE: Words =
    Words::new([include_str!("messages/vi.json"), include_str!("messages/en.json")]);

/// The words of the server's own pages, which no other page's reader has to download.
static PAGES: Words =
    Words::new([include_str!("messages/pages/vi.json"), include_str!("messages/pages/en.json")]);

/// Words in every language, read when they are asked for first.
struct Words {
    files: [&'static str; LANGUAGES.len()],
    read: OnceLock<[Messages; LANGUAGES.len()]>,
}

impl Words {
    /// The words of these files, in the order of [`LANGUAGES`].
    const fn new(files: [&'static str; LANGUAGES.len()]) -> Self {
        Self { files, read: OnceLock::new() }
    }

    fn all(&self) -> &[Messages; LANGUAGES.len()] {
        self.read.get_or_init(|| {
            let read =
                |file| serde_json::from_str(file).expect("the files are part of the program");
            self.files.map(read)
        })
    }

    /// The words in `language`, one of [`LANGUAGES`]; the first language's for any other.
    fn of(&self, language: &str) -> &Messages {
        &self.all()[position(language)]
    }
}

/// The language of ours that a BCP 47 tag asks for: `vi` for `vi-VN`. None where we have no words.
pub fn known(tag: &str) -> Option<&'static str> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.into_iter().find(|language| primary.eq_ignore_ascii_case(language))
}

/// The words in `language`, one of [`LANGUAGES`]; the first language's for any other.
pub fn of(language: &str) -> &'static Messages {
    INTERFACE.of(language)
}

/// The same of the server's own pages.
pub fn of_pages(language: &str) -> &'static Messages {
    PAGES.of(language)
}

fn position(language: &str) -> usize {
    LANGUAGES.into_iter().position(|known| known == language).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_language_has_the_same_words_with_the_same_places_to_fill_in() {
        let places = |words: &'static str| {
            let starts = words.split('{').skip(1);
            let mut places: Vec<_> = starts.filter_map(|rest| rest.split('}').next()).collect();
            places.sort_unstable();
            places
        };
        for words in [of, of_pages, mail::of] {
            let all = |language| -> BTreeMap<&str, Vec<&str>> {
                words(language).iter().map(|(key, words)| (key, places(words))).collect()
            };
            for language in LANGUAGES {
                assert_eq!(all(language), all(LANGUAGES[0]), "{language}");
            }
        }
    }

    #[test]
    fn a_tag_is_known_by_its_first_part() {
        assert_eq!(known("vi-VN"), Some("vi"));
        assert_eq!(known("EN"), Some("en"));
        assert_eq!(known("vie"), None);
        assert_eq!(known(""), None);
    }
}
