//! What an article says of its pictures where it is shown: sizes that were made, and how large they are.

use std::collections::HashMap;

use article_widget::contract::{ArticleId, ImageSource};
use serde_json::{Value, json};

use super::named::{key, original};
use super::placeholder;
use crate::article::StoredArticle;
use crate::store::{ArticleImage, ImageKind, ImageName};

/// An article as it is shown.
pub struct Shown {
    /// With the sizes of its pictures.
    pub article: StoredArticle,
    /// Rules for its pictures, to stand behind the widget's style.
    pub css: String,
}

/// The article with what is known of its pictures. All else stays as it is, also what this version does not
/// know.
pub fn shown(stored: StoredArticle, images: &[ArticleImage]) -> Shown {
    let unchanged = |article| Shown { article, css: String::new() };
    if images.is_empty() {
        return unchanged(stored);
    }
    let Ok(mut json) = serde_json::from_str::<Value>(stored.json().get()) else {
        return unchanged(stored);
    };
    let images = images.iter().map(|image| (image.url.as_str(), image)).collect();
    let mut writing = Writing { id: stored.id(), images, css: String::new() };
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
    images: HashMap<&'a str, &'a ArticleImage>,
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
        let sources: Vec<ImageSource> = given.iter().filter_map(read).collect();
        let Some(source) = original(&sources) else { return };
        let Some(image) = self.images.get(key(&source.url)).copied() else { return };
        if image.files.is_empty() {
            for given in given.iter_mut().filter(|given| is_of(given, &source.url)) {
                given["width"] = image.width.into();
                given["height"] = image.height.into();
            }
        } else {
            *given = self.sources(image);
        }
        if let Some(rule) = placeholder::rule(image) {
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

fn is_of(source: &Value, url: &str) -> bool {
    source.get("url").and_then(Value::as_str) == Some(url)
}
