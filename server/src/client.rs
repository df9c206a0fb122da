//! Who asks: the address behind proxies, the user agent, and whether they ask not to be followed.
//! Nothing here is ever stored or logged.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::ConnectInfo;
use axum::http::header::USER_AGENT;
use axum::http::{HeaderMap, Request};
use ipnet::IpNet;

/// Longer user agents are cut here: none of a browser is.
const AGENT_BYTES: usize = 512;

/// Where a request comes from.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Its address; IPv4 is never written as IPv6.
    pub address: IpAddr,
    /// Its user agent, at most 512 bytes.
    pub agent: Arc<str>,
    /// It asks not to be followed: `Sec-GPC: 1` or `DNT: 1`.
    pub private: bool,
}

impl Client {
    /// Where it is, as far as counting goes: see [`place`].
    pub fn place(&self) -> IpAddr {
        place(self.address)
    }
}

/// The address, of IPv6 the first of its /64: the network that one subscriber gets (RFC 6177).
pub fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
    }
}

/// A client must not reach a log, not even by way of `{:?}`.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("private", &self.private).finish_non_exhaustive()
    }
}

/// Reads the client off a request that came in from `peer`. `X-Forwarded-For` is believed only where
/// the peer is one of the `trusted` proxies, and then only as far as proxies that are trusted wrote it.
pub fn of(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> Client {
    Client {
        address: address(headers, peer.to_canonical(), trusted),
        agent: agent(headers),
        private: says_one(headers, "sec-gpc") || says_one(headers, "dnt"),
    }
}

/// Whether one of the `trusted` proxies sent the request: it is believed more than readers are.
pub fn is_from_proxy<B>(request: &Request<B>, trusted: &[IpNet]) -> bool {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical());
    peer.is_some_and(|peer| trusted.iter().any(|net| net.contains(&peer)))
}

/// The rightmost forwarded address that is not a trusted proxy.
fn address(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut nearest = peer;
    let mut forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or_default().split(','))
        .collect();
    while is_trusted(&nearest) {
        match forwarded.pop().and_then(parse_address) {
            Some(address) => nearest = address,
            None => break,
        }
    }
    nearest
}

/// An address, with or without a port.
fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    text.parse().ok().or_else(with_port).map(|address: IpAddr| address.to_canonical())
}

fn agent(headers: &HeaderMap) -> Arc<str> {
    let bytes = headers.get(USER_AGENT).map_or(&[][..], |value| value.as_bytes());
    String::from_utf8_lossy(&bytes[..bytes.len().min(AGENT_BYTES)]).into()
}

fn says_one(headers: &HeaderMap, name: &str) -> bool {
    headers.get(name).is_some_and(|value| value.as_bytes().trim_ascii() == b"1")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn address_of(peer: &str, forwarded: &[&'static str]) -> String {
        let pairs: Vec<_> = forwarded.iter().map(|value| ("x-forwarded-for", *value)).collect();
        let trusted = ["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        of(&headers(&pairs), peer.parse().unwrap(), &trusted).address.to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_its_address() {
        assert_eq!(address_of("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn behind_trusted_proxies_the_rightmost_stranger_counts() {
        assert_eq!(address_of("127.0.0.1", &["1.1.1.1, 203.0.113.9, 10.1.2.3"]), "203.0.113.9");
        assert_eq!(address_of("127.0.0.1", &["1.1.1.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(address_of("::ffff:127.0.0.1", &["[2001:db8::1]:443"]), "2001:db8::1");
    }

    #[test]
    fn an_ipv6_subscriber_is_one_place() {
        let place_of = |address: &str| place(address.parse().unwrap()).to_string();
        assert_eq!(place_of("2001:db8:0:1:2:3:4:5"), "2001:db8:0:1::");
        assert_eq!(place_of("203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn a_broken_header_leaves_the_nearest_proxy() {
        assert_eq!(address_of("127.0.0.1", &["203.0.113.9, unknown"]), "127.0.0.1");
        assert_eq!(address_of("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn either_signal_asks_for_privacy_and_the_client_hides_itself() {
        let peer = IpAddr::from([203, 0, 113, 9]);
        assert!(of(&headers(&[("sec-gpc", "1")]), peer, &[]).private);
        assert!(of(&headers(&[("dnt", "1")]), peer, &[]).private);
        let client = of(&headers(&[("dnt", "0"), ("user-agent", "Mozilla/5.0")]), peer, &[]);
        assert!(!client.private);
        assert_eq!(&*client.agent, "Mozilla/5.0");
        assert_eq!(format!("{client:?}"), "Client { private: false, .. }");
    }
}
