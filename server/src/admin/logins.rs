//! Logging in and out: how often somebody may try, and for how long it lasts.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::client::Client;
use crate::clock::UnixSeconds;
use crate::limiter::Limiter;
use crate::password::{HashError, Password, Passwords};
use crate::people::{self, Person};
use crate::problem::Problem;
use crate::store::{SessionHash, Store, StoreError};

use super::session::SessionSecret;

/// A session that is not used ends after as many seconds.
const IDLE: i64 = 12 * 3600;
/// Every session ends after as many seconds.
const LONGEST: i64 = 7 * 24 * 3600;
/// Tries that one place has in a minute.
const TRIES_OF_A_PLACE: u32 = 20;
/// Tries that one name has in a quarter of an hour, from wherever they come.
const TRIES_OF_A_NAME: u32 = 10;
/// Places, and names, that are counted.
const COUNTED: usize = 10_000;

/// Lets people in.
pub struct Logins {
    passwords: Passwords,
    places: Limiter<IpAddr>,
    names: Limiter<String>,
    /// When sessions were last used, since the store was told: a GET writes nothing, a job does.
    used: Mutex<HashMap<SessionHash, UnixSeconds>>,
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            passwords: Passwords::default(),
            places: Limiter::new(Duration::from_secs(60), TRIES_OF_A_PLACE, COUNTED),
            names: Limiter::new(Duration::from_secs(15 * 60), TRIES_OF_A_NAME, COUNTED),
            used: Mutex::default(),
        }
    }
}

impl Logins {
    /// Takes one of the tries that the client's place and the name have: whether there was one.
    pub fn admit(&self, client: &Client, name: &str) -> bool {
        // The place first, so that one place alone cannot use up a name's for long.
        self.places.allow(&client.place())
            && self.names.allow(&people::name(name).unwrap_or_default())
    }

    /// Begins a session, whose secret nobody had before; none where name and password do not belong
    /// together, and it takes as long to find out that there is no such name.
    ///
    /// # Errors
    /// A failing store; [`Problem::Busy`] where many log in at once.
    pub async fn log_in(
        &self,
        store: &dyn Store,
        name: &str,
        password: Password,
        now: UnixSeconds,
    ) -> Result<Option<SessionSecret>, Problem> {
        let name = people::name(name).unwrap_or_default();
        let kept = store.password(&name).await?;
        let is_it = self.passwords.matches(password, kept.clone()).await?;
        let Some(kept) = kept.filter(|_| is_it) else { return Ok(None) };
        let secret = SessionSecret::random().map_err(|error| Problem::Internal(error.into()))?;
        let begun = store.begin_session(&secret.hash(), &name, &kept, now).await?;
        Ok(begun.then_some(secret))
    }

    /// Whose session the secret opens, if it is not over; it then has been used now.
    ///
    /// # Errors
    /// A failing store.
    pub async fn person(
        &self,
        store: &dyn Store,
        secret: &SessionSecret,
        now: UnixSeconds,
    ) -> Result<Option<Person>, StoreError> {
        let hash = secret.hash();
        let Some(session) = store.session(&hash).await? else { return Ok(None) };
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let used_at = used.get(&hash).map_or(session.used_at, |at| session.used_at.max(*at));
        if now >= session.begun_at + LONGEST || now >= used_at + IDLE {
            return Ok(None);
        }
        used.insert(hash, now.max(used_at));
        Ok(Some(session.person))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// A failing store.
    pub async fn log_out(
        &self,
        store: &dyn Store,
        secret: &SessionSecret,
    ) -> Result<(), StoreError> {
        store.end_session(&secret.hash()).await?;
        self.used.lock().unwrap_or_else(PoisonError::into_inner).remove(&secret.hash());
        Ok(())
    }

    /// Tells the store when sessions were last used, and has it forget those that are over.
    ///
    /// # Errors
    /// A failing store; then it is told the next time.
    pub async fn tidy(&self, store: &dyn Store, now: UnixSeconds) -> Result<(), StoreError> {
        let uses: Vec<_> = {
            let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.iter().map(|(session, at)| (*session, *at)).collect()
        };
        if !uses.is_empty() {
            store.use_sessions(&uses).await?;
        }
        {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            // What was used again meanwhile is told the next time.
            used.retain(|session, at| !uses.contains(&(*session, *at)));
        }
        store.forget_sessions(now - LONGEST, now - IDLE).await
    }
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::Busy,
            HashError::Failed(_) => Self::Internal(error.into()),
        }
    }
}
