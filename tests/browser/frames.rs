//! Frames with an article: in a page like WordPress's, in one with our script beside them, and alone.

mod amp;

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::support::page::Page;
use crate::support::world::World;

const ARTICLE: &str = "ca-phe-vao-vu-hai";
const WORDPRESS: &str = include_str!("pages/wordpress.html");

/// The origins of the pages that views were counted for, once there is one.
async fn counted_for(world: &World, page: &Page<'_>) -> Vec<String> {
    for _ in 0..300 {
        let origins = counted(world);
        if !origins.is_empty() {
            return origins;
        }
        page.eval("new Promise((resolve) => setTimeout(resolve, 50))").await;
    }
    Vec::new()
}

/// The origins of the pages that views were counted for.
pub(crate) fn counted(world: &World) -> Vec<String> {
    let database = rusqlite::Connection::open(world.publisher.database()).expect("it is there");
    let mut origins = database.prepare("select origin from partner").expect("a table");
    let origins = origins.query_map([], |row| row.get(0)).expect("a column");
    origins.collect::<Result<_, _>>().expect("text")
}

async fn enter(page: &Page<'_>) {
    page.client.enter_frame(0).await.expect("there is a frame");
}

async fn leave(page: &Page<'_>) {
    page.client.enter_parent_frame().await.expect("there is a page around");
}

async fn open_wordpress<'world>(world: &'world World, query: &str) -> Page<'world> {
    world.write_page("wordpress.html", WORDPRESS);
    let page = world.open(&format!("wordpress.html{query}")).await;
    page.wait_until("document.querySelector('iframe')?.hasAttribute('style') === false").await;
    page
}

/// WordPress's page does not show the frame before it has spoken, and gives it 1,000 pixels at most.
#[tokio::test]
async fn wordpress_shows_the_frame_and_the_view_is_its_own() {
    let world = World::start().await;
    let page = open_wordpress(&world, "").await;
    page.wait_until("document.querySelector('iframe').height === '1000'").await;
    assert_eq!(page.eval("document.querySelector('blockquote').style.display").await, "none");
    assert_eq!(counted_for(&world, &page).await, [world.partner.origin()]);

    enter(&page).await;
    page.wait_until("document.querySelector('article-widget').shadowRoot !== null").await;
    assert_eq!(page.eval("origin").await, "null");
    let storage = "(() => { try { return !!localStorage } catch { return 'throws' } })()";
    assert_eq!(page.eval(storage).await, "throws");
    // No form could be sent: all is done by links, and no Wasm is fetched for nothing.
    let fetched =
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm'))";
    assert_eq!(page.eval(fetched).await, false);
    let offered = format!(
        "[...{}.children].map(({{ dataset }}) => dataset.channel)",
        page.widget(0).find(".aw-menu")
    );
    assert_eq!(page.eval(&offered).await, json!(["copy", "zalo", "qr", "print"]));
    assert_eq!(page.eval(BAR).await, true, "the bar is in view");
    leave(&page).await;
    page.assert_no_console_error().await;
}

/// Whether the link to the original is where it can be seen, in a frame that scrolls.
const BAR: &str = "(() => {
    const { top, bottom } = document.querySelector('.original').getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && document.documentElement.scrollHeight > innerHeight;
})()";

#[tokio::test]
async fn a_page_whose_script_comes_later_asks_again() {
    let world = World::start().await;
    let page = open_wordpress(&world, "?late").await;
    page.wait_until("document.querySelector('iframe').height === '1000'").await;
}

/// A sandbox lets nothing be opened; the page follows links to the publisher's host alone.
#[tokio::test]
async fn links_in_wordpress_lead_on_by_way_of_the_page() {
    let world = World::start().await;
    let own = format!("{}/a/{ARTICLE}", world.publisher.origin());
    for (selector, leads_to) in [
        ("[data-open=feedback]", format!("{own}/feedback")),
        ("a[href^='https://elsewhere.example']", own.clone()),
    ] {
        let page = open_wordpress(&world, "").await;
        enter(&page).await;
        page.widget(0).element(".aw-body p").await;
        // As an article may hold one.
        let paragraph = page.widget(0).find(".aw-body p");
        let link = Value::from("<a href='https://elsewhere.example/'>Nơi khác</a> ");
        page.eval(&format!("void {paragraph}.insertAdjacentHTML('afterbegin', {link})")).await;
        let link = page.widget(0).element(selector).await;
        // From behind the bar, which the driver does not see to.
        page.eval(&format!(
            "void {}.scrollIntoView({{ block: 'center' }})",
            page.widget(0).find(selector)
        ))
        .await;
        link.click().await.expect("it can be clicked");
        leave(&page).await;
        page.wait_until(&format!("location.href === {}", Value::from(leads_to))).await;
    }
}

fn frame_page(rest: &str) -> String {
    format!(
        "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>\
         <iframe src='https://news.example/embed/{ARTICLE}' title='Bài' width=700 height=600 style='border:0'>\
         </iframe>{rest}"
    )
}

#[tokio::test]
async fn with_our_script_beside_it_a_frame_is_as_high_as_its_article() {
    let world = World::start().await;
    let page = world.open("frame.html").await;
    page.wait_until("document.querySelector('iframe').offsetHeight > 600").await;
    enter(&page).await;
    page.wait_until("document.documentElement.scrollHeight <= innerHeight").await;
    // Shared from here, it is the partner's.
    let link = page.widget(0).find("[data-channel=facebook] a");
    let href = page.wait_until(&format!("{link}?.href")).await;
    let href = href.as_str().expect("a link").to_owned();
    assert!(href.contains("s%3Df-") && !href.ends_with("-0"), "{href}");
    // What opens makes it higher.
    let before = page.eval("innerHeight").await.as_u64();
    page.wait_until(&format!(
        "{}?.localName === 'button'",
        page.widget(0).find("[data-open=feedback]")
    ))
    .await;
    // By a script: WebKit's driver misses what is below the window of the page around.
    page.eval(&format!("{}.click()", page.widget(0).find("[data-open=feedback]"))).await;
    page.widget(0).element("form").await;
    page.wait_until(&format!("innerHeight > {}", before.unwrap_or_default())).await;
    page.wait_until("document.documentElement.scrollHeight <= innerHeight").await;
    leave(&page).await;
    page.assert_no_console_error().await;
}

/// Not the page itself, not another frame, not another site in the frame.
#[tokio::test]
async fn nobody_else_says_how_high_a_frame_is() {
    let world = World::start().await;
    world.write_page(
        "liar.html",
        "<!doctype html><script>parent.postMessage({ type: 'article-widget:height', height: 5 }, '*')</script>",
    );
    let script = "<iframe src='liar.html' id=liar></iframe>\
                  <script src='https://news.example/frame-host.js'></script>";
    world.write_page("beside.html", &frame_page(script));
    let page = world.open("beside.html").await;
    page.wait_until("document.querySelector('iframe').offsetHeight > 600").await;
    let tell = "(() => {
        globalThis.heard = 0;
        addEventListener('message', () => globalThis.heard++);
        postMessage({ type: 'article-widget:height', height: 5 }, '*');
        document.querySelector('#liar').src += '?again';
        // The frame is led to another site, which keeps its `src`.
        document.querySelector('iframe').contentWindow.location = new URL('liar.html', location).href;
    })()";
    page.eval(&format!("void {tell}")).await;
    page.wait_until("heard >= 3").await;
    let heights = "[...document.querySelectorAll('iframe')].map(({ style }) => style.height)";
    let heights = page.eval(heights).await;
    assert_ne!(heights[0], "5px");
    assert_eq!(heights[1], "");
}

#[tokio::test]
async fn a_frame_alone_keeps_its_height_scrolls_and_leads_to_the_original() {
    let world = World::start().await;
    world.write_page("alone.html", &frame_page(""));
    let page = world.open("alone.html").await;
    assert_eq!(counted_for(&world, &page).await, [world.partner.origin()]);
    enter(&page).await;
    page.wait_until("document.querySelector('article-widget').shadowRoot !== null").await;
    assert_eq!(page.eval("innerHeight").await, 600);
    page.wait_until(BAR).await;
    page.client
        .find(Locator::Css(".original a"))
        .await
        .expect("a link")
        .click()
        .await
        .expect("it can be clicked");
    leave(&page).await;
    let original = Value::from(format!("{}/a/{ARTICLE}", world.publisher.origin()));
    page.wait_until(&format!("location.href === {original}")).await;
}

/// As previews of CMSs are.
#[tokio::test]
async fn a_page_without_an_origin_may_frame_an_article() {
    let world = World::start().await;
    let inner = format!("<iframe src='https://news.example/embed/{ARTICLE}'></iframe>");
    let outer =
        format!("<!doctype html><iframe sandbox=allow-scripts srcdoc=\"{inner}\"></iframe>");
    world.write_page("preview.html", &outer);
    let page = world.open("preview.html").await;
    enter(&page).await;
    page.wait_until("document.querySelector('iframe') !== null").await;
    enter(&page).await;
    page.wait_until(
        "document.querySelector('article-widget')?.shadowRoot?.querySelector('.aw') != null",
    )
    .await;
}

#[tokio::test]
async fn a_frame_of_an_unknown_article_says_so_in_words() {
    let world = World::start().await;
    world.write_page("unknown-frame.html", &frame_page("").replace(ARTICLE, "no-such-article"));
    let page = world.open("unknown-frame.html").await;
    enter(&page).await;
    page.wait_until("document.body.textContent.includes('Không có bài viết này.')").await;
}
