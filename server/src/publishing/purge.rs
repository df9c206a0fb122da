//! What caches have to forget where an article changes: every address that shows it.

use std::collections::BTreeSet;

use article_widget::contract::{Article, ArticleId, Block, BlockKind, Figure};
use schemars::JsonSchema;
use serde::Serialize;

/// Addresses that show an article. Lists show it too, but for seconds only.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema, Serialize)]
pub struct Purge {
    /// Each is one address.
    pub urls: Vec<String>,
    /// Each stands for every address that begins so: the same with queries, and what stands below it.
    pub prefixes: Vec<String>,
}

/// The body of a call.
#[derive(Serialize)]
struct Call<'a> {
    #[serde(flatten)]
    purge: &'a Purge,
    article: &'a ArticleId,
    reason: &'a str,
}

impl Purge {
    /// Of an article that was `before` and is `after`, on the server at `public_url`. The pictures of both
    /// are among it, where this server has them.
    pub fn of(public_url: &str, before: Option<&Article>, after: &Article) -> Self {
        let id = &after.id;
        let address = |path: &str| format!("{public_url}{path}{id}");
        let paths = ["/a/", "/embed/", "/v1/articles/", "/v1/embed/"];
        let mut urls: Vec<String> = paths.into_iter().map(address).collect();
        let pictures: BTreeSet<String> =
            before.into_iter().chain([after]).flat_map(|it| pictures(it, public_url)).collect();
        urls.extend(pictures);
        let below = |path: &str, after: &str| format!("{public_url}{path}{id}{after}");
        let prefixes = vec![
            below("/a/", "?"),
            below("/a/", "/"),
            below("/embed/", "?"),
            below("/v1/embed/", "?"),
            format!("{public_url}/oembed?"),
        ];
        Self { urls, prefixes }
    }

    /// As people read it, one address each; one that ends in `*` stands for all that begin so.
    pub fn addresses(&self) -> Vec<String> {
        let prefixes = self.prefixes.iter().map(|prefix| format!("{prefix}*"));
        self.urls.iter().cloned().chain(prefixes).collect()
    }

    /// What a program that keeps caches is told.
    pub(super) fn body(&self, article: &ArticleId, reason: &str) -> String {
        let call = Call { purge: self, article, reason };
        serde_json::to_string(&call).expect("strings are always JSON")
    }
}

/// Those of the article's pictures that this server has, absolute.
fn pictures(article: &Article, public_url: &str) -> Vec<String> {
    let mut found = Vec::new();
    let own = |url: &str| match url.strip_prefix(public_url) {
        Some(path) => path.starts_with('/').then(|| url.to_owned()),
        None => url.starts_with('/').then(|| format!("{public_url}{url}")),
    };
    let mut take = |figure: &Figure| {
        found.extend(figure.sources.iter().filter_map(|source| own(&source.url)));
    };
    article.lead_image.iter().for_each(&mut take);
    figures(&article.body, &mut take);
    found
}

fn figures(blocks: &[Block], take: &mut impl FnMut(&Figure)) {
    for block in blocks {
        match &block.kind {
            BlockKind::Figure(figure) => take(figure),
            BlockKind::Quote { blocks, .. } => figures(blocks, take),
            BlockKind::List { items, .. } => items.iter().for_each(|item| figures(item, take)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn article(pictures: &[&str]) -> Article {
        let figure = |url: &&str| json!({ "kind": "figure", "sources": [{ "url": url }] });
        let (lead, others) = pictures.split_first().unwrap();
        let others: Vec<_> = others.iter().map(figure).collect();
        let body = json!([{ "kind": "list", "items": [[{ "kind": "quote", "blocks": others }]] }]);
        let lead = json!({ "sources": [{ "url": lead }] });
        serde_json::from_value(json!({ "id": "a", "lead_image": lead, "body": body })).unwrap()
    }

    #[test]
    fn every_address_of_an_article_and_its_pictures_before_and_after() {
        let before = article(&["/media/old.jpg", "https://cdn.example/x.jpg"]);
        let after = article(&["/media/new.jpg", "https://news.example/media/b.jpg"]);
        let purge = Purge::of("https://news.example", Some(&before), &after);
        let expected = [
            "/a/a",
            "/embed/a",
            "/v1/articles/a",
            "/v1/embed/a",
            "/media/b.jpg",
            "/media/new.jpg",
            "/media/old.jpg",
        ];
        assert_eq!(purge.urls, expected.map(|path| format!("https://news.example{path}")));
        for prefix in ["/a/a?", "/a/a/", "/embed/a?", "/v1/embed/a?"] {
            assert!(purge.prefixes.contains(&format!("https://news.example{prefix}")), "{prefix}");
        }
        let call: serde_json::Value =
            serde_json::from_str(&purge.body(&after.id, "withdrawn")).unwrap();
        assert_eq!((&call["article"], &call["reason"]), (&json!("a"), &json!("withdrawn")));
        assert_eq!(call["urls"], json!(purge.urls));
    }

    #[test]
    fn another_server_whose_name_begins_alike_is_not_ours() {
        let after = article(&["https://news.example.org/x.jpg"]);
        let purge = Purge::of("https://news.example", None, &after);
        assert_eq!(purge.urls.len(), 4, "{:?}", purge.urls);
    }
}
