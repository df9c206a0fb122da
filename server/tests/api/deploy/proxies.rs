//! What `deploy/Caddyfile` and `deploy/nginx.conf` are there for, shown on the proxies themselves, before the real
//! server.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::StatusCode;
use tokio::time::sleep;
use uuid::Uuid;

use super::proxy::{Kind, NOBODY, Proxy};
use super::reader::{Answer, Reader};
use crate::cluster::Cluster;
use crate::faults::proxy::{Fault, Proxy as Network};
use crate::limits::raw::PATIENCE;
use crate::load::becomes;
use crate::postgres;
use crate::process::Process;
use crate::support::{article, database_url, save, save_to};

/// The proxy's own address, as the files say that it is trusted.
const TRUSTED: &str = "127.0.0.1/32";
const PUBLIC: [&str; 2] = ["--public-url", "https://news.example"];
const LOGGED: [&str; 2] = ["--log", "info,article_server=debug"];
/// Readers' addresses. They stand nowhere else.
const FIRST: Ipv4Addr = Ipv4Addr::new(127, 77, 0, 21);
const SECOND: Ipv4Addr = Ipv4Addr::new(127, 77, 0, 22);
/// Before something is sent again.
const PAUSE: Duration = Duration::from_millis(20);
/// Who they say that they are.
const PRETENDED: [&str; 2] = ["203.0.113.77", "198.18.217.93"];
/// As many requests as reach each of two servers more than once, however a proxy chooses.
const MANY: usize = 12;
const CACHED: &str = "public, max-age=20, s-maxage=20";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: proxies are installed for it"]
async fn proxies_hand_readers_on_and_keep_nothing_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<String> = (0..MANY).map(|number| format!("a{number}")).collect();
    let articles = many.iter().map(|id| &**id).chain(["caddy", "nginx"]).map(article);
    save(folder.path(), &articles.collect::<Vec<_>>()).await;
    let url = database_url(folder.path());
    let more = [PUBLIC, LOGGED].concat();
    let server = Process::start_behind(TRUSTED, &url, folder.path(), &more);
    let (mut named, mut proxies) = (Vec::new(), Vec::new());
    for kind in Kind::installed() {
        let proxy = Proxy::start(kind, &server.url, NOBODY);
        let reader = Reader::at(FIRST, &proxy);
        for id in &many {
            let read = reader.get(&format!("/v1/embed/{id}"), &[]).await;
            assert_eq!(read.status, 200, "{kind:?}, beside a server that is away: {}", read.body);
            assert_eq!(read.header("cache-control"), CACHED, "{kind:?}");
        }
        readers_are_told_apart(kind, &proxy).await;
        operators_pages_are_kept_in(kind, &reader, &server.url).await;
        named.extend(requests_are_named(kind, &reader).await);
        let plain = reader.get_in_clear("/a/a0?x=1").await;
        assert_eq!(plain.status, 308, "{kind:?}");
        assert_eq!(plain.header("location"), "https://news.example/a/a0?x=1", "{kind:?}");
        reader.babble().await;
        proxies.push(proxy);
    }
    let log = server.stop();
    no_reader_is_in("the server's log", &log);
    let log = String::from_utf8_lossy(&log);
    assert!(named.iter().all(|id| log.contains(id)), "{named:?}: {log}");
    for proxy in proxies {
        // What goes wrong is what proxies log most of.
        let failed = Reader::at(FIRST, &proxy).get("/a/a0?of-nobody", &[]).await;
        assert!([502, 503].contains(&failed.status), "no server is there: {}", failed.status);
        for (name, bytes) in proxy.end() {
            no_reader_is_in(&name.display().to_string(), &bytes);
        }
    }
}

/// By what the proxy says of them, and not by what they say themselves.
async fn readers_are_told_apart(kind: Kind, proxy: &Proxy) {
    let views = [(FIRST, 0, "counted"), (FIRST, 1, "repeat"), (SECOND, 0, "counted")];
    for (address, pretended, outcome) in views {
        let reader = Reader::at(address, proxy);
        let view = view_as_pages_do(kind, &reader, PRETENDED[pretended]).await;
        assert_eq!(view.status, 202, "{kind:?}: {}", view.body);
        assert!(view.body.contains(&format!("\"{outcome}\"")), "{kind:?}: {}", view.body);
    }
}

/// What Caddy could not bring to a server comes again under its id.
async fn view_as_pages_do(kind: Kind, reader: &Reader<'_>, pretended: &str) -> Answer {
    let id = new_id();
    let begun = Instant::now();
    loop {
        let answer = reader.view(kind.article(), &id, pretended).await;
        let is_lost = kind == Kind::Caddy && answer.status == 502;
        if !is_lost || begun.elapsed() > PATIENCE {
            return answer;
        }
        sleep(PAUSE).await;
    }
}

async fn operators_pages_are_kept_in(kind: Kind, reader: &Reader<'_>, server: &str) {
    for path in ["/metrics", "/healthz", "/readyz", "/readyz?x", "//healthz", "/%68ealthz"] {
        let answer = reader.get(path, &[]).await;
        assert_eq!(answer.status, 404, "{kind:?}: {path}: {}", answer.body);
    }
    becomes(server, StatusCode::OK).await;
}

/// Never as a reader wishes. What they are called, as the server knows them.
async fn requests_are_named(kind: Kind, reader: &Reader<'_>) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    let path = format!("/v1/embed/{}", kind.article());
    for _ in 0..2 {
        let given = new_id();
        let answer = reader.get(&path, &[("x-request-id", &given)]).await;
        let id = answer.header("x-request-id");
        assert_ne!(id, given, "{kind:?}");
        // That of nginx is its own, without hyphens.
        assert_eq!(id.len(), if kind == Kind::Nginx { 32 } else { 36 }, "{kind:?}: {id}");
        named.insert(id.to_owned());
    }
    // What nginx keeps is the one answer again, with its name. Caddy keeps nothing.
    assert_eq!(named.len(), if kind == Kind::Nginx { 1 } else { 2 });
    named
}

fn no_reader_is_in(name: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for address in
        [&FIRST.to_string(), &SECOND.to_string()].map(|it| &**it).iter().chain(&PRETENDED)
    {
        assert!(!text.contains(address), "{address} is in {name}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "long: proxies are installed for it, and a database is frozen until it is given up"]
async fn behind_proxies_articles_come_from_memory_while_the_database_is_away() {
    if !Cluster::is_possible() {
        eprintln!("skipped: there is no PostgreSQL");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let cluster = Cluster::start(&["fsync=off"]).unwrap();
    let postgres = postgres::connect(&cluster.url("postgres")).await;
    postgres.batch_execute("create database news").await.unwrap();
    let url = cluster.url("news");
    save_to(&url, &["caddy", "nginx"].map(article)).await;
    let (place, name) = url.strip_prefix("postgres://postgres@").unwrap().split_once('/').unwrap();
    let network = Network::start(place.to_owned()).await;
    let through = format!("postgres://postgres@{}/{name}", network.address);
    let server = Process::start_behind(TRUSTED, &through, folder.path(), &PUBLIC);
    for kind in Kind::installed() {
        // Two servers that fail alike: neither is to be given up for it.
        let proxy = Proxy::start(kind, &server.url, Ipv4Addr::LOCALHOST);
        for fault in [Fault::Reset, Fault::Frozen] {
            is_borne(kind, fault, &proxy, &network, &server.url).await;
        }
    }
}

async fn is_borne(kind: Kind, fault: Fault, proxy: &Proxy, network: &Network, server: &str) {
    let (reader, id, begun) = (Reader::at(FIRST, proxy), new_id(), Instant::now());
    // Into the server's memory, and not into that of the proxy.
    let path = format!("/v1/embed/{}", kind.article());
    assert_eq!(reqwest::get(format!("{server}{path}")).await.unwrap().status(), 200);
    network.set(fault);
    let views = (0..MANY).map(|_| reader.view(kind.article(), &id, PRETENDED[0]));
    for refused in join_all(views).await {
        assert_eq!(refused.status, 503, "{kind:?}, {fault:?}: {}", refused.body);
        assert_ne!(refused.header("retry-after"), "", "{kind:?}, {fault:?}");
    }
    println!("{kind:?}, {fault:?}: readers were told after {:?}", begun.elapsed());
    becomes(server, StatusCode::SERVICE_UNAVAILABLE).await;
    let read: Answer = reader.get(&path, &[]).await;
    assert_eq!(read.status, 200, "{kind:?}, {fault:?}: {}", read.body);
    network.set(Fault::None);
    becomes(server, StatusCode::OK).await;
    let counted = reader.view(kind.article(), &id, PRETENDED[0]).await;
    assert_eq!(counted.status, 202, "{kind:?}, {fault:?}: {}", counted.body);
}

fn new_id() -> String {
    Uuid::new_v4().to_string()
}
