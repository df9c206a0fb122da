//! `PUT` and `DELETE /v1/articles/{id}`: the publisher's own programs change articles.

use article_widget::contract::ArticleId;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::article::StoredArticle;
use crate::authorisation::{ArticlesWrite, Permit};
use crate::body::Text;
use crate::cache::{EntityTag, Policy};
use crate::conditions::expected;
use crate::import;
use crate::problem::Problem;
use crate::publishing::{Done, Expected, Purge};
use crate::state::AppState;
use crate::store::Saved;

/// How an article stands after a change.
#[derive(JsonSchema, Serialize)]
pub(crate) struct Changed {
    /// Its id.
    article: ArticleId,
    /// The number of the revision that stands.
    revision: u32,
    /// The addresses that caches have to forget.
    #[serde(flatten)]
    purge: Purge,
}

type PathId = Result<Path<String>, PathRejection>;

/// `PUT /v1/articles/{id}`: the article stands as the body says. 201 where it is new, 200 where it replaces
/// another state, 204 where it stood so already.
pub async fn put_article(
    State(state): State<AppState>,
    permit: Permit<ArticlesWrite>,
    id: PathId,
    headers: HeaderMap,
    body: Text<{ import::LONGEST }>,
) -> Result<Response, Problem> {
    let id = id_of(id)?;
    // What is not said to have been seen is not overwritten.
    let expected = expected(&headers, Expected::NothingElse)?;
    let article = read(body.as_str())?;
    if *article.id() != id {
        let detail = format!("is {id} in the address and another in the body");
        return Err(Problem::Invalid { field: "id", detail });
    }
    let done = state.publishing.save(article, expected, &permit.author()).await?;
    Ok(match done.saved {
        Saved::Created => (StatusCode::CREATED, [(LOCATION, location(&id))], answer(id, done)),
        Saved::Updated => return Ok(answer(id, done)),
        Saved::Unchanged => return Ok(unchanged(&done)),
    }
    .into_response())
}

/// `DELETE /v1/articles/{id}`: withdraws it. The same again is answered the same.
pub async fn delete_article(
    State(state): State<AppState>,
    permit: Permit<ArticlesWrite>,
    id: PathId,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = id_of(id)?;
    // Withdrawing hurries, and loses nothing: it is done to whatever stands there.
    let expected = expected(&headers, Expected::Something)?;
    let done = state.publishing.withdraw(&id, "", expected, &permit.author()).await?;
    Ok(answer(id, done))
}

pub(super) fn id_of(id: PathId) -> Result<ArticleId, Problem> {
    let Path(id) = id?;
    ArticleId::parse(&id).map_err(|_| Problem::NoArticle)
}

fn read(json: &str) -> Result<StoredArticle, Problem> {
    // An array would be taken for the fields in their order.
    if json.trim_ascii_start().starts_with('[') {
        return Err(Problem::BadRequest("the body is one article, not an array".to_owned()));
    }
    Ok(StoredArticle::from_json(json)?)
}

fn answer(article: ArticleId, done: Done) -> Response {
    let tag = EntityTag::of_revision(&done.tag);
    let changed = Changed { article, revision: done.number, purge: done.purge };
    (Policy::Private, tag, Json(changed)).into_response()
}

fn unchanged(done: &Done) -> Response {
    let tag = EntityTag::of_revision(&done.tag);
    (StatusCode::NO_CONTENT, Policy::Private, tag, ()).into_response()
}

fn location(id: &ArticleId) -> HeaderValue {
    HeaderValue::from_str(&format!("/v1/articles/{id}")).expect("an id stands in a path as it is")
}
