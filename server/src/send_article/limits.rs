//! How many articles readers may have sent. Kept in memory: who waits for a restart gains little.

use std::hash::Hash;
use std::net::IpAddr;
use std::time::Duration;

use crate::client::Client;
use crate::limiter::{Limiter, NetworkLimiter};
use crate::problem::Problem;
use crate::store::AddressHash;
use crate::tally::SharedNetworks;

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
    of_place_in_hour: NetworkLimiter<IpAddr>,
    of_place_in_day: NetworkLimiter<IpAddr>,
    to_recipient: Limiter<AddressHash>,
    of_all: Limiter<()>,
}

/// What one key has of one limiter.
trait Bucket {
    fn has(&self) -> bool;
    fn take(&self) -> bool;
    fn give_back(&self);
}

impl<K: Hash> Bucket for (&Limiter<K>, K) {
    fn has(&self) -> bool {
        self.0.has(&self.1)
    }

    fn take(&self) -> bool {
        self.0.allow(&self.1)
    }

    fn give_back(&self) {
        self.0.give_back(&self.1);
    }
}

impl MailLimits {
    /// Nobody has had anything sent yet.
    pub fn new(shared: &SharedNetworks) -> Self {
        Self {
            of_place_in_hour: NetworkLimiter::new(HOUR, OF_PLACE_IN_HOUR, COUNTED, shared),
            of_place_in_day: NetworkLimiter::new(DAY, OF_PLACE_IN_DAY, COUNTED, shared),
            to_recipient: Limiter::new(DAY, TO_RECIPIENT_IN_DAY, COUNTED),
            of_all: Limiter::new(DAY, IN_DAY, 1),
        }
    }

    /// Whether the client may have one sent to this address.
    pub fn has(&self, client: &Client, address: &AddressHash) -> bool {
        self.buckets(client, address).iter().all(|bucket| bucket.has())
    }

    /// Takes one of the articles that a client may have sent to an address. What is refused takes nothing.
    ///
    /// # Errors
    /// [`Problem::TooMany`] where there is none left.
    pub fn admit(&self, client: &Client, address: &AddressHash) -> Result<(), Problem> {
        let buckets = self.buckets(client, address);
        let taken = buckets.iter().take_while(|bucket| bucket.take()).count();
        if taken == buckets.len() {
            return Ok(());
        }
        buckets[..taken].iter().for_each(|bucket| bucket.give_back());
        Err(Problem::TooMany)
    }

    /// What was admitted was not sent: not kept, or known already.
    pub fn take_back(&self, client: &Client, address: &AddressHash) {
        self.buckets(client, address).iter().for_each(|bucket| bucket.give_back());
    }

    fn buckets(&self, client: &Client, address: &AddressHash) -> [Box<dyn Bucket + '_>; 4] {
        let place = client.place();
        [
            Box::new((self.of_place_in_hour.of(client), place)),
            Box::new((self.of_place_in_day.of(client), place)),
            Box::new((&self.to_recipient, *address)),
            Box::new((&self.of_all, ())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::MailAddress;
    use crate::suppression;

    fn limits() -> MailLimits {
        let networks = vec!["203.0.113.0/24".parse().unwrap()];
        MailLimits::new(&SharedNetworks { networks, views: 8 })
    }

    fn at(address: impl Into<IpAddr>) -> Client {
        Client { address: address.into(), agent: "a".into(), private: false }
    }

    fn place(number: u8) -> Client {
        at([198, 51, 100, number])
    }

    fn address(number: u32) -> AddressHash {
        let address = MailAddress::parse(&format!("{number}@example.vn")).unwrap();
        suppression::hash(&[7; 32].into(), &address)
    }

    #[test]
    fn one_place_has_five_an_hour_and_eight_times_that_where_many_share_it() {
        let limits = limits();
        for (client, its) in [(place(1), 5), (at([203, 0, 113, 1]), 40)] {
            let taken = (0..50).filter(|&to| limits.admit(&client, &address(to)).is_ok()).count();
            assert_eq!(taken, its);
        }
        assert!(limits.admit(&place(2), &address(60)).is_ok());
    }

    #[test]
    fn one_address_has_two_a_day_whoever_sends() {
        let limits = limits();
        let taken = (0..10).filter(|&from| limits.admit(&place(from), &address(0)).is_ok()).count();
        assert_eq!(taken, 2);
        assert!(limits.admit(&place(20), &address(1)).is_ok());
    }

    #[test]
    fn all_together_have_a_thousand_a_day() {
        let limits = limits();
        let from = |number: u32| at((0x0b00_0000 + number).to_be_bytes());
        let taken =
            (0..1_200).filter(|&one| limits.admit(&from(one), &address(one)).is_ok()).count();
        assert_eq!(taken, 1_000);
    }

    #[test]
    fn what_is_refused_or_taken_back_costs_nothing() {
        let limits = limits();
        for _ in 0..100 {
            limits.admit(&place(1), &address(0)).unwrap();
            limits.take_back(&place(1), &address(0));
        }
        for _ in 0..2 {
            limits.admit(&place(1), &address(0)).unwrap();
        }
        for _ in 0..100 {
            assert!(!limits.has(&place(1), &address(0)) && limits.has(&place(1), &address(1)));
            assert!(limits.admit(&place(1), &address(0)).is_err(), "its receiver has had two");
        }
        let taken = (1..10).filter(|&to| limits.admit(&place(1), &address(to)).is_ok()).count();
        assert_eq!(taken, 3);
    }
}
