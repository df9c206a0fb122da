//! What stands inside a line of text.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::tagged::Tagged;
use crate::read;

/// A run of text. On the wire plain text is a JSON string and everything else an object:
/// `["Theo ", {"kind": "link", "url": "https://…", "content": ["báo cáo"]}]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// `strong`: of importance.
    Strong(Vec<Inline>),
    /// `em`: stressed.
    Em(Vec<Inline>),
    /// `link`: `http`, `https`, `mailto` and `tel` only; anything else shows its content.
    Link {
        /// Where it leads.
        url: String,
        /// What is underlined.
        content: Vec<Inline>,
    },
    /// `break`: a new line.
    Break,
    /// `sub`
    Sub(Vec<Inline>),
    /// `sup`
    Sup(Vec<Inline>),
    /// `code`
    Code(String),
    /// A kind that this version does not know: its content, plain.
    Unknown(Vec<Inline>),
}

/// What is known here. Of any other kind nothing is known but that it may have a text or a content.
pub(super) const KINDS: [&str; 7] = ["strong", "em", "link", "break", "sub", "sup", "code"];

/// One flat shape for every kind.
#[derive(Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub(super) struct Wire {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    content: Vec<Inline>,
}

impl From<Wire> for Inline {
    fn from(wire: Wire) -> Self {
        match wire.kind.as_str() {
            "strong" => Self::Strong(wire.content),
            "em" => Self::Em(wire.content),
            "link" => Self::Link { url: wire.url.unwrap_or_default(), content: wire.content },
            "break" => Self::Break,
            "sub" => Self::Sub(wire.content),
            "sup" => Self::Sup(wire.content),
            "code" => Self::Code(wire.text.unwrap_or_default()),
            _ => Self::Unknown(wire.content),
        }
    }
}

impl Serialize for Inline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, content) = match self {
            Self::Text(text) => return serializer.serialize_str(text),
            Self::Strong(content) => ("strong", content.clone()),
            Self::Em(content) => ("em", content.clone()),
            Self::Link { content, .. } => ("link", content.clone()),
            Self::Break => ("break", Vec::new()),
            Self::Sub(content) => ("sub", content.clone()),
            Self::Sup(content) => ("sup", content.clone()),
            Self::Code(_) => ("code", Vec::new()),
            Self::Unknown(content) => ("span", content.clone()),
        };
        let mut wire = Wire { kind: kind.to_owned(), content, ..Wire::default() };
        match self {
            Self::Link { url, .. } => wire.url = Some(url.clone()),
            Self::Code(text) => wire.text = Some(text.clone()),
            _ => {}
        }
        wire.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Inline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrObject;

        impl<'de> Visitor<'de> for TextOrObject {
            type Value = Inline;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an object with a kind")
            }

            fn visit_str<E>(self, text: &str) -> Result<Inline, E> {
                Ok(Inline::Text(text.to_owned()))
            }

            fn visit_string<E>(self, text: String) -> Result<Inline, E> {
                Ok(Inline::Text(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Inline, A::Error> {
                let tagged = Tagged::begin(map)?;
                if KINDS.contains(&tagged.kind.as_str()) {
                    tagged.strictly::<Wire>().map(Inline::from)
                } else {
                    tagged.leniently().map(read::inline)
                }
            }
        }

        deserializer.deserialize_any(TextOrObject)
    }
}
