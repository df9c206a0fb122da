//! Dates as people read them, by CLDR's rules (ICU4X) in the publisher's time zone. A date that was
//! stated without a time is shown without one, and no time zone moves it.

use icu::calendar::Iso;
use icu::datetime::DateTimeFormatter;
use icu::datetime::fieldsets::{E, MD, YM, YMD, YMDE};
use icu::datetime::input::{Date as IcuDate, DateTime as IcuDateTime, Time as IcuTime};
use icu::locale::Locale;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::clock::UnixSeconds;

/// Reads and writes dates in the publisher's time zone.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
}

/// A stated date, read in the publisher's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The day there.
    pub day: Date,
    /// The time there, if one was stated.
    pub time: Option<Time>,
}

impl Calendar {
    /// A calendar of that time zone.
    pub fn new(zone: TimeZone) -> Self {
        Self { zone }
    }

    /// Reads an RFC 3339 full-date or date-time.
    pub fn read(&self, text: &str) -> Option<Stated> {
        if let Ok(timestamp) = text.parse::<Timestamp>() {
            let there = self.zone.to_datetime(timestamp);
            return Some(Stated { day: there.date(), time: Some(there.time()) });
        }
        is_full_date(text)
            .then(|| text.parse().ok())
            .flatten()
            .map(|day| Stated { day, time: None })
    }

    /// An instant as people read it there.
    pub fn moment(&self, at: UnixSeconds, language: &str) -> String {
        moment(self.stated(at), language)
    }

    /// Day and time of an instant there.
    pub fn stated(&self, at: UnixSeconds) -> Stated {
        let there = self.zone.to_datetime(timestamp(at));
        Stated { day: there.date(), time: Some(there.time()) }
    }

    /// The day that it is there.
    pub fn day(&self, at: Timestamp) -> Date {
        self.zone.to_datetime(at).date()
    }

    /// A stated date as a form's field has it, `2024-11-27T08:30`: a full-date begins at midnight. None
    /// where it cannot be read.
    pub fn field(&self, text: &str) -> Option<String> {
        let there = self.zone.to_datetime(self.instant(text)?);
        Some(there.strftime("%Y-%m-%dT%H:%M").to_string())
    }

    /// Reads a form's field, by the clock there: RFC 3339, with the offset that it has then.
    pub fn read_field(&self, text: &str) -> Option<String> {
        let there: DateTime = text.parse().ok()?;
        let is_whole = text.contains('T');
        let zoned = self.zone.to_zoned_datetime(there).ok().filter(|_| is_whole)?;
        Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }

    /// The instant that a stated date begins at: a full-date begins at the publisher's midnight.
    pub fn instant(&self, text: &str) -> Option<Timestamp> {
        let full_date = || {
            let day = self.read(text)?.day;
            day.to_zoned_datetime(self.zone.clone()).ok().map(|midnight| midnight.timestamp())
        };
        text.parse().ok().or_else(full_date)
    }
}

/// An instant; the epoch for what no calendar holds.
pub fn timestamp(at: UnixSeconds) -> Timestamp {
    Timestamp::from_second(at).unwrap_or_default()
}

/// An instant as RFC 3339 writes it, in UTC.
pub fn rfc_3339(at: UnixSeconds) -> String {
    timestamp(at).to_string()
}

/// The day of an instant, in UTC.
pub fn utc_day(at: UnixSeconds) -> Date {
    TimeZone::UTC.to_datetime(timestamp(at)).date()
}

/// `2016-01-06` and nothing else that a lenient parser takes for a date.
fn is_full_date(text: &str) -> bool {
    let shape = |(position, byte): (usize, u8)| match position {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(shape)
}

/// The day that a printed dateline names: "Thứ Tư, 27/11/2024". None where it says anything else.
pub fn printed_day(dateline: &str) -> Option<Date> {
    let (weekday, date) = dateline.rsplit_once(", ")?;
    let date = date.trim().trim_start_matches("ngày ");
    (!weekday.contains(|c: char| c.is_ascii_digit())).then_some(())?;
    day_month_year(date)
}

/// `6/1/2016`, `06-01-2016` or `6.1.2016`: day, month, year.
pub fn day_month_year(text: &str) -> Option<Date> {
    let mut parts = text.trim().split(['/', '-', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let shaped =
        parts.next().is_none() && year.len() == 4 && [day, month, year].into_iter().all(digits);
    shaped.then(|| Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok())?
}

/// As above a headline: "Thứ Tư, 27/11/2024", "Wednesday, November 27, 2024".
pub fn dateline(day: Date, language: &str) -> String {
    match language {
        // CLDR's long form spells the month out, which no Vietnamese newspaper does.
        "vi" => format!("{}, {:02}/{:02}/{}", weekday(day), day.day(), day.month(), day.year()),
        _ => DateTimeFormatter::try_new(locale(language).into(), YMDE::long())
            .expect("the data is compiled in")
            .format(&icu_date(day))
            .to_string(),
    }
}

/// A day within text: "6/1/2016", "January 6, 2016".
pub fn day(day: Date, language: &str) -> String {
    match language {
        "vi" => format!("{}/{}/{}", day.day(), day.month(), day.year()),
        _ => DateTimeFormatter::try_new(locale(language).into(), YMD::long())
            .expect("the data is compiled in")
            .format(&icu_date(day))
            .to_string(),
    }
}

/// The month of a day: "tháng 11 năm 2024", "November 2024".
pub fn month(day: Date, language: &str) -> String {
    DateTimeFormatter::try_new(locale(language).into(), YM::long())
        .expect("the data is compiled in")
        .format(&icu_date(day))
        .to_string()
}

/// A day with its time, where one was stated: "08:30, 27/11/2024", "November 27, 2024 at 8:30 AM".
pub fn moment(stated: Stated, language: &str) -> String {
    let Some(time) = stated.time else {
        return day(stated.day, language);
    };
    match language {
        "vi" => format!("{:02}:{:02}, {}", time.hour(), time.minute(), day(stated.day, language)),
        _ => DateTimeFormatter::try_new(locale(language).into(), YMD::long().with_time_hm())
            .expect("the data is compiled in")
            .format(&IcuDateTime { date: icu_date(stated.day), time: icu_time(time) })
            .to_string(),
    }
}

/// The same to the second: "08:30:05, 27/11/2024", "November 27, 2024 at 8:30:05 AM".
pub fn exact_moment(stated: Stated, language: &str) -> String {
    let Some(time) = stated.time else {
        return day(stated.day, language);
    };
    match language {
        "vi" => {
            let (hour, minute, second) = (time.hour(), time.minute(), time.second());
            format!("{hour:02}:{minute:02}:{second:02}, {}", day(stated.day, language))
        }
        _ => DateTimeFormatter::try_new(locale(language).into(), YMD::long().with_time_hms())
            .expect("the data is compiled in")
            .format(&IcuDateTime { date: icu_date(stated.day), time: icu_time(time) })
            .to_string(),
    }
}

/// A day where there is little room: "6/1", "Jan 6".
pub fn short_day(day: Date, language: &str) -> String {
    match language {
        "vi" => format!("{}/{}", day.day(), day.month()),
        _ => DateTimeFormatter::try_new(locale(language).into(), MD::medium())
            .expect("the data is compiled in")
            .format(&icu_date(day))
            .to_string(),
    }
}

/// A month where there is little room: "1/2016", "Jan 2016".
pub fn short_month(day: Date, language: &str) -> String {
    match language {
        "vi" => format!("{}/{}", day.month(), day.year()),
        _ => DateTimeFormatter::try_new(locale(language).into(), YM::medium())
            .expect("the data is compiled in")
            .format(&icu_date(day))
            .to_string(),
    }
}

/// A time where there is little room: "08:30, 27/11", "Nov 27, 8:30 AM".
pub fn short_moment(stated: Stated, language: &str) -> String {
    let Some(time) = stated.time else {
        return short_day(stated.day, language);
    };
    match language {
        "vi" => {
            let day = short_day(stated.day, language);
            format!("{:02}:{:02}, {day}", time.hour(), time.minute())
        }
        _ => DateTimeFormatter::try_new(locale(language).into(), MD::medium().with_time_hm())
            .expect("the data is compiled in")
            .format(&IcuDateTime { date: icu_date(stated.day), time: icu_time(time) })
            .to_string(),
    }
}

/// "Thứ Tư"
fn weekday(day: Date) -> String {
    DateTimeFormatter::try_new(locale("vi").into(), E::long())
        .expect("the data is compiled in")
        .format(&icu_date(day))
        .to_string()
}

fn locale(language: &str) -> Locale {
    language.parse().unwrap_or(Locale::UNKNOWN)
}

fn icu_date(day: Date) -> IcuDate<Iso> {
    let (year, month, day) = (day.year(), day.month(), day.day());
    IcuDate::try_new_iso(year.into(), month.unsigned_abs(), day.unsigned_abs())
        .expect("the two calendars are the same one")
}

fn icu_time(time: Time) -> IcuTime {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    IcuTime::try_new(hour.unsigned_abs(), minute.unsigned_abs(), second.unsigned_abs(), 0)
        .expect("a time of day")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        Calendar::new(TimeZone::get("Asia/Ho_Chi_Minh").unwrap())
    }

    #[test]
    fn a_dateline_reads_as_the_language_prints_it() {
        let day = printed_day("Thứ Tư, 27/11/2024").unwrap();
        assert_eq!(dateline(day, "vi"), "Thứ Tư, 27/11/2024");
        assert_eq!(dateline(day, "en"), "Wednesday, November 27, 2024");
        assert_eq!(
            dateline(printed_day("Chủ Nhật, 1/12/2024").unwrap(), "vi"),
            "Chủ Nhật, 01/12/2024"
        );
    }

    #[test]
    fn what_is_no_dateline_is_left_alone() {
        for text in ["", "27/11/2024", "Thứ Tư, 31/2/2024", "Số 4, 27/11/2024", "Thứ Tư, 27/11/24"]
        {
            assert_eq!(printed_day(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_without_a_time_gets_none_and_no_zone_moves_it() {
        let stated = calendar().read("2016-01-06").unwrap();
        assert_eq!(moment(stated, "vi"), "6/1/2016");
        assert_eq!(moment(stated, "en"), "January 6, 2016");
    }

    #[test]
    fn a_time_is_the_publishers() {
        let stated = calendar().read("2024-11-27T20:30:00Z").unwrap();
        assert_eq!(moment(stated, "vi"), "03:30, 28/11/2024");
        // CLDR puts a narrow no-break space before AM.
        let english = moment(stated, "en").replace('\u{202f}', " ");
        assert_eq!(english, "November 28, 2024 at 3:30 AM");
    }

    #[test]
    fn a_time_is_told_to_the_second_where_minutes_are_too_coarse() {
        let stated = calendar().stated(1_732_739_405);
        assert_eq!(exact_moment(stated, "vi"), "03:30:05, 28/11/2024");
        let english = exact_moment(stated, "en").replace('\u{202f}', " ");
        assert_eq!(english, "November 28, 2024 at 3:30:05 AM");
    }

    #[test]
    fn an_instant_is_written_for_programs_in_utc_and_for_people_there() {
        let at = 1_732_739_400;
        assert_eq!(rfc_3339(at), "2024-11-27T20:30:00Z");
        assert_eq!(utc_day(at).to_string(), "2024-11-27");
        assert_eq!(calendar().moment(at, "vi"), "03:30, 28/11/2024");
        assert_eq!(rfc_3339(i64::MAX), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn a_full_date_begins_at_the_publishers_midnight() {
        let midnight = calendar().instant("2024-11-27").unwrap();
        assert_eq!(midnight.to_string(), "2024-11-26T17:00:00Z");
        for text in ["soon", "20241127", "2024-11-27T08:30", "2024-13-01"] {
            assert_eq!(calendar().instant(text), None, "{text}");
        }
    }

    #[test]
    fn a_field_of_a_form_is_the_publishers_clock() {
        for text in ["2024-11-27", "2024-11-26T17:00:00Z", "2024-11-27T00:00:30+07:00"] {
            assert_eq!(calendar().field(text).as_deref(), Some("2024-11-27T00:00"), "{text}");
        }
        let read = |text: &str| calendar().read_field(text);
        assert_eq!(read("2024-11-27T08:30").as_deref(), Some("2024-11-27T08:30:00+07:00"));
        assert_eq!(read("2024-11-27T08:30:59").as_deref(), Some("2024-11-27T08:30:59+07:00"));
        for text in ["", "soon", "2024-11-27", "2024-02-30T08:30"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(calendar().field("soon"), None);
    }

    #[test]
    fn where_there_is_little_room_no_year_is_told_that_goes_without_saying() {
        let at = calendar().stated(1_732_710_600);
        assert_eq!(short_moment(at, "vi"), "19:30, 27/11");
        assert_eq!(short_moment(at, "en").replace('\u{202f}', " "), "Nov 27, 7:30 PM");
        assert_eq!(
            (short_day(at.day, "vi"), short_day(at.day, "en")),
            ("27/11".into(), "Nov 27".into())
        );
        let months = (short_month(at.day, "vi"), short_month(at.day, "en"));
        assert_eq!(months, ("11/2024".into(), "Nov 2024".into()));
    }

    #[test]
    fn a_month_is_named_as_its_language_does() {
        let day = Date::constant(2024, 11, 27);
        assert_eq!(month(day, "en"), "November 2024");
        assert_eq!(month(day, "vi"), "tháng 11 năm 2024");
    }
}
