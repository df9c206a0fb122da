//! Keeping a reader's feedback, whichever way it came.

use article_widget::contract::{FeedbackReceipt, FeedbackReport};
use data_encoding::{BASE64URL_NOPAD, Encoding, Specification};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use crate::client::Client;
use crate::problem::Problem;
use crate::state::Server;
use crate::store::{FeedbackKept, NewFeedback};

/// Crockford's base 32: no letter that is taken for a digit when read aloud.
static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.encoding().expect("thirty-two symbols")
});

/// What is answered where a key names two feedbacks.
const KEY_REUSED: Problem =
    Problem::Conflict("this Idempotency-Key came with other content before");

/// What opens a feedback to its sender: 128 bits, in base64url. The store knows only its hash.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret as it stands in a URL. Any text will do: one that is no secret opens nothing.
    pub fn from_url(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The secret of that key: the same again for a sender who never got the first answer, and
    /// beyond guessing for anyone without this installation's own key.
    fn of(signing_key: &[u8; 32], idempotency_key: &str) -> Self {
        let mut mac: Hmac<Sha256> =
            Hmac::new_from_slice(signing_key).expect("HMAC takes a key of any length");
        mac.update(format!("feedback secret\n{idempotency_key}").as_bytes());
        Self(BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()[..16]))
    }

    /// What the store knows of it.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

/// Keeps a checked report about an article that readers may see. The same key and content again
/// gives the first answer, and takes nothing of what one place may send.
///
/// # Errors
/// [`Problem::NoArticle`]; [`Problem::Gone`]; [`Problem::TooMany`] from one place; [`Problem::Conflict`] where the key
/// was used for other content; a failing store.
pub async fn keep(
    server: &Server,
    report: FeedbackReport,
    idempotency_key: &str,
    client: &Client,
) -> Result<FeedbackReceipt, Problem> {
    server.visible_article(&report.article).await?;
    let secret = Secret::of(&server.signing_key, idempotency_key);
    let answer = |reference| FeedbackReceipt {
        reference,
        url: format!("{}/v1/feedback/{}", server.renderer.public_url, secret.0),
    };
    if let Some(kept) = server.store.feedback(&secret.hash()).await? {
        return if kept.report == report { Ok(answer(kept.reference)) } else { Err(KEY_REUSED) };
    }
    server.admit_feedback(client)?;
    let (reference, at) = (new_reference()?, server.clock.now());
    let feedback = NewFeedback {
        report,
        // With the signing key beside it, a key in clear would give the secret away.
        idempotency_key: hex::encode(Sha256::digest(idempotency_key)),
        secret_hash: secret.hash(),
        reference: reference.clone(),
        at,
        announce: server.announcer.of_feedback(&reference, at),
    };
    match server.store.save_feedback(&feedback).await? {
        FeedbackKept::New => {
            server.outbox.wake();
            Ok(answer(reference))
        }
        FeedbackKept::Again { reference } => Ok(answer(reference)),
        FeedbackKept::KeyReused => Err(KEY_REUSED),
    }
}

/// 40 random bits as `ABCD-EFGH`. For people to quote; it opens nothing.
fn new_reference() -> Result<String, Problem> {
    let mut random = [0; 5];
    getrandom::fill(&mut random).map_err(|error| Problem::Internal(error.into()))?;
    let text = CROCKFORD.encode(&random);
    Ok(format!("{}-{}", &text[..4], &text[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_can_be_read_aloud() {
        let reference = new_reference().unwrap();
        assert_eq!((reference.len(), reference.as_bytes()[4]), (9, b'-'));
        assert!(!reference.contains(['I', 'L', 'O', 'U']));
        assert_ne!(reference, new_reference().unwrap());
    }

    #[test]
    fn a_secret_comes_back_for_its_key_alone() {
        let of = |key: &[u8; 32], id: &str| Secret::of(key, id).0;
        assert_eq!(of(&[1; 32], "a"), of(&[1; 32], "a"));
        assert_ne!(of(&[1; 32], "a"), of(&[1; 32], "b"));
        assert_ne!(of(&[1; 32], "a"), of(&[2; 32], "a"));
        assert_eq!(of(&[1; 32], "a").len(), 22);
    }
}
