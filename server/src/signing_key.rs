//! The key that an installation makes for itself, and all that is signed or hashed with it.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// 256 random bits. No log, no error and no `Debug` shows them.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey([u8; 32]);

impl SigningKey {
    /// The HMAC-SHA-256 of these parts for this purpose: nobody without the key makes it, and it is no other
    /// purpose's. Where one part ends and the next begins is part of it.
    pub fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.keyed(purpose, parts).finalize().into_bytes().into()
    }

    /// Whether `mac` is what [`mac`](Self::mac) gives, or the beginning of that. How long it takes to say so
    /// tells nothing.
    pub fn verifies<const LENGTH: usize>(
        &self,
        purpose: &str,
        parts: &[&[u8]],
        mac: &[u8; LENGTH],
    ) -> bool {
        self.keyed(purpose, parts).verify_truncated_left(mac).is_ok()
    }

    fn keyed(&self, purpose: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac: Hmac<Sha256> =
            Hmac::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        for part in [&[purpose.as_bytes()], parts].concat() {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

impl From<[u8; 32]> for SigningKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_is_of_its_key_its_purpose_and_its_parts() {
        let key = SigningKey::from([7; 32]);
        let mac = key.mac("a", &[b"bc", b"d"]);
        assert!(key.verifies("a", &[b"bc", b"d"], &mac));
        assert!(key.verifies("a", &[b"bc", b"d"], mac.first_chunk::<16>().unwrap()));
        let others = [
            SigningKey::from([8; 32]).mac("a", &[b"bc", b"d"]),
            key.mac("e", &[b"bc", b"d"]),
            key.mac("a", &[b"b", b"cd"]),
            key.mac("a", &[b"bcd"]),
            key.mac("ab", &[b"c", b"d"]),
        ];
        for other in others {
            assert!(other != mac && !key.verifies("a", &[b"bc", b"d"], &other));
        }
    }

    #[test]
    fn it_is_not_shown() {
        assert_eq!(format!("{:?}", SigningKey::from([7; 32])), "SigningKey(hidden)");
    }
}
