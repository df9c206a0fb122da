//! A server that has much to do, or that waits for slow clients. It is called without a connection.

use std::future::ready;
use std::pin::Pin;
use std::sync::Arc;

use article_server::clock::SystemClock;
use article_server::router::router;
use article_server::state::{AppState, Server};
use article_server::store;
use article_server::tally::{Settings, Tally};
use article_server::time::Calendar;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use futures_util::stream;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::support::{article, config, save, widget};

async fn server() -> (TempDir, AppState) {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let config = config(folder.path());
    let calendar = Calendar::new(config.time_zone.clone());
    let store = store::open(&config.database, &calendar).await.unwrap();
    let tally = Arc::new(Tally::start(store.clone(), Settings::default()));
    let (url, clock) = ("https://news.example", Arc::new(SystemClock));
    let server = Server::new(store, &config, url, widget("0.1.0-test"), tally, [7; 32], clock);
    (folder, Arc::new(server))
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
}
