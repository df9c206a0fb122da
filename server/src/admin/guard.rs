//! What happens to every request below `/admin`, and to every answer.

use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ORIGIN, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::pages::{Notice, Shell};
use super::{language, render, visitor};
use crate::partners;
use crate::problem::{self, Problem};
use crate::state::AppState;

/// Whoever lists pages leaves these out.
static ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// A window that opened this page, or that it opened, has no hold on it.
static OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// No other site's page has any use for an answer.
static RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Refuses what another site's page has a browser post; says problems as pages; keeps every answer to
/// this site.
pub async fn guard(
    State(state): State<AppState>,
    shell: Shell,
    request: Request,
    next: Next,
) -> Response {
    let is_safe = request.method().is_safe();
    let asked = language::asked(request.uri().query());
    let headers = request.headers().clone();
    let response = if is_safe || is_own(&headers, &state.renderer.public_url) {
        next.run(request).await
    } else {
        Problem::Denied("this came from another site's page").into_response()
    };
    let mut response = show_problem(&state, &headers, shell, response).await;
    keep_here(response.headers_mut());
    if let Some(language) = asked {
        response.headers_mut().append(SET_COOKIE, language::cookie(language));
    }
    response
}

/// Whether a page of this site sent it: so says the browser, or, where it is too old to say that, the
/// origin that it names.
fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get(ORIGIN).is_some_and(|origin| origin == &*partners::origin(public_url)),
    }
}

/// Problem details are for programs; here are people.
async fn show_problem(
    state: &AppState,
    headers: &HeaderMap,
    mut shell: Shell,
    response: Response,
) -> Response {
    if response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind != problem::TYPE) {
        return response;
    }
    // Whoever is logged in still is. Where the store fails, it has failed the answer already.
    shell.person = visitor::person(state, headers).await.unwrap_or_default();
    let mut page = render::page(Notice { status: response.status() }, shell).await;
    *page.status_mut() = response.status();
    if let Some(wait) = response.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    page
}

fn keep_here(headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, render::content_security_policy());
    // Not no-referrer: with that a browser names no origin when it posts a form (Fetch standard, "append
    // a request Origin header"), and an old one says nothing else.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(ROBOTS.clone(), HeaderValue::from_static("noindex, nofollow"));
    headers.insert(OPENER_POLICY.clone(), HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE_POLICY.clone(), HeaderValue::from_static("same-origin"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_own(&pairs.collect(), "https://news.example:8443")
    }

    #[test]
    fn a_browser_that_says_where_it_comes_from_is_believed() {
        assert!(own(&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]));
        for site in ["same-site", "cross-site", "none", ""] {
            assert!(!own(&[("sec-fetch-site", site), ("origin", "https://news.example:8443")]));
        }
    }

    #[test]
    fn an_old_browser_has_to_name_the_public_origin() {
        assert!(own(&[("origin", "https://news.example:8443")]));
        for origin in ["https://news.example", "http://news.example:8443", "null", ""] {
            assert!(!own(&[("origin", origin)]), "{origin}");
        }
        assert!(!own(&[]));
    }
}
