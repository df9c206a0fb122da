//! What is kept of articles beside themselves, on every engine, and what two servers do to it at the same moment.

use std::io;
use std::sync::{Arc, Mutex};

use article_server::leaving::Wanted;
use article_server::revision::Expected;
use article_server::store::{
    ArticleChange, ArticleFilter, ArticleOrder, ArticleState, Changed, KEPT_REVISIONS, Keep,
};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use super::*;

/// Two servers' stores over one new database of each engine.
pub(super) async fn pairs(folder: &TempDir) -> Vec<[Arc<dyn Store>; 2]> {
    let mut urls = vec![format!("sqlite:{}/articles.db", folder.path().display())];
    urls.extend(postgres::database().await);
    let mut pairs = Vec::new();
    for url in urls {
        let open = async || store::open(&url, &utc()).await.unwrap();
        pairs.push([open().await, open().await]);
    }
    pairs
}

pub(super) async fn save(store: &dyn Store, json: Value) {
    store.save_articles(&[article(&json.to_string())], &Author::command()).await.unwrap();
}

pub(super) fn of_id(id: &str, more: Value) -> Value {
    let mut json = json!({ "id": id, "title": format!("Bài {id}"), "language": "vi" });
    json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json
}

/// Ids of what is found, and how many there are of the states.
async fn found(
    store: &dyn Store,
    filter: ArticleFilter,
    order: ArticleOrder,
    page: (u32, u32),
) -> (String, [u64; 5]) {
    let found = store.find_articles(&filter, MIDNIGHT, order, page.0, page.1).await.unwrap();
    let summaries = store.article_summaries(&found.articles).await.unwrap();
    let ids: Vec<_> = summaries.iter().map(|summary| summary.id.as_str()).collect();
    (ids.join(" "), ArticleState::ALL.map(|state| found.counts.of(state)))
}

#[tokio::test]
async fn lists_are_filtered_counted_and_in_pages() {
    let folder = TempDir::new().unwrap();
    for [store, _] in pairs(&folder).await {
        let long = "Mục\0".repeat(1_000);
        for article in [
            of_id(
                "a",
                json!({ "title": "Đường 100%", "section": "Kinh tế", "published": "2024-01-02" }),
            ),
            of_id("b", json!({ "title": "an_ninh", "section": "Xã hội", "status": "withheld" })),
            of_id("c", json!({ "title": "Bão\0", "language": "en", "embargo": "2025-01-01" })),
            of_id("d", json!({ "title": "Cà phê", "section": "Kinh tế", "expires": "2024-01-01" })),
            of_id(
                "e",
                json!({ "title": "Đất\\", "status": "canceled", "published": "2024-01-03" }),
            ),
            of_id("f", json!({ "title": &long, "section": &long })),
        ] {
            save(&*store, article).await;
        }
        let all = ArticleFilter::default();
        let (title, published) = (ArticleOrder::Title, ArticleOrder::Published);
        let (every, counts) = found(&*store, all.clone(), title, (0, 9)).await;
        assert_eq!((&*every, counts), ("b c d e a f", [2, 1, 1, 1, 1]));
        let of = async |filter: ArticleFilter| found(&*store, filter, title, (0, 9)).await;
        assert_eq!(found(&*store, all.clone(), title, (1, 2)).await.0, "c d");
        assert_eq!(found(&*store, all.clone(), published, (0, 2)).await.0, "e a");
        for (index, state) in ArticleState::ALL.into_iter().enumerate() {
            let filter = ArticleFilter { state: Some(state), ..all.clone() };
            let expected = ["a f", "c", "b", "d", "e"][index];
            assert_eq!(of(filter).await, (expected.to_owned(), [2, 1, 1, 1, 1]));
        }
        let section = |name: &str| ArticleFilter { section: Some(name.into()), ..all.clone() };
        assert_eq!(of(section("Kinh tế")).await, ("d a".into(), [1, 0, 0, 1, 0]));
        assert_eq!(of(section(&long)).await.0, "f");
        let english = ArticleFilter { language: Some("en".into()), ..all.clone() };
        assert_eq!(of(english).await, ("c".into(), [0, 1, 0, 0, 0]));

        let words = |words: &[&str], state| {
            let words = words.iter().map(|&word| word.to_owned()).collect();
            ArticleFilter { words, state, ..all.clone() }
        };
        assert_eq!(of(words(&["duong", "kinh"], None)).await, ("a".into(), [1, 0, 0, 0, 0]));
        for (word, expected) in [("%", "a"), ("_", "b"), ("\\", "e"), ("zz", "")] {
            assert_eq!(of(words(&[word], None)).await.0, expected, "{word}");
        }
        assert!(of(words(&["\0"], None)).await.0.contains("c"), "a letter that no database likes");
        let withheld = words(&["a"], Some(ArticleState::Withheld));
        assert_eq!(of(withheld).await, ("b".into(), [1, 1, 1, 1, 1]), "of states it counts all");
        assert_eq!(found(&*store, words(&["a"], None), title, (2, 2)).await.0, "d e");

        let groups = store.article_groups(9).await.unwrap();
        assert_eq!(groups.languages, ["en", "vi"]);
        assert_eq!((&*groups.sections[0], groups.sections.len()), ("Kinh tế", 3));
        assert_eq!(store.article_groups(1).await.unwrap().sections, ["Kinh tế"]);
        let summaries = store.article_summaries(&[9, 2, 1]).await.unwrap();
        assert_eq!(summaries.iter().map(|one| one.no).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(summaries[1].published.as_deref(), Some("2024-01-02"));
    }
}

fn change(json: &Value, expected: Expected) -> ArticleChange {
    let (article, by) = (article(&json.to_string()), Author::person("lan"));
    ArticleChange { article, expected, by, note: "vì".to_owned(), announce: None }
}

#[tokio::test]
async fn states_are_kept_and_the_oldest_go() {
    let folder = TempDir::new().unwrap();
    for [store, _] in pairs(&folder).await {
        let states = KEPT_REVISIONS + 3;
        for number in 1..=states {
            let json = of_id("a", json!({ "title": format!("Bản {number}") }));
            let announce = Some(delivery(1));
            let change = ArticleChange { announce, ..change(&json, Expected::Anything) };
            let changed = store.change_article(&change).await.unwrap();
            let saved = if number == 1 { Saved::Created } else { Saved::Updated };
            assert_eq!(changed, Changed::Done(saved, number));
        }
        let (a, none) = (id("a"), id("none"));
        let current = store.current_revision(&a).await.unwrap().unwrap();
        assert_eq!((current.summary.number, current.summary.is_current), (states, true));
        assert_eq!((&*current.summary.note, current.summary.by.is_person()), ("vì", true));
        for (number, title) in [(states, "Bản 103"), (3, "Bản 3")] {
            let revision = store.revision(&a, number).await.unwrap().unwrap();
            assert_eq!(revision.article.article().title, title);
            assert_eq!(revision.summary.tag, revision.article.tag());
            assert_eq!(revision.summary.is_current, number == states);
        }
        assert!(store.revision(&a, 2).await.unwrap().is_none(), "one too many");
        let numbers = async |before, limit| -> Vec<u32> {
            let revisions = store.revisions(&a, before, limit).await.unwrap();
            revisions.iter().map(|revision| revision.number).collect()
        };
        assert_eq!(numbers(None, 2).await, [103, 102]);
        assert_eq!(numbers(Some(5), 9).await, [4, 3]);
        assert!(store.current_revision(&none).await.unwrap().is_none());
        assert!(store.revisions(&none, None, 9).await.unwrap().is_empty());

        let same = current.article.json().get();
        let same: Value = serde_json::from_str(same).unwrap();
        let again = store.change_article(&change(&same, Expected::NothingElse)).await.unwrap();
        assert_eq!(again, Changed::Done(Saved::Unchanged, states));
        let found = Some(current.summary.tag);
        let refused = store.change_article(&change(&same, Expected::Nothing)).await.unwrap();
        assert_eq!(refused, Changed::NotAsExpected(found));
    }
}

/// How many of eight that change an article at the same moment, on two servers, have done so.
async fn change_at_once(stores: &[Arc<dyn Store>; 2], id: &str, expected: Expected) -> usize {
    let changing: Vec<_> = (0..8)
        .map(|who| {
            let json = of_id(id, json!({ "title": Uuid::new_v4().to_string() }));
            let (store, change) = (stores[who % 2].clone(), change(&json, expected.clone()));
            tokio::spawn(async move { store.change_article(&change).await })
        })
        .collect();
    let mut done = 0;
    for changed in changing {
        match changed.await.unwrap() {
            Ok(Changed::Done(..)) => done += 1,
            Ok(Changed::NotAsExpected(Some(_))) | Err(StoreError::Unavailable(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_change_an_article_at_the_same_moment_all_but_one_are_told() {
    let folder = TempDir::new().unwrap();
    for stores in pairs(&folder).await {
        for round in 0..20 {
            let name = format!("a{round}");
            assert_eq!(change_at_once(&stores, &name, Expected::Nothing).await, 1, "{name}");
            let current = stores[0].current_revision(&id(&name)).await.unwrap().unwrap();
            let expected = Expected::OneOf(vec![current.summary.tag]);
            assert_eq!(change_at_once(&stores, &name, expected).await, 1, "{name}");
            let current = stores[1].current_revision(&id(&name)).await.unwrap().unwrap();
            assert_eq!(current.summary.number, 2);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_changes_nothing_that_an_editor_saves_at_the_same_moment() {
    let folder = TempDir::new().unwrap();
    for [one, other] in pairs(&folder).await {
        for round in 0..40 {
            let name = format!("a{round}");
            let brought =
                |title: &str| article(&of_id(&name, json!({ "title": title })).to_string());
            if round % 2 == 0 {
                one.save_brought(&[brought("Cũ")], Keep::WithdrawnOrEdited).await.unwrap();
            }
            let edited = change(&of_id(&name, json!({ "title": "Sửa" })), Expected::Anything);
            let (editor, brought) = (one.clone(), brought("Mới"));
            let editing = tokio::spawn(async move { editor.change_article(&edited).await });
            let saved = other.save_brought(&[brought], Keep::WithdrawnOrEdited).await;
            assert!(matches!(saved, Ok(_) | Err(StoreError::Unavailable(_))), "{saved:?}");
            match editing.await.unwrap() {
                Ok(changed) => assert!(matches!(changed, Changed::Done(..)), "{changed:?}"),
                Err(StoreError::Unavailable(_)) => continue,
                Err(error) => panic!("{error}"),
            }
            let current = one.article(&id(&name)).await.unwrap().unwrap();
            assert_eq!(current.article().title, "Sửa", "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_is_asked_by_one_server() {
    let folder = TempDir::new().unwrap();
    for stores in pairs(&folder).await {
        for round in 0..10 {
            let claiming: Vec<_> = (0..8)
                .map(|who| {
                    let store = stores[who % 2].clone();
                    let (now, until) = (round * 60, round * 60 + 60);
                    tokio::spawn(async move { store.claim_feed("https://a/", now, until).await })
                })
                .collect();
            let mut claimed = 0;
            for claim in claiming {
                claimed += u32::from(claim.await.unwrap().unwrap().is_some());
            }
            assert_eq!(claimed, 1, "in round {round}");
        }
    }
}

async fn exported(store: &dyn Store, wanted: Wanted) -> Vec<Value> {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let written = lines.clone();
    store
        .export(
            wanted,
            Box::new(move |line| {
                let line = line.to_json()?;
                written.lock().unwrap().push(serde_json::from_str(&line)?);
                Ok(())
            }),
        )
        .await
        .unwrap();
    lines.lock().unwrap().clone()
}

#[tokio::test]
async fn everything_leaves_line_by_line() {
    let folder = TempDir::new().unwrap();
    for [store, _] in pairs(&folder).await {
        for title in ["Một", "Hai"] {
            save(&*store, of_id("b", json!({ "title": title }))).await;
        }
        save(&*store, of_id("a", json!({}))).await;
        store
            .set_partner("https://p.example", article_server::store::Standing::Allowed, 0)
            .await
            .unwrap();
        store.claim_feed("https://a/", 0, 60).await.unwrap();
        let lines = exported(&*store, Wanted::EverythingWithFeedback).await;
        let told: Vec<_> = lines
            .iter()
            .filter(|line| line["partner"]["origin"] != json!(""))
            .map(|line| {
                let (kind, what) = line.as_object().unwrap().iter().next().unwrap();
                let name =
                    ["id", "article", "origin", "url"].iter().find_map(|name| what[name].as_str());
                format!("{kind} {} {}{}", name.unwrap(), what["number"], what["content"]["title"])
            })
            .collect();
        let expected = [
            "article a nullnull",
            "article b nullnull",
            "revision a 1null",
            "revision b 1\"Một\"",
            "revision b 2null",
            "partner https://p.example nullnull",
            "feed https://a/ nullnull",
        ];
        assert_eq!(told, expected);
        assert_eq!(exported(&*store, Wanted::Articles).await.len(), 2);
        let full =
            store.export(Wanted::Everything, Box::new(|_| Err(io::ErrorKind::StorageFull.into())));
        assert!(matches!(full.await, Err(store::ExportError::Write(_))));
        assert_eq!(exported(&*store, Wanted::Articles).await.len(), 2, "after one that broke off");
    }
}

#[tokio::test]
async fn counts_of_several_servers_leave_as_one() {
    let Some(url) = postgres::database().await else {
        return eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
    };
    let store = store::open(&url, &utc()).await.unwrap();
    save(&*store, of_id("a", json!({}))).await;
    store
        .set_partner("https://p.example", article_server::store::Standing::Allowed, 0)
        .await
        .unwrap();
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client
        .batch_execute(
            "insert into tally_hour select 480000, article.no, partner.no, node, 9, 2, 2, 1, 3, 2, 1, 40, 90, 1
                 from article, partner, generate_series(1, 3) as node where origin = 'https://p.example';
             insert into share_hour select 480000, article.no, partner.no, 'f', node, 2, 0, 0, 1, 0
                 from article, partner, generate_series(1, 3) as node where origin = 'https://p.example';
             insert into arrival_hour select 480000, article.no, 'f-1', node, 5
                 from article, generate_series(1, 3) as node;",
        )
        .await
        .unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    let lines = exported(&*store, Wanted::Everything).await;
    let of =
        |kind: &str| -> Vec<&Value> { lines.iter().filter_map(|line| line.get(kind)).collect() };
    let refused = json!({ "bots": 3, "repeats": 6, "rate": 9, "unknown_partner": 3 });
    let views = json!({
        "hour": "2024-10-04T00:00:00Z", "article": "a", "partner": "https://p.example", "raw": 27, "views": 6,
        "readers": 6, "refused": refused, "seconds": 120, "depth": 270, "deep": 3,
    });
    assert_eq!(of("views"), [&views]);
    assert_eq!((of("shares").len(), &of("shares")[0]["shares"]), (1, &json!(6)));
    assert_eq!((of("arrivals").len(), &of("arrivals")[0]["views"]), (1, &json!(15)));
}
