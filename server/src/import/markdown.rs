//! Markdown with front matter, as Hugo, Jekyll, Astro and their like have it: YAML between `---`, or TOML between `+++`.
//!
//! CommonMark says what a text means by its HTML, raw HTML in the middle included; so it is made HTML first and read
//! by the same allowlist as any other.

use article_widget::contract::{
    Article, ArticleId, Block, BlockKind, Byline, Figure, Inline, Source, Status,
};
use pulldown_cmark::{Options, Parser};
use serde_json::Value;
use url::Url;

use super::{ImportError, Invalid, identity, json, link, picture, prose, settle, stated};

mod footnotes;
mod front_matter;

pub(super) fn read(text: &str, base: Option<&Url>, language: &str) -> Result<Article, ImportError> {
    let (front, text) = front_matter::take(text)?;
    let article = article(&front, text, base, language);
    article.map_err(|error| ImportError::Invalid { position: 1, error })
}

/// Whether a text begins with front matter.
pub(super) fn has_front_matter(text: &str) -> bool {
    front_matter::opened(text).is_some()
}

fn article(
    front: &Value,
    text: &str,
    base: Option<&Url>,
    language: &str,
) -> Result<Article, Invalid> {
    let field = |names: &[&str]| names.iter().find_map(|name| line(&front[*name]));
    let date = |names: &[&str]| field(names).and_then(|date| stated::date(&date));
    let url = field(&["canonical_url", "canonicalURL", "canonical"]).or_else(|| field(&["url"]));
    let url = url.and_then(|url| link::web(&url, base));
    let here = url.as_deref().and_then(|url| Url::parse(url).ok());
    let here = here.as_ref().or(base);
    let mut body = settle::body("text", &rendered(text), here)?;
    let title = field(&["title", "headline"]).or_else(|| take_title(&mut body)).unwrap_or_default();
    let embargo = instant(front, &["embargo", "embargoed", "publishDate"])?;
    let article = Article {
        id: id(front, url.as_deref(), &title, &body),
        kicker: field(&["kicker"]),
        language: field(&["language", "lang", "locale"])
            .and_then(|tag| stated::language(&tag))
            .unwrap_or_else(|| language.to_owned()),
        published: date(&["date", "published", "pubDate", "publishDate"]),
        updated: date(&["updated", "updatedDate", "lastmod", "modified", "last_modified_at"]),
        dateline: field(&["dateline"]),
        bylines: bylines(front),
        lead_image: lead_image(front, here),
        source: source(&front["source"]),
        section: ["section", "category", "categories"]
            .iter()
            .find_map(|name| json::list(&front[*name]).iter().find_map(line)),
        tags: tags(front),
        rights: field(&["rights", "copyright", "license"]),
        status: status(front)?,
        embargo,
        expires: instant(front, &["expires", "expiryDate"])?,
        canonical_url: url,
        title,
        body,
        ..Article::default()
    };
    Ok(settle::settle(article, field(&["lede", "description", "summary", "excerpt", "subtitle"])))
}

fn rendered(text: &str) -> String {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    let mut html = String::with_capacity(text.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, footnotes::listed(Parser::new_ext(text, options)));
    html
}

/// The heading that begins the text, where the front matter has no title.
fn take_title(body: &mut Vec<Block>) -> Option<String> {
    let Some(BlockKind::Heading { level: 2, content }) = body.first().map(|block| &block.kind)
    else {
        return None;
    };
    let title = prose::of_inlines(content);
    body.remove(0);
    Some(title).filter(|title| !title.is_empty())
}

fn id(front: &Value, url: Option<&str>, title: &str, body: &[Block]) -> ArticleId {
    let given = json::text(&front["id"]).or_else(|| json::text(&front["slug"]));
    match given.or_else(|| url.map(str::to_owned)) {
        Some(given) => identity::given(&given),
        None => identity::of_entry(title, json::text(&front["date"]).as_deref(), body),
    }
}

fn bylines(front: &Value) -> Vec<Byline> {
    let names = ["authors", "author", "byline"].into_iter().map(|name| json::list(&front[name]));
    let named = names.into_iter().find(|names| !names.is_empty()).unwrap_or_default();
    let byline = |author: &Value| match author {
        Value::Object(_) => Some(Byline {
            name: line(&author["name"])?,
            role: line(&author["role"]),
            url: json::text(&author["url"]).and_then(|url| link::web(&url, None)),
        }),
        name => Some(Byline { name: line(name)?, ..Byline::default() }),
    };
    named.iter().filter_map(byline).collect()
}

/// A picture's address, or a table with what is said of it.
fn lead_image(front: &Value, base: Option<&Url>) -> Option<Figure> {
    let names = ["image", "cover", "hero", "heroImage", "featured_image", "images", "thumbnail"];
    let mut images = names.into_iter().filter_map(|name| json::list(&front[name]).first());
    images.find_map(|image| {
        let addresses = [image, &image["src"], &image["url"], &image["path"], &image["image"]];
        let addresses: Vec<String> = addresses.into_iter().filter_map(json::text).collect();
        let url = addresses.iter().find_map(|url| link::web(url, base));
        let is_cut_off = addresses.iter().any(|url| link::is_cut_off(url, base));
        let (width, height) = (json::pixels(&image["width"]), json::pixels(&image["height"]));
        let figure = Figure {
            alt: line(&image["alt"]),
            caption: line(&image["caption"]).map(Inline::Text).into_iter().collect(),
            credit: line(&image["credit"]),
            ..Figure::default()
        };
        match url {
            Some(url) => picture::of(vec![picture::file(url, width, height)], figure),
            None => is_cut_off.then_some(figure),
        }
    })
}

fn source(source: &Value) -> Option<Source> {
    match source {
        Value::Object(_) => Some(Source {
            name: line(&source["name"])?,
            url: json::text(&source["url"]).and_then(|url| link::web(&url, None)),
            date: json::text(&source["date"]).and_then(|date| stated::date(&date)),
        }),
        name => Some(Source { name: line(name)?, ..Source::default() }),
    }
}

fn tags(front: &Value) -> Vec<String> {
    let values = ["tags", "keywords"].into_iter().map(|name| &front[name]);
    let tags = values.flat_map(|value| match value {
        // One text, its tags with commas between them, as Jekyll has it.
        Value::String(text) => text.split(',').filter_map(prose::line).collect::<Vec<_>>(),
        value => json::list(value).iter().filter_map(line).collect(),
    });
    prose::distinct(tags)
}

/// A draft is withheld (`draft: true`, Jekyll's `published: false`), and `status` says it as the contract does.
fn status(front: &Value) -> Result<Status, Invalid> {
    if front["draft"] == true || front["published"] == false {
        return Ok(Status::Withheld);
    }
    match json::text(&front["status"]).as_deref() {
        None | Some("usable" | "published" | "publish") => Ok(Status::Usable),
        Some("withheld" | "draft" | "private") => Ok(Status::Withheld),
        Some("canceled" | "cancelled" | "withdrawn") => Ok(Status::Canceled),
        Some(_) => Err(Invalid {
            field: "status".to_owned(),
            reason: "usable, withheld or canceled".to_owned(),
        }),
    }
}

fn instant(front: &Value, names: &[&str]) -> Result<Option<String>, Invalid> {
    let stated = names.iter().find_map(|name| Some((*name, json::text(&front[*name])?)));
    stated.map(|(name, text)| stated::instant(name, &text)).transpose()
}

fn line(value: &Value) -> Option<String> {
    prose::line(&json::text(value)?)
}
