//! `/oembed`: how an article is shown by those who are given nothing but its address.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::cache::EntityTag;
use crate::oembed::{Place, Rich, Room};
use crate::problem::Problem;
use crate::state::AppState;

/// The specification's parameters; others change nothing.
#[derive(JsonSchema, Deserialize)]
pub struct OEmbedQuery {
    url: Option<String>,
    maxwidth: Option<u32>,
    maxheight: Option<u32>,
    format: Option<String>,
}

impl OEmbedQuery {
    /// 0 is what WordPress sends where it knows no width.
    fn room(&self) -> Room {
        let some = |pixels: Option<u32>| pixels.filter(|pixels| *pixels > 0);
        Room { width: some(self.maxwidth), height: some(self.maxheight) }
    }
}

/// `GET /oembed?url&maxwidth&maxheight&format`
pub async fn get_oembed(
    State(state): State<AppState>,
    query: Result<Query<OEmbedQuery>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let url = query.url.as_deref().filter(|url| !url.is_empty());
    let missing = || Problem::Invalid { field: "url", detail: "the address of a page".to_owned() };
    let url = url.ok_or_else(missing)?;
    let renderer = &state.renderer;
    let place = Place::at(url, &renderer.public_url, &renderer.languages.now());
    let place = place.ok_or(Problem::NoArticle)?;
    // The specification knows of no withdrawal.
    let visible = state.visible_article(place.id.as_str()).await;
    let stored = visible.map_err(|problem| match problem {
        Problem::Gone => Problem::NoArticle,
        problem => problem,
    })?;
    let stored = state.shown(stored).await?.article;
    let internal = |error: askama::Error| Problem::Internal(error.into());
    let rich = Rich::new(stored.article(), &place, query.room(), &state.renderer);
    let rich = rich.map_err(internal)?;
    let (media_type, content) = match query.format.as_deref() {
        None | Some("" | "json") => ("application/json", json(&rich)?),
        Some("xml") => ("text/xml; charset=utf-8", rich.xml().map_err(internal)?),
        Some(_) => return Err(Problem::NotImplemented("the formats are json and xml")),
    };
    let headed = [(CONTENT_TYPE, HeaderValue::from_static(media_type))];
    let tag = EntityTag::of(content.as_bytes());
    Ok(tag.or_not_modified(&headers, state.policy([&stored]), (headed, content)))
}

fn json(rich: &Rich) -> Result<String, Problem> {
    serde_json::to_string(rich).map_err(|error| Problem::Internal(error.into()))
}
