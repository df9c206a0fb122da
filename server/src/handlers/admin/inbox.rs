//! `/admin/feedback`: the list of letters.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;

use crate::admin::inbox_query::InboxQuery;
use crate::admin::pages::InboxPage;
use crate::admin::render;
use crate::admin::visitor::LoggedIn;
use crate::problem::Problem;
use crate::state::AppState;

/// Letters on a page.
const PAGE: u32 = 50;

/// `GET /admin/feedback?state&q&article&partner&kind&before`
pub async fn get_inbox(
    State(state): State<AppState>,
    visitor: LoggedIn,
    query: Result<Query<InboxQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let filter = query.filter()?;
    let letters = state.store.letters(&filter, query.before()?, PAGE).await?;
    let counts = state.store.letter_counts(&filter).await?;
    let page = InboxPage { query, state: filter.state, counts, letters };
    Ok(render::page(page, visitor.shell).await)
}
