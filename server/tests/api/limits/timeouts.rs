//! Who is slow is waited for so long and no longer. The waits are shorter here than an operator's.

use std::time::{Duration, Instant};

use article_server::serve::Limits;
use tokio::time::timeout;

use super::raw::{PATIENCE, Raw, get, limited};

const SHORT: Duration = Duration::from_millis(400);
/// A byte goes out this often: never so seldom that nothing comes for [`SHORT`].
const TICK: Duration = Duration::from_millis(50);

/// Sends what is left a byte at a time, for as long as the server takes it; what it answers.
async fn trickle(connection: &mut Raw, bytes: &[u8]) -> String {
    let mut ticks = tokio::time::interval(TICK);
    for byte in bytes {
        ticks.tick().await;
        let mut answered = [0];
        let is_over = tokio::select! {
            biased;
            peeked = connection.0.peek(&mut answered) => peeked.is_ok(),
            () = std::future::ready(()) => false,
        };
        if is_over || !connection.send([*byte]).await {
            break;
        }
    }
    connection.text().await
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_has_its_time_as_a_whole() {
    let server = limited(Limits { head: SHORT, ..Limits::default() }).await;
    let mut connection = Raw::connect(&server.url).await;
    assert_eq!(trickle(&mut connection, get("/healthz").repeat(4).as_bytes()).await, "");
}

#[tokio::test]
async fn a_connection_that_idles_between_two_requests_is_closed() {
    let server = limited(Limits { head: SHORT, ..Limits::default() }).await;
    let mut connection = Raw::connect(&server.url).await;
    for _ in 0..2 {
        assert!(connection.send(get("/healthz")).await);
        assert!(connection.head().await.unwrap().starts_with("HTTP/1.1 200 "));
    }
    let idle = Instant::now();
    assert_eq!(connection.text().await, "");
    assert!(idle.elapsed() < Limits::default().head);
}

#[tokio::test]
async fn with_http2_a_connection_that_says_nothing_is_closed_too() {
    let limits = Limits { head: SHORT, http2: true, ..Limits::default() };
    let server = limited(limits).await;
    for begun in ["", "P", "PRI * HTTP/2.0\r\n", "GE"] {
        let mut connection = Raw::connect(&server.url).await;
        assert!(connection.send(begun).await);
        assert_eq!(connection.text().await, "", "{begun}");
    }
}

const REPORT: &str = "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 200\r\n\r\n";

#[tokio::test]
async fn a_body_that_comes_byte_by_byte_has_its_time_as_a_whole() {
    let limits = Limits { body: SHORT, body_pause: PATIENCE, ..Limits::default() };
    let server = limited(limits).await;
    let mut connection = Raw::connect(&server.url).await;
    assert!(connection.send(REPORT).await);
    assert!(trickle(&mut connection, &[b' '; 200]).await.starts_with("HTTP/1.1 408 "));
}

#[tokio::test]
async fn a_body_that_stops_in_the_middle_is_waited_for_no_longer_than_a_pause() {
    let limits = Limits { body: PATIENCE, body_pause: SHORT, ..Limits::default() };
    let server = limited(limits).await;
    let mut connection = Raw::connect(&server.url).await;
    assert!(connection.send(format!("{REPORT}{{")).await);
    assert!(connection.text().await.starts_with("HTTP/1.1 408 "));
}

#[tokio::test]
async fn a_body_that_nobody_wants_keeps_no_connection() {
    let server = limited(Limits { head: SHORT, ..Limits::default() }).await;
    let mut connection = Raw::connect(&server.url).await;
    let request = "GET /healthz HTTP/1.1\r\nhost: a\r\ncontent-length: 200\r\n\r\n";
    assert!(connection.send(request).await);
    assert!(connection.text().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn an_answer_that_is_not_read_is_cut_off() {
    let server = limited(Limits { unread: SHORT, ..Limits::default() }).await;
    let length = 32 << 20;
    std::fs::write(server.folder.path().join("media/large.jpg"), vec![7; length]).unwrap();
    let mut connection = Raw::connect_narrow(&server.url).await;
    assert!(connection.send(get("/media/large.jpg")).await);
    // Polled for what cannot be seen from here: that the server has given up.
    let is_over = async {
        let mut ticks = tokio::time::interval(TICK);
        while connection.send("x").await {
            ticks.tick().await;
        }
    };
    timeout(PATIENCE, is_over).await.expect("it is closed");
    assert!(connection.rest().await.len() < length);
}
