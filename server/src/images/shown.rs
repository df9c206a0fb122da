//! What an article says of its pictures where it is shown: sizes that were made, and how large they are.

use std::collections::{HashMap, HashSet};

use article_widget::contract::{ArticleId, ImageSource};
use serde_json::{Value, json};

use super::named::{key, named, original};
use super::placeholder;
use crate::article::StoredArticle;
use crate::media::media_type;
use crate::store::{ArticleImage, ImageKind, ImageName};

/// An article as it is shown.
pub struct Shown {
    /// With the sizes of its pictures.
    pub article: StoredArticle,
    /// Rules for its pictures, to stand behind the widget's style.
    pub css: String,
}

/// The article with what is known of its pictures, and without those that the server at `public_url` never
/// serves. All else stays as it is, also what this version does not know.
pub fn shown(stored: StoredArticle, images: &[ArticleImage], public_url: &str) -> Shown {
    let unchanged = |article| Shown { article, css: String::new() };
    let is_never_served = |url: &String| is_never_served(url, public_url);
    if images.is_empty() && !named(stored.article()).keys().any(is_never_served) {
        return unchanged(stored);
    }
    let Ok(mut json) = serde_json::from_str::<Value>(stored.json().get()) else {
        return unchanged(stored);
    };
    let images = images.iter().map(|image| (image.url.as_str(), image)).collect();
    let (ruled, css) = Default::default();
    let mut writing = Writing { id: stored.id(), public_url, images, ruled, css };
    if let Some(figure) = json.get_mut("lead_image") {
        writing.figure(figure);
    }
    if let Some(blocks) = json.get_mut("body") {
        writing.blocks(blocks);
    }
    let css = writing.css;
    match StoredArticle::from_json(&json.to_string()) {
        Ok(article) => Shown { article, css },
        Err(_) => unchanged(stored),
    }
}

struct Writing<'a> {
    id: &'a ArticleId,
    public_url: &'a str,
    images: HashMap<&'a str, &'a ArticleImage>,
    /// Those that have a rule, by URL: one each, in however many figures they are.
    ruled: HashSet<&'a str>,
    css: String,
}

impl Writing<'_> {
    /// The blocks that may hold pictures, as [`named`](super::named()) finds them.
    fn blocks(&mut self, blocks: &mut Value) {
        for block in blocks.as_array_mut().into_iter().flatten() {
            match block.get("kind").and_then(Value::as_str) {
                Some("figure") => self.figure(block),
                Some("quote") => {
                    if let Some(quoted) = block.get_mut("blocks") {
                        self.blocks(quoted);
                    }
                }
                Some("list") => {
                    let items = block.get_mut("items").and_then(Value::as_array_mut);
                    items.into_iter().flatten().for_each(|item| self.blocks(item));
                }
                _ => {}
            }
        }
    }

    fn figure(&mut self, figure: &mut Value) {
        let Some(given) = figure.get_mut("sources").and_then(Value::as_array_mut) else { return };
        given
            .retain(|source| !url(source).is_some_and(|url| is_never_served(url, self.public_url)));
        let sources: Vec<ImageSource> = given.iter().filter_map(read).collect();
        let Some(source) = original(&sources) else { return };
        let Some(image) = self.images.get(key(&source.url)).copied() else { return };
        if image.files.is_empty() {
            for given in given.iter_mut().filter(|given| url(given) == Some(&source.url)) {
                given["width"] = image.width.into();
                given["height"] = image.height.into();
            }
        } else {
            *given = self.sources(image);
        }
        if self.ruled.insert(&image.url)
            && let Some(rule) = placeholder::rule(image)
        {
            self.css.push_str(&rule);
        }
    }

    /// JPEGs, which every browser shows, and WebPs beside them.
    fn sources(&self, image: &ArticleImage) -> Vec<Value> {
        let source = |(name, height): &(ImageName, u32)| {
            let url = format!("/a/{}/images/{name}", self.id);
            match name.kind {
                ImageKind::Jpeg => json!({ "url": url, "width": name.width, "height": height }),
                kind => json!({
                    "url": url, "type": kind.media_type(), "width": name.width, "height": height,
                }),
            }
        };
        image.files.iter().map(source).collect()
    }
}

fn read(source: &Value) -> Option<ImageSource> {
    serde_json::from_value(source.clone()).ok()
}

fn url(source: &Value) -> Option<&str> {
    source.get("url").and_then(Value::as_str)
}

/// Whether it is in the publisher's folder by a name under which nothing is ever given out, as an SVG: a page
/// would show a broken picture.
fn is_never_served(url: &str, public_url: &str) -> bool {
    let path = url.strip_prefix(public_url).unwrap_or(url);
    key(path).strip_prefix("/media/").is_some_and(|name| media_type(name).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ImageDigest;

    const PUBLIC_URL: &str = "https://news.example";

    fn image(url: &str, files: Vec<(ImageName, u32)>) -> ArticleImage {
        ArticleImage {
            url: url.to_owned(),
            width: 1600,
            height: 900,
            colours: String::new(),
            files,
        }
    }

    fn shown_json(given: &Value, images: &[ArticleImage]) -> Value {
        let stored = StoredArticle::from_json(&given.to_string()).unwrap();
        serde_json::from_str(shown(stored, images, PUBLIC_URL).article.json().get()).unwrap()
    }

    #[test]
    fn only_what_is_known_of_pictures_changes() {
        let name = ImageName { digest: ImageDigest::of(b"a"), width: 640, kind: ImageKind::Jpeg };
        let images = [
            image("/media/made.jpg", vec![(name, 360)]),
            image("https://a.example/kept.jpg", vec![]),
        ];
        let figure = |sources: Value| json!({ "kind": "figure", "sources": sources, "new": 1.5 });
        let article = |made: Value, kept: Value| {
            json!({
                "id": "a", "title": "A", "language": "vi", "of_tomorrow": { "b": 1, "a": 2 },
                "lead_image": { "sources": made, "caption": ["Một chú thích."] },
                "body": [
                    { "kind": "list", "items": [[figure(kept)]] },
                    figure(json!([{ "url": "/media/other.jpg" }])),
                    { "kind": "unknown", "blocks": [figure(json!([{ "url": "/media/made.jpg" }]))] },
                ],
            })
        };
        let given = article(
            json!([{ "url": "/media/small.jpg", "width": 9 }, { "url": "/media/made.jpg", "width": 99 }]),
            json!([{ "url": "https://a.example/kept.jpg", "new": true }]),
        );
        let expected = article(
            json!([{ "url": format!("/a/a/images/{name}"), "width": 640, "height": 360 }]),
            json!([{ "url": "https://a.example/kept.jpg", "new": true, "width": 1600, "height": 900 }]),
        );
        assert_eq!(shown_json(&given, &images), expected);
        assert_eq!(shown_json(&given, &[]), given);
    }

    #[test]
    fn what_is_never_served_is_left_out_and_its_caption_stays() {
        let figure = |urls: &[&str]| {
            let sources: Vec<_> = urls.iter().map(|url| json!({ "url": url })).collect();
            json!({ "kind": "figure", "sources": sources, "caption": ["Một chú thích."] })
        };
        let article = |lead: Value, body: Value| json!({ "id": "a", "title": "A", "language": "vi", "lead_image": lead, "body": [body] });
        let remote = "https://a.example/media/x.svg";
        let given = article(
            figure(&["/media/x.svg?v=2", "/media/a.jpg"]),
            figure(&["https://news.example/media/x.svg", "/media/x.SVG", remote]),
        );
        let expected = article(figure(&["/media/a.jpg"]), figure(&[remote]));
        assert_eq!(shown_json(&given, &[]), expected);
        assert_eq!(shown_json(&given, &[image("https://a.example/b.jpg", vec![])]), expected);
        let only = article(json!({}), figure(&["/media/x.svg"]));
        assert_eq!(shown_json(&only, &[]), article(json!({}), figure(&[])));
    }

    #[test]
    fn a_picture_has_one_rule_in_however_many_figures_it_is() {
        let url = "https://a.example/hill.jpg";
        let kept = ArticleImage { colours: "abc".repeat(6), ..image(url, vec![]) };
        let figure = json!({ "kind": "figure", "sources": [{ "url": url }] });
        let given = json!({ "id": "a", "title": "A", "language": "vi", "body": [figure, figure] });
        let stored = StoredArticle::from_json(&given.to_string()).unwrap();
        let css = shown(stored, &[kept], PUBLIC_URL).css;
        assert_eq!(css.matches(".aw-image").count(), 1, "{css}");
    }
}
