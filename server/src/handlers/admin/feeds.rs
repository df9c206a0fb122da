//! `/admin/feeds`: where articles come from by themselves.

use std::cmp::Reverse;

use axum::extract::State;
use axum::response::Response;

use super::files;
use crate::admin::pages::FeedsPage;
use crate::admin::visitor::LoggedIn;
use crate::admin::{render, tables};
use crate::export::Format;
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::store::Feed;

/// `GET /admin/feeds`
pub async fn get_feeds(
    State(state): State<AppState>,
    visitor: LoggedIn,
) -> Result<Response, Problem> {
    let page = FeedsPage { feeds: feeds(&state).await? };
    Ok(render::page(page, visitor.shell).await)
}

/// `GET /admin/feeds.csv`
pub async fn get_csv(
    State(state): State<AppState>,
    _visitor: LoggedIn,
) -> Result<Response, Problem> {
    files::answer(&state, &tables::feeds(&feeds(&state).await?), Format::Csv)
}

/// `GET /admin/feeds.json`
pub async fn get_json(
    State(state): State<AppState>,
    _visitor: LoggedIn,
) -> Result<Response, Problem> {
    files::answer(&state, &tables::feeds(&feeds(&state).await?), Format::Json)
}

/// Those in trouble first, and of those the ones that have been for longest.
async fn feeds(server: &Server) -> Result<Vec<Feed>, Problem> {
    let mut feeds = server.store.feeds().await?;
    feeds.sort_by_key(|feed| Reverse((feed.problem.is_some(), feed.failures)));
    Ok(feeds)
}
