//! What goes to a collector of traces: the work of a request, in one trace, and nothing of who asked.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::process::Process;
use crate::sql;
use crate::support::{article, save, words};
use collector::{Collector, said};

mod collector;

const ARTICLE: &str = "bai-co-dau-vet";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";
/// Spans that go out at once, and somewhat more.
const BATCH: usize = 520;
/// A server that stops gives a collector two seconds; this machine may be busy besides.
const STOPS_WITHIN: Duration = Duration::from_secs(20);

fn flags<'a>(url: &'a str, sample: &'a str) -> [&'a str; 6] {
    ["--otlp-endpoint", url, "--otlp-sample", sample, "--log-format", "json"]
}

fn get(server: &Process, path: &str) -> RequestBuilder {
    Client::new().get(format!("{}{path}", server.url))
}

fn traceparent(flag: &str) -> String {
    format!("00-{TRACE}-{PARENT}-{flag}")
}

async fn send(request: RequestBuilder, status: u16) {
    assert_eq!(request.send().await.unwrap().status(), status);
}

async fn view(server: &Process, page: &str) -> RequestBuilder {
    let view = json!({ "article": ARTICLE, "view": Uuid::new_v4().to_string(), "page": page });
    Client::new().post(format!("{}/v1/views", server.url)).body(view.to_string())
}

async fn stopped(server: Process) -> Vec<u8> {
    spawn_blocking(|| server.stop()).await.unwrap()
}

fn lines(log: &[u8]) -> Vec<Value> {
    let lines = log.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_for_a_request_is_one_trace() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    let collector = Collector::start().await;
    let mut with = flags(&collector.url, "1").to_vec();
    with.extend(["--log", "info,article_server=debug"]);
    let server = Process::start(folder.path(), &with);
    let embed = format!("/v1/embed/{ARTICLE}");
    send(get(&server, &embed).header("traceparent", traceparent("01")), 200).await;
    send(view(&server, "https://partner.example/").await, 202).await;
    sql::run(folder.path(), "alter table article_image rename to elsewhere");
    send(get(&server, &format!("/a/{ARTICLE}")), 500).await;
    sql::run(folder.path(), "alter table elsewhere rename to article_image");
    let log = lines(&stopped(server).await);
    let received = collector.received();

    let named = received.named("GET /v1/embed/{id}");
    let [embed] = named[..] else { panic!("{named:?}") };
    assert_eq!(hex::encode(&embed.trace_id), TRACE, "the proxy's");
    assert_eq!(hex::encode(&embed.parent_span_id), PARENT);
    assert_eq!(embed.kind(), SpanKind::Server);
    let of_embed = |key| said(&embed.attributes, key);
    assert_eq!(of_embed("http.request.method").as_deref(), Some("GET"));
    assert_eq!(of_embed("http.route").as_deref(), Some("/v1/embed/{id}"));
    assert_eq!(of_embed("http.response.status_code").as_deref(), Some("200"));
    for part in ["store article", "store pictures", "render"] {
        let part = received.child(embed, part);
        assert!(embed.start_time_unix_nano <= part.start_time_unix_nano, "{part:?}");
        assert!(part.end_time_unix_nano <= embed.end_time_unix_nano, "{part:?}");
    }

    let named = received.named("POST /v1/views");
    let [report] = named[..] else { panic!("{named:?}") };
    assert!(report.parent_span_id.is_empty(), "it begins here");
    let commit = received.child(received.child(report, "store view"), "commit");
    assert_eq!(said(&commit.attributes, "article.reports").as_deref(), Some("1"));

    let named = received.named("GET /a/{id}");
    let [broken] = named[..] else { panic!("{named:?}") };
    let failed = |span: &opentelemetry_proto::tonic::trace::v1::Span| {
        let status = span.status.clone().unwrap();
        assert_eq!(status.message, "", "why, the log says");
        status.code()
    };
    assert_eq!(failed(broken), StatusCode::Error);
    assert_eq!(failed(received.child(broken, "store pictures")), StatusCode::Error);
    let jobs: Vec<_> = received.spans.iter().filter(|span| span.name.starts_with("job ")).collect();
    assert!(jobs.iter().any(|span| span.name == "job most-read lists"), "{jobs:?}");
    assert!(jobs.iter().all(|span| span.parent_span_id.is_empty()), "{jobs:?}");
    let service = said(&received.resource, "service.name");
    assert_eq!(service.as_deref(), Some("article-server"));

    // Each line of a request names the trace.
    for (span, message) in [(embed, "answered"), (broken, "a request failed")] {
        let is_its = |line: &&Value| line["spans"][0]["trace_id"] == hex::encode(&span.trace_id);
        let its: Vec<_> = log.iter().filter(is_its).collect();
        assert!(its.iter().any(|line| line["message"] == message), "{its:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_reader_is_in_what_is_sent() {
    const ADDRESS: &str = "203.0.113.77";
    const AGENT: &str = "Mozilla/5.0 (Linux; Android 15; Kimchi-9000)";
    const PAGE: &str = "https://doi-tac.example/trang-rieng";
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    let collector = Collector::start().await;
    let server = Process::start(folder.path(), &flags(&collector.url, "1"));
    let by_reader = |request: RequestBuilder| {
        let request = request.header("x-forwarded-for", ADDRESS).header("user-agent", AGENT);
        // What else a trace's headers can carry is not passed on either.
        request
            .header("traceparent", traceparent("01"))
            .header("tracestate", "vendor=nguoi-doc")
            .header("baggage", "reader=nguoi-doc")
            .header("origin", "https://doi-tac.example")
    };
    for (path, status) in [
        (format!("/v1/embed/{ARTICLE}?lang=vi&utm=nguoi-doc"), 200),
        (format!("/a/{ARTICLE}"), 200),
        ("/nguoi-doc".to_owned(), 404),
    ] {
        send(by_reader(get(&server, &path)), status).await;
    }
    send(by_reader(view(&server, PAGE).await), 202).await;
    let made_up = Client::new().request("NGUOIDOC".parse().unwrap(), &server.url);
    made_up.send().await.unwrap();
    let letter = json!({
        "article": ARTICLE, "page": PAGE, "kind": "comment", "name": "Lê Thị Hoa",
        "email": "hoa@example.vn", "title": "Về bài viết", "message": "Xin đính chính giúp.",
        "consent": words("vi").get("feedback.consent.version"),
    });
    let written = Client::new().post(format!("{}/v1/feedback", server.url));
    let written = written.header("idempotency-key", Uuid::new_v4().to_string());
    let receipt = by_reader(written).body(letter.to_string()).send().await.unwrap();
    assert_eq!(receipt.status(), 201);
    let receipt: Value = receipt.json().await.unwrap();
    let link = receipt["url"].as_str().unwrap();
    send(by_reader(Client::new().get(link).header("accept", "application/json")), 200).await;
    let secret = link.rsplit_once('/').unwrap().1.to_owned();
    stopped(server).await;
    let received = collector.received();

    let reference = receipt["reference"].as_str().unwrap();
    for needle in [
        ADDRESS,
        "Kimchi",
        "doi-tac",
        "nguoi-doc",
        "NGUOIDOC",
        ARTICLE,
        "utm",
        "Hoa",
        "hoa@",
        "viết",
        "đính chính",
        "Tựa đề",
        "Đoạn văn",
        "127.0.0.1",
        &secret,
        reference,
    ] {
        let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|at| at == needle.as_bytes());
        assert!(!received.bytes.iter().any(|bytes| holds(bytes)), "{needle}");
    }
    // And by what may be there.
    let all = || received.spans.iter();
    assert!(all().all(|span| span.events.is_empty() && span.trace_state.is_empty()));
    let keys: BTreeSet<_> =
        all().flat_map(|span| &span.attributes).map(|attribute| attribute.key.as_str()).collect();
    let known =
        ["article.reports", "http.request.method", "http.response.status_code", "http.route"];
    assert_eq!(keys, BTreeSet::from(known));
    let keys: BTreeSet<_> = received.resource.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys, BTreeSet::from(["service.name", "service.version"]));
    let begins = |span: &str| {
        ["DELETE ", "GET ", "POST ", "commit", "job ", "other ", "render", "store "]
            .iter()
            .any(|name| span.starts_with(name))
    };
    assert!(all().all(|span| begins(&span.name)), "{:?}", all().collect::<Vec<_>>());
    assert!(all().any(|span| span.name == "POST /v1/feedback"), "it was looked at");
    assert!(all().any(|span| span.name == "store feedback"), "it was looked at");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_the_sample_decides_and_a_trusted_proxy_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    let collector = Collector::start().await;
    let server = Process::start(folder.path(), &flags(&collector.url, "0"));
    send(get(&server, "/healthz"), 200).await;
    send(get(&server, "/embed.js").header("traceparent", traceparent("00")), 200).await;
    send(get(&server, "/readyz").header("traceparent", traceparent("01")), 200).await;
    stopped(server).await;
    let received = collector.received();
    let names: BTreeSet<_> = received.spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["GET /readyz", "store ping"]));

    let collector = Collector::start().await;
    let server = Process::start_without_proxy(folder.path(), &flags(&collector.url, "1"));
    send(get(&server, "/healthz").header("traceparent", traceparent("01")), 200).await;
    send(get(&server, "/readyz").header("traceparent", traceparent("00")), 200).await;
    stopped(server).await;
    let received = collector.received();
    for name in ["GET /healthz", "GET /readyz"] {
        let named = received.named(name);
        let [asked] = named[..] else { panic!("{named:?}") };
        assert_ne!(hex::encode(&asked.trace_id), TRACE, "a reader's is not taken over");
        assert!(asked.parent_span_id.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_is_said_once_and_one_that_hangs_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article(ARTICLE)]).await;
    // Takes connections, as the system does for it, and never reads.
    let hanging = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (address, batches, said) in [(away, 3, Some(1)), (hanging.local_addr().unwrap(), 7, None)] {
        let url = format!("http://{address}");
        let server = Process::start(folder.path(), &flags(&url, "1"));
        let client = Client::new();
        // Of the one that hangs, more than the queue holds.
        for _ in 0..batches * BATCH {
            send(client.get(format!("{}/healthz", server.url)), 200).await;
        }
        let begun = Instant::now();
        let log = lines(&stopped(server).await);
        assert!(begun.elapsed() < STOPS_WITHIN, "{:?}", begun.elapsed());
        let is_warning = |line: &&Value| line["level"] == "WARN" || line["level"] == "ERROR";
        let warnings: Vec<_> = log.iter().filter(is_warning).collect();
        let of_traces = |line: &&&Value| line["message"].as_str().unwrap().contains("traces");
        let told = warnings.iter().filter(of_traces).count();
        assert!(said.map_or(told <= 1, |said| told == said), "{warnings:?}");
        assert!(!format!("{log:?}").contains(&url), "an address may hold a secret");
    }
}
