//! Proof of work: what a sender does where much comes from their place, instead of solving a puzzle. Hashed
//! here and in slices: many a page forbids workers, and one without TLS has no `crypto.subtle`.

use gloo::timers::future::TimeoutFuture;
use sha2::{Digest, Sha256};

use crate::read::{Object, Value};

/// Hashes between two chances for everything else on the page: some milliseconds of a cheap phone's time.
const SLICE: u32 = 1_000;

/// What the server asks for: a number whose hash begins in a certain way.
pub(super) struct Challenge {
    /// To be given back as it is.
    challenge: String,
    /// Salt and nonce; the number goes behind them.
    seed: Vec<u8>,
    /// How the hash begins, as hexadecimal digits.
    prefix: Vec<u8>,
}

impl Challenge {
    /// Reads it; none where it is none.
    pub(super) fn read<V: Value>(mut from: Object<V>) -> Option<Self> {
        let mut seed = bytes(&from.text("salt"))?;
        seed.extend(bytes(&from.text("nonce"))?);
        let digits = from.text("prefix");
        let prefix: Option<Vec<u8>> = digits.bytes().map(digit).collect();
        Some(Self { challenge: from.maybe("challenge")?, seed, prefix: prefix? })
    }

    /// Finds the number; what the server wants to see of it. Ends early where nobody wants it any more.
    pub(super) async fn solve(&self, is_wanted: impl Fn() -> bool) -> Option<String> {
        let mut number = 0;
        while is_wanted() {
            for _ in 0..SLICE {
                if self.is_solved_by(number) {
                    return Some([&self.challenge, ".", &number.to_string()].concat());
                }
                number = number.checked_add(1)?;
            }
            TimeoutFuture::new(0).await;
        }
        None
    }

    fn is_solved_by(&self, number: u32) -> bool {
        let mut hash = Sha256::new();
        hash.update(&self.seed);
        hash.update(number.to_be_bytes());
        let hash = hash.finalize();
        let digits = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        digits.zip(&self.prefix).all(|(digit, wanted)| digit == *wanted)
    }
}

/// The bytes that hexadecimal digits stand for.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex.bytes().map(digit).collect();
    Some(digits?.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect())
}

fn digit(letter: u8) -> Option<u8> {
    char::from(letter).to_digit(16).map(|digit| digit as u8)
}
