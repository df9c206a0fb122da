//! What the server would not do, by why. The family is closed: each reason is there from the start, at 0, so that the
//! first refusal is seen as a rise.
//!
//! Whoever refuses counts, once. Views, shares and ratings are not among them: what becomes of those is
//! [their own figure](crate::tally::outcomes::Outcomes).

use prometheus_client::encoding::EncodeLabelSet;

use super::{Catalogue, Counters};

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A head that is no HTTP, or that two servers may end in two places: 400.
    MalformedHead,
    /// A head that says twice for whom it is, or where its body ends: 400.
    AmbiguousHead,
    /// A head that is too long: 431.
    LargeHead,
    /// A head that was begun and did not come to its end in time: the connection is closed.
    SlowHead,
    /// A body that is too long: 413.
    LargeBody,
    /// A body that did not come in time: 408.
    SlowBody,
    /// A connection of a place that has its share: closed.
    PlaceFull,
    /// A handshake that went wrong.
    TlsFailed,
    /// A handshake that did not come to its end in time.
    TlsSlow,
    /// Frames of HTTP/2 that ask for work and bring nothing: the connection is closed.
    Http2Flood,
    /// A read beyond those that are worked on at once: 503.
    ReadsFull,
    /// The same of a write.
    WritesFull,
    /// A letter beyond what its place, or all together, may send: 429.
    FeedbackRate,
    /// A letter that takes a proof of work, and came without a good one: 429.
    FeedbackProof,
    /// A letter from a page that is no partner's: 403.
    FeedbackPartner,
    /// A letter that is suspicious: it is kept until an editor has looked at it.
    FeedbackHeld,
    /// An article that is not sent, for too many have been: 429.
    MailRate,
    /// The same without a good proof of work, as every first try is: 429.
    MailProof,
    /// The same for a program.
    MailBot,
    /// The same from a page that is no partner's.
    MailPartner,
    /// A name and a password that do not belong together: 422.
    LoginWrong,
    /// A login beyond the tries that the place or the name has: 429.
    LoginRate,
    /// A login while many others log in: 503.
    LoginBusy,
    /// A partner's page that is not looked at, for too many are: 429.
    CheckRate,
}

/// How often each was.
#[derive(Clone)]
pub struct Refusals(Counters<Reason>);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::MalformedHead,
        Self::AmbiguousHead,
        Self::LargeHead,
        Self::SlowHead,
        Self::LargeBody,
        Self::SlowBody,
        Self::PlaceFull,
        Self::TlsFailed,
        Self::TlsSlow,
        Self::Http2Flood,
        Self::ReadsFull,
        Self::WritesFull,
        Self::FeedbackRate,
        Self::FeedbackProof,
        Self::FeedbackPartner,
        Self::FeedbackHeld,
        Self::MailRate,
        Self::MailProof,
        Self::MailBot,
        Self::MailPartner,
        Self::LoginWrong,
        Self::LoginRate,
        Self::LoginBusy,
        Self::CheckRate,
    ];

    /// Its name among the figures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MalformedHead => "malformed_head",
            Self::AmbiguousHead => "ambiguous_head",
            Self::LargeHead => "large_head",
            Self::SlowHead => "slow_head",
            Self::LargeBody => "large_body",
            Self::SlowBody => "slow_body",
            Self::PlaceFull => "place_full",
            Self::TlsFailed => "tls_failed",
            Self::TlsSlow => "tls_slow",
            Self::Http2Flood => "http2_flood",
            Self::ReadsFull => "reads_full",
            Self::WritesFull => "writes_full",
            Self::FeedbackRate => "feedback_rate",
            Self::FeedbackProof => "feedback_proof",
            Self::FeedbackPartner => "feedback_partner",
            Self::FeedbackHeld => "feedback_held",
            Self::MailRate => "mail_rate",
            Self::MailProof => "mail_proof",
            Self::MailBot => "mail_bot",
            Self::MailPartner => "mail_partner",
            Self::LoginWrong => "login_wrong",
            Self::LoginRate => "login_rate",
            Self::LoginBusy => "login_busy",
            Self::CheckRate => "check_rate",
        }
    }
}

impl Default for Refusals {
    fn default() -> Self {
        let reasons = Counters::default();
        for refusal in Refusal::ALL {
            drop(reasons.get_or_create(&Reason { reason: refusal.as_str() }));
        }
        Self(reasons)
    }
}

impl Refusals {
    /// One more, where it was one.
    pub fn count(&self, refusal: impl Into<Option<Refusal>>) {
        if let Some(refusal) = refusal.into() {
            self.0.get_or_create(&Reason { reason: refusal.as_str() }).inc();
        }
    }

    pub(super) fn name(&self, catalogue: &mut Catalogue<'_>) {
        catalogue.add("article_refusals", "What was refused or held, by reason", self.0.clone());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Refusal::ALL.map(Refusal::as_str).into();
        assert_eq!(names.len(), Refusal::ALL.len());
    }
}
