//! Feeds: what they bring, what they do not change, and what happens to one that is broken.

use std::fs::File;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::time::{Duration, Instant};

use article_server::bulk::Reading;
use article_server::cli::Format;
use article_server::clock::ManualClock;
use article_server::config::Options;
use article_server::fetch::Fetcher;
use article_server::revision::Author;
use article_server::store::{self, Feed, Store};
use article_server::sync::{Asked, Feeds, Which};
use article_server::time::Calendar;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

use crate::elsewhere::Elsewhere;
use crate::process::{begin, run};
use crate::support::{Server, article, config, save, with};
use crate::{postgres, sql};

const NOON: i64 = 1_732_708_800;
const EVERY: Duration = Duration::from_secs(300);

/// Feeds over a database of their own, at a time that stands still.
struct World {
    feeds: Feeds,
    clock: ManualClock,
    folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let calendar = Calendar::new(config.time_zone.clone());
        let clock = ManualClock::at(NOON);
        let feeds = Feeds {
            store: store::open(&config.database, &calendar).await.unwrap(),
            fetcher: Fetcher::with_networks(vec!["127.0.0.0/8".parse().unwrap()], None),
            clock: Arc::new(clock.clone()),
            reading: Reading { format: Format::Auto, language: "vi".to_owned() },
            every: EVERY,
        };
        Self { feeds, clock, folder }
    }

    fn store(&self) -> &dyn Store {
        &*self.feeds.store
    }

    /// Asks these: by URL, what came of each.
    async fn ask(&self, urls: &[Url], which: Which) -> Vec<Asked> {
        let mut asked = self.feeds.ask(urls, which).await.unwrap();
        asked.sort_by(|a, b| a.url.cmp(&b.url));
        asked
    }

    /// Asks one: the ids that came.
    async fn ids(&self, url: &Url) -> Vec<String> {
        let mut asked = self.ask(std::slice::from_ref(url), Which::All).await;
        asked.pop().unwrap().end.unwrap()
    }

    async fn feed(&self, url: &Url) -> Feed {
        let feeds = self.store().feeds().await.unwrap();
        feeds.into_iter().find(|feed| feed.url == url.as_str()).unwrap()
    }

    async fn title(&self, id: &str) -> String {
        let id = article_widget::contract::ArticleId::parse(id).unwrap();
        self.store().article(&id).await.unwrap().unwrap().article().title.clone()
    }
}

fn list(articles: &[Value]) -> String {
    json!(articles).to_string()
}

#[tokio::test]
async fn a_feed_brings_what_is_new_and_what_changed_and_is_not_read_again_for_nothing() {
    let (world, elsewhere) = (World::new().await, Elsewhere::start().await);
    let url = elsewhere.at("/feed");
    elsewhere.show("/feed", "application/json", list(&[article("b"), article("a")]));
    assert_eq!(world.ids(&url).await, ["b", "a"]);
    assert!(world.ids(&url).await.is_empty());
    assert_eq!(elsewhere.asked(), [("/feed".to_owned(), 200), ("/feed".to_owned(), 304)]);
    let changed = with(article("a"), json!({ "title": "Một tựa đề khác hẳn" }));
    elsewhere.show("/feed", "application/json", list(&[article("c"), changed, article("b")]));
    world.clock.advance(10);
    assert_eq!(world.ids(&url).await, ["c", "a"]);
    assert_eq!(world.title("a").await, "Một tựa đề khác hẳn");
    let feed = world.feed(&url).await;
    let counts = (feed.articles, feed.kept, feed.created, feed.updated, feed.failures);
    assert_eq!(counts, (3, 0, 3, 1, 0));
    assert_eq!((feed.good_at, feed.tried_at), (Some(NOON + 10), Some(NOON + 10)));
    assert_eq!((feed.due_at, feed.problem), (NOON + 310, None));
}

#[tokio::test]
async fn one_that_is_broken_keeps_no_other_from_being_asked_and_is_asked_less_often() {
    let (world, elsewhere) = (World::new().await, Elsewhere::start().await);
    let urls = ["/1-good", "/2-gone", "/3-odd", "/4-good"].map(|path| elsewhere.at(path));
    let inside = Url::parse("http://169.254.169.254/latest").unwrap();
    elsewhere.show("/1-good", "application/json", list(&[article("a")]));
    elsewhere.fail("/2-gone", 503);
    elsewhere.show("/3-odd", "application/json", "{\"id\":");
    elsewhere.show("/4-good", "application/json", list(&[article("b")]));
    let all = [&urls[..], &[inside]].concat();
    let asked = world.ask(&all, Which::Due).await;
    let ends: Vec<_> = asked.into_iter().map(|asked| asked.end).collect();
    assert_eq!(ends[0].as_deref(), Ok(&["a".to_owned()][..]));
    assert_eq!(ends[1].as_deref(), Err(&"its server answers 503".to_owned()));
    assert!(ends[2].as_ref().unwrap_err().contains("has no end"));
    assert_eq!(ends[3].as_deref(), Ok(&["b".to_owned()][..]));
    assert!(ends[4].as_ref().unwrap_err().contains("not of the public internet"));
    assert!(world.ask(&all, Which::Due).await.is_empty(), "none is due so soon");

    elsewhere.asked();
    world.clock.advance(300);
    assert_eq!(world.ask(&all, Which::Due).await.len(), 2, "those that do well");
    world.clock.advance(300);
    assert_eq!(world.ask(&all, Which::Due).await.len(), 5);
    let failing = world.feed(&urls[1]).await;
    assert_eq!((failing.failures, failing.due_at), (2, NOON + 600 + 1_200));
    assert_eq!(
        (failing.good_at, failing.problem.as_deref()),
        (None, Some("its server answers 503"))
    );
    elsewhere.show("/2-gone", "application/json", list(&[article("c")]));
    assert_eq!(world.ids(&urls[1]).await, ["c"], "asked for by hand, at once");
    let well = world.feed(&urls[1]).await;
    assert_eq!((well.failures, well.problem, well.due_at), (0, None, NOON + 900));
}

#[tokio::test]
async fn one_whose_articles_cannot_be_saved_is_as_one_that_is_broken() {
    let (world, elsewhere) = (World::new().await, Elsewhere::start().await);
    let urls = ["/1-refused", "/2-good"].map(|path| elsewhere.at(path));
    elsewhere.show("/1-refused", "application/json", list(&[article("a")]));
    elsewhere.show("/2-good", "application/json", list(&[article("b")]));
    let refuse = if postgres::is_meant() {
        "alter table article add constraint refuse check (id <> 'a')"
    } else {
        "create trigger refuse before insert on article when new.id = 'a'
            begin select raise(abort, 'refused'); end"
    };
    sql::run(world.folder.path(), refuse);
    let asked = world.ask(&urls, Which::Due).await;
    let problem = "what it brought cannot be saved";
    assert_eq!(asked[0].end.as_deref(), Err(&problem.to_owned()));
    assert_eq!(asked[1].end.as_deref(), Ok(&["b".to_owned()][..]));
    let feed = world.feed(&urls[0]).await;
    assert_eq!((feed.failures, feed.problem.as_deref()), (1, Some(problem)));
}

#[tokio::test]
async fn what_the_publisher_withdrew_or_wrote_stays() {
    let (world, elsewhere) = (World::new().await, Elsewhere::start().await);
    let url = elsewhere.at("/feed");
    let articles = ["mine", "theirs", "gone"].map(article);
    elsewhere.show("/feed", "application/json", list(&articles));
    world.ids(&url).await;
    let read = |article: Value| {
        article_server::article::StoredArticle::from_json(&article.to_string()).unwrap()
    };
    let mine = read(with(article("mine"), json!({ "title": "Người biên tập viết" })));
    world.store().save_articles(&[mine], &Author::command()).await.unwrap();
    let gone = read(with(article("gone"), json!({ "status": "canceled" })));
    world.store().save_articles(&[gone], &Author::import()).await.unwrap();

    let new = json!({ "title": "Nguồn tin viết lại bài này" });
    let articles = ["mine", "theirs", "gone"].map(|id| with(article(id), new.clone()));
    elsewhere.show("/feed", "application/json", list(&articles));
    let asked = world.ask(std::slice::from_ref(&url), Which::All).await.pop().unwrap();
    assert_eq!((asked.end, asked.kept), (Ok(vec!["theirs".to_owned()]), 2));
    assert_eq!(world.title("mine").await, "Người biên tập viết");
    assert_eq!(world.title("gone").await, "Tựa đề của gone");
    let feed = world.feed(&url).await;
    assert_eq!((feed.articles, feed.kept, feed.updated), (3, 2, 1));
}

#[tokio::test]
async fn whatever_holds_articles_can_be_followed() {
    let (world, elsewhere) = (World::new().await, Elsewhere::start().await);
    let rss = "<rss version=\"2.0\"><channel><title>Báo Ví Dụ</title><item><guid>tin-rss</guid>
        <title>Mùa cúc ở đầu làng</title><link>/tin/1</link>
        <description>&lt;p&gt;Những luống cúc đầu tiên.&lt;/p&gt;</description></item></channel></rss>";
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Báo Ví Dụ</title><entry>
        <id>tin-atom</id><title>Chợ phiên cuối năm</title><updated>2024-11-27T01:30:00Z</updated>
        <content type=\"html\">&lt;p&gt;Chợ họp từ tờ mờ sáng.&lt;/p&gt;</content></entry></feed>";
    let json_feed = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": "Báo Ví Dụ",
        "items": [{ "id": "tin-json", "title": "Đò sang sông", "content_html": "<p>Đò đông.</p>" }],
    });
    let posts = json!([{
        "id": 7, "slug": "cau-moi", "date_gmt": "2024-11-27T01:30:00", "guid": { "rendered": "tin-wp" },
        "link": elsewhere.at("/cau-moi").as_str(), "status": "publish",
        "title": { "rendered": "Cầu mới" }, "content": { "rendered": "<p>Cầu đã thông xe.</p>" },
    }]);
    let item = json!({
        "uri": "tin-ninjs", "pubStatus": "usable", "versionCreated": "2024-11-27T01:30:00Z",
        "headlines": [{ "role": "main", "value": "Lúa về" }],
        "bodies": [{ "role": "main", "contentType": "text/html", "value": "<p>Lúa chín.</p>" }],
    });
    let export =
        format!(r#"{{"article":{}}}{}{{"partner":{{"origin":""}}}}"#, article("tin-x"), "\n");
    let feeds = [
        ("/1", "application/rss+xml", rss.to_owned(), "tin-rss"),
        ("/2", "application/atom+xml", atom.to_owned(), "tin-atom"),
        ("/3", "application/feed+json", json_feed.to_string(), "tin-json"),
        ("/4", "application/json", posts.to_string(), "tin-wp"),
        ("/5", "application/json", json!([item]).to_string(), "tin-ninjs"),
        ("/6", "application/x-ndjson", export, "tin-x"),
    ];
    let mut given = Vec::new();
    for (path, media_type, body, id) in feeds {
        elsewhere.show(path, media_type, body);
        // Where it stands for itself only within its feed, the host of that is before it.
        let ids = world.ids(&elsewhere.at(path)).await;
        assert!(ids.len() == 1 && ids[0].contains(id), "{path}: {ids:?}");
        given.extend(ids);
        assert!(world.ids(&elsewhere.at(path)).await.is_empty(), "{path}");
    }
    let id = article_widget::contract::ArticleId::parse(&given[0]).unwrap();
    let article = world.store().article(&id).await.unwrap().unwrap();
    let link = article.article().canonical_url.clone();
    assert_eq!(link.as_deref(), Some(elsewhere.at("/tin/1").as_str()), "from where it came");
}

#[tokio::test]
async fn an_article_that_stands_twice_in_a_feed_is_the_first_of_the_two() {
    let (world, elsewhere) = (World::new().await, Elsewhere::start().await);
    let newer = with(article("a"), json!({ "title": "Bản mới" }));
    elsewhere.show("/feed", "application/json", list(&[newer, article("a")]));
    assert_eq!(world.ids(&elsewhere.at("/feed")).await, ["a"]);
    assert_eq!(world.title("a").await, "Bản mới");
}

#[tokio::test]
async fn a_feed_that_nobody_asks_any_more_is_forgotten() {
    let (world, elsewhere) = (World::new().await, Elsewhere::start().await);
    let (old, new) = (elsewhere.at("/old"), elsewhere.at("/new"));
    elsewhere.show("/old", "application/json", "[]");
    elsewhere.show("/new", "application/json", "[]");
    world.ids(&old).await;
    world.clock.advance(30 * 24 * 3600);
    world.ids(&new).await;
    assert_eq!(world.store().feeds().await.unwrap().len(), 2);
    world.clock.advance(301);
    world.ids(&new).await;
    let left = world.store().feeds().await.unwrap();
    assert_eq!(left.iter().map(|feed| &*feed.url).collect::<Vec<_>>(), [new.as_str()]);
}

fn sync(folder: &Path, more: &[&str]) -> Output {
    run("sync", folder, &[&["--import-networks", "127.0.0.0/8"], more].concat())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_prints_what_came_and_fails_where_a_feed_did() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), Elsewhere::start().await);
    let (good, bad) = (elsewhere.at("/good?key=secret"), elsewhere.at("/bad?key=secret"));
    elsewhere.show("/good", "application/json", list(&[article("a")]));
    let output = sync(folder.path(), &[good.as_str(), bad.as_str()]);
    assert!(!output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "a\n");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains(&format!("{}: its server answers 404\n", elsewhere.at("/bad"))),
        "{told}"
    );
    assert!(told.contains("1 of 2 feeds failed") && !told.contains("secret"), "{told}");
    let output = sync(folder.path(), &["--feeds", good.as_str()]);
    assert!(output.status.success() && output.stdout.is_empty(), "nothing new");
    let gone = with(article("a"), json!({ "status": "canceled" }));
    save(folder.path(), &[gone]).await;
    let new = with(article("a"), json!({ "title": "Nguồn tin viết lại bài này" }));
    elsewhere.show("/good", "application/json", list(&[new]));
    let output = sync(folder.path(), &[good.as_str()]);
    let told = String::from_utf8(output.stderr).unwrap();
    let kept = format!("{}: 1 article stays as an editor left it\n", elsewhere.at("/good"));
    assert!(output.status.success() && told.contains(&kept), "{told}");
    let none = sync(folder.path(), &[]);
    assert!(!none.status.success());
    assert!(String::from_utf8(none.stderr).unwrap().contains("there is no feed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_goes_on_until_it_is_told_to_stop() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), Elsewhere::start().await);
    elsewhere.show("/feed", "application/json", list(&[article("a")]));
    let out = folder.path().join("out");
    let (to, told) = (File::create(&out).unwrap(), tempfile::tempfile().unwrap());
    let url = elsewhere.at("/feed");
    let more = ["--import-networks", "127.0.0.0/8", "--every", "5m", url.as_str()];
    let mut child = begin("sync", folder.path(), &more, to, told);
    let begun = Instant::now();
    while std::fs::read(&out).unwrap() != b"a\n" {
        assert!(begun.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(child.try_wait().unwrap().is_none(), "it waits for the next time");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn a_server_asks_its_feeds_by_itself() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), Elsewhere::start().await);
    elsewhere.show("/feed", "application/json", list(&[article("a")]));
    let options = Options {
        feeds: Some(vec![elsewhere.at("/feed").to_string()]),
        import_networks: Some(vec!["127.0.0.0/8".parse().unwrap()]),
        ..Options::default()
    };
    let settings = options.resolve(None).unwrap();
    let config = article_server::config::Config {
        feeds: settings.feeds,
        import_networks: settings.import_networks,
        ..config(folder.path())
    };
    let server = Server::configured(folder, "0.1.0-test", config).await;
    let begun = Instant::now();
    while server.get("/v1/articles/a").await.status() != 200 {
        assert!(begun.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_is_imported_where_it_may_be_asked() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), Elsewhere::start().await);
    elsewhere.show("/a", "application/json", article("a").to_string());
    let url = elsewhere.at("/a");
    let refused = run("import", folder.path(), &[url.as_str()]);
    assert!(!refused.status.success());
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains("not of the public internet"), "{told}");
    assert!(elsewhere.asked().is_empty());
    let allowed = ["--import-networks", "127.0.0.0/8", url.as_str()];
    let output = run("import", folder.path(), &allowed);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "a\n");
}
