//! The publisher's people, and who is logged in.

use async_trait::async_trait;
use deadpool_postgres::Client;
use tokio_postgres::Row;

use super::PostgresStore;
use super::sql::{Params, execute, row, rows, text};
use crate::clock::{AHEAD, UnixSeconds};
use crate::password::HashedPassword;
use crate::people::{Person, Role};
use crate::store::{PeopleStore, Session, SessionHash, StoreError};

#[async_trait]
impl PeopleStore for PostgresStore {
    async fn save_person(
        &self,
        person: &Person,
        password: &HashedPassword,
    ) -> Result<bool, StoreError> {
        save(&self.for_writing().await?, person, password).await
    }

    async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let sql = "/* people */ select name, role, created_at from person order by name";
        rows(&self.for_reading().await?, sql, &[]).await?.iter().map(read).collect()
    }

    async fn password(&self, name: &str) -> Result<Option<HashedPassword>, StoreError> {
        let sql = "/* password */ select password from person where name = $1";
        let found = row(&self.for_reading().await?, sql, &[&text(name)]).await?;
        found.map(|row| Ok(HashedPassword::from_store(row.try_get(0)?))).transpose()
    }

    async fn set_password(
        &self,
        name: &str,
        password: &HashedPassword,
    ) -> Result<bool, StoreError> {
        set_password(&mut self.for_writing().await?, name, password).await
    }

    /// The person's sessions go with them.
    async fn remove_person(&self, name: &str) -> Result<bool, StoreError> {
        let sql = "/* remove_person */ delete from person where name = $1";
        Ok(execute(&self.for_writing().await?, sql, &[&text(name)]).await? > 0)
    }

    async fn begin_session(
        &self,
        session: &SessionHash,
        name: &str,
        password: &HashedPassword,
        at: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let params: Params<'_> = &[&session.as_slice(), &text(name), &password.as_str(), &at];
        Ok(execute(&self.for_writing().await?, BEGIN_SESSION, params).await? > 0)
    }

    async fn session(&self, session: &SessionHash) -> Result<Option<Session>, StoreError> {
        let found = row(&self.for_reading().await?, SESSION, &[&session.as_slice()]).await?;
        let read = |row: Row| {
            Ok(Session { person: read(&row)?, begun_at: row.try_get(3)?, used_at: row.try_get(4)? })
        };
        found.map(read).transpose()
    }

    async fn use_sessions(&self, uses: &[(SessionHash, UnixSeconds)]) -> Result<(), StoreError> {
        use_sessions(&mut self.for_writing().await?, uses).await
    }

    async fn end_session(&self, session: &SessionHash) -> Result<(), StoreError> {
        let sql = "/* end_session */ delete from session where session = $1";
        execute(&self.for_writing().await?, sql, &[&session.as_slice()]).await?;
        Ok(())
    }

    async fn forget_sessions(
        &self,
        begun_before: UnixSeconds,
        used_before: UnixSeconds,
    ) -> Result<(), StoreError> {
        let params: Params<'_> = &[&begun_before, &used_before];
        execute(&self.for_writing().await?, FORGET_SESSIONS, params).await?;
        Ok(())
    }
}

async fn save(
    client: &Client,
    person: &Person,
    password: &HashedPassword,
) -> Result<bool, StoreError> {
    let sql = "/* save_person */
        insert into person (name, role, password, created_at) values ($1, $2, $3, $4)
        on conflict (name) do nothing";
    let params: Params<'_> =
        &[&text(&person.name), &person.role.as_str(), &password.as_str(), &person.created_at];
    Ok(execute(client, sql, params).await? > 0)
}

async fn set_password(
    client: &mut Client,
    name: &str,
    password: &HashedPassword,
) -> Result<bool, StoreError> {
    let transaction = client.transaction().await?;
    let set = "/* set_password */ update person set password = $2 where name = $1";
    let set = execute(&transaction, set, &[&text(name), &password.as_str()]).await?;
    let end = "/* end_sessions */ delete from session where person = $1";
    execute(&transaction, end, &[&text(name)]).await?;
    transaction.commit().await?;
    Ok(set > 0)
}

/// The person is held meanwhile: a login with a password that is being replaced waits, and then fails; one that came
/// before is ended by the replacement.
const BEGIN_SESSION: &str = "/* begin_session */
    insert into session (session, person, begun_at, used_at)
    select $1::bytea, name, $4::bigint, $4::bigint from person
    where name = $2 and password = $3 for update";
const SESSION: &str = "/* session */
    select person.name, person.role, person.created_at, session.begun_at, session.used_at
    from session join person on person.name = session.person
    where session.session = $1";

async fn use_sessions(
    client: &mut Client,
    uses: &[(SessionHash, UnixSeconds)],
) -> Result<(), StoreError> {
    let sql = "/* use_session */
        update session set used_at = $2 where session = $1
          and (used_at < $2 or used_at > $2 + $3)";
    let transaction = client.transaction().await?;
    // In one order, so that two servers wait for each other one way only.
    let mut uses = uses.to_vec();
    uses.sort_unstable();
    for (session, at) in &uses {
        execute(&transaction, sql, &[&session.as_slice(), at, &AHEAD]).await?;
    }
    Ok(transaction.commit().await?)
}

/// In the same order, and for the same reason.
const FORGET_SESSIONS: &str = "/* forget_sessions */
    with over as (
        select session from session where begun_at < $1 or used_at < $2 order by session for update
    )
    delete from session using over where session.session = over.session";

/// Name, role and time of adding, the first three columns.
fn read(row: &Row) -> Result<Person, StoreError> {
    let role: &str = row.try_get(1)?;
    let unknown = || StoreError::Other(anyhow::anyhow!("role {role:?}"));
    Ok(Person {
        name: row.try_get(0)?,
        role: Role::parse(role).ok_or_else(unknown)?,
        created_at: row.try_get(2)?,
    })
}
