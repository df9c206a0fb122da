//! Caches are told of every change: after a crash, too, and until they have heard.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use article_server::clock::ManualClock;
use article_server::config::{Config, Options};
use article_server::messages::LiveLanguages;
use article_server::outbox::Outbox;
use article_server::publishing::{Author, Expected, Publishing};
use article_server::store::{self, Lane, Store};
use article_server::time::Calendar;
use article_widget::contract::ArticleId;
use serde_json::{Value, json};

use crate::mail::hook::{Hook, SECRET};
use crate::support::{article, config, save, with};

const NOON: i64 = 1_732_683_600;
const PUBLIC_URL: &str = "https://news.example";

fn settings(folder: &Path, hook: &Hook) -> Config {
    let options = Options {
        database: Some(config(folder).database),
        purge_hook: Some((*hook.url).into()),
        webhook_secret: Some(SECRET.into()),
        ..Options::default()
    };
    options.resolve(None).unwrap()
}

async fn open(config: &Config) -> Arc<dyn Store> {
    store::open(&config.database, &Calendar::new(config.time_zone.clone())).await.unwrap()
}

fn outbox(store: &Arc<dyn Store>, config: &Config, clock: &ManualClock) -> Arc<Outbox> {
    let time = Arc::new(clock.clone());
    let (languages, key) = (LiveLanguages::default(), [7; 32].into());
    Arc::new(Outbox::new(store.clone(), config, languages, PUBLIC_URL, key, time))
}

#[tokio::test]
async fn a_program_hears_what_to_forget_though_it_was_down_and_the_server_died() {
    let folder = tempfile::tempdir().unwrap();
    let picture = json!({ "lead_image": { "sources": [{ "url": "/media/gio.jpg" }] } });
    save(folder.path(), &[with(article("a"), picture)]).await;
    let mut hook = Hook::start().await;
    let (config, clock) = (settings(folder.path(), &hook), ManualClock::at(NOON));
    let store = open(&config).await;
    let time = Arc::new(clock.clone());
    let publishing = Publishing::new(store.clone(), &config, PUBLIC_URL, time, Arc::default());
    let (id, who) = (ArticleId::parse("a").unwrap(), Author::command());
    publishing.withdraw(&id, "theo yêu cầu", Expected::Anything, &who).await.unwrap();
    publishing.withdraw(&id, "", Expected::Anything, &who).await.unwrap();

    let calls = store.claim_deliveries(Lane::Call, NOON, NOON, 9).await.unwrap();
    assert!(calls.is_empty(), "calls that do not arrive elsewhere hold up none of these");

    hook.answers(503);
    outbox(&store, &config, &clock).deliver_due().await.unwrap();
    let first = hook.next().await;
    // Another process, for this one is gone.
    store.close().await.unwrap();
    let store = open(&config).await;
    hook.answers(204);
    clock.advance(10);
    let outbox = outbox(&store, &config, &clock);
    assert_eq!(outbox.deliver_due().await.unwrap(), 1);
    let second = hook.next().await;
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("webhook-id"), first.header("webhook-id"));
    let said: Value = serde_json::from_str(&second.body).unwrap();
    assert_eq!((&said["article"], &said["reason"]), (&json!("a"), &json!("withdrawn")));
    let urls = said["urls"].as_array().unwrap();
    for path in ["/a/a", "/embed/a", "/v1/embed/a", "/v1/articles/a", "/media/gio.jpg"] {
        assert!(urls.contains(&json!(format!("{PUBLIC_URL}{path}"))), "{path}");
    }
    clock.advance(24 * 3600);
    assert_eq!(outbox.deliver_due().await.unwrap(), 0, "once, for the second changed nothing");
    assert!(hook.is_empty());
    store.close().await.unwrap();
}

fn withdraw(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_article-server"))
        .arg("withdraw")
        .args(arguments)
        .args(["--public-url", PUBLIC_URL, "--database", &config(folder).database])
        .output()
        .unwrap()
}

#[tokio::test]
async fn the_command_withdraws_articles_and_prints_what_caches_have_to_forget() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a"), article("b")]).await;
    let done = withdraw(folder.path(), &["a", "b", "--reason", "theo yêu cầu của nguồn tin"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let printed = String::from_utf8(done.stdout).unwrap();
    for line in ["https://news.example/a/a", "https://news.example/v1/embed/b?*"] {
        assert!(printed.lines().any(|printed| printed == line), "{line}: {printed}");
    }
    let store = open(&config(folder.path())).await;
    for id in ["a", "b"] {
        let states = store.revisions(&ArticleId::parse(id).unwrap(), None, 9).await.unwrap();
        let newest = &states[0];
        assert_eq!((newest.number, newest.by.as_str()), (2, "command"));
        assert_eq!(newest.note, "theo yêu cầu của nguồn tin");
    }
    store.close().await.unwrap();

    let unknown = withdraw(folder.path(), &["c", "a", "d"]);
    assert!(!unknown.status.success());
    let printed = String::from_utf8(unknown.stdout).unwrap();
    assert!(printed.contains("https://news.example/a/a\n"), "the others are withdrawn: {printed}");
    let said = String::from_utf8(unknown.stderr).unwrap();
    for each in ["c: there is no such article", "d: there is no such article", "2 of 3 articles"] {
        assert!(said.contains(each), "{each}: {said}");
    }
}
