//! What is kept of articles beside themselves, on every engine, and what two servers do to it at the same moment.

use std::collections::BTreeSet;
use std::io;
use std::sync::{Arc, Mutex};

use article_server::leaving::Wanted;
use article_server::revision::Expected;
use article_server::store::{
    ArticleChange, ArticleFilter, ArticleOrder, ArticleState, Changed, DueImage, ImageCounts,
    ImageDigest, ImageFile, ImageKind, ImageName, KEPT_REVISIONS, MadeImage,
};
use article_server::visibility::Visibility;
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use super::*;

/// Two servers' stores over one new database of each engine.
async fn pairs(folder: &TempDir) -> Vec<[Arc<dyn Store>; 2]> {
    let mut urls = vec![format!("sqlite:{}/articles.db", folder.path().display())];
    urls.extend(postgres::database().await);
    let mut pairs = Vec::new();
    for url in urls {
        let open = async || store::open(&url, &utc()).await.unwrap();
        pairs.push([open().await, open().await]);
    }
    pairs
}

async fn save(store: &dyn Store, json: Value) {
    store.save_articles(&[article(&json.to_string())], &Author::command()).await.unwrap();
}

fn of_id(id: &str, more: Value) -> Value {
    let mut json = json!({ "id": id, "title": format!("Bài {id}"), "language": "vi" });
    json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json
}

fn illustrated(id: &str, url: &str) -> Value {
    of_id(id, json!({ "lead_image": { "sources": [{ "url": url }] } }))
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
        assert_eq!(of(withheld).await, ("b".into(), [2, 1, 1, 1, 1]), "of states it counts all");
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
    ArticleChange { article, expected, by, note: "vì".to_owned(), announce: Some(delivery(1)) }
}

#[tokio::test]
async fn states_are_kept_and_the_oldest_go() {
    let folder = TempDir::new().unwrap();
    for [store, _] in pairs(&folder).await {
        let states = KEPT_REVISIONS + 3;
        for number in 1..=states {
            let json = of_id("a", json!({ "title": format!("Bản {number}") }));
            let changed = store.change_article(&change(&json, Expected::Anything)).await.unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_change_an_article_at_the_same_moment_one_is_told() {
    let folder = TempDir::new().unwrap();
    for stores in pairs(&folder).await {
        let mut expected = Expected::Nothing;
        for round in 1..=20 {
            let changing: Vec<_> = (0..8)
                .map(|who| {
                    let json = of_id("a", json!({ "title": format!("{round} {who}") }));
                    let change = change(&json, expected.clone());
                    let store = stores[who % 2].clone();
                    tokio::spawn(async move { store.change_article(&change).await })
                })
                .collect();
            let mut done = 0;
            for changed in changing {
                match changed.await.unwrap() {
                    Ok(Changed::Done(_, number)) => done += u32::from(number == round),
                    Ok(Changed::NotAsExpected(_)) | Err(StoreError::Unavailable(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            assert_eq!(done, 1, "in round {round}");
            let current = stores[0].current_revision(&id("a")).await.unwrap().unwrap();
            assert_eq!(current.summary.number, round);
            expected = Expected::OneOf(vec![current.summary.tag]);
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

/// Seconds after everything that is saved here.
const LATER: UnixSeconds = 4_000_000_000;

fn made(digest: ImageDigest) -> MadeImage {
    let file = |kind| ImageFile { width: 640, height: 480, kind, content: vec![7; 3_000] };
    MadeImage {
        digest: Some(digest),
        version: "1".to_owned(),
        width: 1_280,
        height: 960,
        colours: "a1b2".to_owned(),
        files: vec![file(ImageKind::Webp), file(ImageKind::Jpeg)],
    }
}

async fn take(store: &dyn Store, now: UnixSeconds) -> Option<DueImage> {
    store.take_due_image(now, &[60, 300]).await.unwrap()
}

#[tokio::test]
async fn a_picture_is_looked_at_made_shown_and_forgotten() {
    let folder = TempDir::new().unwrap();
    for [store, _] in pairs(&folder).await {
        let store = &*store;
        save(store, illustrated("a", "/media/a.jpg?v=1")).await;
        let tried = take(store, LATER).await.unwrap();
        assert_eq!((&*tried.url, tried.due_again_at), ("/media/a.jpg", Some(LATER + 60)));
        assert_eq!(take(store, LATER + 59).await, None);
        store.fail_image(&tried, "nó hỏng", None).await.unwrap();
        let tried = take(store, LATER + 60).await.unwrap();
        assert_eq!(tried.due_again_at, Some(LATER + 360));
        let last = take(store, LATER + 360).await.unwrap();
        assert_eq!((last.due_again_at, take(store, i64::MAX).await), (None, None));
        assert_eq!(
            store.image_counts().await.unwrap(),
            ImageCounts { failed: 1, ..ImageCounts::default() }
        );

        store.want_images(vec![last.url.clone()], LATER).await.unwrap();
        let due = take(store, LATER).await.unwrap();
        store.want_images(vec![last.url.clone()], LATER + 1).await.unwrap();
        let digest = ImageDigest::of(b"a");
        store.save_image(&due, made(digest)).await.unwrap();
        let due = take(store, LATER + 1).await.expect("the wish that came meanwhile stays");
        assert_eq!((due.digest, &*due.version), (Some(digest), "1"));
        store.confirm_image(&due, "2").await.unwrap();
        assert_eq!(
            store.image_counts().await.unwrap(),
            ImageCounts { made: 1, ..ImageCounts::default() }
        );
        let versions = store.image_versions("", 9).await.unwrap();
        assert_eq!(versions, [("/media/a.jpg".to_owned(), "2".to_owned())]);
        assert!(store.image_versions("/media/a.jpg", 9).await.unwrap().is_empty());

        let shown = store.article_images(&id("a")).await.unwrap();
        let name = |kind| ImageName { digest, width: 640, kind };
        let (jpeg, webp) = (name(ImageKind::Jpeg), name(ImageKind::Webp));
        assert_eq!(shown[0].files, [(jpeg, 480), (webp, 480)]);
        assert_eq!((shown.len(), shown[0].width, &*shown[0].colours), (1, 1_280, "a1b2"));
        let content = store.image_file(&id("a"), &jpeg).await.unwrap();
        assert_eq!(content, Some(vec![7; 3_000]));
        assert_eq!(store.image_file(&id("b"), &jpeg).await.unwrap(), None, "not by every article");

        assert!(!store.forget_images().await.unwrap(), "it is named");
        save(store, of_id("a", json!({}))).await;
        while store.forget_images().await.unwrap() {}
        assert_eq!(store.image_counts().await.unwrap(), ImageCounts::default());
        save(store, illustrated("a", "/media/a.jpg")).await;
        let due = take(store, LATER).await.unwrap();
        // Its files went with it: whoever looked at it before cannot say that they are there.
        store.save_image(&due, MadeImage { files: Vec::new(), ..made(digest) }).await.unwrap();
        for shown in store.article_images(&id("a")).await.unwrap() {
            assert_eq!(shown.files, [], "{shown:?}");
        }
    }
}

#[tokio::test]
async fn a_picture_is_seen_as_far_as_the_articles_that_name_it() {
    let folder = TempDir::new().unwrap();
    for [store, _] in pairs(&folder).await {
        let store = &*store;
        let of = async |url: &str| {
            let urls = vec![format!("https://news.example{url}"), url.to_owned()];
            store.image_visibility(urls, MIDNIGHT).await.unwrap()
        };
        let with = |id: &str, url: &str, more: Value| {
            let mut json = illustrated(id, url);
            json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json
        };
        assert_eq!(of("/media/a.jpg").await, None);
        save(store, with("a", "/media/a.jpg?x=1", json!({ "status": "canceled" }))).await;
        assert_eq!(of("/media/a.jpg").await, Some(Visibility::Withdrawn));
        let absolute = "https://news.example/media/a.jpg?v=2";
        save(store, with("b", absolute, json!({ "embargo": "2024-11-28" }))).await;
        assert_eq!(of("/media/a.jpg").await, Some(Visibility::Hidden));
        save(store, with("c", "/media/a.jpg", json!({ "expires": "2024-11-28" }))).await;
        assert_eq!(of("/media/a.jpg").await, Some(Visibility::Visible));
        assert_eq!(of("/media/a.jp").await, None);
        assert_eq!(of("/media/\0.jpg").await, None);

        let long: String = (0..4_000).map(|n| char::from(b'a' + (n * n % 23) as u8)).collect();
        let long = format!("https://news.example/media/b.jpg?{long}");
        save(store, with("d", &long, json!({ "status": "withheld" }))).await;
        assert_eq!(of("/media/b.jpg").await, Some(Visibility::Hidden), "however long its query");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_picture_is_taken_by_one_server() {
    const PICTURES: usize = 60;
    let folder = TempDir::new().unwrap();
    for stores in pairs(&folder).await {
        for picture in 0..PICTURES {
            save(
                &*stores[0],
                illustrated(&format!("a{picture}"), &format!("/media/{picture}.jpg")),
            )
            .await;
        }
        let taking: Vec<_> = (0..6)
            .map(|who| {
                let store = stores[who % 2].clone();
                tokio::spawn(async move {
                    let mut taken = Vec::new();
                    while let Some(image) = take(&*store, LATER).await {
                        taken.push(image.url);
                    }
                    taken
                })
            })
            .collect();
        let mut taken = Vec::new();
        for some in taking {
            taken.extend(some.await.unwrap());
        }
        assert_eq!(taken.len(), PICTURES);
        assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), PICTURES);
    }
}

/// One server forgets what nobody names, while articles come to name it on the other, and pictures are made.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_forgotten_that_somebody_comes_to_name() {
    let folder = TempDir::new().unwrap();
    for stores in pairs(&folder).await {
        let digest = ImageDigest::of(b"one file under many names");
        let forgetting = {
            let store = stores[1].clone();
            tokio::spawn(async move {
                loop {
                    match store.forget_images().await {
                        Ok(_) | Err(StoreError::Unavailable(_)) => tokio::task::yield_now().await,
                        Err(error) => panic!("{error}"),
                    }
                }
            })
        };
        for round in 0..40 {
            let url = format!("/media/{}.jpg", round % 2);
            save(&*stores[0], illustrated("a", &url)).await;
            while let Some(due) = take(&*stores[0], LATER).await {
                stores[0].save_image(&due, made(digest)).await.unwrap();
            }
            let shown = stores[0].article_images(&id("a")).await.unwrap();
            assert_eq!((shown.len(), shown[0].files.len()), (1, 2), "in round {round}");
            save(&*stores[0], of_id("a", json!({ "title": round.to_string() }))).await;
        }
        forgetting.abort();
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
