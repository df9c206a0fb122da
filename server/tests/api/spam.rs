//! What keeps spam from an editor without a puzzle for anybody: what is suspicious is held, and its
//! sender hears nothing of that.

use std::path::Path;

use article_server::config::{Config, WebhookKey, WebhookSettings};
use serde_json::{Value, json};

use crate::letter::{
    behind_a_proxy, configured, filled_in, kept, letter, new_key, send, send_form, solve, ticket,
};
use crate::sql::{change, holds, number};
use crate::support::{Server, header, problem, with};

const PLACE: &str = "203.0.113.7";

/// A message that says enough to be told from others.
const MESSAGE: &str = "Số liệu ở đoạn thứ ba không khớp với bảng ở cuối bài viết.";

/// The address of one of many.
fn place(number: usize) -> String {
    format!("198.18.{}.{}", number / 200, number % 200)
}

fn held(folder: &Path) -> Vec<String> {
    kept(folder).into_iter().map(|(state, held)| format!("{state} {held}")).collect()
}

/// Nowhere that answers: what waits for it is counted.
fn with_webhook(config: &mut Config) {
    config.webhook = Some(WebhookSettings {
        url: "http://127.0.0.1:9/".into(),
        key: WebhookKey::parse("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz").unwrap(),
    });
}

/// Checks that the letter is thanked for like any other.
async fn thanked(response: reqwest::Response) {
    assert_eq!(response.status(), 201);
    let receipt: Value = response.json().await.unwrap();
    assert_eq!(receipt.as_object().unwrap().keys().collect::<Vec<_>>(), ["reference", "url"]);
}

#[tokio::test]
async fn what_a_script_shows_of_a_program_is_held_and_not_said() {
    let server = behind_a_proxy().await;
    let sent = [
        (json!({ "seconds": 3, "website": "" }), "new "),
        (json!({ "website": "https://spam.example" }), "held trap"),
        (json!({ "seconds": 2.9 }), "held fast"),
        (json!({ "message": "http://a.example https://b.example www.c.example" }), "held links"),
        (json!({ "seconds": 40 }), "new "),
    ];
    for (position, (signs, _)) in sent.iter().enumerate() {
        thanked(send(&server, &place(position), &with(filled_in(), signs.clone())).await).await;
    }
    assert_eq!(held(server.folder.path()), sent.map(|(_, state)| state.to_owned()));
    let folder = server.stop().await;
    assert!(!holds(folder.path(), b"spam.example"), "what it wrote there goes");
}

#[tokio::test]
async fn what_a_form_shows_of_a_program_is_held_and_not_said() {
    let server = behind_a_proxy().await;
    let folder = server.folder.path().to_owned();
    let trapped = [("website", "https://spam.example")];
    for (position, (age, changes)) in [(60, &trapped[..]), (0, &[]), (60, &[])].iter().enumerate() {
        let ticket = ticket(&server, *age).await;
        let response = send_form(&server, &place(position), &ticket, changes).await;
        assert_eq!(response.status(), 201);
        assert!(response.text().await.unwrap().contains("/v1/feedback/"));
    }
    assert_eq!(held(&folder), ["held trap", "held fast", "new "]);
}

#[tokio::test]
async fn the_same_message_of_somebody_else_is_held_for_a_day() {
    let server = behind_a_proxy().await;
    let folder = server.folder.path().to_owned();
    let from = |email: &str, message: &str| {
        with(filled_in(), json!({ "email": email, "message": message }))
    };
    let disguised = MESSAGE.to_uppercase().replace(' ', " \n ");
    thanked(send(&server, &place(1), &from("hoa@example.vn", MESSAGE)).await).await;
    thanked(send(&server, &place(2), &from("hoa@example.vn", MESSAGE)).await).await;
    thanked(send(&server, &place(3), &from("lan@example.vn", &disguised)).await).await;
    // Short thanks are the same by chance.
    thanked(send(&server, &place(4), &from("hoa@example.vn", "Bài rất hay!")).await).await;
    thanked(send(&server, &place(5), &from("lan@example.vn", "Bài rất hay!")).await).await;
    change(&folder, "update feedback set at = at - 86401");
    thanked(send(&server, &place(6), &from("mai@example.vn", MESSAGE)).await).await;
    assert_eq!(held(&folder), ["new ", "new ", "held same", "new ", "new ", "new "]);
}

#[tokio::test]
async fn what_is_held_is_announced_to_nobody() {
    let server = configured(with_webhook).await;
    let folder = server.folder.path().to_owned();
    let count = || number(&folder, "select count(*) from outbox");
    let trapped = with(filled_in(), json!({ "website": "x" }));
    thanked(send(&server, PLACE, &trapped).await).await;
    assert_eq!(count(), 0);
    thanked(send(&server, PLACE, &filled_in()).await).await;
    assert_eq!(count(), 1);
}

#[tokio::test]
async fn a_place_proves_its_work_from_the_fourth_letter_on_and_is_refused_after_the_twentieth() {
    let server = behind_a_proxy().await;
    for _ in 0..3 {
        thanked(send(&server, PLACE, &filled_in()).await).await;
    }
    for _ in 3..20 {
        let key = new_key();
        let refused = letter(&server, PLACE, &key, &filled_in()).send().await.unwrap();
        assert_eq!(header(&refused, "retry-after"), "", "as soon as it is found");
        let proof = solve(&problem(refused, 429).await);
        let proven = letter(&server, PLACE, &key, &filled_in()).header("proof", proof);
        thanked(proven.send().await.unwrap()).await;
    }
    let refused = send(&server, PLACE, &filled_in()).await;
    assert_ne!(header(&refused, "retry-after"), "");
    let details = problem(refused, 429).await;
    assert_eq!(details.get("proof"), None, "nobody works for nothing");
    thanked(send(&server, "203.0.113.8", &filled_in()).await).await;
    assert_eq!(held(server.folder.path()), ["new "; 21]);
}

#[tokio::test]
async fn a_form_has_no_script_and_its_letters_past_the_third_are_held() {
    let server = behind_a_proxy().await;
    let folder = server.folder.path().to_owned();
    for _ in 0..8 {
        let ticket = ticket(&server, 60).await;
        assert_eq!(send_form(&server, PLACE, &ticket, &[]).await.status(), 201);
    }
    let ticket = ticket(&server, 60).await;
    assert_eq!(send_form(&server, PLACE, &ticket, &[]).await.status(), 429);
    let expected: Vec<_> = ["new "; 3].into_iter().chain(["held unproven"; 5]).collect();
    assert_eq!(held(&folder), expected);
}

#[tokio::test]
async fn in_a_rush_everybody_proves_their_work() {
    let server = behind_a_proxy().await;
    for number in 0..60 {
        thanked(send(&server, &place(number), &filled_in()).await).await;
    }
    let details = problem(send(&server, PLACE, &filled_in()).await, 429).await;
    assert_eq!(details["proof"]["prefix"], "0000");
    let request = letter(&server, PLACE, &new_key(), &filled_in());
    thanked(request.header("proof", solve(&details)).send().await.unwrap()).await;
    let folder = server.folder.path().to_owned();
    let ticket = ticket(&server, 60).await;
    assert_eq!(send_form(&server, PLACE, &ticket, &[]).await.status(), 201);
    assert_eq!(held(&folder)[60..], ["new ", "held unproven"]);
}

#[tokio::test]
async fn what_is_refused_for_another_reason_costs_nothing() {
    let server = behind_a_proxy().await;
    let wrong = with(filled_in(), json!({ "email": "hoa" }));
    let unknown = with(filled_in(), json!({ "article": "unknown" }));
    for _ in 0..5 {
        problem(send(&server, PLACE, &wrong).await, 422).await;
        problem(send(&server, PLACE, &unknown).await, 404).await;
    }
    for _ in 0..3 {
        thanked(send(&server, PLACE, &filled_in()).await).await;
    }
}

/// A server whose place has sent all that needs no proof, and a proof.
pub(crate) async fn with_a_proof() -> (Server, String) {
    let server = behind_a_proxy().await;
    for _ in 0..3 {
        thanked(send(&server, PLACE, &filled_in()).await).await;
    }
    let details = problem(send(&server, PLACE, &filled_in()).await, 429).await;
    (server, solve(&details))
}
