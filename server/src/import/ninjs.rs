//! IPTC ninjs 2 and 3, "news in JSON" (<https://iptc.org/standards/ninjs/>). The two have the same structure; 2 writes
//! names in lower case, 3 in camel case.

use article_widget::contract::{
    Article, Block, BlockKind, Byline, EmbedCard, Figure, ImageSource, Source, Status,
};
use serde_json::Value;

use super::{Invalid, html, identity, json, link, picture, prose, settle, stated};

/// Content types that are read as HTML.
const HTML: [&str; 2] = ["text/html", "application/xhtml+xml"];

pub(super) fn read(item: &Value, language: &str) -> Result<Article, Invalid> {
    let kind = json::text(get(item, "type")).unwrap_or_default();
    if matches!(kind.as_str(), "event" | "planning") {
        return Err(invalid("type", &format!("{kind} is no article")));
    }
    let title = headline(item, &["main"]).or_else(|| line(get(item, "slugline")));
    let title = title.unwrap_or_default();
    let created = date(get(item, "firstCreated"));
    let version = date(get(item, "versionCreated"));
    let mut article = Article {
        id: id(item, &title),
        canonical_url: page(item),
        kicker: headline_of_role(item, &["kicker", "overline"]),
        title,
        language: json::text(get(item, "language"))
            .and_then(|tag| stated::language(&tag))
            .unwrap_or_else(|| language.to_owned()),
        published: created.clone().or_else(|| version.clone()),
        updated: version.filter(|_| created.is_some()),
        dateline: line(get(item, "located")),
        bylines: line(get(item, "by"))
            .map(|name| Byline { name, ..Byline::default() })
            .into_iter()
            .collect(),
        lead_image: None,
        body: body(item)?,
        source: json::list(get(item, "infoSources")).iter().find_map(info_source),
        tags: tags(item),
        rights: rights(item),
        status: status(item)?,
        embargo: instant(item, "embargoed", "embargo")?,
        expires: instant(item, "expires", "expires")?,
        ..Article::default()
    };
    add_media(item, &mut article);
    // Of a picture alone the description is its caption.
    let is_caption = article.body.is_empty() && article.lead_image.is_some();
    Ok(settle::settle(article, if is_caption { None } else { summary(item) }))
}

/// A field by its name in 3, or that in 2.
fn get<'a>(value: &'a Value, name: &str) -> &'a Value {
    match &value[name] {
        Value::Null => &value[name.to_ascii_lowercase().as_str()],
        found => found,
    }
}

fn id(item: &Value, title: &str) -> article_widget::contract::ArticleId {
    let other = || json::list(get(item, "altIds")).iter().find_map(|id| json::text(&id["value"]));
    match json::text(&item["uri"]).or_else(other) {
        Some(given) => identity::given(&given),
        None => {
            let by = line(get(item, "by")).unwrap_or_default();
            identity::of_text(title, line(get(item, "located")).as_deref(), &by)
        }
    }
}

/// Where readers find it: a rendition that is a page. `uri` names the item, and need not lead anywhere.
fn page(item: &Value) -> Option<String> {
    let is_page = |rendition: &&Value| {
        json::text(get(rendition, "contentType")).is_some_and(|kind| HTML.contains(&kind.as_str()))
    };
    let mut pages = json::list(&item["renditions"]).iter().filter(is_page);
    pages.find_map(|page| link::web(&json::text(&page["href"])?, None))
}

fn status(item: &Value) -> Result<Status, Invalid> {
    match json::text(get(item, "pubStatus")).as_deref() {
        None | Some("usable") => Ok(Status::Usable),
        Some("withheld") => Ok(Status::Withheld),
        Some("canceled" | "cancelled") => Ok(Status::Canceled),
        Some(_) => Err(invalid("pubStatus", "usable, withheld or canceled")),
    }
}

fn instant(item: &Value, name: &str, field: &str) -> Result<Option<String>, Invalid> {
    json::text(get(item, name)).map(|text| stated::instant(field, &text)).transpose()
}

/// The headline of one of these roles, else the first.
fn headline(item: &Value, roles: &[&str]) -> Option<String> {
    let first = || json::list(&item["headlines"]).iter().find_map(plain);
    headline_of_role(item, roles).or_else(first)
}

fn headline_of_role(item: &Value, roles: &[&str]) -> Option<String> {
    let has_role = |text: &&Value| text["role"].as_str().is_some_and(|role| roles.contains(&role));
    json::list(&item["headlines"]).iter().filter(has_role).find_map(plain)
}

/// A text with its content type, in one line.
fn plain(text: &Value) -> Option<String> {
    let value = json::text(&text["value"])?;
    if is_html(text) { prose::line(&html::plain(&value)) } else { prose::line(&value) }
}

/// The first body in HTML, else the first in plain text. Other types are another format's.
fn body(item: &Value) -> Result<Vec<Block>, Invalid> {
    let bodies = json::list(&item["bodies"]);
    let value = |body: &Value| json::text(&body["value"]);
    if let Some(text) = bodies.iter().filter(|body| is_html(body)).find_map(value) {
        return settle::body("bodies", &text, None);
    }
    let is_plain =
        |body: &&Value| content_type(body).is_none_or(|kind| kind.starts_with("text/plain"));
    let text = bodies.iter().filter(is_plain).find_map(value);
    Ok(text.map(|text| prose::paragraphs(&text)).unwrap_or_default())
}

fn is_html(text: &Value) -> bool {
    content_type(text).is_some_and(|kind| HTML.iter().any(|html| kind.starts_with(html)))
}

fn content_type(value: &Value) -> Option<String> {
    json::text(get(value, "contentType")).map(|kind| kind.to_ascii_lowercase())
}

fn summary(item: &Value) -> Option<String> {
    json::list(&item["descriptions"]).iter().find_map(plain)
}

fn info_source(source: &Value) -> Option<Source> {
    let url = json::text(&source["uri"]).and_then(|uri| link::web(&uri, None));
    Some(Source { name: line(&source["name"])?, url, date: None })
}

fn tags(item: &Value) -> Vec<String> {
    let names = json::list(&item["subjects"]).iter().filter_map(|subject| line(&subject["name"]));
    let words = json::list(&item["keywords"]).iter().filter_map(line);
    prose::distinct(words.chain(names))
}

fn rights(item: &Value) -> Option<String> {
    let parts = ["copyrightNotice", "usageTerms"].into_iter();
    let parts: Vec<String> = parts.filter_map(|name| line(get(item, name))).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The item's own pictures, then what is associated with it: the first picture leads, the others stand below the
/// text unless they are in it, and what moves or sounds is a link.
fn add_media(item: &Value, article: &mut Article) {
    let associated = json::list(&item["associations"]).iter().take(picture::MOST);
    for media in std::iter::once(item).chain(associated) {
        let figure = figure(media);
        match (figure, json::text(&media["type"]).as_deref()) {
            (Some(figure), kind) if kind != Some("video") => {
                if article.lead_image.is_none() {
                    article.lead_image = Some(figure);
                } else if !picture::shows(&article.body, &figure) {
                    article.body.push(BlockKind::Figure(figure).into());
                }
            }
            (_, Some("video" | "audio")) => {
                article.body.extend(card(media).map(|card| BlockKind::Embed(card).into()));
            }
            _ => {}
        }
    }
}

fn figure(media: &Value) -> Option<Figure> {
    let files: Vec<ImageSource> =
        json::list(&media["renditions"]).iter().filter_map(image_file).collect();
    let is_article = !json::list(&media["bodies"]).is_empty();
    let (caption, credit) = match is_article {
        // The item's own pictures: its texts are the article's.
        true => (None, None),
        false => (summary(media).or_else(|| headline(media, &["main"])), line(get(media, "by"))),
    };
    let caption = caption.map(article_widget::contract::Inline::Text).into_iter().collect();
    let alt = line(get(media, "altText"));
    picture::of(files, Figure { caption, credit, alt, ..Figure::default() })
}

fn image_file(rendition: &Value) -> Option<ImageSource> {
    let href = json::text(&rendition["href"])?;
    let is_image = match content_type(rendition) {
        Some(kind) => kind.starts_with("image/") && !kind.contains("svg") && !kind.contains("tif"),
        None => json::pixels(&rendition["width"]) > 0,
    };
    let (width, height) = (json::pixels(&rendition["width"]), json::pixels(&rendition["height"]));
    is_image.then(|| Some(picture::file(link::web(&href, None)?, width, height)))?
}

fn card(media: &Value) -> Option<EmbedCard> {
    let mut hrefs = json::list(&media["renditions"]).iter().map(|rendition| &rendition["href"]);
    let url = |href: &Value| link::web(&json::text(href)?, None);
    let url = page(media).or_else(|| hrefs.find_map(url)).or_else(|| url(&media["uri"]))?;
    Some(link::card(url, headline(media, &["main"])))
}

fn line(value: &Value) -> Option<String> {
    prose::line(&json::text(value)?)
}

fn date(value: &Value) -> Option<String> {
    stated::date(&json::text(value)?)
}

fn invalid(field: &str, reason: &str) -> Invalid {
    Invalid { field: field.to_owned(), reason: reason.to_owned() }
}
