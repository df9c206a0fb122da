//! Sizes of pictures: how many bytes and how much time those of the samples take, and how much memory the
//! largest picture that is taken. `cargo xtask bench images`

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use article_server::article::StoredArticle;
use article_server::clock::SystemClock;
use article_server::config::Config;
use article_server::fetch::Fetcher;
use article_server::images::{ImageJob, named};
use article_server::revision::Author;
use article_server::store::{self, Store};
use article_server::time::Calendar;
use jpeg_encoder::{ColorType, Encoder};

#[tokio::main]
async fn main() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let mut articles: Vec<PathBuf> = fs::read_dir(samples.join("articles"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect();
    articles.sort();
    let articles: Vec<_> = articles
        .iter()
        .map(|path| StoredArticle::from_json(&fs::read_to_string(path).unwrap()).unwrap())
        .collect();
    let (store, time, _folder) = make(&articles, &samples.join("media")).await;
    report(&*store, &articles, &samples.join("media"), time).await;

    for is_progressive in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("largest.jpg"), largest(is_progressive)).unwrap();
        let json = r#"{ "id": "a", "title": "A", "language": "vi",
            "lead_image": { "sources": [{ "url": "/media/largest.jpg" }] } }"#;
        let article = StoredArticle::from_json(json).unwrap();
        let before = forget_peak();
        let (store, time, _folder) = make(&[article], folder.path()).await;
        assert_eq!(store.image_counts().await.unwrap().made, 1);
        let kind = if is_progressive { "progressive" } else { "baseline" };
        let memory = peak().saturating_sub(before) / 1024;
        println!("50 million pixels, {kind} JPEG: {} ms, {memory} MiB at most", time.as_millis());
    }
}

/// Makes the pictures of these articles: the store that holds them, and how long that took.
async fn make(
    articles: &[StoredArticle],
    media: &Path,
) -> (Arc<dyn Store>, Duration, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("articles.db").display());
    let config = Config { database, media: Some(media.to_owned()), ..Config::default() };
    let calendar = Calendar::new(config.time_zone.clone());
    let store = store::open(&config.database, &calendar).await.unwrap();
    store.save_articles(articles, &Author::import()).await.unwrap();
    let fetcher = Fetcher::new(&config);
    let job = ImageJob::new(
        store.clone(),
        Arc::new(SystemClock),
        &config,
        "http://127.0.0.1:8080",
        fetcher,
    );
    let begun = Instant::now();
    while store.image_counts().await.unwrap().waiting > 0 {
        job.take_turn().await.unwrap();
    }
    (store, begun.elapsed(), folder)
}

async fn report(store: &dyn Store, articles: &[StoredArticle], media: &Path, time: Duration) {
    let (mut originals, mut files) = (BTreeMap::new(), BTreeMap::new());
    for article in articles {
        for (url, is_original) in named(article.article()) {
            if is_original {
                let name = url.rsplit('/').next().unwrap();
                originals.insert(url.clone(), fs::metadata(media.join(name)).unwrap().len());
            }
        }
        for image in store.article_images(article.id()).await.unwrap() {
            for (name, _) in image.files {
                let content = store.image_file(article.id(), &name).await.unwrap().unwrap();
                files.insert(name.to_string(), (name, content.len()));
            }
        }
    }
    let count = originals.len();
    let bytes: u64 = originals.values().sum();
    println!("{count} pictures, {bytes} bytes, {} ms each", time.as_millis() / count as u128);
    let mut sums = BTreeMap::<_, usize>::new();
    for (name, length) in files.values() {
        *sums.entry((name.kind.extension(), name.width)).or_default() += length;
    }
    for ((kind, width), sum) in &sums {
        let share = *sum as f64 * 100.0 / bytes as f64;
        println!("{kind:>5} {width:>5}  {sum:>8} bytes  {share:>5.1} % of the originals");
    }
    println!("all: {} bytes a picture", sums.values().sum::<usize>() / count);
}

/// As many pixels as a picture may have, none of them like the next.
fn largest(is_progressive: bool) -> Vec<u8> {
    let (width, height) = (8_192_u16, 6_103_u16);
    let pixels: Vec<u8> = (0..u32::from(width) * u32::from(height) * 3)
        .map(|at| (at.wrapping_mul(2_654_435_761) >> 28) as u8 * 3 + 90)
        .collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 60);
    encoder.set_progressive(is_progressive);
    encoder.encode(&pixels, width, height, ColorType::Rgb).unwrap();
    file
}

/// Has the system forget how much memory the process had at most: how much it has now, in KiB.
fn forget_peak() -> u64 {
    fs::write("/proc/self/clear_refs", "5").unwrap();
    peak()
}

fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
