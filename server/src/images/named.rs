//! Which pictures an article names.

use std::collections::BTreeMap;

use article_widget::contract::{Article, Block, BlockKind, Figure, ImageSource};

/// Bytes of a URL that pictures are known by: indexes take no text of any length.
const LONGEST: usize = 2_000;

/// The URLs of all files of pictures that the article names, each once; true for the file of each figure that
/// sizes are made of. Paths of the publisher's own server are without a query; of a URL that is very long the
/// beginning stands for it, and no sizes are made.
pub fn named(article: &Article) -> BTreeMap<String, bool> {
    let mut urls = BTreeMap::new();
    article.lead_image.iter().for_each(|figure| add(figure, &mut urls));
    add_blocks(&article.body, &mut urls);
    urls
}

/// The largest file of those that every browser shows: what sizes are made of.
pub(super) fn original<'a>(
    sources: impl IntoIterator<Item = &'a ImageSource>,
) -> Option<&'a ImageSource> {
    // The first of the largest, where `max_by_key` takes the last.
    let plain = sources.into_iter().filter(|source| source.media_type.is_none());
    plain.reduce(|best, other| if other.width > best.width { other } else { best })
}

/// By what a picture is known: the query of a path of the publisher's own server changes nothing.
pub(super) fn key(url: &str) -> &str {
    let end = if url.starts_with('/') { url.find(['?', '#']) } else { None };
    &url[..end.unwrap_or(url.len())]
}

fn add(figure: &Figure, urls: &mut BTreeMap<String, bool>) {
    for source in &figure.sources {
        let key = key(&source.url);
        urls.entry(key[..key.floor_char_boundary(LONGEST)].to_owned()).or_default();
    }
    let original = original(&figure.sources).map(|source| key(&source.url));
    if let Some(key) = original.filter(|key| key.len() <= LONGEST) {
        urls.insert(key.to_owned(), true);
    }
}

fn add_blocks(blocks: &[Block], urls: &mut BTreeMap<String, bool>) {
    for block in blocks {
        match &block.kind {
            BlockKind::Figure(figure) => add(figure, urls),
            BlockKind::Quote { blocks, .. } => add_blocks(blocks, urls),
            BlockKind::List { items, .. } => items.iter().for_each(|item| add_blocks(item, urls)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_file_is_named_and_the_largest_of_each_figure_is_its_original() {
        let article: Article = serde_json::from_value(json!({
            "lead_image": { "sources": [
                { "url": "/media/a-480.jpg?v=2", "width": 480 },
                { "url": "/media/a-960.jpg", "width": 960 },
                { "url": "/media/a-960.webp", "width": 1920, "type": "image/webp" },
            ] },
            "body": [
                { "kind": "quote", "blocks": [
                    { "kind": "figure", "sources": [{ "url": "https://a.example/b?c=1" }, { "url": "/media/b.jpg" }] },
                ] },
                { "kind": "list", "items": [[{ "kind": "figure", "sources": [{ "url": "/media/a-480.jpg" }] }]] },
                { "kind": "figure", "caption": ["Một chú thích."] },
            ],
        }))
        .unwrap();
        let named = named(&article);
        let expected = [
            ("/media/a-480.jpg", true),
            ("/media/a-960.jpg", true),
            ("/media/a-960.webp", false),
            ("/media/b.jpg", false),
            ("https://a.example/b?c=1", true),
        ];
        assert_eq!(named, expected.map(|(url, is)| (url.to_owned(), is)).into());
    }

    #[test]
    fn the_beginning_of_a_very_long_url_names_a_picture_of_which_nothing_is_made() {
        let url = format!("https://a.example/?{}", "ớ".repeat(LONGEST));
        let article: Article =
            serde_json::from_value(json!({ "lead_image": { "sources": [{ "url": url }] } }))
                .unwrap();
        let named: Vec<_> = named(&article).into_iter().collect();
        let [(name, is_original)] = &named[..] else { panic!("{named:?}") };
        assert!(url.starts_with(name) && (LONGEST - 3..=LONGEST).contains(&name.len()), "{name}");
        assert!(!is_original);
    }
}
