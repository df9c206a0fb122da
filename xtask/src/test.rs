//! `test`: everything a change has to pass, in one command. What is quick to fail comes first; a
//! failure does not keep the rest from running.

mod end_to_end;

use std::num::NonZero;
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::postgres_cluster::Cluster;
use crate::project::{WASM_TARGET, cargo, run};
use crate::setup::Browser;
use crate::{api, build, deny, fuzz, sbom, setup, size};

/// What every run looks at in the engines that start slowly: each layer, what a reader does, fingers.
const PART: [&str; 4] = ["harness::", "layers::", "reader::", "touch::"];

/// For each of the fuzz targets: under three minutes in all.
const FUZZ_SECONDS: &str = "5";

/// Runs every check, and with `long` also the tests that are marked `#[ignore]` for their length.
///
/// # Errors
/// If a tool is missing and cannot be installed, or a check fails.
pub(crate) fn test(long: bool) -> Result<()> {
    let mut checks = Checks::default();
    checks.run("tools", || {
        setup::compiler()?;
        setup::lint_tools()?;
        for browser in Browser::ALL {
            browser.install()?;
        }
        setup::axe()?;
        setup::frameworks()?;
        setup::php()?;
        setup::postgres(Cluster::is_possible)
    });
    checks.cargo("format", cargo().args(["fmt", "--all", "--check"]));
    // The server embeds the assets, so its lints and tests want them built.
    checks.run("assets", || build::build().map(|_| ()));
    checks.run("sizes", size::check);
    checks.cargo(
        "lints, native",
        cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    );
    checks.cargo(
        "lints, browser",
        cargo().args(["clippy", "--package", "article-widget", "--lib"]).args([
            "--target",
            WASM_TARGET,
            "--",
            "-D",
            "warnings",
        ]),
    );
    // One test binary, built once: it asks its environment which browser to run in.
    let first = Browser::Chromium;
    checks.run("tests, and end to end in chromium", || {
        end_to_end::with(first, cargo().args(["test", "--workspace", "--no-fail-fast"]))
    });
    for browser in Browser::ALL.into_iter().filter(|&browser| browser != first) {
        // The rest with `--long`, or by `--browser`: what differs between engines differs here first.
        let part = if long { &[][..] } else { &PART };
        checks.run(title(browser), || end_to_end::alone(browser, part));
    }
    // The same binaries once more: what is kept by SQLite's file alone skips itself, and says so.
    checks.run("tests on PostgreSQL", on_postgres);
    // The tests have built the server; to build it by itself is to build what it needs once more.
    checks.run("API", api::check);
    if long {
        checks.run("tools of long tests", || {
            setup::slow_clients()?;
            setup::faults()?;
            setup::proxies();
            setup::patroni()
        });
        let mut command = cargo();
        command.args(["test", "--workspace", "--no-fail-fast", "--", "--ignored"]);
        checks.cargo("long tests", &mut command);
        checks.run("supply chain", || deny::deny().and_then(|()| sbom::sbom()));
        checks.run("fuzz", || fuzz::fuzz(&[FUZZ_SECONDS]));
        checks.run("widget without a rebuilt std", || {
            build::build_with(build::Std::AsItComes)?;
            let passed = end_to_end::alone(first, &PART);
            // What comes next is the widget as it is meant to be.
            build::build_with(build::Std::Small)?;
            passed
        });
    }
    checks.cargo(
        "documentation",
        cargo().args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    );
    checks.sum_up()
}

/// A cluster for one run: what it holds need not outlive the machine, and each database goes before it is worth tidying.
const THROW_AWAY: [&str; 5] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    // It may be in memory.
    "max_wal_size=128MB",
];
/// Tests at a time, for each of the machine's cores: most of the time they wait, for the database and for time to pass.
const TESTS_A_CORE: usize = 2;

fn on_postgres() -> Result<()> {
    let cluster = Cluster::start_in_memory(&THROW_AWAY)?;
    let url = cluster.url("");
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]);
    command.args(["--lib", "--test", "store", "--test", "counting", "--test", "api"]);
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    command.env("RUST_TEST_THREADS", (TESTS_A_CORE * cores).to_string());
    run(command.env("ARTICLE_TEST_POSTGRES", url.trim_end_matches('/')))
}

/// Runs the end-to-end tests alone, in one browser.
///
/// # Errors
/// If a tool is missing and cannot be installed, or a test fails.
pub(crate) fn test_in(browser: Browser) -> Result<()> {
    setup::compiler()?;
    browser.install()?;
    setup::axe()?;
    setup::frameworks()?;
    setup::php()?;
    build::build()?;
    let mut checks = Checks::default();
    checks.run(title(browser), || end_to_end::alone(browser, &[]));
    checks.sum_up()
}

fn title(browser: Browser) -> &'static str {
    match browser {
        Browser::Chromium => "end to end in chromium",
        Browser::Firefox => "end to end in firefox",
        Browser::WebKit => "end to end in webkit",
    }
}

/// What has been run, and what of it failed.
#[derive(Default)]
struct Checks {
    ran: usize,
    failed: Vec<&'static str>,
    began: Option<Instant>,
}

impl Checks {
    fn cargo(&mut self, name: &'static str, command: &mut Command) {
        self.run(name, || run(command));
    }

    fn run(&mut self, name: &'static str, check: impl FnOnce() -> Result<()>) {
        let began = Instant::now();
        self.began.get_or_insert(began);
        self.ran += 1;
        eprintln!("\n== {name}");
        let outcome = match check() {
            Ok(()) => "passed",
            Err(error) => {
                self.failed.push(name);
                eprintln!("{error:#}");
                "FAILED"
            }
        };
        eprintln!("== {name}: {outcome} in {:.1} s", began.elapsed().as_secs_f32());
    }

    fn sum_up(self) -> Result<()> {
        let seconds = self.began.map_or(0.0, |began| began.elapsed().as_secs_f32());
        if !self.failed.is_empty() {
            let (failed, ran) = (self.failed.len(), self.ran);
            bail!("{failed} of {ran} checks failed in {seconds:.0} s: {}", self.failed.join(", "));
        }
        println!("\nAll {} checks passed in {seconds:.0} s.", self.ran);
        Ok(())
    }
}
