//! `/v1/articles/{id}/revisions`: how an article stands and has stood, for its publisher.

use article_widget::contract::{ArticleId, Status};
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::publishing::id_of;
use crate::authorisation::{ArticlesWrite, Permit};
use crate::cache::{EntityTag, Policy};
use crate::problem::Problem;
use crate::query;
use crate::state::AppState;
use crate::store::RevisionSummary;
use crate::time::rfc_3339;

/// Revisions in a page, unless another number is asked for.
const LIMIT: u16 = 20;

/// Which revisions.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Those before this number.
    before: Option<u32>,
    /// At most this many, 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u16>,
}

/// Revisions of an article, the newest first.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "RevisionList")]
pub(crate) struct Listed {
    /// Its id.
    article: ArticleId,
    /// The first of the first page is the one that stands.
    revisions: Vec<Revision>,
    /// What to give as `before` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u32>,
}

/// One of them.
#[derive(JsonSchema, Serialize)]
struct Revision {
    /// Counted from 1.
    number: u32,
    /// It is the one that stands.
    current: bool,
    /// Its entity tag, for `If-Match`.
    etag: String,
    /// Since when it stood so: RFC 3339, UTC.
    saved_at: String,
    /// Who saved it: `import`, `command`, `api:` and a token's name, `person:` and a person's; empty where
    /// that is not known.
    by: String,
    /// Why, where they said so; else empty.
    note: String,
    /// The title then.
    title: String,
    /// The status then.
    status: Status,
}

/// `GET /v1/articles/{id}/revisions?before&limit`
pub async fn list_revisions(
    State(state): State<AppState>,
    _permit: Permit<ArticlesWrite>,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let (article, Query(query)) = (id_of(id)?, query?);
    let limit = usize::from(query::limit(query.limit, LIMIT)?);
    // One more, to know whether there are more.
    let most = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let found = state.store.revisions(&article, query.before, most).await?;
    if found.is_empty() && query.before.is_none() {
        return Err(Problem::NoArticle);
    }
    let next = (found.len() > limit).then(|| found[limit - 1].number);
    let revisions = found.into_iter().take(limit).map(Revision::from).collect();
    Ok((Policy::Private, Json(Listed { article, revisions, next })).into_response())
}

/// `GET /v1/articles/{id}/revisions/{number}`: the article's JSON as it was.
pub async fn get_revision(
    State(state): State<AppState>,
    _permit: Permit<ArticlesWrite>,
    path: Result<Path<(String, u32)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((id, number)) = path?;
    let id = ArticleId::parse(&id).map_err(|_| Problem::NoArticle)?;
    let found = state.store.revision(&id, number).await?.ok_or(Problem::NotFound)?;
    let tag = EntityTag::of_revision(&found.summary.tag);
    Ok(tag.or_not_modified(&headers, Policy::Private, Json(found.article.json())))
}

impl From<RevisionSummary> for Revision {
    fn from(summary: RevisionSummary) -> Self {
        Self {
            number: summary.number,
            current: summary.is_current,
            etag: format!("\"{}\"", summary.tag),
            saved_at: rfc_3339(summary.saved_at),
            by: summary.by.as_str().to_owned(),
            note: summary.note,
            title: summary.title,
            status: summary.status,
        }
    }
}
