//! `/v1/ratings` and `/a/{id}/rating`

use article_server::store::{self, RatingWord, Ratings};
use article_server::time::Calendar;
use article_server::token::Scope;
use article_widget::contract::ArticleId;
use reqwest::Response;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::letter::{behind_a_proxy, configured, hidden, said};
use crate::sql::number;
use crate::support::{Server, article, config, header, problem, save, token, with};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const BOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

async fn rate_as(server: &Server, agent: &str, place: &str, body: &Value) -> Response {
    let request = server.request("POST", "/v1/ratings").header("user-agent", agent);
    let request = request.header("x-forwarded-for", place).header("content-type", "text/plain");
    request.body(body.to_string()).send().await.unwrap()
}

/// The outcome for a browser at this place.
async fn rate(server: &Server, place: &str, body: &Value) -> String {
    let response = rate_as(server, BROWSER, place, body).await;
    assert_eq!(response.status(), 202);
    let taken: Value = response.json().await.unwrap();
    taken["outcome"].as_str().unwrap().to_owned()
}

fn rating(id: &str, fields: Value) -> Value {
    let page = "https://partner.example/page?reader=1";
    with(json!({ "article": "a", "rating": id, "page": page, "useful": true }), fields)
}

fn new() -> String {
    Uuid::new_v4().to_string()
}

/// The last octet of a place.
fn place(number: u8) -> String {
    format!("203.0.113.{number}")
}

/// What the folder's database has of the article `a`.
async fn ratings(server: &Server, limit: u32) -> Ratings {
    let config = config(server.folder.path());
    let store = store::open(&config.database, &Calendar::new(config.time_zone)).await.unwrap();
    let ratings = store.ratings(&ArticleId::parse("a").unwrap(), limit).await.unwrap();
    store.close().await.unwrap();
    ratings
}

#[tokio::test]
async fn a_rating_counts_once_and_may_change_its_mind() {
    let server = behind_a_proxy().await;
    let (id, place) = (new(), place(1));
    let response = rate_as(&server, BROWSER, &place, &rating(&id, json!({}))).await;
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(response.json::<Value>().await.unwrap(), json!({ "outcome": "counted" }));
    let word = rating(&id, json!({ "word": " rõ\nràng " }));
    assert_eq!(rate(&server, &place, &word).await, "raised");
    // An answer that was lost is sent again, and takes no word away.
    assert_eq!(rate(&server, &place, &rating(&id, json!({}))).await, "raised");
    let found = ratings(&server, 10).await;
    assert_eq!((found.useful, found.not_useful), (1, 0));
    assert_eq!(found.words.len(), 1);
    assert_eq!(found.words[0].word, "rõ ràng");

    let other = rating(&id, json!({ "useful": false, "word": "quá ngắn" }));
    assert_eq!(rate(&server, &place, &other).await, "raised");
    let found = ratings(&server, 10).await;
    assert_eq!((found.useful, found.not_useful), (0, 1));
    let RatingWord { useful, word, .. } = &found.words[0];
    assert_eq!((useful, word.as_str()), (&false, "quá ngắn"));
    let page = "select count(*) from rating where partner = 'https://partner.example'";
    assert_eq!(number(server.folder.path(), page), 1, "of a page the origin is kept");
}

#[tokio::test]
async fn it_is_acknowledged_when_it_outlives_the_server() {
    let server = behind_a_proxy().await;
    let id = new();
    assert_eq!(rate(&server, &place(1), &rating(&id, json!({}))).await, "counted");
    let server = Server::over(server.stop().await, "0.1.0-test").await;
    assert_eq!(rate(&server, &place(1), &rating(&id, json!({}))).await, "raised");
}

#[tokio::test]
async fn words_are_told_newest_first_and_so_many() {
    let server = behind_a_proxy().await;
    for number in 1..=4 {
        let word = rating(&new(), json!({ "word": format!("từ {number}") }));
        assert_eq!(rate(&server, &place(number), &word).await, "counted");
        let sql = format!("update rating set at = at + {number} where word = 'từ {number}'");
        crate::sql::change(server.folder.path(), &sql);
    }
    let words: Vec<_> = ratings(&server, 3).await.words.into_iter().map(|of| of.word).collect();
    assert_eq!(words, ["từ 4", "từ 3", "từ 2"]);
}

#[tokio::test]
async fn a_place_counts_five_of_an_article_and_may_still_change_them() {
    let server = behind_a_proxy().await;
    let ids: Vec<_> = (0..6).map(|_| new()).collect();
    for id in &ids[..5] {
        assert_eq!(rate(&server, &place(1), &rating(id, json!({}))).await, "counted");
    }
    assert_eq!(rate(&server, &place(1), &rating(&ids[5], json!({}))).await, "refused");
    let word = rating(&ids[4], json!({ "word": "hay" }));
    assert_eq!(rate(&server, &place(1), &word).await, "raised");
    assert_eq!(rate(&server, &place(2), &rating(&ids[5], json!({}))).await, "counted");
    assert_eq!(ratings(&server, 0).await.useful, 6);
}

#[tokio::test]
async fn where_many_share_an_address_it_counts_as_many_times_as_much() {
    let server = configured(|config| {
        config.shared_networks = vec!["203.0.113.0/24".parse().unwrap()];
        config.shared_views = 2;
    })
    .await;
    let mut outcomes = Vec::new();
    for _ in 0..11 {
        outcomes.push(rate(&server, &place(1), &rating(&new(), json!({}))).await);
    }
    assert!(outcomes[..10].iter().all(|outcome| outcome == "counted"), "{outcomes:?}");
    assert_eq!(outcomes[10], "refused");
}

#[tokio::test]
async fn changing_a_rating_takes_nothing_of_what_a_place_may_count() {
    let server = behind_a_proxy().await;
    for _ in 0..5 {
        let id = new();
        assert_eq!(rate(&server, &place(1), &rating(&id, json!({}))).await, "counted");
        let word = rating(&id, json!({ "word": "hay" }));
        assert_eq!(rate(&server, &place(1), &word).await, "raised");
    }
}

#[tokio::test]
async fn a_place_sends_sixty_an_hour() {
    let server = behind_a_proxy().await;
    let id = new();
    assert_eq!(rate(&server, &place(1), &rating(&id, json!({}))).await, "counted");
    for _ in 1..60 {
        assert_eq!(rate(&server, &place(1), &rating(&id, json!({}))).await, "raised");
    }
    assert_eq!(rate(&server, &place(1), &rating(&id, json!({}))).await, "refused");
}

/// The publisher blocks `https://partner.example`.
fn block(folder: &std::path::Path) {
    let sql = "insert into partner (origin, mark, first_seen, standing)
               values ('https://partner.example', '1', 0, 'blocked')
               on conflict (origin) do update set standing = 'blocked'";
    crate::sql::change(folder, sql);
}

#[tokio::test]
async fn bots_and_blocked_partners_count_nothing() {
    let server = behind_a_proxy().await;
    let bot = rate_as(&server, BOT, &place(1), &rating(&new(), json!({}))).await;
    assert_eq!(bot.json::<Value>().await.unwrap(), json!({ "outcome": "refused" }));
    let folder = server.stop().await;
    block(folder.path());
    let server = Server::over(folder, "0.1.0-test").await;
    assert_eq!(rate(&server, "203.0.113.1", &rating(&new(), json!({}))).await, "refused");
    let other = json!({ "page": "https://other.example/" });
    assert_eq!(rate(&server, "203.0.113.1", &rating(&new(), other)).await, "counted");
    assert_eq!(number(server.folder.path(), "select count(*) from rating"), 1);
}

/// A form of another site's says whatever page it likes; its browser says whose it is.
#[tokio::test]
async fn a_form_is_told_why_its_rating_does_not_count() {
    let server = behind_a_proxy().await;
    block(server.folder.path());
    let server = Server::over(server.stop().await, "0.1.0-test").await;
    let send = async |origin: &str| {
        let fields = [("rating", &*new()), ("lang", "vi"), ("useful", "true")];
        let request = server.request("POST", "/a/a/rating").header("user-agent", BROWSER);
        let request = request.header("origin", origin);
        request.body(serde_urlencoded::to_string(fields).unwrap()).send().await.unwrap()
    };
    let refused = send("https://partner.example").await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains(said("rating.partner")));
    for _ in 0..5 {
        assert_eq!(send(&server.url).await.status(), 201);
    }
    let many = send(&server.url).await;
    assert_eq!(many.status(), 429);
    assert!(!header(&many, "retry-after").is_empty());
    assert!(
        many.text().await.unwrap().contains(&said("rating.too_many").replace("{wait}", "12 phút"))
    );
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_the_reason() {
    let server = behind_a_proxy().await;
    let withdrawn = with(article("b"), json!({ "status": "canceled" }));
    save(server.folder.path(), &[withdrawn]).await;
    for (fields, status, field) in [
        (json!({ "rating": "1" }), 422, json!("rating")),
        (json!({ "word": "ệ".repeat(201) }), 422, json!("word")),
        (json!({ "article": "unknown" }), 404, Value::Null),
        (json!({ "article": "b" }), 410, Value::Null),
        (json!({ "useful": "yes" }), 400, json!("useful")),
    ] {
        let response = rate_as(&server, BROWSER, &place(1), &rating(&new(), fields)).await;
        assert_eq!(problem(response, status).await["field"], field, "{status}");
    }
    let id = new();
    let longest = rating(&id, json!({ "word": "ệ".repeat(200) }));
    assert_eq!(rate(&server, &place(1), &longest).await, "counted");
    save(server.folder.path(), &[article("c")]).await;
    let stolen = rating(&id, json!({ "article": "c", "useful": false }));
    assert_eq!(rate(&server, &place(1), &stolen).await, "refused", "it is another article's");
}

#[tokio::test]
async fn an_articles_stats_have_its_ratings() {
    let server = behind_a_proxy().await;
    for (number, useful) in [true, false, true].into_iter().enumerate() {
        let place = place(number.try_into().unwrap());
        let rating = rating(&new(), json!({ "useful": useful, "word": "một từ" }));
        assert_eq!(rate(&server, &place, &rating).await, "counted");
    }
    let token = token(server.folder.path(), &[Scope::StatsRead]).await;
    let request = server.request("GET", "/v1/articles/a/stats").bearer_auth(token);
    let stats: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(stats["ratings"], json!({ "useful": 2, "not_useful": 1 }));
}

#[tokio::test]
async fn a_reader_without_a_script_rates_below_the_form() {
    let server = behind_a_proxy().await;
    let html = server.get("/a/a/feedback").await.text().await.unwrap();
    let form = html.split("action=\"/a/a/rating\"").nth(1).unwrap();
    assert!(
        html.contains(said("rating.title")) && form.contains("name=\"useful\" value=\"false\"")
    );
    let send = async |useful: &str, agent: &str| {
        let id = hidden(form, "rating");
        let mut fields = vec![("rating", id.as_str()), ("lang", "en"), ("word", "rõ ràng")];
        if !useful.is_empty() {
            fields.push(("useful", useful));
        }
        let request = server.request("POST", "/a/a/rating").header("user-agent", agent);
        let request = request.header("accept", "text/html");
        request.body(serde_urlencoded::to_string(fields).unwrap()).send().await.unwrap()
    };
    assert_eq!(send("", BROWSER).await.status(), 422, "nobody has said anything");
    let thanks = send("false", BROWSER).await;
    assert_eq!(thanks.status(), 201);
    let page = thanks.text().await.unwrap();
    assert!(page.contains("Thank you for rating") && page.contains("href=\"/a/a\""));
    assert_eq!(send("false", BROWSER).await.status(), 201, "sent twice by mistake");
    let bot = send("true", BOT).await;
    assert_eq!(bot.status(), 403);
    let page = bot.text().await.unwrap();
    assert!(page.contains("sent by an automated program") && page.contains("href=\"/a/a\""));
    let found = ratings(&server, 10).await;
    assert_eq!((found.useful, found.not_useful), (0, 1));
    assert_eq!(found.words[0].word, "rõ ràng");
    let get = server.get("/a/a/rating").await;
    assert_eq!(get.status(), 405, "reading writes nothing");
}
