//! `article-server import` of many articles, and what becomes of it when something goes wrong in between.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};

use crate::process::{Process, begin, peak_bytes, run, run_with_input};
use crate::sql::{self, number};
use crate::support::article;

/// What an import may take of memory, whatever its length: the database's own cache, which is of 64 MiB and fills
/// only with many articles, …
const CACHE: u64 = 64 << 20;
/// … and this, in a build for tests.
const MEMORY: u64 = 80 << 20;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// One line an article, each of about 5 kB.
fn lines(count: usize) -> String {
    let paragraph = "Người trồng hoa ở đầu làng dậy từ bốn giờ sáng để tưới vườn cúc. ".repeat(4);
    let body: Vec<Value> =
        (0..12).map(|_| json!({ "kind": "paragraph", "content": [paragraph.clone()] })).collect();
    let mut lines = String::new();
    for number in 0..count {
        let article = json!({
            "id": format!("bai-{number:06}"),
            "title": format!("Làng hoa bên sông, kỳ {number}"),
            "language": "vi",
            "published": "2024-11-27T08:30:00+07:00",
            "body": body,
        });
        writeln!(lines, "{article}").unwrap();
    }
    lines
}

fn file(folder: &Path, name: &str, content: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn import(folder: &Path, inputs: &[&Path]) -> Output {
    let inputs: Vec<&str> = inputs.iter().map(|path| path.to_str().unwrap()).collect();
    run("import", folder, &inputs)
}

fn articles(folder: &Path) -> i64 {
    number(folder, "select count(*) from article")
}

/// Imports as many, in so much memory.
fn import_many(count: usize, memory: u64) {
    let folder = tempfile::tempdir().unwrap();
    let many = file(folder.path(), "many.ndjson", &lines(count));
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    let begun = Instant::now();
    let (to, told) = (File::create(&out).unwrap(), File::create(&err).unwrap());
    let mut child = begin("import", folder.path(), &[many.to_str().unwrap()], to, told);
    let peak = peak_bytes(&mut child);
    let elapsed = begun.elapsed();
    assert!(child.wait().unwrap().success());
    println!("{count} articles in {elapsed:?}, at most {} MiB", peak >> 20);
    assert!((1..memory).contains(&peak), "{peak} bytes");
    let told = std::fs::read_to_string(&err).unwrap();
    assert_eq!(
        told,
        format!("{count} new, 0 updated, 0 unchanged\n"),
        "no bar where no terminal is"
    );
    let ids = std::fs::read_to_string(&out).unwrap();
    assert!(ids.lines().enumerate().all(|(number, id)| id == format!("bai-{number:06}")));
    assert_eq!(ids.lines().count(), count);
    assert_eq!(articles(folder.path()), i64::try_from(count).unwrap());
    let again = import(folder.path(), &[&many]);
    assert_eq!(text(&again.stderr), format!("0 new, 0 updated, {count} unchanged\n"));
}

#[test]
fn memory_does_not_grow_with_what_is_imported() {
    import_many(2_000, MEMORY);
}

#[test]
#[ignore = "long: a hundred thousand articles"]
fn memory_does_not_grow_with_a_hundred_thousand_articles() {
    import_many(100_000, MEMORY + CACHE);
}

#[test]
fn nothing_is_saved_of_an_input_that_is_broken_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "a.ndjson", &lines(600));
    for (broken, reason) in [
        (r#"{"id":"z","title":"","language":"vi"}"#, "article 601: title: is missing"),
        (r#"{"id":"z","title":"#, "has no end"),
        ("z", "not what stands in a run"),
        (&lines(1), "the id bai-000000 comes twice"),
    ] {
        let whole = [&lines(600), broken].concat();
        let whole = file(folder.path(), "broken.ndjson", &whole);
        let output = import(folder.path(), &[&whole]);
        let told = text(&output.stderr);
        assert!(!output.status.success() && output.stdout.is_empty(), "{told}");
        assert!(told.contains("broken.ndjson") && told.contains(reason), "{told}");
        assert_eq!(told.matches(reason).count(), 1, "{told}");
        let other = file(folder.path(), "z.ndjson", broken);
        let output = import(folder.path(), &[&good, &other]);
        assert!(!output.status.success(), "of two inputs, one is broken");
    }
    assert!(!folder.path().join("test.sqlite3").exists(), "not even a database was made");
}

#[test]
fn an_array_is_taken_one_by_one_too_and_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let array = format!("[{}]", lines(300).trim_end().replace('\n', ",\n"));
    let path = file(folder.path(), "array.json", &array);
    let output = run_with_input("import", folder.path(), &["-"], File::open(path).unwrap());
    assert_eq!(text(&output.stderr), "300 new, 0 updated, 0 unchanged\n");
    assert_eq!(articles(folder.path()), 300);
}

/// `article-server import <(zcat all.ndjson.gz)`: such a file can be read but once.
#[test]
fn what_comes_through_a_pipe_of_the_shell_is_saved_too() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let to = pipe.clone();
    let writer = std::thread::spawn(move || std::fs::write(to, lines(300)).unwrap());
    let output = import(folder.path(), &[&pipe]);
    writer.join().unwrap();
    assert_eq!(text(&output.stderr), "300 new, 0 updated, 0 unchanged\n");
    assert_eq!(articles(folder.path()), 300);
}

#[test]
fn several_inputs_are_one_import() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("folder");
    std::fs::create_dir(&inner).unwrap();
    file(&inner, "b.json", &article("b").to_string());
    file(&inner, "c.jpg", "no article");
    let a = file(folder.path(), "a.json", &serde_json::to_string_pretty(&article("a")).unwrap());
    let output = import(folder.path(), &[&a, &inner]);
    assert_eq!(text(&output.stdout), "a\nb\n");
    assert!(text(&output.stderr).contains("c.jpg: by its name no article"));
    let missing = import(folder.path(), &[&a, Path::new("/no/such/file")]);
    assert!(!missing.status.success() && text(&missing.stderr).contains("/no/such/file"));
}

/// What a terminal's user does, or a machine that is switched off.
#[test]
fn an_import_that_is_killed_has_saved_whole_articles_and_the_next_saves_the_rest() {
    const COUNT: usize = 3_000;
    let folder = tempfile::tempdir().unwrap();
    let many = file(folder.path(), "many.ndjson", &lines(COUNT));
    let out = folder.path().join("out");
    let (to, told) = (File::create(&out).unwrap(), tempfile::tempfile().unwrap());
    let mut child = begin("import", folder.path(), &[many.to_str().unwrap()], to, told);
    let begun = Instant::now();
    while std::fs::metadata(&out).unwrap().len() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "it prints what it has saved");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let printed = std::fs::read_to_string(&out).unwrap().lines().count();
    let saved = usize::try_from(articles(folder.path())).unwrap();
    assert!((1..COUNT).contains(&saved), "{saved}: it was killed in between");
    assert!(printed <= saved, "{printed} printed, {saved} saved");
    for [json] in sql::rows(folder.path(), "select json from article") {
        let article: Value = serde_json::from_str(&json).unwrap();
        assert_ne!(article["body"][11], Value::Null, "it is whole");
    }
    let rest = import(folder.path(), &[&many]);
    let told = format!("{} new, 0 updated, {saved} unchanged\n", COUNT - saved);
    assert_eq!(text(&rest.stderr), told);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_counts_on_while_articles_are_imported() {
    let folder = tempfile::tempdir().unwrap();
    let first = file(folder.path(), "a.json", &article("a").to_string());
    assert!(import(folder.path(), &[&first]).status.success());
    let server = Process::start(folder.path(), &[]);
    let many = file(folder.path(), "many.ndjson", &lines(2_000));
    let to = tempfile::tempfile().unwrap();
    let told = tempfile::tempfile().unwrap();
    let mut child = begin("import", folder.path(), &[many.to_str().unwrap()], to, told);
    let client = Client::new();
    let (mut views, mut slowest) = (0_u128, Duration::ZERO);
    while child.try_wait().unwrap().is_none() {
        let view = json!({ "article": "a", "view": uuid(views).to_string(), "page": "https://partner.example/" });
        let begun = Instant::now();
        let answer = client
            .post(format!("{}/v1/views", server.url))
            .header("x-forwarded-for", format!("198.51.{}.{}", views / 250, 1 + views % 250))
            .header(
                "user-agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            )
            .body(view.to_string())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 202);
        slowest = slowest.max(begun.elapsed());
        views += 1;
    }
    assert!(child.wait().unwrap().success());
    println!("{views} views while 2,000 articles came; the slowest took {slowest:?}");
    assert!(views > 10, "{views}");
    let last = format!("{}/v1/articles/bai-001999", server.url);
    assert_eq!(client.get(last).send().await.unwrap().status(), 200, "readers have them at once");
    server.stop();
    let counted = i64::try_from(views).unwrap();
    assert_eq!(number(folder.path(), "select sum(counted) from tally_hour"), counted);
}

fn uuid(number: u128) -> uuid::Uuid {
    uuid::Builder::from_random_bytes((number + 1).to_be_bytes()).into_uuid()
}
