//! The end-to-end tests in one browser. What fails there may be the machine's doing: two browsers, their drivers and
//! the servers on two cores. So what failed is run once more, by itself, and has to pass then; which tests that
//! were is printed, so that one which often needs it is noticed.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::project::cargo;
use crate::setup::Browser;

/// Tells the tests which browser to run in.
const BROWSER: &str = "ARTICLE_BROWSER";
/// More failures than so many are no accident.
const MOST: usize = 8;

/// Runs `command`, of which the end-to-end tests are a part.
///
/// # Errors
/// If a test fails that is no end-to-end test, or one of those twice, or many of them.
pub(super) fn with(browser: Browser, command: &mut Command) -> Result<()> {
    let (passed, failed) = watched(command.env(BROWSER, browser.name()))?;
    if passed {
        return Ok(());
    }
    if failed.is_empty() || failed.len() > MOST {
        bail!("{} tests failed", failed.len());
    }
    eprintln!("once more, each by itself: {}", failed.join(", "));
    for name in &failed {
        once_more(browser, name)?;
    }
    eprintln!("passed at the second try, in {}: {}", browser.name(), failed.join(", "));
    Ok(())
}

/// The end-to-end tests alone, those whose names have one of `parts` in them; all where there is none.
///
/// # Errors
/// As [`with`].
pub(super) fn alone(browser: Browser, parts: &[&str]) -> Result<()> {
    with(browser, suite().arg("--").args(parts))
}

/// The whole workspace's, so that nothing is built with other features than the rest of the tests.
fn suite() -> Command {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast", "--test", "browser"]);
    command
}

fn once_more(browser: Browser, name: &str) -> Result<()> {
    let mut command = suite();
    command.args(["--", "--exact", name]).env(BROWSER, browser.name());
    let (passed, _) = watched(&mut command)?;
    let mut list = suite();
    list.args(["--", "--exact", name, "--list"]).stderr(Stdio::null());
    let listed = list.output().context("cannot list the tests")?.stdout;
    let is_end_to_end = String::from_utf8_lossy(&listed).contains(&format!("{name}: test"));
    if !passed || !is_end_to_end {
        bail!("{name} failed");
    }
    Ok(())
}

/// Runs a test command, passing on what it prints. Whether all passed, and the names of what did not.
fn watched(command: &mut Command) -> Result<(bool, Vec<String>)> {
    let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start cargo")?;
    let stdout = child.stdout.take().expect("it is piped");
    let mut failed = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        println!("{line}");
        failed.extend(failure(&line).map(str::to_owned));
    }
    Ok((child.wait()?.success(), failed))
}

/// The name in `test NAME ... FAILED`.
fn failure(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_read_from_what_a_test_binary_prints() {
        assert_eq!(failure("test layers::a_trap ... FAILED"), Some("layers::a_trap"));
        assert_eq!(failure("test layers::a_trap ... ok"), None);
        assert_eq!(failure("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
