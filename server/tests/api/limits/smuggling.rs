//! Requests that two servers in a row may read differently, so that the end of one is to the other the
//! beginning of the next. Each is refused, and ends its connection.

use article_server::serve::Limits;

use super::raw::{Raw, get, limited};
use crate::support::Server;

/// What would be answered with 200 where the first request ended before it.
fn hidden() -> String {
    get("/healthz")
}

/// Sends a request and then another one: each status that comes, and whether the connection ended.
async fn statuses(server: &Server, request: &str) -> Vec<String> {
    let mut connection = Raw::connect(&server.url).await;
    assert!(connection.send(format!("{request}{}", hidden())).await);
    let text = connection.text().await;
    let statuses = text.match_indices("HTTP/1.1 ").map(|(place, _)| text[place + 9..][..3].into());
    statuses.collect()
}

async fn refuses(requests: &[&str]) {
    let server = limited(Limits::default()).await;
    for request in requests {
        assert_eq!(statuses(&server, request).await, ["400"], "{request:?}");
    }
}

#[tokio::test]
async fn a_body_has_one_length_and_one_way_to_say_it() {
    refuses(&[
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\ncontent-length: 3\r\n\r\nabc",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nabc",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 3, 3\r\n\r\nabc",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: -3\r\n\r\nabc",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 0x3\r\n\r\nabc",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 3 3\r\n\r\nabc",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length:\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: 18446744073709551619\r\n\r\nabc",
    ])
    .await;
}

#[tokio::test]
async fn no_transfer_encoding_is_taken_so_no_chunk_can_hide_anything() {
    refuses(&[
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0;a=b\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ntransfer-encoding: identity\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n",
        "POST /v1/views HTTP/1.1\r\nhost: a\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n",
        "POST /v1/views HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    ])
    .await;
    let extension = "x".repeat(20_000);
    let chunks = format!("2;{extension}\r\nab\r\n0\r\n\r\n");
    let head = "POST /v1/views HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    refuses(&[&format!("{head}{chunks}")]).await;
}

#[tokio::test]
async fn lines_end_in_cr_and_lf_and_begin_with_a_name() {
    refuses(&[
        "GET /healthz HTTP/1.1\nhost: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\n\n",
        "GET /healthz HTTP/1.1\nhost: a\n\n",
        "\nGET /healthz HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\rx-y: z\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-y: z\r\rw\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-folded: y\r\n z\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-folded: y\r\n\tcontent-length: 30\r\n\r\n",
        "GET /healthz HTTP/1.1\r\n host: a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost : a\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\ncontent-length : 30\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\ntransfer-encoding : chunked\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\ncontent_length\x0b: 30\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\n: 30\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\nno-colon\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\nx-nul: \0\r\n\r\n",
        "GET  /healthz HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /healthz  HTTP/1.1\r\nhost: a\r\n\r\n",
        "GET /healthz HTTP/1.2\r\nhost: a\r\n\r\n",
    ])
    .await;
}

#[tokio::test]
async fn a_request_is_for_one_host() {
    refuses(&[
        "GET /healthz HTTP/1.1\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nhost: a\r\nhost: a\r\n\r\n",
        "GET http://b/healthz HTTP/1.1\r\nhost: a\r\n\r\n",
    ])
    .await;
}

#[tokio::test]
async fn requests_in_order_are_answered_one_after_another() {
    let server = limited(Limits::default()).await;
    let mut connection = Raw::connect(&server.url).await;
    let (first, body) = ("POST /v1/views HTTP/1.1\r\nhost: a\r\ncontent-length: ", hidden());
    // A body that looks like a request, and has lines of its own.
    let body = format!("\n{body}");
    let absolute = "GET http://a/healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    let all = format!("\r\n{first}{}\r\n\r\n{body}{absolute}{}", body.len(), hidden());
    assert!(connection.send(all).await);
    assert!(connection.head().await.unwrap().starts_with("HTTP/1.1 400 "), "it is no view");
    assert!(connection.head().await.unwrap().starts_with("HTTP/1.1 200 "));
    assert!(connection.head().await.unwrap().starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_head_has_so_many_bytes_and_lines() {
    let server = limited(Limits::default()).await;
    let with = |lines: String| format!("GET /healthz HTTP/1.1\r\nhost: a\r\n{lines}\r\n");
    let line = |number| format!("x-{number}: y\r\n");
    let close = "connection: close\r\n".to_owned();
    let answer = async |request: String| {
        let mut connection = Raw::connect(&server.url).await;
        // The server may close before it has all of it.
        connection.send(request).await;
        connection.head().await.unwrap()[9..12].to_owned()
    };
    assert_eq!(answer(with((0..98).map(line).collect::<String>() + &close)).await, "200");
    assert_eq!(answer(with((0..100).map(line).collect())).await, "431");
    assert_eq!(answer(with(format!("x: {}\r\n", "y".repeat(28 << 10)))).await, "200");
    assert_eq!(answer(with(format!("x: {}\r\n", "y".repeat(40 << 10)))).await, "431");
    assert_eq!(answer(get(&format!("/{}", "y".repeat(40 << 10)))).await, "431");
}
