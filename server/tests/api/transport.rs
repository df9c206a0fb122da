//! What lies below the resources: methods, connections, stopping.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Server, article, header, problem};

/// Sends bytes and gives back what comes until the connection ends.
async fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn an_address_that_is_none_and_a_method_that_is_not_taken_are_told_apart() {
    let server = Server::with(&[]).await;
    problem(server.get("/nowhere").await, 404).await;
    let response = server.request("PUT", "/v1/views").send().await.unwrap();
    assert!(header(&response, "allow").contains("POST"));
    problem(response, 405).await;
}

#[tokio::test]
async fn a_request_that_two_servers_may_read_differently_is_refused() {
    let server = Server::with(&[]).await;
    let host = "host: news.example\r\nconnection: close\r\n";
    for (head, body) in [
        ("connection: close\r\n".to_owned(), ""),
        (format!("{host}host: other.example\r\n"), ""),
        (format!("{host}content-length: 3\r\ntransfer-encoding: chunked\r\n"), "0\r\n\r\n"),
        (format!("{host}transfer-encoding: chunked\r\ncontent-length: 3\r\n"), "0\r\n\r\n"),
    ] {
        let answer = raw(&server, &format!("GET /healthz HTTP/1.1\r\n{head}\r\n{body}")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{head}: {answer}");
    }
    let answer = raw(&server, &format!("GET /healthz HTTP/1.1\r\n{host}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn the_server_lives_and_is_ready_and_stops_when_told() {
    let server = Server::with(&[article("a")]).await;
    assert_eq!(server.get("/healthz").await.status(), 200);
    assert_eq!(server.get("/readyz").await.status(), 200);
    let url = server.url.clone();
    server.stop().await;
    assert!(reqwest::get(url).await.is_err());
}

#[tokio::test]
async fn a_silent_connection_is_closed() {
    let server = Server::with(&[]).await;
    let started = tokio::time::Instant::now();
    assert_eq!(raw(&server, "GET /healthz HTTP/1.1\r\nhost: x\r\n").await, "");
    assert!(started.elapsed().as_secs() < 15);
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused_before_it_ends() {
    let server = Server::with(&[]).await;
    let mut stream = TcpStream::connect(server.url.strip_prefix("http://").unwrap()).await.unwrap();
    let head =
        format!("GET /healthz HTTP/1.1\r\nhost: news.example\r\nx-long: {}", "x".repeat(70_000));
    // The server may close before it has all of it.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = [0; 13];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431 ");
}
