//! `/v1/embed`: what a loader needs, once.

use article_widget::contract::{ArticleId, Window};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::cache::Policy;
use crate::embeds::Key;
use crate::messages;
use crate::problem::Problem;
use crate::query;
use crate::state::AppState;

/// What the answer depends on besides the article. Other parameters change nothing.
#[derive(Deserialize)]
pub struct EmbedQuery {
    /// The interface's language; one that we do not know is as none.
    pub lang: Option<String>,
    /// The most-read list's window, or `off`.
    pub window: Option<String>,
}

impl EmbedQuery {
    /// The language asked for, where we have words for it.
    pub fn language(&self) -> Option<&'static str> {
        self.lang.as_deref().and_then(messages::known)
    }

    /// The window of the list; none for no list.
    ///
    /// # Errors
    /// [`Problem::Invalid`] where there is no such window.
    pub fn window(&self) -> Result<Option<Window>, Problem> {
        let name = self.window.as_deref().filter(|name| !name.is_empty());
        if name == Some("off") {
            return Ok(None);
        }
        let window = query::window(name, "24h, 7d, 30d, all, off")?;
        Ok(Some(window.unwrap_or_default()))
    }
}

/// `GET /v1/embed/{id}?lang&window`
pub async fn get_embed(
    State(state): State<AppState>,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<EmbedQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (Path(id), Query(query)) = (id?, query?);
    let id = ArticleId::parse(&id).map_err(|_| Problem::NoArticle)?;
    let key = Key { id, language: query.language(), window: query.window()? };
    match state.embeds.get(&state, key).await {
        Ok(answer) => {
            let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            let content = (json, answer.negotiate(&headers));
            Ok(answer.tag().or_not_modified(&headers, Policy::Article, content))
        }
        // One failure may be the answer of many requests.
        Err(problem) => Ok((&*problem).into_response()),
    }
}
