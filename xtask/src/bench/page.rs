//! `bench page`: how soon an article can be read in a partner's page, and what it costs the page, beside the same
//! page with the article in its own HTML, and without any.
//!
//! One browser, one publisher and one partner serve all pages; the pages take turns, each load in a profile of its
//! own. The server is of the development profile: its answers are finished before a page asks for them, as those of
//! an article that others read too, and what is left to do for it is lost in the network's 150 ms.

mod load;
mod table;
mod variant;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::chromium::Chromium;
use super::site::{Pages, Site};
use super::{articles, http};
use crate::project::target;
use crate::server::{self, Server};
use load::Figures;
use table::Table;
use variant::{Material, Variant};

/// Loads of each page, unless another number is asked for.
const RUNS: usize = 9;
/// Loads of each page that are looked at when they are at rest too, which takes seconds.
const AT_REST: usize = 3;
/// An article, its words, and the pages that it is compared in.
const ARTICLES: [(&str, usize, &[Variant]); 2] =
    [("article", 900, &Variant::ALL), ("long-article", 5_000, &[Variant::Static, Variant::Full])];
/// How long the server may take to make an article's pictures.
const PATIENCE: Duration = Duration::from_secs(120);

/// What all pages are served by.
struct World {
    publisher: Server,
    site: Site,
    folder: PathBuf,
}

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
    let world = World::start()?;
    let mut chromium = Chromium::start(&world.folder.join("profile"))?;
    let mut missed = Vec::new();
    for (id, words, variants) in ARTICLES {
        let loads = world.measure(&mut chromium, (id, variants), runs)?;
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

impl World {
    /// Imports the articles and serves them, and the pages that they are in.
    fn start() -> Result<Self> {
        let folder = target().join("bench");
        // What the last run wrote is nothing to begin with.
        let _ = fs::remove_dir_all(&folder);
        let imported = folder.join("articles");
        fs::create_dir_all(&imported)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let database = format!("sqlite:{}", folder.join("articles.db").display());
        for (id, words, _) in ARTICLES {
            articles::write(&imported, id, words)?;
        }
        server::import(&database, &[&imported, Path::new("samples/articles")])?;
        let publisher = Server::start(&database, &["--media", "samples/media"])?;
        let origin = publisher.origin();
        let version = crate::build::Manifest::read()?.version;
        let mut pages = Pages::default();
        for (id, _, variants) in ARTICLES {
            let embed = finished(&origin, id)?;
            let material = Material { origin: &origin, id, version: &version, embed: &embed };
            for variant in variants {
                pages.add(&path(id, *variant), &variant.page(&material)?, variant.policy());
            }
        }
        Ok(Self { publisher, site: Site::start(pages)?, folder })
    }

    /// The URL of a page of the partner's, with the answers to it finished.
    fn ready(&self, id: &str, variant: Variant) -> Result<String> {
        http::get(&format!("{}/v1/embed/{id}", self.publisher.origin()))?;
        Ok(self.site.url(&path(id, variant)))
    }

    fn measure(
        &self,
        chromium: &mut Chromium,
        (id, variants): (&str, &[Variant]),
        runs: usize,
    ) -> Result<BTreeMap<Variant, Vec<Figures>>> {
        let mut loads = BTreeMap::<_, Vec<_>>::new();
        for variant in variants {
            // The browser's own first times are nobody's figures.
            load::load(chromium, *variant, &self.ready(id, *variant)?, false)?;
        }
        for run in 0..runs {
            // Each comes first as often as others.
            for turn in 0..variants.len() {
                let variant = variants[(run + turn) % variants.len()];
                let url = self.ready(id, variant)?;
                let figures = load::load(chromium, variant, &url, run < AT_REST)?;
                loads.entry(variant).or_default().push(figures);
            }
        }
        Ok(loads)
    }
}

fn path(id: &str, variant: Variant) -> String {
    format!("{id}/{}", variant.name().replace(' ', "-"))
}

/// What a loader is answered once the pictures of the article are made.
fn finished(origin: &str, id: &str) -> Result<Value> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let embed: Value = serde_json::from_slice(&http::get(&format!("{origin}/v1/embed/{id}"))?)?;
        let html = embed["html"].as_str().context("the answer has no HTML")?;
        // Their files of another type are the server's own work.
        if html.matches("<source ").count() == html.matches("<picture>").count() {
            return Ok(embed);
        }
        ensure!(Instant::now() < deadline, "the pictures of {id} are not made");
        std::thread::sleep(Duration::from_millis(200));
    }
}
