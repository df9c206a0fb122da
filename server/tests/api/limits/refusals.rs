//! What is refused at the socket is counted, by reason, each time once. Here an operator's waits are waited for.

use std::path::Path;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::http2_frames::{
    BAD_REQUEST, CONTINUATION, END_HEADERS, END_STREAM, HEADERS, PING, RST_STREAM, begin, frame,
    get as get_by, next_of, request,
};
use super::raw::{Raw, get};
use super::secure::{Identity, Secure};
use crate::metrics::refusals::Refusals;
use crate::process::Process;
use crate::support::{article, save};

/// A server at which each of these requests is a reader's.
async fn start(more: impl FnOnce(&Path) -> Vec<String>) -> (TempDir, Process, Refusals) {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let options = [vec!["--metrics-listen".into(), "127.0.0.1:0".into()], more(folder.path())];
    let options = options.concat();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let server = Process::start_without_proxy(folder.path(), &options);
    let refusals = Refusals::of(&server).await;
    (folder, server, refusals)
}

/// Sends bytes, and gives what comes until the server ends the connection.
async fn sent(url: &str, bytes: &str) -> String {
    let mut connection = Raw::connect(url).await;
    // The server may close before it has all of it.
    connection.send(bytes).await;
    let mut answer = connection.text().await;
    answer.truncate("HTTP/1.1 400".len());
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn heads() {
    let (_folder, server, mut refusals) = start(|_| Vec::new()).await;
    let long = format!("GET / HTTP/1.1\r\nhost: a\r\nx: {}", "y".repeat(70_000));
    let many = format!("GET / HTTP/1.1\r\nhost: a\r\n{}\r\n", "x: y\r\n".repeat(200));
    for (head, status, reason) in [
        ("GET / HTTP/1.1\nhost: a\r\n\r\n", 400, "malformed_head"),
        ("GET / HTTP/1.1\r\nho st: a\r\n\r\n", 400, "malformed_head"),
        ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3, 3\r\n\r\nabc", 400, "malformed_head"),
        ("GET / HTTP/1.1\r\n\r\n", 400, "ambiguous_head"),
        ("GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n", 400, "ambiguous_head"),
        ("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n", 400, "ambiguous_head"),
        (&long, 431, "large_head"),
        (&many, 431, "large_head"),
    ] {
        assert_eq!(sent(&server.url, head).await, format!("HTTP/1.1 {status}"), "{head:.80}");
        refusals.rise(&[(reason, 1)]).await;
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_slow_and_not_who_is_idle() {
    let (_folder, server, mut refusals) = start(|_| Vec::new()).await;
    let head = "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length";
    let body = format!("{head}: 200\r\n\r\n{{");
    let mut kept = Raw::connect(&server.url).await;
    assert!(kept.send(get("/healthz")).await && kept.head().await.is_some());
    let (slow, silent, idle, body) = tokio::join!(
        sent(&server.url, "GET /healthz HTTP/1.1\r\n"),
        sent(&server.url, ""),
        kept.text(),
        sent(&server.url, &body),
    );
    assert_eq!([&slow, &silent, &idle], ["", "", ""]);
    assert_eq!(body, "HTTP/1.1 408");
    refusals.rise(&[("slow_head", 1), ("slow_body", 1)]).await;
    let large = "x".repeat(5_000);
    let large = format!("{head}: 5000\r\nconnection: close\r\n\r\n{large}");
    assert_eq!(sent(&server.url, &large).await, "HTTP/1.1 413");
    refusals.rise(&[("large_body", 1)]).await;
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_of_one_place() {
    let (_folder, server, mut refusals) = start(|_| Vec::new()).await;
    // All at once: who idles for too long is let go.
    let mut connecting = JoinSet::new();
    for _ in 0..128 {
        let url = server.url.clone();
        connecting.spawn(async move {
            let mut connection = Raw::connect(&url).await;
            assert!(connection.send(get("/healthz")).await && connection.head().await.is_some());
            connection
        });
    }
    let held = connecting.join_all().await;
    refusals.rise(&[]).await;
    for _ in 0..2 {
        assert_eq!(sent(&server.url, "").await, "");
        refusals.rise(&[("place_full", 1)]).await;
    }
    drop(held);
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn handshakes() {
    let mut identity = None;
    let (folder, server, mut refusals) = start(|folder| {
        let first = identity.insert(Identity::write(folder, "first"));
        first.options().map(ToOwned::to_owned).into()
    })
    .await;
    let (identity, other) = (identity.unwrap(), Identity::write(folder.path(), "other"));
    let mut connection = Secure::to(&server.url, &identity).await;
    assert!(connection.send("GET / HTTP/1.1\nhost: a\r\n\r\n").await);
    assert!(connection.text().await.starts_with("HTTP/1.1 400 "));
    refusals.rise(&[("malformed_head", 1)]).await;
    sent(&server.url, &get("/healthz")).await;
    refusals.rise(&[("tls_failed", 1)]).await;
    let stream = Raw::connect(&server.url).await.0;
    assert!(Secure::over(stream, &other, &[]).await.is_err(), "it trusts another one");
    refusals.rise(&[("tls_failed", 1)]).await;
    // Who looks whether the port is open has broken nothing off.
    let _: TcpStream = Raw::connect(&server.url).await.0;
    assert_eq!(sent(&server.url, "\x16\x03\x01").await, "");
    refusals.rise(&[("tls_slow", 1)]).await;
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn http2() {
    let (_folder, server, mut refusals) = start(|_| vec!["--http2".into()]).await;
    let mut connection = begin(&server.url, &[]).await;
    let nameless = request("GET", "/healthz", "");
    assert!(connection.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, &nameless)).await);
    let headers = next_of(&mut connection, HEADERS).await.unwrap();
    assert_eq!(headers.payload[0], BAD_REQUEST);
    refusals.rise(&[("ambiguous_head", 1)]).await;

    let echoes = vec![frame(PING, 0, 0, &[7; 8]); 5_000];
    let resets = (0..5_000).map(|number| {
        let stream = 2 * number + 1;
        [get_by(stream, "/a/a"), frame(RST_STREAM, 0, stream, &[0, 0, 0, 8])].concat()
    });
    let endless = frame(HEADERS, 0, 1, &request("GET", "/a/a", "a"));
    let pieces = vec![frame(CONTINUATION, 0, 1, &[0x40, 1, b'x', 1, b'y']); 5_000];
    for frames in [echoes, resets.collect(), [vec![endless], pieces].concat()] {
        let mut flood = begin(&server.url, &[]).await;
        for frame in frames {
            if !flood.send(frame).await {
                break;
            }
        }
        flood.rest().await;
        refusals.rise(&[("http2_flood", 1)]).await;
    }

    let (begun, silent) = tokio::join!(sent(&server.url, "PRI * HT"), sent(&server.url, ""));
    assert_eq!([begun, silent], ["", ""]);
    refusals.rise(&[("slow_head", 1)]).await;
    server.stop();
}
