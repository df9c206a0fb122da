//! PostgreSQL, which the tests run a cluster of their own with.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::install;
use crate::project::output;

/// What Debian's package reads before it makes a cluster of the machine's, and starts it.
const SETTINGS: &str = "/etc/postgresql-common/createcluster.d/article-widget-tests.conf";

/// Sees to it that Patroni and etcd are there, which choose the primary of several databases.
///
/// # Errors
/// If one is missing and cannot be installed here; the message says what to install.
pub(crate) fn patroni() -> Result<()> {
    if ["patroni", "etcd"].iter().all(|program| output(program, &["--version"]).is_some()) {
        return Ok(());
    }
    eprintln!("Patroni or etcd is missing.");
    install(
        &["patroni", "etcd-server"],
        "the tests of failing over need `patroni` and `etcd` on the PATH",
    )
}

/// Sees to it that its programs are there.
///
/// # Errors
/// If they are missing and cannot be installed here; the message says what to install.
pub(crate) fn postgres(is_here: fn() -> bool) -> Result<()> {
    if is_here() {
        return Ok(());
    }
    eprintln!("PostgreSQL is missing.");
    let folder = Path::new(SETTINGS).parent().unwrap_or(Path::new("/"));
    // Where this is not allowed, neither is the installation.
    if fs::create_dir_all(folder).is_ok() {
        fs::write(SETTINGS, "create_main_cluster = false\n")?;
    }
    let needs = "the tests need PostgreSQL's `initdb` and `postgres` on the PATH";
    install(&["postgresql"], needs)?;
    if !is_here() {
        bail!("apt-get installed postgresql, but {needs}");
    }
    Ok(())
}
