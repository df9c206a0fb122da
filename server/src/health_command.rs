//! `article-server health`: what a container asks of the server in it, where there is no other program to ask.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

mod any_certificate;

/// The server itself gives its database less.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);
/// The line with the status is shorter, in bytes.
const LINE: u64 = 64;

/// Asks the server that listens there whether it is ready.
///
/// # Errors
/// Where it is not, or nobody answers.
pub(crate) async fn run(listen: SocketAddr) -> anyhow::Result<()> {
    let status =
        timeout(ANSWERS_WITHIN, ask(reached(listen))).await.context("no answer in time")??;
    ensure!(status.starts_with("HTTP/1.1 200 "), "not ready: {}", status.trim_end());
    Ok(())
}

/// The line with the status. Whether TLS is spoken there is tried out: the settings of that server may be others than
/// this program's.
async fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let cannot = || format!("nobody listens on {address}");
    let stream = TcpStream::connect(address).await.with_context(cannot)?;
    // Who speaks TLS alone ends such a connection, or says so in its own way.
    if let Ok(status) = ask_over(stream, address).await
        && status.starts_with("HTTP/")
    {
        return Ok(status);
    }
    let stream = TcpStream::connect(address).await.with_context(cannot)?;
    let stream = any_certificate::connect(address.ip(), stream).await;
    ask_over(stream.context("it speaks neither HTTP nor TLS")?, address).await
}

async fn ask_over(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    address: SocketAddr,
) -> anyhow::Result<String> {
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut head = Vec::new();
    stream.take(LINE).read_to_end(&mut head).await?;
    let head = String::from_utf8_lossy(&head);
    Ok(head.lines().next().unwrap_or_default().to_owned())
}

/// Who listens everywhere is reached on this machine.
fn reached(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_asked_here() {
        for (listen, asked) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:8080", "[::1]:8080"),
            ("192.0.2.1:80", "192.0.2.1:80"),
        ] {
            assert_eq!(reached(listen.parse().unwrap()).to_string(), asked);
        }
    }
}
