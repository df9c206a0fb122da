//! What somebody had erased stays erased: by the list that is kept apart from the database.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};

use article_server::clock::{Clock as _, SystemClock};
use article_server::forms::Ticket;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::letter::{configured, filled_in, hidden, letter, send, send_form, ticket};
use crate::postgres::is_elsewhere;
use crate::process::{Process, backup, database, restore};
use crate::sql::{self, change, number};
use crate::support::{Server, article, header, problem, save};

const PLACE: &str = "203.0.113.7";

/// The list of the folder's database.
fn list(folder: &Path) -> PathBuf {
    folder.join("test.sqlite3.erased")
}

fn letters(folder: &Path) -> i64 {
    number(folder, "select count(*) from feedback")
}

/// Sends a letter: its private link's path.
async fn write(server: &Server) -> String {
    let receipt: Value = send(server, PLACE, &filled_in()).await.json().await.unwrap();
    receipt["url"].as_str().unwrap().strip_prefix(&server.url).unwrap().to_owned()
}

/// The same by the process's real connection.
async fn write_to(server: &Process) -> String {
    let request = reqwest::Client::new().post(format!("{}/v1/feedback", server.url));
    let request = request.header("idempotency-key", crate::letter::new_key());
    let response = request.header("x-forwarded-for", PLACE).json(&filled_in()).send().await;
    let receipt: Value = response.unwrap().json().await.unwrap();
    receipt["url"].as_str().unwrap().strip_prefix(&server.url).unwrap().to_owned()
}

async fn status(server: &Process, method: &str, path: &str) -> u16 {
    let url = format!("{}{path}", server.url);
    let request = reqwest::Client::new().request(method.parse().unwrap(), url);
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn who_erases_is_on_the_list_by_a_name_that_tells_nothing() {
    let server = configured(|_| {}).await;
    let folder = server.folder.path().to_owned();
    let (first, second) = (write(&server).await, write(&server).await);
    assert!(!list(&folder).exists(), "there is none before it is needed");
    let unknown = server.request("DELETE", "/v1/feedback/unknown").send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    assert!(!list(&folder).exists(), "what there never was makes it no longer");

    assert_eq!(server.request("DELETE", &first).send().await.unwrap().status(), 204);
    assert_eq!(server.request("POST", &second).send().await.unwrap().status(), 200);
    let text = fs::read_to_string(list(&folder)).unwrap();
    let today = jiff::Timestamp::from_second(SystemClock.now()).unwrap().to_string();
    let expected = [first, second].map(|path| {
        let secret = path.rsplit_once('/').unwrap().1.to_owned();
        format!("{} {}", hex::encode(Sha256::digest(Sha256::digest(secret))), &today[..10])
    });
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    assert_eq!(letters(&folder), 0);
}

/// The list is read from the disk: nobody has that done as often as they like.
#[tokio::test]
async fn what_was_erased_and_is_sent_again_counts_as_a_letter() {
    let server = configured(|_| {}).await;
    let key = crate::letter::new_key();
    let send = async || letter(&server, PLACE, &key, &filled_in()).send().await.unwrap();
    let receipt: Value = send().await.json().await.unwrap();
    let link = receipt["url"].as_str().unwrap().strip_prefix(&server.url).unwrap();
    assert_eq!(server.request("DELETE", link).send().await.unwrap().status(), 204);
    for _ in 0..2 {
        problem(send().await, 409).await;
    }
    let details = problem(send().await, 429).await;
    assert!(details["proof"].is_object(), "the place has had its three letters");
}

#[tokio::test]
async fn what_was_erased_and_is_sent_again_is_another_letter() {
    let server = configured(|_| {}).await;
    let folder = server.folder.path().to_owned();
    let key = crate::letter::new_key();
    let send = async || letter(&server, PLACE, &key, &filled_in()).send().await.unwrap();
    let receipt: Value = send().await.json().await.unwrap();
    let link = receipt["url"].as_str().unwrap().strip_prefix(&server.url).unwrap();
    assert_eq!(server.request("DELETE", link).send().await.unwrap().status(), 204);
    problem(send().await, 409).await;

    let ticket = ticket(&server, 60).await;
    let html = send_form(&server, PLACE, &ticket, &[]).await.text().await.unwrap();
    let link = html.split("class=\"secret\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let link = link.strip_prefix(&server.url).unwrap();
    assert_eq!(server.request("POST", link).send().await.unwrap().status(), 200);
    let again = send_form(&server, PLACE, &ticket, &[]).await;
    assert_eq!(again.status(), 409);
    let html = again.text().await.unwrap();
    let of = |name| hidden(&html, name);
    let next =
        Ticket { key: of("key"), time: of("time").parse().unwrap(), signature: of("signature") };
    assert_eq!(send_form(&server, PLACE, &next, &[]).await.status(), 201);
    let server = Server::over(server.stop().await, "0.1.0-test").await;
    assert_eq!(server.get("/healthz").await.status(), 200);
    assert_eq!(letters(&folder), 1, "what was acknowledged outlives the next start");
}

#[tokio::test]
async fn where_the_list_cannot_be_written_nothing_is_erased() {
    let apart = tempfile::tempdir().unwrap();
    // A folder is no file: it can neither be written nor read as one, also not by root.
    let path = apart.path().join("erased");
    let named = path.clone();
    let server = configured(|config| config.erasures = Some(named)).await;
    let link = write(&server).await;
    fs::create_dir(&path).unwrap();
    for method in ["DELETE", "POST"] {
        let response = server.request(method, &link).send().await.unwrap();
        assert_eq!(response.status(), 503, "{method}");
        assert_ne!(header(&response, "retry-after"), "");
    }
    let page = server.request("POST", &link).header("accept", "text/html").send().await.unwrap();
    assert!(page.text().await.unwrap().contains("<h1>Máy chủ đang bận"));
    assert_eq!(server.get(&link).await.status(), 200, "it is still there");
    fs::remove_dir(&path).unwrap();
    assert_eq!(server.request("DELETE", &link).send().await.unwrap().status(), 204);
    assert!(path.is_file());
}

#[tokio::test]
async fn a_list_that_cannot_be_read_keeps_the_server_from_starting() {
    let server = configured(|_| {}).await;
    write(&server).await;
    let folder = server.stop().await;
    fs::create_dir(list(folder.path())).unwrap();
    let server = Server::over(folder, "0.1.0-test").await;
    assert!(server.fails().await.contains("cannot be erased again"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_put_back_by_hand_forgets_what_was_erased_since() {
    if is_elsewhere() {
        return;
    }
    let (folder, copy, erased, kept) = erased_since_the_backup().await;
    fs::copy(&copy, database(folder.path())).unwrap();
    assert_eq!(letters(folder.path()), 2, "it has come back");
    let server = Process::start(folder.path(), &[]);
    assert_eq!(status(&server, "GET", &erased).await, 404);
    assert_eq!(status(&server, "GET", &kept).await, 200);
    let log = String::from_utf8(server.stop()).unwrap();
    assert!(log.contains("erased again what a backup had brought back"), "{log}");
    assert_eq!(letters(folder.path()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_never_stands_there_with_what_was_erased_since() {
    if is_elsewhere() {
        return;
    }
    let (folder, copy, erased, kept) = erased_since_the_backup().await;
    change_copy(&copy);
    let stands = restore(folder.path(), &copy, &[]);
    let reason = String::from_utf8_lossy(&stands.stderr);
    assert!(!stands.status.success() && reason.contains("--force"), "{reason}");

    let restored = restore(folder.path(), &copy, &["--force"]);
    let said = String::from_utf8_lossy(&restored.stderr);
    assert!(restored.status.success() && said.contains("names 1 letters, 1 of them"), "{said}");
    assert_eq!(letters(folder.path()), 1);
    assert_eq!(number(folder.path(), "select count(*) from outbox"), 0, "nothing leaves twice");
    assert_eq!(number(folder.path(), "select count(*) from session"), 0, "nobody is logged in");
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &fs::metadata(database(folder.path())).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    let server = Process::start(folder.path(), &[]);
    assert_eq!(status(&server, "GET", &erased).await, 404);
    assert_eq!(status(&server, "GET", &kept).await, 200);
    server.stop();
    assert_eq!(letters_of(&copy), 2, "the copy stays as it is");
}

/// As a service's user, whose folder root alone can look into besides.
#[tokio::test(flavor = "multi_thread")]
async fn what_root_restores_belongs_to_whom_the_server_runs_as() {
    const NOBODY: u32 = 65_534;
    if is_elsewhere() {
        return;
    }
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root gives files away");
        return;
    }
    let (folder, copy, _, _) = erased_since_the_backup().await;
    let path = database(folder.path());
    let owner = || {
        let metadata = fs::metadata(&path).unwrap();
        (metadata.uid(), metadata.gid())
    };
    chown(&path, Some(NOBODY), Some(NOBODY)).unwrap();
    assert!(restore(folder.path(), &copy, &["--force"]).status.success());
    assert_eq!(owner(), (NOBODY, NOBODY), "it has the owner of what stood there");
    fs::remove_file(&path).unwrap();
    chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    assert!(restore(folder.path(), &copy, &[]).status.success());
    assert_eq!(owner(), (NOBODY, NOBODY), "it has the folder's");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_restored_leaves_the_database_as_it_was() {
    if is_elsewhere() {
        return;
    }
    let (folder, copy, _, kept) = erased_since_the_backup().await;
    let none = folder.path().join("none.db");
    let nothing = folder.path().join("nothing.db");
    fs::write(&nothing, b"").unwrap();
    let half = folder.path().join("half.db");
    let bytes = fs::read(&copy).unwrap();
    fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    for file in [&none, &nothing, &half] {
        let refused = restore(folder.path(), file, &["--force"]);
        assert!(!refused.status.success(), "{}", file.display());
    }
    let server = Process::start(folder.path(), &[]);
    let in_use = restore(folder.path(), &copy, &["--force"]);
    let reason = String::from_utf8_lossy(&in_use.stderr);
    assert!(!in_use.status.success() && reason.contains("stop it first"), "{reason}");
    assert_eq!(status(&server, "GET", &kept).await, 200);
    server.stop();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|of| of.unwrap().path()).collect();
    assert!(!left.iter().any(|path| path.extension().is_some_and(|kind| kind == "partial")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_broken_or_gone_is_restored() {
    if is_elsewhere() {
        return;
    }
    let (folder, copy, _, kept) = erased_since_the_backup().await;
    fs::write(database(folder.path()), b"what is left of a database after a disk has died")
        .unwrap();
    assert!(restore(folder.path(), &copy, &["--force"]).status.success());
    assert_eq!(letters(folder.path()), 1);
    fs::remove_file(database(folder.path())).unwrap();
    // Of the one that is gone; SQLite would take it for the new one's.
    fs::write(folder.path().join("test.sqlite3-wal"), b"old").unwrap();
    assert!(restore(folder.path(), &copy, &[]).status.success());
    let server = Process::start(folder.path(), &[]);
    assert_eq!(status(&server, "GET", &kept).await, 200);
}

#[tokio::test]
async fn a_start_drops_old_lines_of_the_list() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let name = |digit: &str| digit.repeat(64);
    let day = |ago: i64| {
        let at = jiff::Timestamp::from_second(SystemClock.now() - ago * 86_400).unwrap();
        at.to_string()[..10].to_owned()
    };
    let (old, young) = (day(365 + 32), day(365 + 30));
    fs::write(list(folder.path()), format!("{} {old}\n{} {young}\n", name("a"), name("b")))
        .unwrap();
    let server = Server::over(folder, "0.1.0-test").await;
    assert_eq!(server.get("/healthz").await.status(), 200);
    let folder = server.stop().await;
    let text = fs::read_to_string(list(folder.path())).unwrap();
    assert_eq!(text, format!("{} {young}\n", name("b")));
}

#[tokio::test]
async fn feedback_and_the_words_of_ratings_go_when_they_are_a_year_old() {
    let server = configured(|_| {}).await;
    let (old, young) = (write(&server).await, write(&server).await);
    let folder = server.stop().await;
    let year = 365 * 86_400;
    let now = SystemClock.now();
    change(folder.path(), &format!("update feedback set at = {now} - {year} - 60 where no = 1"));
    change(folder.path(), &format!("update feedback set at = {now} - {year} + 60 where no = 2"));
    for (number, age) in [(1, year + 60), (2, year - 60)] {
        let name = sql::bytes(&format!("0{number}"));
        let values = format!("{name}, {now} - {age}, 'a', '', true, 'vì hay'");
        change(folder.path(), &format!("insert into rating values ({values})"));
    }
    let server = Server::over(folder, "0.1.0-test").await;
    assert_eq!(server.get(&old).await.status(), 404);
    assert_eq!(server.get(&young).await.status(), 200);
    let words = |sql: &str| number(server.folder.path(), sql);
    assert_eq!(words("select count(*) from rating"), 2);
    assert_eq!(words("select count(*) from rating where word <> ''"), 1);
}

#[tokio::test]
async fn every_text_of_consent_that_was_shown_is_kept() {
    let server = configured(|_| {}).await;
    write(&server).await;
    let folder = server.stop().await;
    let config = crate::support::config(folder.path());
    let config =
        article_server::config::Config { controller: Some("Báo Khác".to_owned()), ..config };
    let server = Server::configured(folder, "0.1.0-test", config).await;
    assert_eq!(server.get("/healthz").await.status(), 200);
    let count = |sql: &str| number(server.folder.path(), sql);
    assert_eq!(count("select count(*) from consent_text"), 4, "two languages, two controllers");
    let given = "select count(*) from feedback join consent_text on version = consent
                 where text like '%Báo Ví Dụ%365%'";
    assert_eq!(count(given), 1, "what this sender agreed to");
}

/// A folder whose database has been copied and then lost a letter: the copy, the link of the letter that
/// was erased, and that of one that was not.
async fn erased_since_the_backup() -> (TempDir, PathBuf, String, String) {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), &[article("a")]).await;
    let server = Process::start(folder.path(), &[]);
    let (erased, kept) = (write_to(&server).await, write_to(&server).await);
    let copy = folder.path().join("copy.db");
    let made = backup(folder.path(), &copy);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(status(&server, "DELETE", &erased).await, 204);
    server.stop();
    assert_eq!((letters(folder.path()), letters_of(&copy)), (1, 2));
    (folder, copy, erased, kept)
}

fn letters_of(path: &Path) -> i64 {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection.query_row("select count(*) from feedback", [], |row| row.get(0)).unwrap()
}

/// What waited to be sent, and who was logged in, when the copy was made.
fn change_copy(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "insert into outbox (kind, lane, key, feedback, recipient, language, made_at, due_at)
             values ('hook', 'call', 'k', 2, 'http://127.0.0.1:9/', 'vi', 0, 0);
             insert into person values ('lan', 'editor', 'none', 0);
             insert into session values (x'01', 'lan', 0, 0);",
        )
        .unwrap();
}
