//! Snippets as systems write them, and what is made of them. The blocks are kept beside the snippets;
//! `INSTA_UPDATE=always` writes them anew.

use std::path::Path;

use article_widget::contract::{BlockKind, Figure};

use super::*;

fn base() -> Url {
    Url::parse("https://bao.example/tin/1").unwrap()
}

fn snippet(name: &str) {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/html");
    let html = std::fs::read_to_string(samples.join(name).with_extension("html")).unwrap();
    insta::with_settings!({ snapshot_path => samples, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_json_snapshot!(name, read(&html, Some(&base())).unwrap());
    });
}

#[test]
fn wordpress_blocks() {
    snippet("gutenberg");
}

#[test]
fn wordpress_classic_editor_with_captions_and_a_gallery() {
    snippet("classic-editor");
}

#[test]
fn blogger() {
    snippet("blogger");
}

#[test]
fn ghost() {
    snippet("ghost");
}

#[test]
fn a_system_of_2005_with_tables_and_fonts() {
    snippet("table-layout-2005");
}

#[test]
fn pasted_from_word() {
    snippet("word-paste");
}

#[test]
fn amp() {
    snippet("amp");
}

#[test]
fn substack() {
    snippet("substack");
}

#[track_caller]
fn wire(html: &str, expected: &str) {
    let blocks = serde_json::to_value(blocks(html, Some(&base()))).unwrap();
    assert_eq!(blocks, serde_json::from_str::<serde_json::Value>(expected).unwrap(), "{html}");
}

#[test]
fn loose_text_and_double_line_ends_are_paragraphs() {
    wire(
        "Một<br>\n<br>hai<div>ba</div>bốn<br>năm<br>",
        r#"[{"kind":"paragraph","content":["Một"]},{"kind":"paragraph","content":["hai"]},
            {"kind":"paragraph","content":["ba"]},{"kind":"paragraph","content":["bốn",{"kind":"break"},"năm"]}]"#,
    );
}

#[test]
fn what_is_empty_is_dropped() {
    wire(
        "<p></p><p>&nbsp;</p><h2><b> </b></h2><ul><li></li></ul><blockquote><p></p></blockquote><table><tr><td></td><td></td></tr><tr><td></td><td></td></tr></table><hr><div><br></div>",
        "[]",
    );
}

#[test]
fn a_mark_around_blocks_is_on_each_of_them() {
    wire(
        "<b><p>Một</p><p>hai</p></b>",
        r#"[{"kind":"paragraph","content":[{"kind":"strong","content":["Một"]}]},
            {"kind":"paragraph","content":[{"kind":"strong","content":["hai"]}]}]"#,
    );
}

#[test]
fn a_list_between_lists_belongs_to_the_item_before_it() {
    wire(
        "<ul><li>Một<ul><li>hai</ul><ul><li>ba</ul></ul>",
        r#"[{"kind":"list","items":[[{"kind":"paragraph","content":["Một"]},
            {"kind":"list","items":[[{"kind":"paragraph","content":["hai"]}]]},
            {"kind":"list","items":[[{"kind":"paragraph","content":["ba"]}]]}]]}]"#,
    );
}

#[test]
fn spans_of_a_table_stay_within_it() {
    wire(
        "<table><tr><th rowspan=9>A<td colspan=70000>B<tr><td rowspan=0>C</table>",
        r#"[{"kind":"table","rows":[[{"header":true,"rows":2,"content":["A"]},{"columns":100,"content":["B"]}],
            [{"rows":1,"content":["C"]}]]}]"#,
    );
}

#[test]
fn a_line_of_html_is_lines_and_a_word_of_it_is_plain() {
    assert_eq!(
        plain(" AT&amp;T <b>ở\n Đa\u{306}\u{301}k</b> La\u{306}\u{301}k &lt;3 "),
        "AT&T ở Đắk Lắk <3"
    );
    assert_eq!(plain("a<br>b<p>c<script>d</script>"), "a b c");
    let caption = inlines("<p>Ảnh <i>tư liệu</i></p>\n<p>Nguồn: kho</p>", None);
    let expected = [
        Inline::Text("Ảnh ".to_owned()),
        Inline::Em(vec![Inline::Text("tư liệu".to_owned())]),
        Inline::Break,
        Inline::Text("Nguồn: kho".to_owned()),
    ];
    assert_eq!(caption, expected);
}

#[test]
fn a_media_type_is_told_where_there_is_something_for_every_browser() {
    let sources = |html: &str| match blocks(html, None).remove(0).kind {
        BlockKind::Figure(Figure { sources, .. }) => sources,
        other => panic!("{other:?}"),
    };
    let both = sources(
        "<picture><source type=image/avif srcset='https://a.example/1'><img src='https://a.example/1.jpg'></picture>",
    );
    assert_eq!(both[0].media_type.as_deref(), Some("image/avif"));
    assert_eq!(both[1].media_type, None);
    assert_eq!(sources("<img src='https://a.example/1.webp'>")[0].media_type, None);
}
