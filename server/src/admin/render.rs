//! The only rendering of pages below `/admin`: by Yew, on a thread that may keep its `Rc`s.

use std::rc::Rc;
use std::sync::LazyLock;

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use yew::ServerRenderer;
use yew::prelude::*;

use super::pages::{Page, Shell};
use crate::cache::Policy;
use crate::problem::Problem;

/// The style of all these pages.
const STYLE: &str = concat!(include_str!("pages/admin.css"), include_str!("pages/dashboard.css"));

/// What a page may load and do: its own style, named by its hash, and forms to this site.
static CONTENT_SECURITY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64.encode(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; img-src data:; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base64 is ASCII")
});

/// The document around a page.
#[derive(Template)]
#[template(path = "admin.html")]
struct Document<'a> {
    language: &'static str,
    title: String,
    style: &'static str,
    /// Where a page goes on by itself.
    refresh: Option<String>,
    body: &'a str,
}

/// What the renderer is given.
#[derive(Properties)]
struct BodyProps {
    shell: Rc<Shell>,
    page: Rc<dyn Page>,
}

impl PartialEq for BodyProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.shell, &other.shell) && Rc::ptr_eq(&self.page, &other.page)
    }
}

#[component]
fn Body(props: &BodyProps) -> Html {
    props.shell.around(&*props.page)
}

/// The page as an answer, for this one request. Its status is 200 until somebody says otherwise.
pub async fn page(page: impl Page, shell: Shell) -> Response {
    let (language, title) = (shell.language, page.title(&shell));
    let title = format!("{title} · {}", shell.publisher);
    let refresh = page.refresh();
    let props = move || BodyProps { shell: Rc::new(shell), page: Rc::new(page) };
    let body = ServerRenderer::<Body>::with_props(props).hydratable(false).render().await;
    let document = Document { language, title, style: STYLE, refresh, body: &body };
    let html_type = [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    match document.render() {
        Ok(html) => (Policy::Private, html_type, html).into_response(),
        Err(error) => Problem::Internal(error.into()).into_response(),
    }
}

/// The policy of every answer below `/admin`.
pub(super) fn content_security_policy() -> HeaderValue {
    CONTENT_SECURITY.clone()
}
