//! The layout holds whatever the article and the room for it: by its own width, from 240 to 1,600 pixels, in
//! every direction of writing; for readers who see with forced colours, more contrast or less motion; on paper.

use serde_json::{Value, json};

use crate::admin::log_in;
use crate::feedback::{open_form, submit};
use crate::inline;
use crate::scripts::{WATCH, live};
use crate::support::driver::{Engine, Eyes};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

/// What is wider than the widget and does not scroll within itself, or sticks out of it.
const STICKING_OUT: &str = "
    globalThis.stickingOut = () => {
      const { shadowRoot } = document.querySelector('article-widget');
      const room = shadowRoot.querySelector('.aw').getBoundingClientRect();
      const isOut = ({ left, right, width }) => width > 0 && (left < room.left - 1 || right > room.right + 1);
      return [...shadowRoot.querySelectorAll('.aw *')]
        .filter((element) => !element.closest('.aw-table > *, .aw-trap'))
        .filter((element) => isOut(element.getBoundingClientRect()))
        .map(({ outerHTML }) => outerHTML.slice(0, 100));
    };";

/// An article of what is too long, too wide or too tall, whose words are `text`.
fn extreme(language: &str, text: &str) -> Value {
    let word = text.replace(' ', "").repeat(8);
    let cells: Vec<Value> =
        (1..15).map(|number| json!({ "content": [format!("{word} {number}")] })).collect();
    let image = |name: &str, width: u32, height: u32| {
        json!({ "sources": [{ "url": format!("/media/{name}"), "width": width, "height": height }],
            "alt": "", "caption": [&word], "credit": &word })
    };
    json!({
        "id": format!("extreme-{language}"), "language": language, "status": "usable",
        "kicker": &word, "title": format!("{} {word}", text.repeat(12)), "lede": text.repeat(9),
        "dateline": "2026-11-11",
        "bylines": [{ "name": &word, "role": &word }, { "name": text.repeat(3), "role": text.repeat(3) }],
        "lead_image": image("ca-phe-vao-vu-hai-960.jpg", 960, 120),
        "source": { "name": &word, "url": format!("https://source.example/{word}") },
        "rights": &word,
        "corrections": [{ "at": "2026-11-11T08:40:00+07:00", "text": &word }],
        "body": [
            { "kind": "paragraph", "content": [text.repeat(5), { "kind": "link", "url": "https://other.example/", "content": [&word] }] },
            { "kind": "heading", "level": 2, "content": [&word] },
            { "kind": "figure", "sources": [{ "url": "/media/cho-dem-pho-nui-480.jpg", "width": 200, "height": 2000 }], "alt": "" },
            { "kind": "table", "rows": [cells] },
            { "kind": "preformatted", "text": &word },
            { "kind": "quote", "blocks": [{ "kind": "list", "items": [[{ "kind": "paragraph", "content": [&word] }]] }], "content": [&word] },
            { "kind": "embed", "url": format!("https://other.example/{word}"), "provider": &word },
            { "kind": "paragraph", "content": [{ "kind": "code", "text": &word }] },
        ],
    })
}

/// Publishes it, as the publisher's own program does.
async fn publish(world: &World, token: &str, article: &Value) {
    let program = world.open(&format!("{}/healthz", world.publisher.origin())).await;
    let put = format!(
        "fetch('/v1/articles/{}', {{ method: 'PUT', headers: {{ authorization: 'Bearer {token}' }}, body: JSON.stringify({article}) }})
            .then(async (answer) => answer.status + ' ' + await answer.text())",
        article["id"].as_str().expect("it has an id")
    );
    let answer = program.eval(&put).await;
    assert!(answer.as_str().is_some_and(|answer| answer.starts_with("201")), "{answer}");
}

/// A page with the article in a box of that width.
async fn show<'world>(
    world: &'world World,
    view: View,
    article: &str,
    box_style: &str,
) -> Page<'world> {
    let html = format!(
        "<!doctype html><meta name='viewport' content='width=device-width'><body style='margin: 0'>
         <div id='box' style='{box_style}'><article-widget src='https://news.example' article='{article}'></article-widget></div>
         <script async src='https://news.example/embed.js'></script>"
    );
    world.write_page("looks.html", &html);
    let before = [WATCH, STICKING_OUT].concat().leak();
    let page = world.open_in(View { before, ..view }, "looks.html").await;
    page.wait_until(&live(1)).await;
    page
}

#[tokio::test]
async fn nothing_sticks_out_at_any_width_and_in_any_script() {
    let world = World::start().await;
    let token = world.publisher.writing_token().await;
    for (language, text) in [
        ("vi", "Nghiêng nghiêng triền đồi nắng sớm "),
        ("ar", "مقالة عن موسم القهوة في المرتفعات "),
        ("zh", "高原咖啡收获季节开始了，农民忙着采摘。"),
    ] {
        publish(&world, &token, &extreme(language, text)).await;
        let page = show(&world, WATCHED, &format!("extreme-{language}"), "").await;
        open_form(&page).await;
        submit(&page).await;
        page.widget(0).text(".aw-error").await;
        page.widget(0).element(".aw-share summary").await.click().await.expect("it can be clicked");
        for width in [240, 320, 480, 640, 1000, 1600] {
            page.eval(&format!("void (document.querySelector('#box').style.width = '{width}px')"))
                .await;
            assert_eq!(page.eval("stickingOut()").await, json!([]), "{language} at {width}");
            let shown = page
                .eval(&format!("{}.getBoundingClientRect().width", page.widget(0).find(".aw")))
                .await;
            assert_eq!(shown, json!(width), "{language}");
        }
        // Both of these scroll, each within itself.
        for selector in [".aw-table", ".aw-body > pre"] {
            let element = page.widget(0).find(selector);
            page.eval("void (document.querySelector('#box').style.width = '320px')").await;
            assert_eq!(
                page.eval(&format!("{element}.scrollWidth > {element}.clientWidth")).await,
                true,
                "{selector}"
            );
        }
    }
}

#[tokio::test]
async fn what_sticks_out_is_found() {
    let world = World::start().await;
    let page = show(&world, WATCHED, "cho-dem-pho-nui", "width: 320px").await;
    let image = page.widget(0).find(".aw-image");
    page.eval(&format!("{image}.setAttribute('style', 'width: 400px')")).await;
    // And what is around it, in some engines.
    let found = page.eval("stickingOut().some((html) => html.startsWith('<img'))").await;
    assert_eq!(found, true);
}

#[tokio::test]
async fn the_room_of_the_widget_decides_and_not_the_window() {
    let world = World::start().await;
    let page = show(&world, WATCHED, "ca-phe-vao-vu-hai", "width: 300px").await;
    let size = |selector: &str| {
        format!("parseFloat(getComputedStyle({}).fontSize)", page.widget(0).find(selector))
    };
    let narrow = page.eval(&size(".aw-title")).await;
    page.eval("void (document.querySelector('#box').style.width = '900px')").await;
    let wide = page.eval(&size(".aw-title")).await;
    assert!(narrow.as_f64() < wide.as_f64(), "{narrow} in 300 pixels, {wide} in 900");
    let line = format!("{}.getBoundingClientRect().width", page.widget(0).find(".aw-body"));
    assert_eq!(page.eval(&line).await, 640, "no line is longer, however wide the room");
}

#[tokio::test]
async fn from_right_to_left_the_text_begins_on_the_right() {
    let world = World::start().await;
    let token = world.publisher.writing_token().await;
    publish(&world, &token, &extreme("ar", "مقالة عن موسم القهوة ")).await;
    let page = show(&world, WATCHED, "extreme-ar", "width: 600px").await;
    let quote = format!("getComputedStyle({})", page.widget(0).find("blockquote"));
    let wide = page.eval(&format!("parseFloat({quote}.borderRightWidth)")).await;
    assert!(wide.as_f64() >= Some(1.0), "the line is where the text begins: {wide}");
    assert_eq!(page.eval(&format!("{quote}.borderLeftWidth")).await, "0px");
    let text = page.widget(0).find(".aw-text");
    assert_eq!(page.eval(&format!("getComputedStyle({text}).direction")).await, "rtl");
    // The buttons speak the language of the interface, which has none for this article.
    let actions = page.widget(0).find(".aw-actions");
    assert_eq!(page.eval(&format!("getComputedStyle({actions}).direction")).await, "ltr");
}

#[tokio::test]
async fn a_tall_picture_is_whole_in_a_window() {
    let world = World::start().await;
    let token = world.publisher.writing_token().await;
    publish(&world, &token, &extreme("vi", "Nghiêng nghiêng ")).await;
    let page = show(&world, WATCHED, "extreme-vi", "width: 640px").await;
    let image = page.widget(0).find(".aw-body .aw-image");
    let height = page.eval(&format!("{image}.getBoundingClientRect().height")).await;
    assert!(height.as_f64() <= Some(800.0), "{height}");
    assert_eq!(page.eval(&format!("getComputedStyle({image}).objectFit")).await, "contain");
}

/// 1,280 pixels at 200 % and at 400 % are these.
#[tokio::test]
async fn at_four_hundred_percent_all_is_there_and_scrolls_one_way() {
    let world = World::start().await;
    for (width, height) in [(640, 512), (320, 256)] {
        let view = View { width, height, ..WATCHED };
        let page = show(&world, view, "ca-phe-vao-vu-hai", "").await;
        open_form(&page).await;
        let wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.eval(wide).await, 0, "{width}");
        assert_eq!(page.eval("stickingOut()").await, json!([]), "{width}");
        for selector in
            [".aw-title", ".aw-image", ".aw-table", ".aw-source, .aw-rights", ".aw-primary"]
        {
            let shown = format!("{}.getClientRects().length > 0", page.widget(0).find(selector));
            assert_eq!(page.eval(&shown).await, true, "{selector} at {width}");
        }
    }
}

#[tokio::test]
async fn nothing_moves_by_itself() {
    let world = World::start().await;
    let page = show(&world, WATCHED, "ca-phe-vao-vu-hai", "").await;
    open_form(&page).await;
    assert_eq!(page.eval(&moving(".shadowRoot")).await, json!([]));
}

/// Nothing moves for anybody; so for these readers neither, whatever they do. The editors' pages, where something
/// does, keep it still.
#[tokio::test]
async fn for_who_cannot_bear_it_nothing_moves_in_the_widget_and_in_the_editors_pages() {
    const NOTED: &str = "
        globalThis.moves = [];
        for (const name of ['scrollIntoView', 'scrollTo', 'scrollBy', 'scroll', 'animate']) {
          for (const { prototype } of [Element, { prototype: window }]) {
            const real = prototype[name];
            if (!real) continue;
            prototype[name] = function (...values) {
              if (name === 'animate' || values.some((value) => value?.behavior === 'smooth')) moves.push(name);
              return real.apply(this, values);
            };
          }
        }
        for (const type of ['animationstart', 'transitionstart']) addEventListener(type, () => moves.push(type), true);";
    let why = "it cannot be told that its reader cannot bear it";
    let Some(world) = World::unless_webkit(why).await else { return };
    world.write_page(
        "still.html",
        "<!doctype html><html lang=vi><meta charset=utf-8><link rel=icon href='data:,'>\
         <body style='margin-top: 100px'><article-widget src='https://news.example' \
         article='ca-phe-vao-vu-hai' navigate='inline' most-read='all'></article-widget>\
         <script async src='https://news.example/embed.js'></script>",
    );
    let before = [WATCH, NOTED].concat().leak();
    let page = inline::open(&world, View { before, ..View::DESKTOP }, "still.html").await;
    page.emulate(&[Eyes::ReducedMotion]).await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    for selector in [".aw-share > summary", ".aw-qr > summary", "[data-open=feedback]"] {
        widget.element(selector).await.click().await.expect("it can be clicked");
    }
    widget.element("form").await;
    submit(&page).await;
    widget.text(".aw-error").await;
    inline::follow(&page, "cho-dem-pho-nui").await;
    assert_eq!(page.eval("moves").await, json!([]));
    assert_eq!(page.eval("document.getAnimations().length").await, 0);
    assert_eq!(page.eval(&moving(".shadowRoot")).await, json!([]));

    let admin = log_in(&world, View::DESKTOP).await;
    let skip = "getComputedStyle(document.querySelector('.skip')).transitionDuration";
    assert_eq!(admin.eval(skip).await, "0.15s", "others see that it moves");
    admin.emulate(&[Eyes::ReducedMotion]).await;
    for path in ["", "/feedback", "/articles", "/partners"] {
        admin.go(&format!("{}/admin{path}", world.publisher.origin())).await;
        assert_eq!(admin.eval(&moving("")).await, json!([]), "{path}");
        assert_eq!(admin.eval(skip).await, "0s", "{path}");
    }
    for path in ["a/cho-dem-pho-nui", "a/cho-dem-pho-nui/feedback", "a/cho-dem-pho-nui/embed"] {
        admin.go(&format!("{}/{path}", world.publisher.origin())).await;
        assert_eq!(admin.eval(&moving("")).await, json!([]), "{path}");
    }
}

/// What moves by its style: in the page, or in the shadow root of its widget. What is not shown has no style.
fn moving(root: &str) -> String {
    let whole =
        if root.is_empty() { "document" } else { "document.querySelector('article-widget')" };
    format!(
        "[...{whole}{root}.querySelectorAll('*')]
        .flatMap((element) => ['', '::before', '::after'].map((pseudo) => [element, getComputedStyle(element, pseudo)]))
        .filter(([, {{ transitionDuration, animationName, scrollBehavior }}]) =>
          parseFloat(transitionDuration) || (animationName || 'none') !== 'none' || scrollBehavior === 'smooth')
        .map(([{{ outerHTML }}]) => outerHTML.slice(0, 80))"
    )
}

async fn computed(page: &Page<'_>, selector: &str, pseudo: &str, property: &str) -> String {
    let element = page.widget(0).find(selector);
    let style = format!("getComputedStyle({element}, '{pseudo}').getPropertyValue('{property}')");
    page.eval(&style).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn with_forced_colours_all_that_can_be_used_has_a_line_around_it() {
    let why = "it cannot be told to force colours";
    let Some(world) = World::unless_webkit(why).await else { return };
    let page = show(&world, WATCHED, "cau-noi-hai-bo-krong-lam", "").await;
    open_form(&page).await;
    submit(&page).await;
    page.widget(0).text(".aw-error").await;
    page.emulate(&[Eyes::ForcedColors]).await;
    for (selector, width) in [
        (".aw-button", "1px"),
        (".aw-primary", "2px"),
        (".aw-notice", "1px"),
        (".aw-panel", "1px"),
        (".aw-input", "1px"),
    ] {
        assert_eq!(computed(&page, selector, "", "border-top-width").await, width, "{selector}");
        assert_eq!(computed(&page, selector, "", "border-top-style").await, "solid", "{selector}");
    }
    assert_eq!(computed(&page, "[aria-invalid]:not(:focus)", "", "outline-width").await, "2px");
    page.eval(&format!(
        "void {}.setAttribute('aria-disabled', 'true')",
        page.widget(0).find(".aw-primary")
    ))
    .await;
    let grey = "(() => { const probe = document.body.appendChild(document.createElement('i')); probe.style.color = 'GrayText'; return getComputedStyle(probe).color; })()";
    let grey = page.eval(grey).await;
    assert_eq!(computed(&page, ".aw-primary", "", "color").await, grey);
    page.eval(&format!("void {}.focus()", page.widget(0).find(".aw-input[name=phone]"))).await;
    assert_eq!(computed(&page, ".aw-input[name=phone]", "", "outline-style").await, "solid");
    page.screenshot("forced-colours").await;
}

#[tokio::test]
async fn who_wants_more_contrast_has_quiet_text_as_strong_as_the_rest() {
    let why = "it cannot be told that the reader wants more contrast";
    let Some(world) = World::unless_webkit(why).await else { return };
    let page = show(&world, WATCHED, "ca-phe-vao-vu-hai", "").await;
    let ink = computed(&page, ".aw", "", "color").await;
    assert_ne!(computed(&page, ".aw-caption", "", "color").await, ink);
    page.emulate(&[Eyes::MoreContrast]).await;
    assert_eq!(computed(&page, ".aw-caption", "", "color").await, ink);
    assert_eq!(computed(&page, ".aw td", "", "border-bottom-color").await, ink);
}

#[tokio::test]
async fn on_paper_the_article_is_alone_black_on_white_with_where_it_is_from() {
    let Some(world) = World::unless_webkit("it cannot be told to take a page for paper").await
    else {
        return;
    };
    let page = show(&world, WATCHED, "mua-trai-mua-cac-ho-day-nuoc", "").await;
    page.eval("void document.querySelector('article-widget').setAttribute('theme', 'dark')").await;
    page.eval(
        "void document.querySelector('article-widget').style.setProperty('--aw-ink', 'yellow')",
    )
    .await;
    open_form(&page).await;
    page.emulate(&[Eyes::Print]).await;
    for selector in [".aw-actions", ".aw-panel", ".aw-rating", ".aw-status"] {
        assert_eq!(computed(&page, selector, "", "display").await, "none", "{selector}");
    }
    for selector in [".aw", ".aw-dateline", ".aw-kicker", ".aw-caption", ".aw-source"] {
        assert_eq!(computed(&page, selector, "", "color").await, "rgb(0, 0, 0)", "{selector}");
    }
    assert_eq!(computed(&page, ".aw", "", "background-color").await, "rgb(255, 255, 255)");
    assert_eq!(computed(&page, ".aw-figure", "", "break-inside").await, "avoid");
    assert_eq!(computed(&page, ".aw-table", "", "overflow-x").await, "visible");
    let original = format!("{}/a/mua-trai-mua-cac-ho-day-nuoc", world.publisher.origin());
    assert_eq!(written_after(&page, ".aw-body").await, original);
    let source = written_after(&page, ".aw-source a").await;
    assert_eq!(source, " (https://thoitiet.example/ban-tin/2026-11-17)");
    // No page is lost: more than one, and not one a screen.
    page.emulate(&[]).await;
    let pdf = page.print(14.7, 21.0).await;
    // Firefox packs what says so.
    if Engine::chosen() == Engine::Firefox {
        return;
    }
    let pages = pages_of(&pdf);
    assert!((2..=6).contains(&pages), "{pages}");
}

/// What the style writes behind an element. Engines tell it by its parts: text, and attributes by value or name.
async fn written_after(page: &Page<'_>, selector: &str) -> String {
    let element = page.widget(0).find(selector);
    let written = format!(
        "(getComputedStyle({element}, '::after').content.match(/\"[^\"]*\"|attr\\([\\w-]+\\)/g) ?? [])
            .map((part) => (part[0] === '\"' ? part.slice(1, -1) : {element}.getAttribute(part.slice(5, -1)))).join('')"
    );
    page.eval(&written).await.as_str().unwrap_or_default().to_owned()
}

/// How many pages a PDF of Chromium's says that it has.
fn pages_of(base64: &str) -> usize {
    use base64::Engine as _;
    let pdf = base64::engine::general_purpose::STANDARD.decode(base64).expect("a file is base64");
    String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count()
}
