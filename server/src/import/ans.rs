//! Arc XP's ANS, the "Arc native specification" (<https://github.com/washingtonpost/ans-schema>): a story as the content
//! API gives it.

use article_widget::contract::{
    Article, ArticleId, BlockKind, Byline, Correction, Figure, Inline, Source, Status,
};
use serde_json::Value;
use url::Url;

use super::{Invalid, html, identity, json, link, prose, settle, stated};

mod elements;

pub(super) fn read(story: &Value, base: Option<&Url>, language: &str) -> Result<Article, Invalid> {
    let kind = json::text(&story["type"]);
    if kind.as_deref().is_some_and(|kind| kind != "story") {
        return Err(invalid("type", "only a story is an article"));
    }
    let title = plain(&story["headlines"]["basic"]).unwrap_or_default();
    let url = json::text(&story["canonical_url"]).and_then(|url| link::web(&url, base));
    let here = url.as_deref().and_then(|url| Url::parse(url).ok());
    let here = here.as_ref().or(base);
    let published = ["first_publish_date", "publish_date", "display_date"];
    let published = published.iter().find_map(|name| date(&story[name]));
    let mut article = Article {
        id: id(story, &title),
        canonical_url: url,
        kicker: plain(&story["label"]["kicker"]["text"])
            .or_else(|| plain(&story["label"]["basic"]["text"])),
        title,
        language: tag(story).unwrap_or_else(|| language.to_owned()),
        // The date that readers are shown; `last_updated_date` is that of any saving.
        updated: date(&story["display_date"]),
        published,
        bylines: json::list(&story["credits"]["by"])
            .iter()
            .filter_map(|author| byline(author, here))
            .collect(),
        body: elements::read(&story["content_elements"], here),
        source: source(story),
        section: section(&story["taxonomy"]),
        tags: json::list(&story["taxonomy"]["tags"])
            .iter()
            .filter_map(|tag| plain(&tag["text"]).or_else(|| plain(&tag["slug"])))
            .collect(),
        rights: plain(&story["copyright"]),
        ..Article::default()
    };
    restrict(story, &mut article)?;
    correct(story, &mut article);
    lead(&story["promo_items"], here, &mut article);
    let summary =
        plain(&story["subheadlines"]["basic"]).or_else(|| plain(&story["description"]["basic"]));
    Ok(settle::settle(article, summary))
}

fn id(story: &Value, title: &str) -> ArticleId {
    let given = json::text(&story["_id"]).or_else(|| json::text(&story["canonical_url"]));
    match given {
        Some(given) => identity::given(&given),
        None => {
            let day = date(&story["display_date"]).unwrap_or_default();
            identity::of_text(title, None, &day)
        }
    }
}

fn tag(story: &Value) -> Option<String> {
    let tags = [&story["language"], &story["locale"]];
    tags.into_iter().find_map(|tag| stated::language(&json::text(tag)?))
}

fn byline(author: &Value, base: Option<&Url>) -> Option<Byline> {
    Some(Byline {
        name: plain(&author["name"]).or_else(|| plain(&author["byline"]))?,
        role: plain(&author["role"]),
        url: json::text(&author["url"]).and_then(|url| link::web(&url, base)),
    })
}

/// Who the publisher has it from: nobody, where its own staff wrote it.
fn source(story: &Value) -> Option<Source> {
    let (distributor, old) = (&story["distributor"], &story["source"]);
    let is_ours = distributor["category"] == "staff" || old["source_type"] == "staff";
    let name = plain(&distributor["name"]).or_else(|| plain(&old["name"]))?;
    (!is_ours).then(|| Source { name, ..Source::default() })
}

fn section(taxonomy: &Value) -> Option<String> {
    let first =
        |name: &str| json::list(&taxonomy[name]).first().and_then(|first| plain(&first["name"]));
    ["primary_section", "primary_site", "sections", "sites"].into_iter().find_map(first)
}

/// A draft is withheld, and so is what is under an embargo without an end.
fn restrict(story: &Value, article: &mut Article) -> Result<(), Invalid> {
    if story["revision"]["published"] == false {
        article.status = Status::Withheld;
    }
    let embargo = &story["content_restrictions"]["embargo"];
    if embargo["active"] != true {
        return Ok(());
    }
    match json::text(&embargo["end_time"]) {
        Some(end) => {
            article.embargo = Some(stated::instant("content_restrictions.embargo.end_time", &end)?);
        }
        None => article.status = Status::Withheld,
    }
    Ok(())
}

/// A correction has no date of its own: it is that of the last saving. Without one it stands below the text.
fn correct(story: &Value, article: &mut Article) {
    let at = date(&story["last_updated_date"]).or_else(|| article.updated.clone());
    let texts = json::list(&story["corrections"]).iter();
    for text in texts.filter_map(|correction| plain(&correction["text"])) {
        match &at {
            Some(at) => article.corrections.push(Correction { at: at.clone(), text }),
            None => article.body.push(prose::paragraph(vec![Inline::Em(vec![Inline::Text(text)])])),
        }
    }
}

/// What stands above the text: a picture, the first one of a gallery, or a video's still with a link to it.
fn lead(promoted: &Value, base: Option<&Url>, article: &mut Article) {
    let item = ["lead_art", "basic"].into_iter().map(|name| &promoted[name]);
    let Some(item) = item.into_iter().find(|item| item.is_object()) else { return };
    article.lead_image = match item["type"].as_str() {
        Some("gallery") => {
            let images = json::list(&item["content_elements"]).iter();
            images.into_iter().find_map(|image| elements::figure(image, base))
        }
        Some("video") => {
            let card = elements::card(item, base).map(BlockKind::Embed);
            article.body.splice(0..0, card.map(Into::into));
            still(item, base)
        }
        _ => elements::figure(item, base),
    };
}

fn still(video: &Value, base: Option<&Url>) -> Option<Figure> {
    elements::figure(&video["promo_items"]["basic"], base)
}

/// A field in one line; most may hold marks and entities of HTML.
fn plain(value: &Value) -> Option<String> {
    prose::line(&html::plain(&json::text(value)?))
}

fn date(value: &Value) -> Option<String> {
    stated::date(&json::text(value)?)
}

fn invalid(field: &str, reason: &str) -> Invalid {
    Invalid { field: field.to_owned(), reason: reason.to_owned() }
}
