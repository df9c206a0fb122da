//! `/admin/partners`: whose pages show articles, and whether they may.

use std::cmp::Reverse;
use std::collections::HashMap;

use article_widget::contract::Window;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::answers::back;
use super::files;
use crate::admin::pages::{PARTNERS_ON_A_PAGE, PartnerQuery, PartnersPage};
use crate::admin::period::{self, Period};
use crate::admin::visitor::LoggedIn;
use crate::admin::{next, render, tables};
use crate::body::Text;
use crate::export::Format;
use crate::partners;
use crate::problem::Problem;
use crate::search;
use crate::state::{AppState, Server};
use crate::store::{Counters, Partner, Standing};

/// No button's form is longer, in bytes: an address of the list is in it.
const BUTTON: usize = 8 << 10;

/// What a button sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Pressed {
    origin: String,
    standing: String,
    /// The list that it was pressed in.
    back: String,
}

/// What a query asks for.
struct Asked {
    standing: Option<Standing>,
    window: Window,
    page: usize,
}

type Parameters = Result<Query<PartnerQuery>, QueryRejection>;

/// `GET /admin/partners?standing&q&window&page`
pub async fn get_partners(
    State(state): State<AppState>,
    visitor: LoggedIn,
    query: Parameters,
) -> Result<Response, Problem> {
    let Query(query) = query?;
    let asked = read(&query)?;
    let all = found(&state, &query, asked.window).await?;
    let of = |standing| all.iter().filter(|(partner, _)| partner.standing == standing).count();
    let counts = Standing::ALL.map(|standing| of(standing) as u64);
    let all = of_standing(all, asked.standing);
    let (found, begin) = (all.len(), asked.page * PARTNERS_ON_A_PAGE);
    let page = PartnersPage {
        query,
        standing: asked.standing,
        window: asked.window,
        counts,
        page: asked.page,
        found,
        partners: all.into_iter().skip(begin).take(PARTNERS_ON_A_PAGE).collect(),
        registry: state.tally.partners().registry(),
    };
    Ok(render::page(page, visitor.shell).await)
}

/// `GET /admin/partners.csv`
pub async fn get_csv(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    query: Parameters,
) -> Result<Response, Problem> {
    file(&state, &query?.0, Format::Csv).await
}

/// `GET /admin/partners.json`
pub async fn get_json(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    query: Parameters,
) -> Result<Response, Problem> {
    file(&state, &query?.0, Format::Json).await
}

/// `POST /admin/partners/standing`
pub async fn post_standing(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    body: Text<BUTTON>,
) -> Result<Response, Problem> {
    let pressed = body.form::<Pressed>()?;
    let origin = partners::origin(&pressed.origin);
    if origin.is_empty() {
        return Err(invalid("origin", "an http or https origin"));
    }
    let standing = Standing::parse(&pressed.standing);
    let standing = standing.ok_or_else(|| invalid("standing", "no such standing"))?;
    state.store.set_partner(&origin, standing, state.clock.now()).await?;
    // It holds here at once, and on other servers in a few seconds.
    state.tally.partners().refresh(&*state.store).await?;
    let list = next::safe(&pressed.back);
    let and = if list.contains('?') { '&' } else { '?' };
    Ok(back(&format!("{list}{and}done=set")))
}

async fn file(server: &Server, query: &PartnerQuery, format: Format) -> Result<Response, Problem> {
    let asked = read(query)?;
    let all = of_standing(found(server, query, asked.window).await?, asked.standing);
    files::answer(server, &tables::partners(&all), format)
}

fn read(query: &PartnerQuery) -> Result<Asked, Problem> {
    let standing = Some(query.standing.trim()).filter(|name| !name.is_empty());
    let standing = standing
        .map(|name| Standing::parse(name).ok_or_else(|| invalid("standing", "no such standing")));
    let page = match query.page.trim() {
        "" => 0,
        page => match page.parse() {
            Ok(page @ 1..=1_000_000) => page - 1,
            _ => return Err(invalid("page", "a number from 1")),
        },
    };
    let window = period::window(query.window.trim(), &period::EVERY)?;
    Ok(Asked { standing: standing.transpose()?, window, page })
}

/// Those that match, of every standing: new ones first, and of each standing those that are read most.
async fn found(
    server: &Server,
    query: &PartnerQuery,
    window: Window,
) -> Result<Vec<(Partner, Counters)>, Problem> {
    let hours = match window {
        Window::All => None,
        window => Some(Period::new(window, server.clock.now(), None).hours),
    };
    let counted = server.store.partner_reading(hours).await?;
    let counted: HashMap<String, Counters> =
        counted.into_iter().map(|row| (row.partner, row.counters)).collect();
    let words = search::words(&query.q);
    let matches = |partner: &Partner| {
        let origin = search::fold(&partner.origin);
        words.iter().all(|word| origin.contains(word.as_str()))
    };
    let partners = server.store.partners().await?.into_iter().filter(matches);
    let count = |partner: Partner| {
        let counters = counted.get(&partner.origin).copied().unwrap_or_default();
        (partner, counters)
    };
    let mut all: Vec<_> = partners.map(count).collect();
    all.sort_by_key(|(partner, counters)| {
        let place = Standing::ALL.into_iter().position(|one| one == partner.standing);
        (place, Reverse(counters.views), Reverse(partner.first_seen))
    });
    Ok(all)
}

fn of_standing(
    all: Vec<(Partner, Counters)>,
    standing: Option<Standing>,
) -> Vec<(Partner, Counters)> {
    let is_asked = |partner: &Partner| standing.is_none_or(|one| one == partner.standing);
    all.into_iter().filter(|(partner, _)| is_asked(partner)).collect()
}

fn invalid(field: &'static str, detail: &str) -> Problem {
    Problem::Invalid { field, detail: detail.to_owned() }
}
