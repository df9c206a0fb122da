//! What a loader asks the server for, once.

use serde::{Deserialize, Serialize};

use super::{Article, ArticleId, Messages, Settings};

/// The answer of `GET /v1/embed/{id}`: a pure function of the id, the language and the window.
///
/// `A` is the article: the typed one in the browser, its stored JSON on the server, so that what
/// this version does not know passes through it untouched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Embed"))]
pub struct Embed<A = Article> {
    /// The article; where it is withdrawn, only its id, language and status.
    pub article: A,
    /// Absent where there is too little to rank, or none was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_read: Option<MostRead>,
    /// The publisher's server, without a slash at the end: `https://news.example`. The article's own
    /// page is `{public_url}/a/{id}`; URLs in the article that begin with `/` belong to it.
    pub public_url: String,
    /// BCP 47 tag of the interface: of `messages` and `display`.
    pub lang: String,
    /// The words of the interface.
    pub messages: Messages,
    /// Dates, written out, and which way text runs.
    pub display: Display,
    /// What the publisher has set.
    #[serde(default)]
    pub settings: Settings,
    /// The component rendered with the fields above. Not for the component itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub html: String,
    /// Its style.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub css: String,
    /// [`RENDER`](crate::RENDER) of the server: only a widget with the same may hydrate `html`.
    #[serde(default)]
    pub render: String,
}

/// What the server knows of how text is written, for the browser formats nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Display {
    /// Above the headline: "Thứ Tư, 27/11/2024".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// When it was first published, where the dateline does not already say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// When it was last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<String>,
    /// The source's date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_date: Option<String>,
    /// The dates of the corrections, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<String>,
    /// `rtl` where the interface's language is written from right to left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dir: Option<String>,
    /// `rtl` where the article's is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article_dir: Option<String>,
}

/// The most-read list, by counted views, or the deeply read one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MostRead {
    /// The window that was counted. It may be wider than the one asked for: see `asked`.
    pub window: Window,
    /// The window asked for, where it had too little to rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Window>,
    /// `deep` where the articles are ranked by the share of their views that were read deeply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The section that alone was counted, as asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The language that alone was counted, without script and region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The partner's origin that alone was counted, as browsers report it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    /// RFC 3339, UTC.
    pub computed_at: String,
    /// Most read first.
    pub items: Vec<MostReadItem>,
}

/// One line of the list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MostReadItem {
    /// The article's.
    pub id: ArticleId,
    /// The article's.
    pub title: String,
    /// That of the title, a BCP 47 tag.
    pub language: String,
    /// Its public page, absolute.
    pub url: String,
    /// Counted views in the window; of the rising list, in the last 24 hours.
    pub views: u64,
    /// The same in words, where the publisher shows it to readers: "1.234 lượt xem".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views_text: Option<String>,
    /// Those of them that were read deeply, where the list is ranked by that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deep: Option<u64>,
}

/// How far back the list looks.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Window {
    /// No window: every view weighs half of one that comes six hours later.
    #[serde(rename = "rising")]
    Rising,
    /// 1 hour.
    #[serde(rename = "1h")]
    Hour,
    /// 24 hours.
    #[default]
    #[serde(rename = "24h")]
    Day,
    /// 7 days.
    #[serde(rename = "7d")]
    Week,
    /// 30 days.
    #[serde(rename = "30d")]
    Month,
    /// Since counting began.
    #[serde(rename = "all")]
    All,
}

impl Window {
    /// Every window, narrowest first.
    pub const ALL: [Self; 6] =
        [Self::Rising, Self::Hour, Self::Day, Self::Week, Self::Month, Self::All];

    /// Its name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rising => "rising",
            Self::Hour => "1h",
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::All => "all",
        }
    }

    /// The window of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|window| window.as_str() == name)
    }

    /// The next wider one; the rising list gives way to the last 24 hours.
    pub fn wider(self) -> Option<Self> {
        if self == Self::Rising {
            return Some(Self::Day);
        }
        Self::ALL.into_iter().find(|window| *window > self)
    }
}
