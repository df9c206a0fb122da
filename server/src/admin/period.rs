//! How far back pages of figures look, and in which steps they show it.
//!
//! A window holds the hour that it is now and as many hours before it as its name says: as the most-read
//! lists have it, so that the same window has the same numbers everywhere.

use std::ops::Range;

use article_widget::contract::Window;
use jiff::civil::Date;

use crate::clock::{Hour, UnixSeconds, hour};
use crate::problem::Problem;
use crate::store::{Counters, HourCounters};
use crate::time::{Calendar, timestamp};

/// What a page that looks at single articles offers.
pub const EVERY: [Window; 4] = [Window::Day, Window::Week, Window::Month, Window::All];
/// What a page that looks at all articles offers.
pub const BOUNDED: [Window; 3] = [Window::Day, Window::Week, Window::Month];

/// Longer than this many hours, days are shown and not hours.
const HOURS: i64 = 8 * 24;
/// Longer than this many, months and not days.
const DAYS: i64 = 100 * 24;

/// Hours that a page looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Which window that is.
    pub window: Window,
    /// Since 1970.
    pub hours: Range<Hour>,
}

/// What one bar or one row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// An hour.
    Hour,
    /// A day of the publisher's.
    Day,
    /// A month of the publisher's.
    Month,
}

/// How a time is written where there is no room for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticks {
    /// Day and hour.
    Hours,
    /// The day.
    Days,
    /// The month.
    Months,
}

/// What was counted in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bin {
    /// Its hours, those of them that are in the period.
    pub hours: Range<Hour>,
    /// What was counted.
    pub counters: Counters,
}

/// The window of this name among those that are offered; the first of them where none is named.
///
/// # Errors
/// [`Problem::Invalid`] where it is not offered.
pub fn window(name: &str, offered: &[Window]) -> Result<Window, Problem> {
    if name.is_empty() {
        return Ok(offered[0]);
    }
    let names = || offered.iter().map(|window| window.as_str()).collect::<Vec<_>>().join(", ");
    let invalid = || Problem::Invalid { field: "window", detail: format!("one of {}", names()) };
    Window::parse(name).filter(|window| offered.contains(window)).ok_or_else(invalid)
}

impl Ticks {
    /// For so many bars of this step: where hours go over several days, the day says more.
    pub fn of(step: Step, bars: usize) -> Self {
        match step {
            Step::Hour if bars <= 48 => Self::Hours,
            Step::Hour | Step::Day => Self::Days,
            Step::Month => Self::Months,
        }
    }
}

impl Period {
    /// The window up to now. `first` is the first hour in which anything was counted.
    pub fn new(window: Window, now: UnixSeconds, first: Option<Hour>) -> Self {
        let end = hour(now) + 1;
        let length = match window {
            Window::Hour => 1,
            Window::Rising | Window::Day => 24,
            Window::Week => 7 * 24,
            Window::Month => 30 * 24,
            // Never shorter than the shortest, so that there is something to see on the first day.
            Window::All => first.map_or(0, |first| end - 1 - first).max(24),
        };
        Self { window, hours: end - 1 - length..end }
    }

    /// The steps that it is shown in.
    pub fn step(&self) -> Step {
        let length = self.hours.end - self.hours.start;
        if length < HOURS {
            Step::Hour
        } else if length < DAYS {
            Step::Day
        } else {
            Step::Month
        }
    }

    /// What was counted in each of its steps, also in those where that is nothing.
    pub fn bins(&self, rows: &[HourCounters], calendar: &Calendar) -> Vec<Bin> {
        let mut bins: Vec<Bin> = Vec::new();
        let (mut rows, mut last) = (rows.iter().peekable(), None);
        for hour in self.hours.clone() {
            let step = self.name(hour, calendar);
            if last.replace(step) != Some(step) {
                bins.push(Bin { hours: hour..hour, counters: Counters::default() });
            }
            let Some(bin) = bins.last_mut() else { continue };
            bin.hours.end = hour + 1;
            while let Some(row) = rows.next_if(|row| row.hour <= hour) {
                if row.hour == hour {
                    bin.counters += row.counters;
                }
            }
        }
        bins
    }

    /// The same for all hours of one step, and another for those of the next.
    fn name(&self, hour: Hour, calendar: &Calendar) -> (Date, Hour) {
        let day = calendar.day(timestamp(hour * 3600));
        match self.step() {
            Step::Hour => (day, hour),
            Step::Day => (day, 0),
            Step::Month => (day.first_of_month(), 0),
        }
    }
}

/// All of the rows together.
pub fn total(rows: &[HourCounters]) -> Counters {
    let mut total = Counters::default();
    for row in rows {
        total += row.counters;
    }
    total
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    /// Half past noon on 2024-11-27, UTC.
    const NOW: i64 = 1_732_710_600;
    const HOUR: i64 = NOW / 3600;

    fn calendar() -> Calendar {
        Calendar::new(TimeZone::get("Asia/Ho_Chi_Minh").unwrap())
    }

    fn row(hour: i64, views: u64) -> HourCounters {
        HourCounters { hour, counters: Counters { views, ..Counters::default() } }
    }

    fn views(window: Window, first: Option<Hour>, rows: &[HourCounters]) -> Vec<u64> {
        let period = Period::new(window, NOW, first);
        period.bins(rows, &calendar()).iter().map(|bin| bin.counters.views).collect()
    }

    #[test]
    fn a_window_is_known_by_its_name_where_it_is_offered() {
        assert_eq!(window("", &EVERY).unwrap(), Window::Day);
        assert_eq!(window("all", &EVERY).unwrap(), Window::All);
        assert!(window("all", &BOUNDED).is_err() && window("soon", &EVERY).is_err());
    }

    #[test]
    fn a_day_is_the_hour_that_it_is_and_as_many_before_it_and_no_gap_closes() {
        let shown = views(Window::Day, None, &[row(HOUR - 24, 1), row(HOUR - 20, 2), row(HOUR, 3)]);
        assert_eq!((shown.len(), shown[0], shown[1], shown[4], shown[24]), (25, 1, 0, 2, 3));
        assert_eq!(views(Window::Week, None, &[]).len(), 169);
        let outside = [row(HOUR - 25, 9), row(HOUR + 1, 9)];
        assert_eq!(views(Window::Day, None, &outside).iter().sum::<u64>(), 0);
    }

    #[test]
    fn a_month_is_shown_by_the_publishers_days() {
        // 17:00 UTC is midnight there.
        let midnight = HOUR - 19;
        let shown = views(Window::Month, None, &[row(midnight - 1, 5), row(midnight, 7)]);
        assert_eq!(shown[shown.len() - 2..], [5, 7]);
        assert_eq!(shown.len(), 31);
    }

    #[test]
    fn all_time_begins_with_the_first_count_and_is_shown_by_what_fits() {
        assert_eq!(views(Window::All, None, &[]).len(), 25);
        assert_eq!(views(Window::All, Some(HOUR), &[]).len(), 25);
        assert_eq!(views(Window::All, Some(HOUR - 20 * 24), &[]).len(), 21);
        let year = views(Window::All, Some(HOUR - 365 * 24), &[row(HOUR, 1)]);
        assert_eq!((year.len(), year[12]), (13, 1));
    }
}
