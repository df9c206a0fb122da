//! How long readers wait.

use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite};

use super::raw::{Raw, get};

/// Reads that are timed.
const READS: usize = 400;

/// The time within which 99 of 100 reads are answered.
pub(super) async fn p99(url: &str) -> Duration {
    p99_over(Raw::connect(url).await).await
}

/// The same over a connection that is there.
pub(super) async fn p99_over<S>(mut connection: Raw<S>) -> Duration
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut times = Vec::with_capacity(READS);
    for number in 0..READS {
        let path = ["/a/a", "/v1/embed/a", "/v1/articles/a", "/embed.js"][number % 4];
        let begun = Instant::now();
        assert!(connection.send(get(path)).await);
        let head = connection.head().await.expect("an answer");
        times.push(begun.elapsed());
        assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
    }
    times.sort_unstable();
    times[READS * 99 / 100]
}

/// What the reads of others may take while something goes on, where they took `usual` without it: 100 ms, on a
/// machine that has nothing else to do.
pub(super) fn bound(usual: Duration) -> Duration {
    Duration::from_millis(100).max(5 * usual)
}
