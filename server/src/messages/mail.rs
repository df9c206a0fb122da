//! The words of mails and of the page that ends them: one file per language. Apart from the interface's,
//! which go to every reader of every article.

use std::sync::LazyLock;

use article_widget::contract::Messages;

use super::LANGUAGES;

static FILES: LazyLock<[Messages; LANGUAGES.len()]> = LazyLock::new(|| {
    [include_str!("mail/vi.json"), include_str!("mail/en.json")]
        .map(|file| serde_json::from_str(file).expect("the files are part of the program"))
});

/// The words in `language`, one of [`LANGUAGES`]; the first language's for any other.
pub fn of(language: &str) -> &'static Messages {
    let position = LANGUAGES.into_iter().position(|known| known == language);
    &FILES[position.unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_words_with_the_same_places_to_fill_in() {
        let places = |words: &str| -> Vec<String> {
            words
                .split('{')
                .skip(1)
                .map(|rest| rest.split('}').next().unwrap_or_default().into())
                .collect()
        };
        for language in LANGUAGES {
            assert_eq!(of(language).iter().count(), of(LANGUAGES[0]).iter().count(), "{language}");
            for (key, words) in of(LANGUAGES[0]).iter() {
                let here = of(language).find(key).expect(key);
                assert_eq!(places(here), places(words), "{language}: {key}");
            }
        }
    }
}
