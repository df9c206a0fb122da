//! What was there before stays, and can be put back.

use article_server::clock::SystemClock;
use article_server::config::Config;
use article_server::publishing::{Author, Draft, Expected, Publishing};
use article_server::store;
use article_server::time::Calendar;
use article_widget::contract::{Article, ArticleId, Status};
use serde_json::{Value, json};
use std::sync::Arc;

use super::Desk;
use crate::support::{article, config, header, problem, save, with};

#[tokio::test]
async fn every_state_is_listed_with_its_author_and_can_be_read_and_put_back() {
    let desk = Desk::with(&[article("a")]).await;
    let second = with(article("a"), json!({ "title": "Tựa khác" }));
    desk.put(&second, &[("if-match", "*")]).await;
    desk.delete("a").await;
    let states = desk.revisions("a").await;
    let told = |field: &str| states.iter().map(|one| one[field].clone()).collect::<Vec<_>>();
    assert_eq!(told("number"), [3, 2, 1]);
    assert_eq!(told("by"), ["api:test", "api:test", "import"]);
    assert_eq!(told("status"), ["canceled", "usable", "usable"]);
    assert_eq!(told("title"), ["Tựa khác", "Tựa khác", "Tựa đề của a"]);
    assert_eq!(told("current"), [true, false, false]);
    assert!(states.iter().all(|one| one["saved_at"].as_str().unwrap().ends_with('Z')));

    let first = desk.request("GET", "/v1/articles/a/revisions/1").send().await.unwrap();
    assert_eq!(header(&first, "etag"), states[2]["etag"].as_str().unwrap());
    assert_eq!(header(&first, "cache-control"), "private, no-store");
    let first: Value = first.json().await.unwrap();
    assert_eq!(first, article("a"));
    let condition = states[0]["etag"].as_str().unwrap();
    assert_eq!(desk.put(&first, &[("if-match", condition)]).await.status(), 200);
    assert_eq!(desk.revisions("a").await[0]["etag"], states[2]["etag"], "the same content");

    for path in ["a/revisions/9", "unknown/revisions/1", "unknown/revisions", "%20/revisions"] {
        let path = format!("/v1/articles/{path}");
        problem(desk.request("GET", &path).send().await.unwrap(), 404).await;
    }
}

#[tokio::test]
async fn states_come_in_pages() {
    let desk = Desk::with(&[article("a")]).await;
    for title in ["2", "3"] {
        desk.put(&with(article("a"), json!({ "title": title })), &[("if-match", "*")]).await;
    }
    let page = async |query: &str| -> Value {
        let request = desk.request("GET", &format!("/v1/articles/a/revisions?{query}"));
        request.send().await.unwrap().json().await.unwrap()
    };
    let first = page("limit=2").await;
    assert_eq!((&first["revisions"][1]["number"], &first["next"]), (&json!(2), &json!(2)));
    let second = page("limit=2&before=2").await;
    assert_eq!((&second["revisions"][0]["number"], &second["next"]), (&json!(1), &Value::Null));
    assert_eq!(page("before=1").await["revisions"], json!([]));
    assert_eq!(page("limit=0").await["field"], "limit");
}

#[tokio::test]
async fn of_an_article_under_embargo_the_publisher_learns_the_tag() {
    let desk = Desk::with(&[]).await;
    let secret = with(article("a"), json!({ "embargo": "2999-01-01T00:00:00Z" }));
    let created = desk.put(&secret, &[]).await;
    assert_eq!(created.status(), 201);
    let state = &desk.revisions("a").await[0];
    assert_eq!(state["etag"], header(&created, "etag"));
    let free = desk.put(&article("a"), &[("if-match", state["etag"].as_str().unwrap())]).await;
    assert_eq!(free.status(), 200);
    assert_eq!(desk.server.get("/v1/articles/a").await.status(), 200);
}

/// The store in a folder, and what a publisher does there.
async fn publishing(folder: &std::path::Path) -> (Arc<dyn store::Store>, Publishing) {
    let config: Config = config(folder);
    let calendar = Calendar::new(config.time_zone.clone());
    let store = store::open(&config.database, &calendar).await.unwrap();
    let url = "https://news.example";
    let publishing =
        Publishing::new(store.clone(), &config, url, Arc::new(SystemClock), Arc::default());
    (store, publishing)
}

#[tokio::test]
async fn corrections_and_terms_leave_the_rest_of_the_article_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    save(
        folder.path(),
        &[with(article("a"), json!({ "of_tomorrow": 1, "embargo": "2020-01-01" }))],
    )
    .await;
    let (store, publishing) = publishing(folder.path()).await;
    let (id, who) = (ArticleId::parse("a").unwrap(), Author::person("Lan"));
    let json = async || -> Value {
        let article = store.article(&id).await.unwrap().unwrap();
        serde_json::from_str(article.json().get()).unwrap()
    };
    for text in ["  Sửa tên người trong ảnh. ", "Sửa ngày."] {
        publishing.correct(&id, text, Expected::Anything, &who).await.unwrap();
    }
    let corrected = json().await;
    assert_eq!(corrected["corrections"][0]["text"], "Sửa tên người trong ảnh.");
    assert_eq!(corrected["corrections"][1]["text"], "Sửa ngày.");
    assert_eq!(corrected["corrections"][1]["at"], corrected["updated"]);
    assert_eq!((&corrected["of_tomorrow"], &corrected["body"]), (&json!(1), &article("a")["body"]));
    for text in [" ", &"x".repeat(2_001)] {
        publishing.correct(&id, text, Expected::Anything, &who).await.unwrap_err();
    }

    let term = |expires: &'static str| {
        move |draft: &mut Draft, _: &Article| {
            draft.set("status", &Status::Withheld);
            draft.set("expires", expires);
            draft.set_or_remove::<str>("embargo", None);
            Ok(())
        }
    };
    let until = term("2030-01-01");
    let done = publishing.edit(&id, Expected::Anything, &who, until).await.unwrap();
    let withheld = json().await;
    assert_eq!(
        (&withheld["status"], &withheld["expires"]),
        (&json!("withheld"), &json!("2030-01-01"))
    );
    assert!(withheld.get("embargo").is_none());
    let again = publishing.edit(&id, Expected::Anything, &who, until).await.unwrap();
    assert_eq!((again.number, again.tag), (done.number, done.tag));
    publishing.edit(&id, Expected::Anything, &who, term("soon")).await.unwrap_err();

    let restored = publishing.restore_revision(&id, 1, Expected::Anything, &who).await.unwrap();
    assert_eq!(restored.number, done.number + 1);
    assert_eq!(json().await["embargo"], "2020-01-01");
    let unknown = publishing.restore_revision(&id, 99, Expected::Anything, &who).await;
    assert_eq!(unknown.unwrap_err().status(), 404);
    let stale = Expected::OneOf(vec![done.tag]);
    let refused = publishing.correct(&id, "x", stale, &who).await.unwrap_err();
    assert_eq!(refused.status(), 412);
    store.close().await.unwrap();
}

#[tokio::test]
async fn edits_at_the_same_moment_are_all_made() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let (store, publishing) = publishing(folder.path()).await;
    let (id, who) = (ArticleId::parse("a").unwrap(), Author::command());
    let texts = ["một", "hai", "ba"];
    let edits = texts.map(|text| publishing.correct(&id, text, Expected::Anything, &who));
    for done in futures_util::future::join_all(edits).await {
        done.unwrap();
    }
    let article = store.article(&id).await.unwrap().unwrap();
    assert_eq!(article.article().corrections.len(), 3);
    store.close().await.unwrap();
}

#[tokio::test]
async fn the_hundred_last_states_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let (store, publishing) = publishing(folder.path()).await;
    let (id, who) = (ArticleId::parse("a").unwrap(), Author::command());
    for number in 0..102 {
        let title = number.to_string();
        let set = |draft: &mut article_server::publishing::Draft, _: &_| {
            draft.set("title", &*title);
            Ok(())
        };
        publishing.edit(&id, Expected::Anything, &who, set).await.unwrap();
    }
    let states = store.revisions(&id, None, 1_000).await.unwrap();
    let (newest, oldest) = (states.first().unwrap(), states.last().unwrap());
    assert_eq!((newest.number, oldest.number, states.len()), (103, 3, 101));
    assert!(store.revision(&id, 2).await.unwrap().is_none());
    store.close().await.unwrap();
}
