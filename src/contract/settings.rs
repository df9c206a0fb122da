//! What a publisher has set of sharing and of the feedback form.

use serde::{Deserialize, Serialize};

/// The same in every answer of one publisher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Settings {
    /// Names of the ways to share, in the menu's order. Empty: all that the component knows.
    pub channels: Vec<String>,
    /// Facebook's number of the publisher's app, which Messenger asks for on a desktop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facebook_app: Option<String>,
    /// Whether the publisher's server sends an article to a friend.
    pub sends_mail: bool,
    /// Names of the feedback form's fields, in their order. Empty: there is no form.
    pub fields: Vec<String>,
    /// Those of them that must be filled in.
    pub required: Vec<String>,
    /// Kinds of feedback.
    pub kinds: Vec<String>,
}
