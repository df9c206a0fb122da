//! A request about one article: its id in the path, and what the query says.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::problem::Problem;
use crate::state::AppState;

/// What was asked for, of which article.
pub struct Asked<Q> {
    /// As it stands in the path: nobody has looked whether it is an id.
    pub id: String,
    /// The query.
    pub query: Q,
}

impl<Q: DeserializeOwned> FromRequestParts<AppState> for Asked<Q> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Path(id) = Path::from_request_parts(parts, state).await?;
        let Query(query) = Query::try_from_uri(&parts.uri)?;
        Ok(Self { id, query })
    }
}
