//! `article-server import` and what it reads.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::path::Path;
use std::process::{Command, Output};

use article_server::article::StoredArticle;
use article_server::cli::Format;
use article_server::import::{ImportError, Input};
use article_widget::contract::{Article, BlockKind, Inline};
use serde_json::{Value, json};

#[path = "import/commands.rs"]
mod commands;
#[path = "import/formats.rs"]
mod formats;
#[path = "import/hostile.rs"]
mod hostile;
#[path = "../../tests/support/seed.rs"]
#[allow(dead_code, reason = "others ask for more")]
mod seed;

const PAGE: &str = "\
Chủ Nhật, 15/12/2024
Làng hoa bên sông: Người trồng hoa chuẩn bịmùa Tết
Những luống cúc đầu tiên ở đầu làng

Từ đầu tháng Mười, cả làng đã xuống giống.

Ông Ba đi thăm vườn mỗi sáng.
Chiều ông lại đi.

Nguồn: langhoa.example, ngày 3/2/2023

\u{a0}

Gửi cho bạn bè

Phản hồi

Thông tin người gửi phản hồi

Xem nhiều nhất
Một bài khác
Bài thứ hai";

fn read(bytes: &[u8], format: Format) -> Result<Vec<StoredArticle>, ImportError> {
    article_server::import::read(&Input { bytes, ..Input::default() }, format)
}

fn page(text: &str) -> Article {
    let articles = read(text.as_bytes(), Format::Auto).unwrap();
    articles[0].article().clone()
}

/// The body's paragraphs, their line ends as `\n`.
fn paragraphs(article: &Article) -> Vec<String> {
    let text = |inline: &Inline| match inline {
        Inline::Text(text) => text.clone(),
        _ => "\n".to_owned(),
    };
    let paragraph = |kind: &BlockKind| match kind {
        BlockKind::Paragraph(content) => content.iter().map(text).collect(),
        other => panic!("{other:?}"),
    };
    article.body.iter().map(|block| paragraph(&block.kind)).collect()
}

fn reason(input: impl AsRef<[u8]>, format: Format) -> String {
    read(input.as_ref(), format).unwrap_err().to_string()
}

#[test]
fn a_page_of_text_is_read_as_it_is_printed() {
    let article = page(PAGE);
    assert_eq!(article.dateline.as_deref(), Some("Chủ Nhật, 15/12/2024"));
    assert_eq!(article.title, "Làng hoa bên sông: Người trồng hoa chuẩn bịmùa Tết");
    let image = article.lead_image.as_ref().unwrap();
    assert!(image.sources.is_empty());
    assert_eq!(image.caption, [Inline::Text("Những luống cúc đầu tiên ở đầu làng".into())]);
    let expected = [
        "Từ đầu tháng Mười, cả làng đã xuống giống.",
        "Ông Ba đi thăm vườn mỗi sáng.\nChiều ông lại đi.",
    ];
    assert_eq!(paragraphs(&article), expected);
    let source = article.source.as_ref().unwrap();
    assert_eq!(source.name, "langhoa.example");
    assert_eq!(source.date.as_deref(), Some("2023-02-03"));
    assert_eq!(article.published.as_deref(), Some("2023-02-03"), "the only date that is known");
    assert_eq!((article.language.as_str(), article.updated), ("vi", None));
    let id = article.id.as_str();
    assert!(id.starts_with("lang-hoa-ben-song-nguoi-trong-hoa-chuan-bimua-tet-"), "{id}");
}

#[test]
fn line_ends_byte_order_mark_and_decomposed_letters_change_nothing() {
    use unicode_normalization::UnicodeNormalization as _;
    let decomposed: String = PAGE.nfd().collect();
    assert_ne!(decomposed, PAGE);
    let disguised = format!("\u{feff}\r\n{}", decomposed.replace('\n', "\r\n"));
    assert_eq!(page(&disguised), page(PAGE));
}

#[test]
fn every_part_but_title_and_text_may_be_missing() {
    let article = page("Một tựa đề\n\nMột đoạn văn.\n\nPhản hồi của bạn đọc rất nhiều.\n");
    assert_eq!(article.title, "Một tựa đề");
    assert_eq!((&article.dateline, &article.lead_image), (&None, &None));
    assert_eq!((&article.source, &article.published), (&None, &None), "nothing is guessed");
    assert_eq!(paragraphs(&article), ["Một đoạn văn.", "Phản hồi của bạn đọc rất nhiều."]);

    let undated = page("Một tựa đề\n\nMột đoạn văn.\n\nNguồn: https://bao.example/1\n\nPhản hồi");
    let source = undated.source.as_ref().unwrap();
    assert_eq!(source.url.as_deref(), Some("https://bao.example/1"));
    assert_eq!((source.date.as_ref(), undated.published.as_ref()), (None, None));
    assert_eq!(paragraphs(&undated), ["Một đoạn văn."]);
}

#[test]
fn a_long_line_below_the_title_is_no_caption() {
    let line = "Câu này dài. ".repeat(40);
    let article = page(&format!("Một tựa đề\n{line}\n\nĐoạn sau."));
    assert_eq!(article.lead_image, None);
    assert_eq!(paragraphs(&article).len(), 2);
}

#[test]
fn who_wrote_it_may_stand_below_the_source_and_a_quoted_source_stays_in_the_text() {
    let article = page("Tựa\n\nĐoạn.\n\nNguồn: A\n\nĐoạn hai.\n\nĐoạn ba.\n\nNguồn: B\n\nMinh Anh");
    assert_eq!(article.source.as_ref().unwrap().name, "B");
    let expected = ["Đoạn.", "Nguồn: A", "Đoạn hai.", "Đoạn ba.", "Minh Anh"];
    assert_eq!(paragraphs(&article), expected);
}

#[test]
fn what_is_no_page_is_refused_with_the_reason() {
    assert_eq!(reason("", Format::Text), "the text is empty");
    assert_eq!(reason("Chủ Nhật, 15/12/2024\n", Format::Text), "there is no title");
    assert_eq!(
        reason("Chỉ có tựa đề\n\nPhản hồi", Format::Text),
        "there is no text below the title"
    );
    assert_eq!(reason(b"T\xe1\xbb\n", Format::Text), "not UTF-8: byte 0xe1 at 1 (counted from 0)");
    assert!(reason("x".repeat((2 << 20) + 1), Format::Text).contains("2097152"));
}

fn contract() -> Value {
    json!({ "id": "a", "title": "Tựa", "language": "vi", "of_tomorrow": 1 })
}

#[test]
fn contract_json_is_kept_verbatim_one_or_many() {
    let one = read(contract().to_string().as_bytes(), Format::Auto).unwrap();
    assert_eq!(one[0].json().get(), contract().to_string());
    let mut other = contract();
    other["id"] = json!("b");
    let many = json!([contract(), other]).to_string();
    let many = read(many.as_bytes(), Format::Auto).unwrap();
    assert_eq!(many.iter().map(|article| article.id().as_str()).collect::<Vec<_>>(), ["a", "b"]);
}

#[test]
fn contract_json_without_id_and_language_gets_both_and_stays_otherwise_verbatim() {
    let own = "{\"title\" : \"Tựa\", \"of_tomorrow\": 1.50, \"dateline\": \"Huế\",
        \"source\": {\"name\": \"Báo\"}}";
    let input = Input { bytes: own.as_bytes(), ..Input::default() };
    let articles = article_server::import::read_in(&input, Format::Auto, "en").unwrap();
    let (article, json) = (articles[0].article(), articles[0].json().get());
    assert!(article.id.as_str().starts_with("tua-"), "{}", article.id);
    assert_eq!(article.language, "en");
    assert!(json.ends_with(&own[1..].replace('\n', " ")), "{json}");
    let again = read(json.as_bytes(), Format::Auto).unwrap();
    assert_eq!(again[0].json().get(), json);
    for (here, there) in [("Tựa", "Tựa khác"), ("Huế", "Vinh"), ("Báo", "Đài")] {
        let other = read(own.replace(here, there).as_bytes(), Format::Auto).unwrap();
        assert_ne!(other[0].id(), articles[0].id(), "{there}");
    }
    assert_eq!(
        reason(json!({ "id": null, "title": "x" }).to_string(), Format::Article).lines().count(),
        1
    );
}

#[test]
fn a_post_of_wordpress_has_one_id_by_its_interface_and_by_its_feed() {
    for guid in ["https://bao.example/?p=7", "tin-7"] {
        let post = json!({ "id": 7, "slug": "a", "guid": { "rendered": guid },
            "link": "https://bao.example/a/", "title": { "rendered": "A" },
            "content": { "rendered": "<p>Mưa.</p>" } });
        let rss = format!(
            "<rss version=\"2.0\"><channel><link>https://www.bao.example</link><item><title>A</title>\
             <guid isPermaLink=\"false\">{guid}</guid><link>https://bao.example/a/</link>\
             <description>Mưa.</description></item></channel></rss>"
        );
        let id = |input: &str| read(input.as_bytes(), Format::Auto).unwrap()[0].id().clone();
        assert_eq!(id(&post.to_string()), id(&rss), "{guid}");
    }
}

#[test]
fn contract_json_that_says_what_cannot_be_is_refused_with_the_field() {
    for (field, value, expected) in [
        ("id", json!("a/b"), "id: "),
        ("title", json!("  "), "title: "),
        ("language", json!(""), "language: "),
        ("alternates", json!({ "en": "" }), "alternates.en: "),
        ("published", json!("hôm qua"), "published: "),
        ("embargo", json!("2024-11-27T08:30"), "embargo: "),
        ("canonical_url", json!("javascript:alert(1)"), "canonical_url: "),
        (
            "lead_image",
            json!({ "sources": [{ "url": "//x.example/a.png" }] }),
            "lead_image.sources[0].url: ",
        ),
        ("corrections", json!([{ "at": "", "text": "" }]), "corrections[0].at: "),
        (
            "body",
            json!([{ "kind": "list", "items": [[{ "kind": "embed", "url": "ftp://x" }]] }]),
            "body[0].items[0][0].url: ",
        ),
    ] {
        let mut article = contract();
        article[field] = value;
        let reason = reason(article.to_string(), Format::Article);
        assert!(reason.starts_with(&format!("article 1: {expected}")), "{reason}");
    }
    assert!(reason("{\"id\": ", Format::Article).starts_with("article 1: this is no JSON: EOF"));
    assert!(
        reason(json!({ "id": "a", "status": "lost", "title": "x" }).to_string(), Format::Article)
            .contains("lost")
    );
}

fn import(folder: &Path, input: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_article-server"))
        .args(["import", "--database"])
        .arg(format!("sqlite:{}", folder.join("test.sqlite3").display()))
        .arg(input)
        .output()
        .unwrap()
}

#[test]
fn the_same_page_saved_on_another_day_is_the_same_article() {
    let saved_later = PAGE.replace("Chủ Nhật, 15/12/2024", "Thứ Hai, 16/12/2024");
    assert_eq!(page(&saved_later).id, page(PAGE).id, "the dateline is the page's clock");
    let another = PAGE.replace("3/2/2023", "4/2/2023");
    assert_ne!(page(&another).id, page(PAGE).id);
    let unsourced = |text: &str| page(&format!("Tin vắn\n\n{text}")).id;
    assert_ne!(unsourced("Đoạn một."), unsourced("Đoạn hai."));
}

#[test]
fn a_line_that_reads_like_furniture_does_not_cut_an_unsourced_text() {
    let text = "Tựa\n\nĐoạn một.\n\nPhản hồi\n\nBạn đọc viết rằng con đường đã xong từ lâu, \
                và mọi người đi lại dễ dàng hơn trước rất nhiều.";
    assert_eq!(paragraphs(&page(text)).len(), 3);
    let foot = "Tựa\n\nĐoạn một.\n\nGửi cho bạn bè\n\nPhản hồi\n\nXem nhiều nhất\nMột bài khác";
    assert_eq!(paragraphs(&page(foot)), ["Đoạn một."]);
}

#[test]
fn of_a_folder_only_articles_are_taken_and_the_rest_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let articles = folder.path().join("articles");
    std::fs::create_dir(&articles).unwrap();
    for (name, content) in [
        ("a.json", contract().to_string().as_bytes()),
        ("page.txt", PAGE.as_bytes()),
        ("README.md", b"# Samples\n\nFourteen articles."),
        (".DS_Store", b"\0\xff"),
        (".hidden.json", b"{"),
    ] {
        std::fs::write(articles.join(name), content).unwrap();
    }
    let output = import(folder.path(), &articles);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("a\n{}\n", page(PAGE).id));
    assert!(told.contains("README.md") && told.contains(".DS_Store"), "{told}");
}

#[test]
fn the_command_prints_ids_and_imports_all_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("page.txt");
    std::fs::write(&input, PAGE).unwrap();
    let first = import(folder.path(), &input);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    assert_eq!(String::from_utf8(first.stdout.clone()).unwrap(), format!("{}\n", page(PAGE).id));
    let again = import(folder.path(), &input);
    assert_eq!(again.stdout, first.stdout);
    assert!(String::from_utf8_lossy(&again.stderr).contains("1 unchanged"));

    let broken = folder.path().join("broken.json");
    std::fs::write(&broken, json!([contract(), { "id": "b" }]).to_string()).unwrap();
    let failed = import(folder.path(), &broken);
    assert!(!failed.status.success() && failed.stdout.is_empty());
    assert!(String::from_utf8_lossy(&failed.stderr).contains("article 2: title: is missing"));
    std::fs::write(&broken, contract().to_string()).unwrap();
    let whole = import(folder.path(), &broken);
    assert!(String::from_utf8_lossy(&whole.stderr).contains("1 new"), "nothing was half-imported");
}

/// A real page of the first publisher, which is no part of this project.
#[test]
fn a_real_page_is_read_where_it_is_there() {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/articles/dan-van-dak-lak.txt");
    let path = std::env::var("ARTICLE_REAL_PAGE").unwrap_or_else(|_| default.to_owned());
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there is no {path}");
        return;
    };
    let article = page(&text);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(article.dateline.as_deref(), Some(lines[0]));
    assert_eq!(article.title, lines[1]);
    let caption = &article.lead_image.as_ref().unwrap().caption;
    assert_eq!(caption, &[Inline::Text(lines[2].to_owned())]);
    assert_eq!(
        paragraphs(&article),
        [lines[4], lines[6], lines[8], lines[10], lines[12], lines[14]]
    );
    let source = article.source.as_ref().unwrap();
    assert_eq!(source.name, "baodaklak.vn");
    assert_eq!(source.date.as_deref(), Some("2016-01-06"));
    assert_eq!(article.published.as_deref(), Some("2016-01-06"));
}

#[test]
fn an_embargoed_day_begins_in_the_time_zone_that_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.json");
    let mut embargoed = contract();
    embargoed["embargo"] = json!("2024-11-27");
    std::fs::write(&input, embargoed.to_string()).unwrap();
    let database = folder.path().join("test.sqlite3");
    for (zone, midnight) in [("UTC", 1_732_665_600), ("Asia/Tokyo", 1_732_665_600 - 9 * 3600)] {
        let output = Command::new(env!("CARGO_BIN_EXE_article-server"))
            .args(["import", "--time-zone", zone, "--database"])
            .arg(format!("sqlite:{}", database.display()))
            .arg(&input)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let embargo: i64 = rusqlite::Connection::open(&database)
            .unwrap()
            .query_row("select embargo from article where id = 'a'", [], |row| row.get(0))
            .unwrap();
        assert_eq!(embargo, midnight, "{zone}");
    }
}
