//! What a browser does where a request takes a proof of work.

use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Sends it, and once more with a proof where one is asked for.
pub(crate) async fn send_with_proof(request: RequestBuilder) -> Response {
    let first = request.try_clone().unwrap().send().await.unwrap();
    if first.status() != 429 || first.headers().contains_key("retry-after") {
        return first;
    }
    let refusal: Value = first.json().await.unwrap();
    request.header("proof", solve(&refusal["proof"])).send().await.unwrap()
}

/// The header's value: the challenge, and a counter for which the hash begins as it is to.
pub(crate) fn solve(proof: &Value) -> String {
    let text = |name: &str| proof[name].as_str().unwrap();
    let begin = [hex::decode(text("salt")).unwrap(), hex::decode(text("nonce")).unwrap()].concat();
    let is_found = |counter: &u32| {
        let hash = Sha256::digest([&begin[..], &counter.to_be_bytes()].concat());
        hex::encode(hash).starts_with(text("prefix"))
    };
    let counter = (0..u32::MAX).find(is_found).unwrap();
    format!("{}.{counter}", text("challenge"))
}
