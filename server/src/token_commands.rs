//! `article-server token`: who holds which token is the operator's to say.

use std::io::Write as _;

use anyhow::{Context as _, bail, ensure};
use article_server::cli::TokenCommand;
use article_server::clock::{Clock as _, SystemClock};
use article_server::store::{self, Store};
use article_server::time::rfc_3339;
use article_server::token::{Grant, Scope, Token};

/// Does what was asked to the tokens in this database.
pub(crate) async fn run(command: TokenCommand, database: &str) -> anyhow::Result<()> {
    let store = store::open_without_calendar(database).await?;
    let done = match command {
        TokenCommand::Create { name, scopes } => create(&*store, name, scopes).await,
        TokenCommand::List => list(&*store).await,
        TokenCommand::Revoke { name } => revoke(&*store, &name).await,
    };
    store.close().await?;
    done
}

/// Prints the token, alone: it can be read by a script, and by nobody again.
async fn create(store: &dyn Store, name: String, mut scopes: Vec<Scope>) -> anyhow::Result<()> {
    scopes.sort_unstable();
    scopes.dedup();
    let token = Token::random().context("no randomness for a token")?;
    let grant = Grant { name, scopes, created_at: SystemClock.now() };
    let is_free = store.save_token(&grant, &token.hash()).await?;
    ensure!(is_free, "there is a token named {} already; revoke it first", grant.name);
    eprintln!("token {} for {}; it is shown this once", grant.name, grant.scope_names());
    writeln!(std::io::stdout(), "{}", token.reveal()).context("cannot print the token")
}

/// Prints a line for each: name, scopes, time of making (RFC 3339, UTC), with tabs between them.
async fn list(store: &dyn Store) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for grant in store.tokens().await? {
        let created_at = rfc_3339(grant.created_at);
        writeln!(out, "{}\t{}\t{created_at}", grant.name, grant.scope_names())?;
    }
    Ok(())
}

async fn revoke(store: &dyn Store, name: &str) -> anyhow::Result<()> {
    if !store.revoke_token(name).await? {
        bail!("there is no token named {name}");
    }
    eprintln!("token {name} opens nothing any more");
    Ok(())
}
