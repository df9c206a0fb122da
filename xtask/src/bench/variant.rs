//! The pages that are compared: one host's page, each time with the article in another way.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::project;

/// A way to have the article in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Variant {
    /// In the page's own HTML, its style a file of the publisher's.
    Static,
    /// The full snippet.
    Full,
    /// The short snippet.
    Short,
    /// The full snippet where the page takes no HTML: the Wasm renders.
    Wasm,
    /// No article at all.
    Bare,
}

/// What the pages are made of.
pub(super) struct Material<'a> {
    /// The publisher's origin.
    pub(super) origin: &'a str,
    /// The article.
    pub(super) id: &'a str,
    /// The release's name.
    pub(super) version: &'a str,
    /// What the server answers a loader.
    pub(super) embed: &'a Value,
}

impl Variant {
    /// In the table's order.
    pub(super) const ALL: [Self; 5] =
        [Self::Static, Self::Full, Self::Short, Self::Wasm, Self::Bare];

    /// The head of its column.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Full => "full snippet",
            Self::Short => "short snippet",
            Self::Wasm => "Wasm only",
            Self::Bare => "no article",
        }
    }

    /// Whether there is a widget in it, which comes alive.
    pub(super) fn is_live(self) -> bool {
        matches!(self, Self::Full | Self::Short | Self::Wasm)
    }

    /// The policy that it is sent with.
    pub(super) fn policy(self) -> &'static str {
        match self {
            Self::Wasm => "require-trusted-types-for 'script'; trusted-types 'none'",
            _ => "",
        }
    }

    /// JavaScript that runs before the page's own.
    pub(super) fn script(self) -> &'static str {
        match self {
            // It takes HTML under every policy: a browser that has none yet.
            Self::Wasm => "delete Element.prototype.setHTML;",
            _ => "",
        }
    }

    /// The page's HTML.
    ///
    /// # Errors
    /// If the host contract has no such snippet, or the answer no HTML.
    pub(super) fn page(self, material: &Material<'_>) -> Result<String> {
        let (head, article) = match self {
            Self::Static => in_page(material)?,
            Self::Full | Self::Wasm => (String::new(), snippet("rel=\"preload\"", material)?),
            Self::Short => (String::new(), snippet("data-article", material)?),
            Self::Bare => Default::default(),
        };
        let page = include_str!("host.html");
        Ok(page.replace("<!-- head -->", &head).replace("<!-- article -->", &article))
    }
}

/// Head and body of the article in the page's own HTML. Beside the style that all articles have in common, an
/// article has its own of few bytes, which shows colours where a picture is to come.
fn in_page(material: &Material<'_>) -> Result<(String, String)> {
    let field = |name: &str| material.embed[name].as_str().with_context(|| format!("no {name}"));
    let (origin, version) = (material.origin, material.version);
    let common = std::fs::read_to_string(project::assets().join("article.css"))?;
    let own = field("css")?.strip_prefix(common.as_str()).context("the style is another")?;
    let head = format!(
        "<link rel=\"stylesheet\" href=\"{origin}/v/{version}/article.css\">\n<style>{own}</style>"
    );
    Ok((head, format!("<div class=\"aw-mount\">{}</div>", field("html")?)))
}

/// The first snippet of the host contract that has `mark` in it, for this article.
fn snippet(mark: &str, material: &Material<'_>) -> Result<String> {
    let contract = project::text("docs/host-contract.md")?;
    let blocks = contract.split("```html\n").skip(1).filter_map(|rest| rest.split_once("```"));
    let (snippet, _) = blocks
        .into_iter()
        .find(|(block, _)| block.contains(mark))
        .with_context(|| format!("docs/host-contract.md has no snippet with {mark}"))?;
    let article = |form: &str| form.replace("ID", material.id);
    Ok(snippet
        .replace("https://news.example", material.origin)
        .replace("/ID", &article("/ID"))
        .replace("\"ID\"", &article("\"ID\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contract_has_both_snippets() {
        let (origin, version, embed) = ("http://127.0.0.1:1", "1", &Value::Null);
        let material = Material { origin, id: "an-article", version, embed };
        let full = Variant::Full.page(&material).unwrap();
        assert!(full.contains("href=\"http://127.0.0.1:1/v1/embed/an-article\""), "{full}");
        assert!(full.contains("<article-widget src=\"http://127.0.0.1:1\" article=\"an-article\""));
        let short = Variant::Short.page(&material).unwrap();
        assert!(short.contains("data-article=\"an-article\""), "{short}");
        assert!(!Variant::Bare.page(&material).unwrap().contains("127.0.0.1"));
    }
}
