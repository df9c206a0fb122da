//! How long what readers write is kept.

use crate::clock::UnixSeconds;
use crate::erasures::Erasures;
use crate::state::Server;
use crate::store::{FeedbackStore, ProofStore, RatingStore};
use crate::time::utc_day;

const DAY: i64 = 24 * 3600;
/// The list of erasures is kept for so many days longer than feedback: backups of the last of it.
const LIST_DAYS: i64 = 31;

/// When feedback that was taken then has been kept for `days`.
pub fn end(at: UnixSeconds, days: u32) -> UnixSeconds {
    at.saturating_add(i64::from(days) * DAY)
}

/// Erases feedback and the words of ratings that are older than the publisher keeps them, and forgets what
/// erasures and proofs there is no use for any more.
///
/// # Errors
/// A failing store, or a list that cannot be written: what is left goes the next time.
pub async fn erase_what_is_old(server: &Server) -> anyhow::Result<()> {
    erase_from_store(server).await?;
    forget_erasures(server).await
}

/// The part of it that is in the store.
///
/// # Errors
/// A failing store.
pub async fn erase_from_store(server: &Server) -> anyhow::Result<()> {
    erase(&*server.store, server.clock.now(), server.feedback_days).await
}

/// The part of it that is the store's.
///
/// # Errors
/// A failing store.
pub async fn erase<S>(store: &S, now: UnixSeconds, days: u32) -> anyhow::Result<()>
where
    S: FeedbackStore + RatingStore + ProofStore + ?Sized,
{
    let before = now - i64::from(days) * DAY;
    let letters = store.forget_feedback(before).await?;
    let words = store.forget_words(before).await?;
    if letters + words > 0 {
        tracing::info!(letters, words, "erased what was kept long enough");
    }
    // A day later than they are over: a clock that was ahead makes none good again.
    Ok(store.forget_proofs(now - DAY).await?)
}

/// The part of it that is in this server's list.
///
/// # Errors
/// A list that cannot be written.
pub async fn forget_erasures(server: &Server) -> anyhow::Result<()> {
    let (now, days) = (server.clock.now(), server.feedback_days);
    let day = utc_day(now - (i64::from(days) + LIST_DAYS) * DAY);
    let list: Erasures = server.erasures.clone();
    Ok(tokio::task::spawn_blocking(move || list.forget_before(day)).await??)
}
