//! Frames of HTTP/2, made and read by hand (RFC 9113, RFC 7541), over a connection of prior knowledge.

use tokio::io::AsyncReadExt as _;
use tokio::time::timeout;

use super::raw::{PATIENCE, Raw};

pub(super) const DATA: u8 = 0;
pub(super) const HEADERS: u8 = 1;
pub(super) const RST_STREAM: u8 = 3;
pub(super) const SETTINGS: u8 = 4;
pub(super) const PING: u8 = 6;
pub(super) const GOAWAY: u8 = 7;
pub(super) const WINDOW_UPDATE: u8 = 8;
pub(super) const CONTINUATION: u8 = 9;

pub(super) const END_STREAM: u8 = 1;
pub(super) const END_HEADERS: u8 = 4;

/// Fields as the static table holds them.
pub(super) const OK: u8 = 0x88;
pub(super) const BAD_REQUEST: u8 = 0x8c;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) stream: u32,
    pub(super) payload: Vec<u8>,
}

pub(super) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let [_, a, b, c] = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&[a, b, c, kind, flags], &stream.to_be_bytes()[..], payload].concat()
}

/// A field whose name the static table has, its value said as it is.
pub(super) fn field(name: u8, value: &str) -> Vec<u8> {
    [&[name, u8::try_from(value.len()).unwrap()], value.as_bytes()].concat()
}

/// The fields of a request over http; without a host where that is empty.
pub(super) fn request(method: &str, path: &str, host: &str) -> Vec<u8> {
    let host = if host.is_empty() { Vec::new() } else { field(1, host) };
    [field(2, method), vec![0x86], field(4, path), host].concat()
}

/// A request without a body.
pub(super) fn get(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &request("GET", path, "news.example"))
}

/// A request whose body is to come.
pub(super) fn post(stream: u32, path: &str) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, stream, &request("POST", path, "news.example"))
}

/// A connection that has begun, with these settings.
pub(super) async fn begin(url: &str, settings: &[u8]) -> Raw {
    let mut connection = Raw::connect(url).await;
    assert!(connection.send([PREFACE, &frame(SETTINGS, 0, 0, settings)].concat()).await);
    connection
}

/// The next frame; none where the connection is over.
pub(super) async fn next(connection: &mut Raw) -> Option<Frame> {
    let read = async {
        let mut head = [0; 9];
        connection.0.read_exact(&mut head).await.ok()?;
        let [a, b, c, kind, _, stream @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        connection.0.read_exact(&mut payload).await.ok()?;
        Some(Frame { kind, stream: u32::from_be_bytes(stream), payload })
    };
    timeout(PATIENCE, read).await.expect("it says something")
}

/// The next frame of this kind.
pub(super) async fn next_of(connection: &mut Raw, kind: u8) -> Option<Frame> {
    loop {
        let frame = next(connection).await?;
        if frame.kind == kind {
            return Some(frame);
        }
    }
}
