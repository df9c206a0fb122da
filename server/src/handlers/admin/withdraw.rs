//! `/admin/articles/{id}/withdraw`: taking an article back, whatever its state is: what is wrong has to go
//! fast, and an editor whose page is old means the same article.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use super::article::{read_id, stands};
use crate::admin::pages::{WithdrawPage, WithdrawnPage};
use crate::admin::render;
use crate::admin::visitor::LoggedIn;
use crate::body::Text;
use crate::problem::Problem;
use crate::revision::{Author, Expected};
use crate::state::AppState;

/// No form is longer, in bytes.
const FORM: usize = 8 << 10;
/// No note is longer, in characters.
const NOTE: usize = 500;

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Confirmed {
    note: String,
}

type PathId = Result<Path<String>, PathRejection>;

/// `GET /admin/articles/{id}/withdraw`
pub async fn get_withdraw(
    State(state): State<AppState>,
    visitor: LoggedIn,
    id: PathId,
) -> Result<Response, Problem> {
    let article = stands(&state, &id?.0).await?.article.article().clone();
    Ok(render::page(WithdrawPage { article }, visitor.shell).await)
}

/// `POST /admin/articles/{id}/withdraw`: the answer names what caches have to forget, so it is no redirect;
/// the same again changes nothing.
pub async fn post_withdraw(
    State(state): State<AppState>,
    visitor: LoggedIn,
    id: PathId,
    body: Text<FORM>,
) -> Result<Response, Problem> {
    let (Path(id), confirmed) = (id?, body.form::<Confirmed>()?);
    let (id, who) = (read_id(&id)?, Author::person(&visitor.person.name));
    let note: String = confirmed.note.trim().chars().take(NOTE).collect();
    let done = state.publishing.withdraw(&id, &note, Expected::Something, &who).await?;
    let is_told = state.publishing.tells_caches();
    let page = WithdrawnPage { id, purge: done.purge, is_told };
    Ok(render::page(page, visitor.shell).await)
}
