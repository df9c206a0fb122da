//! `/admin/feedback.csv`, `/admin/feedback.json`: a list of letters to take along. It is read and sent
//! piece by piece, so that a long one takes no more memory than a short one.

use std::io;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::files;
use crate::admin::inbox_query::InboxQuery;
use crate::admin::visitor::LoggedIn;
use crate::cache::Policy;
use crate::export::{self, Format};
use crate::problem::Problem;
use crate::state::{AppState, Server};
use crate::store::{LetterFilter, LetterNo};

/// Letters in a piece: 6 MB where each is as long as can be.
const PIECE: u32 = 100;

type InboxParameters = Result<Query<InboxQuery>, QueryRejection>;

/// `GET /admin/feedback.csv`
pub async fn get_csv(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    query: InboxParameters,
) -> Result<Response, Problem> {
    answer(state, Format::Csv, &query?.0)
}

/// `GET /admin/feedback.json`
pub async fn get_json(
    State(state): State<AppState>,
    _visitor: LoggedIn,
    query: InboxParameters,
) -> Result<Response, Problem> {
    answer(state, Format::Json, &query?.0)
}

/// Where the next piece begins.
enum Place {
    Begin,
    Before(LetterNo),
    End,
}

fn answer(state: AppState, format: Format, query: &InboxQuery) -> Result<Response, Problem> {
    let filter = query.filter()?;
    let headers = files::headers(&state, "feedback", format);
    let pieces = stream::try_unfold(Place::Begin, move |place| {
        let (state, filter) = (state.clone(), filter.clone());
        async move { piece(&state, format, &filter, place).await }
    });
    Ok((Policy::Private, headers, Body::from_stream(pieces)).into_response())
}

/// One piece, and where the next begins. Where the store fails the answer breaks off, so that nobody
/// takes half a list for the whole.
async fn piece(
    server: &Server,
    format: Format,
    filter: &LetterFilter,
    place: Place,
) -> io::Result<Option<(Bytes, Place)>> {
    let (is_first, before) = match place {
        Place::Begin => (true, None),
        Place::Before(no) => (false, Some(no)),
        Place::End => return Ok(None),
    };
    let letters = server.store.whole_letters(filter, before, PIECE).await.map_err(|error| {
        Problem::from(error).log();
        io::Error::other("the store failed")
    })?;
    let is_last = letters.len() < PIECE as usize;
    let next =
        letters.last().filter(|_| !is_last).map_or(Place::End, |last| Place::Before(last.no));
    let text = export::letters::piece(format, &letters, is_first, is_last)?;
    Ok(Some((text.into(), next)))
}
