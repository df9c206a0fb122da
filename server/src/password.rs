//! Passwords, and how they are kept: Argon2id with 19 MiB, two passes and one lane (OWASP's Password
//! Storage Cheat Sheet).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use unicode_normalization::UnicodeNormalization;

/// No password is shorter, in characters.
pub const SHORTEST: usize = 12;
/// No password is longer, in bytes.
const LONGEST: usize = 1_024;
/// Memory of one hash, in KiB.
const MEMORY: u32 = 19 * 1024;
/// Passes over it.
const PASSES: u32 = 2;
/// Hashes worked on at once: each holds its memory and a core.
const AT_ONCE: usize = 2;
/// Whoever waits longer for a turn is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Stands for the password of somebody who is not there, so that looking for one takes the same work as
/// comparing one. Nothing is known that has this hash.
const OF_NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGlzIGhlcmUh\
                         $bm9ib2R5IGtub3dzIHdoYXQgaGFzaGVzIHRvIHRoaXM";

/// A password in clear, in the one form that it is hashed in (Unicode NFC).
#[derive(Clone)]
pub struct Password(String);

/// A password as it is kept: a PHC string.
#[derive(Clone, PartialEq, Eq)]
pub struct HashedPassword(String);

/// A new password that is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is guessed too soon.
    #[error("a password has at least {SHORTEST} characters")]
    TooShort,
    /// Nobody types that.
    #[error("a password has at most {LONGEST} bytes")]
    TooLong,
}

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many are being hashed.
    #[error("too many passwords are being looked at")]
    Busy,
    /// There is no randomness, or the hash that is kept is none.
    #[error("a password cannot be hashed: {0}")]
    Failed(anyhow::Error),
}

/// Hashes passwords away from the threads that serve, a few at once.
pub struct Passwords(Arc<Semaphore>);

impl Password {
    /// What somebody typed who says that it is theirs.
    pub fn typed(text: &str) -> Self {
        Self(text.nfc().collect())
    }

    /// A password that is to be somebody's from now on.
    ///
    /// # Errors
    /// Where it has fewer than 12 characters, or more than 1,024 bytes.
    pub fn new(text: &str) -> Result<Self, Unfit> {
        let password = Self::typed(text);
        if password.0.chars().count() < SHORTEST {
            Err(Unfit::TooShort)
        } else if password.0.len() > LONGEST {
            Err(Unfit::TooLong)
        } else {
            Ok(password)
        }
    }
}

impl HashedPassword {
    /// One that the store kept.
    pub fn from_store(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string, for the store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Passwords {
    /// Hashes it with a salt of its own.
    ///
    /// # Errors
    /// See [`HashError`].
    pub async fn hash(&self, password: Password) -> Result<HashedPassword, HashError> {
        self.work(move || {
            let hash = argon2()?.hash_password(password.0.as_bytes())?;
            Ok(HashedPassword(hash.to_string()))
        })
        .await
    }

    /// Whether it is the one that is kept. Where none is kept it is not, and that takes as long.
    ///
    /// # Errors
    /// See [`HashError`].
    pub async fn matches(
        &self,
        password: Password,
        kept: Option<HashedPassword>,
    ) -> Result<bool, HashError> {
        self.work(move || {
            let is_somebody = kept.is_some();
            let kept = kept.map_or_else(|| OF_NOBODY.to_owned(), |kept| kept.0);
            // A new password is not as long: of a longer one nothing has to be hashed.
            let typed = &password.0.as_bytes()[..password.0.len().min(LONGEST + 1)];
            match argon2()?.verify_password(typed, kept.as_str()) {
                Ok(()) => Ok(is_somebody),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
    ) -> Result<T, HashError> {
        let permit = self.permit().await?;
        let work = move || {
            // Held until the work is over, also where nobody waits for it any more.
            let _permit = permit;
            work()
        };
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|panic| HashError::Failed(panic.into()))?.map_err(HashError::Failed)
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, HashError> {
        let permit = timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        permit.map_err(|_| HashError::Busy)?.map_err(|_| HashError::Busy)
    }
}

fn argon2() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(MEMORY, PASSES, 1, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(hidden)")
    }
}

impl fmt::Debug for HashedPassword {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::*;

    const TYPED: &str = "một mật khẩu đủ dài";

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let passwords = Passwords::default();
        let kept = passwords.hash(Password::new(TYPED).unwrap()).await.unwrap();
        let same = passwords.hash(Password::new(TYPED).unwrap()).await.unwrap();
        assert!(kept != same, "each has a salt of its own");
        let decomposed: String = TYPED.nfd().collect();
        for (typed, is_it) in [(TYPED, true), (&decomposed, true), ("một mật khẩu khác hẳn", false)]
        {
            let typed = Password::typed(typed);
            assert_eq!(passwords.matches(typed, Some(kept.clone())).await.unwrap(), is_it);
        }
        assert!(!passwords.matches(Password::typed(TYPED), None).await.unwrap());
    }

    #[tokio::test]
    async fn looking_for_nobody_is_the_same_work() {
        let passwords = Passwords::default();
        let kept = passwords.hash(Password::new(TYPED).unwrap()).await.unwrap();
        let (hash, nobody) = (PasswordHash::new(&kept.0).unwrap(), PasswordHash::new(OF_NOBODY));
        let work = |hash: &PasswordHash| {
            let length = hash.hash.unwrap().as_bytes().len();
            (hash.algorithm.to_string(), hash.version, hash.params.to_string(), length)
        };
        assert_eq!(work(&hash).2, "m=19456,t=2,p=1");
        assert_eq!(work(&hash), work(&nobody.unwrap()));
    }

    #[test]
    fn a_new_password_has_twelve_characters_and_shows_itself_nowhere() {
        assert_eq!(Password::new("mười một kt").unwrap_err(), Unfit::TooShort);
        assert_eq!(Password::new(&"x".repeat(1_025)).unwrap_err(), Unfit::TooLong);
        assert_eq!(format!("{:?}", Password::new("mười hai ký").unwrap_err()), "TooShort");
        assert_eq!(format!("{:?}", Password::new("mười hai kýt").unwrap()), "(hidden)");
    }
}
