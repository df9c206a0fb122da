//! Keeping a reader's feedback, whichever way it came.

use article_widget::contract::{FeedbackReceipt, FeedbackReport};
use axum::http::HeaderMap;
use data_encoding::{Encoding, Specification};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

use crate::client::Client;
use crate::metrics::Refusal;
use crate::problem::Problem;
use crate::state::Server;
use crate::store::{FeedbackKept, NewFeedback, Operation};

mod admission;
mod erasure;
mod secret;
mod suspicion;

pub use admission::Admission;
pub(crate) use erasure::with_list;
pub use erasure::{erase, erase_again};
pub use secret::Secret;

/// Crockford's base 32: no letter that is taken for a digit when read aloud.
static CROCKFORD: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.encoding().expect("thirty-two symbols")
});

/// What is answered where a key named a letter that is erased.
const ERASED: Problem = Problem::Conflict("the feedback of this Idempotency-Key was erased");

/// How a letter came, as far as that tells people from programs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner<'a> {
    /// A field was filled in that people leave empty.
    pub is_trapped: bool,
    /// It came faster than anyone types: see [`forms::SOONEST`](crate::forms::SOONEST).
    pub is_fast: bool,
    /// What may carry a proof; none where no script runs that could find one.
    pub headers: Option<&'a HeaderMap>,
}

/// Keeps a checked report about an article that readers may see. The same key and content again
/// gives the first answer, and takes nothing of what one place may send.
///
/// # Errors
/// [`Problem::NoArticle`]; [`Problem::Gone`]; [`Problem::ProofNeeded`] and [`Problem::TooMany`] where a
/// place, or all together, send much; [`Problem::Conflict`] where the key was used for other content, or for
/// what was erased; a failing store, or list of erasures.
pub async fn keep(
    server: &Server,
    report: FeedbackReport,
    idempotency_key: &str,
    client: &Client,
    manner: Manner<'_>,
) -> Result<FeedbackReceipt, Problem> {
    let kept = keep_if_admitted(server, report, idempotency_key, client, manner).await;
    kept.inspect_err(|problem| server.metrics.refusals.count(refusal(problem)))
}

/// What is said where a letter is one too many.
fn refusal(problem: &Problem) -> Option<Refusal> {
    match problem {
        Problem::TooMany => Some(Refusal::FeedbackRate),
        Problem::ProofNeeded(_) => Some(Refusal::FeedbackProof),
        _ => None,
    }
}

async fn keep_if_admitted(
    server: &Server,
    report: FeedbackReport,
    idempotency_key: &str,
    client: &Client,
    manner: Manner<'_>,
) -> Result<FeedbackReceipt, Problem> {
    server.visible_article(&report.article).await?;
    let secret = Secret::of(&server.signing_key, idempotency_key);
    let answer = |reference| FeedbackReceipt {
        reference,
        url: format!("{}/v1/feedback/{}", server.renderer.public_url, secret.reveal()),
    };
    if let Some(kept) = server.store.feedback(&secret.hash()).await? {
        return if kept.report == report {
            Ok(answer(kept.reference))
        } else {
            Err(Problem::KEY_REUSED)
        };
    }
    let reference = new_reference()?;
    let pass = server.admission.admit(client, &server.proofs, manner.headers)?;
    // The list is read from the disk, so that nobody has it read for nothing: not before the limits, and a key
    // that is on it costs what a letter does.
    match erasure::was_erased(server, &secret.hash()).await {
        Ok(false) => {}
        Ok(true) => return Err(ERASED),
        Err(problem) => {
            server.admission.take_back(client, &pass);
            return Err(problem);
        }
    }
    let held = suspicion::of_manner(&manner).or(pass.held).or(suspicion::of_text(&report));
    let feedback = new_feedback(server, report, idempotency_key, &secret, &reference);
    let feedback = NewFeedback { held, proof: pass.proof, ..feedback };
    let kept = server.store.save_feedback(&feedback);
    let kept = server.store.metrics().time(Operation::Feedback, kept).await;
    if !matches!(kept, Ok(FeedbackKept::New | FeedbackKept::Held(_))) {
        server.admission.take_back(client, &pass);
    }
    let kept = kept?;
    if matches!(kept, FeedbackKept::Held(_)) {
        server.metrics.refusals.count(Refusal::FeedbackHeld);
    }
    match kept {
        FeedbackKept::New | FeedbackKept::Held(_) => {
            server.outbox.wake();
            Ok(answer(reference))
        }
        FeedbackKept::Again { reference } => Ok(answer(reference)),
        FeedbackKept::KeyReused => Err(Problem::KEY_REUSED),
        FeedbackKept::ProofSpent => Err(server.proofs.needed()),
    }
}

/// What there is nothing to say against yet.
fn new_feedback(
    server: &Server,
    report: FeedbackReport,
    idempotency_key: &str,
    secret: &Secret,
    reference: &str,
) -> NewFeedback {
    let at = server.clock.now();
    NewFeedback {
        fingerprint: suspicion::fingerprint(&report.message),
        report,
        // With the signing key beside it, a key in clear would give the secret away.
        idempotency_key: hex::encode(Sha256::digest(idempotency_key)),
        secret_hash: secret.hash(),
        reference: reference.to_owned(),
        at,
        held: None,
        proof: None,
        announce: server.announcer.of_feedback(reference, at),
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
}
