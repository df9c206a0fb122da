//! Answers that are kept compressed, and which of their forms a client takes.

use std::io::Write as _;

use axum::body::Bytes;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::cache::EntityTag;

/// Brotli's quality for what is compressed while a reader waits: about 1 ms for an article.
const BROTLI_QUALITY: u32 = 5;
/// Brotli's window, as a power of two: no answer is longer.
const BROTLI_WINDOW: u32 = 22;

/// A content as it is, by gzip and by brotli, and its entity tag.
#[derive(Clone, Debug)]
pub struct Encoded {
    identity: Bytes,
    gzip: Bytes,
    brotli: Bytes,
    tag: EntityTag,
}

impl Encoded {
    /// Takes the three forms of one content.
    pub fn new(identity: Bytes, gzip: Bytes, brotli: Bytes) -> Self {
        let tag = EntityTag::of(&identity);
        Self { identity, gzip, brotli, tag }
    }

    /// Compresses a content.
    pub fn compress(identity: Vec<u8>) -> Self {
        let tag = EntityTag::of(&identity);
        Self::compress_tagged(identity, tag)
    }

    /// Compresses a content that `tag` names.
    pub fn compress_tagged(identity: Vec<u8>, tag: EntityTag) -> Self {
        let mut brotli =
            brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, BROTLI_WINDOW);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        brotli.write_all(&identity).expect("memory takes everything");
        gzip.write_all(&identity).expect("memory takes everything");
        let gzip = gzip.finish().expect("memory takes everything");
        let brotli = brotli.into_inner().into();
        Self { identity: identity.into(), gzip: gzip.into(), brotli, tag }
    }

    /// As it is.
    pub fn identity(&self) -> &[u8] {
        &self.identity
    }

    /// Compressed by gzip.
    pub fn gzip(&self) -> &[u8] {
        &self.gzip
    }

    /// Compressed by brotli.
    pub fn brotli(&self) -> &[u8] {
        &self.brotli
    }

    /// Its entity tag, the same in every form.
    pub fn tag(&self) -> EntityTag {
        self.tag.clone()
    }

    /// What it holds in memory, in bytes.
    pub fn weight(&self) -> usize {
        self.identity.len() + self.gzip.len() + self.brotli.len()
    }

    /// The smallest form that the client takes. The caller names the media type.
    pub fn negotiate(&self, headers: &HeaderMap) -> Response {
        let (content, coding) = if accepts(headers, "br") {
            (&self.brotli, Some("br"))
        } else if accepts(headers, "gzip") {
            (&self.gzip, Some("gzip"))
        } else {
            (&self.identity, None)
        };
        let mut response = content.clone().into_response();
        response.headers_mut().insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// The client lists the coding, and not with a weight of 0.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let listed = |item: &str| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        named && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    };
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(accept: &'static str) -> Option<HeaderValue> {
        let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accept))]);
        let encoded = Encoded::compress(b"content content content".to_vec());
        encoded.negotiate(&headers).headers().get(CONTENT_ENCODING).cloned()
    }

    #[test]
    fn the_smallest_form_that_a_client_takes_is_sent() {
        assert_eq!(coding("gzip, deflate, br, zstd").unwrap(), "br");
        assert_eq!(coding("gzip;q=1.0, br;q=0").unwrap(), "gzip");
        assert_eq!(coding("GZIP").unwrap(), "gzip");
        assert_eq!(coding("identity"), None);
    }
}
