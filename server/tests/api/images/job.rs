//! The job that makes pictures, without a server around it.

use std::path::Path;
use std::sync::Arc;

use article_server::clock::ManualClock;
use article_server::fetch::Fetcher;
use article_server::images::ImageJob;
use article_server::store::{self, ImageCounts, ImageName, Store};
use article_widget::contract::ArticleId;
use serde_json::json;

use super::{counts, folder_with, illustrated, open, picture};
use crate::postgres::is_elsewhere;
use crate::sql;
use crate::support::{config, save, with};

/// A job over the store, as the next process makes one.
async fn job(folder: &Path, clock: &ManualClock) -> (Arc<dyn Store>, ImageJob) {
    let store = open(folder).await;
    let config = config(folder);
    let fetcher = Fetcher::new(&config);
    let clock = Arc::new(clock.clone());
    let job = ImageJob::new(store.clone(), clock, &config, "https://news.example", fetcher);
    (store, job)
}

/// Seconds after everything that these tests save.
const LATER: i64 = 4_000_000_000;

#[tokio::test]
async fn a_picture_that_a_process_did_not_finish_is_made_by_the_next_one() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    std::fs::write(folder.path().join("media/lake.jpg"), picture([20, 60, 120])).unwrap();
    let articles = [illustrated("a", "/media/hill.jpg"), illustrated("b", "/media/lake.jpg")];
    save(folder.path(), &articles).await;
    let clock = ManualClock::at(LATER);
    {
        let store = open(folder.path()).await;
        assert!(store.take_due_image(LATER, &[60]).await.unwrap().is_some());
        // Killed here: nobody says what came of it.
        store.close().await.unwrap();
    }
    let (store, job) = job(folder.path(), &clock).await;
    job.take_turn().await.unwrap();
    let counts = store.image_counts().await.unwrap();
    assert_eq!(counts, ImageCounts { waiting: 1, made: 1, failed: 0 });
    clock.advance(61);
    job.take_turn().await.unwrap();
    let counts = store.image_counts().await.unwrap();
    assert_eq!(counts, ImageCounts { waiting: 0, made: 2, failed: 0 });
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_picture_that_takes_the_process_with_it_each_time_is_given_up() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    save(folder.path(), &[illustrated("a", "/media/hill.jpg")]).await;
    let store = open(folder.path()).await;
    let mut now = LATER;
    for _ in 0..3 {
        assert!(store.take_due_image(now, &[60, 300]).await.unwrap().is_some());
        now += 301;
    }
    assert_eq!(store.take_due_image(now, &[60, 300]).await.unwrap(), None);
    assert_eq!(store.image_counts().await.unwrap().failed, 1);
    store.close().await.unwrap();
    // Whoever saves the article again wants it tried again.
    let again = with(illustrated("a", "/media/hill.jpg"), json!({ "title": "Lần nữa" }));
    save(folder.path(), &[again]).await;
    assert_eq!(counts(folder.path()).await.waiting, 1);
}

#[tokio::test]
async fn a_file_that_comes_later_is_found_and_one_that_is_another_is_made_anew() {
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    save(folder.path(), &[illustrated("a", "/media/late.jpg")]).await;
    let clock = ManualClock::at(LATER);
    let (store, job) = job(folder.path(), &clock).await;
    job.take_turn().await.unwrap();
    assert_eq!(store.image_counts().await.unwrap().waiting, 1);
    std::fs::write(folder.path().join("media/late.jpg"), b"half a pict").unwrap();
    clock.advance(61);
    job.take_turn().await.unwrap();
    assert_eq!(store.image_counts().await.unwrap().failed, 1);
    std::fs::write(folder.path().join("media/late.jpg"), picture([20, 60, 120])).unwrap();
    job.find_replaced().await.unwrap();
    job.take_turn().await.unwrap();
    assert_eq!(store.image_counts().await.unwrap().made, 1);
    let id = ArticleId::parse("a").unwrap();
    let known = || async { store.article_images(&id).await.unwrap().remove(0) };
    let before = known().await;

    std::fs::write(folder.path().join("media/late.jpg"), picture([120, 60, 20])).unwrap();
    let again = with(illustrated("a", "/media/late.jpg"), json!({ "title": "Lần nữa" }));
    save(folder.path(), std::slice::from_ref(&again)).await;
    job.take_turn().await.unwrap();
    let after = known().await;
    assert_ne!(before.files[0].0.digest, after.files[0].0.digest);
    assert_ne!(before.colours, after.colours);

    // Replaced under its name, with no word of the article.
    job.find_replaced().await.unwrap();
    assert_eq!(store.image_counts().await.unwrap().waiting, 0);
    std::fs::write(folder.path().join("media/late.jpg"), picture([60, 120, 20])).unwrap();
    job.find_replaced().await.unwrap();
    assert_eq!(store.image_counts().await.unwrap().waiting, 1);
    job.take_turn().await.unwrap();
    let replaced = after;
    let after = known().await;
    assert_ne!(replaced.files[0].0.digest, after.files[0].0.digest);

    // What nobody names any more goes, and only that.
    let old = before.files[0].0;
    job.tidy().await.unwrap();
    let kept = |name: ImageName| {
        let digest = sql::bytes(&hex::encode(name.digest.as_bytes()));
        let count = format!("select count(*) from image_file where digest = {digest}");
        sql::number(folder.path(), &count)
    };
    assert_eq!((kept(old), kept(after.files[0].0)), (0, 8));
    save(folder.path(), &[with(again, json!({ "body": [] }))]).await;
    job.tidy().await.unwrap();
    assert_eq!(kept(after.files[0].0), 0);
    assert_eq!(store.image_counts().await.unwrap(), ImageCounts::default());
    store.close().await.unwrap();
}

#[tokio::test]
async fn pictures_of_articles_from_before_pictures_were_followed_are_found() {
    // No version that did not has kept articles elsewhere.
    if is_elsewhere() {
        return;
    }
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    save(folder.path(), &[illustrated("a", "/media/hill.jpg")]).await;
    let as_before = "delete from article_image; delete from image;
        insert into article_without_images (article) select no from article";
    sql::run(folder.path(), as_before);
    assert_eq!(counts(folder.path()).await.waiting, 1);
    let left = sql::number(folder.path(), "select count(*) from article_without_images");
    assert_eq!(left, 0, "once");
}

#[tokio::test]
async fn a_backup_holds_the_sizes() {
    if is_elsewhere() {
        return;
    }
    let folder = folder_with("hill.jpg", &picture([20, 120, 60]));
    save(folder.path(), &[illustrated("a", "/media/hill.jpg")]).await;
    let (store, job) = job(folder.path(), &ManualClock::at(LATER)).await;
    job.take_turn().await.unwrap();
    let target = folder.path().join("copy.sqlite3");
    store::backup(&config(folder.path()).database, &target).await.unwrap();
    store.close().await.unwrap();
    let copy = store::open_without_calendar(&format!("sqlite:{}", target.display())).await.unwrap();
    let id = ArticleId::parse("a").unwrap();
    let image = copy.article_images(&id).await.unwrap().remove(0);
    assert_eq!(image.files.len(), 8);
    assert!(copy.image_file(&id, &image.files[0].0).await.unwrap().is_some());
    copy.close().await.unwrap();
}
