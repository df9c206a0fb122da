use async_trait::async_trait;

use super::PostgresStore;
#[allow(unused_imports)]
use crate::clock::*;
use crate::store::*;
#[allow(unused_imports)]
use crate::{password::HashedPassword, people::Person, visibility::Visibility};

#[async_trait]
impl PeopleStore for PostgresStore {
    async fn save_person(
        &self,
        person: &Person,
        password: &HashedPassword,
    ) -> Result<bool, StoreError> {
        todo!()
    }
    async fn people(&self) -> Result<Vec<Person>, StoreError> {
        todo!()
    }
    async fn password(&self, name: &str) -> Result<Option<HashedPassword>, StoreError> {
        todo!()
    }
    async fn set_password(
        &self,
        name: &str,
        password: &HashedPassword,
    ) -> Result<bool, StoreError> {
        todo!()
    }
    async fn remove_person(&self, name: &str) -> Result<bool, StoreError> {
        todo!()
    }
    async fn begin_session(
        &self,
        session: &SessionHash,
        name: &str,
        password: &HashedPassword,
        at: UnixSeconds,
    ) -> Result<bool, StoreError> {
        todo!()
    }
    async fn session(&self, session: &SessionHash) -> Result<Option<Session>, StoreError> {
        todo!()
    }
    async fn use_sessions(&self, uses: &[(SessionHash, UnixSeconds)]) -> Result<(), StoreError> {
        todo!()
    }
    async fn end_session(&self, session: &SessionHash) -> Result<(), StoreError> {
        todo!()
    }
    async fn forget_sessions(
        &self,
        begun_before: UnixSeconds,
        used_before: UnixSeconds,
    ) -> Result<(), StoreError> {
        todo!()
    }
}
