//! A partner's web server: static pages on an origin that is not the publisher's.
//!
//! Pages name the publisher as `https://news.example`; that text becomes its real origin on the way
//! out. Lines of the form `<!-- header: Name: value -->` at the very top of a page become response
//! headers (a content security policy, say) and are not sent. Nothing may be cached that does not say so there.
//!
//! Shared by `cargo xtask start` and the browser tests.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What stands in the pages for the publisher's origin.
const PUBLISHER: &str = "https://news.example";

/// A running partner. It stops when dropped.
pub(crate) struct Partner {
    address: SocketAddr,
    server: JoinHandle<()>,
}

struct Site {
    folders: Vec<PathBuf>,
    publisher: String,
}

impl Partner {
    /// Serves the files of `folders` (of two with one name, the first folder's) on `listener`, a
    /// loopback one. `publisher` is an origin: `http://127.0.0.1:8080`.
    pub(crate) fn start(
        listener: TcpListener,
        folders: Vec<PathBuf>,
        publisher: String,
    ) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let site = Arc::new(Site { folders, publisher });
        let router = Router::new().fallback(serve_page).with_state(site);
        let server = tokio::spawn(async move {
            // `axum::serve` has no error to give: it waits and tries again.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, server })
    }

    /// `http://localhost:PORT`. By name, for browsers take `localhost` and `127.0.0.1` for two
    /// sites: cookies and caches are apart, as they are between a real partner and a publisher.
    pub(crate) fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve_page(State(site): State<Arc<Site>>, uri: Uri) -> Response {
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        // Browsers ask for it unbidden; a 404 would be an error in their console.
        "favicon.ico" => return StatusCode::NO_CONTENT.into_response(),
        name => name,
    };
    match site.read(name).await {
        Some(contents) => site.answer(name, contents),
        None => (StatusCode::NOT_FOUND, format!("no page {name}\n")).into_response(),
    }
}

impl Site {
    async fn read(&self, name: &str) -> Option<Vec<u8>> {
        if name.starts_with('.') || name.contains(['/', '\\', ':']) {
            return None;
        }
        for folder in &self.folders {
            if let Ok(contents) = tokio::fs::read(folder.join(name)).await {
                return Some(contents);
            }
        }
        None
    }

    fn answer(&self, name: &str, contents: Vec<u8>) -> Response {
        let media_type = media_type(name);
        let mut response = match String::from_utf8(contents) {
            Ok(text) => self.answer_text(&text),
            Err(binary) => Body::from(binary.into_bytes()).into_response(),
        };
        let headers = response.headers_mut();
        // What a page says itself is meant.
        let mut fill = |name, value| {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        };
        fill(header::CONTENT_TYPE, media_type);
        fill(header::CACHE_CONTROL, "no-store");
        response
    }

    fn answer_text(&self, text: &str) -> Response {
        let text = text.replace(PUBLISHER, &self.publisher);
        let (headers, body) = split_headers(&text);
        let mut response = Body::from(body.to_owned()).into_response();
        response.headers_mut().extend(headers);
        response
    }
}

/// The headers that a page's first lines ask for, and the page below them.
fn split_headers(mut page: &str) -> (Vec<(HeaderName, HeaderValue)>, &str) {
    let mut headers = Vec::new();
    while let Some((name, value, rest)) = split_header(page) {
        let (Ok(name), Ok(value)) = (name.trim().parse(), value.trim().parse()) else {
            break;
        };
        headers.push((name, value));
        page = rest;
    }
    (headers, page)
}

fn split_header(page: &str) -> Option<(&str, &str, &str)> {
    let (line, rest) = page.split_once('\n')?;
    let header = line.trim().strip_prefix("<!-- header:")?.strip_suffix("-->")?;
    let (name, value) = header.split_once(':')?;
    Some((name, value, rest))
}

fn media_type(name: &str) -> &'static str {
    match Path::new(name).extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_of_a_page_become_headers() {
        let page = "<!-- header: Content-Security-Policy: script-src http://a:1 -->\n\
                    <!-- header: X-Frame-Options: DENY -->\n<!doctype html>\n<!-- header: A: b -->\n";
        let (headers, body) = split_headers(page);
        assert_eq!(headers.len(), 2);
        assert_eq!(headers[0].0, header::CONTENT_SECURITY_POLICY);
        assert_eq!(headers[0].1, "script-src http://a:1");
        assert_eq!(body, "<!doctype html>\n<!-- header: A: b -->\n");
    }
}
