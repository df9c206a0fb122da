//! How many connections there may be: in all, and from one place.

use article_server::config::Config;
use article_server::serve::Limits;

use super::raw::{Raw, get, limited};
use crate::support::{Server, config};

async fn is_answered(connection: &mut Raw) -> bool {
    connection.send(get("/healthz")).await && connection.head().await.is_some()
}

#[tokio::test]
async fn one_place_has_its_share_of_connections_and_the_next_is_closed() {
    let server = limited(Limits { from_one_place: 3, ..Limits::default() }).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut connection = Raw::connect(&server.url).await;
        assert!(is_answered(&mut connection).await);
        held.push(connection);
    }
    assert!(!is_answered(&mut Raw::connect(&server.url).await).await);
    drop(held.pop());
    // When the server has seen that, there is room again.
    while !is_answered(&mut Raw::connect(&server.url).await).await {}
}

#[tokio::test]
async fn a_trusted_proxy_has_as_many_as_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { from_one_place: 1, ..Limits::default() };
    let trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let config = Config { limits, trusted_proxies, ..config(folder.path()) };
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut connection = Raw::connect(&server.url).await;
        assert!(is_answered(&mut connection).await);
        held.push(connection);
    }
}

#[tokio::test]
async fn beyond_all_connections_the_next_one_waits_its_turn() {
    let server = limited(Limits { connections: 2, ..Limits::default() }).await;
    let mut held = [Raw::connect(&server.url).await, Raw::connect(&server.url).await];
    for connection in &mut held {
        assert!(is_answered(connection).await);
    }
    let mut next = Raw::connect(&server.url).await;
    assert!(next.send(get("/healthz")).await);
    let (a, b) = tokio::join!(
        next.head(),
        // The others are still served, and only when one of them goes is it the next one's turn.
        async {
            let [mut first, second] = held;
            assert!(is_answered(&mut first).await);
            drop(second);
            first
        },
    );
    assert!(a.unwrap().starts_with("HTTP/1.1 200 "));
    drop(b);
}
