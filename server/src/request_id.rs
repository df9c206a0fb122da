//! What a request is called in the log and in its answer.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use uuid::Uuid;

/// Carries the id, from a proxy and in every answer.
pub static X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Lengths of a UUID as proxies write it: with hyphens, or without (nginx).
const LENGTHS: [usize; 2] = [36, 32];

/// The id of one request: a UUID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id that a trusted proxy gave the request, as it wrote it; else a new one.
    pub fn of(request: &Request, trusted: &[IpNet]) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map(|ConnectInfo(peer)| peer.ip().to_canonical());
        Self::given(request.headers(), peer, trusted).unwrap_or_else(Self::random)
    }

    /// None where it is no trusted proxy's, or none that only names a request.
    fn given(headers: &HeaderMap, peer: Option<IpAddr>, trusted: &[IpNet]) -> Option<Self> {
        let peer = peer?;
        let id = headers.get(&X_REQUEST_ID)?;
        let text = id.to_str().ok()?;
        let is_uuid = LENGTHS.contains(&text.len()) && Uuid::try_parse(text).is_ok();
        (is_uuid && trusted.iter().any(|net| net.contains(&peer))).then(|| Self(id.clone()))
    }

    fn random() -> Self {
        let id = Uuid::new_v4().to_string();
        Self(HeaderValue::from_str(&id).expect("digits, letters and hyphens"))
    }

    /// As a header.
    pub fn into_header(self) -> HeaderValue {
        self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.to_str().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0b9de4f4-6d8e-4a0e-9f0e-3c1f1f0d7a11";

    fn given(id: &'static str, peer: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(X_REQUEST_ID.clone(), HeaderValue::from_static(id))]);
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        RequestId::given(&headers, peer.parse().ok(), &trusted).map(|id| id.to_string())
    }

    #[test]
    fn a_trusted_proxy_names_a_request_and_nobody_else() {
        assert_eq!(given(ID, "10.0.0.1").as_deref(), Some(ID));
        let bare = "0B9DE4F46D8E4A0E9F0E3C1F1F0D7A11";
        assert_eq!(given(bare, "10.0.0.1").as_deref(), Some(bare), "as it stands in its own log");
        assert_eq!(given(ID, "203.0.113.9"), None);
        assert_eq!(given(ID, ""), None);
    }

    #[test]
    fn what_is_no_uuid_is_not_taken_over() {
        for id in ["", "1", "lan@example.vn", "{0b9de4f4-6d8e-4a0e-9f0e-3c1f1f0d7a11}", "\u{7f}"] {
            if let Ok(value) = HeaderValue::from_str(id) {
                let headers = HeaderMap::from_iter([(X_REQUEST_ID.clone(), value)]);
                let trusted = ["10.0.0.0/8".parse().unwrap()];
                let given = RequestId::given(&headers, "10.0.0.1".parse().ok(), &trusted);
                assert_eq!(given, None, "{id}");
            }
        }
        assert_ne!(RequestId::random(), RequestId::random());
    }
}
