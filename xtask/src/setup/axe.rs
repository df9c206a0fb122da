//! axe-core, which looks for what keeps people with disabilities out. It runs in the tests' browser and is
//! in nothing that is released.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use super::install;
use crate::project::{output, root, run};

const PACKAGE: &str = "axe-core@4.11.0";
const ARCHIVE: &str = "axe-core-4.11.0.tgz";
/// SHA-256 of the archive, as it was when the version was chosen.
const DIGEST: &str = "39bed7d72308f6d620789c169d699bfd7e8da80f65b545821a6b2215c3e83107";
/// The one file of it that is used.
const SCRIPT: &str = "package/axe.min.js";

/// Sees to it that axe-core is in `target/tools`.
///
/// # Errors
/// If it is missing and cannot be fetched, or is not what it was.
pub(crate) fn axe() -> Result<()> {
    let folder = root().join("target/tools/axe-core");
    if folder.join(SCRIPT).is_file() {
        return Ok(());
    }
    eprintln!("axe-core is missing.");
    if output("npm", &["--version"]).is_none() {
        install(&["npm"], "axe-core is fetched by `npm`, on the PATH")?;
    }
    let archive = fetch(&folder)?;
    let digest = hex::encode(Sha256::digest(fs::read(&archive)?));
    ensure!(digest == DIGEST, "{} is not what it was: SHA-256 {digest}", archive.display());
    run(Command::new("tar").arg("-xzf").arg(ARCHIVE).arg(SCRIPT).current_dir(&folder))
}

fn fetch(folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    run(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(folder))?;
    Ok(folder.join(ARCHIVE))
}
