//! One request to a server of this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use anyhow::{Context, Result, ensure};

/// The body of the answer to `http://HOST:PORT/PATH`.
///
/// # Errors
/// If there is no answer, or one that is not 200.
pub(super) fn get(url: &str) -> Result<Vec<u8>> {
    let (host, path) = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split_once('/'))
        .with_context(|| format!("{url} is none of this machine"))?;
    let mut stream = TcpStream::connect(host).with_context(|| url.to_owned())?;
    // By 1.0 the body comes in one piece, and its end is the connection's.
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").context("no head")?;
    let head = String::from_utf8_lossy(&answer[..end]);
    ensure!(head.split(' ').nth(1) == Some("200"), "{url}: {head}");
    Ok(answer.split_off(end + 4))
}
