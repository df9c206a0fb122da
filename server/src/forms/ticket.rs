//! The form page's ticket: made when the page is, given back with the form. It says which article the
//! form is for, names the feedback (so that sending twice keeps one) and cannot be forged.

use article_widget::contract::ArticleId;
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use uuid::Uuid;

use super::SOONEST;
use crate::clock::UnixSeconds;
use crate::signing_key::SigningKey;

/// What the signing key signs here.
const PURPOSE: &str = "feedback form";
/// The form is asked again after this long, in seconds.
const LATEST: i64 = 24 * 3600;

/// The hidden fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ticket {
    /// The idempotency key: a UUID.
    pub key: String,
    /// When the page was made.
    pub time: UnixSeconds,
    /// HMAC-SHA-256 over article, key and time.
    pub signature: String,
}

/// Why a form has to be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketError {
    /// It is none of ours, or another article's.
    Forged,
    /// It came back faster than anyone types.
    TooSoon,
    /// It is more than a day old, or of a clock that was ahead: nobody is to wait until that time comes.
    TooLate,
}

impl Ticket {
    /// A new ticket.
    pub fn issue(signing_key: &SigningKey, article: &ArticleId, now: UnixSeconds) -> Self {
        Self::sign(signing_key, article, Uuid::new_v4().to_string(), now)
    }

    /// For the same feedback again. What was sent too soon keeps its time, and so is old enough by
    /// the next try; what was sent too late gets a new one.
    pub fn renew(self, signing_key: &SigningKey, article: &ArticleId, now: UnixSeconds) -> Self {
        match self.check(signing_key, article, now) {
            Ok(()) | Err(TicketError::TooSoon) => self,
            Err(TicketError::TooLate) => Self::sign(signing_key, article, self.key, now),
            Err(TicketError::Forged) => Self::issue(signing_key, article, now),
        }
    }

    /// For another feedback from the same form: it is as old as the form is.
    pub fn for_another(&self, signing_key: &SigningKey, article: &ArticleId) -> Self {
        Self::sign(signing_key, article, Uuid::new_v4().to_string(), self.time)
    }

    /// Checks the ticket.
    ///
    /// # Errors
    /// See [`TicketError`].
    pub fn check(
        &self,
        signing_key: &SigningKey,
        article: &ArticleId,
        now: UnixSeconds,
    ) -> Result<(), TicketError> {
        if !self.is_ours(signing_key, article) {
            return Err(TicketError::Forged);
        }
        match now.saturating_sub(self.time) {
            ..0 => Err(TicketError::TooLate),
            0..SOONEST => Err(TicketError::TooSoon),
            SOONEST..=LATEST => Ok(()),
            _ => Err(TicketError::TooLate),
        }
    }

    fn sign(signing_key: &SigningKey, article: &ArticleId, key: String, time: UnixSeconds) -> Self {
        let signature = signing_key.mac(PURPOSE, &signed(article, &key, &time.to_be_bytes()));
        Self { key, time, signature: BASE64URL_NOPAD.encode(&signature) }
    }

    fn is_ours(&self, signing_key: &SigningKey, article: &ArticleId) -> bool {
        let signature = BASE64URL_NOPAD.decode(self.signature.as_bytes()).unwrap_or_default();
        let Ok(signature) = <[u8; 32]>::try_from(signature) else { return false };
        let time = self.time.to_be_bytes();
        signing_key.verifies(PURPOSE, &signed(article, &self.key, &time), &signature)
    }
}

/// What is signed of a ticket.
fn signed<'a>(article: &'a ArticleId, key: &'a str, time: &'a [u8; 8]) -> [&'a [u8]; 3] {
    [article.as_str().as_bytes(), key.as_bytes(), time]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_good_for_its_article_from_three_seconds_to_a_day() {
        let (key, now) = (SigningKey::from([7; 32]), 1_700_000_000);
        let article = ArticleId::parse("an-article").unwrap();
        let ticket = Ticket::issue(&key, &article, now);
        assert_eq!(ticket.check(&key, &article, now + 3), Ok(()));
        assert_eq!(ticket.check(&key, &article, now + 2), Err(TicketError::TooSoon));
        assert_eq!(ticket.check(&key, &article, now + 86_401), Err(TicketError::TooLate));
        assert_eq!(ticket.check(&key, &article, now - 3600), Err(TicketError::TooLate));
        let other = ArticleId::parse("another").unwrap();
        assert_eq!(ticket.check(&key, &other, now + 3), Err(TicketError::Forged));
        assert_eq!(ticket.check(&[8; 32].into(), &article, now + 3), Err(TicketError::Forged));
        let later = Ticket { time: now + 9, ..ticket.clone() };
        assert_eq!(later.check(&key, &article, now + 20), Err(TicketError::Forged));
    }

    #[test]
    fn a_renewed_ticket_names_the_same_feedback() {
        let article = ArticleId::parse("an-article").unwrap();
        let first = Ticket::issue(&[7; 32].into(), &article, 100);
        let soon = first.clone().renew(&[7; 32].into(), &article, 101);
        assert_eq!((soon.key.as_str(), soon.time), (first.key.as_str(), 100));
        let late = first.clone().renew(&[7; 32].into(), &article, 100_000);
        assert_eq!((late.key.as_str(), late.time), (first.key.as_str(), 100_000));
        let forged = Ticket { signature: String::new(), ..first.clone() };
        assert_ne!(forged.renew(&[7; 32].into(), &article, 200).key, first.key);
    }
}
