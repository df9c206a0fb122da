//! What time it is. Whatever depends on the time takes a [`Clock`], so that tests can set it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Seconds since 1970, UTC.
pub type UnixSeconds = i64;

/// Hours since 1970, UTC.
pub type Hour = i64;

/// Clocks of servers differ by less, in seconds: what is later than that is of a clock that was ahead and has been set
/// back since.
pub const AHEAD: UnixSeconds = 300;

/// The hour of `at`.
pub fn hour(at: UnixSeconds) -> Hour {
    at.div_euclid(3600)
}

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> UnixSeconds;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> UnixSeconds {
        Timestamp::now().as_second()
    }
}

/// A clock that stands where it is set. Clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn at(now: UnixSeconds) -> Self {
        Self(Arc::new(AtomicI64::new(now)))
    }

    /// Sets it forward, or back where `seconds` is negative.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixSeconds {
        self.0.load(Ordering::SeqCst)
    }
}

/// The day that `at` falls on in `zone`, in days since 1970-01-01 there.
pub fn day(at: UnixSeconds, zone: &TimeZone) -> i64 {
    let at = crate::time::timestamp(at);
    // Days have one length here because the offset is already taken off.
    (at.as_second() + i64::from(zone.to_offset(at).seconds())).div_euclid(86_400)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_turns_at_the_publishers_midnight() {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        let midnight = "2024-11-27T00:00:00+07:00".parse::<Timestamp>().unwrap().as_second();
        assert_eq!(day(midnight, &zone), day(midnight - 1, &zone) + 1);
        assert_eq!(day(midnight, &TimeZone::UTC), day(midnight - 1, &TimeZone::UTC));
    }
}
