//! `article-server user`: who may log in is the operator's to say.

use std::io::Write as _;

use anyhow::ensure;
use article_server::cli::UserCommand;
use article_server::clock::{Clock as _, SystemClock};
use article_server::password::{HashedPassword, Passwords};
use article_server::people::{Person, Role};
use article_server::store::{self, Store};
use article_server::time::rfc_3339;

use crate::password_prompt;

/// Does what was asked to the people in this database.
pub(crate) async fn run(command: UserCommand, database: &str) -> anyhow::Result<()> {
    let store = store::open_without_calendar(database).await?;
    let done = match command {
        UserCommand::Add { name, role } => add(&*store, name, role).await,
        UserCommand::List => list(&*store).await,
        UserCommand::Password { name } => set_password(&*store, &name).await,
        UserCommand::Remove { name } => remove(&*store, &name).await,
    };
    store.close().await?;
    done
}

async fn add(store: &dyn Store, name: String, role: Role) -> anyhow::Result<()> {
    let taken = store.password(&name).await?.is_some();
    ensure!(!taken, "there is somebody named {name} already");
    let password = new_password().await?;
    let person = Person { name, role, created_at: SystemClock.now() };
    let is_free = store.save_person(&person, &password).await?;
    ensure!(is_free, "there is somebody named {} already", person.name);
    eprintln!("{} may log in as {}", person.name, role.as_str());
    Ok(())
}

/// Prints a line for each: name, role, time of adding (RFC 3339, UTC), with tabs between them.
async fn list(store: &dyn Store) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for person in store.people().await? {
        let created_at = rfc_3339(person.created_at);
        writeln!(out, "{}\t{}\t{created_at}", person.name, person.role.as_str())?;
    }
    Ok(())
}

async fn set_password(store: &dyn Store, name: &str) -> anyhow::Result<()> {
    let is_known = store.password(name).await?.is_some();
    ensure!(is_known, "there is nobody named {name}");
    let password = new_password().await?;
    ensure!(store.set_password(name, &password).await?, "there is nobody named {name}");
    eprintln!("{name} has another password, and is logged in nowhere");
    Ok(())
}

async fn remove(store: &dyn Store, name: &str) -> anyhow::Result<()> {
    ensure!(store.remove_person(name).await?, "there is nobody named {name}");
    eprintln!("{name} is logged in nowhere, and cannot log in any more");
    Ok(())
}

async fn new_password() -> anyhow::Result<HashedPassword> {
    // Asked for away from the threads that work for the store, for it waits for a person.
    let password = tokio::task::spawn_blocking(password_prompt::ask).await??;
    Ok(Passwords::default().hash(password).await?)
}
