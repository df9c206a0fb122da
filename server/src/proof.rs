//! Proofs of work (ALTCHA's protocol, version 2): what a program pays for each letter where a person
//! hardly notices. No cookie, nothing of the reader's, and nothing kept until a proof is used.
//!
//! A client looks for a `counter` of 32 bits for which SHA-256(salt, nonce, counter) begins with the
//! prefix; the counter is hashed as four bytes, the highest first.

use std::sync::Arc;

use altcha::{CreateChallengeOptions, Solution, VerifySolutionOptions};
use axum::http::{HeaderMap, HeaderName};
use data_encoding::BASE64URL_NOPAD;
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::clock::{AHEAD, Clock, UnixSeconds};
use crate::problem::Problem;
use crate::rush::Rush;
use crate::signing_key::SigningKey;
use crate::store::SpentProof;

/// Carries a proof: the challenge as it was given, a dot, and the counter in decimal.
pub static PROOF: HeaderName = HeaderName::from_static("proof");

/// Seconds in which a challenge has to be answered.
const ANSWERED_WITHIN: UnixSeconds = 10 * 60;
/// What the hash begins with: 65,536 tries on average, …
const PREFIX: &str = "0000";
/// … and 1,048,576 while there is a flood.
const PREFIX_IN_FLOOD: &str = "00000";
/// No header that holds a proof is longer, in bytes.
const LONGEST: usize = 2_048;

/// What is to be found, as a refusal says it.
#[derive(Clone, Debug, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Challenge {
    /// To be sent back as it is.
    pub challenge: String,
    /// Hashed second, in hex.
    pub nonce: String,
    /// Hashed first, in hex.
    pub salt: String,
    /// What the hash in hex begins with.
    pub prefix: String,
}

/// Makes challenges, and checks what answers them.
pub struct Proofs {
    key: String,
    clock: Arc<dyn Clock>,
    rush: Arc<Rush>,
}

impl Proofs {
    /// The challenges of the installation with this key; they are harder while there is a flood.
    pub fn new(signing_key: &SigningKey, clock: Arc<dyn Clock>, rush: Arc<Rush>) -> Self {
        Self { key: hex::encode(signing_key.mac("proof of work", &[])), clock, rush }
    }

    /// The proof that the request carries. Whoever takes it has it spent by the store, in one commit
    /// with what it is for.
    ///
    /// # Errors
    /// [`Problem::ProofNeeded`] where there is none, or one that is wrong or too old.
    pub fn take(&self, headers: &HeaderMap) -> Result<SpentProof, Problem> {
        let text = headers.get(&PROOF).and_then(|value| value.to_str().ok());
        text.and_then(|text| self.check(text)).ok_or_else(|| self.needed())
    }

    /// The refusal that asks for a proof.
    pub fn needed(&self) -> Problem {
        match self.challenge() {
            Ok(challenge) => Problem::ProofNeeded(Box::new(challenge)),
            Err(error) => Problem::Internal(error.into()),
        }
    }

    fn challenge(&self) -> altcha::Result<Challenge> {
        let prefix = if self.rush.is_flood() { PREFIX_IN_FLOOD } else { PREFIX };
        let made = altcha::create_challenge(CreateChallengeOptions {
            algorithm: "SHA-256".to_owned(),
            cost: 1,
            expires_at: Some(self.clock.now() + ANSWERED_WITHIN),
            hmac_signature_secret: Some(self.key.clone()),
            key_prefix: prefix.to_owned(),
            ..CreateChallengeOptions::default()
        })?;
        Ok(Challenge {
            challenge: BASE64URL_NOPAD.encode(&serde_json::to_vec(&made)?),
            nonce: made.parameters.nonce,
            salt: made.parameters.salt,
            prefix: made.parameters.key_prefix,
        })
    }

    /// None where the proof is no good.
    fn check(&self, text: &str) -> Option<SpentProof> {
        let (challenge, counter) = text.split_once('.').filter(|_| text.len() <= LONGEST)?;
        let challenge = BASE64URL_NOPAD.decode(challenge.as_bytes()).ok()?;
        let challenge: altcha::Challenge = serde_json::from_slice(&challenge).ok()?;
        let expires_at = challenge.parameters.expires_at?;
        let counter = counter.parse().ok()?;
        let solution = Solution { counter, derived_key: hash(&challenge, counter)?, time: None };
        let options = VerifySolutionOptions::new(&challenge, &solution, self.key.as_str());
        let is_right = altcha::verify_solution(options).is_ok_and(|result| result.verified);
        let signature = hex::decode(challenge.signature.as_deref()?).ok()?;
        let challenge = signature.try_into().ok()?;
        (is_right && self.is_of_now(expires_at)).then_some(SpentProof { challenge, expires_at })
    }

    /// Whether it is not over, nor from a clock that was ahead, by which it would be good for longer.
    fn is_of_now(&self, expires_at: UnixSeconds) -> bool {
        (1..=ANSWERED_WITHIN + AHEAD).contains(&(expires_at - self.clock.now()))
    }
}

/// In hex.
fn hash(challenge: &altcha::Challenge, counter: u32) -> Option<String> {
    let mut bytes = hex::decode(&challenge.parameters.salt).ok()?;
    bytes.extend(hex::decode(&challenge.parameters.nonce).ok()?);
    bytes.extend(counter.to_be_bytes());
    Some(hex::encode(Sha256::digest(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, SystemClock};

    fn proofs(key: u8) -> (Proofs, ManualClock, Arc<Rush>) {
        let (clock, rush) = (ManualClock::at(SystemClock.now()), Arc::new(Rush::default()));
        (Proofs::new(&[key; 32].into(), Arc::new(clock.clone()), rush.clone()), clock, rush)
    }

    /// As a client does it.
    fn solve(challenge: &Challenge) -> String {
        let mut bytes = hex::decode(&challenge.salt).unwrap();
        bytes.extend(hex::decode(&challenge.nonce).unwrap());
        let is_found = |counter: &u32| {
            let hash = Sha256::new().chain_update(&bytes).chain_update(counter.to_be_bytes());
            hex::encode(hash.finalize()).starts_with(&challenge.prefix)
        };
        format!("{}.{}", challenge.challenge, (0..).find(is_found).unwrap())
    }

    fn with(proof: &str) -> HeaderMap {
        HeaderMap::from_iter([(PROOF.clone(), proof.parse().unwrap())])
    }

    #[test]
    fn a_proof_is_good_for_ten_minutes_at_its_own_installation() {
        let (proofs, clock, _) = proofs(7);
        let proof = solve(&proofs.challenge().unwrap());
        let taken = proofs.take(&with(&proof)).unwrap();
        assert_eq!(taken.expires_at, clock.now() + 600);
        clock.advance(599);
        assert_eq!(proofs.take(&with(&proof)).unwrap(), taken, "it is the store that spends it");
        clock.advance(1);
        assert!(matches!(proofs.take(&with(&proof)), Err(Problem::ProofNeeded(_))));
        clock.advance(-3600);
        let again = proofs.take(&with(&proof));
        assert!(matches!(again, Err(Problem::ProofNeeded(_))), "nor where the clock goes back");
        let (others, ..) = self::proofs(8);
        assert!(matches!(others.take(&with(&proof)), Err(Problem::ProofNeeded(_))));
    }

    #[test]
    fn what_is_none_or_was_changed_is_refused_with_a_new_challenge() {
        let (proofs, ..) = proofs(7);
        let challenge = proofs.challenge().unwrap();
        let proof = solve(&challenge);
        let counter = proof.rsplit_once('.').unwrap().1;
        let json = BASE64URL_NOPAD.decode(challenge.challenge.as_bytes()).unwrap();
        let easier = String::from_utf8(json).unwrap().replace("\"0000\"", "\"\"");
        let easier = format!("{}.{counter}", BASE64URL_NOPAD.encode(easier.as_bytes()));
        let wrong = format!("{}.{}", challenge.challenge, u32::MAX);
        let long = format!("{}.0", "A".repeat(LONGEST));
        for text in ["", ".", "x.1", "e30.1", &challenge.challenge, &easier, &wrong, &long] {
            let Err(Problem::ProofNeeded(next)) = proofs.take(&with(text)) else {
                panic!("{text} is taken");
            };
            assert_ne!(*next, challenge, "{text}");
        }
        assert!(matches!(proofs.take(&HeaderMap::new()), Err(Problem::ProofNeeded(_))));
        assert!(proofs.take(&with(&proof)).is_ok());
    }

    #[test]
    fn every_answer_to_one_challenge_is_the_same_proof() {
        let (proofs, ..) = proofs(7);
        let challenge = proofs.challenge().unwrap();
        let first = solve(&challenge);
        let first_counter: u32 = first.rsplit_once('.').unwrap().1.parse().unwrap();
        let json = BASE64URL_NOPAD.decode(challenge.challenge.as_bytes()).unwrap();
        let parsed: altcha::Challenge = serde_json::from_slice(&json).unwrap();
        let is_found = |counter: &u32| hash(&parsed, *counter).unwrap().starts_with("0000");
        let second = (first_counter + 1..).find(is_found).unwrap();
        // Neither another counter nor other white space makes two of it.
        let spaced = BASE64URL_NOPAD.encode(&[&json[..], b" "].concat());
        let taken = proofs.take(&with(&first)).unwrap();
        for proof in [format!("{}.{second}", challenge.challenge), format!("{spaced}.{second}")] {
            assert_eq!(proofs.take(&with(&proof)).unwrap(), taken);
        }
    }

    #[test]
    fn it_is_sixteen_times_as_hard_in_a_flood() {
        let (proofs, _, rush) = proofs(7);
        assert_eq!(proofs.challenge().unwrap().prefix, "0000");
        (0..600).for_each(|_| rush.note());
        assert_eq!(proofs.challenge().unwrap().prefix, "00000");
    }
}
