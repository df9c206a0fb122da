//! The words of mails: one file per language. Apart from the interface's, which go to every reader of every
//! article.

use article_widget::contract::Messages;

use super::Words;

static WORDS: Words = Words::new([include_str!("mail/vi.json"), include_str!("mail/en.json")]);

/// The words in `language`, one of [`LANGUAGES`]; the first language's for any other.
pub fn of(language: &str) -> &'static Messages {
    WORDS.of(language)
}

#[cfg(test)]
mod tests {
    use super::super::LANGUAGES;
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
