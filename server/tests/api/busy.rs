//! A server that has much to do, or that waits for slow clients. It is called without a connection.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use article_server::clock::{Clock as _, SystemClock};
use article_server::forms::Ticket;
use article_server::metrics;
use article_server::router::router;
use article_server::state::{AppState, Server};
use article_server::store;
use article_server::tally::{Settings, Tally};
use article_server::time::Calendar;
use article_widget::contract::ArticleId;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use futures_util::stream;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::letter::{form, said};
use crate::metrics::refusals::read;
use crate::support::{article, config, save, widget};

async fn server() -> (TempDir, AppState) {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let config = config(folder.path());
    let calendar = Calendar::new(config.time_zone.clone());
    let store = store::open(&config.database, &calendar).await.unwrap();
    let tally = Arc::new(Tally::start(store.clone(), Settings::default()));
    let (url, clock) = ("https://news.example", Arc::new(SystemClock));
    let server =
        Server::new(store, &config, url, widget("0.1.0-test"), tally, [7; 32].into(), clock);
    (folder, Arc::new(server.unwrap()))
}

/// What was refused so far, by reason.
async fn refused(server: &AppState) -> Vec<(String, u64)> {
    let counts = read(&metrics::render(server).await.unwrap());
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

async fn get(router: &Router, path: &str) -> StatusCode {
    let request = Request::get(path).header("host", "news.example").body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

/// A report whose body never ends, begun.
async fn begin_report(router: &Router) -> Pin<Box<dyn Future<Output = StatusCode> + Send>> {
    let body = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    let request = Request::post("/v1/views").header("host", "news.example");
    let request = request.header("content-length", "100").body(body).unwrap();
    let router = router.clone();
    let mut answer = Box::pin(async move { router.oneshot(request).await.unwrap().status() });
    tokio::select! {
        biased;
        status = &mut answer => panic!("an answer before the body has come: {status}"),
        () = ready(()) => answer,
    }
}

#[tokio::test]
async fn senders_that_never_finish_keep_nobody_from_reading() {
    let (_folder, server) = server().await;
    let router = router(server);
    let mut unfinished = Vec::new();
    for _ in 0..600 {
        unfinished.push(begin_report(&router).await);
    }
    assert_eq!(get(&router, "/a/a").await, StatusCode::OK);
    assert_eq!(unfinished.pop().unwrap().await, StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test]
async fn what_is_more_than_the_server_works_on_is_told_to_come_back() {
    let (_folder, server) = server().await;
    let router = router(server.clone());
    let all = server.in_flight.available_permits().try_into().unwrap();
    let reads = server.in_flight.clone().try_acquire_many_owned(all).unwrap();
    assert_eq!(get(&router, "/a/a").await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(get(&router, "/healthz").await, StatusCode::OK);
    drop(reads);
    assert_eq!(get(&router, "/a/a").await, StatusCode::OK);
    assert_eq!(refused(&server).await, [("reads_full".to_owned(), 1)]);
}

#[tokio::test]
async fn what_was_typed_comes_back_from_a_server_that_has_too_much_to_do() {
    let (_folder, server) = server().await;
    let router = router(server.clone());
    let all = server.writes_in_flight.available_permits().try_into().unwrap();
    let writes = server.writes_in_flight.clone().try_acquire_many_owned(all).unwrap();
    let ticket =
        Ticket::issue(&[7; 32].into(), &ArticleId::parse("a").unwrap(), SystemClock.now() - 60);
    let send = async || {
        let request = Request::post("/a/a/feedback").header("host", "news.example");
        let request = request.header("accept", "text/html");
        let answer =
            router.clone().oneshot(request.body(Body::from(form(&ticket, &[]))).unwrap()).await;
        let answer = answer.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let html = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, headers, String::from_utf8(html.into()).unwrap())
    };
    let (status, headers, html) = send().await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(headers.contains_key("retry-after"));
    assert!(html.contains(said("form.busy")) && html.contains("Dòng một\nDòng hai</textarea>"));
    let view = Request::post("/v1/views").header("host", "news.example").body(Body::from("{}"));
    let answer = router.clone().oneshot(view.unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused(&server).await, [("writes_full".to_owned(), 2)]);
    drop(writes);
    // A store that does not answer at all: not even the article's title is known.
    server.store.close().await.unwrap();
    let (status, _, html) = send().await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(html.contains(said("form.busy")) && html.contains("Dòng một\nDòng hai</textarea>"));
    assert!(html.contains(&ticket.key), "it stays the same letter");
}
