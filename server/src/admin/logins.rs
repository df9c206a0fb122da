//! Logging in and out: how often somebody may try, and for how long it lasts.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::client::Client;
use crate::clock::{AHEAD, UnixSeconds};
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
/// Tries that one place has at one name in a quarter of an hour.
const TRIES_AT_A_NAME: u32 = 10;
/// Tries that one name has in an hour, from all places: enough that one place cannot use them up, and few enough
/// that many places cannot guess.
const TRIES_OF_A_NAME: u32 = 100;
/// Places, names, and names with a place that are counted.
const COUNTED: usize = 10_000;

/// Lets people in.
pub struct Logins {
    passwords: Passwords,
    places: Limiter<IpAddr>,
    names_at_places: Limiter<(String, IpAddr)>,
    names: Limiter<String>,
    /// When sessions were last used, since the store was told: a GET writes nothing, a job does.
    used: Mutex<HashMap<SessionHash, UnixSeconds>>,
}

impl Default for Logins {
    fn default() -> Self {
        Self {
            passwords: Passwords::default(),
            places: Limiter::new(Duration::from_secs(60), TRIES_OF_A_PLACE, COUNTED),
            names_at_places: Limiter::new(Duration::from_secs(15 * 60), TRIES_AT_A_NAME, COUNTED),
            names: Limiter::new(Duration::from_secs(3600), TRIES_OF_A_NAME, COUNTED),
            used: Mutex::default(),
        }
    }
}

impl Logins {
    /// Takes one of the tries that the client's place and the name have: whether there was one.
    pub fn admit(&self, client: &Client, name: &str) -> bool {
        let (name, place) = (people::name(name).unwrap_or_default(), client.place());
        // What a place is refused takes nothing of what the name has everywhere.
        self.places.allow(&place)
            && self.names_at_places.allow(&(name.clone(), place))
            && self.names.allow(&name)
    }

    /// The try was no guess: it counts no more against the name. It still does against the place, whose tries
    /// are work.
    pub fn take_back(&self, client: &Client, name: &str) {
        let name = people::name(name).unwrap_or_default();
        self.names.give_back(&name);
        self.names_at_places.give_back(&(name, client.place()));
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
        // What a clock says that was ahead gives no session more time.
        let is_early = session.begun_at > now + AHEAD;
        let used_at =
            used.get(&hash).map_or(session.used_at, |at| session.used_at.max(*at)).min(now);
        if is_early || now >= session.begun_at + LONGEST || now >= used_at + IDLE {
            return Ok(None);
        }
        used.insert(hash, now);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(place: usize) -> Client {
        let address = format!("203.0.{}.{}", 113 + place / 200, place % 200);
        Client { address: address.parse().unwrap(), agent: "a".into(), private: false }
    }

    #[test]
    fn one_place_cannot_keep_somebody_out_and_many_cannot_guess_for_long() {
        let logins = Logins::default();
        let tries = |place| (0..20).filter(|_| logins.admit(&at(place), "lan")).count();
        assert_eq!(tries(0), 10);
        assert!(logins.admit(&at(1), "lan"), "from elsewhere she gets in");
        let all: usize = (2..20).map(tries).sum();
        assert_eq!(all, 100 - 10 - 1);
        assert!(!logins.admit(&at(50), " lan ") && logins.admit(&at(50), "binh"));
    }

    #[test]
    fn what_was_no_guess_is_not_counted_against_the_name() {
        let logins = Logins::default();
        for place in 0..200 {
            assert!(logins.admit(&at(place), "lan"), "{place}");
            logins.take_back(&at(place), " lan ");
        }
        assert_eq!((0..20).filter(|_| logins.admit(&at(0), "lan")).count(), 10);
    }
}
