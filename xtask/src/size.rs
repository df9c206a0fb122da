//! `size`: what a reader downloads, against the last commit and against `xtask/budgets.toml`.
//!
//! A commit's sizes are in it, in `xtask/sizes.toml`: to build the last one again takes minutes, and a diff of the
//! file shows in review what a change costs.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::build::Manifest;
use crate::project;

mod kept;

use kept::{Sizes, last};

#[derive(Deserialize)]
struct Budgets {
    budget: Vec<Budget>,
}

/// A limit on the sum of some assets, in bytes of brotli.
#[derive(Deserialize)]
struct Budget {
    name: String,
    assets: Vec<String>,
    brotli: usize,
}

/// Prints both tables.
///
/// # Errors
/// If something is over its budget, or nothing is built.
pub(crate) fn size() -> Result<()> {
    let manifest = Manifest::read()?;
    let sizes = Sizes::of(&manifest);
    print!("{}", table(&manifest.version, &sizes, last(&sizes).as_ref()));
    let budgets: Budgets =
        toml::from_str(&project::text("xtask/budgets.toml")?).context("xtask/budgets.toml")?;
    println!("\n{:<22}{:>10}{:>10}", "budget, brotli", "is", "may be");
    let mut over = Vec::new();
    for budget in &budgets.budget {
        let is = sum(&manifest, budget)?;
        println!("{:<22}{is:>10}{:>10}", budget.name, budget.brotli);
        if is > budget.brotli {
            over.push(format!("{} by {} bytes", budget.name, is - budget.brotli));
        }
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}

/// Keeps the sizes of this build for the next commit, then as [`size`].
///
/// # Errors
/// As [`size`], or if they cannot be written.
pub(crate) fn save() -> Result<()> {
    Sizes::of(&Manifest::read()?).write()?;
    size()
}

/// How far a build may be from what its commit says, in bytes of each size: the folder that it is built in has a part
/// in the order of its functions.
const NEAR: usize = 512;

/// As [`size`], and compares with what the commit says of itself.
///
/// # Errors
/// As [`size`], or if it says something else.
pub(crate) fn check() -> Result<()> {
    size()?;
    if !Sizes::read()?.is_near(&Sizes::of(&Manifest::read()?), NEAR) {
        bail!("{} is not that of this build: cargo xtask size --save", kept::FILE);
    }
    Ok(())
}

/// Every asset's sizes, each with what it has more or less than in the last commit.
fn table(version: &str, sizes: &Sizes, last: Option<&(String, Sizes)>) -> String {
    let mut table = format!("{version:<22}{:>18}{:>18}{:>18}", "raw", "gzip", "brotli");
    match last {
        Some((commit, _)) => writeln!(table, "   against {commit}"),
        None => writeln!(table, "   no earlier sizes are known"),
    }
    .expect("a string takes everything");
    let before = |name: &str| last.map(|(_, sizes)| sizes.get(name));
    for (name, is) in sizes.iter() {
        let _ = write!(table, "{name:<22}");
        let was = before(name).map(Option::unwrap_or_default);
        for (is, was) in is.all().into_iter().zip(was.map_or([None; 3], |was| was.all().map(Some)))
        {
            let _ = write!(table, "{:>18}", cell(is, was));
        }
        table.push('\n');
    }
    for (name, was) in last.into_iter().flat_map(|(_, sizes)| sizes.iter()) {
        if sizes.get(name).is_none() {
            let _ = write!(table, "{name:<22}");
            for was in was.all() {
                let _ = write!(table, "{:>18}", cell(0, Some(was)));
            }
            table.push('\n');
        }
    }
    table
}

/// `3857 +9`; without a sign where nothing changed.
fn cell(is: usize, was: Option<usize>) -> String {
    match was {
        Some(was) if is > was => format!("{is} {:>+6}", is - was),
        Some(was) if is < was => format!("{is} {:>6}", format!("-{}", was - is)),
        _ => format!("{is} {:>6}", ""),
    }
}

fn sum(manifest: &Manifest, budget: &Budget) -> Result<usize> {
    let size = |name: &String| {
        let asset = manifest.assets.iter().find(|asset| asset.name == *name);
        asset.map(|asset| asset.brotli).with_context(|| format!("no asset is named {name}"))
    };
    budget.assets.iter().map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_tells_what_was_added_taken_and_left() {
        let sizes = |text: &str| Sizes::parse(text).unwrap();
        let now = sizes("[\"a.js\"]\nraw = 30\ngzip = 20\nbrotli = 10\n");
        let was = sizes(
            "[\"a.js\"]\nraw = 30\ngzip = 21\nbrotli = 8\n[\"b.js\"]\nraw = 3\ngzip = 2\nbrotli = 1\n",
        );
        let shown = table("1", &now, Some(&("abc1234".to_owned(), was)));
        let rows: Vec<Vec<&str>> =
            shown.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows[0], ["1", "raw", "gzip", "brotli", "against", "abc1234"]);
        assert_eq!(rows[1], ["a.js", "30", "20", "-1", "10", "+2"]);
        assert_eq!(rows[2], ["b.js", "0", "-3", "0", "-2", "0", "-1"]);
        assert!(table("1", &now, None).contains("no earlier sizes"));
    }
}
