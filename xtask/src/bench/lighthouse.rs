//! `bench lighthouse`: what Lighthouse says of a partner's page with the article and without it, as of a phone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::chromium;
use super::variant::Variant;
use super::world::{Subject, World};
use crate::project::root;

/// Of each page, unless another number is asked for.
const RUNS: usize = 5;
const CATEGORIES: [&str; 4] = ["performance", "accessibility", "best-practices", "seo"];
const WITHOUT: Variant = Variant::Bare;
const WITH: Variant = Variant::Full;
const SUBJECT: Subject = Subject { id: "article", words: 900, variants: &[WITHOUT, WITH] };

/// Scores by page and category, each 0 to 100.
type Scores = BTreeMap<(Variant, &'static str), Vec<f64>>;

/// Measures and prints. `program` is Lighthouse's; `arguments`: the number of runs.
///
/// # Errors
/// If something does not start or run, or a score is lower with the article than without it.
pub(super) fn lighthouse(program: &Path, arguments: &[&str]) -> Result<()> {
    let runs = match arguments {
        [] => RUNS,
        [runs] => runs.parse().context("the number of runs is no number")?,
        _ => bail!("bench lighthouse takes one number"),
    };
    ensure!(runs > 0, "no run, no score");
    let world = World::start(&[SUBJECT])?;
    let mut scores = Scores::new();
    for run in 0..runs {
        let turns = if run % 2 == 0 { [WITHOUT, WITH] } else { [WITH, WITHOUT] };
        for variant in turns {
            let report = report(program, &world, variant)?;
            for category in CATEGORIES {
                let score = report["categories"][category]["score"].as_f64();
                let score = score.with_context(|| format!("no score of {category}"))? * 100.0;
                scores.entry((variant, category)).or_default().push(score);
            }
        }
    }
    println!("\n{runs} runs of each page: medians (lowest to highest)\n");
    println!("{:<20}{:>22}{:>22}", "", WITHOUT.name(), WITH.name());
    let mut lower = Vec::new();
    for category in CATEGORIES {
        let [without, with] = [WITHOUT, WITH].map(|variant| sorted(&scores[&(variant, category)]));
        println!("{category:<20}{:>22}{:>22}", cell(&without), cell(&with));
        if median(&with) < median(&without) {
            lower.push(category);
        }
    }
    ensure!(lower.is_empty(), "lower with the article: {}", lower.join(", "));
    Ok(())
}

fn report(program: &Path, world: &World, variant: Variant) -> Result<Value> {
    let url = world.ready(SUBJECT.id, variant)?;
    let path = world.folder().join(format!("{}.json", variant.name().replace(' ', "-")));
    let mut command = Command::new("node");
    command.arg(program).arg(&url).current_dir(root()).env("CHROME_PATH", chromium::path()?);
    command.args(["--output=json", "--quiet"]).arg(format!("--output-path={}", path.display()));
    command.arg(format!("--only-categories={}", CATEGORIES.join(",")));
    command.arg(format!("--chrome-flags={}", chromium::FLAGS.join(" ")));
    let status = command.stdout(Stdio::null()).status().context("cannot start node")?;
    ensure!(status.success(), "Lighthouse failed on {url}: {status}");
    let text = fs::read(&path).with_context(|| format!("no {}", path.display()))?;
    serde_json::from_slice(&text).with_context(|| format!("{} is broken", path.display()))
}

fn sorted(scores: &[f64]) -> Vec<f64> {
    let mut scores = scores.to_vec();
    scores.sort_by(f64::total_cmp);
    scores
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}

fn cell(sorted: &[f64]) -> String {
    let (first, last) = (sorted[0], sorted[sorted.len() - 1]);
    format!("{:.0} ({first:.0} to {last:.0})", median(sorted))
}
