//! The partner of the benchmarks: finished pages, compressed as a production server sends them, on an origin
//! that is not the publisher's.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// Brotli's quality, as servers use it for pages that they make for each reader.
const QUALITY: u32 = 5;
const WINDOW: u32 = 22;

/// Pages by their path, each with the content security policy that it is sent with.
#[derive(Default)]
pub(super) struct Pages(HashMap<String, (Vec<u8>, &'static str)>);

/// A running partner. It stops when dropped.
pub(super) struct Site {
    origin: String,
    _runtime: Runtime,
}

impl Pages {
    /// Adds a page; `policy` may be empty.
    pub(super) fn add(&mut self, name: &str, html: &str, policy: &'static str) {
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 4096, QUALITY, WINDOW);
        brotli.write_all(html.as_bytes()).expect("memory takes everything");
        self.0.insert(format!("/{name}"), (brotli.into_inner(), policy));
    }
}

impl Site {
    /// Serves pages.
    ///
    /// # Errors
    /// If no port is free.
    pub(super) fn start(pages: Pages) -> Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        // By name: to browsers that is another site than the publisher's number.
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        let router = Router::new().fallback(page).with_state(Arc::new(pages));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { origin, _runtime: runtime })
    }

    /// The URL of a page.
    pub(super) fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.origin)
    }
}

async fn page(State(pages): State<Arc<Pages>>, uri: Uri) -> Response {
    let Some((html, policy)) = pages.0.get(uri.path()) else {
        // Browsers ask for an icon too, and a crawler for its rules.
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_ENCODING, "br"),
        (CACHE_CONTROL, "public, max-age=60"),
    ];
    let mut response = (headers, html.clone()).into_response();
    if !policy.is_empty() {
        let policy = policy.parse().expect("a policy is ASCII");
        response.headers_mut().insert("content-security-policy", policy);
    }
    response
}
