//! `/admin/articles/{id}`: one article, and its figures as files.

use article_widget::contract::ArticleId;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::files;
use crate::admin::pages::ArticlePage;
use crate::admin::period::{self, Period};
use crate::admin::visitor::LoggedIn;
use crate::admin::{render, tables};
use crate::export::Format;
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::store::{ArticleReading, ArticleRevision, ArticleState};
use crate::visibility::Term;

/// Partners that are told of at once.
const PARTNERS: u32 = 1_000;
/// Partners that the page shows; the file has more.
const PARTNERS_SHOWN: usize = 20;
/// What readers said in a word: so many of the latest.
const WORDS: u32 = 10;

/// How an article is asked for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct WindowQuery {
    /// The name of the window that is looked at.
    window: String,
    /// What has just been done.
    done: String,
}

/// `GET /admin/articles/{id}?window`
pub async fn get_article(
    State(state): State<AppState>,
    visitor: LoggedIn,
    id: Result<Path<String>, PathRejection>,
    query: Result<Query<WindowQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let (Path(id), Query(query)) = (id?, query?);
    let ArticleRevision { article, summary } = stands(&state, &id).await?;
    let period = read_period(&state, &query.window).await?;
    let mut reading = reading(&state, article.id(), &period).await?;
    reading.partners.truncate(PARTNERS_SHOWN);
    let ratings = state.store.ratings(article.id(), WORDS).await?;
    let article = article.article().clone();
    let calendar = &state.renderer.calendar;
    let term = Term::read(article.embargo.as_deref(), article.expires.as_deref(), calendar);
    let page = ArticlePage {
        state: ArticleState::of(article.status, term, state.clock.now()),
        article,
        revision: summary,
        term,
        period,
        reading,
        ratings,
        done: query.done,
    };
    Ok(render::page(page, visitor.shell).await)
}

/// `GET /admin/articles/{id}/{file}?window`: `hours`, `partners`, `shares` or `arrivals`, as `.csv` or `.json`
pub async fn get_file(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    path: Result<Path<(String, String)>, PathRejection>,
    query: Result<Query<WindowQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let (Path((id, file)), Query(query)) = (path?, query?);
    let (name, format) = Format::of_file(&file).ok_or(Problem::NotFound)?;
    let id = read_id(&id)?;
    let reading = reading(&state, &id, &read_period(&state, &query.window).await?).await?;
    let table = match name {
        "hours" => tables::hours(&reading.hours),
        "partners" => tables::reading_partners(&reading.partners),
        "shares" => tables::shares(&reading.shares),
        "arrivals" => tables::arrivals(&reading.arrivals),
        _ => return Err(Problem::NotFound),
    };
    files::answer(&state, &table, format)
}

/// The article of that id as it stands, whatever readers may see of it.
///
/// # Errors
/// [`Problem::NoArticle`] where there is none.
pub async fn stands(server: &Server, id: &str) -> Result<ArticleRevision, Problem> {
    server.store.current_revision(&read_id(id)?).await?.ok_or(Problem::NoArticle)
}

/// The id that a path names.
///
/// # Errors
/// [`Problem::NoArticle`] where it cannot be one.
pub fn read_id(id: &str) -> Result<ArticleId, Problem> {
    ArticleId::parse(id).map_err(|_| Problem::NoArticle)
}

async fn read_period(server: &Server, window: &str) -> Result<Period, Problem> {
    let window = period::window(window, &period::EVERY)?;
    let first = server.store.first_hour().await?;
    Ok(Period::new(window, server.clock.now(), first))
}

async fn reading(
    server: &Server,
    id: &ArticleId,
    period: &Period,
) -> Result<ArticleReading, Problem> {
    let reading = server.store.article_reading(id, period.hours.clone(), PARTNERS).await?;
    reading.ok_or(Problem::NoArticle)
}
