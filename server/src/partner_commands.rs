//! `article-server partner`: whose pages may show articles is the operator's to say.

use std::io::Write as _;

use anyhow::ensure;
use article_server::cli::PartnerCommand;
use article_server::clock::{Clock as _, SystemClock};
use article_server::partners;
use article_server::store::{self, Partner, Standing, Store};
use article_server::time::rfc_3339;

/// Does what was asked to the partners in this database.
pub(crate) async fn run(command: PartnerCommand, database: &str) -> anyhow::Result<()> {
    let store = store::open_without_calendar(database).await?;
    let done = match command {
        PartnerCommand::List => list(&*store).await,
        PartnerCommand::Allow { origin } => set(&*store, &origin, Standing::Allowed).await,
        PartnerCommand::Block { origin } => set(&*store, &origin, Standing::Blocked).await,
        PartnerCommand::Forget { origin } => set(&*store, &origin, Standing::New).await,
    };
    store.close().await?;
    done
}

/// Prints a line for each: origin, standing, first seen (RFC 3339, UTC), with tabs between them.
async fn list(store: &dyn Store) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for Partner { origin, standing, first_seen } in store.partners().await? {
        let first_seen = rfc_3339(first_seen);
        writeln!(out, "{origin}\t{}\t{first_seen}", standing.as_str())?;
    }
    Ok(())
}

async fn set(store: &dyn Store, page: &str, standing: Standing) -> anyhow::Result<()> {
    let origin = partners::origin(page);
    ensure!(!origin.is_empty(), "{page:?} is no origin, as https://partner.example is one");
    store.set_partner(&origin, standing, SystemClock.now()).await?;
    eprintln!("{origin} is {} for running servers too within 5 s", standing.as_str());
    Ok(())
}
