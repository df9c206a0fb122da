//! `/v1/mail/unsubscribe/{token}`: ends the mails to whoever holds the link, which stands in every such mail.
//! A mail program may post there by itself (RFC 8058); a person gets a page with a button.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::body::Text;
use crate::cache::Policy;
use crate::pages::unsubscribe::{UnsubscribePage, UnsubscribeStep};
use crate::pages::{self, Content};
use crate::problem::Problem;
use crate::state::AppState;
use crate::suppression;

/// Nothing that a button or a mail program sends is longer, in bytes.
const ONE_CLICK: usize = 1 << 10;

/// How the page was asked for.
#[derive(JsonSchema, Deserialize)]
pub struct UnsubscribeQuery {
    lang: Option<String>,
}

type TokenPath = Result<Path<String>, PathRejection>;
type Asked = Result<Query<UnsubscribeQuery>, QueryRejection>;

/// `GET /v1/mail/unsubscribe/{token}?lang`
pub async fn get_unsubscribe(
    State(state): State<AppState>,
    token: TokenPath,
    query: Asked,
) -> Result<Response, Problem> {
    let (Path(token), Query(query)) = (token?, query?);
    match suppression::read_token(&state.signing_key, &token) {
        Some(_) => page(&state, StatusCode::OK, &query, UnsubscribeStep::Asks),
        None => page(&state, StatusCode::NOT_FOUND, &query, UnsubscribeStep::Unknown),
    }
}

/// `POST /v1/mail/unsubscribe/{token}?lang`
pub async fn post_unsubscribe(
    State(state): State<AppState>,
    token: TokenPath,
    query: Asked,
    // `List-Unsubscribe=One-Click` of a mail program, nothing of the button: the token says it all.
    _body: Text<ONE_CLICK>,
) -> Result<Response, Problem> {
    let (Path(token), Query(query)) = (token?, query?);
    let Some(address) = suppression::read_token(&state.signing_key, &token) else {
        return page(&state, StatusCode::NOT_FOUND, &query, UnsubscribeStep::Unknown);
    };
    suppression::suppress(&state, &address).await?;
    page(&state, StatusCode::OK, &query, UnsubscribeStep::Done)
}

fn page(
    state: &AppState,
    status: StatusCode,
    query: &UnsubscribeQuery,
    step: UnsubscribeStep,
) -> Result<Response, Problem> {
    let language = state.renderer.language_of(query.lang.as_deref().unwrap_or_default());
    let template = UnsubscribePage {
        language: &language,
        words: &language.pages,
        publisher: &state.renderer.publisher,
        step,
    };
    pages::answer(status, Policy::Private, Content::Form, &template)
}
