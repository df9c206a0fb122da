//! `/v1/embed`: what a loader needs, once.

use article_widget::contract::{ArticleId, Window};
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::cache::Policy;
use crate::embeds::Key;
use crate::problem::Problem;
use crate::query;
use crate::state::AppState;

/// The parameters that change the answer. Others change nothing.
#[derive(JsonSchema, Deserialize)]
pub(crate) struct EmbedQuery {
    /// The interface's language; one that we do not know is as none.
    lang: Option<String>,
    /// The most-read list's window, or `off`.
    #[schemars(extend("enum" = ["off", "1h", "24h", "7d", "30d", "all", "rising"]))]
    window: Option<String>,
}

impl EmbedQuery {
    fn window(&self) -> Result<Option<Window>, Problem> {
        let name = self.window.as_deref().filter(|name| !name.is_empty());
        if name == Some("off") {
            return Ok(None);
        }
        let window = query::window(name)?;
        Ok(Some(window.unwrap_or_default()))
    }
}

/// `{id}?lang&window`, normalised.
impl FromRequestParts<AppState> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Path(id) = Path::<String>::from_request_parts(parts, state).await?;
        let Query(query) = Query::<EmbedQuery>::from_request_parts(parts, state).await?;
        let languages = state.renderer.languages.now();
        let language = query.lang.as_deref().and_then(|lang| languages.find(lang));
        Ok(Self {
            id: ArticleId::parse(&id).map_err(|_| Problem::NoArticle)?,
            language: language.map(|language| language.tag.as_str().into()),
            window: query.window()?,
        })
    }
}

/// `GET /v1/embed/{id}?lang&window`
pub async fn get_embed(
    State(state): State<AppState>,
    key: Key,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match state.embeds.get(&state, key).await {
        Ok(answer) => {
            let json = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
            let content = (json, answer.json.negotiate(&headers));
            let policy = Policy::until(answer.end, state.clock.now());
            Ok(answer.json.tag().or_not_modified(&headers, policy, content))
        }
        // One failure may be the answer of many requests.
        Err(problem) => Ok((&*problem).into_response()),
    }
}
