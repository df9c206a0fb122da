//! Who may show articles and count views.

use std::process::{Command, Output};

use article_server::config::Config;
use article_server::partners::Registry;
use reqwest::Response;
use serde_json::{Value, json};

use crate::letter::{filled_in, new_key};
use crate::sql;
use crate::support::{Server, article, config, header, problem, save, with};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const IN: &str = "https://in.example";
const OUT: &str = "https://out.example";

/// A server with the registry given, after what the command line said before its start.
async fn server(registry: Registry, said: &[&[&str]]) -> Server {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let config = Config { partners: registry, ..config(folder.path()) };
    for words in said {
        let output = partner(&config, words);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    Server::configured(folder, "0.1.0-test", config).await
}

fn partner(config: &Config, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_article-server"));
    command.args(["partner", "--database", &config.database]).args(words).output().unwrap()
}

async fn get(server: &Server, origin: &str) -> Response {
    server.request("GET", "/v1/embed/a").header("origin", origin).send().await.unwrap()
}

fn varies_by_origin(response: &Response) -> bool {
    let mut vary = response.headers().get_all("vary").iter();
    vary.any(|value| value.to_str().unwrap().eq_ignore_ascii_case("origin"))
}

async fn outcome(server: &Server, number: u8, page: &str) -> Value {
    let view = format!("6b3a3f5e-0000-4000-8000-0000000000{number:02}");
    let body = json!({ "article": "a", "view": view, "page": page }).to_string();
    // Readers of their own: the browsers differ.
    let agent = format!("{BROWSER} {number}");
    let request = server.request("POST", "/v1/views").header("user-agent", agent).body(body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 202, "{page}");
    response.json::<Value>().await.unwrap()["outcome"].clone()
}

#[tokio::test]
async fn an_open_registry_answers_everybody_alike_and_does_not_count_the_blocked() {
    let server = server(Registry::Open, &[&["block", OUT]]).await;
    for origin in [IN, OUT] {
        let response = get(&server, origin).await;
        assert_eq!(header(&response, "access-control-allow-origin"), "*");
        assert!(!varies_by_origin(&response));
    }
    assert_eq!(outcome(&server, 1, &format!("{IN}/tin")).await, "counted");
    assert_eq!(outcome(&server, 2, &format!("{OUT}/tin")).await, "refused");
    assert_eq!(outcome(&server, 3, "").await, "counted");
}

#[tokio::test]
async fn a_closed_registry_answers_only_the_listed() {
    let server = server(Registry::Closed, &[&["allow", &format!("{IN}/any/page")]]).await;
    let own = server.url.clone();
    for (origin, allowed) in [(IN, IN), (own.as_str(), own.as_str()), (OUT, ""), ("null", "")] {
        let response = get(&server, origin).await;
        assert_eq!(header(&response, "access-control-allow-origin"), allowed, "{origin}");
        assert!(varies_by_origin(&response), "{origin}");
    }
    assert_eq!(outcome(&server, 1, &format!("{IN}/tin")).await, "counted");
    assert_eq!(outcome(&server, 2, &format!("{own}/a/a")).await, "counted");
    assert_eq!(outcome(&server, 3, &format!("{OUT}/tin")).await, "refused");
    assert_eq!(outcome(&server, 4, "").await, "refused");

    // Who asks to be let in can be seen.
    let config = config(server.folder.path());
    let listed = partner(&config, &["list"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    let said = |origin: &str, standing: &str| {
        listed.lines().any(|line| line.starts_with(&format!("{origin}\t{standing}\t")))
    };
    assert!(said(IN, "allowed") && said(OUT, "new"), "{listed}");
}

#[tokio::test]
async fn what_is_said_of_a_partner_reaches_a_running_server() {
    let server = server(Registry::Closed, &[]).await;
    let config = config(server.folder.path());
    assert!(partner(&config, &["allow", IN]).status.success());
    let begun = tokio::time::Instant::now();
    while header(&get(&server, IN).await, "access-control-allow-origin").is_empty() {
        assert!(begun.elapsed().as_secs() < 10);
        tokio::task::yield_now().await;
    }
    assert!(!partner(&config, &["allow", "in.example"]).status.success(), "no origin");
}

#[tokio::test]
async fn a_script_cannot_lend_a_view_to_a_partner_that_its_browser_knows_better() {
    let server = server(Registry::Closed, &[&["allow", IN]]).await;
    let own = server.url.clone();
    let body = |number: u8| {
        let view = format!("6b3a3f5e-0000-4000-8000-0000000000{number:02}");
        json!({ "article": "a", "view": view, "page": format!("{IN}/tin") }).to_string()
    };
    for (number, origin, outcome) in [
        (1, OUT, "refused"),
        (2, IN, "counted"),
        (3, own.as_str(), "counted"),
        (4, "null", "counted"),
    ] {
        let request = server.request("POST", "/v1/views").header("origin", origin);
        let request = request.header("user-agent", format!("{BROWSER} {number}"));
        let response = request.body(body(number)).send().await.unwrap();
        assert_eq!(response.json::<Value>().await.unwrap()["outcome"], outcome, "{origin}");
    }
}

/// Nor a letter; and one of no partner's is refused, for nobody would read it.
#[tokio::test]
async fn a_letter_is_of_the_page_that_its_browser_names() {
    let server = server(Registry::Closed, &[&["allow", IN]]).await;
    let own = server.url.clone();
    let send = async |origin: &str, page: &str| {
        let letter = with(filled_in(), json!({ "page": page }));
        let request = server.request("POST", "/v1/feedback").header("origin", origin);
        request.header("idempotency-key", new_key()).json(&letter).send().await.unwrap()
    };
    problem(send(OUT, &format!("{IN}/tin")).await, 403).await;
    problem(send("null", &format!("{OUT}/tin")).await, 403).await;
    problem(send("null", "").await, 403).await;
    assert_eq!(sql::number(server.folder.path(), "select count(*) from feedback"), 0);
    for (origin, page, kept) in [
        (IN, format!("{IN}/tin/1"), format!("{IN}/tin/1")),
        (IN, format!("{OUT}/tin"), format!("{IN}/")),
        (own.as_str(), format!("{IN}/tin/2"), format!("{IN}/tin/2")),
    ] {
        assert_eq!(send(origin, &page).await.status(), 201, "{page}");
        let last = "select page from feedback order by no desc limit 1";
        assert_eq!(sql::text(server.folder.path(), last), kept);
    }
}

#[tokio::test]
async fn only_the_listed_may_frame_an_article_of_a_closed_registry() {
    let server = server(Registry::Closed, &[&["allow", IN]]).await;
    let response = server.get("/embed/a").await;
    let framed_by = format!("frame-ancestors {IN} {}", server.url);
    assert!(header(&response, "content-security-policy").ends_with(&framed_by));
}

#[tokio::test]
async fn a_mistyped_database_is_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}/typo.db", folder.path().display());
    let output = partner(&Config { database, ..Config::default() }, &["list"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no database"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
