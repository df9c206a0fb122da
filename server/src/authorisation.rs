//! Who may use what only the publisher's own programs may: whoever sends a token with the scope for it
//! (RFC 6750). A handler that takes a [`Permit`] runs for nobody else.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::problem::Problem;
use crate::revision::Author;
use crate::state::AppState;
use crate::token::{Scope, Token};

/// The request came with a token that has the scope. Its answer is [`Policy::Private`].
///
/// [`Policy::Private`]: crate::cache::Policy::Private
pub struct Permit<S> {
    token: String,
    scope: PhantomData<fn() -> S>,
}

/// Names the scope that a handler asks for.
pub trait RequiredScope {
    /// That scope.
    const SCOPE: Scope;
}

/// Asks for [`Scope::ArticlesWrite`].
pub struct ArticlesWrite;

/// Asks for [`Scope::StatsRead`].
pub struct StatsRead;

impl RequiredScope for ArticlesWrite {
    const SCOPE: Scope = Scope::ArticlesWrite;
}

impl RequiredScope for StatsRead {
    const SCOPE: Scope = Scope::StatsRead;
}

impl<S> Permit<S> {
    /// Whom a change is by that is made with it.
    pub fn author(&self) -> Author {
        Author::program(&self.token)
    }
}

impl<S: RequiredScope> FromRequestParts<AppState> for Permit<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).and_then(Token::parse).ok_or(Problem::Unauthorised)?;
        // Found by its hash: how long that takes tells nothing about any token.
        let grant = state.store.token(&token.hash()).await?.ok_or(Problem::Unauthorised)?;
        if grant.allows(S::SCOPE) {
            Ok(Self { token: grant.name, scope: PhantomData })
        } else {
            Err(Problem::Forbidden(S::SCOPE))
        }
    }
}

/// What stands behind `Bearer`, in whatever case (RFC 9110, section 11.1), in the only Authorization.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
