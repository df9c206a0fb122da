//! WordPress's REST API: a post of `/wp-json/wp/v2/posts`, or an array of them, best with `_embed`.

use article_widget::contract::{Article, Byline, Figure, ImageSource, Status};
use serde_json::Value;
use url::Url;

use super::{Invalid, html, identity, json, link, picture, prose, settle, stated};

/// No more of an error is told, in characters.
const WORDS: usize = 200;

pub(super) fn read(post: &Value, base: Option<&Url>, language: &str) -> Result<Article, Invalid> {
    refuse_error(post)?;
    let link = json::text(&post["link"]).and_then(|link| link::web(&link, base));
    let here = link.as_deref().and_then(|link| Url::parse(link).ok());
    let here = here.as_ref().or(base);
    let title = rendered(&post["title"]).unwrap_or_default();
    let embedded = &post["_embedded"];
    let published = date(post, "date");
    let body =
        settle::body("content", post["content"]["rendered"].as_str().unwrap_or_default(), here)?;
    let site = json::text(&post["_links"]["self"][0]["href"]);
    let site = link::site(link.as_deref().or(site.as_deref()), base);
    let given = given(post, link.as_deref());
    let article = Article {
        id: identity::of_item(
            given.as_deref(),
            site.as_deref(),
            &title,
            published.as_deref(),
            &body,
        ),
        language: tag(post).unwrap_or_else(|| language.to_owned()),
        updated: date(post, "modified"),
        bylines: json::list(&embedded["author"]).iter().filter_map(byline).collect(),
        lead_image: json::list(&embedded["wp:featuredmedia"])
            .iter()
            .find_map(|media| picture(media, here)),
        body,
        section: terms(embedded, "category").into_iter().next(),
        tags: terms(embedded, "post_tag"),
        status: status(post)?,
        embargo: embargo(post)?,
        canonical_url: link,
        published,
        title,
        ..Article::default()
    };
    Ok(settle::settle(article, rendered(&post["excerpt"])))
}

/// The `guid` never changes, which the address and the slug may, and stands in the feed, too. The number alone may be
/// another site's.
fn given(post: &Value, link: Option<&str>) -> Option<String> {
    let guid = json::text(&post["guid"]["rendered"]).or_else(|| link.map(str::to_owned));
    guid.or_else(|| json::text(&post["id"])).map(|given| html::plain(&given))
}

/// What WordPress answers in place of posts: to an address that it does not know, to one who may not see them.
fn refuse_error(answer: &Value) -> Result<(), Invalid> {
    let Some((code, message)) = error(answer) else { return Ok(()) };
    let (field, message) = (prose::shortened(code, WORDS), prose::shortened(message, WORDS));
    Err(Invalid { field, reason: format!("an error of WordPress, and no post: {message}") })
}

fn error(answer: &Value) -> Option<(&str, &str)> {
    if !answer["content"].is_null() {
        return None;
    }
    Some((answer["code"].as_str()?, answer["message"].as_str()?))
}

/// Polylang and others add `lang`; Yoast's is the site's locale.
fn tag(post: &Value) -> Option<String> {
    let locale = &post["yoast_head_json"]["og_locale"];
    [&post["lang"], locale].into_iter().find_map(|tag| stated::language(&json::text(tag)?))
}

/// The one in UTC, for the other has no offset.
fn date(post: &Value, name: &str) -> Option<String> {
    utc(post, name)
        .and_then(|utc| stated::date(&utc))
        .or_else(|| stated::date(&json::text(&post[name])?))
}

fn utc(post: &Value, name: &str) -> Option<String> {
    json::text(&post[format!("{name}_gmt")]).map(|utc| format!("{}Z", utc.trim_end_matches('Z')))
}

/// A text behind a password is for nobody here.
fn status(post: &Value) -> Result<Status, Invalid> {
    if post["content"]["protected"] == true {
        return Ok(Status::Withheld);
    }
    match json::text(&post["status"]).as_deref() {
        None | Some("publish" | "future") => Ok(Status::Usable),
        Some("trash") => Ok(Status::Canceled),
        Some(_) => Ok(Status::Withheld),
    }
}

/// What is planned is seen from its date on.
fn embargo(post: &Value) -> Result<Option<String>, Invalid> {
    if post["status"] != "future" {
        return Ok(None);
    }
    let at = utc(post, "date").or_else(|| json::text(&post["date"])).unwrap_or_default();
    stated::instant("date", &at).map(Some)
}

fn byline(author: &Value) -> Option<Byline> {
    let name = prose::line(&html::plain(&json::text(&author["name"])?))?;
    let url = json::text(&author["link"]).and_then(|link| link::web(&link, None));
    Some(Byline { name, url, role: None })
}

fn picture(media: &Value, base: Option<&Url>) -> Option<Figure> {
    let file = |url: &Value, size: &Value| -> Option<ImageSource> {
        let url = link::web(&json::text(url)?, base)?;
        let (width, height) = (json::pixels(&size["width"]), json::pixels(&size["height"]));
        Some(picture::file(url, width, height))
    };
    let details = &media["media_details"];
    let whole = file(&media["source_url"], details);
    let sizes = details["sizes"].as_object();
    let sizes = sizes.into_iter().flat_map(|sizes| sizes.values());
    let files = whole.into_iter().chain(sizes.filter_map(|size| file(&size["source_url"], size)));
    let caption = media["caption"]["rendered"].as_str().unwrap_or_default();
    let figure = Figure {
        caption: html::inlines(caption, base),
        alt: json::text(&media["alt_text"]).and_then(|alt| prose::line(&html::plain(&alt))),
        ..Figure::default()
    };
    picture::of(files.collect(), figure)
}

/// The names of the terms of one taxonomy; that of what has no category says nothing.
fn terms(embedded: &Value, taxonomy: &str) -> Vec<String> {
    let terms = json::list(&embedded["wp:term"]).iter().flat_map(json::list);
    let wanted =
        terms.filter(|term| term["taxonomy"] == taxonomy && term["slug"] != "uncategorized");
    wanted.filter_map(|term| prose::line(&html::plain(&json::text(&term["name"])?))).collect()
}

/// HTML in one line, its entities decoded.
fn rendered(field: &Value) -> Option<String> {
    prose::line(&html::plain(field["rendered"].as_str()?))
}
