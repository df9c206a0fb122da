//! What an input is, by what it says; what it is said to be decides only where it says nothing.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::json;
use super::markdown;
use crate::cli::Format;

/// The fields that tell one JSON format from another. Only whether they are there is looked at.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Signs<'a> {
    #[serde(borrow)]
    version: Option<&'a RawValue>,
    items: Option<IgnoredAny>,
    uri: Option<IgnoredAny>,
    headlines: Option<IgnoredAny>,
    bodies: Option<IgnoredAny>,
    #[serde(rename = "pubStatus", alias = "pubstatus")]
    pub_status: Option<IgnoredAny>,
    #[serde(rename = "versionCreated", alias = "versioncreated")]
    version_created: Option<IgnoredAny>,
    content_elements: Option<IgnoredAny>,
    _id: Option<IgnoredAny>,
    canonical_url: Option<IgnoredAny>,
    content: Option<IgnoredAny>,
    guid: Option<IgnoredAny>,
    slug: Option<IgnoredAny>,
    date_gmt: Option<IgnoredAny>,
    title: Option<IgnoredAny>,
    code: Option<&'a RawValue>,
    message: Option<&'a RawValue>,
}

/// The format of a text, never `Auto`.
pub(super) fn format(text: &str, content_type: Option<&str>) -> Format {
    let start = text.trim_start();
    match start.as_bytes().first() {
        Some(b'{') if is_lines(start) => Format::Ndjson,
        Some(b'{' | b'[') => of_json(start),
        Some(b'<') if markdown_said(content_type) => Format::Markdown,
        Some(b'<') => of_markup(start),
        _ if markdown::has_front_matter(start) || markdown_said(content_type) => Format::Markdown,
        _ if start.starts_with("# ") => Format::Markdown,
        _ if content_type.is_some_and(|kind| kind.starts_with("text/html")) => Format::Html,
        _ => Format::Text,
    }
}

/// What to call a format in an error.
pub(super) fn name(format: Format) -> &'static str {
    match format {
        Format::Auto => "an article",
        Format::Article => "the contract's JSON",
        Format::Ndjson => "NDJSON",
        Format::Ninjs => "ninjs",
        Format::JsonFeed => "JSON Feed",
        Format::Feed => "RSS or Atom",
        Format::Wordpress => "a WordPress post",
        Format::Ans => "Arc ANS",
        Format::Markdown => "Markdown",
        Format::Html => "an HTML page",
        Format::Text => "a page as plain text",
    }
}

fn markdown_said(content_type: Option<&str>) -> bool {
    content_type.is_some_and(|kind| kind.starts_with("text/markdown"))
}

/// One object, and another below it.
fn is_lines(text: &str) -> bool {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let is_first = matches!(values.next(), Some(Ok(_)));
    is_first && text[values.byte_offset()..].trim_start().starts_with('{')
}

/// The first of an array decides for all.
fn of_json(text: &str) -> Format {
    let first = json::first(text);
    let signs: Signs<'_> =
        first.and_then(|first| serde_json::from_str(first.get()).ok()).unwrap_or_default();
    let version = signs.version.map(RawValue::get).unwrap_or_default();
    let is_ninjs = signs.bodies.is_some()
        || signs.pub_status.is_some()
        || signs.version_created.is_some()
        || signs.headlines.is_some();
    let is_post = signs.guid.is_some() || signs.slug.is_some() || signs.date_gmt.is_some();
    if signs.items.is_some() && version.contains("jsonfeed.org/version/") {
        Format::JsonFeed
    } else if signs.content_elements.is_some() || (signs._id.is_some() && signs.headlines.is_some())
    {
        Format::Ans
    } else if signs.uri.is_some() && is_ninjs {
        Format::Ninjs
    } else if signs.headlines.is_some() && signs.canonical_url.is_some() {
        Format::Ans
    } else if (signs.content.is_some() && is_post) || is_wordpress_error(&signs) {
        Format::Wordpress
    } else {
        Format::Article
    }
}

/// What WordPress says where it gives no posts. An article has a title.
fn is_wordpress_error(signs: &Signs<'_>) -> bool {
    let is_text = |field: Option<&RawValue>| field.is_some_and(|raw| raw.get().starts_with('"'));
    signs.title.is_none() && is_text(signs.code) && is_text(signs.message)
}

/// By the root, past the prolog. Whatever else has tags is read as HTML, which knows no errors.
fn of_markup(text: &str) -> Format {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ => break,
        };
        let Some((_, after)) = rest.split_once(end) else { return Format::Html };
        rest = after;
    }
    // Refused there with a reason, whatever the DTD is of.
    let is_page = rest.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"));
    if rest.starts_with("<!DOCTYPE") && !is_page {
        return Format::Feed;
    }
    let name = rest.trim_start_matches('<').split(|c: char| c.is_whitespace() || "/>".contains(c));
    match name.into_iter().next().unwrap_or_default().rsplit(':').next().unwrap_or_default() {
        "rss" | "feed" | "RDF" | "entry" => Format::Feed,
        _ => Format::Html,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_what_it_says() {
        for (text, expected) in [
            ("{\"id\": \"a\", \"title\": \"A\"}", Format::Article),
            ("[{\"id\": \"a\"}]", Format::Article),
            ("[]", Format::Article),
            ("{\"id\": \"a\"}\n{\"id\": \"b\"}\n", Format::Ndjson),
            ("{\"uri\": \"a\", \"pubstatus\": \"usable\"}", Format::Ninjs),
            ("{\"uri\": \"a\", \"headlines\": [], \"bodies\": []}", Format::Ninjs),
            ("{\"version\": \"https://jsonfeed.org/version/1\", \"items\": []}", Format::JsonFeed),
            ("[{\"id\": 1, \"slug\": \"a\", \"content\": {}}]", Format::Wordpress),
            ("{\"code\": \"rest_no_route\", \"message\": \"None\"}", Format::Wordpress),
            ("{\"title\": \"A\", \"code\": \"x\", \"message\": \"y\"}", Format::Article),
            ("{\"_id\": \"A\", \"headlines\": {}, \"content_elements\": []}", Format::Ans),
            ("<?xml version=\"1.0\"?>\n<!-- <html> -->\n<rss version=\"2.0\">", Format::Feed),
            ("<atom:feed xmlns:atom=\"http://www.w3.org/2005/Atom\">", Format::Feed),
            ("<?xml version=\"1.0\"?><!DOCTYPE rss [", Format::Feed),
            ("<?xml version=\"1.0\"?><!DOCTYPE html><html>", Format::Html),
            ("<p>Một đoạn", Format::Html),
            ("---\ntitle: A\n---\n", Format::Markdown),
            ("+++\ntitle = 'A'\n+++\n", Format::Markdown),
            ("# A\n\nMột đoạn", Format::Markdown),
            ("Thứ Tư, 27/11/2024\nTựa", Format::Text),
            ("", Format::Text),
        ] {
            assert_eq!(format(text, None), expected, "{text}");
        }
    }

    #[test]
    fn what_it_is_said_to_be_decides_where_it_says_nothing() {
        let words = "Một đoạn *chữ*.";
        assert_eq!(format(words, Some("text/markdown; charset=utf-8")), Format::Markdown);
        assert_eq!(format(words, Some("text/html")), Format::Html);
        assert_eq!(format("<b>chữ</b>", Some("text/markdown")), Format::Markdown);
        assert_eq!(format("{\"id\": \"a\"}", Some("text/html")), Format::Article);
        assert_eq!(format("<rss>", Some("text/html")), Format::Feed);
    }
}
