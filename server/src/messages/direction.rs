//! Which way a language is written, by its script (CLDR, ICU4X).

use icu::locale::{Locale, LocaleDirectionality};

/// HTML's `dir` for a BCP 47 tag: by the script that it names, or the one that the language is likely to be
/// written in there. What is no tag, or of no known script, is written as ours is.
pub fn direction(tag: &str) -> &'static str {
    let Ok(locale) = tag.replace('_', "-").parse::<Locale>() else { return "ltr" };
    let is_rtl = LocaleDirectionality::new_extended().is_right_to_left(&locale.id);
    if is_rtl { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_as_its_script_is() {
        for tag in ["ar", "fa-IR", "he", "ur", "ps", "ckb", "dv", "ug", "yi", "az-Arab", "ks_Arab"]
        {
            assert_eq!(direction(tag), "rtl", "{tag}");
        }
        for tag in ["vi", "en", "fr", "ku", "az", "ar-Latn", "ms", "zh-Hant", "", "no tag", "tlh"] {
            assert_eq!(direction(tag), "ltr", "{tag}");
        }
    }
}
