//! What an article's page says of itself to whoever lists or shares it: Open Graph (ogp.me), the card of X,
//! and schema.org's [NewsArticle](super::json_ld).

use article_widget::contract::{Article, Embed, Figure, Status};
use askama::Template;
use icu::locale::{Locale, LocaleExpander};
use url::form_urlencoded;

use super::json_ld::{self, Facts};
use super::summary::{description, plain};

/// The head, but for title and style.
#[derive(Template)]
#[template(path = "head.html")]
pub(super) struct Head<'a> {
    /// The original's URL, or this page's: for search engines.
    pub(super) canonical: String,
    /// This page's URL: what is shared, and what others are to take the preview from.
    own: String,
    /// Where oEmbed tells of it, in JSON. No mark in it that a consumer would have to decode (WordPress knows few).
    oembed: String,
    /// None where the article has been withdrawn: nobody is to list that.
    listing: Option<Listing<'a>>,
}

/// What is told of an article.
struct Listing<'a> {
    article: &'a Article,
    publisher: &'a str,
    description: Option<String>,
    /// `vi_VN`
    locale: Option<String>,
    /// Of the same article in other languages.
    alternates: Vec<String>,
    image: Option<Image>,
    json_ld: String,
}

/// The picture to show beside the title.
pub(super) struct Image {
    /// Absolute.
    pub(super) url: String,
    /// In pixels.
    pub(super) width: Option<u32>,
    /// In pixels.
    pub(super) height: Option<u32>,
    alt: Option<String>,
}

impl<'a> Head<'a> {
    /// `asked` is the interface's language, where the page's URL names it.
    pub(super) fn new(embed: &'a Embed, asked: Option<&str>, publisher: &'a str) -> Self {
        let (article, public_url) = (&embed.article, embed.public_url.as_str());
        let own = format!("{public_url}/a/{}", article.id);
        let canonical = article.canonical_url.clone().unwrap_or_else(|| own.clone());
        let listing = (article.status != Status::Canceled)
            .then(|| Listing::new(article, public_url, publisher, &canonical));
        let query = asked.map(|language| format!("?lang={language}")).unwrap_or_default();
        let page = format!("{own}{query}");
        let page: String = form_urlencoded::byte_serialize(page.as_bytes()).collect();
        Self { listing, canonical, oembed: format!("{public_url}/oembed?url={page}"), own }
    }
}

impl<'a> Listing<'a> {
    fn new(article: &'a Article, public_url: &'a str, publisher: &'a str, canonical: &str) -> Self {
        let description = description(article);
        let image = article.lead_image.as_ref().and_then(|figure| Image::of(figure, public_url));
        let json_ld = json_ld::news_article(
            article,
            &Facts {
                canonical,
                description: description.as_deref(),
                image: image.as_ref(),
                publisher,
                public_url,
            },
        );
        let locale = locale(&article.language);
        let others = article.alternates.keys().filter_map(|tag| self::locale(tag));
        let alternates = others.filter(|other| Some(other) != locale.as_ref()).collect();
        Self { article, publisher, description, locale, alternates, image, json_ld }
    }

    fn card(&self) -> &'static str {
        if self.image.is_some() { "summary_large_image" } else { "summary" }
    }
}

impl Image {
    /// The largest there is; none where the figure is a caption alone.
    fn of(figure: &Figure, public_url: &str) -> Option<Self> {
        // Not every program that makes previews reads the newer kinds.
        let for_all = figure.sources.iter().filter(|source| source.media_type.is_none());
        let source = for_all.max_by_key(|source| source.width)?;
        let known = |pixels: u32| (pixels > 0).then_some(pixels);
        let caption = || Some(plain(&figure.caption)).filter(|caption| !caption.is_empty());
        Some(Self {
            url: absolute(&source.url, public_url),
            width: known(source.width),
            height: known(source.height),
            alt: figure.alt.clone().or_else(caption),
        })
    }
}

/// Language and territory, as Open Graph wants them: where the tag names none, the likely one (CLDR).
fn locale(tag: &str) -> Option<String> {
    let mut id = tag.parse::<Locale>().ok()?.id;
    LocaleExpander::new_common().maximize(&mut id);
    Some(format!("{}_{}", id.language, id.region?))
}

/// URLs that begin with a slash are the publisher's.
pub(crate) fn absolute(url: &str, public_url: &str) -> String {
    if url.starts_with('/') { format!("{public_url}{url}") } else { url.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_has_a_territory() {
        for (tag, expected) in
            [("vi", "vi_VN"), ("en", "en_US"), ("en-GB", "en_GB"), ("zh-Hant", "zh_TW")]
        {
            assert_eq!(locale(tag).as_deref(), Some(expected), "{tag}");
        }
        assert_eq!(locale("no tag"), None);
    }
}
