//! `/a/{id}/feedback`

use article_server::config::Config;
use article_server::forms::Ticket;
use article_server::store;
use article_server::time::Calendar;
use article_widget::contract::ArticleId;
use reqwest::Response;
use serde_json::json;

use crate::support::{Server, article, header, with, words};

/// A ticket of this installation that was made `age` seconds ago.
async fn ticket(server: &Server, age: i64) -> Ticket {
    let path = server.folder.path().join("test.sqlite3");
    let calendar = Calendar::new(Config::default().time_zone);
    let store = store::open(&format!("sqlite:{}", path.display()), &calendar).await.unwrap();
    let key = store.signing_key().await.unwrap();
    let now = jiff::Timestamp::now().as_second();
    Ticket::issue(&key, &ArticleId::parse("a").unwrap(), now - age)
}

async fn send(server: &Server, ticket: &Ticket, changes: &[(&str, &str)]) -> Response {
    let mut form = vec![
        ("key", ticket.key.clone()),
        ("time", ticket.time.to_string()),
        ("signature", ticket.signature.clone()),
        ("kind", "error".to_owned()),
        ("name", "Lê \"Hoa\" <b>".to_owned()),
        ("email", "hoa@example.vn".to_owned()),
        ("title", "Về bài viết".to_owned()),
        ("message", "Dòng một\nDòng hai".to_owned()),
        ("consent", words("vi").get("feedback.consent.version").to_owned()),
    ];
    for (name, value) in changes {
        form.retain(|(field, _)| field != name);
        form.push((name, (*value).to_owned()));
    }
    let body = serde_urlencoded::to_string(form).unwrap();
    let request = server.request("POST", "/a/a/feedback").body(body);
    let form_type = "application/x-www-form-urlencoded";
    request.header("content-type", form_type).send().await.unwrap()
}

#[tokio::test]
async fn the_form_speaks_the_articles_language_and_consent_is_not_ticked() {
    let server = Server::with(&[article("a")]).await;
    let response = server.get("/a/a/feedback").await;
    assert_eq!(header(&response, "cache-control"), "private, no-store");
    let html = response.text().await.unwrap();
    assert!(html.contains("<html lang=\"vi\">") && html.contains("Thông tin người gửi phản hồi"));
    assert!(!html.contains(" checked") && html.contains("value=\"comment\" selected"));
    let again = server.get("/a/a/feedback").await.text().await.unwrap();
    assert_ne!(html, again, "every form has a key of its own");
    let english = server.get("/a/a/feedback?lang=en").await.text().await.unwrap();
    assert!(english.contains("<html lang=\"en\">"));
    assert_eq!(server.get("/a/unknown/feedback").await.status(), 404);
}

#[tokio::test]
async fn a_form_filled_in_is_thanked_for_with_reference_and_private_link() {
    let server = Server::with(&[article("a")]).await;
    let ticket = ticket(&server, 60).await;
    let response = send(&server, &ticket, &[]).await;
    assert_eq!(response.status(), 201);
    assert_eq!(header(&response, "referrer-policy"), "no-referrer");
    let html = response.text().await.unwrap();
    let path = html.split(&format!("href=\"{}", server.url)).nth(1).unwrap();
    let path = path.split('"').next().unwrap();

    let request = server.request("GET", path).header("accept", "text/html");
    let page = request.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Lê &#34;Hoa&#34; &#60;b&#62;") && page.contains("Dòng một\nDòng hai"));
    let again = send(&server, &ticket, &[]).await.text().await.unwrap();
    assert!(again.contains(path), "sending twice keeps one");
    assert_eq!(server.request("POST", path).send().await.unwrap().status(), 200);
    assert_eq!(server.get(path).await.status(), 404, "the button erases it");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays() {
    let server = Server::with(&[article("a")]).await;
    let ticket = ticket(&server, 60).await;
    let response = send(&server, &ticket, &[("email", "hoa"), ("consent", "")]).await;
    assert_eq!(response.status(), 422);
    let html = response.text().await.unwrap();
    assert!(html.contains("id=\"email-error\"") && html.contains("id=\"consent-error\""));
    assert!(html.contains("value=\"Lê &#34;Hoa&#34; &#60;b&#62;\""));
    assert!(html.contains("Dòng một\nDòng hai</textarea>"));
    assert!(html.contains("value=\"error\" selected"));
    assert!(html.contains(&ticket.key), "it stays the same feedback");
}

#[tokio::test]
async fn a_form_sent_too_soon_too_late_forged_or_by_a_machine_is_asked_again() {
    let server = Server::with(&[article("a")]).await;
    let fine = ticket(&server, 60).await;
    let forged = Ticket { signature: "forged".into(), ..fine.clone() };
    let words = words("vi");
    let asked_again = words.get("feedback.retry_form");
    for ticket in [ticket(&server, 0).await, ticket(&server, 90_000).await, forged] {
        let response = send(&server, &ticket, &[]).await;
        assert_eq!(response.status(), 422);
        assert!(response.text().await.unwrap().contains(asked_again));
    }
    let trapped = send(&server, &fine, &[("website", "https://spam.example")]).await;
    assert_eq!(trapped.status(), 422);
    let html = trapped.text().await.unwrap();
    assert!(html.contains("Dòng một") && !html.contains("spam.example"));
}

#[tokio::test]
async fn a_withdrawn_article_has_no_form_and_its_title_is_not_told() {
    let server = Server::with(&[with(article("a"), json!({ "expires": "2020-01-01" }))]).await;
    let ticket = ticket(&server, 60).await;
    for response in [server.get("/a/a/feedback").await, send(&server, &ticket, &[]).await] {
        assert_eq!(response.status(), 410);
        assert!(!response.text().await.unwrap().contains("Tựa đề"));
    }
}

#[tokio::test]
async fn consent_stays_ticked_for_the_text_it_was_given_to_and_no_other() {
    let server = Server::with(&[article("a")]).await;
    let ticket = ticket(&server, 60).await;
    for (lang, stays) in [("vi", true), ("en", false)] {
        let response = send(&server, &ticket, &[("email", "hoa"), ("lang", lang)]).await;
        assert_eq!(response.text().await.unwrap().contains(" checked"), stays, "{lang}");
    }
}

#[tokio::test]
async fn a_second_letter_from_the_same_form_can_be_sent_after_one_more_look() {
    let server = Server::with(&[article("a")]).await;
    let first = ticket(&server, 60).await;
    assert_eq!(send(&server, &first, &[]).await.status(), 201);
    let edited = ("message", "Một ý khác.");
    let response = send(&server, &first, &[edited]).await;
    assert_eq!(response.status(), 409);
    let html = response.text().await.unwrap();
    assert!(html.contains(words("vi").get("feedback.retry_form")));
    let hidden = |name: &str| {
        let value = html.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    let (key, time, signature) = (hidden("key"), hidden("time"), hidden("signature"));
    assert_ne!(key, first.key, "it is another feedback");
    let second = Ticket { key, time: time.parse().unwrap(), signature };
    assert_eq!(send(&server, &second, &[edited]).await.status(), 201);
}

#[tokio::test]
async fn the_longest_message_that_the_form_promises_is_taken() {
    let server = Server::with(&[article("a")]).await;
    let ticket = ticket(&server, 60).await;
    let response = send(&server, &ticket, &[("message", &"ệ".repeat(8_000))]).await;
    assert_eq!(response.status(), 201);
}
