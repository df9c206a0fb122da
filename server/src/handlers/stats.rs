//! `/v1/articles/{id}/stats`: what was counted of an article, for its publisher.

use article_widget::contract::ArticleId;
use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::authorisation::{Permit, StatsRead};
use crate::cache::Policy;
use crate::problem::Problem;
use crate::state::AppState;
pub(crate) use answer::Answer;

mod answer;
mod hours;

/// Rows of an answer, one for each hour and partner: some 15 MB of JSON.
const ROWS: u32 = 50_000;

/// Which hours.
#[derive(JsonSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatsQuery {
    /// RFC 3339: the first hour is the one that this is in. A week before `until` where it is left out.
    from: Option<String>,
    /// RFC 3339: the hour that this is in is the first that is not told. The end of this hour where it
    /// is left out.
    until: Option<String>,
}

/// `GET /v1/articles/{id}/stats?from&until`: of an article that was withdrawn too.
pub async fn get_stats(
    State(state): State<AppState>,
    _permit: Permit<StatsRead>,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<StatsQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Path(id) = id?;
    let Query(query) = query?;
    let id = ArticleId::parse(&id).map_err(|_| Problem::NoArticle)?;
    let now = state.now();
    let hours = hours::read(query.from.as_deref(), query.until.as_deref(), now)?;
    // One more, to know whether there are more.
    let stats = state.store.stats(&id, hours.clone(), ROWS + 1).await?.ok_or(Problem::NoArticle)?;
    if stats.views.len() > ROWS as usize {
        let detail = format!("names more than {ROWS} hours of partners; ask for fewer days");
        return Err(Problem::Invalid { field: "from", detail });
    }
    let ratings = state.store.ratings(&id, 0).await?;
    Ok((Policy::Private, Json(Answer::new(id, hours, now, stats, &ratings))).into_response())
}
