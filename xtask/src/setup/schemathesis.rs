//! schemathesis, which sends what the description of the API allows, and what it does not, and compares what
//! comes back. It is in nothing that is released.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::install;
use crate::project::{output, root, run};

const PACKAGE: &str = "schemathesis==4.32.5";

/// Sees to it that schemathesis is in `target/tools`: its program.
///
/// # Errors
/// If it is missing and cannot be fetched.
pub(crate) fn schemathesis() -> Result<PathBuf> {
    let folder = root().join("target/tools").join(PACKAGE.replace("==", "-"));
    let program = folder.join("bin/schemathesis");
    // It is there as a whole when it runs.
    if output(&program.to_string_lossy(), &["--version"]).is_some() {
        return Ok(program);
    }
    eprintln!("schemathesis is missing.");
    // Debian has Python without what makes environments of it.
    if output("python3", &["-c", "import ensurepip, venv"]).is_none() {
        install(&["python3-venv"], "schemathesis is fetched by `python3` with its module venv")?;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", PACKAGE]))?;
    Ok(program)
}
