//! The operator's key, which stays out of the database: what is sealed by it is nothing to whoever has a copy of
//! that, say in an archive of its log.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

/// In bytes; in the file, twice as many hexadecimal digits.
const LENGTH: usize = 32;

/// Bytes of a salt that is not sealed.
pub const SALT: usize = 32;

/// The key.
#[derive(Clone)]
pub struct OperatorKey(Arc<LessSafeKey>);

impl OperatorKey {
    /// Reads the key's file: 64 hexadecimal digits, as `openssl rand -hex 32` prints them.
    ///
    /// # Errors
    /// Where it cannot be read, or holds anything else. What it holds is not repeated.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let mut key = [0; LENGTH];
        if hex::decode_to_slice(text.trim(), &mut key).is_err() {
            bail!("{} does not hold {} hexadecimal digits", path.display(), 2 * LENGTH);
        }
        Ok(Self::new(&key))
    }

    /// The key of these bytes.
    pub fn new(key: &[u8; LENGTH]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, key).expect("it has the cipher's length");
        Self(Arc::new(LessSafeKey::new(key)))
    }

    /// Seals a secret for one use: under another `name` it does not open.
    pub fn seal(&self, name: &str, secret: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce)?;
        let mut sealed = secret.to_vec();
        let name = Aad::from(name.as_bytes());
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), name, &mut sealed)
            .map_err(|_| anyhow!("cannot seal {} bytes", secret.len()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`seal`](Self::seal) gave.
    ///
    /// # Errors
    /// Where it was sealed by another key or under another name, or was changed.
    pub fn open(&self, name: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let wrong = || anyhow!("sealed by another key than key-file holds, or damaged");
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(wrong)?;
        let (nonce, mut sealed) = (Nonce::assume_unique_for_key(*nonce), sealed.to_vec());
        let opened = self.0.open_in_place(nonce, Aad::from(name.as_bytes()), &mut sealed);
        Ok(opened.map_err(|_| wrong())?.to_vec())
    }

    /// Seals the salt of a day.
    pub fn seal_salt(&self, day: i64, salt: &[u8]) -> anyhow::Result<Vec<u8>> {
        self.seal(&format!("salt {day}"), salt)
    }

    /// Opens what [`seal_salt`](Self::seal_salt) gave. A salt of before there was a key is as it is, for the day or two
    /// that it lives.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_salt(&self, day: i64, kept: Vec<u8>) -> anyhow::Result<Vec<u8>> {
        if kept.len() == SALT { Ok(kept) } else { self.open(&format!("salt {day}"), &kept) }
    }
}

impl fmt::Debug for OperatorKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_by_its_key_and_name_alone() {
        let key = OperatorKey::new(&[1; 32]);
        let sealed = key.seal("salt 1", b"secret").unwrap();
        assert_eq!(key.open("salt 1", &sealed).unwrap(), b"secret");
        assert_ne!(sealed, key.seal("salt 1", b"secret").unwrap(), "no two look alike");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        key.open("salt 2", &sealed).unwrap_err();
        OperatorKey::new(&[2; 32]).open("salt 1", &sealed).unwrap_err();
        key.open("salt 1", &sealed[..20]).unwrap_err();
        key.open("salt 1", &[]).unwrap_err();
    }

    #[test]
    fn the_file_holds_digits_and_what_else_it_holds_is_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, format!("{}\n", "0f".repeat(32))).unwrap();
        let sealed = OperatorKey::read(&path).unwrap().seal("a", b"b").unwrap();
        assert_eq!(OperatorKey::new(&[0x0f; 32]).open("a", &sealed).unwrap(), b"b");
        std::fs::write(&path, "a password").unwrap();
        let error = format!("{:#}", OperatorKey::read(&path).unwrap_err());
        assert!(error.contains("64") && !error.contains("password"), "{error}");
        assert!(OperatorKey::read(&folder.path().join("none")).is_err());
    }
}
