//! `article-server export`: what leaves, and that it comes back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use article_server::revision::Author;
use article_server::store;
use article_server::time::Calendar;
use serde_json::{Value, json};

use crate::process::{Process, run};
use crate::sql;
use crate::support::{article, config, with};

fn export(folder: &Path, more: &[&str]) -> String {
    let output = run("export", folder, more);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is in the lines of each kind.
fn by_kind(export: &str) -> BTreeMap<String, Vec<Value>> {
    let mut kinds = BTreeMap::<String, Vec<Value>>::new();
    for line in export.lines() {
        let line: serde_json::Map<String, Value> = serde_json::from_str(line).unwrap();
        assert_eq!(line.len(), 1, "{line:?}");
        let (kind, content) = line.into_iter().next().unwrap();
        kinds.entry(kind).or_default().push(content);
    }
    kinds
}

/// Three articles, one of them printed over several lines, one withdrawn, one with what we do not know.
fn import_some(folder: &Path) {
    let pretty = serde_json::to_string_pretty(&article("a")).unwrap();
    let gone = with(article("b"), json!({ "status": "canceled" })).to_string();
    let odd = with(article("c"), json!({ "of_tomorrow": { "deep": [1.50, "x"] } })).to_string();
    let path = folder.join("some.json");
    fs::write(&path, [pretty, gone, odd].join("\n")).unwrap();
    assert!(run("import", folder, &[path.to_str().unwrap()]).status.success());
}

#[test]
fn articles_leave_and_come_back_unchanged() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    import_some(here.path());
    for what in ["articles", "everything"] {
        let exported = export(here.path(), &[what]);
        let file = here.path().join(what);
        fs::write(&file, &exported).unwrap();
        let same = run("import", here.path(), &[file.to_str().unwrap()]);
        let told = String::from_utf8(same.stderr).unwrap();
        assert_eq!(told, "0 new, 0 updated, 3 unchanged\n", "{what}");
        let over = run("import", there.path(), &[file.to_str().unwrap()]);
        assert_eq!(String::from_utf8(over.stdout).unwrap(), "a\nb\nc\n", "{what}");
    }
    let articles = export(here.path(), &["articles"]);
    assert_eq!(articles, export(there.path(), &["articles"]));
    let lines: Vec<&str> = articles.lines().collect();
    assert_eq!(lines.len(), 3, "one line each");
    assert!(lines[2].ends_with(r#""of_tomorrow":{"deep":[1.5,"x"]}}"#), "{}", lines[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_was_acknowledged_is_in_an_export_made_beside_the_server() {
    let folder = tempfile::tempdir().unwrap();
    import_some(folder.path());
    let server = Process::start(folder.path(), &[]);
    let client = reqwest::Client::new();
    let view = json!({
        "article": "a", "view": "6f1c1c7e-0d6a-4a3e-9d3e-6b1f0c9a0001",
        "page": "https://partner.example/tin", "seconds": 40, "depth": 100,
    });
    let share = json!({
        "article": "a", "share": "6f1c1c7e-0d6a-4a3e-9d3e-6b1f0c9a0002",
        "page": "https://partner.example/tin", "channel": "zalo",
    });
    for (path, report) in [("views", view), ("shares", share)] {
        let request = client.post(format!("{}/v1/{path}", server.url)).body(report.to_string());
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(request.header("user-agent", agent).send().await.unwrap().status(), 202);
    }
    let kinds = by_kind(&export(folder.path(), &[]));
    server.stop();
    assert_eq!(kinds["article"].len(), 3);
    let views = &kinds["views"];
    assert_eq!(views.len(), 1);
    assert_eq!(views[0]["article"], "a");
    assert_eq!(views[0]["partner"], "https://partner.example");
    assert_eq!((&views[0]["raw"], &views[0]["views"]), (&json!(1), &json!(1)));
    assert_eq!((&views[0]["seconds"], &views[0]["depth"]), (&json!(40), &json!(100)));
    assert_eq!(kinds["shares"][0]["channel"], "zalo");
    assert_eq!(kinds["shares"][0]["shares"], 1);
    let origins: Vec<_> = kinds["partner"].iter().map(|partner| &partner["origin"]).collect();
    assert!(origins.contains(&&json!("https://partner.example")), "{origins:?}");
    assert!(kinds["consent"].iter().all(|consent| consent["text"].is_string()));
}

#[tokio::test]
async fn earlier_states_leave_with_who_made_them_and_letters_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    import_some(folder.path());
    let settings = config(folder.path());
    let store = store::open(&settings.database, &Calendar::new(settings.time_zone)).await.unwrap();
    let changed = with(article("a"), json!({ "title": "Một tựa đề khác" })).to_string();
    let changed = article_server::article::StoredArticle::from_json(&changed).unwrap();
    store.save_articles(&[changed], &Author::command()).await.unwrap();
    store.close().await.unwrap();
    let [one, two, three] = ["01", "02", "03"].map(sql::bytes);
    let letter = format!(
        "insert into feedback
            (at, idempotency_key, content_hash, secret_hash, reference, article, page, kind, name, email,
             phone, title, message, consent)
        values (0, 'k', {one}, {two}, 'R-1', 'a', '', 'comment', 'Minh Anh', 'minh@example.vn', '', 'Tựa',
             'Bài hay.', '1');
        insert into rating values ({three}, 0, 'a', '', true, 'lời của Minh Anh');"
    );
    sql::run(folder.path(), &letter);

    let without = export(folder.path(), &[]);
    let kinds = by_kind(&without);
    let states: Vec<_> = kinds["revision"].iter().filter(|state| state["article"] == "a").collect();
    assert_eq!(states.len(), 2);
    assert_eq!((&states[0]["number"], &states[0]["saved_by"]), (&json!(1), &json!("import")));
    assert_eq!(states[0]["content"]["title"], "Tựa đề của a");
    assert_eq!((&states[1]["number"], &states[1]["saved_by"]), (&json!(2), &json!("command")));
    assert!(states[1].get("content").is_none(), "that one is the article's own line");
    assert!(!without.contains("Minh Anh") && !without.contains("minh@example.vn"));
    assert_eq!(kinds["rating"].len(), 1, "that it was of use is nobody's name");

    let file = folder.path().join("all.ndjson");
    export(folder.path(), &["--with-feedback", "--output", file.to_str().unwrap()]);
    let with = by_kind(&fs::read_to_string(&file).unwrap());
    assert_eq!(with["feedback"][0]["email"], "minh@example.vn");
    assert_eq!(with["feedback"][0]["received_at"], "1970-01-01T00:00:00Z");
    assert_eq!(with["rating"][0]["word"], "lời của Minh Anh");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let again = run("export", folder.path(), &["--output", file.to_str().unwrap()]);
    assert!(!again.status.success(), "no file is replaced");
    let back = run("import", folder.path(), &[file.to_str().unwrap()]);
    let told = String::from_utf8(back.stderr).unwrap();
    assert_eq!(told, "0 new, 0 updated, 3 unchanged\n", "import takes the articles out of it");
}

#[test]
fn no_secret_leaves() {
    let folder = tempfile::tempdir().unwrap();
    import_some(folder.path());
    let made = run("token", folder.path(), &["create", "--name", "cms", "--scope", "stats:read"]);
    assert!(made.status.success());
    let exported = export(folder.path(), &["--with-feedback"]);
    let hash = "select hash from token where name = 'cms'";
    let hash = sql::text(folder.path(), hash);
    assert_eq!(hash.len(), 64);
    assert!(!exported.contains(&hash) && !exported.contains("cms"));
    assert!(!by_kind(&exported).contains_key("token"));
}
