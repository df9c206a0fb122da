//! The loader and the widget's files.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::assets::AssetFile;
use crate::cache::Policy;
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::store::Operation;

/// `GET /embed.js`: the newest loader.
pub async fn get_loader(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    newest(&state, "embed.js", &headers)
}

/// `GET /frame-host.js`: what gives frames their height, in the page around them.
pub async fn get_frame_host(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    newest(&state, "frame-host.js", &headers)
}

/// The themes that are ready made, each a style sheet for the page of a partner.
const THEMES: [&str; 3] = ["gazette.css", "harbour.css", "terrace.css"];

/// `GET /themes/{name}`: one of the themes, the newest.
pub async fn get_theme(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(name) = path?;
    if !THEMES.contains(&&*name) {
        return Err(Problem::NotFound);
    }
    newest(&state, &name, &headers)
}

fn newest(server: &Server, name: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let file = server.assets.get(name).ok_or(Problem::NotFound)?;
    answer(file, Policy::Loader, headers)
}

/// `GET /v/{version}/{name}`: a file of any release there ever was.
pub async fn get_asset(
    State(state): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((version, name)) = path?;
    if version == state.assets.version() {
        let file = state.assets.get(&name).ok_or(Problem::NotFound)?;
        return answer(file, Policy::Immutable, &headers);
    }
    let file = state.store.asset(&version, &name);
    let file =
        state.store.metrics().time(Operation::Asset, file).await?.ok_or(Problem::NotFound)?;
    answer(&AssetFile::from(file), Policy::Immutable, &headers)
}

fn answer(file: &AssetFile, policy: Policy, headers: &HeaderMap) -> Result<Response, Problem> {
    let media_type =
        HeaderValue::from_str(&file.media_type).map_err(|error| Problem::Internal(error.into()))?;
    let content = ([(CONTENT_TYPE, media_type)], file.content.negotiate(headers));
    Ok(file.content.tag().or_not_modified(headers, policy, content))
}
