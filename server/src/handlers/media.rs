//! `/media`: the publisher's pictures, from one folder and none below it.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::cache::{EntityTag, Policy};
use crate::problem::Problem;
use crate::state::AppState;

/// `GET /media/{name}`
pub async fn get_media(
    State(state): State<AppState>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Path(name) = name?;
    let folder = state.media.as_ref().ok_or(Problem::NotFound)?;
    let media_type = media_type(&name).ok_or(Problem::NotFound)?;
    let content = match tokio::fs::read(folder.join(&name)).await {
        Ok(content) => content,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Problem::NotFound);
        }
        Err(error) => return Err(Problem::Internal(error.into())),
    };
    let tag = EntityTag::of(&content);
    let headed = ([(CONTENT_TYPE, HeaderValue::from_static(media_type))], content);
    Ok(tag.or_not_modified(&headers, Policy::Media, headed))
}

/// The type of a picture by its name; none for what is no plain file name of a picture.
fn media_type(name: &str) -> Option<&'static str> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.starts_with('.') || stem.is_empty() || !name.bytes().all(is_plain) {
        return None;
    }
    match extension {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "webp" => Some("image/webp"),
        "avif" => Some("image/avif"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_pictures_have_a_type() {
        assert_eq!(media_type("photo-640.jpg"), Some("image/jpeg"));
        for name in ["../secret.jpg", "a/b.png", ".hidden.png", ".png", "page.html", "x.svg", "x"] {
            assert_eq!(media_type(name), None, "{name}");
        }
    }
}
