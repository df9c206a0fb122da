//! Requests to the publisher's server.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{RequestInit, Response};

use super::dom;
use super::form::Errors;
use super::proof::Challenge;
use crate::read::Json;

/// Why there is no answer to use.
pub(super) enum Failure {
    /// None came, as without a network; or the server says that it cannot now, and for how many seconds.
    Busy(u32),
    /// It came and is no use.
    Refused,
    /// Fields of a form were refused: name and message key.
    Invalid(Errors),
    /// It wants a proof of work first.
    Unproven(Challenge),
}

/// The JSON at `url`.
pub(super) async fn get(url: &str) -> Result<Json, Failure> {
    json(send(url, &init(&[])).await?).await
}

/// Posts JSON that wants an answer; with the proof of work that was asked for.
pub(super) async fn post(
    url: &str,
    body: &str,
    idempotency_key: &str,
    proof: Option<&str>,
) -> Result<Response, Failure> {
    let headers = null_object(&[
        ("content-type", "application/json".into()),
        ("idempotency-key", idempotency_key.into()),
    ]);
    if let Some(proof) = proof {
        set(&headers, "proof", &proof.into());
    }
    let init =
        init(&[("method", "POST".into()), ("body", body.into()), ("headers", headers.into())]);
    send(url, &init).await
}

/// Sends JSON that wants no answer and outlives the page. Not by `sendBeacon`, which sends cookies.
pub(super) fn beacon(url: &str, body: &str) {
    let options = [("method", "POST".into()), ("body", body.into()), ("keepalive", true.into())];
    let sent = dom::window().fetch_with_str_and_init(url, &init(&options));
    spawn_local(async move {
        // What does not arrive is a report lost, and no view.
        let _ = JsFuture::from(sent).await;
    });
}

/// An answer's JSON.
pub(super) async fn json(response: Response) -> Result<Json, Failure> {
    let promise = response.json().map_err(|_| Failure::Refused)?;
    let value = JsFuture::from(promise).await.map_err(|_| Failure::Refused)?;
    serde_wasm_bindgen::from_value(value).map_err(|_| Failure::Refused)
}

async fn send(url: &str, init: &RequestInit) -> Result<Response, Failure> {
    let promise: Promise = dom::window().fetch_with_str_and_init(url, init);
    let response = JsFuture::from(promise).await.map_err(|_| Failure::Busy(0))?;
    let response: Response = response.dyn_into().map_err(|_| Failure::Refused)?;
    match response.status() {
        200..=299 => Ok(response),
        422 => Err(Failure::Invalid(errors(response).await)),
        429 | 503 => {
            let wait = retry_after(&response);
            Err(challenge(response).await.map_or(Failure::Busy(wait), Failure::Unproven))
        }
        500..=599 => Err(Failure::Busy(0)),
        _ => Err(Failure::Refused),
    }
}

/// What the server says is wrong: `{"errors": [{"field", "message"}], …}`.
async fn errors(response: Response) -> Errors {
    let problem = json(response).await.unwrap_or_default();
    problem.object().list("errors", |error| {
        let mut error = error.object();
        (error.text("field").into(), error.text("message").into())
    })
}

/// For how many seconds the server wants to be left alone; 0 where it does not say.
fn retry_after(response: &Response) -> u32 {
    let header = response.headers().get("retry-after").ok().flatten();
    header.and_then(|seconds| seconds.parse().ok()).unwrap_or_default()
}

/// The proof that the server wants: `{"proof": {…}, …}`.
async fn challenge(response: Response) -> Option<Challenge> {
    let problem = json(response).await.unwrap_or_default();
    Challenge::read(problem.object().maybe_object("proof")?)
}

/// Without a prototype, so that nothing a host page put on `Object.prototype` becomes an option.
fn init(options: &[(&str, JsValue)]) -> RequestInit {
    let object = null_object(options);
    for (key, value) in [("credentials", "omit"), ("mode", "cors")] {
        set(&object, key, &value.into());
    }
    object.unchecked_into()
}

fn null_object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::create(JsValue::NULL.unchecked_ref());
    for (key, value) in fields {
        set(&object, key, value);
    }
    object
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Cannot fail: the object is ours, and open.
    let _ = Reflect::set(object, &key.into(), value);
}
