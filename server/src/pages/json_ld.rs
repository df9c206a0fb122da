//! schema.org's NewsArticle, for search engines: JSON-LD in a data block of the article's page, which no
//! browser runs and no policy has to allow.

use article_widget::contract::{Article, Byline};
use serde::Serialize;

use super::head::Image;

/// What is told beside the article itself.
pub(super) struct Facts<'a> {
    pub(super) canonical: &'a str,
    pub(super) description: Option<&'a str>,
    pub(super) image: Option<&'a Image>,
    pub(super) publisher: &'a str,
    pub(super) public_url: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NewsArticle<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    headline: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<ImageObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_published: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<&'a str>,
    author: Vec<Party<'a>>,
    publisher: Party<'a>,
    in_language: &'a str,
    is_accessible_for_free: bool,
    main_entity_of_page: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    article_section: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    keywords: &'a [String],
}

#[derive(Serialize)]
struct ImageObject<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

/// A person or an organisation.
#[derive(Clone, Serialize)]
struct Party<'a> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// The JSON, which no text in it can end the element of.
pub(super) fn news_article(article: &Article, facts: &Facts<'_>) -> String {
    let publisher =
        Party { kind: "Organization", name: facts.publisher, url: Some(facts.public_url) };
    let data = NewsArticle {
        context: "https://schema.org",
        kind: "NewsArticle",
        headline: &article.title,
        description: facts.description,
        image: facts.image.map(image),
        date_published: article.published.as_deref(),
        date_modified: article.updated.as_deref().or(article.published.as_deref()),
        author: authors(&article.bylines, &publisher),
        publisher,
        in_language: &article.language,
        is_accessible_for_free: true,
        main_entity_of_page: facts.canonical,
        article_section: article.section.as_deref(),
        keywords: &article.tags,
    };
    in_script(&serde_json::to_string(&data).expect("strings are always JSON"))
}

/// The newspaper itself, where nobody is named.
fn authors<'a>(bylines: &'a [Byline], publisher: &Party<'a>) -> Vec<Party<'a>> {
    if bylines.is_empty() {
        return vec![publisher.clone()];
    }
    let person = |byline: &'a Byline| Party {
        kind: "Person",
        name: &byline.name,
        url: byline.url.as_deref(),
    };
    bylines.iter().map(person).collect()
}

fn image(image: &Image) -> ImageObject<'_> {
    ImageObject { kind: "ImageObject", url: &image.url, width: image.width, height: image.height }
}

/// Escapes what means something to an HTML or a JavaScript parser. All of it stands in strings only.
fn in_script(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const BARE: Facts<'_> = Facts {
        canonical: "https://news.example/a/a",
        description: None,
        image: None,
        publisher: "Báo Ví Dụ",
        public_url: "https://news.example",
    };

    #[test]
    fn hostile_text_stays_text() {
        let hostile = "</script><script>alert(\"1\")</script>\u{2028}\u{2029}&amp;<!--";
        let article = Article {
            title: hostile.into(),
            tags: vec![hostile.into()],
            bylines: vec![Byline { name: hostile.into(), ..Byline::default() }],
            ..Article::default()
        };
        let json = news_article(&article, &BARE);
        assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{json}");
        let read: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["headline"], hostile);
        assert_eq!(read["author"][0]["name"], hostile);
        assert_eq!(read["keywords"], json!([hostile]));
    }

    #[test]
    fn what_is_unknown_is_not_there() {
        let article = Article { language: "vi".into(), ..Article::default() };
        let read: Value = serde_json::from_str(&news_article(&article, &BARE)).unwrap();
        let paper =
            json!({ "@type": "Organization", "name": "Báo Ví Dụ", "url": "https://news.example" });
        assert_eq!(
            read,
            json!({
                "@context": "https://schema.org", "@type": "NewsArticle", "headline": "",
                "author": [paper], "publisher": paper, "inLanguage": "vi",
                "isAccessibleForFree": true, "mainEntityOfPage": "https://news.example/a/a",
            })
        );
    }
}
