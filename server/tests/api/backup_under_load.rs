//! A backup that is made while views and articles come, put in place elsewhere, and compared with what had been
//! acknowledged before it began and sent by the time that it was made.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use crate::postgres::is_elsewhere;
use crate::process::{Process, backup, restore, run};
use crate::sql::{self, number};
use crate::support::{article, save};

/// Clients that send views at a time.
const CLIENTS: usize = 4;
/// Views and articles without which there is no load yet.
const ENOUGH: (usize, usize) = (200, 3);
const PATIENCE: Duration = Duration::from_secs(60);
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

#[derive(Default)]
struct Load {
    is_over: AtomicBool,
    views: Work,
    articles: Work,
}

/// Numbers that are given out in order; with one worker, or several that are all waited for.
#[derive(Default)]
struct Work {
    sent: AtomicUsize,
    acknowledged: AtomicUsize,
}

impl Load {
    async fn send_views(self: Arc<Self>, url: String) {
        let client = Client::new();
        while !self.is_over.load(Ordering::SeqCst) {
            let number = self.views.sent.fetch_add(1, Ordering::SeqCst);
            assert!(send(&client, &url, number).await == "counted");
            self.views.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn import_articles(&self, folder: &Path) {
        while !self.is_over.load(Ordering::SeqCst) {
            let id = format!("bai-{}", self.articles.sent.fetch_add(1, Ordering::SeqCst));
            let path = folder.join("next.json");
            std::fs::write(&path, article(&id).to_string()).unwrap();
            let output = run("import", folder, &[path.to_str().unwrap()]);
            assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("{id}\n"));
            self.articles.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn has_begun(&self) {
        while self.views.acknowledged.load(Ordering::SeqCst) < ENOUGH.0
            || self.articles.acknowledged.load(Ordering::SeqCst) < ENOUGH.1
        {
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Sends the view of this number: what became of it.
async fn send(client: &Client, url: &str, number: usize) -> String {
    let id = uuid::Builder::from_random_bytes((number as u128 + 1).to_be_bytes()).into_uuid();
    let page = "https://partner.example/";
    let view = json!({ "article": "a", "view": id.to_string(), "page": page });
    let address = std::net::Ipv4Addr::from_bits(0x0b00_0000 + u32::try_from(number).unwrap());
    let request = client.post(format!("{url}/v1/views")).header("user-agent", AGENT);
    let request = request.header("x-forwarded-for", address.to_string()).body(view.to_string());
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 202);
    response.json::<Value>().await.unwrap()["outcome"].as_str().unwrap().to_owned()
}

/// The articles that came while the server ran, by number.
fn articles(folder: &Path) -> BTreeSet<usize> {
    let number = |[id, json]: [String; 2]| {
        assert_eq!(json, article(&id).to_string(), "it is whole");
        id.strip_prefix("bai-").unwrap().parse().unwrap()
    };
    let rows = sql::rows(folder, "select id, json from article where id <> 'a'");
    rows.into_iter().map(number).collect()
}

/// Backs the folder's database up while everything comes: the copy, with what it has to hold and what it may.
async fn back_up(folder: &Path, copies: &Path) -> (PathBuf, [usize; 2], [usize; 2]) {
    let server = Process::start(folder, &[]);
    let load = Arc::new(Load::default());
    let mut views = JoinSet::new();
    for _ in 0..CLIENTS {
        views.spawn(load.clone().send_views(server.url.clone()));
    }
    let (importing, place) = (load.clone(), folder.to_owned());
    let articles = spawn_blocking(move || importing.import_articles(&place));
    timeout(PATIENCE, load.has_begun()).await.expect("views and articles come");

    let of = |work: fn(&Work) -> &AtomicUsize| {
        [&load.views, &load.articles].map(|one| work(one).load(Ordering::SeqCst))
    };
    let before = of(|work| &work.acknowledged);
    let (copy, place) = (copies.join("copy.sqlite3"), folder.to_owned());
    let target = copy.clone();
    let made = spawn_blocking(move || backup(&place, &target)).await.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let after = of(|work| &work.sent);
    load.is_over.store(true, Ordering::SeqCst);
    views.join_all().await;
    articles.await.unwrap();
    server.stop();
    (copy, before, after)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_restored_elsewhere_holds_what_was_acknowledged_before_it() {
    if is_elsewhere() {
        return;
    }
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    save(here.path(), &[article("a")]).await;
    let (copy, before, after) = back_up(here.path(), there.path()).await;
    let restored = restore(there.path(), &copy, &[]);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));

    let views = number(there.path(), "select sum(counted) from tally_hour");
    let views = usize::try_from(views).unwrap();
    println!("views {} <= {views} <= {}", before[0], after[0]);
    assert!((before[0]..=after[0]).contains(&views));
    let articles = articles(there.path());
    println!("articles {} <= {} <= {}", before[1], articles.len(), after[1]);
    assert!(articles.iter().copied().eq(0..articles.len()), "one came after another: {articles:?}");
    assert!((before[1]..=after[1]).contains(&articles.len()));
    let integrity = "select integrity_check = 'ok' from pragma_integrity_check";
    assert_eq!(number(there.path(), integrity), 1);

    let server = Process::start(there.path(), &[]);
    let client = Client::new();
    let again = send(&client, &server.url, 0).await;
    assert_eq!(again, "raised", "it is known there that this view was counted");
    assert_eq!(send(&client, &server.url, 9_000_000).await, "counted", "and it counts on");
    let last = format!("{}/v1/articles/bai-{}", server.url, before[1] - 1);
    assert_eq!(client.get(last).send().await.unwrap().status(), 200);
    server.stop();
}
