//! What has to reach somebody outside, as the store takes and gives it.

use article_widget::contract::ArticleId;
use async_trait::async_trait;

use super::{SpentProof, StoreError};
use crate::clock::UnixSeconds;
use crate::share_mark::ShareMark;

/// Mails and calls that wait until they are delivered, and to whom no mail is to go.
#[async_trait]
pub trait OutboxStore {
    /// Takes at most `limit` deliveries of the lane that are due at `now`, the longest due first, for one
    /// try each. Until `until` nobody else is given them, and then they are due again: a process that dies
    /// meanwhile loses nothing, and of servers that share a database one tries at a time. (On PostgreSQL
    /// the rows are chosen `for update skip locked`.)
    async fn claim_deliveries(
        &self,
        lane: Lane,
        now: UnixSeconds,
        until: UnixSeconds,
        limit: u32,
    ) -> Result<Vec<Delivery>, StoreError>;
    /// Forgets a delivery that needs no further try, and with it the address.
    async fn delivered(&self, no: i64) -> Result<(), StoreError>;
    /// Has a delivery wait until `due_at` for its next try, unless somebody has claimed it since. `problem`
    /// says what went wrong, to an operator, and names nobody.
    async fn delivery_failed(
        &self,
        delivery: &Delivery,
        due_at: UnixSeconds,
        problem: &str,
    ) -> Result<(), StoreError>;
    /// Takes what was forgotten of deliveries out of the database's files, too. It waits for nobody: where
    /// somebody reads at that moment it is [`StoreError::Unavailable`], and may be asked again.
    async fn sweep_deliveries(&self) -> Result<(), StoreError>;
    /// The feedback that a delivery is about; none where it has been erased.
    async fn feedback_of_delivery(&self, no: i64) -> Result<Option<AboutFeedback>, StoreError>;

    /// Whether a request to send an article has come before.
    async fn mail_requested(
        &self,
        request: &MailRequest,
    ) -> Result<Option<MailRequested>, StoreError>;
    /// Remembers the request, puts its mail in and uses its proof up, in one commit. The same again puts
    /// nothing in, and uses up nothing.
    async fn request_mail(
        &self,
        request: &MailRequest,
        mail: &NewDelivery,
        proof: &SpentProof,
    ) -> Result<MailRequested, StoreError>;
    /// Forgets requests that came before `time`.
    async fn forget_mail_requests(&self, time: UnixSeconds) -> Result<(), StoreError>;
    /// Has no article go to this address any more.
    async fn suppress(&self, address: &AddressHash, at: UnixSeconds) -> Result<(), StoreError>;
    /// Whether no article goes to this address any more.
    async fn is_suppressed(&self, address: &AddressHash) -> Result<bool, StoreError>;
}

/// A mail address's keyed hash: see [`suppression`](crate::suppression).
pub type AddressHash = [u8; 32];

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
    /// A call to a program: caches are to forget an article.
    Purge,
}

/// By which way deliveries leave. A way that is blocked holds up no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// By the mail server.
    Mail,
    /// By a call of the webhook.
    Call,
    /// By a call of the purge hook, which may be another program, and hurries.
    Purge,
}

/// One thing to deliver. What it says of feedback and articles is written when it leaves, from what is there
/// then.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// What it is.
    pub kind: DeliveryKind,
    /// The same again is the same delivery.
    pub key: String,
    /// The article, where it is about one and no feedback.
    pub article: Option<ArticleId>,
    /// The share mark on the article's link, where it is about one.
    pub mark: Option<ShareMark>,
    /// A mail address; none of a call, which goes where the settings say by then.
    pub recipient: String,
    /// The language it speaks.
    pub language: String,
    /// When it was asked for, and may leave.
    pub at: UnixSeconds,
    /// What it says, where that is not read when it leaves; else empty.
    pub content: String,
}

/// One try of a delivery.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its number, which no other ever has.
    pub no: i64,
    /// How many tries there have been, with this one.
    pub tries: u32,
    /// What is delivered.
    pub content: NewDelivery,
}

/// What is told of feedback.
#[derive(Clone, PartialEq, Eq)]
pub struct AboutFeedback {
    /// Its number.
    pub no: i64,
    /// For people to quote.
    pub reference: String,
    /// What it is about.
    pub article: ArticleId,
    /// One of [`KINDS`](crate::forms::KINDS).
    pub kind: String,
    /// The sender's name; may be empty.
    pub name: String,
    /// The editor's answer; empty where there is none.
    pub answer: String,
}

/// A reader's request to send an article.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MailRequest {
    /// A hash of the key that the browser made: the same key is the same request.
    pub key: [u8; 32],
    /// A keyed hash of article and address.
    pub content: [u8; 32],
    /// When the server took it.
    pub at: UnixSeconds,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailRequested {
    /// Its mail is in the outbox.
    New,
    /// It was taken before.
    Again,
    /// The key came before, with other content.
    KeyReused,
    /// Its proof was used for something else before.
    ProofSpent,
}

impl MailRequest {
    /// What became of it, where its key came before with that content.
    pub(in crate::store) fn known(&self, content: &[u8; 32]) -> MailRequested {
        if *content == self.content { MailRequested::Again } else { MailRequested::KeyReused }
    }
}

impl DeliveryKind {
    /// Every one.
    pub const ALL: [Self; 5] = [Self::Notice, Self::Answer, Self::Hook, Self::Article, Self::Purge];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Answer => "answer",
            Self::Hook => "hook",
            Self::Article => "article",
            Self::Purge => "purge",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// By which way it leaves.
    pub fn lane(self) -> Lane {
        match self {
            Self::Hook => Lane::Call,
            Self::Purge => Lane::Purge,
            Self::Notice | Self::Answer | Self::Article => Lane::Mail,
        }
    }
}

impl Lane {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Mail, Self::Call, Self::Purge];

    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Call => "call",
            Self::Purge => "purge",
        }
    }
}
