//! `fuzz`: libFuzzer over the targets in fuzz/, each beginning from its corpus.
//!
//! What cargo-fuzz does on a nightly compiler, without its sanitizers: the code here is Rust and forbids unsafe,
//! so that what they find is not what is looked for. The pinned compiler can count what is covered.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::project::{cargo, output, root, run, target};

/// Has LLVM count which edges were taken, and say what was compared: libFuzzer steers by both.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
                     -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares";
/// No input is longer, in bytes: what is wrong with a long one is wrong with a short one.
const LONGEST: usize = 16 << 10;
/// No input takes longer, in seconds, or more memory, in megabytes.
const BOUNDS: [&str; 2] = ["-timeout=10", "-rss_limit_mb=2048"];
const SECONDS: &str = "60";

/// Builds the targets and runs each for so many seconds, or the one that is named.
///
/// # Errors
/// If something does not build, or a target breaks its promise; the input lies in fuzz/artifacts then.
pub(crate) fn fuzz(arguments: &[&str]) -> Result<()> {
    let (seconds, wanted) = match arguments {
        [] => (SECONDS, None),
        [seconds] => (*seconds, None),
        [seconds, target] => (*seconds, Some(*target)),
        _ => bail!("fuzz takes a number of seconds and the name of a target"),
    };
    ensure!(seconds.parse::<u32>().is_ok(), "{seconds} is no number of seconds");
    let targets: Vec<_> = targets()?
        .into_iter()
        .filter(|target| wanted.is_none_or(|wanted| wanted == target))
        .collect();
    ensure!(!targets.is_empty(), "there is no such target in fuzz/fuzz_targets");
    // What is tried is what is shipped: the versions of the workspace's list, and those of the fuzzer besides.
    fs::copy(root().join("Cargo.lock"), folder().join("Cargo.lock"))?;
    let programs = build(wanted)?;
    let mut failed = Vec::new();
    for target in targets {
        if let Err(error) = run_one(&programs, &target, seconds) {
            eprintln!("{error:#}");
            failed.push(target);
        }
    }
    ensure!(failed.is_empty(), "broke its promise: {}", failed.join(", "));
    Ok(())
}

fn folder() -> PathBuf {
    root().join("fuzz")
}

fn targets() -> Result<Vec<String>> {
    let files = fs::read_dir(folder().join("fuzz_targets"))?;
    let mut names = Vec::new();
    for file in files {
        let path = file?.path();
        names.push(path.file_stem().context("a file has a name")?.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Builds for a target that is named, so that what runs at build time is left as it is.
fn build(wanted: Option<&str>) -> Result<PathBuf> {
    let version = output("rustc", &["-vV"]).context("rustc runs")?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.context("rustc says what it builds for")?;
    let built = target().join("fuzz");
    let mut command = cargo();
    command.current_dir(folder()).args(["build", "--release", "--target", host]);
    match wanted {
        Some(name) => command.args(["--bin", name]),
        None => command.arg("--bins"),
    };
    run(command.env("CARGO_TARGET_DIR", &built).env("RUSTFLAGS", FLAGS))?;
    Ok(built.join(host).join("release"))
}

fn run_one(programs: &Path, name: &str, seconds: &str) -> Result<()> {
    let (found, artifacts) = (folder().join("found").join(name), folder().join("artifacts/"));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&artifacts)?;
    let mut command = Command::new(programs.join(name));
    // The first folder takes what is found; the corpus stays as it was written.
    command.current_dir(folder()).arg(found).arg(Path::new("corpus").join(name));
    command.args(BOUNDS).args(["-print_final_stats=1", "-verbosity=0"]);
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={LONGEST}"));
    command.arg(format!("-artifact_prefix={}{name}-", artifacts.display()));
    run(&mut command).with_context(|| name.to_owned())
}
