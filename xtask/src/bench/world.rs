//! A publisher and a partner whose pages hold its articles.
//!
//! The server is of the development profile: its answers are finished before a page asks for them, as those of an
//! article that others read too, and what is left to do for it is lost in the network's 150 ms.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::site::{Pages, Site};
use super::variant::{Material, Variant};
use super::{articles, http};
use crate::build::Manifest;
use crate::project::target;
use crate::server::{self, Server};

/// How long the server may take to make an article's pictures.
const PATIENCE: Duration = Duration::from_secs(120);

/// An article and its pages.
#[derive(Clone, Copy)]
pub(super) struct Subject {
    /// The article's.
    pub(super) id: &'static str,
    /// At least so many.
    pub(super) words: usize,
    /// The pages that hold it.
    pub(super) variants: &'static [Variant],
}

/// What all pages are served by.
pub(super) struct World {
    publisher: Server,
    site: Site,
    folder: PathBuf,
}

impl World {
    /// Imports the articles, the samples too, and serves them and their pages.
    ///
    /// # Errors
    /// If something cannot be made or does not start.
    pub(super) fn start(subjects: &[Subject]) -> Result<Self> {
        let folder = target().join("bench");
        // What the last run wrote is nothing to begin with.
        let _ = fs::remove_dir_all(&folder);
        let imported = folder.join("articles");
        fs::create_dir_all(&imported)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        for Subject { id, words, .. } in subjects {
            articles::write(&imported, id, *words)?;
        }
        let database = format!("sqlite:{}", folder.join("articles.db").display());
        server::import(&database, &[&imported, Path::new("samples/articles")])?;
        let publisher = Server::start(&database, &["--media", "samples/media"])?;
        let pages = pages(subjects, &publisher.origin())?;
        Ok(Self { publisher, site: Site::start(pages)?, folder })
    }

    /// Where everything is that this run writes.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The URL of a page of the partner's, with the answers to it finished.
    ///
    /// # Errors
    /// If the publisher does not answer.
    pub(super) fn ready(&self, id: &str, variant: Variant) -> Result<String> {
        http::get(&format!("{}/v1/embed/{id}", self.publisher.origin()))?;
        Ok(self.site.url(&path(id, variant)))
    }
}

fn pages(subjects: &[Subject], origin: &str) -> Result<Pages> {
    let version = Manifest::read()?.version;
    let mut pages = Pages::default();
    for Subject { id, variants, .. } in subjects {
        let embed = finished(origin, id)?;
        let material = Material { origin, id, version: &version, embed: &embed };
        for variant in *variants {
            pages.add(&path(id, *variant), &variant.page(&material)?, variant.policy());
        }
    }
    Ok(pages)
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
