//! Until when the certificate is valid: shown always, said when it is soon.

use std::sync::{Mutex, PoisonError};

use super::Validity;
use crate::clock::UnixSeconds;
use crate::metrics::CertificateEnd;

const DAY: UnixSeconds = 24 * 3600;

/// Keeps an eye on the end.
pub(in crate::serve) struct Expiry {
    shown: CertificateEnd,
    warned_at: Mutex<Option<UnixSeconds>>,
}

impl Expiry {
    /// Nothing was looked at yet.
    pub(in crate::serve) fn new(shown: CertificateEnd) -> Self {
        Self { shown, warned_at: Mutex::default() }
    }

    /// Shows the end of what is valid then, and warns where that is soon: once a day.
    pub(in crate::serve) fn look(&self, validity: Option<Validity>, now: UnixSeconds) {
        self.shown.set(validity.map(|validity| validity.to));
        let Some(validity) = validity.filter(|validity| self.is_to_warn(*validity, now)) else {
            return;
        };
        match validity.left(now.unsigned_abs()) {
            Some(left) => {
                let days = left.as_secs() / DAY.unsigned_abs();
                tracing::warn!(days, "the certificate ends soon, and was not renewed");
            }
            None => tracing::warn!("the certificate is not valid now, and was not renewed"),
        }
    }

    fn is_to_warn(&self, validity: Validity, now: UnixSeconds) -> bool {
        let mut warned_at = self.warned_at.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was ahead silences nothing.
        let was_told = warned_at.is_some_and(|at| (0..DAY).contains(&(now - at)));
        let is_to_warn = validity.ends_soon(now.unsigned_abs()) && !was_told;
        if is_to_warn {
            *warned_at = Some(now);
        }
        is_to_warn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_within_two_weeks_is_told_once_a_day() {
        let expiry = Expiry::new(CertificateEnd::default());
        let validity = Validity { from: 0, to: 90 * DAY.unsigned_abs() };
        let told = |now| expiry.is_to_warn(validity, now);
        assert!(!told(75 * DAY) && !told(76 * DAY), "two weeks are left");
        let first = 76 * DAY + 1;
        assert!(told(first) && !told(first + 3) && !told(first + DAY - 1));
        assert!(told(first + DAY) && !told(first + DAY + 3));
        assert!(told(91 * DAY), "nor does it end with it");
        let renewed = Validity { to: 180 * DAY.unsigned_abs(), ..validity };
        assert!(!expiry.is_to_warn(renewed, 95 * DAY));
        assert!(told(80 * DAY), "the clock was ahead");
    }
}
