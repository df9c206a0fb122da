//! What a request is called in the log and in its answer.

use std::fmt;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use uuid::Uuid;

use crate::client;

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
        let proxys = client::is_from_proxy(request, trusted).then(|| request.headers());
        proxys.and_then(Self::given).unwrap_or_else(Self::random)
    }

    /// None where it is none that only names a request.
    fn given(headers: &HeaderMap) -> Option<Self> {
        let id = headers.get(&X_REQUEST_ID)?;
        let text = id.to_str().ok()?;
        let is_uuid = LENGTHS.contains(&text.len()) && Uuid::try_parse(text).is_ok();
        is_uuid.then(|| Self(id.clone()))
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
    use std::net::SocketAddr;

    use axum::body::Body;
    use axum::extract::ConnectInfo;

    use super::*;

    const ID: &str = "0b9de4f4-6d8e-4a0e-9f0e-3c1f1f0d7a11";

    /// The id, where it is the one that this peer gave.
    fn given(id: &str, peer: &str) -> Option<String> {
        let request = Request::builder().header(&X_REQUEST_ID, id).body(Body::empty());
        let mut request = request.unwrap();
        if let Ok(peer) = format!("{peer}:1").parse::<SocketAddr>() {
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        let named = RequestId::of(&request, &["10.0.0.0/8".parse().unwrap()]).to_string();
        (named == id).then_some(named)
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
        for id in ["", "1", "lan@example.vn", "{0b9de4f4-6d8e-4a0e-9f0e-3c1f1f0d7a11}"] {
            assert_eq!(given(id, "10.0.0.1"), None, "{id}");
        }
        assert_ne!(RequestId::random(), RequestId::random());
    }
}
