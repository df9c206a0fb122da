//! Words with a number: "1 view", "1,234 views". Which form a number takes says CLDR (ICU4X).

use icu::locale::Locale;
use icu::plurals::{PluralCategory, PluralRules};

use super::pairs::Pairs;
use crate::number;

/// Stands in the words for the number.
pub(super) const COUNT: &str = "{count}";

/// The form that every language has, and that stands for those that a file leaves out.
pub(super) const OTHER: &str = "other";

/// Words by plural category: `one`, `other`, and what else the language tells apart.
pub(super) type Forms = Pairs<String>;

/// Forms with the language that they are in: where words fall back to another one, so do its rules.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) tag: String,
    pub(super) forms: Forms,
}

impl Counted {
    /// The words with that number, written as the locale `formats` does.
    pub(super) fn write(&self, count: u64, formats: &str) -> String {
        let category = name(rules(&self.tag).category_for(count));
        let words = self.forms.get(category).or_else(|| self.forms.get(OTHER));
        let words = words.map_or(COUNT, String::as_str);
        words.replace(COUNT, &number::whole(count, formats))
    }
}

/// The categories that a language tells apart, by their names.
pub(super) fn categories(tag: &str) -> Vec<&'static str> {
    rules(tag).categories().map(name).collect()
}

fn rules(tag: &str) -> PluralRules {
    let locale: Locale = tag.parse().unwrap_or(Locale::UNKNOWN);
    PluralRules::try_new_cardinal(locale.into()).expect("the data is compiled in")
}

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(tag: &str, forms: &[(&str, &str)]) -> Counted {
        let pair = |(name, words): &(&str, &str)| ((*name).to_owned(), (*words).to_owned());
        Counted { tag: tag.to_owned(), forms: Pairs(forms.iter().map(pair).collect()) }
    }

    #[test]
    fn a_number_has_the_form_of_its_language() {
        let english = counted("en", &[("one", "{count} view"), ("other", "{count} views")]);
        assert_eq!(english.write(1, "en"), "1 view");
        assert_eq!(english.write(1_234, "en"), "1,234 views");
        let vietnamese = counted("vi", &[("other", "{count} lượt xem")]);
        assert_eq!(vietnamese.write(1_234, "vi"), "1.234 lượt xem");
        let arabic = counted(
            "ar",
            &[
                ("zero", "0"),
                ("one", "1"),
                ("two", "2"),
                ("few", "3–10"),
                ("many", "11–99"),
                ("other", "100"),
            ],
        );
        let forms = [0, 1, 2, 3, 10, 11, 99, 100, 103].map(|count| arabic.write(count, "ar"));
        assert_eq!(forms, ["0", "1", "2", "3–10", "3–10", "11–99", "11–99", "100", "3–10"]);
    }

    #[test]
    fn a_form_that_is_left_out_is_the_one_for_all_others() {
        assert_eq!(counted("ru", &[("other", "{count} раз")]).write(21, "ru"), "21 раз");
        assert_eq!(counted("en", &[]).write(2, "en"), "2");
    }

    #[test]
    fn each_language_tells_its_own_categories_apart() {
        assert_eq!(categories("ja"), ["other"]);
        assert_eq!(categories("en"), ["one", "other"]);
        let mut arabic = categories("ar");
        arabic.sort_unstable();
        assert_eq!(arabic, ["few", "many", "one", "other", "two", "zero"]);
    }
}
