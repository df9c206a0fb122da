//! What the text is made of: a tree of typed blocks, never an HTML string.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::tagged::Tagged;
use super::{Figure, ImageSource, Inline};
use crate::read;

/// One block of the text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(into = "Wire")]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Plain text to show where `kind` is not known.
    pub fallback: Option<String>,
}

/// The kinds, each under its name on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockKind {
    /// `paragraph`: `content`.
    Paragraph(Vec<Inline>),
    /// `heading`: `content`, and `level` 2 to 4 (1 is the title's).
    Heading {
        /// 2 to 4.
        level: u8,
        /// What it says.
        content: Vec<Inline>,
    },
    /// `list`: `items`, each a list of blocks, so that lists nest; `ordered`.
    List {
        /// Numbered.
        ordered: bool,
        /// The items.
        items: Vec<Vec<Block>>,
    },
    /// `quote`: `blocks`, and `content` for who said it.
    Quote {
        /// What was said.
        blocks: Vec<Block>,
        /// By whom.
        cite: Vec<Inline>,
    },
    /// `figure`: the fields of a [`Figure`].
    Figure(Figure),
    /// `table`: `rows` of cells, and `caption`.
    Table {
        /// Above the table.
        caption: Vec<Inline>,
        /// From the top.
        rows: Vec<Vec<Cell>>,
    },
    /// `preformatted`: `text`, whose spaces and line ends count.
    Preformatted(String),
    /// `embed`: something of another site, shown as a link card.
    Embed(EmbedCard),
    /// `rule`: a change of subject.
    Rule,
    /// A kind that this version does not know.
    Unknown,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Cell {
    /// Heads its row or column.
    #[serde(skip_serializing_if = "is_false")]
    pub header: bool,
    /// Columns it spans; 0 is 1.
    #[serde(skip_serializing_if = "is_zero")]
    pub columns: u16,
    /// Rows it spans; 0 is 1.
    #[serde(skip_serializing_if = "is_zero")]
    pub rows: u16,
    /// What it says.
    pub content: Vec<Inline>,
}

/// A link to something of another site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EmbedCard {
    /// Where it is.
    pub url: String,
    /// What it is.
    pub title: Option<String>,
    /// Whose it is: "YouTube".
    pub provider: Option<String>,
}

/// What is known here. Of any other kind nothing is known but that it may have a fallback.
pub(super) const KINDS: [&str; 9] =
    ["paragraph", "heading", "list", "quote", "figure", "table", "preformatted", "embed", "rule"];

/// One flat shape for every kind, see the inlines' own.
#[derive(Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub(super) struct Wire {
    kind: String,
    #[serde(skip_serializing_if = "is_zero_u8")]
    level: u8,
    #[serde(skip_serializing_if = "is_false")]
    ordered: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    content: Vec<Inline>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<Vec<Block>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<Block>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Vec<Cell>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<ImageSource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alt: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    caption: Vec<Inline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fallback: Option<String>,
}

impl From<BlockKind> for Block {
    fn from(kind: BlockKind) -> Self {
        Self { kind, fallback: None }
    }
}

impl<'de> Deserialize<'de> for Block {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Block;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a kind")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Block, A::Error> {
                let tagged = Tagged::begin(map)?;
                if KINDS.contains(&tagged.kind.as_str()) {
                    tagged.strictly::<Wire>().map(Block::from)
                } else {
                    tagged.leniently().map(read::block)
                }
            }
        }

        deserializer.deserialize_map(Object)
    }
}

impl From<Wire> for Block {
    fn from(wire: Wire) -> Self {
        let kind = match wire.kind.as_str() {
            "paragraph" => BlockKind::Paragraph(wire.content),
            "heading" => {
                BlockKind::Heading { level: wire.level.clamp(2, 4), content: wire.content }
            }
            "list" => BlockKind::List { ordered: wire.ordered, items: wire.items },
            "quote" => BlockKind::Quote { blocks: wire.blocks, cite: wire.content },
            "figure" => BlockKind::Figure(Figure {
                sources: wire.sources,
                alt: wire.alt,
                caption: wire.caption,
                credit: wire.credit,
            }),
            "table" => BlockKind::Table { caption: wire.caption, rows: wire.rows },
            "preformatted" => BlockKind::Preformatted(wire.text.unwrap_or_default()),
            "embed" => BlockKind::Embed(EmbedCard {
                url: wire.url.unwrap_or_default(),
                title: wire.title,
                provider: wire.provider,
            }),
            "rule" => BlockKind::Rule,
            _ => BlockKind::Unknown,
        };
        Self { kind, fallback: wire.fallback }
    }
}

impl From<Block> for Wire {
    fn from(block: Block) -> Self {
        let wire = match block.kind {
            BlockKind::Paragraph(content) => Self { content, ..Self::of("paragraph") },
            BlockKind::Heading { level, content } => Self { level, content, ..Self::of("heading") },
            BlockKind::List { ordered, items } => Self { ordered, items, ..Self::of("list") },
            BlockKind::Quote { blocks, cite } => {
                Self { blocks, content: cite, ..Self::of("quote") }
            }
            BlockKind::Figure(figure) => Self {
                sources: figure.sources,
                alt: figure.alt,
                caption: figure.caption,
                credit: figure.credit,
                ..Self::of("figure")
            },
            BlockKind::Table { caption, rows } => Self { caption, rows, ..Self::of("table") },
            BlockKind::Preformatted(text) => Self { text: Some(text), ..Self::of("preformatted") },
            BlockKind::Embed(card) => Self {
                url: Some(card.url),
                title: card.title,
                provider: card.provider,
                ..Self::of("embed")
            },
            BlockKind::Rule => Self::of("rule"),
            BlockKind::Unknown => Self::of("unknown"),
        };
        Self { fallback: block.fallback, ..wire }
    }
}

impl Wire {
    fn of(kind: &str) -> Self {
        Self { kind: kind.to_owned(), ..Self::default() }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_false(value: &bool) -> bool {
    !value
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(value: &u16) -> bool {
    *value == 0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero_u8(value: &u8) -> bool {
    *value == 0
}
