//! How long readers wait.

use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite};

use super::raw::{Raw, get};

/// Reads that are timed.
const READS: usize = 400;

/// One in so many is somebody's first: they have to connect before.
const NEW: usize = 4;

/// The time within which 99 of 100 reads are answered, with the wait of those who have to connect.
pub(super) async fn p99(url: &str) -> Duration {
    let mut times = Vec::with_capacity(READS);
    let mut connection = Raw::connect(url).await;
    for number in 0..READS {
        let begun = Instant::now();
        if number % NEW == 0 {
            connection = Raw::connect(url).await;
        }
        read(&mut connection, number).await;
        times.push(begun.elapsed());
    }
    of(times)
}

/// The same over a connection that is there.
pub(super) async fn p99_over<S>(mut connection: Raw<S>) -> Duration
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut times = Vec::with_capacity(READS);
    for number in 0..READS {
        let begun = Instant::now();
        read(&mut connection, number).await;
        times.push(begun.elapsed());
    }
    of(times)
}

async fn read<S>(connection: &mut Raw<S>, number: usize)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    // Each of them over a connection that is new, and over one that is not.
    let path = ["/a/a", "/v1/embed/a", "/v1/articles/a", "/embed.js"][number / NEW % 4];
    assert!(connection.send(get(path)).await);
    let head = connection.head().await.expect("an answer");
    assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
}

fn of(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[READS * 99 / 100]
}

/// What the reads of others may take while something goes on, where they took `usual` without it: 100 ms, on a
/// machine that has nothing else to do.
pub(super) fn bound(usual: Duration) -> Duration {
    Duration::from_millis(100).max(5 * usual)
}
