//! What oEmbed (<https://oembed.com>) tells of an article: a frame that shows it, and a few words for those who
//! show their own.
//!
//! The consumer that counts is WordPress. Of a provider that it does not know it lets `blockquote` with a link
//! and `iframe` with few attributes through, puts the frame into a sandbox and shows it once its script has
//! spoken (`www/frame.js`). So the HTML is these two, on one line.

use article_widget::contract::{Article, ArticleId, Figure};
use askama::Template;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::messages::Languages;
use crate::pages::absolute;
use crate::render::Renderer;

/// How large a frame is where nobody says anything, in pixels: a line of some 75 characters.
const USUAL: (u32, u32) = (640, 800);
/// Wider frames show nothing more.
const WIDEST: u32 = 960;
/// Seconds that an answer may be kept: a title may be corrected.
const FRESH: u32 = 60;

/// A page of this server that shows an article.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// Which article.
    pub id: ArticleId,
    /// The interface's language, where the URL names one that we know.
    pub language: Option<String>,
}

/// How much room there is, in pixels.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    /// Across.
    pub width: Option<u32>,
    /// Down.
    pub height: Option<u32>,
}

/// The answer, under the specification's names.
#[derive(Debug, JsonSchema, Serialize, Template)]
#[template(path = "oembed.xml")]
pub struct Rich {
    #[serde(rename = "type")]
    kind: &'static str,
    version: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_name: Option<String>,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    #[serde(flatten)]
    thumbnail: Option<Thumbnail>,
    html: String,
    width: u32,
    height: u32,
}

/// The picture below the headline, where its size is known.
#[derive(Debug, JsonSchema, PartialEq, Eq, Serialize)]
struct Thumbnail {
    thumbnail_url: String,
    thumbnail_width: u32,
    thumbnail_height: u32,
}

/// What is put into a page.
#[derive(Template)]
#[template(path = "oembed.html")]
struct Frame<'a> {
    public_url: &'a str,
    place: &'a Place,
    title: &'a str,
    width: u32,
    height: u32,
}

/// What of a page's query is read.
#[derive(Deserialize)]
struct PageQuery {
    lang: Option<String>,
}

impl Place {
    /// Reads the URL of `/a/{id}` or `/embed/{id}` of the server at `public_url`; http and https are one. None
    /// where it is any other.
    pub fn at(url: &str, public_url: &str, languages: &Languages) -> Option<Self> {
        let (url, own) = (Url::parse(url).ok()?, Url::parse(public_url).ok()?);
        let is_web = matches!(url.scheme(), "http" | "https");
        if !is_web || url.host() != own.host() || url.port() != own.port() {
            return None;
        }
        let path: Vec<&str> = url.path().trim_end_matches('/').split('/').collect();
        let ["", "a" | "embed", id] = path[..] else { return None };
        let query: Option<PageQuery> =
            url.query().and_then(|query| serde_urlencoded::from_str(query).ok());
        let asked = query.and_then(|query| query.lang);
        let language = asked.as_deref().and_then(|asked| languages.find(asked));
        Some(Self {
            id: ArticleId::parse(id).ok()?,
            language: language.map(|language| language.tag.clone()),
        })
    }
}

impl Room {
    /// The frame's size: as wide as there is room and use for.
    fn frame(self) -> (u32, u32) {
        let width = self.width.map_or(USUAL.0, |width| width.min(WIDEST));
        (width, self.height.map_or(USUAL.1, |height| height.min(USUAL.1)))
    }

    fn holds(self, width: u32, height: u32) -> bool {
        width <= self.width.unwrap_or(u32::MAX) && height <= self.height.unwrap_or(u32::MAX)
    }
}

impl Rich {
    /// Of this article, which readers may see.
    ///
    /// # Errors
    /// Where the template fails.
    pub fn new(
        article: &Article,
        place: &Place,
        room: Room,
        renderer: &Renderer,
    ) -> Result<Self, askama::Error> {
        let (public_url, title) = (renderer.public_url.as_str(), article.title.as_str());
        let (width, height) = room.frame();
        let names: Vec<&str> = article.bylines.iter().map(|byline| byline.name.as_str()).collect();
        let lead = article.lead_image.as_ref();
        Ok(Self {
            kind: "rich",
            version: "1.0",
            title: title.to_owned(),
            author_name: (!names.is_empty()).then(|| names.join(", ")),
            provider_name: renderer.publisher.clone(),
            provider_url: public_url.to_owned(),
            cache_age: FRESH,
            thumbnail: lead.and_then(|figure| Thumbnail::of(figure, room, public_url)),
            html: Frame { public_url, place, title, width, height }.render()?,
            width,
            height,
        })
    }

    /// As XML.
    ///
    /// # Errors
    /// Where the template fails.
    pub fn xml(&self) -> Result<String, askama::Error> {
        let mut xml = self.render()?;
        // What a title may hold, and an XML document may not (XML 1.0, production 2).
        xml.retain(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}') || c == '\n');
        Ok(xml)
    }
}

impl Thumbnail {
    /// The largest file that has room, of those that everybody can show.
    fn of(figure: &Figure, room: Room, public_url: &str) -> Option<Self> {
        let files = figure.sources.iter().filter(|file| {
            file.media_type.is_none()
                && file.width > 0
                && file.height > 0
                && room.holds(file.width, file.height)
        });
        let file = files.max_by_key(|file| file.width)?;
        Some(Self {
            thumbnail_url: absolute(&file.url, public_url),
            thumbnail_width: file.width,
            thumbnail_height: file.height,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> Option<(String, Option<String>)> {
        let place = Place::at(url, "https://news.example", &Languages::builtin("", 1))?;
        Some((place.id.to_string(), place.language))
    }

    #[test]
    fn an_article_has_two_places_whatever_follows_them() {
        let a = |language: Option<&str>| Some(("a.1".to_owned(), language.map(str::to_owned)));
        assert_eq!(place("https://news.example/a/a.1"), a(None));
        assert_eq!(place("http://NEWS.example/a/a.1/?s=f-0#x"), a(None));
        assert_eq!(place("https://news.example/embed/a.1?lang=en-GB"), a(Some("en")));
        for url in [
            "https://other.example/a/a.1",
            "https://news.example:8443/a/a.1",
            "ftp://news.example/a/a.1",
            "https://news.example/a/a.1/feedback",
            "https://news.example/v1/embed/a.1",
            "https://news.example/a/..%2fadmin",
            "https://news.example/a/",
            "/a/a.1",
            "",
        ] {
            assert_eq!(place(url), None, "{url}");
        }
    }

    #[test]
    fn a_frame_is_never_larger_than_the_room() {
        let frame = |width, height| Room { width, height }.frame();
        assert_eq!(frame(None, None), USUAL);
        assert_eq!(frame(Some(500), Some(750)), (500, 750));
        assert_eq!(frame(Some(1), Some(1)), (1, 1));
        assert_eq!(frame(Some(5000), Some(5000)), (WIDEST, USUAL.1));
    }
}
