//! `/admin`: today at a glance.

use article_widget::contract::{ArticleId, Window};
use axum::extract::State;
use axum::response::Response;

use crate::admin::pages::{HomePage, Waiting};
use crate::admin::period::Period;
use crate::admin::render;
use crate::admin::visitor::LoggedIn;
use crate::most_read::Query;
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::store::{LetterFilter, LetterState, Standing};

/// Articles of the list of what is read now.
const MOST_READ: usize = 10;

/// `GET /admin`
pub async fn get_home(
    State(state): State<AppState>,
    visitor: LoggedIn,
) -> Result<Response, Problem> {
    let period = Period::new(Window::Day, state.clock.now(), None);
    let reading = state.store.reading(period.hours.clone(), 0).await?;
    let query = Query { window: Window::Hour, ..Query::default() };
    let most_read = state.most_read.get(&query, MOST_READ).await?;
    let items = most_read.iter().flat_map(|list| &list.items);
    let ids: Vec<ArticleId> = items.map(|item| item.id.clone()).collect();
    let page = HomePage {
        hours: period.bins(&reading.hours, &state.renderer.calendar),
        courses: state.store.article_hours(&ids, period.hours).await?,
        most_read,
        waiting: waiting(&state).await?,
    };
    Ok(render::page(page, visitor.shell).await)
}

async fn waiting(server: &Server) -> Result<Waiting, Problem> {
    let letters = server.store.letter_counts(&LetterFilter::default()).await?;
    let partners = server.store.partners().await?;
    let feeds = server.store.feeds().await?;
    let count = |all: usize| all as u64;
    let is_new = |standing: Standing| standing == Standing::New;
    Ok(Waiting {
        new_letters: letters.of(LetterState::New),
        held_letters: letters.of(LetterState::Held),
        new_partners: count(partners.iter().filter(|one| is_new(one.standing)).count()),
        troubled_feeds: count(feeds.iter().filter(|feed| feed.problem.is_some()).count()),
        pictures: server.store.image_counts().await?.waiting,
    })
}
