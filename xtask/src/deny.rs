//! `deny`: what comes from others, held to deny.toml.

use anyhow::Result;

use crate::project::run;
use crate::setup;

/// Checks licences, sources and what is not to be built in; and known faults, where the list of them can be had.
///
/// # Errors
/// If something does not pass, or cargo-deny cannot be built.
pub(crate) fn deny() -> Result<()> {
    run(setup::cargo_deny()?.args([
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]))?;
    // The list is a repository of its own, on another server than the crates.
    let fetched = run(setup::cargo_deny()?.args(["fetch", "db"]));
    if let Err(error) = fetched {
        println!("\nNOT checked: known faults. Their list cannot be had from here: {error:#}");
        return Ok(());
    }
    run(setup::cargo_deny()?.args(["check", "--disable-fetch", "advisories"]))
}
