//! The publisher's people, as the store takes and gives them.

use async_trait::async_trait;

use super::StoreError;
use crate::clock::UnixSeconds;
use crate::password::HashedPassword;
use crate::people::Person;

/// What the store knows of the secret in a session's cookie: its SHA-256.
pub type SessionHash = [u8; 32];

/// Who may log in, and who has.
#[async_trait]
pub trait PeopleStore {
    /// Adds somebody: whether the name was free.
    async fn save_person(
        &self,
        person: &Person,
        password: &HashedPassword,
    ) -> Result<bool, StoreError>;
    /// Everybody, by name.
    async fn people(&self) -> Result<Vec<Person>, StoreError>;
    /// The password of whoever has this name.
    async fn password(&self, name: &str) -> Result<Option<HashedPassword>, StoreError>;
    /// Gives somebody another password and ends their sessions: whether there is such a person.
    async fn set_password(&self, name: &str, password: &HashedPassword)
    -> Result<bool, StoreError>;
    /// Removes somebody and ends their sessions: whether there was such a person.
    async fn remove_person(&self, name: &str) -> Result<bool, StoreError>;

    /// Begins a session of the person of this name, if that still is their password.
    async fn begin_session(
        &self,
        session: &SessionHash,
        name: &str,
        password: &HashedPassword,
        at: UnixSeconds,
    ) -> Result<bool, StoreError>;
    /// The session that this hashed secret opens, over or not.
    async fn session(&self, session: &SessionHash) -> Result<Option<Session>, StoreError>;
    /// Says when sessions were last used; what is known to be later stays, unless it is so much later that only a
    /// clock that was ahead can have said so.
    async fn use_sessions(&self, uses: &[(SessionHash, UnixSeconds)]) -> Result<(), StoreError>;
    /// Ends a session, where there is one.
    async fn end_session(&self, session: &SessionHash) -> Result<(), StoreError>;
    /// Forgets the sessions that were begun or last used before these times.
    async fn forget_sessions(
        &self,
        begun_before: UnixSeconds,
        used_before: UnixSeconds,
    ) -> Result<(), StoreError>;
}

/// Somebody who logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: Person,
    /// When they did.
    pub begun_at: UnixSeconds,
    /// When they were last seen, as far as the store was told.
    pub used_at: UnixSeconds,
}
