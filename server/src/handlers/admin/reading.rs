//! `/admin/reading`: the figures of all articles, and the same as files.

use article_widget::contract::{MostRead, Window};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::files;
use crate::admin::pages::ReadingPage;
use crate::admin::period::{self, Period};
use crate::admin::visitor::LoggedIn;
use crate::admin::{render, tables};
use crate::export::{Format, Table};
use crate::most_read::{self, By};
use crate::problem::Problem;
use crate::query;
use crate::state::{AppState, Server};
use crate::store::Reading;

/// Articles of a list on the page.
const SHOWN: usize = 10;
/// Articles of a list in a file.
const IN_A_FILE: usize = 100;

/// Which window is looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ReadingQuery {
    /// Its name.
    window: String,
}

/// `GET /admin/reading?window`
pub async fn get_reading(
    State(state): State<AppState>,
    visitor: LoggedIn,
    query: Result<Query<ReadingQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let period = read_period(&state, &query?.window)?;
    let page = ReadingPage {
        reading: reading(&state, &period, SHOWN).await?,
        partners: state.store.partner_reading(Some(period.hours.clone())).await?,
        most_read: list(&state, period.window, By::Views, SHOWN).await?,
        deep: list(&state, period.window, By::Deep, SHOWN).await?,
        period,
    };
    Ok(render::page(page, visitor.shell).await)
}

/// `GET /admin/reading/{file}?window`: `hours`, `partners`, `shares`, `shared`, `most-read` or `deep`, as
/// `.csv` or `.json`
pub async fn get_file(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    file: Result<Path<String>, PathRejection>,
    query: Result<Query<ReadingQuery>, QueryRejection>,
) -> Result<Response, Problem> {
    let (Path(file), Query(query)) = (file?, query?);
    let (name, format) = Format::of_file(&file).ok_or(Problem::NotFound)?;
    let table = match name {
        "most-read" => ranking(&state, &query.window, By::Views).await?,
        "deep" => Table { name: "deep", ..ranking(&state, &query.window, By::Deep).await? },
        _ => counted(&state, &read_period(&state, &query.window)?, name).await?,
    };
    files::answer(&state, &table, format)
}

async fn counted(server: &Server, period: &Period, name: &str) -> Result<Table, Problem> {
    if name == "partners" {
        let partners = server.store.partner_reading(Some(period.hours.clone())).await?;
        return Ok(tables::reading_partners(&partners));
    }
    let reading = reading(server, period, IN_A_FILE).await?;
    match name {
        "hours" => Ok(tables::hours(&reading.hours)),
        "shares" => Ok(tables::shares(&reading.shares)),
        "shared" => Ok(tables::shared(&reading.shared)),
        _ => Err(Problem::NotFound),
    }
}

/// A list in a file has the window that is asked for, of all that there are, or nothing in it.
async fn ranking(server: &Server, window: &str, by: By) -> Result<Table, Problem> {
    let window = query::window(Some(window).filter(|name| !name.is_empty()))?.unwrap_or_default();
    let list = list(server, window, by, IN_A_FILE).await?;
    let list = list.filter(|list| list.window == window).unwrap_or_default();
    Ok(tables::most_read(&list))
}

async fn list(
    server: &Server,
    window: Window,
    by: By,
    limit: usize,
) -> Result<Option<MostRead>, Problem> {
    let query = most_read::Query { window, by, ..most_read::Query::default() };
    Ok(server.most_read.get(&query, limit).await?)
}

fn read_period(server: &Server, window: &str) -> Result<Period, Problem> {
    let window = period::window(window, &period::BOUNDED)?;
    Ok(Period::new(window, server.clock.now(), None))
}

async fn reading(server: &Server, period: &Period, shared: usize) -> Result<Reading, Problem> {
    Ok(server.store.reading(period.hours.clone(), shared as u32).await?)
}
