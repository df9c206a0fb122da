//! How dates and numbers are written in every language that is shipped, and in one that is written from right
//! to left: CLDR's forms (ICU4X), but for Vietnamese, where newspapers write dates in figures. Whoever moves to
//! a newer CLDR sees here what changes for readers.

use std::fmt::Write as _;

use article_server::number;
use article_server::time::{self, Calendar};
use jiff::tz::TimeZone;

const LANGUAGES: [&str; 6] = ["vi", "en", "fr", "en-GB", "ar", "ar-EG"];

#[test]
fn dates_and_numbers_are_written_as_each_language_does() {
    let calendar = Calendar::new(TimeZone::get("Asia/Ho_Chi_Minh").unwrap());
    let stated = calendar.read("2024-11-27T08:05:09+07:00").unwrap();
    let early = calendar.read("2016-01-06").unwrap();
    let mut written = String::new();
    for language in LANGUAGES {
        let lines = [
            time::dateline(stated.day, language),
            time::day(early.day, language),
            time::month(stated.day, language),
            time::moment(stated, language),
            time::exact_moment(stated, language),
            time::short_day(early.day, language),
            time::short_month(stated.day, language),
            time::short_moment(stated, language),
            number::whole(1_234_567, language),
            number::tenths(1_234.56, language),
        ];
        // Spaces that do not break look like others, and marks like nothing.
        let lines = lines
            .map(|line| line.replace(['\u{a0}', '\u{202f}'], "⍽").replace('\u{200f}', "<RLM>"));
        writeln!(written, "{language}: {}", lines.join(" | ")).unwrap();
    }
    assert_eq!(written, include_str!("../data/languages/formats.txt"));
}
