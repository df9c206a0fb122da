//! How many articles readers may have sent. Kept in memory: who waits for a restart gains little.

use std::net::IpAddr;
use std::time::Duration;

use crate::limiter::Limiter;
use crate::problem::Problem;
use crate::store::AddressHash;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Articles that one place may have sent in an hour, and in a day.
const OF_PLACE_IN_HOUR: u32 = 5;
const OF_PLACE_IN_DAY: u32 = 20;
/// Articles that one address may be sent in a day, by whomever.
const TO_RECIPIENT_IN_DAY: u32 = 2;
/// Articles that leave in a day, of all.
const IN_DAY: u32 = 1_000;
/// Places, and addresses, that are counted.
const COUNTED: usize = 10_000;

/// How many articles readers may have sent.
pub struct MailLimits {
    of_place_in_hour: Limiter<IpAddr>,
    of_place_in_day: Limiter<IpAddr>,
    to_recipient: Limiter<AddressHash>,
    of_all: Limiter<()>,
}

impl Default for MailLimits {
    fn default() -> Self {
        Self {
            of_place_in_hour: Limiter::new(HOUR, OF_PLACE_IN_HOUR, COUNTED),
            of_place_in_day: Limiter::new(DAY, OF_PLACE_IN_DAY, COUNTED),
            to_recipient: Limiter::new(DAY, TO_RECIPIENT_IN_DAY, COUNTED),
            of_all: Limiter::new(DAY, IN_DAY, 1),
        }
    }
}

impl MailLimits {
    /// Takes one of the articles that a place may have sent to an address. What is refused for one place or
    /// address takes nothing of what all have together.
    ///
    /// # Errors
    /// [`Problem::TooMany`] where there is none left.
    pub fn admit(&self, place: IpAddr, address: &AddressHash) -> Result<(), Problem> {
        let is_admitted = self.of_place_in_hour.allow(&place)
            && self.of_place_in_day.allow(&place)
            && self.to_recipient.allow(address)
            && self.of_all.allow(&());
        if is_admitted { Ok(()) } else { Err(Problem::TooMany) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suppression;

    fn place(number: u8) -> IpAddr {
        IpAddr::from([198, 51, 100, number])
    }

    fn address(number: u32) -> AddressHash {
        suppression::hash(&[7; 32], &format!("{number}@example.vn"))
    }

    #[test]
    fn one_place_has_five_an_hour() {
        let limits = MailLimits::default();
        let taken = (0..10).filter(|&to| limits.admit(place(1), &address(to)).is_ok()).count();
        assert_eq!(taken, 5);
        assert!(limits.admit(place(2), &address(0)).is_ok());
    }

    #[test]
    fn one_address_has_two_a_day_whoever_sends() {
        let limits = MailLimits::default();
        let taken = (0..10).filter(|&from| limits.admit(place(from), &address(0)).is_ok()).count();
        assert_eq!(taken, 2);
        assert!(limits.admit(place(20), &address(1)).is_ok());
    }

    #[test]
    fn all_together_have_a_thousand_a_day() {
        let limits = MailLimits::default();
        let from = |number: u32| IpAddr::from((0x0b00_0000 + number).to_be_bytes());
        let taken =
            (0..1_200).filter(|&one| limits.admit(from(one), &address(one)).is_ok()).count();
        assert_eq!(taken, 1_000);
    }
}
