//! Clients of HTTP/2 that ask for work and bring nothing. The server ends such a connection, and says why.

use std::time::Duration;

use article_server::serve::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::http2_frames::{
    CONTINUATION, DATA, END_HEADERS, HEADERS, OK, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE, begin,
    frame, get, next, next_of, post, request,
};
use super::raw::limited;
use crate::process::Process;
use crate::support::{Server, article, save};

/// Shorter than it takes the server to miss an answer to a ping of its own.
const SOON: Duration = Duration::from_secs(15);
const CANCEL: [u8; 4] = [0, 0, 0, 8];

async fn server() -> Server {
    limited(Limits { http2: true, ..Limits::default() }).await
}

/// Sends all of it, however long the server listens, and reads what comes: whether the connection ends.
async fn is_cut_off(url: &str, frames: impl Iterator<Item = Vec<u8>>) -> bool {
    let connection = begin(url, &[]).await;
    let (mut incoming, mut outgoing) = connection.0.into_split();
    let attack = async {
        for frame in frames {
            if outgoing.write_all(&frame).await.is_err() {
                break;
            }
        }
    };
    let end = async {
        let mut seen = Vec::new();
        // A reset is an end, too.
        let _ = incoming.read_to_end(&mut seen).await;
    };
    let ((), end) = tokio::join!(attack, timeout(SOON, end));
    end.is_ok()
}

fn odd(number: u32) -> u32 {
    2 * number + 1
}

#[tokio::test]
async fn requests_that_are_taken_back_at_once_end_the_connection() {
    let server = server().await;
    let resets = (0..5_000).map(|number| {
        [get(odd(number), "/a/a"), frame(RST_STREAM, 0, odd(number), &CANCEL)].concat()
    });
    assert!(is_cut_off(&server.url, resets).await);
    assert_eq!(server.get("/a/a").await.status(), 200);
}

#[tokio::test]
async fn echoes_settings_and_empty_pieces_without_end_do_too() {
    let server = server().await;
    let flood = |frame: Vec<u8>| is_cut_off(&server.url, std::iter::repeat_n(frame, 5_000));
    assert!(flood(frame(PING, 0, 0, &[7; 8])).await);
    assert!(flood(frame(SETTINGS, 0, 0, &[])).await);
    let body = std::iter::once(post(1, "/v1/views"));
    let empty = std::iter::repeat_n(frame(DATA, 0, 1, &[]), 5_000);
    assert!(is_cut_off(&server.url, body.chain(empty)).await);
    assert!(flood(frame(200, 0, 0, &[])).await, "of a kind that nobody knows");
}

#[tokio::test]
async fn a_head_without_end_does_too() {
    let server = server().await;
    let begin = frame(HEADERS, 0, 1, &request("GET", "/a/a", "a"));
    let more = std::iter::repeat_n(frame(CONTINUATION, 0, 1, &[0x40, 1, b'x', 1, b'y']), 50_000);
    assert!(is_cut_off(&server.url, std::iter::once(begin).chain(more)).await);
}

#[tokio::test]
async fn a_list_of_headers_that_is_too_long_is_not_taken() {
    let server = server().await;
    let mut connection = begin(&server.url, &[]).await;
    // One field that is indexed once and then named by one byte each time.
    let large = [&[0x40, 1, b'x', 100][..], &[b'y'; 100]].concat();
    let fields = [request("GET", "/a/a", "a"), large, vec![0xbe; 400]].concat();
    assert!(connection.send(frame(HEADERS, 1 | END_HEADERS, 1, &fields)).await);
    let refusal = loop {
        match next(&mut connection).await {
            Some(frame) if frame.kind == SETTINGS => {}
            other => break other,
        }
    };
    let refusal = refusal.expect("the connection is said to end, or the request is refused");
    assert!(refusal.kind != HEADERS || refusal.payload[0] != OK);
}

#[tokio::test]
async fn of_more_requests_than_a_connection_may_have_the_last_is_refused() {
    let server = server().await;
    let mut connection = begin(&server.url, &[]).await;
    for number in 0..=64 {
        assert!(connection.send(post(odd(number), "/v1/views")).await);
    }
    let refused = next_of(&mut connection, RST_STREAM).await.unwrap();
    const REFUSED_STREAM: [u8; 4] = [0, 0, 0, 7];
    assert_eq!((refused.stream, &refused.payload[..]), (odd(64), &REFUSED_STREAM[..]));
}

/// Connections, each with as many requests as it may have.
const CONNECTIONS: u64 = 16;
/// What one of them may cost: the bodies that may come unasked, twice.
const EACH: u64 = 2 << 20;

#[tokio::test]
async fn what_waits_on_a_connection_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &["--http2"]);
    let before = server.memory();
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = begin(&server.url, &[0, 4, 0, 0, 0, 0]).await;
        // It takes more of all bodies together than is usual.
        assert!(next_of(&mut connection, WINDOW_UPDATE).await.is_some());
        for number in 0..32 {
            // An answer that is not read, and a body that does not end.
            assert!(connection.send(get(odd(2 * number), "/a/a")).await);
            assert!(connection.send(post(odd(2 * number + 1), "/a/a/feedback")).await);
            let piece = frame(DATA, 0, odd(2 * number + 1), &[b'x'; 16 << 10]);
            assert!(connection.send(piece).await);
        }
        // All of it has come when its answers have.
        for _ in 0..32 {
            assert_eq!(next_of(&mut connection, HEADERS).await.unwrap().payload[0], OK);
        }
        held.push(connection);
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < CONNECTIONS * EACH + (16 << 20), "{grown} bytes more");
}
