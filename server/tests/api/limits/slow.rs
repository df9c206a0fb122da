//! A thousand clients that are slow in one of several ways, and readers beside them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use article_server::serve::raise_limit_of_files;
use tokio::io::AsyncReadExt as _;
use tokio::task::JoinSet;

use super::raw::{Raw, get};
use super::reads::{bound, p99, p99_over};
use super::secure::{Identity, Secure};
use crate::process::Process;
use crate::support::{article, save};

const CLIENTS: usize = 1_000;
/// A client does as little as this often.
const TICK: Duration = Duration::from_secs(1);

/// So often it is measured at most.
const TRIES: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Slow {
    /// Most of a head, then a byte at a time.
    Head,
    /// Most of a form, then a byte at a time.
    Body,
    /// A large picture, read a byte at a time.
    Read,
    /// Most of what begins a handshake, then a byte at a time.
    Handshake,
}

impl Slow {
    fn beginning(self) -> Vec<u8> {
        match self {
            Self::Head => {
                format!("GET /a/a HTTP/1.1\r\nhost: a\r\nx: {}", "y".repeat(30 << 10)).into()
            }
            Self::Body => {
                let head =
                    "POST /a/a/feedback HTTP/1.1\r\nhost: a\r\ncontent-length: 98000\r\n\r\n";
                format!("{head}{}", "x".repeat(97_000)).into()
            }
            Self::Read => get("/media/large.jpg").into(),
            // A record of TLS 1.0 on that is 16 KiB long, in it a first message of nearly that length.
            Self::Handshake => {
                let head = [22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc, 3, 3];
                [&head[..], &[7; 12 << 10]].concat()
            }
        }
    }

    /// What one such client may hold in the server's memory, in bytes: buffers are up to twice as large as
    /// what is in them.
    fn bound(self) -> usize {
        match self {
            Self::Head | Self::Read | Self::Handshake => 96 << 10,
            Self::Body => 256 << 10,
        }
    }

    /// Holds a connection for as long as the server lets it, again and again.
    async fn hold(self, url: String, held: Arc<AtomicUsize>) {
        loop {
            let mut connection = Raw::connect_narrow(&url).await;
            let is_begun = self.begins(&mut connection).await;
            held.fetch_add(1, Ordering::SeqCst);
            let mut ticks = tokio::time::interval(TICK);
            while is_begun && self.goes_on(&mut connection).await {
                ticks.tick().await;
            }
            held.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Whether it holds something from now on: a reader, once there is an answer. All of them asking at once are refused
    /// in part, and so would be who reads beside them.
    async fn begins(self, connection: &mut Raw) -> bool {
        let is_sent = connection.send(self.beginning()).await;
        is_sent && (!matches!(self, Self::Read) || self.goes_on(connection).await)
    }

    async fn goes_on(self, connection: &mut Raw) -> bool {
        match self {
            Self::Head | Self::Body | Self::Handshake => connection.send("z").await,
            Self::Read => connection.0.read_u8().await.is_ok(),
        }
    }
}

async fn hold_a_thousand(slow: Slow) {
    // Each connection is a file here, too.
    raise_limit_of_files();
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let media = folder.path().join("media");
    std::fs::write(media.join("large.jpg"), vec![7; 8 << 20]).unwrap();
    let identity = Identity::write(folder.path(), "first");
    let mut options = vec!["--media", media.to_str().unwrap()];
    if let Slow::Handshake = slow {
        options.extend(identity.options());
    }
    let server = Process::start(folder.path(), &options);
    let reads = async || match slow {
        Slow::Handshake => p99_over(Secure::to(&server.url, &identity).await).await,
        Slow::Head | Slow::Body | Slow::Read => p99(&server.url).await,
    };
    // Without them: in the same run, for what else the machine does slows both.
    let usual = reads().await;
    let before = server.memory();

    let held = Arc::new(AtomicUsize::new(0));
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(slow.hold(server.url.clone(), held.clone()));
    }
    while held.load(Ordering::SeqCst) < CLIENTS {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut beside = reads().await;
    // What else the machine does only makes it longer.
    for _ in 1..TRIES {
        if beside >= bound(usual) {
            beside = reads().await;
        }
    }
    let grown = server.memory().saturating_sub(before);
    assert!(held.load(Ordering::SeqCst) > CLIENTS * 9 / 10, "they are still there");
    clients.shutdown().await;

    println!("{slow:?}: p99 {usual:?} without, {beside:?} beside; {grown} bytes more");
    assert!(beside < bound(usual), "{slow:?}: {beside:?} beside them, {usual:?} without");
    let most = (CLIENTS * slow.bound()) as u64;
    assert!(grown < most, "{slow:?}: {grown} bytes more, where {most} is the bound");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_heads_keep_nobody_waiting() {
    hold_a_thousand(Slow::Head).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_bodies_keep_nobody_waiting() {
    hold_a_thousand(Slow::Body).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_readers_keep_nobody_waiting() {
    hold_a_thousand(Slow::Read).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_handshakes_keep_nobody_waiting() {
    hold_a_thousand(Slow::Handshake).await;
}
