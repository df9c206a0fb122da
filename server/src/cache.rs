//! How long an answer may be kept, and by whom. Every answer names one of these policies.

use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use sha2::{Digest, Sha256};

/// Keeps an answer out of search engines, also one that is no page.
static X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// Who may keep an answer, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Never changes: its URL names its content.
    Immutable,
    /// The loader at its short name: an upgrade reaches readers within minutes.
    Loader,
    /// An article in any form: a correction is everywhere within a minute.
    Article,
    /// The most-read list.
    MostRead,
    /// The publisher's pictures, which may be replaced under their names.
    Media,
    /// For this one request.
    NoStore,
    /// For this one request and whoever made it: a secret in its URL, which must not reach other sites or
    /// search engines, or a token or a session opened it.
    Private,
}

impl Policy {
    fn cache_control(self) -> &'static str {
        match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Loader => "public, max-age=300, stale-while-revalidate=3600",
            Self::Article => "public, max-age=20, s-maxage=20",
            Self::MostRead => "public, max-age=10, s-maxage=10",
            Self::Media => "public, max-age=300",
            Self::NoStore => "no-store",
            Self::Private => "private, no-store",
        }
    }
}

impl IntoResponseParts for Policy {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let headers = parts.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.cache_control()));
        if self == Self::Private {
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            headers.insert(X_ROBOTS_TAG.clone(), HeaderValue::from_static("noindex"));
        }
        Ok(parts)
    }
}

/// Names a content, whatever its encoding: a weak entity tag.
#[derive(Clone, Debug)]
pub struct EntityTag(HeaderValue);

impl EntityTag {
    /// The tag of this content.
    pub fn of(content: &[u8]) -> Self {
        let digest = hex::encode(&Sha256::digest(content)[..12]);
        let tag = format!("W/\"{digest}\"");
        Self(HeaderValue::from_str(&tag).expect("hexadecimal digits"))
    }

    /// The client has this content already.
    pub fn is_known_to(&self, headers: &HeaderMap) -> bool {
        let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let own = weak(self.0.to_str().unwrap_or_default());
        headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| tag.trim() == "*" || weak(tag) == own)
    }

    /// `answer`, which may come compressed, or 304 where the client has it already.
    pub fn or_not_modified(
        self,
        headers: &HeaderMap,
        policy: Policy,
        answer: impl IntoResponse,
    ) -> Response {
        // A 304 says what the 200 would have said (RFC 9110, section 15.4.5).
        let vary = [(VARY, HeaderValue::from_static("accept-encoding"))];
        if self.is_known_to(headers) {
            (StatusCode::NOT_MODIFIED, policy, self, vary, ()).into_response()
        } else {
            (policy, self, vary, answer).into_response()
        }
    }
}

impl IntoResponseParts for EntityTag {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        parts.headers_mut().insert(ETAG, self.0);
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_weakly_and_among_others() {
        let tag = EntityTag::of(b"content");
        let own = tag.0.to_str().unwrap().to_owned();
        let asks = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, value.parse().unwrap());
            tag.is_known_to(&headers)
        };
        assert!(asks(&own) && asks("*") && asks(&format!("\"x\", {own}")));
        assert!(asks(own.trim_start_matches("W/")));
        assert!(!asks("\"x\"") && !tag.is_known_to(&HeaderMap::new()));
    }
}
