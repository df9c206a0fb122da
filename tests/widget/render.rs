//! What the component makes of an article, as the server renders it.

use article_widget::app::{App, AppProps};
use article_widget::contract::{
    Article, ArticleId, Block, BlockKind, Display, Embed, EmbedCard, Figure, ImageSource, Inline,
    Messages, MostRead, MostReadItem, Settings, Source, Status,
};
use yew::ServerRenderer;

fn messages(lang: &str) -> Messages {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/server/src/messages/");
    let json =
        std::fs::read_to_string(format!("{folder}{lang}.json")).expect("the words are there");
    serde_json::from_str(&json).expect("an object of strings")
}

pub(crate) fn embed(article: Article) -> Embed {
    Embed {
        article,
        most_read: None,
        public_url: "https://news.example".to_owned(),
        lang: "vi".to_owned(),
        messages: messages("vi"),
        display: Display::default(),
        settings: Settings { fields: vec!["message".to_owned()], ..Settings::default() },
        html: String::new(),
        css: String::new(),
        render: String::new(),
    }
}

pub(crate) fn article() -> Article {
    Article {
        id: ArticleId::parse("a-1").expect("valid"),
        title: "Tiêu đề".to_owned(),
        language: "vi".to_owned(),
        ..Article::default()
    }
}

fn text(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.to_owned())]
}

/// The HTML without the marks that Yew leaves for hydration.
pub(super) async fn render(embed: Embed) -> String {
    let props = move || AppProps { embed: embed.into() };
    ServerRenderer::<App>::with_props(props).hydratable(false).render().await
}

async fn body(block: Block) -> String {
    let html = render(embed(Article { body: vec![block], ..article() })).await;
    let start = html.find(r#"class="aw-body""#).expect("there is a body");
    let end = html.find(r#"class="aw-actions""#).expect("there are buttons");
    html[start..end].to_owned()
}

#[tokio::test]
async fn article_text_cannot_become_markup() {
    let hostile = "<img src=x onerror=alert(1)>&\"'";
    let html = render(embed(Article {
        title: hostile.to_owned(),
        lede: Some(hostile.to_owned()),
        body: vec![BlockKind::Paragraph(text(hostile)).into()],
        ..article()
    }))
    .await;
    assert!(!html.contains("<img src=x"), "{html}");
    assert!(html.contains("&lt;img src=x onerror=alert(1)&gt;"), "{html}");
}

#[tokio::test]
async fn a_link_of_another_scheme_shows_its_text_alone() {
    let link = |url: &str| Inline::Link { url: url.to_owned(), content: text("đây") };
    let html = body(BlockKind::Paragraph(vec![link("javascript:alert(1)")]).into()).await;
    assert!(html.contains("<p>đây</p>"), "{html}");
    let html = body(BlockKind::Paragraph(vec![link("/a/b")]).into()).await;
    assert!(html.contains(r#"href="https://news.example/a/b""#), "{html}");
}

#[tokio::test]
async fn an_unknown_block_shows_its_fallback_or_a_link_to_the_original() {
    let html = body(Block { kind: BlockKind::Unknown, fallback: Some("Ba mốc".to_owned()) }).await;
    assert!(html.contains("<p>Ba mốc</p>"), "{html}");
    let html = body(BlockKind::Unknown.into()).await;
    assert!(html.contains(r#"href="https://news.example/a/a-1""#), "{html}");
}

#[tokio::test]
async fn a_caption_stands_without_an_empty_frame() {
    let figure = Figure { caption: text("Quang cảnh"), ..Figure::default() };
    let html = render(embed(Article { lead_image: Some(figure), ..article() })).await;
    assert!(html.contains("Quang cảnh</figcaption>"), "{html}");
    assert!(!html.contains("aw-image"), "{html}");
}

#[tokio::test]
async fn a_picture_offers_its_better_files_beside_those_that_every_browser_shows() {
    let source = |name: &str, media_type: Option<&str>, width| ImageSource {
        url: ["/media/", name].concat(),
        media_type: media_type.map(str::to_owned),
        width,
        height: width / 2,
    };
    let (small, large) = (source("480.jpg", None, 480), source("960.jpg", None, 960));
    let webp = source("480.webp", Some("image/webp"), 480);
    let figure = |sources| Figure { sources, ..Figure::default() };
    let html = body(BlockKind::Figure(figure(vec![webp.clone(), small, large])).into()).await;
    let webp_alone =
        r#"<source type="image/webp" srcset="https://news.example/media/480.webp 480w""#;
    assert!(html.contains(&["<picture>", webp_alone].concat()), "{html}");
    let both = r#"src="https://news.example/media/480.jpg" srcset="https://news.example/media/480.jpg 480w, https://news.example/media/960.jpg 960w""#;
    assert!(html.contains(both) && html.contains(r#"height="240""#), "{html}");
    let html = body(BlockKind::Figure(figure(vec![webp])).into()).await;
    assert!(!html.contains("<img"), "no picture without a file that every browser shows: {html}");
}

#[tokio::test]
async fn an_embed_is_a_link_and_loads_nothing() {
    let card = EmbedCard {
        url: "https://video.example/v".to_owned(),
        title: Some("Phim".to_owned()),
        provider: None,
    };
    let html = body(BlockKind::Embed(card).into()).await;
    assert!(html.contains(r#"href="https://video.example/v""#), "{html}");
    assert!(!html.contains("<iframe"), "{html}");
}

#[tokio::test]
async fn lists_nest_and_headings_start_below_the_title() {
    let inner = Block::from(BlockKind::List {
        ordered: true,
        items: vec![vec![BlockKind::Paragraph(text("trong")).into()]],
    });
    let html = body(BlockKind::List { ordered: false, items: vec![vec![inner]] }.into()).await;
    let nested = r#"<ul part="list"><li><ol part="list"><li><p>trong</p></li></ol></li></ul>"#;
    assert!(html.contains(nested), "{html}");
    let html = body(BlockKind::Heading { level: 2, content: text("Mục") }.into()).await;
    assert!(html.contains("<h3 "), "{html}");
}

#[tokio::test]
async fn the_source_line_carries_its_date() {
    let source = Source { name: "Báo Mẫu".to_owned(), ..Source::default() };
    let mut embed = embed(Article { source: Some(source), ..article() });
    embed.display.source_date = Some("6/1/2016".to_owned());
    let html = render(embed).await;
    assert!(
        html.contains("Nguồn: <") && html.contains(">Báo Mẫu</span>, ngày 6/1/2016</p>"),
        "{html}"
    );
}

#[tokio::test]
async fn without_a_script_feedback_is_a_link_to_the_publishers_form() {
    let html = render(embed(article())).await;
    assert!(html.contains(r#"href="https://news.example/a/a-1/feedback""#), "{html}");
}

#[tokio::test]
async fn a_withdrawn_article_shows_a_notice_and_nothing_of_itself() {
    let html = render(embed(Article { status: Status::Canceled, ..article() })).await;
    assert!(html.contains("Bài viết này đã được tòa soạn rút lại."), "{html}");
    assert!(!html.contains("Tiêu đề"), "{html}");
}

#[tokio::test]
async fn the_list_says_which_window_it_counts_and_hides_where_it_is_empty() {
    let mut listed = embed(article());
    listed.most_read = Some(MostRead {
        items: vec![MostReadItem {
            id: ArticleId::parse("b").expect("valid"),
            title: "Bài khác".to_owned(),
            url: "https://news.example/a/b".to_owned(),
            views: 3,
            ..MostReadItem::default()
        }],
        ..MostRead::default()
    });
    let html = render(listed).await;
    assert!(html.contains("Xem nhiều nhất") && html.contains("24 giờ qua"), "{html}");
    assert!(html.contains("Bài khác"), "{html}");
    assert!(!render(embed(article())).await.contains("Xem nhiều nhất"));
}

#[tokio::test]
async fn which_way_text_runs_comes_with_the_answer_and_titles_of_others_are_set_apart() {
    let arabic = Display { dir: Some("rtl".to_owned()), ..Display::default() };
    let mut mixed = Embed { lang: "ar".to_owned(), display: arabic, ..embed(article()) };
    let item = MostReadItem {
        title: "Bài khác".to_owned(),
        views_text: Some("قراءة واحدة".to_owned()),
        ..MostReadItem::default()
    };
    mixed.most_read = Some(MostRead { items: vec![item], ..MostRead::default() });
    let html = render(mixed).await;
    assert!(html.contains("lang=\"ar\" dir=\"rtl\""), "{html}");
    assert!(html.contains("lang=\"vi\" dir=\"ltr\""), "{html}");
    assert!(html.contains(">Bài khác</bdi>") && html.contains("قراءة واحدة"), "{html}");
}
