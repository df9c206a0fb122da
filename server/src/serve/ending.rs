//! How connections come to an end, in steps, so that nobody is cut off who was let in.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// Who was let in before the end, and has not asked anything yet, has so long to do so.
const FIRST_REQUEST: Duration = Duration::from_secs(1);

/// The steps, each of which holds from when it is taken.
#[derive(Clone, Default)]
pub(super) struct Ending {
    leaving: CancellationToken,
    closed: CancellationToken,
    over: CancellationToken,
}

impl Ending {
    /// Each answer is from now on the last of its connection, so that whoever comes again finds another server.
    pub(super) fn begin(&self) {
        self.leaving.cancel();
    }

    /// Nobody is accepted any more. Who is there may ask once more.
    pub(super) fn close(&self) {
        self.begin();
        self.closed.cancel();
    }

    /// Connections on which nothing is under way are closed.
    pub(super) fn finish(&self) {
        self.close();
        self.over.cancel();
    }

    /// Whether the next answer is its connection's last.
    pub(super) fn has_begun(&self) -> bool {
        self.leaving.is_cancelled()
    }

    /// Done with [`begin`](Self::begin).
    pub(super) async fn begun(&self) {
        self.leaving.cancelled().await;
    }

    /// Done with [`close`](Self::close).
    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// Done with [`finish`](Self::finish).
    pub(super) async fn over(&self) {
        self.over.cancelled().await;
    }

    /// Done when who has asked nothing yet is waited for no longer.
    pub(super) async fn over_for_the_unheard(&self) {
        self.over().await;
        sleep(FIRST_REQUEST).await;
    }
}
