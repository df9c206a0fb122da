//! Bodies of requests: bounded in length and in time.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, EXPECT};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use crate::malformed;
use crate::metrics::Refusal;
use crate::problem::Problem;
use crate::serve::Limits;
use crate::state::AppState;

/// Of a body that is too long this much is read and dropped, for a client that is still sending does
/// not read the answer.
const DRAINED: usize = 4 << 20;

/// A body of at most `LIMIT` bytes of UTF-8, whatever its media type says. It is one of the writes
/// that are worked on for as long as it is held; while it is still coming, it is not.
pub struct Text<const LIMIT: usize> {
    text: String,
    _permit: OwnedSemaphorePermit,
}

/// The same of what somebody typed, which comes also where the server is too busy to work on it: so that
/// it can be given back.
pub struct Typed<const LIMIT: usize> {
    text: String,
    permit: Option<OwnedSemaphorePermit>,
}

impl<const LIMIT: usize> FromRequest<AppState> for Text<LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let Typed { text, permit } = Typed::<LIMIT>::from_request(request, state).await?;
        Ok(Self { text, _permit: permit.ok_or(Problem::Busy)? })
    }
}

impl<const LIMIT: usize> FromRequest<AppState> for Typed<LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Problem> {
        let refusals = &state.metrics.refusals;
        let bytes = receive(request, LIMIT, &state.limits).await;
        let bytes = bytes.inspect_err(|problem| refusals.count(refusal(problem)))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            Problem::BadRequest(format!("the body is no UTF-8: {}", error.utf8_error()))
        })?;
        let permit = state.writes_in_flight.clone().try_acquire_owned();
        Ok(Self { text, permit: permit.inspect_err(|_| refusals.count(Refusal::WritesFull)).ok() })
    }
}

impl<const LIMIT: usize> Typed<LIMIT> {
    /// Reads it as an HTML form's.
    ///
    /// # Errors
    /// [`Problem::BadRequest`], which quotes nothing.
    pub fn form<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        form(&self.text)
    }

    /// It is one of the writes that are worked on, for as long as it is held.
    pub fn is_admitted(&self) -> bool {
        self.permit.is_some()
    }
}

impl<const LIMIT: usize> Text<LIMIT> {
    /// As it came.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads it as an HTML form's.
    ///
    /// # Errors
    /// [`Problem::BadRequest`], which quotes nothing.
    pub fn form<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        form(&self.text)
    }

    /// Reads it as a JSON object.
    ///
    /// # Errors
    /// [`Problem::Malformed`] with the field and the reason.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        // An array would be taken for the fields in their order.
        if self.text.trim_ascii_start().starts_with('[') {
            return Err(Problem::BadRequest("the body is a JSON object, not an array".to_owned()));
        }
        Ok(malformed::read(&self.text)?)
    }
}

fn form<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    // The reason may quote what was typed.
    serde_urlencoded::from_str(text)
        .map_err(|_| Problem::BadRequest("the body is no form".to_owned()))
}

fn length(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or_default()
}

/// What is refused of a body, whatever it is for.
fn refusal(problem: &Problem) -> Option<Refusal> {
    match problem {
        Problem::TooLarge(_) => Some(Refusal::LargeBody),
        Problem::Timeout => Some(Refusal::SlowBody),
        _ => None,
    }
}

/// The body, unless it is said to be too long.
async fn receive(request: Request, limit: usize, limits: &Limits) -> Result<Vec<u8>, Problem> {
    let (head, body) = request.into_parts();
    let announced = length(&head.headers);
    if announced > limit && (announced > DRAINED || head.headers.contains_key(EXPECT)) {
        return Err(Problem::TooLarge(limit));
    }
    let read = timeout(limits.body, read(body, limit, limits.body_pause));
    read.await.map_err(|_| Problem::Timeout)?
}

/// Reads it to its end. Between two pieces of it there is no more than `pause`.
async fn read(mut body: Body, limit: usize, pause: Duration) -> Result<Vec<u8>, Problem> {
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(frame) = timeout(pause, body.frame()).await.map_err(|_| Problem::Timeout)? {
        let frame = frame.map_err(|_| Problem::BadRequest("the body broke off".to_owned()))?;
        let data = frame.into_data().unwrap_or_default();
        seen += data.len();
        if seen > DRAINED {
            break;
        }
        if seen <= limit {
            kept.extend_from_slice(&data);
        }
    }
    if seen > limit { Err(Problem::TooLarge(limit)) } else { Ok(kept) }
}
