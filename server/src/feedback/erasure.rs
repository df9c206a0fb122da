//! Erasing feedback because somebody asks, for good.

use std::io;

use crate::erasures::{Erased, Erasures};
use crate::problem::Problem;
use crate::state::Server;
use crate::store::{FeedbackStore, SecretHash, StoreError};
use crate::time::utc_day;

/// Letters that are looked at in one read.
const PIECE: u32 = 1_000;

/// Erases the feedback that this hashed secret opens: whether there was one. It goes onto the list of
/// erasures first, so that a backup which is put back forgets it too. The only way to erase by request.
///
/// # Errors
/// A list that cannot be written, or a failing store: then ask again. Of a list that failed nothing
/// was erased.
pub async fn erase(server: &Server, secret_hash: &SecretHash) -> Result<bool, Problem> {
    // What there never was is not to make the list longer.
    if server.store.feedback(secret_hash).await?.is_none() {
        return Ok(false);
    }
    let (name, day) = (*secret_hash, utc_day(server.clock.now()));
    with_list(server, move |list| list.add(&name, day)).await?;
    Ok(server.store.erase_feedback(secret_hash).await?)
}

/// Whether a letter with this hashed secret was erased, and would be again when a server starts: what is sent
/// again under its key is another letter, and takes another key.
///
/// # Errors
/// A list that cannot be read.
pub(super) async fn was_erased(server: &Server, secret_hash: &SecretHash) -> Result<bool, Problem> {
    let name = *secret_hash;
    with_list(server, move |list| list.holds(&name)).await
}

/// Works with the list on a thread that may block.
pub(crate) async fn with_list<T: Send + 'static>(
    server: &Server,
    work: impl FnOnce(&Erasures) -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let list = server.erasures.clone();
    let done = tokio::task::spawn_blocking(move || work(&list)).await;
    done.map_err(|panic| Problem::Internal(panic.into()))?.map_err(|error| {
        let cause = anyhow::Error::from(error).context("the list of erasures fails");
        Problem::Store(StoreError::Unavailable(cause))
    })
}

/// Erases what is on the list and in the store all the same: says how many letters that were.
///
/// # Errors
/// A failing store.
pub async fn erase_again<S>(store: &S, erased: &Erased) -> Result<usize, StoreError>
where
    S: FeedbackStore + ?Sized,
{
    let (mut again, mut after) = (0, 0);
    while !erased.is_empty() {
        let letters = store.feedback_secrets(after, PIECE).await?;
        let Some((last, _)) = letters.last() else { break };
        after = *last;
        for (_, secret_hash) in letters.iter().filter(|(_, hash)| erased.holds(hash)) {
            again += usize::from(store.erase_feedback(secret_hash).await?);
        }
    }
    Ok(again)
}
