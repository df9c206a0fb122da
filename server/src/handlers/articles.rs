//! `/v1/articles`: articles as their publisher gave them.

use article_widget::contract::ArticleId;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cache::{EntityTag, Policy};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visibility::Visibility;

/// Articles in a page, unless another number is asked for.
const LIMIT: u32 = 20;
/// No page is longer.
const MOST: u32 = 100;

/// Which articles.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Those after this id.
    after: Option<String>,
    /// At most this many, 1 to 100.
    limit: Option<u32>,
}

/// A page of articles, in the order of their ids.
#[derive(Serialize)]
struct Listed {
    /// Those that readers may see; a page may hold fewer than asked for, or none.
    articles: Vec<Box<RawValue>>,
    /// What to give as `after` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<ArticleId>,
}

/// `GET /v1/articles?after&limit`
pub async fn list_articles(
    State(state): State<AppState>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let invalid = |field, detail: &str| Problem::Invalid { field, detail: detail.to_owned() };
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=MOST).contains(&limit) {
        return Err(invalid("limit", "1 to 100"));
    }
    let after = query.after.as_deref().map(ArticleId::parse).transpose();
    let after = after.map_err(|error| invalid("after", &error.to_string()))?;

    let found = state.store.articles(after.as_ref(), limit).await?;
    let is_full = found.len() >= limit.try_into().unwrap_or(usize::MAX);
    let next = found.last().filter(|_| is_full).map(|last| last.id().clone());
    let visible = found.iter().filter(|article| state.visibility(article) == Visibility::Visible);
    let articles = visible.map(|article| article.json().to_owned()).collect();
    Ok((Policy::Article, Json(Listed { articles, next })).into_response())
}

/// `GET /v1/articles/{id}`
pub async fn get_article(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (article, visibility) = state.article(&id?.0).await?;
    if visibility != Visibility::Visible {
        return Err(Problem::Gone);
    }
    let tag = EntityTag::of(article.json().get().as_bytes());
    Ok(tag.or_not_modified(&headers, Policy::Article, Json(article.json())))
}
