//! `/a/{id}`: the article's own page, complete without a script.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use crate::cache::Policy;
use crate::embeds::Key;
use crate::pages::{self, Content};
use crate::problem::Problem;
use crate::state::AppState;

/// `GET /a/{id}?lang&window`. Withdrawn articles give 410 and a page that says so.
pub async fn get_page(
    State(state): State<AppState>,
    key: Key,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match state.embeds.get_page(&state, key).await {
        Ok(page) => {
            let content = Content::Article { publisher: state.renderer.public_url.clone() };
            Ok(pages::finished(&page, Policy::Article, content, &headers))
        }
        // One failure may be the answer of many requests.
        Err(problem) => Ok((&*problem).into_response()),
    }
}
