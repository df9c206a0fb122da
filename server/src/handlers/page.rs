//! `/a/{id}`: the article's own page, complete without a script.

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::embed::EmbedQuery;
use crate::cache::Policy;
use crate::embeds::MOST_READ;
use crate::pages::{self, ArticlePage, Content};
use crate::problem::Problem;
use crate::state::AppState;
use crate::visibility::Visibility;

/// `GET /a/{id}?lang`. Withdrawn articles give 410 and a page that says so.
pub async fn get_page(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<EmbedQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (Path(id), Query(query)) = (id?, query?);
    let (stored, visibility) = state.article(&id).await?;
    let window = query.window()?;
    let most_read = match window {
        Some(window) => state.most_read.get(window, MOST_READ).await?,
        None => None,
    };
    let language = state.renderer.language(query.language(), stored.article());
    let embed = state.renderer.embed(stored.article(), visibility, most_read, language).await;
    let status = match visibility {
        Visibility::Visible => StatusCode::OK,
        Visibility::Hidden | Visibility::Withdrawn => StatusCode::GONE,
    };
    let content = Content::Article { publisher: state.renderer.public_url.clone() };
    let template = ArticlePage::new(&embed, query.language());
    pages::revalidated(status, Policy::Article, content, &template, &headers)
}
