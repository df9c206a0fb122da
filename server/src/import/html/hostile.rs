//! HTML that means harm: nothing of it is active, and what is made to cost much is refused before it does.

use std::time::{Duration, Instant};

use article_widget::contract::{BlockKind, Figure};

use super::*;

/// What is refused takes 0.2 s at most in an optimised build. This one is some twenty times slower, and the machine may have
/// other things to do; what is quadratic takes minutes.
const SOON: Duration = Duration::from_secs(10);

#[test]
fn nothing_active_survives() {
    for attack in [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//xau.example/x.js></SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        "<img src='javascript:alert(1)'>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<img srcset='javascript:alert(1) 1x, data:text/html,x 2x'>",
        "<a href='javascript:alert(1)'>bấm</a>",
        "<a href='jav&#x0A;ascript:alert(1)'>bấm</a>",
        "<a href='&#1;javascript:alert(1)'>bấm</a>",
        "<a href=' vbscript:x'>bấm</a>",
        "<a href='data:text/html;base64,PHNjcmlwdD4='>bấm</a>",
        "<a href='https://a.example/' onclick=alert(1) style='x:expression(alert(1))'>bấm</a>",
        "<iframe src='javascript:alert(1)'></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<object data='data:text/html,<script>alert(1)</script>'></object><embed src='javascript:alert(1)'>",
        "<video poster=javascript:alert(1)><source onerror=alert(1) src=javascript:alert(1)></video>",
        "<svg><script>alert(1)</script><a xlink:href='javascript:alert(1)'>x</a><style>@import 'x'</style></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<form action='javascript:alert(1)'><button formaction='javascript:alert(1)'>gửi</button><input autofocus onfocus=alert(1)></form>",
        "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<template><script>alert(1)</script><img src=x onerror=alert(1)></template>",
        "<style>*{background:url(javascript:alert(1))}</style><link rel=stylesheet href=//xau.example><base href=//xau.example/>",
        "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
        "<!--[if IE]><script>alert(1)</script><![endif]--><!--><img src=x onerror=alert(1)>-->",
        "<textarea></textarea><img src=x onerror=alert(1)></textarea><title><img src=x onerror=alert(1)></title>",
        "<xmp><img src=x onerror=alert(1)></xmp><plaintext><script>alert(1)</script>",
        "<blockquote class=twitter-tweet cite='javascript:alert(1)'><a href='javascript:alert(2)'>x</a></blockquote>",
        "<div class=fb-post data-href='javascript:alert(1)'>x</div>",
        "<amp-youtube data-videoid='\"><script>alert(1)</script>'></amp-youtube>",
        "<amp-iframe src='//xau.example/' srcdoc='<script>'></amp-iframe>",
        "<marquee onstart=alert(1)>x</marquee><details ontoggle=alert(1) open>x</details>",
        "<a href='https://tot.example@xau.example/'>tốt</a>",
        "<![CDATA[<script>alert(1)</script>]]><?php alert(1) ?><% alert(1) %>",
        "\u{202e}<b>\u{200b}tpircs\0</b>&#x202E;&#0;&#xD800;",
    ] {
        for base in [None, Some(&Url::parse("https://bao.example/").unwrap())] {
            check_all(&blocks(attack, base), attack);
            check_line(&inlines(attack, base), attack);
        }
    }
}

fn check_all(blocks: &[Block], attack: &str) {
    for block in blocks {
        match &block.kind {
            BlockKind::Paragraph(content) | BlockKind::Heading { content, .. } => {
                check_line(content, attack)
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| check_all(item, attack)),
            BlockKind::Quote { blocks, cite } => {
                check_all(blocks, attack);
                check_line(cite, attack);
            }
            BlockKind::Figure(Figure { sources, caption, .. }) => {
                sources
                    .iter()
                    .for_each(|source| check_url(&source.url, &["http", "https"], attack));
                check_line(caption, attack);
            }
            BlockKind::Table { caption, rows } => {
                check_line(caption, attack);
                rows.iter().flatten().for_each(|cell| check_line(&cell.content, attack));
            }
            BlockKind::Embed(card) => check_url(&card.url, &["http", "https"], attack),
            BlockKind::Preformatted(text) => check_text(text, attack),
            BlockKind::Rule | BlockKind::Unknown => {}
        }
    }
}

fn check_line(line: &[Inline], attack: &str) {
    for inline in line {
        match inline {
            Inline::Link { url, content } => {
                check_url(url, &["http", "https", "mailto", "tel"], attack);
                check_line(content, attack);
            }
            Inline::Strong(content)
            | Inline::Em(content)
            | Inline::Sub(content)
            | Inline::Sup(content) => {
                check_line(content, attack);
            }
            Inline::Text(text) | Inline::Code(text) => check_text(text, attack),
            Inline::Break => {}
            Inline::Unknown(_) => panic!("{attack}: nothing unknown is made here"),
        }
    }
}

fn check_url(url: &str, schemes: &[&str], attack: &str) {
    let parsed = Url::parse(url).unwrap();
    assert!(schemes.contains(&parsed.scheme()), "{attack}: {url}");
    assert!(parsed.username().is_empty() && !url.contains(['<', '"', '\n']), "{attack}: {url}");
}

fn check_text(text: &str, attack: &str) {
    let disturbs = |c: char| {
        c.is_control() && c != '\n' && c != '\t' || ('\u{202a}'..='\u{202e}').contains(&c)
    };
    assert!(!text.contains(disturbs), "{attack}: {text:?}");
}

#[test]
fn what_costs_too_much_is_refused_soon_and_its_words_are_still_read() {
    let attributes: String = (0..80_000).map(|number| format!(" a{number}")).collect();
    let formatting: String = (0..100).map(|number| format!("<b class={number}>")).collect();
    let attacks = [
        (format!("<p{attributes}>chữ"), TooMuch::Attributes),
        (format!("<svg><style><p{attributes}>chữ"), TooMuch::Attributes),
        (format!("<!-- <a b=\" --><p{attributes}>chữ"), TooMuch::Attributes),
        (format!("{}chữ", "<div>".repeat(100_000)), TooMuch::Depth),
        (format!("{}chữ", "<ul><li>".repeat(50_000)), TooMuch::Depth),
        (format!("{}chữ", "<table><tr><td>".repeat(30_000)), TooMuch::Depth),
        (format!("{}chữ", "<table><div>".repeat(40_000)), TooMuch::Nodes),
        (format!("{}chữ", "<svg><g>".repeat(50_000)), TooMuch::Depth),
        (format!("{}chữ", "<font size=1><a href=x><b>".repeat(20_000)), TooMuch::Depth),
        (format!("<p>{formatting}{}", "</p><p>chữ".repeat(20_000)), TooMuch::Nodes),
        (format!("{}chữ", "<b></b>".repeat(200_000)), TooMuch::Nodes),
        ("<p>chữ".repeat(200_000), TooMuch::Nodes),
        ("chữ ".repeat(600_000), TooMuch::Bytes),
    ];
    for (attack, expected) in &attacks {
        let start = Instant::now();
        let start_of_it: String = attack.chars().take(40).collect();
        assert_eq!(read(attack, None), Err(*expected), "{start_of_it}");
        assert!(blocks(attack, None).len() <= 1, "{start_of_it}");
        assert!(start.elapsed() < SOON, "{start_of_it}: {:?}", start.elapsed());
    }
}

#[test]
fn links_do_not_make_much_of_little() {
    let base = Url::parse(&format!("https://bao.example/{}", "a".repeat(1_900))).unwrap();
    let links = "<a href=?1>a</a> ".repeat(15_000);
    assert_eq!(read(&links, Some(&base)), Err(TooMuch::Links));
    assert!(read(&"<a href=/1>a</a> ".repeat(15_000), Some(&base)).is_ok());
}

#[test]
fn the_deepest_that_is_read_is_read_on_a_small_stack() {
    let html = format!("{}chữ", "<blockquote><ul><li><b><i><span>".repeat(40));
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    let blocks = thread.spawn(move || read(&html, None).unwrap()).unwrap().join().unwrap();
    let json = serde_json::to_string(&blocks).unwrap();
    assert!(
        serde_json::from_str::<Vec<Block>>(&json).is_ok(),
        "what is written can be read: {json}"
    );
    assert_eq!(prose::length(&blocks), 3);
}

#[test]
fn a_large_honest_text_is_read() {
    let html =
        "<p>Một đoạn <b>văn</b> bình thường, <a href='https://bao.example/'>có liên kết</a>.</p>\n"
            .repeat(5_000);
    assert_eq!(read(&html, None).unwrap().len(), 5_000);
}
