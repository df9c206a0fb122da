//! A publisher moves from a SQLite file to PostgreSQL, and nothing is lost or counted twice.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use article_server::operator_key::OperatorKey;
use article_server::store::{Checked, Move, Moved, Outcome, Reader, Share, View};

use super::*;

/// The operator's key, as digits.
const KEY: &str = "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f";
/// How long something may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
const PARTNER: &str = "https://partner.example";

/// A file with something in every table, and an empty database.
struct World {
    folder: TempDir,
    from: String,
    to: String,
    key: OperatorKey,
}

impl World {
    /// None where there is no PostgreSQL.
    async fn new() -> Option<Self> {
        let Some(to) = postgres::database().await else {
            eprintln!("skipped: `cargo xtask test` starts a PostgreSQL for this");
            return None;
        };
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("key"), KEY).unwrap();
        let from = format!("sqlite:{}/articles.db", folder.path().display());
        tell(&from).await;
        let world = Self { folder, from, to, key: OperatorKey::new(&[0x0f; 32]) };
        let store = world.source().await;
        let views = [view("a", 1), view("a", 2), View { share: Some("m1".into()), ..view("a", 3) }];
        store.record_views(views.to_vec()).await.unwrap();
        store.record_shares(vec![share(1)]).await.unwrap();
        store.close().await.unwrap();
        world.sql(REST);
        Some(world)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("articles.db")
    }

    async fn source(&self) -> Arc<dyn Store> {
        store::open(&self.from, &utc()).await.unwrap()
    }

    async fn target(&self) -> anyhow::Result<Arc<dyn Store>> {
        store::open(&self.to, &utc()).await
    }

    /// Writes to the file past the store: what no short story of it tells.
    fn sql(&self, sql: &str) {
        rusqlite::Connection::open(self.path()).unwrap().execute_batch(sql).unwrap();
    }

    async fn copy(&self) -> anyhow::Result<Vec<Moved>> {
        let calendar = utc();
        let mut told = Vec::new();
        self.moving(&calendar).copy(|moved| told.push(moved.clone())).await?;
        Ok(told)
    }

    async fn finish(&self) -> anyhow::Result<Vec<Checked>> {
        self.moving(&utc()).finish(|_| {}).await
    }

    fn moving<'a>(&'a self, calendar: &'a Calendar) -> Move<'a> {
        Move { from: &self.from, to: &self.to, key: &self.key, calendar }
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_article-server"));
        command.args(["migrate-store", "--from", &self.from, "--to", &self.to]).args(more);
        command.env("ARTICLE_KEY_FILE", self.folder.path().join("key")).stdin(Stdio::null());
        command
    }

    fn run(&self, more: &[&str]) -> Output {
        self.command(more).output().unwrap()
    }

    async fn count(&self, sql: &str) -> usize {
        postgres::number(&self.to, sql).await
    }

    async fn change(&self, sql: &str) {
        postgres::connect(&self.to).await.batch_execute(sql).await.unwrap();
    }
}

/// Of each table that the story leaves empty, and texts with a NUL, which PostgreSQL does not know.
const REST: &str = "
    insert into consent_text values ('2026-01', 'Tôi đồng ý', 1);
    insert into mail_request values (x'0a', x'0b', 1);
    insert into suppressed values (x'0c', 1);
    insert into spent_proof values (x'0d', 1) on conflict do nothing;
    insert into rating values (x'0e', 1, 'a', '', 1, 'hay' || char(0)), (x'0f', 1, 'a', '', 0, '');
    insert into image (url, digest, width, height) values ('https://x.example/1.jpg', x'01', 1, 2);
    insert into image (url) values ('https://x.example/' || char(0));
    insert into article_image select 'https://x.example/1.jpg', no, 1 from article where id = 'b';
    insert into feed (url, due_at) values ('https://feed.example/', 1);
    insert into image_file values (x'01', 1, 'jpg', 2, zeroblob(100000), x'02');
    insert into outbox (kind, lane, key, article, recipient, language, made_at, due_at)
    values ('article', 'mail', 'waits', 'a', 'minh@example.vn', 'vi', 1, 1);
    insert or ignore into person values ('an', 'editor', '$argon2id$', 1);";

fn view(article: &str, reader: u8) -> View {
    let today = [reader; 16];
    let (day, place) = (MIDNIGHT / 86_400, [reader; 8]);
    View {
        article: id(article),
        view: [reader; 16],
        at: MIDNIGHT + 60,
        reader: Reader {
            today,
            yesterday: [!reader; 16],
            place,
            day,
            private: false,
            allowance: 1,
        },
        partner: PARTNER.into(),
        seconds: 40,
        depth: 100,
        share: None,
        refused: None,
    }
}

fn share(number: u8) -> Share {
    Share {
        article: id("a"),
        share: [number; 16],
        at: MIDNIGHT + 60,
        partner: PARTNER.into(),
        channel: Channel::Zalo,
        refused: None,
    }
}

async fn outcome(store: &dyn Store, view: View) -> Outcome {
    store.record_views(vec![view]).await.unwrap()[0]
}

fn assert_alike(checked: &[Checked]) {
    for table in checked {
        assert!(table.is_alike(), "{table:?}");
        assert!(table.source.rows > 0, "nothing was moved of {}", table.table);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_while_it_is_moved_comes_with_the_last_round() {
    let Some(world) = World::new().await else { return };
    let server = world.source().await;
    world.copy().await.unwrap();
    let early = world.target().await.err().unwrap();
    assert!(early.to_string().contains("--finish"), "no server serves a half: {early:#}");

    let new = article(r#"{"id":"new","title":"Mới","language":"vi"}"#);
    let changed = article(r#"{"id":"a","title":"Khác","language":"vi"}"#);
    server.save_articles(&[new, changed], &Author::import()).await.unwrap();
    assert!(matches!(outcome(&*server, view("a", 4)).await, Outcome::Counted { .. }));
    assert!(matches!(outcome(&*server, view("new", 5)).await, Outcome::Counted { .. }));
    assert_eq!(server.record_shares(vec![share(2)]).await.unwrap().len(), 1);
    // The last letter goes, and with it its number; its name goes to the next token.
    server.save_feedback(&letter("last", "Thư cuối", 99)).await.unwrap();
    let last = server.feedback_secrets(0, 999).await.unwrap().last().unwrap().0;
    assert!(server.erase_feedback(&[99; 32]).await.unwrap());
    assert!(server.revoke_token("newsroom").await.unwrap());
    for (name, hash) in [("other", 8), ("newsroom", 9)] {
        let grant = Grant { name: name.into(), scopes: vec![Scope::StatsRead], created_at: 1 };
        assert!(server.save_token(&grant, &[hash; 32]).await.unwrap());
    }
    let (totals, key) =
        (server.totals(&id("a")).await.unwrap(), server.signing_key().await.unwrap());
    let in_use = world.finish().await.unwrap_err();
    assert!(in_use.to_string().contains("cannot open"), "{in_use:#}");
    assert!(format!("{in_use:#}").contains("stop it first"), "{in_use:#}");
    server.close().await.unwrap();
    drop(server);

    assert_alike(&world.finish().await.unwrap());
    let store = world.target().await.unwrap();
    assert_eq!(store.totals(&id("a")).await.unwrap(), totals);
    assert!(store.signing_key().await.unwrap() == key);
    assert_eq!(store.article(&id("a")).await.unwrap().unwrap().article().title, "Khác");
    assert_eq!(store.token(&[9; 32]).await.unwrap().unwrap().name, "newsroom");
    assert!(store.token(&[2; 32]).await.unwrap().is_none());
    store.save_feedback(&letter("next", "Thư sau", 98)).await.unwrap();
    let next = store.feedback_secrets(0, 999).await.unwrap().last().unwrap().0;
    assert!(next > last, "an erased letter's number is no other's: {next:?}");
    store.close().await.unwrap();
    let again = world.copy().await.unwrap_err();
    assert!(again.to_string().contains("before"), "nothing is taken back: {again:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_refers_to_an_article_of_just_now_waits_for_the_next_round() {
    let Some(world) = World::new().await else { return };
    let (mut left, calendar) = (Vec::new(), utc());
    let moving = world.moving(&calendar);
    let copying = moving.copy(|moved| {
        if moved.table == "article" {
            world.sql(
                "insert into article (id, json, title, language, status, updated_at, revision)
                 values ('late', '{}', 'A', 'vi', 'usable', 1, x'01');
                 insert into rating values (x'10', 1, 'late', '', 1, '');",
            );
        }
        if moved.left > 0 {
            left.push(moved.table);
        }
    });
    copying.await.unwrap();
    assert_eq!(left, ["rating"]);
    let told = world.copy().await.unwrap();
    assert!(told.iter().all(|table| table.left == 0), "{told:?}");
    assert_eq!(world.count("select count(*) from rating where article = 'late'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_sent_again_after_the_move_counts_once() {
    let Some(world) = World::new().await else { return };
    assert_alike(&world.finish().await.unwrap());
    let store = world.target().await.unwrap();
    let before = store.totals(&id("a")).await.unwrap();
    assert_eq!(outcome(&*store, view("a", 1)).await, Outcome::Raised, "the same view");
    let other_view = View { view: [50; 16], at: MIDNIGHT + 120, ..view("a", 1) };
    assert_eq!(outcome(&*store, other_view).await, Outcome::Repeat, "the same reader");
    let later = View { view: [51; 16], at: MIDNIGHT + 60 + 1800, ..view("a", 1) };
    assert_eq!(outcome(&*store, later).await, Outcome::Counted { new_reader: false });
    assert_eq!(store.record_shares(vec![share(1)]).await.unwrap(), [Outcome::Repeat]);
    let after = store.totals(&id("a")).await.unwrap();
    assert_eq!((after.views, after.readers), (before.views + 1, before.readers));
    assert_eq!((after.repeats, after.shares), (before.repeats + 1, before.shares));
    // Of one address no more than twenty are new on a day, those of before the move among them.
    let from_one = |reader: u8| {
        let mut view = view("a", reader);
        view.reader.place = [1; 8];
        view
    };
    for reader in 100..119 {
        assert!(matches!(outcome(&*store, from_one(reader)).await, Outcome::Counted { .. }));
    }
    assert_eq!(outcome(&*store, from_one(119)).await, Outcome::Repeat, "the twenty-first");
}

#[tokio::test(flavor = "multi_thread")]
async fn salts_are_sealed_on_the_way_and_open_by_the_key() {
    let Some(world) = World::new().await else { return };
    let server = world.source().await;
    let plain = salt(&*server, 20_003).await;
    let sealed = world.key.seal_salt(20_004, &[5; 32]).unwrap();
    assert_eq!(server.salt(20_004, &sealed).await.unwrap(), sealed);
    server.close().await.unwrap();
    drop(server);
    assert_alike(&world.finish().await.unwrap());
    let store = world.target().await.unwrap();
    for (day, salt) in [(20_003, plain), (20_004, vec![5; 32])] {
        let kept = store.salt(day, &[1; 32]).await.unwrap();
        assert_ne!(kept, salt);
        assert_eq!(world.key.open_salt(day, kept).unwrap(), salt);
    }
    let stranger = OperatorKey::new(&[1; 32]);
    let stranger = Move { key: &stranger, ..world.moving(&utc()) }.check().await.unwrap_err();
    assert!(format!("{stranger:#}").contains("another key"), "{stranger:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_was_killed_goes_on_where_it_was() {
    let Some(world) = World::new().await else { return };
    let server = world.source().await;
    let many: Vec<StoredArticle> = (0..400)
        .map(|no| article(&format!(r#"{{"id":"many-{no}","title":"A","language":"vi"}}"#)))
        .collect();
    server.save_articles(&many, &Author::import()).await.unwrap();
    server.close().await.unwrap();
    drop(server);
    // Somebody holds a row of the second piece: there the move has to wait.
    world.target().await.unwrap().close().await.unwrap();
    let mut holder = postgres::connect(&world.to).await;
    let held = holder.transaction().await.unwrap();
    held.batch_execute(
        "insert into article (no, id, json, title, language, status, updated_at, revision)
         values (300, 'held', '', '', '', 'usable', 0, '')",
    )
    .await
    .unwrap();
    let mut moving = world.command(&[]).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while world.count("select count(*) from article").await == 0 {
        assert!(begun.elapsed() < PATIENCE && moving.try_wait().unwrap().is_none());
        tokio::task::yield_now().await;
    }
    moving.kill().unwrap();
    assert_eq!(moving.wait().unwrap().signal(), Some(9), "it was under way");
    held.rollback().await.unwrap();

    let moved = world.count("select count(*) from article").await as u64;
    assert!((1..400).contains(&moved), "{moved}");
    let told = world.copy().await.unwrap();
    assert_eq!(told[0].written, told[0].rows - moved, "the rest of them: {:?}", told[0]);
    let told = world.copy().await.unwrap();
    assert!(told.iter().all(|table| table.written + table.removed == 0), "{told:?}");
    let finished = world.run(&["--finish"]);
    assert!(finished.status.success(), "{}", String::from_utf8_lossy(&finished.stderr));
    assert!(!String::from_utf8_lossy(&finished.stdout).contains("differs"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planted_difference_is_found() {
    let Some(world) = World::new().await else { return };
    assert!(world.run(&["--finish"]).status.success());
    assert!(world.run(&["--check"]).status.success());
    for (table, plant) in [
        ("tally_hour", "update tally_hour set seconds = seconds + 1"),
        ("article", "update article set title = title || ' ' where id = 'b'"),
        ("image_file", "update image_file set content = set_byte(content, 99999, 1)"),
        ("rating", "delete from rating where not useful"),
    ] {
        world.change(plant).await;
        let checked = world.run(&["--check"]);
        let out = String::from_utf8(checked.stdout).unwrap();
        assert_eq!(checked.status.code(), Some(1), "{out}");
        let differs = |line: &str| line.starts_with(table) && line.ends_with("differs");
        assert!(out.lines().any(differs), "{table}: {out}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_database_holds_of_its_own_is_not_lost() {
    let Some(world) = World::new().await else { return };
    let store = world.target().await.unwrap();
    let own = article(r#"{"id":"own","title":"A","language":"vi"}"#);
    store.save_articles(&[own], &Author::import()).await.unwrap();
    let refused = [world.copy().await.err(), world.finish().await.err()];
    for error in refused.map(Option::unwrap) {
        assert!(error.to_string().contains("not empty"), "{error:#}");
    }
    assert!(store.article(&id("own")).await.unwrap().is_some());
    store.ping().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_table_is_moved_or_stays_behind_for_a_reason() {
    let Some(world) = World::new().await else { return };
    let moved = world.finish().await.unwrap();
    let mut accounted: BTreeSet<String> =
        moved.iter().map(|table| table.table.to_owned()).collect();
    // Who is logged in logs in again; the rest is what servers of one database tell each other, and the move's own.
    let behind = ["session", "lease", "feedback_turn", "schema_version", "moving"];
    accounted.extend(behind.map(str::to_owned));
    let tables = "select tablename::text from pg_tables where schemaname = 'public'";
    let found = postgres::connect(&world.to).await.query(tables, &[]).await.unwrap();
    assert_eq!(found.iter().map(|row| row.get(0)).collect::<BTreeSet<String>>(), accounted);
    // The logs become windows. How far their counters are in the tables, and which articles' pictures are not
    // followed yet, is settled before.
    accounted.extend(["view_log", "share_log"].map(str::to_owned));
    let settled = ["tally_through", "article_without_images", "sqlite_sequence"];
    let file = rusqlite::Connection::open(world.path()).unwrap();
    let mut tables = file.prepare("select name from sqlite_schema where type = 'table'").unwrap();
    let found = tables.query_map([], |row| row.get(0)).unwrap();
    for table in found.collect::<rusqlite::Result<Vec<String>>>().unwrap() {
        assert!(accounted.contains(&table) || settled.contains(&table.as_str()), "{table}");
    }
}
