//! `/media`: the publisher's pictures, from one folder and none below it.

use std::fs::Metadata;
use std::io::ErrorKind;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use crate::cache::{EntityTag, Policy};
use crate::media::media_type;
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::visibility::Visibility;

/// What of a file is read at a time, in bytes: each time another thread does it.
const PIECE: usize = 16 << 10;

/// `GET /media/{name}`
pub async fn get_media(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(name) = name?;
    let folder = state.media.as_ref().ok_or(Problem::NotFound)?;
    let media_type = media_type(&name).ok_or(Problem::NotFound)?;
    may_be_seen(&state, &name).await?;
    let file = File::open(folder.join(&name)).await.map_err(not_found_or_failed)?;
    let about = file.metadata().await.map_err(not_found_or_failed)?;
    if !about.is_file() {
        return Err(Problem::NotFound);
    }
    let tag = tag(&about).map_err(|error| Problem::Internal(error.into()))?;
    if tag.is_known_to(&headers) {
        return Ok((StatusCode::NOT_MODIFIED, Policy::Media, tag, ()).into_response());
    }
    // Read as the reader takes it: a slow one holds one piece of it in memory, not all.
    let content = Body::from_stream(ReaderStream::with_capacity(file.take(about.len()), PIECE));
    let headed = [
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (CONTENT_LENGTH, about.len().into()),
    ];
    Ok((Policy::Media, tag, headed, content).into_response())
}

/// A picture goes with the articles that name it: it is there as long as readers may see one of them, or none
/// names it.
async fn may_be_seen(server: &Server, name: &str) -> Result<(), Problem> {
    let path = format!("/media/{name}");
    let urls = vec![format!("{}{path}", server.renderer.public_url), path];
    match server.store.image_visibility(urls, server.clock.now()).await? {
        None | Some(Visibility::Visible) => Ok(()),
        Some(Visibility::Hidden) => Err(Problem::NotFound),
        Some(Visibility::Withdrawn) => Err(Problem::Gone),
    }
}

/// Length and time of change name the content, so that nothing is read where nothing is sent.
fn tag(about: &Metadata) -> std::io::Result<EntityTag> {
    let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(EntityTag::of(format!("{} {}", about.len(), changed.as_nanos()).as_bytes()))
}

/// A name that the file system cannot hold names nothing.
fn not_found_or_failed(error: std::io::Error) -> Problem {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::InvalidFilename => Problem::NotFound,
        _ => Problem::Internal(error.into()),
    }
}
