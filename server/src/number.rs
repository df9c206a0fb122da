//! Numbers as people read them, by CLDR's rules (ICU4X).

use icu::decimal::DecimalFormatter;
use icu::decimal::input::Decimal;
use icu::locale::Locale;

/// A whole number, with its thousands apart: "1.234.567", "1,234,567".
pub fn whole(value: u64, language: &str) -> String {
    write(Decimal::from(value), language)
}

/// With one digit behind the point where that is not 0: "12,5". No number, or one without end, is 0.
pub fn tenths(value: f64, language: &str) -> String {
    // A cast of a float stays within what the number can hold.
    let mut decimal = Decimal::from((value * 10.0).round() as i64);
    decimal.multiply_pow10(-1);
    decimal.absolute.trim_end();
    write(decimal, language)
}

/// Of a hundred: "12,5%", "12.5%". Nothing is a share of nothing.
pub fn share(part: u64, whole: u64, language: &str) -> String {
    let percent = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
    format!("{}%", tenths(percent, language))
}

fn write(decimal: Decimal, language: &str) -> String {
    let locale: Locale = language.parse().unwrap_or(Locale::UNKNOWN);
    DecimalFormatter::try_new(locale.into(), Default::default())
        .expect("the data is compiled in")
        .format(&decimal)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_its_language_does() {
        assert_eq!(whole(1_234_567, "vi"), "1.234.567");
        assert_eq!(whole(1_234_567, "en"), "1,234,567");
        assert_eq!((whole(0, "vi"), whole(999, "vi")), ("0".into(), "999".into()));
        assert_eq!(whole(u64::MAX, "en"), "18,446,744,073,709,551,615");
    }

    #[test]
    fn tenths_are_told_where_there_are_any() {
        assert_eq!((tenths(12.34, "vi"), tenths(12.34, "en")), ("12,3".into(), "12.3".into()));
        assert_eq!((tenths(12.0, "vi"), tenths(0.0, "en")), ("12".into(), "0".into()));
        assert_eq!((tenths(f64::NAN, "vi"), tenths(10.0, "vi")), ("0".into(), "10".into()));
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!((share(1, 3, "vi"), share(1, 3, "en")), ("33,3%".into(), "33.3%".into()));
        assert_eq!((share(0, 0, "vi"), share(5, 5, "en")), ("0%".into(), "100%".into()));
    }
}
