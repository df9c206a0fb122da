//! `bench page`: how soon an article can be read in a partner's page, and what it costs the page, beside the same
//! page with the article in its own HTML, and without any.
//!
//! One browser, one publisher and one partner serve all pages; the pages take turns, each load in a profile of its
//! own.

mod load;
mod table;

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};

use super::chromium::Chromium;
use super::variant::Variant;
use super::world::{Subject, World};
use load::Figures;
use table::Table;

/// Loads of each page, unless another number is asked for.
const RUNS: usize = 9;
/// Loads of each page that are looked at when they are at rest too, which takes seconds.
const AT_REST: usize = 3;
const ARTICLES: [Subject; 2] = [
    Subject { id: "article", words: 900, variants: &Variant::ALL },
    Subject { id: "long-article", words: 5_000, variants: &[Variant::Static, Variant::Full] },
];

/// Measures and prints. `arguments`: the number of loads of each page.
///
/// # Errors
/// If something does not start or load, or a goal is missed.
pub(super) fn page(arguments: &[&str]) -> Result<()> {
    let runs = match arguments {
        [] => RUNS,
        [runs] => runs.parse().context("the number of loads is no number")?,
        _ => bail!("bench page takes one number"),
    };
    ensure!(runs > 0, "no load, no figure");
    let world = World::start(&ARTICLES)?;
    let mut chromium = Chromium::start(&world.folder().join("profile"))?;
    let mut missed = Vec::new();
    for Subject { id, words, variants } in ARTICLES {
        let loads = measure(&world, &mut chromium, (id, variants), runs)?;
        println!(
            "\n{words} words, {runs} loads of each page: medians; (times the static page's)\n"
        );
        let table = Table::new(variants, loads);
        print!("{table}");
        missed.extend(table.missed().into_iter().map(|goal| format!("{words} words: {goal}")));
    }
    if !missed.is_empty() {
        bail!("goals missed: {}", missed.join("; "));
    }
    Ok(())
}

/// Loads each page as often as the others.
fn measure(
    world: &World,
    chromium: &mut Chromium,
    (id, variants): (&str, &[Variant]),
    runs: usize,
) -> Result<BTreeMap<Variant, Vec<Figures>>> {
    let mut loads = BTreeMap::<_, Vec<_>>::new();
    for variant in variants {
        // The browser's own first times are nobody's figures.
        load::load(chromium, *variant, &world.ready(id, *variant)?, false)?;
    }
    for run in 0..runs {
        // Each comes first as often as others.
        for turn in 0..variants.len() {
            let variant = variants[(run + turn) % variants.len()];
            let url = world.ready(id, variant)?;
            let figures = load::load(chromium, variant, &url, run < AT_REST)?;
            loads.entry(variant).or_default().push(figures);
        }
    }
    Ok(loads)
}
