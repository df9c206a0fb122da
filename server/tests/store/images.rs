//! What is kept of pictures, on every engine, and what two servers do to it at the same moment.

use std::collections::BTreeSet;

use article_server::store::{
    DueImage, ImageCounts, ImageDigest, ImageFile, ImageKind, ImageName, MadeImage,
};
use article_server::visibility::Visibility;
use serde_json::{Value, json};
use tokio_postgres::NoTls;

use super::articles::{of_id, pairs, save};
use super::*;

fn illustrated(id: &str, url: &str) -> Value {
    of_id(id, json!({ "lead_image": { "sources": [{ "url": url }] } }))
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

/// The rows of a picture, held by somebody else: whoever wants one of them waits.
struct Held {
    client: tokio_postgres::Client,
    connection: tokio::task::JoinHandle<Result<(), tokio_postgres::Error>>,
}

impl Held {
    async fn hold(url: &str, sql: &str) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        Self { client, connection }
    }

    async fn until_waiting(&self) {
        let waiting = "select 1 from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock' limit 1";
        while self.client.query(waiting, &[]).await.unwrap().is_empty() {
            tokio::task::yield_now().await;
        }
    }

    async fn release(self) {
        self.client.batch_execute("commit").await.unwrap();
        drop(self.client);
        self.connection.await.unwrap().unwrap();
    }
}

/// Where a server forgets pictures while an article that names one, or a picture that is made of a file, waits for
/// its turn in the middle of its transaction.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_forgotten_that_somebody_comes_to_name() {
    let Some(url) = postgres::database().await else {
        return eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
    };
    let store = store::open(&url, &utc()).await.unwrap();
    let other = store::open(&url, &utc()).await.unwrap();
    let (picture, digest) = ("https://a.example/a.jpg", ImageDigest::of(b"a"));
    save(&*store, illustrated("a", picture)).await;
    let due = take(&*store, LATER).await.unwrap();
    store.save_image(&due, made(digest)).await.unwrap();
    save(&*store, of_id("a", json!({}))).await;

    let held = Held::hold(&url, "begin; select 1 from image for update").await;
    let naming = tokio::spawn(async move {
        save(&*store, illustrated("b", picture)).await;
        store
    });
    held.until_waiting().await;
    let forgetting = tokio::spawn(async move {
        other.forget_images().await.unwrap();
        other
    });
    // It waits for nobody.
    let other = forgetting.await.unwrap();
    held.release().await;
    let store = naming.await.unwrap();
    let shown = store.article_images(&id("b")).await.unwrap();
    assert_eq!((shown.len(), shown[0].files.len()), (1, 2));

    // Another picture is made of a file that another one had until now.
    let new = "https://a.example/b.jpg";
    save(&*store, illustrated("b", new)).await;
    let due = take(&*store, LATER).await.unwrap();
    let hold = format!(
        "update image set digest = null; begin; select 1 from image where url = '{new}' for update"
    );
    let held = Held::hold(&url, &hold).await;
    let making = tokio::spawn(async move {
        store.save_image(&due, made(digest)).await.unwrap();
        store
    });
    held.until_waiting().await;
    other.forget_images().await.unwrap();
    held.release().await;
    let shown = making.await.unwrap().article_images(&id("b")).await.unwrap();
    assert_eq!((shown.len(), shown[0].files.len()), (1, 2));
}
