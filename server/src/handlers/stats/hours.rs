//! Which hours a query names.

use std::ops::Range;

use jiff::Timestamp;

use crate::clock::hour;
use crate::problem::Problem;

/// Hours that are told where nothing is asked: a week.
const DEFAULT: i64 = 7 * 24;
/// Hours that may be asked for: 31 days.
const MOST: i64 = 31 * 24;

/// The hours since 1970 from the one of `from` up to the one of `until`, which is no longer told.
///
/// # Errors
/// [`Problem::Invalid`] where one is no RFC 3339 date-time, where no hour lies between them, or more
/// than 31 days.
pub(super) fn read(
    from: Option<&str>,
    until: Option<&str>,
    now: Timestamp,
) -> Result<Range<i64>, Problem> {
    let until =
        until.map_or_else(|| Ok(hour(now.as_second()) + 1), |text| read_hour("until", text))?;
    let from = from.map_or_else(|| Ok(until - DEFAULT), |text| read_hour("from", text))?;
    match until - from {
        ..=0 => Err(invalid("until", "is in a later hour than from")),
        1..=MOST => Ok(from..until),
        _ => Err(invalid("from", "is at most 31 days before until")),
    }
}

fn read_hour(field: &'static str, text: &str) -> Result<i64, Problem> {
    let moment: Timestamp = text.parse().map_err(|_| invalid(field, "is an RFC 3339 date-time"))?;
    Ok(hour(moment.as_second()))
}

fn invalid(field: &'static str, detail: &str) -> Problem {
    Problem::Invalid { field, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half past noon on 2024-11-27, UTC.
    const NOW: i64 = 1_732_710_600;
    const HOUR: i64 = NOW / 3600;

    fn hours(from: Option<&str>, until: Option<&str>) -> Result<Range<i64>, Problem> {
        read(from, until, Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn a_week_up_to_now_is_told_where_nothing_is_asked() {
        assert_eq!(hours(None, None).unwrap(), HOUR - 167..HOUR + 1);
        let noon = Some("2024-11-27T12:00:00Z");
        assert_eq!(hours(noon, None).unwrap(), HOUR..HOUR + 1);
        assert_eq!(hours(None, noon).unwrap(), HOUR - 168..HOUR);
    }

    #[test]
    fn the_hour_of_from_is_told_and_the_hour_of_until_is_not() {
        let asked = hours(Some("2024-11-27T17:59:59+07:00"), Some("2024-11-27T12:59:59Z"));
        assert_eq!(asked.unwrap(), HOUR - 2..HOUR);
    }

    #[test]
    fn a_range_that_makes_no_sense_is_named() {
        let field = |from, until| match hours(from, until).unwrap_err() {
            Problem::Invalid { field, .. } => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(Some("soon"), None), "from");
        assert_eq!(field(None, Some("2024-11-27")), "until");
        assert_eq!(field(Some("2024-11-27T12:00:00Z"), Some("2024-11-27T12:59:00Z")), "until");
        let start = Some("2024-10-01T00:00:00Z");
        assert_eq!(field(start, Some("2024-11-01T01:00:00Z")), "from");
        assert!(hours(start, Some("2024-11-01T00:00:00Z")).is_ok(), "31 days");
    }
}
