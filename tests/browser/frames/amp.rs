//! Frames in a page of AMP's, on an origin of its own: AMP lets no script of others into the page itself.

use serde_json::json;

use super::{ARTICLE, counted, counted_for, enter, leave};
use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

const AMP: &str = include_str!("../pages/amp.html");
/// All that the contract asks for.
const SANDBOX: &str = "allow-scripts allow-same-origin allow-forms allow-popups \
    allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/// Opens AMP's page on the partner's other host, as its cache is another site than the page's own.
async fn open<'world>(world: &'world World, source: &str, sandbox: &str) -> Page<'world> {
    let html = AMP.replace("SOURCE", source).replace("SANDBOX", sandbox);
    world.write_page("amp.html", &html);
    let url = format!("http://{}/amp.html", world.partner.network.address());
    let page = world.open_in(View::DESKTOP, &url).await;
    assert_eq!(page.eval("location.hostname").await, "127.0.0.1");
    page
}

/// With all that may be allowed the article is alive, as high as it is, and counted for the page around.
#[tokio::test]
async fn in_an_amp_page_the_frame_asks_for_its_height_and_is_alive() {
    let world = World::start().await;
    let page = open(&world, &format!("https://news.example/embed/{ARTICLE}"), SANDBOX).await;
    page.wait_until("Number(document.querySelector('iframe').height) > 1000").await;
    assert_eq!(page.eval("[...new Set(asked)]").await, json!(["embed-size"]));
    let around = format!("http://{}", world.partner.network.address());
    assert_eq!(counted_for(&world, &page).await, [around]);
    enter(&page).await;
    page.wait_until("document.documentElement.scrollHeight <= innerHeight").await;
    let widget = page.widget(0);
    page.wait_until(&format!("{}?.localName === 'button'", widget.find("[data-open=feedback]")))
        .await;
    let before = page.eval("innerHeight").await.as_u64().expect("a height");
    page.eval(&format!("{}.click()", widget.find("[data-open=feedback]"))).await;
    widget.element("form").await;
    page.wait_until(&format!("innerHeight > {before}")).await;
    leave(&page).await;
    page.assert_no_console_error().await;
}

/// Without an origin of its own the frame speaks all the same; the article is read, by links, and counted.
#[tokio::test]
async fn in_amps_narrowest_box_that_runs_scripts_the_article_is_read_and_counted() {
    let world = World::start().await;
    let page =
        open(&world, &format!("https://news.example/embed/{ARTICLE}"), "allow-scripts").await;
    page.wait_until("Number(document.querySelector('iframe').height) > 1000").await;
    assert_eq!(counted_for(&world, &page).await.len(), 1);
    enter(&page).await;
    assert_eq!(page.eval("origin").await, "null");
    let links = format!("{}.localName", page.widget(0).find("[data-open=feedback]"));
    assert_eq!(page.eval(&links).await, "a");
    leave(&page).await;
    page.assert_no_console_error().await;
}

/// The partner's own page with our snippet, in such a frame: its height is the partner's to ask for.
#[tokio::test]
async fn a_page_with_the_snippet_works_in_an_amp_frame_of_another_origin() {
    let world = World::start().await;
    // What runs before a page does not reach every kind of frame everywhere.
    let own = format!(
        "<!doctype html><html lang=vi><meta charset=utf-8><script>if (!globalThis.seen) {{ {WATCH} }}</script>\
         <script async src='https://news.example/embed.js' data-article='{ARTICLE}'></script>"
    );
    world.write_page("own.html", &own);
    for (sandbox, is_live) in [(SANDBOX, true), ("allow-scripts", false)] {
        let page = open(&world, &world.url("own.html"), sandbox).await;
        enter(&page).await;
        page.wait_until(&saw("view")).await;
        if is_live {
            page.wait_until(&live(1)).await;
        }
        assert_eq!(page.eval(&live(usize::from(is_live))).await, true, "{sandbox}");
        assert_eq!(page.eval("errors").await, json!([]), "{sandbox}");
    }
    assert_eq!(counted(&world), [world.partner.origin()], "of the page with the snippet");
}
