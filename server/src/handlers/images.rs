//! `/a/{id}/images`: sizes of an article's pictures. Under the article, so that they are gone with it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::cache::{EntityTag, Policy};
use crate::problem::Problem;
use crate::state::AppState;
use crate::store::ImageName;

/// `GET /a/{id}/images/{digest}-{width}.{jpg|webp}`
pub async fn get_image(
    State(state): State<AppState>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path((id, name)) = path?;
    let article = state.visible_article(&id).await?;
    let name = ImageName::parse(&name).ok_or(Problem::NotFound)?;
    let content = state.store.image_file(article.id(), &name).await?.ok_or(Problem::NotFound)?;
    // The name says the content.
    let tag = EntityTag::of(name.to_string().as_bytes());
    if tag.is_known_to(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, Policy::Media, tag, ()).into_response());
    }
    let media_type = [(CONTENT_TYPE, HeaderValue::from_static(name.kind.media_type()))];
    Ok((Policy::Media, tag, media_type, content).into_response())
}
