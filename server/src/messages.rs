//! The interface's words: one file per language, keys to words. The files that are there are the
//! languages that there are.

use std::sync::LazyLock;

use article_widget::contract::Messages;

pub mod admin;
mod interface;
pub mod mail;

pub use interface::Interface;

/// The languages we have words for, as BCP 47 primary tags.
pub const LANGUAGES: [&str; 2] = ["vi", "en"];

static FILES: LazyLock<[Messages; LANGUAGES.len()]> = LazyLock::new(|| {
    [include_str!("messages/vi.json"), include_str!("messages/en.json")]
        .map(|file| serde_json::from_str(file).expect("the files are part of the program"))
});

/// The words of the server's own pages, which no other page's reader has to download.
static PAGES: LazyLock<[Messages; LANGUAGES.len()]> = LazyLock::new(|| {
    [include_str!("messages/pages/vi.json"), include_str!("messages/pages/en.json")]
        .map(|file| serde_json::from_str(file).expect("the files are part of the program"))
});

/// The language of ours that a BCP 47 tag asks for: `vi` for `vi-VN`. None where we have no words.
pub fn known(tag: &str) -> Option<&'static str> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.into_iter().find(|language| primary.eq_ignore_ascii_case(language))
}

/// The words in `language`, one of [`LANGUAGES`]; the first language's for any other.
pub fn of(language: &str) -> &'static Messages {
    &FILES[position(language)]
}

/// The same of the server's own pages.
pub fn of_pages(language: &str) -> &'static Messages {
    &PAGES[position(language)]
}

fn position(language: &str) -> usize {
    LANGUAGES.into_iter().position(|known| known == language).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_keys() {
        for words in [of, of_pages] {
            let keys = |language| -> Vec<&str> {
                let mut keys: Vec<_> = words(language).iter().map(|(key, _)| key).collect();
                keys.sort_unstable();
                keys
            };
            for language in LANGUAGES {
                assert_eq!(keys(language), keys(LANGUAGES[0]), "{language}");
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
