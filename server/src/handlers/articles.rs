//! `/v1/articles`: articles as their publisher gave them.

use article_widget::contract::ArticleId;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::cache::EntityTag;
use crate::openapi::GivenArticle;
use crate::problem::Problem;
use crate::query;
use crate::state::AppState;

/// Articles in a page, unless another number is asked for.
const LIMIT: u16 = 20;

/// Which articles.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Those after this id.
    #[schemars(with = "Option<ArticleId>")]
    after: Option<String>,
    /// At most this many, 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    limit: Option<u16>,
}

/// A page of articles, in the order of their ids.
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "ArticleList")]
pub(crate) struct Listed {
    /// Those that readers may see; fewer than asked for where they are long.
    #[schemars(with = "Vec<GivenArticle>")]
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
    let limit = query::limit(query.limit, LIMIT)?.into();
    let after = query.after.as_deref().map(ArticleId::parse).transpose();
    let after =
        after.map_err(|error| Problem::Invalid { field: "after", detail: error.to_string() })?;

    let page = state.store.articles(after.as_ref(), limit, state.clock.now()).await?;
    let policy = state.policy(&page.articles);
    let articles = page.articles.iter().map(|article| article.json().to_owned()).collect();
    Ok((policy, Json(Listed { articles, next: page.next })).into_response())
}

/// `GET /v1/articles/{id}`
pub async fn get_article(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let article = state.visible_article(&id?.0).await?;
    let tag = EntityTag::of_revision(&article.tag());
    Ok(tag.or_not_modified(&headers, state.policy([&article]), Json(article.json())))
}
