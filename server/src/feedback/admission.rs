//! How many letters are taken: from one place without more ado, then for a proof of work; from everywhere
//! at once for a proof. Whoever has no script to find one has the letter held instead.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;

use crate::client::Client;
use crate::limiter::Limiter;
use crate::problem::Problem;
use crate::proof::Proofs;
use crate::rush::Rush;
use crate::store::{SpentProof, Suspicion};
use crate::tally::SharedNetworks;

const HOUR: Duration = Duration::from_secs(3600);
/// Letters an hour that one place may send just so, …
const FREE: u32 = 3;
/// … beyond these for a proof each, …
const PROVEN: u32 = 17;
/// … or held, where it has no script.
const UNPROVEN: u32 = 5;
/// Letters an hour that are held for want of a proof, of all places together: no more than a disk
/// bears, and an editor.
const UNPROVEN_EVERYWHERE: u32 = 2_000;
/// Places that are counted.
const PLACES: usize = 10_000;

/// Who may send feedback now.
pub struct Admission {
    free: Limiter<IpAddr>,
    proven: Limiter<IpAddr>,
    unproven: Limiter<IpAddr>,
    unproven_everywhere: Limiter<()>,
    rush: Arc<Rush>,
    /// Where many have one address: beyond what is free, no place there is counted.
    shared: SharedNetworks,
}

/// A letter's leave.
pub(super) struct Pass {
    /// Why the letter is held.
    pub(super) held: Option<Suspicion>,
    /// What was proved for it.
    pub(super) proof: Option<SpentProof>,
    taken: Taken,
}

/// What a letter takes of what its place may send.
#[derive(Clone, Copy)]
enum Taken {
    Free,
    Proven,
    Unproven,
}

impl Admission {
    /// Nobody has sent anything yet.
    pub fn new(rush: Arc<Rush>, shared: &SharedNetworks) -> Self {
        Self {
            free: Limiter::new(HOUR, FREE, PLACES),
            proven: Limiter::new(HOUR, PROVEN, PLACES),
            unproven: Limiter::new(HOUR, UNPROVEN, PLACES),
            unproven_everywhere: Limiter::new(HOUR, UNPROVEN_EVERYWHERE, 1),
            rush,
            shared: shared.clone(),
        }
    }

    /// Lets one letter in. Its proof is in the headers, if there is one; no headers are given where no
    /// script runs that could find it.
    ///
    /// # Errors
    /// [`Problem::ProofNeeded`]; [`Problem::TooMany`] where a proof would not help.
    pub(super) fn admit(
        &self,
        client: &Client,
        proofs: &Proofs,
        headers: Option<&HeaderMap>,
    ) -> Result<Pass, Problem> {
        let pass = if !self.rush.is_on() && self.free.allow(&client.place()) {
            Pass { held: None, proof: None, taken: Taken::Free }
        } else if let Some(headers) = headers {
            self.for_a_proof(client, proofs, headers)?
        } else if self.take_unproven(client) {
            Pass { held: Some(Suspicion::Unproven), proof: None, taken: Taken::Unproven }
        } else {
            return Err(Problem::TooMany);
        };
        self.rush.note();
        Ok(pass)
    }

    /// The letter was none: not kept, or known already.
    pub(super) fn take_back(&self, client: &Client, pass: &Pass) {
        let place = client.place();
        match pass.taken {
            Taken::Free => self.free.give_back(&place),
            Taken::Proven => self.proven.give_back(&place),
            Taken::Unproven => {
                self.unproven.give_back(&place);
                self.unproven_everywhere.give_back(&());
            }
        }
        self.rush.take_back();
    }

    fn for_a_proof(
        &self,
        client: &Client,
        proofs: &Proofs,
        headers: &HeaderMap,
    ) -> Result<Pass, Problem> {
        let (place, is_shared) = (client.place(), self.shared.contain(client));
        // Nobody is to work for nothing.
        if !(self.free.has(&place) || self.proven.has(&place) || is_shared) {
            return Err(Problem::TooMany);
        }
        let proof = Some(proofs.take(headers)?);
        let taken = if self.free.allow(&place) {
            Taken::Free
        } else if self.proven.allow(&place) || is_shared {
            Taken::Proven
        } else {
            return Err(Problem::TooMany);
        };
        Ok(Pass { held: None, proof, taken })
    }

    fn take_unproven(&self, client: &Client) -> bool {
        let place = client.place();
        if !(self.unproven.allow(&place) || self.shared.contain(client)) {
            return false;
        }
        let is_taken = self.unproven_everywhere.allow(&());
        if !is_taken {
            self.unproven.give_back(&place);
        }
        is_taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    struct Gate {
        admission: Admission,
        proofs: Proofs,
        rush: Arc<Rush>,
    }

    impl Gate {
        fn new() -> Self {
            let rush = Arc::new(Rush::default());
            let networks = vec!["198.51.100.0/24".parse().unwrap()];
            let shared = SharedNetworks { networks, ..SharedNetworks::default() };
            Self {
                admission: Admission::new(rush.clone(), &shared),
                proofs: Proofs::new(&[7; 32].into(), Arc::new(SystemClock), rush.clone()),
                rush,
            }
        }

        fn scripted(&self, address: &str) -> Result<Pass, Problem> {
            self.admission.admit(&client(address), &self.proofs, Some(&HeaderMap::new()))
        }

        fn plain(&self, address: &str) -> Result<Pass, Problem> {
            self.admission.admit(&client(address), &self.proofs, None)
        }
    }

    fn client(address: &str) -> Client {
        Client { address: address.parse().unwrap(), agent: "a".into(), private: false }
    }

    #[test]
    fn without_a_script_letters_past_the_third_are_held_and_past_the_eighth_refused() {
        let gate = Gate::new();
        let held: Vec<_> = (0..8).map(|_| gate.plain("203.0.113.1").unwrap().held).collect();
        assert_eq!(held[..3], [None; 3]);
        assert_eq!(held[3..], [Some(Suspicion::Unproven); 5]);
        assert!(matches!(gate.plain("203.0.113.1"), Err(Problem::TooMany)));
        assert!(gate.plain("203.0.113.2").unwrap().held.is_none(), "another place");
    }

    #[test]
    fn a_letter_that_was_none_costs_nothing() {
        let gate = Gate::new();
        for _ in 0..100 {
            let pass = gate.scripted("203.0.113.1").unwrap();
            gate.admission.take_back(&client("203.0.113.1"), &pass);
        }
        assert!(!gate.rush.is_on());
        for _ in 0..3 {
            assert!(gate.plain("203.0.113.1").is_ok());
        }
        for _ in 0..100 {
            let pass = gate.plain("203.0.113.1").unwrap();
            assert_eq!(pass.held, Some(Suspicion::Unproven));
            gate.admission.take_back(&client("203.0.113.1"), &pass);
        }
    }

    #[test]
    fn in_a_rush_everybody_needs_a_proof() {
        let gate = Gate::new();
        for place in 0..60 {
            assert!(gate.scripted(&format!("203.0.113.{place}")).is_ok());
        }
        assert!(matches!(gate.scripted("203.0.113.99"), Err(Problem::ProofNeeded(_))));
        assert_eq!(gate.plain("203.0.113.99").unwrap().held, Some(Suspicion::Unproven));
    }

    #[test]
    fn no_more_is_held_than_a_disk_bears() {
        let gate = Gate::new();
        (0..60).for_each(|_| gate.rush.note());
        for place in 0..2_000 {
            assert!(gate.plain(&format!("10.0.{}.{}", place / 200, place % 200)).is_ok());
        }
        assert!(matches!(gate.plain("203.0.113.1"), Err(Problem::TooMany)));
    }

    #[test]
    fn a_carriers_address_is_many_people() {
        let gate = Gate::new();
        for _ in 0..50 {
            assert!(gate.plain("198.51.100.7").is_ok());
        }
        assert!(matches!(gate.scripted("198.51.100.7"), Err(Problem::ProofNeeded(_))));
    }
}
