//! HTTP/2 behind its flag, as a proxy speaks it.

use std::time::Duration;

use article_server::serve::Limits;

use super::http2_frames::{
    BAD_REQUEST, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, OK, SETTINGS, begin, frame, get,
    next, next_of, post, request,
};
use super::raw::{self, Raw, limited};
use crate::support::Server;

async fn speaking_http2() -> Server {
    limited(Limits { http2: true, ..Limits::default() }).await
}

#[tokio::test]
async fn without_the_flag_nobody_is_spoken_to_in_it() {
    let server = limited(Limits::default()).await;
    let mut connection = begin(&server.url, &[]).await;
    assert!(!connection.text().await.contains("HTTP/1.1 2"), "and it is no request either");
}

#[tokio::test]
async fn with_it_both_are_spoken_on_one_port() {
    let server = speaking_http2().await;
    let mut connection = begin(&server.url, &[]).await;
    for (number, path) in ["/healthz", "/a/a", "/v1/embed/a"].into_iter().enumerate() {
        let stream = 2 * u32::try_from(number).unwrap() + 1;
        assert!(connection.send(get(stream, path)).await);
        let headers = next_of(&mut connection, HEADERS).await.unwrap();
        assert_eq!((headers.stream, headers.payload[0]), (stream, OK), "{path}");
        assert!(!next_of(&mut connection, DATA).await.unwrap().payload.is_empty());
    }
    let mut other = Raw::connect(&server.url).await;
    assert!(other.send(raw::get("/healthz")).await);
    assert!(other.head().await.unwrap().starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_report_counts() {
    let server = speaking_http2().await;
    let mut connection = begin(&server.url, &[]).await;
    let view = r#"{"article":"a","view":"6b3a3f5e-1111-4222-8333-444455556666","page":""}"#;
    assert!(connection.send(post(1, "/v1/views")).await);
    assert!(connection.send(frame(DATA, END_STREAM, 1, view.as_bytes())).await);
    // A robot's: it has no user agent.
    let answer = next_of(&mut connection, DATA).await.unwrap();
    assert_eq!(String::from_utf8(answer.payload).unwrap(), r#"{"outcome":"refused"}"#);
}

#[tokio::test]
async fn a_request_is_for_one_host() {
    let server = speaking_http2().await;
    let mut connection = begin(&server.url, &[]).await;
    let other = [&[0, 4][..], b"host", &[1], b"b"].concat();
    for (number, fields) in
        [request("GET", "/healthz", ""), [request("GET", "/healthz", "a"), other].concat()]
            .into_iter()
            .enumerate()
    {
        let stream = 2 * u32::try_from(number).unwrap() + 1;
        assert!(connection.send(frame(HEADERS, END_STREAM | END_HEADERS, stream, &fields)).await);
        let headers = next_of(&mut connection, HEADERS).await.unwrap();
        assert_eq!((headers.stream, headers.payload[0]), (stream, BAD_REQUEST));
    }
}

#[tokio::test]
async fn the_server_says_what_it_takes() {
    let server = speaking_http2().await;
    let mut connection = begin(&server.url, &[]).await;
    let settings = next_of(&mut connection, SETTINGS).await.unwrap().payload;
    let value = |name: u8| {
        let setting = settings.chunks(6).find(|setting| setting[1] == name).unwrap();
        u32::from_be_bytes(setting[2..].try_into().unwrap())
    };
    const MAX_CONCURRENT_STREAMS: u8 = 3;
    const INITIAL_WINDOW_SIZE: u8 = 4;
    const MAX_HEADER_LIST_SIZE: u8 = 6;
    assert_eq!(value(MAX_CONCURRENT_STREAMS), 64);
    assert_eq!(value(INITIAL_WINDOW_SIZE), 64 << 10);
    assert_eq!(value(MAX_HEADER_LIST_SIZE), 32 << 10);
}

#[tokio::test]
async fn a_connection_that_is_old_takes_no_more_and_ends_also_where_an_answer_is_not_read() {
    let short = Duration::from_millis(300);
    let limits = Limits { http2: true, http2_age: short, unread: short, ..Limits::default() };
    let server = limited(limits).await;
    // Of each answer it takes nothing.
    const NO_WINDOW: [u8; 6] = [0, 4, 0, 0, 0, 0];
    let mut connection = begin(&server.url, &NO_WINDOW).await;
    assert!(connection.send(get(1, "/a/a")).await);
    assert_eq!(next_of(&mut connection, HEADERS).await.unwrap().payload[0], OK);
    assert!(next_of(&mut connection, GOAWAY).await.is_some());
    while next(&mut connection).await.is_some() {}
}

#[tokio::test]
async fn a_server_that_stops_finishes_what_is_under_way() {
    let server = speaking_http2().await;
    let mut connection = begin(&server.url, &[]).await;
    assert!(connection.send(get(1, "/a/a")).await);
    assert_eq!(next_of(&mut connection, HEADERS).await.unwrap().payload[0], OK);
    let (_, end) = tokio::join!(server.stop(), next_of(&mut connection, GOAWAY));
    assert!(end.is_some());
}
