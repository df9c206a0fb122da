//! Requests to the publisher's server.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{RequestInit, Response};

use super::dom;
use super::patience::wait_after;

/// For what another report will tell as well.
pub(super) const ONCE: usize = 1;
/// An hour, if nobody asks for longer waits, for what the server knows by a name that is in it: it counts once however often it
/// comes.
pub(super) const UNTIL_TAKEN: usize = 120;

/// Why there is no answer to use.
pub(super) enum Failure {
    /// None came, as without a network; or the server says that it cannot now, and for how many seconds.
    Busy(u32),
    /// It came and is no use.
    Refused,
}

/// The JSON at `url`.
pub(super) async fn get(url: &str) -> Result<JsValue, Failure> {
    let response = judge(send(url, &init(&[])).await)?;
    json(&response).await.ok_or(Failure::Refused)
}

/// Posts JSON that wants an answer, under a key by which the server knows it again; with the proof of work that
/// was asked for. None where no answer came.
pub(super) async fn post(
    url: &str,
    body: &str,
    idempotency_key: &str,
    proof: Option<&str>,
) -> Option<Response> {
    let headers = dom::object(&[
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

/// Sends JSON that wants no answer and outlives the page, until the server has it, at most so many times. Not by
/// `sendBeacon`, which sends cookies.
pub(super) fn report(url: String, body: String, most: usize) {
    let options = [("method", "POST".into()), ("body", body.into()), ("keepalive", true.into())];
    let init = init(&options);
    spawn_local(async move {
        let mut tries = 0;
        while let Err(Failure::Busy(wait)) = judge(send(&url, &init).await)
            && tries + 1 < most
        {
            wait_after(&mut tries, wait).await;
        }
    });
}

/// What an answer says by its status alone, or by not coming.
pub(super) fn judge(response: Option<Response>) -> Result<Response, Failure> {
    let response = response.ok_or(Failure::Busy(0))?;
    match response.status() {
        200..=299 => Ok(response),
        429 | 503 => Err(Failure::Busy(retry_after(&response))),
        500..=599 => Err(Failure::Busy(0)),
        _ => Err(Failure::Refused),
    }
}

/// An answer's JSON; none where it is no such thing.
pub(super) async fn json(response: &Response) -> Option<JsValue> {
    JsFuture::from(response.json().ok()?).await.ok()
}

async fn send(url: &str, init: &RequestInit) -> Option<Response> {
    let sent = dom::window().fetch_with_str_and_init(url, init);
    JsFuture::from(sent).await.ok()?.dyn_into().ok()
}

/// For how many seconds the server wants to be left alone; 0 where it does not say.
fn retry_after(response: &Response) -> u32 {
    let header = response.headers().get("retry-after").ok().flatten();
    header.and_then(|seconds| seconds.parse().ok()).unwrap_or_default()
}

fn init(options: &[(&str, JsValue)]) -> RequestInit {
    let object = dom::object(options);
    for (key, value) in [("credentials", "omit"), ("mode", "cors")] {
        set(&object, key, &value.into());
    }
    object.unchecked_into()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Cannot fail: the object is ours, and open.
    let _ = Reflect::set(object, &key.into(), value);
}
