//! `/v1/mail`

use reqwest::Response;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::proof::{send_with_proof, solve};
use super::sink::Sink;
use super::world::{FRIEND, config};
use crate::sql;
use crate::support::{Server, article, header, problem, save, with};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const KEY: &str = "0b8a6c1e-1111-4222-8333-444455556666";

/// A server that offers it.
async fn server(sink: &Sink) -> Server {
    let folder = TempDir::new().unwrap();
    let gone = with(article("gone"), json!({ "status": "canceled" }));
    save(folder.path(), &[article("a"), gone]).await;
    let mut config = config(folder.path(), sink, None);
    // Each test is many places.
    config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    Server::configured(folder, "0.1.0-test", config).await
}

fn request(to: &str) -> Value {
    json!({ "article": "a", "page": "https://partner.example/page", "to": to })
}

async fn send(server: &Server, key: &str, place: &str, body: &Value) -> Response {
    let request = server.request("POST", "/v1/mail").header("idempotency-key", key);
    let request = request.header("user-agent", BROWSER).header("x-forwarded-for", place);
    send_with_proof(request.body(body.to_string())).await
}

/// From a place of its own, under a key of its own.
async fn send_one(server: &Server, number: u8, body: &Value) -> Response {
    send(server, &Uuid::new_v4().to_string(), &format!("198.51.100.{number}"), body).await
}

async fn is_accepted(response: Response) {
    assert_eq!(response.status(), 202);
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(response.json::<Value>().await.unwrap(), json!({ "outcome": "accepted" }));
}

/// Shares that were counted, by channel.
fn shares(folder: &TempDir) -> Vec<(String, u32)> {
    let sql = "select channel, sum(counted) from share_hour group by channel";
    let rows = sql::rows(folder.path(), sql);
    rows.into_iter().map(|[channel, counted]| (channel, counted.parse().unwrap())).collect()
}

#[tokio::test]
async fn an_article_reaches_one_friend_and_counts_as_a_share() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    let response = send(&server, KEY, "198.51.100.1", &request("Minh@Example.VN")).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    is_accepted(response).await;
    let letter = sink.next().await;
    assert_eq!(letter.recipients, ["RCPT TO:<Minh@example.vn>"]);
    let link = format!("{}/a/a?s=s-", server.url);
    let text = letter.text();
    let (_, mark) = text.split_once(&link).expect("the link with its mark");
    let mark = mark.split('\n').next().unwrap();
    assert_ne!(mark, "0", "the partner's half");

    is_accepted(send(&server, KEY, "198.51.100.1", &request("Minh@Example.VN")).await).await;
    let folder = server.stop().await;
    assert!(sink.is_empty(), "the same again sends no second mail");
    assert_eq!(shares(&folder), [("sent".to_owned(), 1)]);
}

#[tokio::test]
async fn the_publishers_own_page_is_no_partners() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    let own = json!({ "article": "a", "page": format!("{}/a/a", server.url), "to": FRIEND });
    is_accepted(send_one(&server, 1, &own).await).await;
    assert!(sink.next().await.text().contains("/a/a?s=s-0\n"));
}

#[tokio::test]
async fn a_key_names_one_request() {
    let sink = Sink::start().await;
    let server = server(&sink).await;
    is_accepted(send(&server, KEY, "198.51.100.1", &request(FRIEND)).await).await;
    problem(send(&server, KEY, "198.51.100.1", &request("mai@example.vn")).await, 409).await;
    problem(send(&server, "no-uuid", "198.51.100.1", &request(FRIEND)).await, 422).await;
}

#[tokio::test]
async fn anything_but_one_address_is_refused_without_repeating_it() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    for to in [
        "",
        "minh",
        "minh@localhost",
        "Minh <minh@example.vn>",
        "minh@example.vn,mai@example.vn",
        "minh@example.vn\r\nBcc: mai@example.vn",
        "minh@example.vn\0",
        "minh@[192.0.2.1]",
    ] {
        let details = problem(send_one(&server, 1, &request(to)).await, 422).await;
        assert_eq!(details["field"], "to");
        assert!(!details.to_string().contains("example.vn"), "{details}");
    }
    server.stop().await;
    assert!(sink.is_empty() && sink.said().is_empty());
}

#[tokio::test]
async fn only_what_readers_may_see_is_sent() {
    let sink = Sink::start().await;
    let server = server(&sink).await;
    let of = |id: &str| json!({ "article": id, "page": "", "to": FRIEND });
    problem(send_one(&server, 1, &of("none")).await, 404).await;
    problem(send_one(&server, 1, &of("gone")).await, 410).await;
}

#[tokio::test]
async fn a_place_and_an_address_have_so_many() {
    let sink = Sink::start().await;
    let server = server(&sink).await;
    for number in 0..5 {
        is_accepted(send_one(&server, 1, &request(&format!("{number}@example.vn"))).await).await;
    }
    // Nobody is asked for a proof that would not help: `send_one` would bring one.
    let response = send_one(&server, 1, &request("5@example.vn")).await;
    assert_ne!(header(&response, "retry-after"), "");
    problem(response, 429).await;
    // Two for one address, from wherever, and however it is written.
    is_accepted(send_one(&server, 2, &request(FRIEND)).await).await;
    is_accepted(send_one(&server, 3, &request("MINH+tin.tuc@EXAMPLE.VN")).await).await;
    problem(send_one(&server, 4, &request(FRIEND)).await, 429).await;
}

#[tokio::test]
async fn programs_and_pages_that_the_publisher_blocks_send_nothing() {
    let mut sink = Sink::start().await;
    let folder = TempDir::new().unwrap();
    save(folder.path(), &[article("a")]).await;
    let mut config = config(folder.path(), &sink, None);
    config.partners = article_server::partners::Registry::Closed;
    let server = Server::configured(folder, "0.1.0-test", config).await;
    for (agent, page) in [(BROWSER, "https://unknown.example/"), ("curl/8.0", &*server.url)] {
        let body = json!({ "article": "a", "page": page, "to": FRIEND });
        let request = server.request("POST", "/v1/mail").header("user-agent", agent);
        let request = request.header("idempotency-key", KEY).body(body.to_string());
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 202);
        assert_eq!(
            response.json::<Value>().await.unwrap(),
            json!({ "outcome": "refused" }),
            "{agent}"
        );
    }
    server.stop().await;
    assert!(sink.is_empty());
}

#[tokio::test]
async fn where_it_is_not_offered_there_is_nothing() {
    let server = Server::with(&[article("a")]).await;
    problem(send_one(&server, 1, &request(FRIEND)).await, 404).await;
    assert_eq!(server.get_json("/v1/embed/a").await["settings"]["sends_mail"], false);
}

#[tokio::test]
async fn what_the_database_cannot_take_is_not_acknowledged_and_may_be_sent_again() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    assert_eq!(server.get("/readyz").await.status(), 200);
    // Somebody else writes, for longer than the server waits.
    let lock = sql::lock(server.folder.path(), "mail_request").await;
    // One proof is enough for both tries, and the first takes nothing of what a place may have sent.
    let to_friend = || {
        let request = server.request("POST", "/v1/mail").header("idempotency-key", KEY);
        request.header("user-agent", BROWSER).body(request_body(FRIEND))
    };
    let asked = problem(to_friend().send().await.unwrap(), 429).await;
    let proof = solve(&asked["proof"]);
    let refused = to_friend().header("proof", &proof).send().await.unwrap();
    assert_ne!(header(&refused, "retry-after"), "");
    problem(refused, 503).await;
    lock.release().await;
    assert!(sink.is_empty());
    is_accepted(to_friend().header("proof", &proof).send().await.unwrap()).await;
    sink.next().await;
    let folder = server.stop().await;
    assert!(sink.is_empty());
    assert_eq!(shares(&folder), [("sent".to_owned(), 1)]);
}

#[tokio::test]
async fn each_request_takes_a_proof_and_each_proof_is_good_once() {
    let mut sink = Sink::start().await;
    let server = server(&sink).await;
    let bare = |key: String, to: &str| {
        let request = server.request("POST", "/v1/mail").header("idempotency-key", key);
        request.header("user-agent", BROWSER).body(request_body(to))
    };
    let key = || Uuid::new_v4().to_string();
    // More than a place may have sent: what comes without a proof takes nothing of that.
    for number in 0..8 {
        let refusal = bare(key(), &format!("{number}@example.vn")).send().await.unwrap();
        assert!(problem(refusal, 429).await["proof"]["challenge"].is_string());
    }
    let refusal = problem(bare(key(), FRIEND).send().await.unwrap(), 429).await;
    let proof = solve(&refusal["proof"]);
    let wrong = bare(key(), FRIEND).header("proof", format!("{proof}0")).send().await.unwrap();
    problem(wrong, 429).await;
    is_accepted(bare(KEY.to_owned(), FRIEND).header("proof", &proof).send().await.unwrap()).await;
    let spent = bare(key(), "mai@example.vn").header("proof", &proof).send().await.unwrap();
    assert!(problem(spent, 429).await["proof"]["challenge"].is_string());
    is_accepted(bare(KEY.to_owned(), FRIEND).send().await.unwrap()).await;
    sink.next().await;
    server.stop().await;
    assert!(sink.is_empty(), "the same again takes no proof, and sends nothing");
}

fn request_body(to: &str) -> String {
    request(to).to_string()
}

#[tokio::test]
async fn a_partners_page_may_ask_for_it() {
    let sink = Sink::start().await;
    let server = server(&sink).await;
    let preflight = server
        .request("OPTIONS", "/v1/mail")
        .header("origin", "https://partner.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "idempotency-key,proof");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    for name in ["idempotency-key", "proof"] {
        assert!(header(&response, "access-control-allow-headers").contains(name), "{name}");
    }
}
