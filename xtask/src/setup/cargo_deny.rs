//! cargo-deny, which looks at what comes from others.

use std::process::Command;

use anyhow::Result;

use crate::project::{cargo, output, root, run};

const CARGO_DENY: &str = "0.20.2";

/// The program, built once into `target/tools`.
///
/// # Errors
/// If it cannot be built.
pub(crate) fn cargo_deny() -> Result<Command> {
    let folder = root().join("target/tools").join(format!("cargo-deny-{CARGO_DENY}"));
    let program = folder.join("bin/cargo-deny");
    if output(&program.to_string_lossy(), &["--version"]).is_none() {
        eprintln!("cargo-deny is missing.");
        // Without optimisation: it runs for seconds, and takes half as long to build.
        run(cargo()
            .args(["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--debug"])
            .arg("--root")
            .arg(&folder))?;
    }
    let mut command = Command::new(program);
    command.current_dir(root()).arg("--workspace");
    Ok(command)
}
