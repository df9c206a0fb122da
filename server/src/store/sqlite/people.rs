//! The publisher's people, and who is logged in.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{SqliteStore, connection};
use crate::clock::{AHEAD, UnixSeconds};
use crate::password::HashedPassword;
use crate::people::{Person, Role};
use crate::store::{PeopleStore, Session, SessionHash, StoreError};

#[async_trait]
impl PeopleStore for SqliteStore {
    async fn save_person(
        &self,
        person: &Person,
        password: &HashedPassword,
    ) -> Result<bool, StoreError> {
        let (person, password) = (person.clone(), password.clone());
        self.writer.run(move |writer| save(&writer.connection, &person, &password)).await
    }

    async fn people(&self) -> Result<Vec<Person>, StoreError> {
        self.readers.run(list).await
    }

    async fn password(&self, name: &str) -> Result<Option<HashedPassword>, StoreError> {
        let name = name.to_owned();
        self.readers.run(move |connection| password(connection, &name)).await
    }

    async fn set_password(
        &self,
        name: &str,
        password: &HashedPassword,
    ) -> Result<bool, StoreError> {
        let (name, password) = (name.to_owned(), password.clone());
        self.writer.run(move |writer| set_password(&mut writer.connection, &name, &password)).await
    }

    async fn remove_person(&self, name: &str) -> Result<bool, StoreError> {
        let name = name.to_owned();
        self.writer.run(move |writer| remove(&writer.connection, &name)).await
    }

    async fn begin_session(
        &self,
        session: &SessionHash,
        name: &str,
        password: &HashedPassword,
        at: UnixSeconds,
    ) -> Result<bool, StoreError> {
        let (session, name, password) = (*session, name.to_owned(), password.clone());
        self.writer
            .run(move |writer| begin_session(&writer.connection, &session, &name, &password, at))
            .await
    }

    async fn session(&self, session: &SessionHash) -> Result<Option<Session>, StoreError> {
        let session = *session;
        self.readers.run(move |connection| find_session(connection, &session)).await
    }

    async fn use_sessions(&self, uses: &[(SessionHash, UnixSeconds)]) -> Result<(), StoreError> {
        let uses = uses.to_vec();
        self.writer.run(move |writer| use_sessions(&mut writer.connection, &uses)).await
    }

    async fn end_session(&self, session: &SessionHash) -> Result<(), StoreError> {
        let session = *session;
        self.writer.run(move |writer| end_session(&writer.connection, &session)).await
    }

    async fn forget_sessions(
        &self,
        begun_before: UnixSeconds,
        used_before: UnixSeconds,
    ) -> Result<(), StoreError> {
        self.writer
            .run(move |writer| forget_sessions(&writer.connection, begun_before, used_before))
            .await
    }
}

fn save(
    connection: &Connection,
    person: &Person,
    password: &HashedPassword,
) -> Result<bool, StoreError> {
    let saved = connection
        .prepare_cached(
            "/* save_person */
             insert into person (name, role, password, created_at) values (?1, ?2, ?3, ?4)
             on conflict (name) do nothing",
        )?
        .execute(params![
            person.name,
            person.role.as_str(),
            password.as_str(),
            person.created_at
        ])?;
    Ok(saved > 0)
}

fn list(connection: &Connection) -> Result<Vec<Person>, StoreError> {
    let mut statement = connection
        .prepare_cached("/* people */ select name, role, created_at from person order by name")?;
    let people = statement.query_map([], read)?;
    Ok(people.collect::<rusqlite::Result<_>>()?)
}

fn password(connection: &Connection, name: &str) -> Result<Option<HashedPassword>, StoreError> {
    let found = connection
        .prepare_cached("/* password */ select password from person where name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(found.map(HashedPassword::from_store))
}

fn set_password(
    connection: &mut Connection,
    name: &str,
    password: &HashedPassword,
) -> Result<bool, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let set = transaction
        .prepare_cached("/* set_password */ update person set password = ?2 where name = ?1")?
        .execute([name, password.as_str()])?;
    transaction
        .prepare_cached("/* end_sessions */ delete from session where person = ?1")?
        .execute([name])?;
    transaction.commit()?;
    forget_in_log(connection, set);
    Ok(set > 0)
}

/// The person's sessions go with them.
fn remove(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    let removed = connection
        .prepare_cached("/* remove_person */ delete from person where name = ?1")?
        .execute([name])?;
    forget_in_log(connection, removed);
    Ok(removed > 0)
}

/// No hash of a password that is none any more is left in the log, to be guessed at.
fn forget_in_log(connection: &Connection, changed: usize) {
    if changed > 0
        && let Err(error) = connection::truncate_log(connection)
    {
        tracing::warn!(%error, "an old password's hash stays in the log for a while");
    }
}

fn begin_session(
    connection: &Connection,
    session: &SessionHash,
    name: &str,
    password: &HashedPassword,
    at: UnixSeconds,
) -> Result<bool, StoreError> {
    let begun = connection
        .prepare_cached(
            "/* begin_session */
             insert into session (session, person, begun_at, used_at)
             select ?1, name, ?4, ?4 from person where name = ?2 and password = ?3",
        )?
        .execute(params![session, name, password.as_str(), at])?;
    Ok(begun > 0)
}

fn find_session(
    connection: &Connection,
    session: &SessionHash,
) -> Result<Option<Session>, StoreError> {
    let found = connection
        .prepare_cached(
            "/* session */
             select person.name, person.role, person.created_at, session.begun_at, session.used_at
             from session join person on person.name = session.person
             where session.session = ?1",
        )?
        .query_row([session], |row| {
            Ok(Session { person: read(row)?, begun_at: row.get(3)?, used_at: row.get(4)? })
        })
        .optional()?;
    Ok(found)
}

fn use_sessions(
    connection: &mut Connection,
    uses: &[(SessionHash, UnixSeconds)],
) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (session, at) in uses {
        transaction
            .prepare_cached(
                "/* use_session */
                 update session set used_at = ?2 where session = ?1
                   and (used_at < ?2 or used_at > ?2 + ?3)",
            )?
            .execute(params![session, at, AHEAD])?;
    }
    Ok(transaction.commit()?)
}

fn end_session(connection: &Connection, session: &SessionHash) -> Result<(), StoreError> {
    connection
        .prepare_cached("/* end_session */ delete from session where session = ?1")?
        .execute([session])?;
    Ok(())
}

fn forget_sessions(
    connection: &Connection,
    begun_before: UnixSeconds,
    used_before: UnixSeconds,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "/* forget_sessions */ delete from session where begun_at < ?1 or used_at < ?2",
        )?
        .execute([begun_before, used_before])?;
    Ok(())
}

/// Name, role and time of adding, the first three columns.
fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    let role = row.get_ref(1)?.as_str()?;
    let unknown = || rusqlite::types::FromSqlError::Other(format!("role {role:?}").into());
    Ok(Person {
        name: row.get(0)?,
        role: Role::parse(role).ok_or_else(unknown)?,
        created_at: row.get(2)?,
    })
}
