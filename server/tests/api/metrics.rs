//! What Prometheus is told, at an address that is not the readers'.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::process::Process;
use crate::support::{article, save};

pub(crate) mod refusals;

const ARTICLE: &str = "bai-de-dem";
const PARTNER: &str = "partner.example";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const PATIENCE: Duration = Duration::from_secs(30);

const LISTEN: [&str; 2] = ["--metrics-listen", "127.0.0.1:0"];

/// The value of the series that this begins with.
fn value(figures: &str, series: &str) -> f64 {
    let line = figures.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in {figures}")).parse().unwrap()
}

async fn text(url: &str) -> String {
    reqwest::get(url).await.unwrap().error_for_status().unwrap().text().await.unwrap()
}

async fn view(server: &Process, agent: &str, id: Uuid) -> Value {
    let page = format!("https://{PARTNER}/page");
    let view = json!({ "article": ARTICLE, "view": id.to_string(), "page": page });
    let request =
        Client::new().post(format!("{}/v1/views", server.url)).header("user-agent", agent);
    request.body(view.to_string()).send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_readers_do_is_measured_and_nobody_is_named() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    let server = Process::start(folder.path(), &LISTEN);
    let url = server.operating_url();
    for _ in 0..2 {
        text(&format!("{}/v1/embed/{ARTICLE}", server.url)).await;
    }
    let id = Uuid::new_v4();
    assert_eq!(view(&server, BROWSER, id).await["outcome"], "counted");
    assert_eq!(view(&server, BROWSER, id).await["outcome"], "raised");
    assert_eq!(view(&server, "curl/8.5.0", Uuid::new_v4()).await["outcome"], "refused");
    let nowhere = reqwest::get(format!("{}/khong-co-gi", server.url)).await.unwrap();
    assert_eq!(nowhere.status(), StatusCode::NOT_FOUND);
    let made_up = Client::new().request("BAI-DE-DEM".parse().unwrap(), &server.url);
    made_up.send().await.unwrap();

    let figures = text(&format!("{url}/metrics")).await;
    for (series, expected) in [
        (r#"article_requests_total{method="GET",route="/v1/embed/{id}",status="2xx"}"#, 2.0),
        (r#"article_requests_total{method="POST",route="/v1/views",status="2xx"}"#, 3.0),
        (r#"article_requests_total{method="GET",route="unmatched",status="4xx"}"#, 1.0),
        (r#"article_requests_total{method="other",route="unmatched",status="4xx"}"#, 1.0),
        (r#"article_request_duration_seconds_count{method="GET",route="/v1/embed/{id}"}"#, 2.0),
        (r#"article_reports_total{kind="view",outcome="counted"}"#, 1.0),
        (r#"article_reports_total{kind="view",outcome="raised"}"#, 1.0),
        (r#"article_reports_total{kind="view",outcome="bot"}"#, 1.0),
        (r#"article_cache_lookups_total{cache="embed",result="miss"}"#, 1.0),
        (r#"article_cache_lookups_total{cache="embed",result="hit"}"#, 1.0),
        (r#"article_store_call_duration_seconds_count{operation="view"}"#, 3.0),
        (r#"article_store_call_duration_seconds_count{operation="article"}"#, 1.0),
        (r#"article_store_group_reports_sum{kind="view"}"#, 3.0),
        (r#"article_outbox_waiting{lane="mail"}"#, 0.0),
        (r#"article_requests_in_flight{kind="write"}"#, 0.0),
        ("article_reports_waiting", 0.0),
        ("article_reports_waiting_limit", 8192.0),
        ("article_store_up", 1.0),
    ] {
        assert_eq!(value(&figures, series), expected, "{series}");
    }
    assert!(value(&figures, "process_resident_memory_bytes") > 1e6, "{figures}");
    assert!(value(&figures, "process_open_fds") > 5.0, "{figures}");
    assert!(figures.contains(r#"article_build_info{version="0.1.0",assets=""#), "{figures}");
    assert!(figures.ends_with("# EOF\n"), "{figures}");
    for name in [ARTICLE, PARTNER, "khong-co-gi", "BAI-DE-DEM", &id.to_string(), "curl"] {
        assert!(!figures.contains(name), "{name}: {figures}");
    }
    let public = reqwest::get(format!("{}/metrics", server.url)).await.unwrap();
    assert_eq!(public.status(), StatusCode::NOT_FOUND, "readers are told no figures");
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_stop_is_not_ready_and_finishes_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    let server = Process::start(folder.path(), &LISTEN);
    let url = server.operating_url();
    let body = json!({ "article": ARTICLE, "view": Uuid::new_v4().to_string(), "page": "" });
    let body = body.to_string();
    let address = server.url.strip_prefix("http://").unwrap();
    let mut slow = TcpStream::connect(address).await.unwrap();
    let length = body.len();
    let head = format!(
        "POST /v1/views HTTP/1.1\r\nhost: x\r\nuser-agent: {BROWSER}\r\ncontent-length: {length}\r\n\r\n"
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let ready = async || reqwest::get(format!("{url}/readyz")).await.unwrap().status();
    let busy = async || {
        let figures = text(&format!("{url}/metrics")).await;
        value(&figures, "article_connections_open") >= 1.0
    };
    let poll = async {
        while !busy().await {
            sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(ready().await, StatusCode::OK);
        server.tell_to_stop();
        while ready().await != StatusCode::SERVICE_UNAVAILABLE {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, poll).await.unwrap();
    slow.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 "), "{answer}");
    assert!(answer.contains("\"counted\""), "{answer}");
    server.stop();
}
