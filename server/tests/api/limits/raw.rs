//! A connection over which bytes are sent as they are.

use std::net::Ipv4Addr;
use std::time::Duration;

use article_server::config::Config;
use article_server::serve::Limits;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::load::AGENT;
use crate::support::{Server, article, config, save};

/// Longer than anything here takes on a machine that does much else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A server with one article, `a`, that is held to these limits.
pub(super) async fn limited(limits: Limits) -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let config = Config { limits, ..config(folder.path()) };
    Server::configured(folder, "0.1.0-test", config).await
}

/// A connection to a server, in clear or not.
pub(crate) struct Raw<S = TcpStream>(pub(crate) S);

impl Raw {
    /// Connects to the server of this URL.
    pub(super) async fn connect(url: &str) -> Self {
        Self(TcpStream::connect(url.strip_prefix("http://").unwrap()).await.unwrap())
    }

    /// The same for a client that takes in little before it reads.
    pub(super) async fn connect_narrow(url: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 << 10).unwrap();
        let address = url.strip_prefix("http://").unwrap().parse().unwrap();
        Self(socket.connect(address).await.unwrap())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Raw<S> {
    /// Sends bytes; whether they went out.
    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.0.write_all(bytes.as_ref()).await.is_ok()
    }

    /// What comes until the server ends the connection.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        let mut answer = Vec::new();
        // One that is cut off is over as well.
        let _ = timeout(PATIENCE, self.0.read_to_end(&mut answer)).await.expect("it ends");
        answer
    }

    /// The same as text.
    pub(crate) async fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.rest().await).into_owned()
    }

    /// The head of the next answer, whose body is as long as it says; none where the connection is over.
    pub(super) async fn head(&mut self) -> Option<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let byte = timeout(PATIENCE, self.0.read_u8()).await.expect("it says something");
            head.push(byte.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        timeout(PATIENCE, self.0.read_exact(&mut body)).await.expect("the body comes").ok()?;
        Some(head)
    }

    /// The status of the next answer, and whether it says when to come back.
    pub(super) async fn told(&mut self) -> (String, bool) {
        let head = self.head().await.expect("an answer");
        (head[9..12].to_owned(), head.contains("\r\nretry-after: "))
    }
}

/// A request that posts this, as a proxy hands it on from a place of its own.
pub(super) fn post(path: &str, number: u32, body: &Value) -> String {
    let (body, place) = (body.to_string(), Ipv4Addr::from_bits(0x0b00_0000 + number));
    let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\nuser-agent: {AGENT}");
    let length = body.len();
    format!("{head}\r\nx-forwarded-for: {place}\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// A request for this path, which keeps the connection.
pub(super) fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: news.example\r\n\r\n")
}
