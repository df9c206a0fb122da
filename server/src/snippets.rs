//! What a partner pastes into a page to show an article there. The forms are the host contract's
//! (docs/host-contract.md), filled in for one article.

use article_widget::contract::ArticleId;
use askama::Template;

mod policy;

pub use policy::{image_origins, policy};

/// What every form names.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The publisher's server, as readers reach it.
    pub public_url: &'a str,
    /// The article.
    pub id: &'a ArticleId,
    /// Its title.
    pub title: &'a str,
    /// The interface's language, where it is not to be the article's.
    pub language: Option<&'a str>,
    /// The colours, where they are not to be the reader's.
    pub theme: Option<&'a str>,
}

/// The full snippet: readable without a script, with its room reserved.
#[derive(Template)]
#[template(path = "snippets/full.html")]
struct Full<'a> {
    it: Subject<'a>,
    /// The script's path.
    loader: &'a str,
    integrity: Option<&'a str>,
}

/// For pages that take no script.
#[derive(Template)]
#[template(path = "snippets/frame.html")]
struct Frame<'a> {
    it: Subject<'a>,
}

impl Subject<'_> {
    /// The full snippet.
    ///
    /// # Errors
    /// Where the template fails.
    pub fn full(self) -> Result<String, askama::Error> {
        Full { it: self, loader: "/embed.js", integrity: None }.render()
    }

    /// The same with the loader of one release, which the browser checks.
    ///
    /// # Errors
    /// Where the template fails.
    pub fn pinned(self, version: &str, integrity: &str) -> Result<String, askama::Error> {
        let loader = format!("/v/{version}/embed.js");
        Full { it: self, loader: &loader, integrity: Some(integrity) }.render()
    }

    /// A frame, with the script that gives it its height.
    ///
    /// # Errors
    /// Where the template fails.
    pub fn frame(self) -> Result<String, askama::Error> {
        Frame { it: self }.render()
    }
}
