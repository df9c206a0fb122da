//! Lighthouse, which judges a page as search engines do. It runs beside the benchmark of that name and is in nothing
//! that is released.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use super::install;
use crate::project::{output, root, run};

const PACKAGE: &str = "lighthouse@12.8.2";
/// Below its folder.
const PROGRAM: &str = "node_modules/lighthouse/cli/index.js";

/// Sees to it that Lighthouse is in `target/tools`: its program, for `node`.
///
/// # Errors
/// If it is missing and cannot be fetched.
pub(crate) fn lighthouse() -> Result<PathBuf> {
    let folder = root().join("target/tools").join(PACKAGE.replace('@', "-"));
    let program = folder.join(PROGRAM);
    let version = |program: &PathBuf| output("node", &[&program.to_string_lossy(), "--version"]);
    // It is there as a whole when it runs.
    if version(&program).is_some() {
        return Ok(program);
    }
    eprintln!("Lighthouse is missing.");
    if output("npm", &["--version"]).is_none() {
        install(
            &["nodejs", "npm"],
            "Lighthouse is fetched by `npm` and run by `node`, on the PATH",
        )?;
    }
    std::fs::create_dir_all(&folder)?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-fund", "--no-audit", "--ignore-scripts", "--silent"]);
    run(npm.arg("--prefix").arg(&folder).arg(PACKAGE))?;
    ensure!(version(&program).is_some(), "{PACKAGE} was fetched, and does not run");
    Ok(program)
}
