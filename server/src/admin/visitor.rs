//! Who asks for a page below `/admin`. A handler that takes [`LoggedIn`] runs for nobody else, and one
//! that takes [`Administrator`] for no editor.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};

use super::pages::{Elsewhere, Shell};
use super::session::SessionSecret;
use super::{language, next, render};
use crate::cache::Policy;
use crate::people::Person;
use crate::problem::Problem;
use crate::state::{AppState, Server};

/// Somebody who has logged in.
pub struct LoggedIn {
    /// Who.
    pub person: Person,
    /// What is around the page that they get.
    pub shell: Shell,
}

/// Somebody who has logged in and may do what cannot be undone.
pub struct Administrator(pub LoggedIn);

impl FromRequestParts<AppState> for Shell {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(shell(state, parts))
    }
}

impl FromRequestParts<AppState> for LoggedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let person = person(state, &parts.headers).await.map_err(IntoResponse::into_response)?;
        let mut shell = shell(state, parts);
        let Some(person) = person else {
            return Err(to_login(parts, shell).await);
        };
        shell.person = Some(person.clone());
        Ok(Self { person, shell })
    }
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let visitor = LoggedIn::from_request_parts(parts, state).await?;
        if visitor.person.role.may_erase() {
            Ok(Self(visitor))
        } else {
            Err(Problem::Denied("this takes an admin").into_response())
        }
    }
}

/// Whose session a request came with.
///
/// # Errors
/// A failing store.
pub async fn person(server: &Server, headers: &HeaderMap) -> Result<Option<Person>, Problem> {
    let Some(secret) = SessionSecret::of(headers) else { return Ok(None) };
    Ok(server.logins.person(&*server.store, &secret, server.clock.now()).await?)
}

/// The way to the login and back. What came from a link in a mail or on another site came without the
/// cookie, which is `SameSite=Strict`: a page of ours goes on in its place, and takes it along.
async fn to_login(parts: &Parts, shell: Shell) -> Response {
    let login = next::login(&shell.here);
    let site = parts.headers.get("sec-fetch-site");
    if parts.method == Method::GET && site.is_some_and(|site| site == "cross-site") {
        return render::page(Elsewhere { to: login }, shell).await;
    }
    (Policy::Private, Redirect::to(&login)).into_response()
}

fn shell(state: &AppState, parts: &Parts) -> Shell {
    let renderer = &state.renderer;
    let language =
        language::of(parts.uri.query(), &parts.headers, &renderer.languages.now().publisher().tag);
    Shell::new(&renderer.publisher, renderer.calendar.clone(), language, here(parts))
}

/// The page that a request is about. What is posted is posted to a path below its page.
fn here(parts: &Parts) -> String {
    let path = parts.uri.path();
    if parts.method == Method::GET || parts.method == Method::HEAD {
        return parts.uri.path_and_query().map_or(path, |whole| whole.as_str()).to_owned();
    }
    path.rsplit_once('/').map_or(path, |(page, _)| page).to_owned()
}
