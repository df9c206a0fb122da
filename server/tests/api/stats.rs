//! `/v1/articles/{id}/stats`

use article_server::token::Scope;
use serde_json::{Value, json};

use crate::postgres;
use crate::sql;
use crate::support::{Server, article, header, problem, save, token, with};

const CHROME: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const BOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// A server with the articles, and a token that reads what is counted of them.
async fn server(articles: &[Value]) -> (Server, String) {
    let server = Server::with(articles).await;
    let token = token(server.folder.path(), &[Scope::StatsRead]).await;
    (server, token)
}

async fn get(server: &Server, path: &str, token: &str) -> reqwest::Response {
    server.request("GET", path).bearer_auth(token).send().await.unwrap()
}

/// Reports as the browser that calls itself `agent`: the outcome.
async fn report(server: &Server, path: &str, agent: &str, body: Value) -> Value {
    let request = server.request("POST", path).header("user-agent", agent);
    let response = request.body(body.to_string()).send().await.unwrap();
    assert_eq!(response.status(), 202);
    response.json::<Value>().await.unwrap()["outcome"].take()
}

/// A view of `a`; each digit names another one.
fn view(digit: u8, page: &str, fields: Value) -> Value {
    let view = format!("6b3a3f5e-0000-4000-8000-00000000000{digit}");
    with(json!({ "article": "a", "view": view, "page": page }), fields)
}

#[tokio::test]
async fn what_counts_and_what_does_not_is_told_by_partner() {
    let (server, token) = server(&[article("a")]).await;
    let (here, there) = ("https://partner.example/x", "https://other.example/y");
    let report = async |path, agent, body| report(&server, path, agent, body).await;
    let read = json!({ "seconds": 40, "depth": 80 });
    assert_eq!(report("/v1/views", FIREFOX, view(1, here, read)).await, "counted");
    assert_eq!(report("/v1/views", FIREFOX, view(2, here, json!({}))).await, "repeat");
    assert_eq!(report("/v1/views", BOT, view(3, here, json!({}))).await, "refused");
    let arrived = json!({ "seconds": 2, "depth": 55, "share": "f-1wh5o" });
    assert_eq!(report("/v1/views", CHROME, view(4, there, arrived)).await, "counted");
    let shared = json!({
        "article": "a", "share": "6b3a3f5e-0000-4000-8000-000000000005", "page": here,
        "channel": "facebook",
    });
    assert_eq!(report("/v1/shares", FIREFOX, shared).await, "counted");

    let response = get(&server, "/v1/articles/a/stats", &token).await;
    assert_eq!(response.status(), 200);
    assert_eq!(header(&response, "cache-control"), "private, no-store");
    let stats: Value = response.json().await.unwrap();
    let refused = |bots, repeats| json!({ "bots": bots, "repeats": repeats, "rate": 0, "unknown_partner": 0 });
    assert_eq!(stats["article"], "a");
    assert_eq!(
        stats["totals"],
        json!({
            "raw": 4, "views": 2, "readers": 2, "refused": refused(1, 1), "seconds": 42,
            "depth": 67.5, "deep": 1,
        })
    );
    assert_eq!(
        stats["partners_as_reported"],
        json!([
            {
                "partner": "https://other.example", "raw": 1, "views": 1, "readers": 1,
                "refused": refused(0, 0), "seconds": 2, "depth": 55.0, "deep": 0,
            },
            {
                "partner": "https://partner.example", "raw": 3, "views": 1, "readers": 1,
                "refused": refused(1, 1), "seconds": 40, "depth": 80.0, "deep": 1,
            },
        ])
    );
    assert_eq!(
        stats["shares"],
        json!([{ "channel": "facebook", "shares": 1, "refused": refused(0, 0) }])
    );
    let arrival = json!({ "mark": "f-1wh5o", "partner": "https://partner.example", "views": 1 });
    assert_eq!(stats["arrivals"], json!([arrival]));
    // Two rows, or more where an hour has turned meanwhile.
    let hours = stats["hours"].as_array().unwrap();
    let raw: u64 = hours.iter().map(|row| row["raw"].as_u64().unwrap()).sum();
    assert!(hours.len() >= 2 && raw == 4, "{hours:#?}");
    assert!(hours[0]["hour"].as_str().unwrap().ends_with(":00:00Z"));
    assert!(stats["computed_at"].as_str().unwrap() < stats["until"].as_str().unwrap());
}

#[tokio::test]
async fn whoever_has_no_token_is_asked_for_one() {
    let (server, token) = server(&[article("a")]).await;
    let path = "/v1/articles/a/stats";
    let unknown = format!("awt_{}", "A".repeat(43));
    let given = [
        None,
        Some("Bearer".to_owned()),
        Some(format!("Bearer {unknown}")),
        Some(format!("Bearer {token}x")),
        Some(format!("Basic {token}")),
    ];
    for authorization in given {
        let request = server.request("GET", path);
        let request = match &authorization {
            Some(value) => request.header("authorization", value),
            None => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(header(&response, "www-authenticate"), "Bearer", "{authorization:?}");
        problem(response, 401).await;
    }
    let lower_case = server.request("GET", path).header("authorization", format!("bearer {token}"));
    assert_eq!(lower_case.send().await.unwrap().status(), 200);
    let nowhere = server.get("/v1/articles/unknown/stats").await;
    problem(nowhere, 401).await;
}

#[tokio::test]
async fn a_token_opens_what_its_scopes_are_for_and_no_more() {
    let server = Server::with(&[article("a")]).await;
    let token = token(server.folder.path(), &[Scope::ArticlesWrite]).await;
    let details = problem(get(&server, "/v1/articles/a/stats", &token).await, 403).await;
    assert_eq!(details["detail"], "the token has not the scope stats:read");
}

#[tokio::test]
async fn a_withdrawn_article_has_stats_and_one_that_never_was_has_none() {
    let (server, token) = server(&[article("a")]).await;
    let page = "https://partner.example/";
    assert_eq!(report(&server, "/v1/views", FIREFOX, view(1, page, json!({}))).await, "counted");
    let withdrawn = with(article("a"), json!({ "status": "canceled" }));
    save(server.folder.path(), &[withdrawn]).await;
    problem(server.get("/v1/articles/a").await, 410).await;
    let stats: Value = get(&server, "/v1/articles/a/stats", &token).await.json().await.unwrap();
    assert_eq!(stats["totals"]["views"], 1);
    for path in ["/v1/articles/unknown/stats", "/v1/articles/%20/stats"] {
        problem(get(&server, path, &token).await, 404).await;
    }
}

#[tokio::test]
async fn hours_are_told_as_they_are_asked_for() {
    let (server, token) = server(&[article("a")]).await;
    let ask =
        async |query: &str| get(&server, &format!("/v1/articles/a/stats?{query}"), &token).await;
    let asked = ask("from=2024-11-01T07:30:00%2B07:00&until=2024-12-02T00:59:59Z").await;
    let stats: Value = asked.json().await.unwrap();
    assert_eq!(stats["from"], "2024-11-01T00:00:00Z");
    assert_eq!(stats["until"], "2024-12-02T00:00:00Z");
    assert_eq!((&stats["hours"], &stats["totals"]["depth"]), (&json!([]), &Value::Null));

    for (query, field) in [
        ("from=2024-11-01T00:00:00Z&until=2024-12-02T01:00:00Z", "from"),
        ("from=2024-11-01T00:00:00Z", "from"),
        ("from=2024-11-01T00:00:00Z&until=2024-11-01T00:59:00Z", "until"),
        ("from=2024-11-02T00:00:00Z&until=2024-11-01T00:00:00Z", "until"),
        ("from=yesterday", "from"),
        ("until=2024-11-01", "until"),
    ] {
        assert_eq!(problem(ask(query).await, 422).await["field"], field, "{query}");
    }
    problem(ask("since=2024-11-01T00:00:00Z").await, 400).await;
}

#[tokio::test]
async fn more_rows_than_an_answer_holds_are_refused() {
    let (server, token) = server(&[article("a")]).await;
    // 100 partners in each of 501 hours; the first is that of 2024-11-01T00:00:00Z.
    let counted =
        "hour, article, partner, raw, counted, readers, bot, rate, repeat, seconds, depth";
    // What PostgreSQL's counts have beside SQLite's, and what SQLite has a default for.
    let (more, of_it) =
        if postgres::is_meant() { (", node, unknown, deep", ", 1, 0, 0") } else { ("", "") };
    sql::run(
        server.folder.path(),
        &format!(
            "with recursive n (n) as (select 1 union all select n + 1 from n where n < 100)
             insert into partner (no, origin, mark, first_seen)
             select n, 'https://' || n || '.example', '', 0 from n;
             with recursive h (h) as (select 0 union all select h + 1 from h where h < 500)
             insert into tally_hour ({counted}{more})
             select 480672 + h, 1, no, 1, 1, 1, 0, 0, 0, 1, 1{of_it} from h, partner;"
        ),
    );
    let until = |day| format!("/v1/articles/a/stats?from=2024-11-01T00:00:00Z&until=2024-11-{day}");
    let refused = get(&server, &until("22T00:00:00Z"), &token).await;
    assert_eq!(problem(refused, 422).await["field"], "from");
    let told: Value = get(&server, &until("21T20:00:00Z"), &token).await.json().await.unwrap();
    assert_eq!(told["totals"]["views"], 50_000);
    assert_eq!(told["partners_as_reported"].as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn no_other_sites_page_may_read_it() {
    let (server, token) = server(&[article("a")]).await;
    let path = "/v1/articles/a/stats";
    for method in ["GET", "OPTIONS"] {
        let request = server.request(method, path).header("origin", "https://partner.example");
        let request = request.header("access-control-request-method", "GET");
        let request = request.header("access-control-request-headers", "authorization");
        let response = request.bearer_auth(&token).send().await.unwrap();
        for name in ["access-control-allow-origin", "access-control-allow-headers"] {
            assert_eq!(header(&response, name), "", "{method}");
        }
    }
}
