//! What a browser sends back. Lengths and values are checked by the server, at its edge.

use serde::{Deserialize, Serialize};

/// Body of `POST /v1/views`. The same `view` again only raises `seconds` and `depth`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ViewReport {
    /// The article's id.
    pub article: String,
    /// A UUID made by the browser for this view.
    pub view: String,
    /// The partner page's URL; the server keeps its origin.
    #[serde(default)]
    pub page: String,
    /// Seconds visible.
    #[serde(default)]
    pub seconds: u32,
    /// How far down the text was seen, 0 to 100.
    #[serde(default)]
    pub depth: u8,
    /// The share mark the reader came by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
}

/// Body of `POST /v1/shares`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShareReport {
    /// The article's id.
    pub article: String,
    /// A UUID made by the browser for this share.
    pub share: String,
    /// The partner page's URL.
    #[serde(default)]
    pub page: String,
    /// `native`, `copy`, `email`, `facebook`, …
    pub channel: String,
}

/// Body of `POST /v1/feedback`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FeedbackReport {
    /// The article's id.
    pub article: String,
    /// The partner page's URL.
    pub page: String,
    /// `comment`, `error`, `question`, `complaint`.
    pub kind: String,
    /// The sender's name.
    pub name: String,
    /// The sender's address.
    pub email: String,
    /// Optional.
    pub phone: String,
    /// Of the message.
    pub title: String,
    /// The message.
    pub message: String,
    /// The words of the article that it is about, as selected.
    pub passage: String,
    /// Version of the consent text that was ticked; empty where it was not.
    pub consent: String,
}

/// The longest value of a field that a reader fills in, in characters. Of a mail address: RFC 5321, section
/// 4.5.3.1.3.
pub fn longest(field: &str) -> u16 {
    match field {
        "email" | "to" => 254,
        "phone" => 40,
        "message" => 8_000,
        "passage" => 1_000,
        // `name`, `title`, `word`
        _ => 200,
    }
}

/// Answer of `POST /v1/feedback`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FeedbackReceipt {
    /// For people to quote; opens nothing.
    pub reference: String,
    /// The sender's private link.
    pub url: String,
}

/// Body of `POST /v1/ratings`. The same `rating` again may add the word, and never counts twice.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RatingReport {
    /// The article's id.
    pub article: String,
    /// A UUID made by the browser for this rating.
    pub rating: String,
    /// The partner page's URL.
    pub page: String,
    /// Whether the article was of use.
    pub useful: bool,
    /// A word on why; may be empty.
    pub word: String,
}

/// Body of `POST /v1/mail`: the publisher's server sends the article to a friend.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct MailReport {
    /// The article's id.
    pub article: String,
    /// The partner page's URL.
    pub page: String,
    /// The friend's address, one.
    pub to: String,
}
