//! `/a/{id}/feedback`

use article_server::forms::Ticket;
use reqwest::Response;
use serde_json::json;

use crate::letter::{self, configured, hidden, kept, said, send_form, ticket};
use crate::support::{Server, article, header, with};

async fn send(server: &Server, ticket: &Ticket, changes: &[(&str, &str)]) -> Response {
    send_form(server, "203.0.113.7", ticket, changes).await
}

#[tokio::test]
async fn the_form_speaks_the_articles_language_and_consent_is_not_ticked() {
    let server = Server::with(&[article("a")]).await;
    let response = server.get("/a/a/feedback").await;
    assert_eq!(header(&response, "cache-control"), "private, no-store");
    let html = response.text().await.unwrap();
    assert!(
        html.contains("<html lang=\"vi\" dir=\"ltr\">")
            && html.contains("Thông tin người gửi phản hồi")
    );
    assert!(!html.contains(" checked") && html.contains("value=\"comment\" selected"));
    let again = server.get("/a/a/feedback").await.text().await.unwrap();
    assert_ne!(html, again, "every form has a key of its own");
    let english = server.get("/a/a/feedback?lang=en").await.text().await.unwrap();
    assert!(english.contains("<html lang=\"en\" dir=\"ltr\">"));
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
    let summary = html.split("role=\"alert\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(summary.contains("<a href=\"#email\">Thư điện tử</a>: Địa chỉ thư điện tử"));
    assert!(summary.contains("<a href=\"#consent\">Sự đồng ý</a>"));
    let focused: Vec<_> = html.split(" autofocus").collect();
    assert_eq!(focused.len(), 2, "one has the focus");
    assert!(focused[0].rsplit('<').next().unwrap().starts_with("input id=\"email\""));
}

#[tokio::test]
async fn a_form_sent_too_late_or_forged_is_asked_again() {
    let server = Server::with(&[article("a")]).await;
    let forged = Ticket { signature: "forged".into(), ..ticket(&server, 60).await };
    for ticket in [ticket(&server, 90_000).await, forged] {
        let response = send(&server, &ticket, &[]).await;
        assert_eq!(response.status(), 422);
        let html = response.text().await.unwrap();
        assert!(
            html.contains(said("form.again")) && html.contains("Dòng một\nDòng hai</textarea>")
        );
    }
    assert!(kept(server.folder.path()).is_empty());
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
    assert!(html.contains(said("form.again")));
    let hidden = |name| hidden(&html, name);
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

#[tokio::test]
async fn the_form_has_the_fields_that_the_publisher_asks_for_in_their_order() {
    let server = configured(|config| {
        config.settings.fields = ["message", "kind", "email"].map(str::to_owned).into();
        config.settings.required = ["message"].map(str::to_owned).into();
        config.settings.kinds = ["question", "error"].map(str::to_owned).into();
    })
    .await;
    let html = server.get("/a/a/feedback?kind=error").await.text().await.unwrap();
    let form = html.split("</form>").next().unwrap();
    let place = |text: &str| form.find(text).unwrap_or(usize::MAX);
    let places =
        ["<textarea id=\"message\"", "<select id=\"kind\"", "<input id=\"email\""].map(place);
    assert!(places.is_sorted() && places[2] < usize::MAX, "{places:?}");
    for name in ["name", "phone", "title"] {
        assert!(!form.contains(&format!("id=\"{name}\"")), "{name}");
    }
    let options: Vec<_> = form.split("<option value=\"").skip(1).map(|of| &of[..5]).collect();
    assert_eq!(options, ["quest", "error"]);
    assert!(form.contains("value=\"error\" selected"));
    let email = form.split("<input id=\"email\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(!email.contains("required") && form.contains("maxlength=\"8000\" required"));

    let ticket = ticket(&server, 60).await;
    let response = send(&server, &ticket, &[("email", ""), ("name", ""), ("title", "")]).await;
    assert_eq!(response.status(), 201);
}

#[tokio::test]
async fn a_passage_is_quoted_and_goes_along_unless_it_is_taken_away() {
    let server = Server::with(&[article("a")]).await;
    let path = "/a/a/feedback?passage=%22%3Cscript%3E%22%20%C4%91o%E1%BA%A1n%0Av%C4%83n";
    let html = server.get(path).await.text().await.unwrap();
    let quoted = "&#34;&#60;script&#62;&#34; đoạn văn";
    assert!(html.contains(&format!(
        "<blockquote id=\"passage\" lang=\"vi\" dir=\"auto\">{quoted}</blockquote>"
    )));
    assert_eq!(hidden(&html, "passage"), quoted);
    assert!(html.contains("name=\"quote\" value=\"1\" checked"));
    assert!(html.contains("value=\"error\" selected"), "it is likely wrong");
    let without = server.get("/a/a/feedback").await.text().await.unwrap();
    assert!(!without.contains("<blockquote"));

    let passage = ("passage", "một đoạn");
    // It stays in the form, whatever else is wrong there.
    for (quote, state) in [("1", " checked"), ("", "")] {
        let first = ticket(&server, 60).await;
        let wrong = send(&server, &first, &[passage, ("quote", quote), ("email", "hoa")]).await;
        let html = wrong.text().await.unwrap();
        assert!(html.contains(&format!("name=\"quote\" value=\"1\"{state} aria")), "{quote:?}");
        assert_eq!(hidden(&html, "passage"), "một đoạn");
        assert_eq!(send(&server, &first, &[passage, ("quote", quote)]).await.status(), 201);
    }
    let kept = |sql: &str| crate::sql::number(server.folder.path(), sql);
    assert_eq!(kept("select count(*) from feedback where passage = 'một đoạn'"), 1);
    assert_eq!(kept("select count(*) from feedback where passage = ''"), 1);
}

#[tokio::test]
async fn what_was_typed_comes_back_also_where_a_place_has_sent_too_much() {
    let server = letter::behind_a_proxy().await;
    for _ in 0..8 {
        let ticket = ticket(&server, 60).await;
        assert_eq!(send(&server, &ticket, &[]).await.status(), 201);
    }
    let ticket = ticket(&server, 60).await;
    let response = send(&server, &ticket, &[]).await;
    assert_eq!(response.status(), 429);
    assert_ne!(header(&response, "retry-after"), "");
    let html = response.text().await.unwrap();
    assert!(
        html.contains(&said("form.too_many").replace("{wait}", "12 phút"))
            && html.contains("tabindex=\"-1\" autofocus")
    );
    assert!(html.contains("Dòng một\nDòng hai</textarea>") && html.contains(&ticket.key));
}

/// The widget's link names no page: it is the same for all partners. The browser names the site.
#[tokio::test]
async fn a_letter_from_the_form_page_is_of_the_partner_whose_link_led_there() {
    let server = Server::with(&[article("a")]).await;
    let request =
        server.request("GET", "/a/a/feedback").header("referer", "https://partner.example/");
    let html = request.send().await.unwrap().text().await.unwrap();
    assert!(html.contains("name=\"page\" value=\"https://partner.example/\""));
    let request = server.request("GET", "/a/a/feedback?page=https://other.example/x");
    let html = request.header("referer", "https://partner.example/").send().await.unwrap();
    assert!(html.text().await.unwrap().contains("name=\"page\" value=\"https://other.example/x\""));
}
