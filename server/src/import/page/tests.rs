//! Pages as sites write them, and the articles that are made of them. The articles are kept beside the pages;
//! `INSTA_UPDATE=always` writes them anew.

use std::path::Path;
use std::time::{Duration, Instant};

use super::*;

/// In an unoptimised build, beside other tests.
const SOON: Duration = Duration::from_secs(10);

fn page(name: &str, address: Option<&str>) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/pages");
    let html = std::fs::read_to_string(samples.join(name).with_extension("html")).unwrap();
    let address = address.map(|address| Url::parse(address).unwrap());
    insta::with_settings!({ snapshot_path => samples, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_json_snapshot!(name, read(&html, address.as_ref()).unwrap());
    });
}

#[test]
fn a_graph_of_objects_that_refer_to_each_other() {
    page("graph", Some("https://miennuoc.example/vuon-uom-giu-giong-lua-mua/?fbclid=1"));
}

#[test]
fn a_body_in_the_data_alone() {
    page("article-body", None);
}

#[test]
fn no_data_at_all() {
    page("no-data", Some("http://thuongphong.example/tin.php?id=9#dau"));
}

#[test]
fn broken_data_beside_good_and_a_base() {
    page("two-scripts", Some("https://thoibao.example/truong-tren-doc-2022.html"));
}

#[test]
fn open_graph_and_microdata() {
    page("english-microdata", Some("https://harbour.example/2021/tide-ferry?ref=home"));
}

#[test]
fn a_page_in_a_form_with_a_layout_of_tables() {
    page("aspnet", None);
}

#[test]
fn the_same_page_without_an_address_has_a_stable_id() {
    let html =
        "<title>Tin</title><article><p>".to_owned() + &"Một câu dài vừa phải, có phẩy. ".repeat(20);
    let ids: Vec<_> = (0..2).map(|_| read(&html, None).unwrap().id).collect();
    assert_eq!(ids[0], ids[1]);
    assert!(ids[0].as_str().starts_with("tin-"));
}

#[test]
fn what_is_no_article_is_refused() {
    let reason = |html: &str| read(html, None).unwrap_err().to_string();
    assert_eq!(reason(""), "the page has no title");
    assert_eq!(
        reason("<title>Trống</title><p> "),
        "the page has no text that looks like an article"
    );
    let deep = format!("<title>Sâu</title>{}", "<div>".repeat(100_000));
    assert!(reason(&deep).starts_with("the HTML is nested too deep"), "{}", reason(&deep));
}

#[test]
fn what_the_extraction_would_take_long_for_is_refused() {
    let words = "Một câu dài vừa phải, có phẩy. ".repeat(10);
    for (costly, expected) in [
        ("&".repeat(200_000), "a text of the HTML has too many ampersands"),
        (
            format!("<p class='{}'>", "&".repeat(200_000)),
            "a text of the HTML has too many ampersands",
        ),
        (
            format!("{}{}", "<object>".repeat(240), "<i>a</i>".repeat(20_000)),
            "the HTML is nested too deep",
        ),
        (
            format!("{}{}", "<figure>".repeat(240), "<img src=/a.jpg>".repeat(20_000)),
            "the HTML is nested too deep",
        ),
    ] {
        let start = Instant::now();
        let error =
            read(&format!("<title>Tin</title>{costly}{words}"), None).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(start.elapsed() < SOON, "{expected}: {:?}", start.elapsed());
    }
}

#[test]
fn data_that_means_harm_is_text_or_nothing() {
    let deep = "[".repeat(100_000);
    let html = format!(
        r##"<script type="application/ld+json">{deep}</script>
        <script type="application/ld+json">{{"@type":"NewsArticle","@id":"#a","author":{{"@id":"#a"}},"headline":"<img src=x onerror=alert(1)>Tin",
        "url":"javascript:alert(1)","image":"data:text/html,x","datePublished":"9999-99-99",
        "articleBody":"<p onclick=alert(1)>{}</p><script>alert(1)<\/script>"}}</script>"##,
        "Một câu của bài. ".repeat(20)
    );
    let article = read(&html, None).unwrap();
    assert_eq!(article.title, "Tin");
    assert_eq!((article.canonical_url, article.lead_image, article.published), (None, None, None));
    assert_eq!(article.body.len(), 1);
}
