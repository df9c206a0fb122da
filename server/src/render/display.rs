//! The dates of an answer, written out.

use article_widget::contract::{Article, Display};

use crate::messages::{Language, direction};
use crate::most_read::language as primary;
use crate::time::{self, Calendar, Stated};

/// Everything the browser would otherwise have to format.
pub(super) fn of(article: &Article, calendar: &Calendar, language: &Language) -> Display {
    let formats = language.formats.as_str();
    let read = |date: &Option<String>| date.as_deref().and_then(|date| calendar.read(date));
    let published = read(&article.published);
    let moment = |stated: Stated| time::moment(stated, formats);
    Display {
        dateline: dateline(article, published, language),
        published: published.filter(|stated| !is_told(article, *stated)).map(moment),
        updated: read(&article.updated).map(moment),
        source_date: article
            .source
            .as_ref()
            .and_then(|source| read(&source.date))
            .map(|stated| time::day(stated.day, formats)),
        corrections: article
            .corrections
            .iter()
            .map(|correction| calendar.read(&correction.at).map(moment).unwrap_or_default())
            .collect(),
        dir: right_to_left(language.dir),
        article_dir: right_to_left(direction(&article.language)),
    }
}

/// Left out where it goes without saying.
fn right_to_left(dir: &str) -> Option<String> {
    (dir == "rtl").then(|| dir.to_owned())
}

/// As printed for who reads the article's own language; for others the day it names, in theirs.
fn dateline(article: &Article, published: Option<Stated>, language: &Language) -> Option<String> {
    let Some(printed) = &article.dateline else {
        return published.map(|stated| time::dateline(stated.day, &language.formats));
    };
    if primary(&article.language).eq_ignore_ascii_case(primary(&language.tag)) {
        return Some(printed.clone());
    }
    let translated = time::printed_day(printed).map(|day| time::dateline(day, &language.formats));
    translated.or_else(|| Some(printed.clone()))
}

/// The dateline says this day already: it is made of it, or it is printed so.
fn is_told(article: &Article, published: Stated) -> bool {
    match &article.dateline {
        None => true,
        Some(printed) => time::printed_day(printed) == Some(published.day),
    }
}

#[cfg(test)]
mod tests {
    use article_widget::contract::{Correction, Source};

    use super::*;
    use crate::messages::Languages;

    fn display(article: &Article, language: &str) -> Display {
        let calendar = Calendar::new(jiff::tz::TimeZone::get("Asia/Ho_Chi_Minh").unwrap());
        of(article, &calendar, Languages::builtin("", 1).of(language))
    }

    fn printed() -> Article {
        Article {
            language: "vi-VN".into(),
            dateline: Some("Thứ Tư, 27/11/2024".into()),
            published: Some("2016-01-06".into()),
            source: Some(Source { date: Some("2016-01-06".into()), ..Source::default() }),
            ..Article::default()
        }
    }

    #[test]
    fn a_printed_dateline_stays_as_it_is_and_is_written_anew_for_other_languages() {
        let own = display(&printed(), "vi");
        assert_eq!(own.dateline.as_deref(), Some("Thứ Tư, 27/11/2024"));
        assert_eq!(own.published.as_deref(), Some("6/1/2016"));
        assert_eq!(own.source_date.as_deref(), Some("6/1/2016"));
        let english = display(&printed(), "en");
        assert_eq!(english.dateline.as_deref(), Some("Wednesday, November 27, 2024"));
        assert_eq!(english.source_date.as_deref(), Some("January 6, 2016"));
    }

    #[test]
    fn what_the_dateline_says_is_not_said_twice() {
        let same = Article { published: Some("2024-11-27T08:00:00+07:00".into()), ..printed() };
        assert_eq!(display(&same, "vi").published, None);
        let none = Article { dateline: None, ..same };
        assert_eq!(display(&none, "vi").dateline.as_deref(), Some("Thứ Tư, 27/11/2024"));
        assert_eq!(display(&none, "vi").published, None);
    }

    #[test]
    fn which_way_text_runs_is_told_where_it_is_from_right_to_left() {
        let arabic = Article { language: "ar".into(), ..Article::default() };
        assert_eq!(display(&arabic, "vi").dir, None);
        assert_eq!(display(&arabic, "vi").article_dir.as_deref(), Some("rtl"));
        assert_eq!(display(&printed(), "vi").article_dir, None);
    }

    #[test]
    fn what_is_unknown_is_not_guessed_and_corrections_keep_their_places() {
        let at = |at: &str| Correction { at: at.into(), text: String::new() };
        let corrections = vec![at("soon"), at("2024-11-27T08:05:00+07:00")];
        let article = Article { language: "vi".into(), corrections, ..Article::default() };
        let display = display(&article, "vi");
        assert_eq!((display.dateline, display.published, display.updated), (None, None, None));
        assert_eq!(display.corrections, ["", "08:05, 27/11/2024"]);
    }
}
