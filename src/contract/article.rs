//! The article itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Block, Inline};

/// One article as its publisher states it. What is unknown is absent; nothing is guessed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("required" = ["id", "title", "language"]))
)]
#[serde(default)]
pub struct Article {
    /// Stable within the publisher.
    pub id: ArticleId,
    /// Absolute URL of the original, where it has one besides the server's own page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    /// A few words above the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kicker: Option<String>,
    /// The headline, exactly as printed.
    pub title: String,
    /// The standfirst, plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lede: Option<String>,
    /// BCP 47 tag of the text.
    pub language: String,
    /// The same article in other languages: BCP 47 tag to id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub alternates: BTreeMap<String, ArticleId>,
    /// First publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// Last change worth telling readers of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<Date>,
    /// The line above the headline as the publisher prints it. Often the clock of the page, so it
    /// says nothing about [`published`](Self::published).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dateline: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bylines: Vec<Byline>,
    /// The picture below the headline; it may be a caption alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_image: Option<Figure>,
    /// The text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Block>,
    /// Where the publisher has it from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The publisher's section, as shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// Keywords, as shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Copyright or licence line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// What was put right after publication, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Correction>,
    /// Whether readers may see it.
    pub status: Status,
    /// Nobody sees it before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo: Option<Date>,
    /// Nobody sees it from this instant on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
}

/// An article's identifier: 1 to 128 of `A-Z a-z 0-9 . _ ~ -`, beginning with a letter or digit,
/// so that it stands in a URL path as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(String);

/// The text given is no [`ArticleId`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidArticleId;

/// An RFC 3339 full-date (`2016-01-06`) or date-time (`2024-11-27T08:30:00+07:00`), as stated. Kept
/// as text: a date that has no time is given none, and the browser has no calendar to pay for.
pub type Date = String;

/// One author.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Byline {
    /// As printed.
    pub name: String,
    /// What they are: "phóng viên", "ảnh".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Their page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A picture with what is said of it. Without [`sources`](Self::sources) it is a caption alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Figure {
    /// The same picture in several sizes, in any order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<ImageSource>,
    /// What it shows, for those who do not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
    /// Below the picture.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub caption: Vec<Inline>,
    /// Who made it, as printed: "Ảnh: Hạ Miên".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
}

/// One file of a picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct ImageSource {
    /// Absolute, or from the root of the publisher's server.
    pub url: String,
    /// Its media type, as `image/webp`, where it is none that every browser shows: it is then offered
    /// beside the others, of which there is at least one.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Pixels; 0 where unknown.
    pub width: u32,
    /// Pixels; 0 where unknown.
    pub height: u32,
}

/// Where the text was first printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Source {
    /// As printed.
    pub name: String,
    /// Its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// One thing put right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Correction {
    /// When.
    pub at: Date,
    /// What was wrong and what is right.
    pub text: String,
}

/// Whether readers may see the article (names of IPTC ninjs' `pubStatus`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// They may.
    #[default]
    Usable,
    /// Not yet, or not for now.
    Withheld,
    /// Withdrawn for good.
    Canceled,
}

impl ArticleId {
    /// Checks the characters and the length.
    ///
    /// # Errors
    /// [`InvalidArticleId`] where either is out of bounds.
    pub fn parse(text: &str) -> Result<Self, InvalidArticleId> {
        let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._~-".contains(&b);
        let starts_well = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
        if starts_well && text.len() <= 128 && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidArticleId)
        }
    }

    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for InvalidArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "an article id is 1 to 128 of A-Z a-z 0-9 . _ ~ - and begins with a letter or digit",
        )
    }
}

impl std::error::Error for InvalidArticleId {}
