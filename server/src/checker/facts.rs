//! What the publisher knows of what a page names: articles, releases, the page's own site.

use std::collections::BTreeMap;

use article_widget::contract::Article;
use url::Url;

use super::page::PartnerPage;
use crate::assets::integrity;
use crate::partners::{Registry, origin};
use crate::problem::Problem;
use crate::snippets::image_origins;
use crate::state::Server;
use crate::visibility::Visibility;

/// Of articles and of releases no more are looked up for one page.
const MOST: usize = 20;

/// What is known.
#[derive(Debug)]
pub(super) struct Facts {
    /// How readers reach the server.
    pub(super) own: Url,
    /// The article that the page is asked about.
    pub(super) article: String,
    /// Where its pictures are from: origins, the server's own among them.
    pub(super) pictures: Vec<Url>,
    /// Those that the page names; none where there is no such article.
    pub(super) articles: BTreeMap<String, Option<Visibility>>,
    /// The digests of the loaders of the releases that it names; none where there is no such release.
    pub(super) releases: BTreeMap<String, Option<String>>,
    /// Whether the page's site may show articles.
    pub(super) standing: Standing,
}

/// Whether a site may show articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Admitted,
    Blocked,
    Unlisted,
}

/// How a URL of the page is to this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is this server's.
    Own,
    /// The host is, scheme or port are others.
    SameHost,
    /// It is another's.
    Other,
}

impl Facts {
    /// Looks up what the page names.
    ///
    /// # Errors
    /// Where the store cannot answer.
    pub(super) async fn gather(
        server: &Server,
        article: &Article,
        page: &PartnerPage,
    ) -> Result<Self, Problem> {
        let mut articles = BTreeMap::new();
        for id in page.articles() {
            if articles.len() < MOST && !articles.contains_key(id) {
                articles.insert(id.to_owned(), visibility(server, id).await?);
            }
        }
        let mut releases = BTreeMap::new();
        for version in page.scripts.iter().filter_map(|script| script.version.as_ref()) {
            if releases.len() < MOST && !releases.contains_key(version) {
                releases.insert(version.clone(), digest(server, version).await?);
            }
        }
        let public_url = &server.renderer.public_url;
        Ok(Self {
            own: Url::parse(public_url).map_err(|error| Problem::Internal(error.into()))?,
            article: article.id.to_string(),
            pictures: image_origins(article, public_url)
                .iter()
                .filter_map(|origin| origin.parse().ok())
                .collect(),
            articles,
            releases,
            standing: standing(server, &page.url),
        })
    }

    /// Without a look: every article that the page names is there, no release is, its site is admitted.
    pub(super) fn presumed(own: &Url, article: &str, page: &PartnerPage) -> Self {
        let there = |id: &str| (id.to_owned(), Some(Visibility::Visible));
        let releases = page.scripts.iter().filter_map(|script| script.version.clone());
        Self {
            own: own.clone(),
            article: article.to_owned(),
            pictures: vec![own.clone()],
            articles: page.articles().take(MOST).map(there).collect(),
            releases: releases.take(MOST).map(|version| (version, None)).collect(),
            standing: Standing::Admitted,
        }
    }

    /// How this URL is to the server.
    pub(super) fn relation(&self, url: &Url) -> Relation {
        if url.origin() == self.own.origin() {
            Relation::Own
        } else if url.host() == self.own.host() && url.scheme() != self.own.scheme() {
            Relation::SameHost
        } else {
            Relation::Other
        }
    }
}

async fn visibility(server: &Server, id: &str) -> Result<Option<Visibility>, Problem> {
    match server.article(id).await {
        Ok((_, visibility)) => Ok(Some(visibility)),
        Err(Problem::NoArticle) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// The digest of a release's loader.
async fn digest(server: &Server, version: &str) -> Result<Option<String>, Problem> {
    const LOADER: &str = "embed.js";
    if version == server.assets.version() {
        return Ok(server.assets.integrity(LOADER));
    }
    let asset = server.store.asset(version, LOADER).await?;
    Ok(asset.map(|asset| integrity(&asset.identity)))
}

fn standing(server: &Server, page: &Url) -> Standing {
    let partners = server.tally.partners();
    match partners.registry() {
        _ if partners.admits(&origin(page.as_str())) => Standing::Admitted,
        Registry::Open => Standing::Blocked,
        Registry::Closed => Standing::Unlisted,
    }
}
