//! What the command says on standard error, and what it leaves as it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::json;

/// Runs the program on the database of the folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let database = format!("sqlite:{}", folder.join("test.sqlite3").display());
    Command::new(env!("CARGO_BIN_EXE_article-server"))
        .args(arguments)
        .args(["--database", &database])
        .current_dir(folder)
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn saved(folder: &Path) -> String {
    let output = run(folder, &["export", "articles"]);
    assert!(output.status.success(), "{}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn two_feeds_with_the_same_ids_do_not_overwrite_each_other() {
    let folder = tempfile::tempdir().unwrap();
    for site in ["a", "b"] {
        let rss = format!(
            "<rss version=\"2.0\"><channel><title>{site}</title><link>https://{site}.example/</link>
             <item><title>Bài của {site}</title><guid isPermaLink=\"false\">1</guid>
             <description>Mưa.</description></item></channel></rss>"
        );
        fs::write(folder.path().join(format!("{site}.xml")), rss).unwrap();
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1", "home_page_url": format!("https://{site}.example/"),
            "items": [{ "id": 2, "title": format!("Tin của {site}"), "content_text": "Nắng." }],
        });
        fs::write(folder.path().join(format!("{site}.json")), feed.to_string()).unwrap();
    }
    let files = ["import", "a.xml", "b.xml", "a.json", "b.json"];
    let first = run(folder.path(), &files);
    assert!(told(&first).contains("4 new"), "{}", told(&first));
    assert!(told(&run(folder.path(), &files)).contains("4 unchanged"));
}

#[test]
fn an_import_shows_nothing_again_that_was_withdrawn_unless_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let article = json!({ "id": "a", "title": "Tựa", "language": "vi" }).to_string();
    fs::write(folder.path().join("a.json"), article).unwrap();
    run(folder.path(), &["import", "a.json"]);
    assert!(
        run(folder.path(), &["withdraw", "a", "--public-url", "https://news.example"])
            .status
            .success()
    );
    let kept = run(folder.path(), &["import", "a.json"]);
    assert!(kept.status.success() && told(&kept).contains("1 withdrawn, and kept so"), "{kept:?}");
    assert!(saved(folder.path()).contains("canceled"));
    let shown = run(folder.path(), &["import", "--even-withdrawn", "a.json"]);
    assert!(told(&shown).contains("1 updated") && !told(&shown).contains("kept"), "{shown:?}");
    assert!(!saved(folder.path()).contains("canceled"));
}

#[test]
fn a_picture_that_nobody_can_find_leaves_its_words_and_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let markdown = "---\ntitle: Mùa cúc\nimage: /anh/mai.jpg\nid: mua-cuc\n---\n\nĐoạn đầu.\n\n\
                    ![Sống lưng](/anh/lung.jpg)\n\n![Xa](https://x.example/a.jpg)\n";
    fs::write(folder.path().join("a.md"), markdown).unwrap();
    let text = "Cúc vàng nở dọc triền đê, người làng ra đồng từ sớm. ".repeat(12);
    let html = format!(
        "<html lang=vi><title>Đò ngang</title><article><h1>Đò ngang</h1><p>{text}</p><figure>\
         <img src=\"anh/do.jpg\" alt=\"Con đò\"><figcaption>Đò cập bến</figcaption></figure>\
         <p>{text}</p></article>"
    );
    fs::write(folder.path().join("b.html"), html).unwrap();
    let output = run(folder.path(), &["import", "a.md", "b.html"]);
    let line = "3 pictures with relative addresses left out; give the page's URL as --base URL";
    assert!(told(&output).contains(line), "{}", told(&output));
    let export = saved(folder.path());
    assert!(export.contains("Sống lưng") && export.contains("Đò cập bến"), "{export}");
    assert!(!export.contains("lung.jpg") && !export.contains("mai.jpg"), "{export}");
    let base = ["import", "--base", "https://bao.example/tin/", "a.md", "b.html"];
    assert!(!told(&run(folder.path(), &base)).contains("left out"));
    let export = saved(folder.path());
    for url in ["/anh/lung.jpg", "/anh/mai.jpg", "/tin/anh/do.jpg"] {
        assert!(export.contains(&format!("https://bao.example{url}")), "{url}: {export}");
    }
}

#[test]
fn a_refusal_is_one_line_with_the_cause_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), "{\"id\":\"a\",\"language\":\"vi\"}").unwrap();
    let output = run(folder.path(), &["import", "a.json"]);
    let line = "Error: a.json: taken for the contract's JSON: article 1: title: is missing\n";
    assert_eq!(told(&output), line);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn an_error_of_wordpress_is_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let answer =
        json!({ "code": "rest_no_route", "message": "Không có.", "data": { "status": 404 } });
    fs::write(folder.path().join("a.json"), answer.to_string()).unwrap();
    let told = told(&run(folder.path(), &["import", "a.json"]));
    assert!(
        told.contains("rest_no_route: an error of WordPress, and no post: Không có."),
        "{told}"
    );
}
