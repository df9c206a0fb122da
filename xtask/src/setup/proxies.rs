//! Caddy and nginx, which long tests run by the files in `deploy/`.

use std::path::Path;

use anyhow::{Context, Result};

use super::as_root;
use crate::project::{output, run};

/// Each with what has it say its version. Debian's packages have the same names.
const PROXIES: [(&str, &str); 2] = [("caddy", "version"), ("nginx", "-v")];
/// Where Debian has nginx, and an ordinary user's PATH does not lead.
const SYSTEM: &str = "/usr/sbin";
const INSTALL: &str = include_str!("install_quietly.sh");

/// Sees to it that both are there, where this machine has such packages. Of one that is missing the tests skip
/// themselves.
pub(crate) fn proxies() {
    for (name, version) in PROXIES {
        if Path::new(SYSTEM).join(name).is_file() || output(name, &[version]).is_some() {
            continue;
        }
        eprintln!("{name} is missing.");
        if let Err(error) = install(name) {
            eprintln!("{error:#}; its tests skip themselves");
        }
    }
}

fn install(package: &str) -> Result<()> {
    output("apt-get", &["--version"]).context("there is no apt-get")?;
    let as_root = as_root().context("only root installs packages")?;
    run(as_root("sh").args(["-c", INSTALL, "sh", package]))
}
