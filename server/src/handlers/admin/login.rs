//! `/admin/login`, `/admin/logout`

use std::net::IpAddr;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use url::{Host, Url};

use crate::admin::pages::{LoginPage, Shell};
use crate::admin::session::SessionSecret;
use crate::admin::{next, render, visitor};
use crate::body::Text;
use crate::cache::Policy;
use crate::client::Client;
use crate::metrics::Refusal;
use crate::password::Password;
use crate::problem::Problem;
use crate::state::{AppState, Server};

/// No login's form is longer, in bytes.
const LOGIN: usize = 8 << 10;
/// No button's form is longer, in bytes.
const BUTTON: usize = 1 << 10;
/// Seconds after which another try may be had: of a name at a place one comes back every 90.
const WAIT: &str = "90";

/// How the login is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct LoginQuery {
    /// Where to go then.
    next: String,
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Sent {
    name: String,
    password: String,
    next: String,
}

/// `GET /admin/login?next`
pub async fn get_login(
    State(state): State<AppState>,
    shell: Shell,
    headers: HeaderMap,
    query: Result<Query<LoginQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let next = next::safe(&query?.0.next);
    if visitor::person(&state, &headers).await?.is_some() {
        return Ok((Policy::Private, Redirect::to(&next)).into_response());
    }
    form(&state, shell, StatusCode::OK, Sent { next, ..Sent::default() }, None).await
}

/// `POST /admin/login`
pub async fn post_login(
    State(state): State<AppState>,
    shell: Shell,
    client: Client,
    headers: HeaderMap,
    body: Text<LOGIN>,
) -> Result<Response, Problem> {
    let sent: Sent = body.form()?;
    let refusals = &state.metrics.refusals;
    if !state.logins.admit(&client, &sent.name) {
        refusals.count(Refusal::LoginRate);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let page = form(&state, shell, status, sent, Some("login.too_many")).await?;
        return Ok(([(RETRY_AFTER, WAIT)], page).into_response());
    }
    let (password, now) = (Password::typed(&sent.password), state.clock.now());
    let begun = state.logins.log_in(&*state.store, &sent.name, password, now).await;
    if !matches!(begun, Ok(None)) {
        state.logins.take_back(&client, &sent.name);
    }
    match begun {
        Ok(Some(secret)) => {
            // The session before is over: nothing that somebody knew of it opens the new one.
            log_out(&state, &headers).await?;
            let cookie = AppendHeaders([(SET_COOKIE, secret.set_cookie())]);
            Ok((Policy::Private, cookie, Redirect::to(&next::safe(&sent.next))).into_response())
        }
        Ok(None) => {
            refusals.count(Refusal::LoginWrong);
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            form(&state, shell, status, sent, Some("login.wrong")).await
        }
        Err(Problem::Busy) => {
            refusals.count(Refusal::LoginBusy);
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let page = form(&state, shell, status, sent, Some("login.busy")).await?;
            Ok(([(RETRY_AFTER, "5")], page).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /admin/logout`
pub async fn post_logout(
    State(state): State<AppState>,
    headers: HeaderMap,
    // It says nothing, but is waited for as every body is.
    _body: Text<BUTTON>,
) -> Result<Response, Problem> {
    log_out(&state, &headers).await?;
    let cookie = AppendHeaders([(SET_COOKIE, SessionSecret::clear_cookie())]);
    Ok((Policy::Private, cookie, Redirect::to(next::LOGIN)).into_response())
}

async fn log_out(server: &Server, headers: &HeaderMap) -> Result<(), Problem> {
    match SessionSecret::of(headers) {
        Some(secret) => Ok(server.logins.log_out(&*server.store, &secret).await?),
        None => Ok(()),
    }
}

async fn form(
    server: &Server,
    mut shell: Shell,
    status: StatusCode,
    sent: Sent,
    notice: Option<&'static str>,
) -> Result<Response, Problem> {
    shell.here = next::login(&next::safe(&sent.next));
    let page = LoginPage {
        next: sent.next,
        name: sent.name,
        notice,
        has_people: !server.store.people().await?.is_empty(),
        is_insecure: is_insecure(&server.renderer.public_url),
    };
    let mut page = render::page(page, shell).await;
    *page.status_mut() = status;
    Ok(page)
}

/// Whether browsers would refuse the cookie: over plain HTTP they take it from this very machine alone.
fn is_insecure(public_url: &str) -> bool {
    let Ok(url) = Url::parse(public_url) else { return true };
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    };
    url.scheme() != "https" && !is_loopback
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for url in
            ["https://news.example", "http://127.0.0.1:8080", "http://[::1]:1", "http://localhost"]
        {
            assert!(!is_insecure(url), "{url}");
        }
        assert!(is_insecure("http://news.example") && is_insecure("http://192.0.2.1"));
    }
}
