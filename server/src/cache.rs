//! How long an answer may be kept, and by whom. Every answer names one of these policies.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, IntoResponseParts, Response, ResponseParts};
use sha2::{Digest, Sha256};

use crate::clock::UnixSeconds;
use crate::revision::RevisionTag;

/// Keeps an answer out of search engines, also one that is no page.
static X_ROBOTS_TAG: HeaderName = HeaderName::from_static("x-robots-tag");

/// How long an article may be kept, in seconds.
const ARTICLE_SECONDS: u8 = 20;
/// The codings in which answers leave.
const CODINGS: [&str; 2] = ["gzip", "br"];

/// Who may keep an answer, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Never changes: its URL names its content.
    Immutable,
    /// The loader at its short name: an upgrade reaches readers within minutes.
    Loader,
    /// An article in any form: a correction is everywhere within a minute.
    Article,
    /// The same of one that readers may see for so many seconds more, which are fewer.
    ArticleFor(u8),
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
    /// Of articles that readers may see until these times: nothing is kept for longer than that.
    pub fn until(ends: impl IntoIterator<Item = UnixSeconds>, now: UnixSeconds) -> Self {
        let left = ends.into_iter().min().map_or(i64::MAX, |end| (end - now).max(0));
        match u8::try_from(left) {
            Ok(left) if left < ARTICLE_SECONDS => Self::ArticleFor(left),
            _ => Self::Article,
        }
    }

    fn cache_control(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::ArticleFor(seconds) => {
                let value = format!("public, max-age={seconds}, s-maxage={seconds}");
                return HeaderValue::from_str(&value).expect("digits and letters");
            }
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Loader => "public, max-age=300, stale-while-revalidate=3600",
            Self::Article => "public, max-age=20, s-maxage=20",
            Self::MostRead => "public, max-age=10, s-maxage=10",
            Self::Media => "public, max-age=300",
            Self::NoStore => "no-store",
            Self::Private => "private, no-store",
        })
    }
}

impl IntoResponseParts for Policy {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        let headers = parts.headers_mut();
        headers.insert(CACHE_CONTROL, self.cache_control());
        if self == Self::Private {
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
            headers.insert(X_ROBOTS_TAG.clone(), HeaderValue::from_static("noindex"));
        }
        Ok(parts)
    }
}

/// Names a content. A weak tag does so whatever its coding; a strong one, of a revision, names its coding
/// too where it has one: `"…-br"`.
#[derive(Clone, Debug)]
pub struct EntityTag(HeaderValue);

impl EntityTag {
    /// The tag of this content.
    pub fn of(content: &[u8]) -> Self {
        let digest = hex::encode(&Sha256::digest(content)[..12]);
        let tag = format!("W/\"{digest}\"");
        Self(HeaderValue::from_str(&tag).expect("hexadecimal digits"))
    }

    /// The strong tag of an article's JSON, uncoded.
    pub fn of_revision(tag: &RevisionTag) -> Self {
        Self(HeaderValue::from_str(&format!("\"{tag}\"")).expect("hexadecimal digits"))
    }

    /// The revision that a strong tag names, in whichever coding; none of any other tag.
    pub fn revision(tag: &str) -> Option<RevisionTag> {
        let strong = Some(tag.trim()).filter(|tag| tag.starts_with('"'))?;
        RevisionTag::parse(content_of(strong)?)
    }

    /// The client has this content already.
    pub fn is_known_to(&self, headers: &HeaderMap) -> bool {
        self.known(headers).is_some()
    }

    /// The tag by which the client has this content, which it may have in another coding.
    fn known(&self, headers: &HeaderMap) -> Option<Self> {
        let own = content_of(self.0.to_str().ok()?);
        let mut tags = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim);
        let tag = tags.find(|tag| *tag == "*" || content_of(tag) == own)?;
        // What is kept is named as it is kept: a strong tag of another coding would not find it.
        let is_strong = tag.starts_with('"') && self.0.as_bytes().starts_with(b"\"");
        let kept = is_strong.then(|| HeaderValue::from_str(tag).ok()).flatten();
        Some(kept.map_or_else(|| self.clone(), Self))
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
        match self.known(headers) {
            Some(known) => (StatusCode::NOT_MODIFIED, policy, known, vary, ()).into_response(),
            None => (policy, self, vary, answer).into_response(),
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

/// Has the strong tag of an answer to a reader name its coding too: the bytes differ by it (RFC 9110,
/// section 8.8.3.3). In the answer to a change the tag is not that of its own content.
pub async fn name_coding(request: Request, next: Next) -> Response {
    let reads = request.method().is_safe();
    let mut response = next.run(request).await;
    if reads && let Some(tag) = coded(response.headers()) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

fn coded(headers: &HeaderMap) -> Option<HeaderValue> {
    let coding = headers.get(CONTENT_ENCODING)?.to_str().ok()?;
    let opaque = headers.get(ETAG)?.to_str().ok()?.strip_prefix('"')?.strip_suffix('"')?;
    HeaderValue::from_str(&format!("\"{opaque}-{coding}\"")).ok()
}

/// What a tag says of the content alone, without weakness and coding.
fn content_of(tag: &str) -> Option<&str> {
    let tag = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix('"')?.strip_suffix('"')?;
    let coding = tag.rsplit_once('-').filter(|(_, coding)| CODINGS.contains(coding));
    Some(coding.map_or(tag, |(content, _)| content))
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

    #[test]
    fn a_strong_tag_is_known_by_the_coding_that_is_kept() {
        let revision = RevisionTag::of("{}");
        let tag = EntityTag::of_revision(&revision);
        let kept = format!("\"{revision}-br\"");
        let headers = HeaderMap::from_iter([(IF_NONE_MATCH, kept.parse().unwrap())]);
        let answer = tag.or_not_modified(&headers, Policy::Article, ());
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(answer.headers()[ETAG], kept);
        assert_eq!(EntityTag::revision(&kept), Some(revision));
        assert_eq!(EntityTag::revision(&format!("W/{kept}")), None, "a weak tag names no bytes");
    }

    #[test]
    fn nothing_is_kept_longer_than_readers_may_see_it() {
        let of = |ends: &[UnixSeconds]| Policy::until(ends.iter().copied(), 100).cache_control();
        assert_eq!(of(&[]), "public, max-age=20, s-maxage=20");
        assert_eq!(of(&[1_000, 105]), "public, max-age=5, s-maxage=5");
        assert_eq!(of(&[120]), "public, max-age=20, s-maxage=20");
        assert_eq!(of(&[99]), "public, max-age=0, s-maxage=0");
    }
}
