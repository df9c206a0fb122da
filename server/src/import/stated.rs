//! Dates and language tags, from the ways in which formats state them to the contract's.

use article_widget::contract::Date;
use icu::locale::Locale;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::Offset;

use super::Invalid;

/// Feeds whose weekday is not that of the date mean the date.
static MAIL: rfc2822::DateTimeParser = rfc2822::DateTimeParser::new().relaxed_weekday(true);

/// A date that nothing depends on: RFC 3339 or what is near it, or RFC 2822. Without an offset only its day is
/// known. None for anything else: an unreadable date is no reason to refuse an article.
pub(super) fn date(text: &str) -> Option<Date> {
    let stated = Stated::read(text)?;
    Some(stated.exact().unwrap_or(stated.day))
}

/// A date that decides whether readers may see the article.
///
/// # Errors
/// Where it cannot be read, or has a time and no offset: to guess would show the article too early, or too long.
pub(super) fn instant(field: &str, text: &str) -> Result<Date, Invalid> {
    let stated = Stated::read(text);
    let date = stated.and_then(|stated| match stated.time {
        Some(_) => stated.exact(),
        None => Some(stated.day),
    });
    date.ok_or_else(|| Invalid {
        field: field.to_owned(),
        reason: "a date, or a date and time with its offset from UTC (RFC 3339)".to_owned(),
    })
}

/// `vi_VN` and `en-us` as `vi-VN` and `en-US`. None where it is no tag of a language.
pub(super) fn language(tag: &str) -> Option<String> {
    let locale: Locale = tag.trim().replace('_', "-").parse().ok()?;
    (!locale.id.language.is_unknown()).then(|| locale.to_string())
}

/// A date, taken apart.
struct Stated {
    day: String,
    time: Option<String>,
    offset: Option<String>,
}

impl Stated {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        // "2024-11-27 08:30:00 +0700", as Jekyll and many an export write it.
        let joined = match text.rsplit_once(' ') {
            Some((moment, offset)) if offset.starts_with(['+', '-']) || offset == "UTC" => {
                format!("{moment}{}", offset.replace("UTC", "Z"))
            }
            _ => text.to_owned(),
        };
        Self::of_iso(&joined).or_else(|| Self::of_mail(text))
    }

    fn of_iso(text: &str) -> Option<Self> {
        let pieces = Pieces::parse(text).ok()?;
        let moment = pieces.date().to_datetime(pieces.time().unwrap_or_default());
        let offset = pieces.offset().map(|offset| match offset {
            PiecesOffset::Zulu => "Z".to_owned(),
            numeric => written(numeric.to_numeric_offset()),
        });
        Self::new(moment, pieces.time().is_some(), offset)
    }

    fn of_mail(text: &str) -> Option<Self> {
        let zoned = MAIL.parse_zoned_datetime(text).ok()?;
        Self::new(zoned.datetime(), true, Some(written(zoned.offset())))
    }

    fn new(moment: DateTime, has_time: bool, offset: Option<String>) -> Option<Self> {
        (0..=9999).contains(&moment.year()).then(|| Self {
            day: moment.date().to_string(),
            time: has_time.then(|| moment.time().strftime("%H:%M:%S").to_string()),
            offset,
        })
    }

    fn exact(&self) -> Option<Date> {
        Some(format!("{}T{}{}", self.day, self.time.as_ref()?, self.offset.as_ref()?))
    }
}

/// `+07:00`; RFC 3339 knows no seconds of an offset, and no country has any today.
fn written(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_rfc_3339_and_keeps_its_offset() {
        for (stated, expected) in [
            ("2024-11-27T08:30:00+07:00", Some("2024-11-27T08:30:00+07:00")),
            ("2024-11-27T08:30:00.123Z", Some("2024-11-27T08:30:00Z")),
            ("2024-11-27 08:30:00 +0700", Some("2024-11-27T08:30:00+07:00")),
            ("2024-11-27 08:30:00 UTC", Some("2024-11-27T08:30:00Z")),
            ("Wed, 27 Nov 2024 08:30:00 +0700", Some("2024-11-27T08:30:00+07:00")),
            ("Mon, 27 Nov 2024 08:30:00 GMT", Some("2024-11-27T08:30:00+00:00")),
            ("2024-11-27T08:30", Some("2024-11-27")),
            ("2024-11-27", Some("2024-11-27")),
            ("-000123-01-01", None),
            ("hôm qua", None),
            ("", None),
        ] {
            assert_eq!(date(stated).as_deref(), expected, "{stated}");
        }
    }

    #[test]
    fn what_decides_over_an_article_is_never_guessed() {
        assert_eq!(instant("embargo", "2024-11-27").as_deref(), Ok("2024-11-27"));
        assert!(instant("embargo", "2024-11-27T08:30:00+07:00").is_ok());
        for vague in ["2024-11-27T08:30:00", "tomorrow", ""] {
            assert_eq!(instant("embargo", vague).unwrap_err().field, "embargo", "{vague}");
        }
    }

    #[test]
    fn a_language_is_a_tag_in_its_usual_case() {
        assert_eq!(language("vi_VN").as_deref(), Some("vi-VN"));
        assert_eq!(language(" en-us").as_deref(), Some("en-US"));
        assert_eq!(language("tiếng Việt"), None);
        assert_eq!(language("und"), None);
    }
}
