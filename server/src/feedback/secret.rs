//! What opens a feedback to its sender.

use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};

use crate::signing_key::SigningKey;
use crate::store::SecretHash;

/// 128 bits, in base64url. The store knows only its hash.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret as it stands in a URL. Any text will do: one that is no secret opens nothing.
    pub fn from_url(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret of that key: the same again for a sender who never got the first answer, and
    /// beyond guessing for anyone without this installation's own key.
    pub(super) fn of(signing_key: &SigningKey, idempotency_key: &str) -> Self {
        let mac = signing_key.mac("feedback secret", &[idempotency_key.as_bytes()]);
        Self(BASE64URL_NOPAD.encode(&mac[..16]))
    }

    /// As it stands in a URL.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// What the store knows of it.
    pub fn hash(&self) -> SecretHash {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_comes_back_for_its_key_alone() {
        let of = |key: [u8; 32], id: &str| Secret::of(&key.into(), id).0;
        assert_eq!(of([1; 32], "a"), of([1; 32], "a"));
        assert_ne!(of([1; 32], "a"), of([1; 32], "b"));
        assert_ne!(of([1; 32], "a"), of([2; 32], "a"));
        assert_eq!(of([1; 32], "a").len(), 22);
    }
}
