//! What has to reach somebody outside, as the store takes and gives it.

use article_widget::contract::ArticleId;
use async_trait::async_trait;

use crate::clock::UnixSeconds;

/// Mails and calls that wait until they are delivered.
#[async_trait]
pub trait OutboxStore {}

/// What is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeliveryKind {
    /// A mail to an editor: there is feedback.
    Notice,
    /// A mail to a sender: the editor has answered.
    Answer,
    /// A call to a program: there is feedback.
    Hook,
    /// A mail to a reader's friend: an article.
    Article,
}

/// One thing to deliver. What it says is written when it leaves, from what is there then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// What it is.
    pub kind: DeliveryKind,
    /// The same again is the same delivery.
    pub key: String,
    /// The article, where it is about one and no feedback.
    pub article: Option<ArticleId>,
    /// A mail address; of a call the URL.
    pub recipient: String,
    /// The language it speaks.
    pub language: String,
    /// When it was asked for, and may leave.
    pub at: UnixSeconds,
}

impl DeliveryKind {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Notice, Self::Answer, Self::Hook, Self::Article];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Answer => "answer",
            Self::Hook => "hook",
            Self::Article => "article",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
