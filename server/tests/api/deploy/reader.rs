//! A reader before a proxy, from an address of this machine that is theirs alone.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::json;
use tokio::net::{TcpSocket, TcpStream};

use super::proxy::Proxy;
use crate::limits::raw::Raw;
use crate::limits::secure::{Identity, Secure};
use crate::load::AGENT;

/// Somebody who reads.
pub(super) struct Reader<'a> {
    address: Ipv4Addr,
    proxy: &'a Proxy,
}

/// An answer, as it came.
pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) body: String,
}

impl<'a> Reader<'a> {
    /// One at this address.
    pub(super) fn at(address: Ipv4Addr, proxy: &'a Proxy) -> Self {
        Self { address, proxy }
    }

    /// Gets what is there, saying this beside it.
    pub(super) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask(&request("GET", path, headers, "")).await
    }

    /// Reports that they view the article, under this id, and says that they are somebody else.
    pub(super) async fn view(&self, article: &str, id: &str, pretended: &str) -> Answer {
        let page = "https://partner.example/";
        let view = json!({ "article": article, "view": id, "page": page }).to_string();
        let headers = [
            ("user-agent", AGENT),
            ("content-type", "application/json"),
            ("idempotency-key", id),
            ("x-forwarded-for", pretended),
            ("forwarded", &format!("for={pretended}")),
        ];
        self.ask(&request("POST", "/v1/views", &headers, &view)).await
    }

    /// The same page in clear.
    pub(super) async fn get_in_clear(&self, path: &str) -> Answer {
        let mut connection = Raw(self.connect(self.proxy.plain).await);
        assert!(connection.send(request("GET", path, &[], "")).await);
        Answer::read(&connection.text().await)
    }

    /// Says what is no TLS where TLS is spoken, and waits for the end of it.
    pub(super) async fn babble(&self) {
        let mut connection = Raw(self.connect(self.proxy.secure).await);
        assert!(connection.send("GET / HTTP/1.0\r\n\r\n").await);
        connection.rest().await;
    }

    async fn ask(&self, request: &str) -> Answer {
        let stream = self.connect(self.proxy.secure).await;
        let identity: &Identity = &self.proxy.identity;
        let mut connection = Raw(Secure::over(stream, identity, &[]).await.unwrap());
        assert!(connection.send(request).await);
        Answer::read(&connection.text().await)
    }

    async fn connect(&self, to: SocketAddr) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((self.address, 0).into()).unwrap();
        socket.connect(to).await.unwrap()
    }
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: news.example\r\nconnection: close\r\n\
         {headers}content-length: {length}\r\n\r\n{body}"
    )
}

impl Answer {
    fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").expect(text);
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect(head);
        Self { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// The header's value; empty where there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = lines.filter(|(of, _)| of.eq_ignore_ascii_case(name));
        values.next().map_or("", |(_, value)| value)
    }
}
