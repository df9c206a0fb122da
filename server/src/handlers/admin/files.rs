//! Tables as files.

use axum::http::HeaderName;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::cache::Policy;
use crate::export::{Format, Table};
use crate::problem::Problem;
use crate::state::Server;

/// A table as a whole, in this form.
///
/// # Errors
/// None that memory does not make.
pub fn answer(server: &Server, table: &Table, format: Format) -> Result<Response, Problem> {
    let text = table.write(format).map_err(|error| Problem::Internal(error.into()))?;
    Ok((Policy::Private, headers(server, table.name, format), text).into_response())
}

/// What a file says of itself; the publisher's day is in its name.
pub fn headers(server: &Server, name: &str, format: Format) -> [(HeaderName, String); 2] {
    let day = server.renderer.calendar.day(server.now());
    let name = format!("attachment; filename=\"{name}-{day}.{}\"", format.extension());
    [(CONTENT_TYPE, format.media_type().to_owned()), (CONTENT_DISPOSITION, name)]
}
