//! `size`: what a reader downloads, against `xtask/budgets.toml`.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::build::Manifest;
use crate::project;

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
    let budgets: Budgets =
        toml::from_str(&project::text("xtask/budgets.toml")?).context("xtask/budgets.toml")?;
    println!("{:<22}{:>10}{:>10}{:>10}", manifest.version, "raw", "gzip", "brotli");
    for asset in &manifest.assets {
        println!("{:<22}{:>10}{:>10}{:>10}", asset.name, asset.raw, asset.gzip, asset.brotli);
    }
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

fn sum(manifest: &Manifest, budget: &Budget) -> Result<usize> {
    let size = |name: &String| {
        let asset = manifest.assets.iter().find(|asset| asset.name == *name);
        asset.map(|asset| asset.brotli).with_context(|| format!("no asset is named {name}"))
    };
    budget.assets.iter().map(size).sum()
}
