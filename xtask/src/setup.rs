//! What the machine must have: installed where that is possible, and said where it is not.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

mod axe;
mod browsers;
mod cargo_deny;
mod frameworks;
mod lighthouse;
mod php;
mod postgres;
mod proxies;
mod schemathesis;

pub(crate) use axe::axe;
pub(crate) use browsers::Browser;
pub(crate) use cargo_deny::cargo_deny;
pub(crate) use frameworks::frameworks;
pub(crate) use lighthouse::lighthouse;
pub(crate) use php::php;
pub(crate) use postgres::{patroni, postgres};
pub(crate) use proxies::proxies;
pub(crate) use schemathesis::schemathesis;

use crate::project::{WASM_TARGET, output, root, run};

/// Sees to it that the compiler can build for the browser, its standard library too.
///
/// # Errors
/// If the target or the library's source is missing and rustup cannot add it.
pub(crate) fn compiler() -> Result<()> {
    let library = output("rustc", &["--print", "target-libdir", "--target", WASM_TARGET]);
    if !library.is_some_and(|folder| Path::new(&folder).is_dir()) {
        eprintln!("The compiler has no {WASM_TARGET} target yet.");
        rustup(["target", "add", WASM_TARGET])?;
    }
    let source = output("rustc", &["--print", "sysroot"])
        .map(|folder| Path::new(&folder).join("lib/rustlib/src/rust/library/Cargo.lock"));
    if !source.is_some_and(|file| file.is_file()) {
        eprintln!("The compiler has no source of its standard library yet.");
        rustup(["component", "add", "rust-src"])?;
    }
    Ok(())
}

/// Sees to it that rustfmt and clippy are there.
///
/// # Errors
/// If one is missing and rustup cannot add it.
pub(crate) fn lint_tools() -> Result<()> {
    for (component, arguments) in
        [("rustfmt", ["fmt", "--version"]), ("clippy", ["clippy", "--version"])]
    {
        if output("cargo", &arguments).is_none() {
            eprintln!("The toolchain has no {component} yet.");
            rustup(["component", "add", component])?;
        }
    }
    Ok(())
}

/// Sees to it that wrk is there.
///
/// # Errors
/// If it is missing and cannot be installed here; the message says what to install.
pub(crate) fn load_generator() -> Result<()> {
    // It knows its version, and calls that a failure.
    if Command::new("wrk").arg("--version").output().is_ok() {
        return Ok(());
    }
    eprintln!("wrk is missing.");
    install(&["wrk"], "the load comes from `wrk`, on the PATH")
}

/// Sees to it that slowhttptest is there.
///
/// # Errors
/// If it is missing and cannot be installed here; the message says what to install.
pub(crate) fn slow_clients() -> Result<()> {
    if Command::new("slowhttptest").arg("-h").output().is_ok() {
        return Ok(());
    }
    eprintln!("slowhttptest is missing.");
    install(&["slowhttptest"], "slow clients come from `slowhttptest`, on the PATH")
}

/// Sees to it that what breaks a disk and a clock is there.
///
/// # Errors
/// If it is missing and cannot be installed here; the message says what to install.
pub(crate) fn faults() -> Result<()> {
    if ["strace", "faketime"].iter().all(|program| output(program, &["--version"]).is_some()) {
        return Ok(());
    }
    eprintln!("strace or faketime is missing.");
    install(&["strace", "faketime"], "faults come from `strace` and `faketime`, on the PATH")
}

fn install(packages: &[&str], needed: &str) -> Result<()> {
    let Some(mut apt) = apt_get() else {
        bail!("{needed}; on Debian, as root: apt-get install {}", packages.join(" "));
    };
    run(apt().arg("update"))?;
    run(apt().args(["install", "-y", "--no-install-recommends"]).args(packages))
}

fn rustup(arguments: [&str; 3]) -> Result<()> {
    run(Command::new("rustup").args(arguments).current_dir(root()))
        .context("install what rust-toolchain.toml names, then try again")
}

/// What runs apt-get with the right to install; `None` where nothing does.
fn apt_get() -> Option<impl FnMut() -> Command> {
    output("apt-get", &["--version"])?;
    let as_root = as_root()?;
    Some(move || {
        let mut command = as_root("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    })
}

/// What runs programs as root; `None` where nothing does.
fn as_root() -> Option<impl Fn(&str) -> Command> {
    let root = output("id", &["-u"])? == "0";
    if !root {
        output("sudo", &["-n", "true"])?;
    }
    Some(move |program: &str| {
        if root {
            return Command::new(program);
        }
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", program]);
        sudo
    })
}
