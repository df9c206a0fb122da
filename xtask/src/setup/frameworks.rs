//! React, Vue, TypeScript and a bundler, as `tests/frameworks/package-lock.json` pins them: what the examples are
//! checked with. They are in nothing that is released.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::install;
use crate::project::{output, root, run};

const LISTS: [&str; 2] = ["package.json", "package-lock.json"];

/// Sees to it that they are in `target/tools/frameworks`.
///
/// # Errors
/// If they are missing and cannot be fetched, or are not what they were.
pub(crate) fn frameworks() -> Result<()> {
    let source = root().join("tests/frameworks");
    let folder = root().join("target/tools/frameworks");
    let has_all = folder.join("node_modules/.package-lock.json").is_file();
    let is_same = |list| fs::read(source.join(list)).ok() == fs::read(folder.join(list)).ok();
    if has_all && LISTS.into_iter().all(is_same) {
        return Ok(());
    }
    eprintln!("What the examples are checked with is missing.");
    if output("npm", &["--version"]).is_none() {
        install(&["npm"], "the frameworks of the examples are fetched by `npm`, on the PATH")?;
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for list in LISTS {
        fs::copy(source.join(list), folder.join(list))?;
    }
    // By their digests, and without running anything of theirs.
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    run(Command::new("npm").args(arguments).current_dir(&folder))
}
