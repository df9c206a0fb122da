//! A server of somebody else's, with what it answers at each path. It knows `If-None-Match`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use url::Url;

/// A running server; it ends with the runtime.
pub(crate) struct Elsewhere {
    url: String,
    shown: Arc<Mutex<Shown>>,
}

#[derive(Default)]
struct Shown {
    pages: HashMap<String, Page>,
    /// Paths that were asked, and how that was answered.
    asked: Vec<(String, u16)>,
}

struct Page {
    status: u16,
    media_type: &'static str,
    body: String,
}

impl Elsewhere {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shown = Arc::<Mutex<Shown>>::default();
        let router = Router::new().fallback(answer).with_state(shown.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shown }
    }

    /// The URL of a path.
    pub(crate) fn at(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.url)).unwrap()
    }

    /// Shows this there from now on.
    pub(crate) fn show(&self, path: &str, media_type: &'static str, body: impl Into<String>) {
        self.put(path, Page { status: 200, media_type, body: body.into() });
    }

    /// Answers nothing but this status there from now on.
    pub(crate) fn fail(&self, path: &str, status: u16) {
        self.put(path, Page { status, media_type: "text/plain", body: String::new() });
    }

    /// How it was asked since this was last called, in order.
    pub(crate) fn asked(&self) -> Vec<(String, u16)> {
        std::mem::take(&mut self.shown.lock().unwrap().asked)
    }

    fn put(&self, path: &str, page: Page) {
        self.shown.lock().unwrap().pages.insert(path.to_owned(), page);
    }
}

async fn answer(State(shown): State<Arc<Mutex<Shown>>>, uri: Uri, headers: HeaderMap) -> Response {
    let mut shown = shown.lock().unwrap();
    let path = uri.path().to_owned();
    let response = match shown.pages.get(&path) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(page) if page.status != 200 => {
            StatusCode::from_u16(page.status).unwrap().into_response()
        }
        Some(page) => {
            let tag = format!("\"{}\"", page.body.len());
            if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                let headers = [(CONTENT_TYPE, page.media_type), (ETAG, &tag)];
                (headers, page.body.clone()).into_response()
            }
        }
    };
    shown.asked.push((path, response.status().as_u16()));
    response
}
