//! `/openapi.json`: what this server can be asked.

use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::cache::Policy;
use crate::encoding::Encoded;
use crate::openapi;

static DOCUMENT: LazyLock<Encoded> = LazyLock::new(|| Encoded::compress(openapi::text().into()));

/// `GET /openapi.json`
pub async fn get_openapi(headers: HeaderMap) -> Response {
    let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let content = (json, DOCUMENT.negotiate(&headers));
    DOCUMENT.tag().or_not_modified(&headers, Policy::Media, content)
}
