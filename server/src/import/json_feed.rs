//! JSON Feed 1 and 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use article_widget::contract::{Article, Block, BlockKind, Byline, Figure, Source};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{ImportError, Invalid, identity, json, link, picture, prose, settle, stated};
use crate::article::StoredArticle;

/// The feed around its items.
#[derive(Deserialize)]
struct Feed<'a> {
    #[serde(borrow)]
    items: json::Items<'a>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    home_page_url: Option<String>,
    #[serde(default)]
    feed_url: Option<String>,
    #[serde(default)]
    authors: Vec<Author>,
    /// As version 1 has it.
    #[serde(default)]
    author: Option<Author>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Author {
    name: Option<String>,
    url: Option<String>,
}

/// What a feed says for all of its items.
struct Around {
    language: String,
    bylines: Vec<Byline>,
    base: Option<Url>,
    site: Option<String>,
}

pub(super) fn read(
    text: &str,
    base: Option<&Url>,
    language: &str,
) -> Result<Vec<StoredArticle>, ImportError> {
    let whole = |error: serde_json::Error| ImportError::Json { position: 1, error: error.into() };
    let feed: Feed = serde_json::from_str(text).map_err(whole)?;
    let home = feed.home_page_url.as_deref().and_then(|url| link::web(url, base));
    let authors =
        if feed.authors.is_empty() { feed.author.into_iter().collect() } else { feed.authors };
    let said = [feed.home_page_url.as_deref(), feed.feed_url.as_deref()];
    let around = Around {
        site: said.into_iter().flatten().find_map(link::host),
        language: feed
            .language
            .and_then(|tag| stated::language(&tag))
            .unwrap_or_else(|| language.to_owned()),
        bylines: authors.into_iter().filter_map(|author| byline(author.name, author.url)).collect(),
        base: home.and_then(|home| Url::parse(&home).ok()).or_else(|| base.cloned()),
    };
    json::each(feed.items, |item| one(item, &around))
}

fn one(item: &Value, around: &Around) -> Result<Article, Invalid> {
    let url = json::text(&item["url"]).and_then(|url| link::web(&url, around.base.as_ref()));
    let here = url.as_deref().and_then(|url| Url::parse(url).ok());
    let base = here.as_ref().or(around.base.as_ref());
    let body = body(item, base)?;
    let title = line(&item["title"]).unwrap_or_default();
    let published = json::text(&item["date_published"]).and_then(|text| stated::date(&text));
    let given = json::text(&item["id"]).or_else(|| url.clone());
    let site = around.site.clone().or_else(|| link::site(url.as_deref(), around.base.as_ref()));
    let id =
        identity::of_item(given.as_deref(), site.as_deref(), &title, published.as_deref(), &body);
    let authors = match &item["authors"] {
        Value::Null => &item["author"],
        authors => authors,
    };
    let named: Vec<Byline> = json::list(authors)
        .iter()
        .filter_map(|author| byline(json::text(&author["name"]), json::text(&author["url"])))
        .collect();
    let elsewhere = json::text(&item["external_url"]).and_then(|url| link::web(&url, base));
    let mut article = Article {
        id,
        title,
        language: json::text(&item["language"])
            .and_then(|tag| stated::language(&tag))
            .unwrap_or_else(|| around.language.clone()),
        published,
        updated: json::text(&item["date_modified"]).and_then(|text| stated::date(&text)),
        bylines: if named.is_empty() { around.bylines.clone() } else { named },
        lead_image: ["image", "banner_image"].iter().find_map(|name| picture(&item[name], base)),
        source: elsewhere.filter(|other| Some(other) != url.as_ref()).and_then(|other| {
            Some(Source { name: link::host(&other)?, url: Some(other), date: None })
        }),
        canonical_url: url,
        tags: json::list(&item["tags"]).iter().filter_map(line).collect(),
        body,
        ..Article::default()
    };
    attach(item, base, &mut article);
    Ok(settle::settle(article, json::text(&item["summary"])))
}

fn body(item: &Value, base: Option<&Url>) -> Result<Vec<Block>, Invalid> {
    let content = json::text(&item["content_html"]).unwrap_or_default();
    let blocks = settle::body("content_html", &content, base)?;
    let text = json::text(&item["content_text"]).filter(|_| blocks.is_empty());
    Ok(text.map_or(blocks, |text| prose::paragraphs(&text)))
}

/// Pictures that are not in the text stand below it; what moves or sounds is a link.
fn attach(item: &Value, base: Option<&Url>, article: &mut Article) {
    for file in json::list(&item["attachments"]).iter().take(picture::MOST) {
        let kind = json::text(&file["mime_type"]).unwrap_or_default();
        let url = json::text(&file["url"]).and_then(|url| link::web(&url, base));
        let Some(url) = url else { continue };
        if kind.starts_with("image/") && !kind.contains("svg") {
            let Some(figure) = picture(&file["url"], base) else { continue };
            let leads = article.lead_image.iter().any(|lead| lead.sources == figure.sources);
            if !leads && !picture::shows(&article.body, &figure) {
                article.body.push(BlockKind::Figure(figure).into());
            }
        } else if kind.starts_with("audio/") || kind.starts_with("video/") {
            let card = link::card(url, line(&file["title"]));
            article.body.push(BlockKind::Embed(card).into());
        }
    }
}

fn picture(url: &Value, base: Option<&Url>) -> Option<Figure> {
    let url = link::web(&json::text(url)?, base)?;
    picture::of(vec![picture::file(url, 0, 0)], Figure::default())
}

fn byline(name: Option<String>, url: Option<String>) -> Option<Byline> {
    let url = url.and_then(|url| link::web(&url, None));
    Some(Byline { name: prose::line(&name?)?, url, role: None })
}

fn line(value: &Value) -> Option<String> {
    prose::line(&json::text(value)?)
}
