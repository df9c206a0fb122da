//! What stands in `deploy/` and in docs/operations.md is held to the code: settings, subcommands and figures that are
//! named there are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use article_server::assets::Assets;
use article_server::cli::Cli;
use article_server::embeds::Embeds;
use article_server::metrics::{Metrics, Refusal};
use article_server::store;
use article_server::tally::{Settings, Tally};
use article_server::time::Calendar;
use clap::CommandFactory as _;
use ipnet::Ipv4Net;
use regex::Regex;
use serde_json::Value;

use crate::files;
use crate::support::{config, widget};

mod names;
mod proxies;
mod proxy;
mod reader;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file below `deploy/`, with its name, and what operators read.
fn texts() -> Vec<(String, String)> {
    let read = |path: PathBuf| (path.display().to_string(), fs::read_to_string(path).unwrap());
    let mut texts: Vec<_> = files::below(&root().join("deploy")).into_iter().map(read).collect();
    assert!(texts.len() >= 8, "{texts:?}");
    let operations = root().join("docs/operations.md");
    texts.push((operations.display().to_string(), fs::read_to_string(operations).unwrap()));
    texts
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// Subcommands, flags and variables of the program.
#[derive(Default)]
struct Known {
    commands: BTreeSet<String>,
    flags: BTreeSet<String>,
    variables: BTreeSet<String>,
}

impl Known {
    fn of(mut command: clap::Command) -> Self {
        command.build();
        let mut known = Self::default();
        known.flags.extend(["--help".to_owned(), "--version".to_owned()]);
        known.add(&command);
        known
    }

    fn add(&mut self, command: &clap::Command) {
        let flags = command.get_arguments().filter_map(clap::Arg::get_long);
        self.flags.extend(flags.map(|flag| format!("--{flag}")));
        let variables = command.get_arguments().filter_map(clap::Arg::get_env);
        self.variables.extend(variables.map(|name| name.to_str().unwrap().to_owned()));
        for command in command.get_subcommands() {
            self.commands.insert(command.get_name().to_owned());
            self.add(command);
        }
    }
}

/// Every metric that a server has.
async fn metrics() -> BTreeSet<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let store = store::open(&config.database, &Calendar::new(config.time_zone)).await.unwrap();
    let tally = Tally::start(store.clone(), Settings::default());
    let assets: Assets = widget("0.1.0-test");
    let metrics = Metrics::new(&*store, &tally, &Embeds::default(), assets.version());
    let names = metrics.names().iter().copied().collect();
    Arc::new(tally).stop().await;
    store.close().await.unwrap();
    names
}

/// Where PostgreSQL's tables would be in a distributed engine: the rows of the document's table.
fn distribution(operations: &str) -> &str {
    let (_, after) = operations.split_once("\n| tables | where | why |\n").expect("its head");
    after.split_once("\n\n").expect("its end").0
}

/// Names of metrics in a text, without what Prometheus puts behind them.
fn named_metrics(text: &str) -> BTreeSet<String> {
    let pattern = Regex::new(r"\b(?:article|process)_[a-z_]+[a-z]\b").unwrap();
    // The crate's name is none.
    let names = pattern.find_iter(text).filter(|name| name.as_str() != "article_server");
    let names = names.map(|name| {
        let name = name.as_str();
        let suffixes = ["_total", "_bucket", "_sum", "_count", "_info"];
        let bare = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix));
        bare.unwrap_or(name).to_owned()
    });
    names.collect()
}

#[test]
fn every_setting_that_is_named_is_the_programs() {
    let known = Known::of(Cli::command());
    let variable = Regex::new(r"\bARTICLE_[A-Z_]+[A-Z]\b").unwrap();
    let call = Regex::new(r"\barticle-server ([a-z][a-z-]*)((?:\\\n|[^\n`])*)").unwrap();
    let flag = Regex::new(r"--[a-z][a-z-]+").unwrap();
    let (mut flags, mut variables) = (0, 0);
    for (name, text) in texts() {
        for found in variable.find_iter(&text) {
            assert!(known.variables.contains(found.as_str()), "{name}: {}", found.as_str());
            variables += 1;
        }
        for call in call.captures_iter(&text).filter(|call| known.commands.contains(&call[1])) {
            for found in flag.find_iter(&call[2]) {
                assert!(known.flags.contains(found.as_str()), "{name}: {}", &call[0]);
                flags += 1;
            }
        }
    }
    assert!(variables > 10 && flags >= 5, "{variables} variables and {flags} flags were looked at");
}

#[test]
fn containers_call_subcommands_that_there_are() {
    let known = Known::of(Cli::command());
    let dockerfile = text("deploy/Dockerfile");
    let health = Regex::new(r#"CMD \["/article-server", "([a-z]+)"\]"#).unwrap();
    let command = Regex::new(r#"(?m)^CMD \["([a-z]+)"\]"#).unwrap();
    for pattern in [health, command] {
        let found = pattern.captures(&dockerfile).expect("it is called");
        assert!(known.commands.contains(&found[1]), "{}", &found[0]);
    }
}

/// What Docker gives away itself may be taken before the proxy comes.
#[test]
fn the_address_that_servers_trust_is_the_proxys_alone() {
    let compose = text("deploy/compose.yaml");
    let of = |pattern: &str| {
        let found = Regex::new(pattern).unwrap().captures(&compose).expect("it is there");
        found[1].parse::<Ipv4Net>().unwrap()
    };
    let trusted = of("ARTICLE_TRUSTED_PROXIES: (.+)");
    let subnet = of("subnet: ([0-9./]+)");
    let given_away = of("ip_range: ([0-9./]+)");
    assert!(compose.contains(&format!("ipv4_address: {} ", trusted.addr())));
    assert_eq!(trusted.prefix_len(), 32);
    assert!(subnet.contains(&trusted) && subnet.contains(&given_away));
    assert!(!given_away.contains(&trusted));
}

#[tokio::test]
async fn every_figure_that_a_dashboard_or_a_rule_names_is_given() {
    let metrics = metrics().await;
    for file in ["deploy/grafana/article-server.json", "deploy/prometheus/alerts.yaml"] {
        let named = named_metrics(&text(file));
        assert!(named.len() > 5, "{file}: {named:?}");
        for name in named {
            assert!(metrics.contains(&*name), "{file}: {name}");
        }
    }
}

#[tokio::test]
async fn every_figure_has_its_line_in_the_documentation() {
    let operations = text("docs/operations.md");
    // Some tables have names like those of figures.
    let documented = named_metrics(&operations.replace(distribution(&operations), ""));
    let metrics: BTreeSet<_> = metrics().await.into_iter().map(ToOwned::to_owned).collect();
    assert_eq!(documented, metrics);
}

#[test]
fn every_reason_of_a_refusal_has_its_place_in_the_documentation_and_there_are_no_others() {
    let known: BTreeSet<_> = Refusal::ALL.map(Refusal::as_str).into();
    let operations = text("docs/operations.md");
    let (_, table) = operations.split_once("\n| reason | what | ").expect("its head");
    let rows = table.split("\n\n").next().unwrap().lines().skip(2);
    let name = Regex::new("`([a-z0-9_]+)`").unwrap();
    let names =
        |cell: &str| name.captures_iter(cell).map(|name| name[1].to_owned()).collect::<Vec<_>>();
    let documented: Vec<String> =
        rows.flat_map(|row| names(row.split('|').nth(1).unwrap())).collect();
    assert_eq!(documented.len(), known.len(), "{documented:?}");
    assert!(documented.iter().all(|reason| known.contains(&**reason)), "{documented:?}");
    let asked = Regex::new(r#"article_refusals_total\{reason=~?"([a-z0-9_|]+)""#).unwrap();
    let rules = text("deploy/prometheus/alerts.yaml");
    let asked: Vec<_> =
        asked.captures_iter(&rules).map(|found| found.extract::<1>().1[0]).collect();
    assert_eq!(asked.len(), rules.matches("article_refusals_total").count());
    assert!(
        asked.iter().flat_map(|reasons| reasons.split('|')).all(|one| known.contains(one)),
        "{asked:?}"
    );
}

/// Whoever distributes them has to know of each.
#[test]
fn every_table_of_postgresql_has_its_place_in_the_documentation() {
    let operations = text("docs/operations.md");
    let table = distribution(&operations);
    let documented = Regex::new("`([a-z_]+)`").unwrap();
    let documented: Vec<&str> =
        documented.captures_iter(table).map(|name| name.extract::<1>().1[0]).collect();
    let made = Regex::new(r"(?m)^create table (?:if not exists )?([a-z_]+)").unwrap();
    // That of versions is made by the program itself.
    let mut tables = vec!["schema_version".to_owned()];
    for file in fs::read_dir(root().join("server/migrations/postgres")).unwrap() {
        let sql = fs::read_to_string(file.unwrap().path()).unwrap();
        tables.extend(made.captures_iter(&sql).map(|table| table[1].to_owned()));
    }
    assert!(tables.len() > 30, "{tables:?}");
    for table in &tables {
        let times = documented.iter().filter(|name| *name == table).count();
        assert_eq!(times, 1, "{table} is named {times} times");
    }
    assert_eq!(documented.len(), tables.len(), "{documented:?} {tables:?}");
}

#[test]
fn every_alert_leads_to_a_heading_that_there_is() {
    let operations = text("docs/operations.md");
    let headings: BTreeSet<String> = operations
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-"))
        .collect();
    let rules = text("deploy/prometheus/alerts.yaml");
    let links = rules.lines().filter_map(|line| line.trim().strip_prefix("runbook: "));
    let links: Vec<_> = links.map(|link| link.trim_matches('"')).collect();
    assert_eq!(links.len(), rules.matches("- alert:").count());
    for link in links {
        let heading = link.strip_prefix("docs/operations.md#").expect(link);
        assert!(headings.contains(heading), "{link}: {headings:?}");
    }
}

#[test]
fn the_dashboard_is_json_whose_panels_have_questions() {
    let dashboard: Value =
        serde_json::from_str(&text("deploy/grafana/article-server.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let asks = panels.iter().filter(|panel| panel["type"] != "row");
    for panel in asks {
        assert!(panel["title"].as_str().is_some_and(|title| !title.is_empty()));
        let targets = panel["targets"].as_array().unwrap();
        assert!(targets.iter().all(|target| target["expr"].is_string()), "{panel}");
    }
    assert!(panels.len() > 10);
}
