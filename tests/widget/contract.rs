//! What is written is read again as it was, and what is not known does no harm.

use article_widget::contract::{
    Article, ArticleId, Block, BlockKind, Cell, EmbedCard, Figure, ImageSource, Inline, Window,
};
use serde_json::{Value, json};

fn text(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

fn every_inline() -> Vec<Inline> {
    vec![
        Inline::Text("đầu ".to_owned()),
        Inline::Strong(text("đậm")),
        Inline::Em(vec![Inline::Strong(text("cả hai"))]),
        Inline::Link { url: "https://a.example".to_owned(), content: text("liên kết") },
        Inline::Break,
        Inline::Sub(text("2")),
        Inline::Sup(text("3")),
        Inline::Code("let x".to_owned()),
        Inline::Unknown(text("lạ")),
    ]
}

pub(super) fn every_block() -> Vec<Block> {
    let paragraph = || Block::from(BlockKind::Paragraph(every_inline()));
    let figure = Figure {
        sources: vec![ImageSource {
            url: "/media/a.jpg".to_owned(),
            media_type: Some("image/jpeg".to_owned()),
            width: 480,
            height: 270,
        }],
        alt: Some("cảnh".to_owned()),
        caption: text("chú thích"),
        credit: Some("Ai đó".to_owned()),
    };
    let cell = |header| Cell { header, columns: 2, rows: 0, content: text("ô") };
    let card = EmbedCard {
        url: "https://v.example".to_owned(),
        title: Some("phim".to_owned()),
        provider: Some("V".to_owned()),
    };
    vec![
        paragraph(),
        BlockKind::Heading { level: 3, content: text("mục") }.into(),
        BlockKind::List { ordered: true, items: vec![vec![paragraph()], vec![]] }.into(),
        BlockKind::Quote { blocks: vec![paragraph()], cite: text("ai") }.into(),
        BlockKind::Figure(figure).into(),
        BlockKind::Table {
            caption: text("bảng"), rows: vec![vec![cell(true)], vec![cell(false)]]
        }
        .into(),
        BlockKind::Preformatted("  thơ\n  lục bát".to_owned()).into(),
        BlockKind::Embed(card).into(),
        Block { kind: BlockKind::Rule, fallback: Some("—".to_owned()) },
    ]
}

#[test]
fn every_kind_of_block_and_inline_survives_the_wire() {
    let body = every_block();
    let json = serde_json::to_string(&body).expect("serialises");
    let again: Vec<Block> = serde_json::from_str(&json).expect("deserialises");
    assert_eq!(again, body);
}

#[test]
fn plain_text_is_a_plain_string_on_the_wire() {
    let json = serde_json::to_value(Block::from(BlockKind::Paragraph(every_inline())))
        .expect("serialises");
    assert_eq!(json["kind"], "paragraph");
    assert_eq!(json["content"][0], "đầu ");
    assert_eq!(json["content"][4], json!({"kind": "break"}));
}

#[test]
fn a_kind_or_field_of_a_later_version_is_no_error() {
    let later = json!({
        "id": "a", "title": "T", "language": "vi", "mood": "glad",
        "body": [
            {"kind": "timeline", "points": [1, 2], "fallback": "Ba mốc"},
            {"kind": "paragraph", "content": [{"kind": "ruby", "content": ["chữ"], "rt": "x"}]},
        ],
    });
    let article: Article = serde_json::from_value(later).expect("read as far as it is known");
    assert_eq!(article.body[0].kind, BlockKind::Unknown);
    assert_eq!(article.body[0].fallback.as_deref(), Some("Ba mốc"));
    let BlockKind::Paragraph(content) = &article.body[1].kind else { panic!("a paragraph") };
    assert_eq!(content, &[Inline::Unknown(text("chữ"))]);
}

#[test]
fn every_sample_article_is_read_and_written_without_loss() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/articles");
    for entry in std::fs::read_dir(folder).expect("there are samples") {
        let path = entry.expect("readable").path();
        let json: Value = serde_json::from_slice(&std::fs::read(&path).expect("readable"))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let article: Article = serde_json::from_value(json.clone())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let again: Article =
            serde_json::from_value(serde_json::to_value(&article).expect("serialises"))
                .expect("deserialises");
        assert_eq!(again, article, "{}", path.display());
        assert!(!article.title.is_empty() && !article.body.is_empty(), "{}", path.display());
    }
}

#[test]
fn an_article_id_stands_in_a_url_as_it_is() {
    for good in ["a", "A-1.b_c~d", "2016"] {
        assert!(ArticleId::parse(good).is_ok(), "{good}");
    }
    for bad in ["", "-a", ".", "..", "a/b", "a b", "đ", "a\"", &"x".repeat(129)] {
        assert!(ArticleId::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn windows_widen_until_there_is_no_wider_one() {
    assert_eq!(Window::parse("24h"), Some(Window::Day));
    assert_eq!(Window::parse("1y"), None);
    assert_eq!(Window::Rising.wider(), Some(Window::Day));
    assert_eq!(Window::Hour.wider(), Some(Window::Day));
    assert_eq!(Window::Day.wider(), Some(Window::Week));
    assert_eq!(Window::All.wider(), None);
}
