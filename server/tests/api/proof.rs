//! Proofs of work over the wire.

use futures_util::future::join_all;
use serde_json::Value;

use crate::letter::{filled_in, kept, letter, new_key};
use crate::spam::with_a_proof;
use crate::sql::number;
use crate::support::{header, problem};

const PLACE: &str = "203.0.113.7";

#[tokio::test]
async fn a_proof_is_good_for_one_letter_however_often_that_is_sent() {
    let (server, proof) = with_a_proof().await;
    let key = new_key();
    let send = async |key: &str| {
        let request = letter(&server, PLACE, key, &filled_in()).header("proof", &proof);
        request.send().await.unwrap()
    };
    let first: Value = send(&key).await.json().await.unwrap();
    let again: Value = send(&key).await.json().await.unwrap();
    assert_eq!(first, again, "the same letter");
    let details = problem(send(&new_key()).await, 429).await;
    assert!(details["proof"]["challenge"].is_string(), "another letter takes another proof");
    assert_eq!(kept(server.folder.path()).len(), 4);
    assert_eq!(number(server.folder.path(), "select count(*) from spent_proof"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_letters_at_once_one_has_the_proof() {
    let (server, proof) = with_a_proof().await;
    let sending = (0..20).map(|_| {
        let request = letter(&server, PLACE, &new_key(), &filled_in()).header("proof", &proof);
        async { request.send().await.unwrap().status().as_u16() }
    });
    let statuses = join_all(sending).await;
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [201, 429].contains(status)));
    assert_eq!(kept(server.folder.path()).len(), 4);
}

#[tokio::test]
async fn what_is_no_proof_is_refused_with_a_challenge() {
    let (server, proof) = with_a_proof().await;
    let (challenge, _) = proof.split_once('.').unwrap();
    let cut = &proof[1..];
    let others = format!("{}.1", data_encoding::BASE64URL_NOPAD.encode(b"{}"));
    let wrong = [String::new(), format!("{challenge}.0"), cut.to_owned(), others];
    for proof in wrong.iter().map(String::as_str).chain([challenge, "\u{ff}.1"]) {
        let request = letter(&server, PLACE, &new_key(), &filled_in());
        let request = request.header("proof", proof.as_bytes());
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "retry-after"), "");
        let details = problem(response, 429).await;
        for member in ["challenge", "nonce", "salt", "prefix"] {
            assert!(details["proof"][member].is_string(), "{member}");
        }
    }
    assert_eq!(kept(server.folder.path()).len(), 3);
}
