//! `/admin/articles/{id}/revisions`: what an article said before, and putting it back.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::answers::{again, back};
use super::article::{read_id, stands};
use super::edit::seen;
use crate::admin::article_query::article_path;
use crate::admin::pages::{RevisionPage, RevisionsPage};
use crate::admin::visitor::LoggedIn;
use crate::admin::{render, revision_diff};
use crate::article::StoredArticle;
use crate::body::Text;
use crate::problem::Problem;
use crate::revision::Author;
use crate::state::{AppState, Server};

/// States on a page.
const PAGE: u32 = 50;
/// No button's form is longer, in bytes.
const BUTTON: usize = 1 << 10;

/// Where the list begins.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RevisionsQuery {
    /// The number that it begins before.
    before: Option<u32>,
}

/// What the button sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Pressed {
    seen: String,
}

type PathNumber = Result<Path<(String, u32)>, PathRejection>;

/// `GET /admin/articles/{id}/revisions?before`
pub async fn get_revisions(
    State(state): State<AppState>,
    visitor: LoggedIn,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<RevisionsQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let page = page(&state, &id?.0, query?.before, None).await?;
    Ok(render::page(page, visitor.shell).await)
}

/// `GET /admin/articles/{id}/revisions/{number}`
pub async fn get_revision(
    State(state): State<AppState>,
    visitor: LoggedIn,
    path: PathNumber,
) -> Result<Response, Problem> {
    let Path((id, number)) = path?;
    let stands = stands(&state, &id).await?;
    let id = stands.article.id().clone();
    let asked = state.store.revision(&id, number).await?.ok_or(Problem::NotFound)?;
    let before = match number.checked_sub(1) {
        Some(before) => state.store.revision(&id, before).await?,
        None => None,
    };
    let changes = |before: &StoredArticle| revision_diff::changes(before, &asked.article);
    let page = RevisionPage {
        title: stands.article.article().title.clone(),
        seen: stands.summary.tag.to_string(),
        changes: before.map(|before| changes(&before.article)),
        restoring: changes(&stands.article),
        revision: asked.summary,
        id,
    };
    Ok(render::page(page, visitor.shell).await)
}

/// `POST /admin/articles/{id}/revisions/{number}/restore`
pub async fn post_restore(
    State(state): State<AppState>,
    visitor: LoggedIn,
    path: PathNumber,
    body: Text<BUTTON>,
) -> Result<Response, Problem> {
    let (Path((id, number)), pressed) = (path?, body.form::<Pressed>()?);
    let (id, who) = (read_id(&id)?, Author::person(&visitor.person.name));
    match state.publishing.restore_revision(&id, number, seen(&pressed.seen), &who).await {
        Ok(_) => Ok(back(&format!("{}?done=restored", article_path(&id)))),
        Err(Problem::NotAsExpected) => {
            let page = page(&state, id.as_str(), None, Some("revisions.overtaken")).await?;
            Ok(again(StatusCode::CONFLICT, page, visitor.shell).await)
        }
        Err(other) => Err(other),
    }
}

async fn page(
    server: &Server,
    id: &str,
    before: Option<u32>,
    problem: Option<&'static str>,
) -> Result<RevisionsPage, Problem> {
    let stands = stands(server, id).await?;
    let id = stands.article.id().clone();
    // One more says whether there is another page.
    let mut revisions = server.store.revisions(&id, before, PAGE + 1).await?;
    let has_more = revisions.len() > PAGE as usize;
    revisions.truncate(PAGE as usize);
    let next = revisions.last().filter(|_| has_more).map(|last| last.number);
    let title = stands.article.article().title.clone();
    Ok(RevisionsPage { id, title, revisions, next, problem })
}
