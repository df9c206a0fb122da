//! The one build path: everything between a fresh checkout and a running demo, by cargo alone.
//!
//! Modules in reading order: one per verb ([`build`], [`size`], [`start`], [`mod@test`], [`mod@api`], [`mod@deny`], [`mod@sbom`], [`mod@fuzz`],
//! [`mod@bench`]), then what they
//! share ([`setup`]: what the machine must have; [`project`]: where things are and how commands run).

mod api;
mod bench;
mod build;
mod deny;
mod fuzz;
mod npm;

#[path = "../../tests/support/partner.rs"]
mod partner;
#[path = "../../server/tests/postgres/cluster.rs"]
#[allow(dead_code, reason = "tests of faults use the rest of it")]
mod postgres_cluster;
mod project;
mod sbom;
mod server;
mod setup;
mod size;
mod start;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask VERB

  build         build the widget for the browser into target/assets, and list what all is made of into target/sbom
  start         build everything and serve the demo: a publisher and a partner's page
  test          every check: format, lints, tests, those in three browsers, docs, sizes
  test --long   the same, with the tests that take minutes
  test --browser NAME   the end-to-end tests alone, in chromium, firefox or webkit
  api           a program's requests against the description of the API
  size          the assets' sizes against the last commit and xtask/budgets.toml
  size --save   the same, and keeps them in xtask/sizes.toml for the next commit
  npm           the package for pages that a bundler builds, into target/npm

  deny          licences, sources and known faults of all that is built in, against deny.toml
  sbom          what the server and the Wasm are made of, as CycloneDX, into target/sbom
  fuzz [SECONDS [TARGET]]   any bytes into each parser of outside input, for so many seconds each

  bench ingest [SECONDS [ROUNDS]]   views acknowledged a second, beside two references
  bench scale [--quick]             one server, two and four on PostgreSQL, beside one on SQLite
  bench import [ARTICLES]           how fast many articles come in, and leave
  bench most-read [ARTICLES …]      what a most-read list costs, to read and to make
  bench images                      sizes of the samples' pictures: bytes, time and memory
  bench page [LOADS]                how soon an article can be read in a partner's page, on a slow phone
  bench lighthouse [RUNS]           Lighthouse's scores of a partner's page, with the article and without
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["build"] => build::build().and_then(|_| sbom::sbom()),
        ["start"] => start::start(),
        ["test"] => test::test(false),
        ["test", "--long"] => test::test(true),
        ["test", "--browser", name] => setup::Browser::named(name).and_then(test::test_in),
        ["api"] => api::api(),
        ["size"] => size::size(),
        ["size", "--save"] => size::save(),
        ["npm"] => npm::npm(),
        ["deny"] => deny::deny(),
        ["sbom"] => sbom::sbom(),
        ["fuzz", arguments @ ..] => fuzz::fuzz(arguments),
        ["bench", "ingest", arguments @ ..] => bench::ingest(arguments),
        ["bench", "scale", arguments @ ..] => bench::scale(arguments),
        ["bench", "import", arguments @ ..] => bench::import(arguments),
        ["bench", "most-read", arguments @ ..] => bench::most_read(arguments),
        ["bench", "images"] => bench::images(),
        ["bench", "page", arguments @ ..] => bench::page(arguments),
        ["bench", "lighthouse", arguments @ ..] => bench::lighthouse(arguments),
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprint!("xtask: unknown arguments: {}\n\n{HELP}", other.join(" "));
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
