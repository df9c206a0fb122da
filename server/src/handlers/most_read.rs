//! `/v1/most-read`: the list by itself.

use article_widget::contract::{MostRead, Window};
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::cache::Policy;
use crate::embeds::MOST_READ;
use crate::problem::Problem;
use crate::query;
use crate::state::AppState;

/// Which list. A filter that we do not have is refused: a list is never something else than it says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MostReadQuery {
    /// `24h`, `7d`, `30d` or `all`; `24h` where it is left out.
    window: Option<String>,
    /// At most this many, 1 to 100.
    limit: Option<u16>,
    /// The reader's language. Titles are in their articles' own, so it changes nothing.
    #[allow(dead_code, reason = "it is allowed, and changes nothing")]
    lang: Option<String>,
}

/// `GET /v1/most-read?window&limit&lang`
pub async fn get_most_read(
    State(state): State<AppState>,
    query: Result<Query<MostReadQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let window = query::window(query.window.as_deref(), "24h, 7d, 30d, all")?.unwrap_or_default();
    let limit = query::limit(query.limit, MOST_READ)?;
    let list = state.most_read.get(window, limit.into()).await?;
    Ok((Policy::MostRead, Json(list.unwrap_or_else(|| empty(window, &state)))).into_response())
}

/// What there is to say where there is too little to rank.
fn empty(window: Window, state: &AppState) -> MostRead {
    MostRead { window, computed_at: state.now().to_string(), ..MostRead::default() }
}
