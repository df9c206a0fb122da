//! Everything that can go wrong with a request, as RFC 9457 problem details.

use std::error::Error as _;
use std::iter::successors;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use crate::cache::Policy;
use crate::forms::FieldError;
use crate::import;
use crate::malformed::Malformed;
use crate::proof::Challenge;
use crate::store::StoreError;
use crate::tally;
use crate::token::Scope;

/// The media type of problem details.
pub const TYPE: &str = "application/problem+json";

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The request makes no sense; the text says why.
    #[error("{0}")]
    BadRequest(String),
    /// It is no JSON, or not what is expected there.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// A field of it is missing or wrong.
    #[error("{detail}")]
    Invalid {
        /// The field's name on the wire.
        field: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// A field of an article says what cannot be.
    #[error("{0}")]
    Article(import::Invalid),
    /// Fields of a form are missing or wrong.
    #[error("some fields are missing or wrong")]
    Form(Vec<FieldError>),
    /// It came without a token, or with one that nobody knows.
    #[error("this takes a token: Authorization: Bearer TOKEN")]
    Unauthorised,
    /// Its token has not the scope for this.
    #[error("the token has not the scope {0}")]
    Forbidden(Scope),
    /// Whoever asks may not do this; the text says why.
    #[error("{0}")]
    Denied(&'static str),
    /// There is nothing here, or nothing that readers may see.
    #[error("there is nothing at this address")]
    NotFound,
    /// The id names no article, or none that readers may know of.
    #[error("there is no such article")]
    NoArticle,
    /// It was here and has been withdrawn.
    #[error("the publisher has withdrawn this")]
    Gone,
    /// The address does not take this method.
    #[error("this address does not take this method")]
    MethodNotAllowed,
    /// The body took too long to come.
    #[error("the body did not arrive in time")]
    Timeout,
    /// It contradicts what was sent before.
    #[error("{0}")]
    Conflict(&'static str),
    /// What is there is not what the request's conditions say.
    #[error("the article is not in the state that the request expects")]
    NotAsExpected,
    /// It would overwrite something that it does not say it has seen.
    #[error(
        "the article exists: say which state of it you replace, as If-Match: ETAG, or If-Match: *"
    )]
    Unconditional,
    /// The body is longer than this many bytes.
    #[error("the body is longer than {0} bytes")]
    TooLarge(usize),
    /// Too much of it.
    #[error("there was too much of this; try again later")]
    TooMany,
    /// It takes a proof of work: this one.
    #[error("this takes a proof of work; send it again with one")]
    ProofNeeded(Box<Challenge>),
    /// It asks for something that this server does not do; the text says what it does.
    #[error("{0}")]
    NotImplemented(&'static str),
    /// The server cannot take this now.
    #[error("the server is busy; try again soon")]
    Busy,
    /// The database failed.
    #[error("the server failed")]
    Store(#[from] StoreError),
    /// Anything else that is no client's fault.
    #[error("the server failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Problem details (RFC 9457).
#[derive(JsonSchema, Serialize)]
#[schemars(rename = "Problem")]
pub(crate) struct Details<'a> {
    /// Always `about:blank`: the status says what kind of problem it is.
    r#type: &'static str,
    title: &'a str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<&'a Challenge>,
}

impl Problem {
    /// A key names two things that were sent.
    pub const KEY_REUSED: Self =
        Self::Conflict("this Idempotency-Key came with other content before");

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Invalid { .. } | Self::Article(_) | Self::Form(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Unauthorised => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::Denied(_) => StatusCode::FORBIDDEN,
            Self::NotFound | Self::NoArticle => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Timeout => StatusCode::REQUEST_TIMEOUT,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::NotAsExpected => StatusCode::PRECONDITION_FAILED,
            Self::Unconditional => StatusCode::PRECONDITION_REQUIRED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany | Self::ProofNeeded(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotImplemented(_) => StatusCode::NOT_IMPLEMENTED,
            Self::Busy | Self::Store(StoreError::Unavailable(_) | StoreError::Damaged(_)) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Store(StoreError::Other(_)) | Self::Internal(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// When to try again, where that would help.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.status() {
            // As soon as the proof is found.
            _ if matches!(self, Self::ProofNeeded(_)) => None,
            StatusCode::SERVICE_UNAVAILABLE => Some(Duration::from_secs(2)),
            StatusCode::TOO_MANY_REQUESTS => Some(Duration::from_secs(12 * 60)),
            _ => None,
        }
    }

    /// Writes the cause of a 5xx to the log, the only place it goes to.
    pub fn log(&self) {
        match self {
            Self::Store(cause) => tracing::error!(%cause, "a request failed"),
            Self::Internal(cause) => tracing::error!(%cause, "a request failed"),
            _ => {}
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (&self).into_response()
    }
}

impl IntoResponse for &Problem {
    fn into_response(self) -> Response {
        self.log();
        let status = self.status();
        let (field, errors) = match self {
            Problem::Invalid { field, .. } => (Some(*field), &[][..]),
            Problem::Malformed(malformed) => (malformed.field.as_deref(), &[][..]),
            Problem::Article(invalid) => (Some(&*invalid.field), &[][..]),
            Problem::Form(errors) => (errors.first().map(|error| error.field), errors.as_slice()),
            _ => (None, &[][..]),
        };
        let proof = match self {
            Problem::ProofNeeded(challenge) => Some(&**challenge),
            _ => None,
        };
        let details = Details {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: self.to_string(),
            field,
            errors,
            proof,
        };
        let mut response = (status, Policy::NoStore, Json(details)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(TYPE));
        if let Some(wait) = self.retry_after() {
            headers.insert(RETRY_AFTER, wait.as_secs().into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// What axum's `Query` fails with.
type QueryError = serde_path_to_error::Error<serde::de::value::Error>;

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        let mut causes = successors(rejection.source(), |&cause| cause.source());
        let Some(cause) = causes.find_map(|cause| cause.downcast_ref::<QueryError>()) else {
            return Self::BadRequest(rejection.body_text());
        };
        let field = Some(cause.path().to_string()).filter(|path| path != ".");
        Self::Malformed(Malformed { field, reason: cause.inner().to_string() })
    }
}

/// A path that does not decode leads nowhere.
impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::NotFound
    }
}

impl From<tally::Error> for Problem {
    fn from(error: tally::Error) -> Self {
        match error {
            tally::Error::Invalid { field, reason } => {
                Self::Invalid { field, detail: reason.to_owned() }
            }
            tally::Error::Busy => Self::Busy,
        }
    }
}
