//! The snippets of the README, pasted into a partner's page.

use serde_json::json;

use crate::inline;
use crate::scripts::WATCH;
use crate::support::page::View;
use crate::support::world::World;

#[tokio::test]
async fn the_short_snippet_shows_the_article_in_a_shadow_root() {
    let world = World::start().await;
    let page = world.open("short.html").await;
    let title = page.shadow_text(".aw-title").await;
    assert!(world.publisher.titles().contains(&title), "no sample is called {title:?}");
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn no_window_is_too_narrow() {
    let world = World::start().await;
    for (name, view) in [
        ("narrow", View { width: 280, ..View::PHONE }),
        ("phone-dark", View { dark: true, ..View::PHONE }),
        ("desktop", View::DESKTOP),
    ] {
        let page = world.open_in(view, "short.html").await;
        page.widget(0).element(".aw-title").await;
        let overflow = page
            .eval("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            .await;
        assert_eq!(overflow, 0, "{name}: the page scrolls sideways");
        page.screenshot(&format!("short-{name}")).await;
    }
}

/// All that a partner may choose, on the script alone.
#[tokio::test]
async fn every_choice_of_the_partners_can_stand_on_the_script() {
    const ASKED: &str = "performance.getEntriesByType('resource').map(({ name }) => new URL(name))
        .filter(({ pathname }) => pathname.startsWith('/v1/embed/')).map(({ pathname, search }) => pathname + search)[0]";
    let world = World::start().await;
    world.write_page(
        "choices.html",
        "<!doctype html><html lang=vi><meta charset=utf-8><link rel=icon href='data:,'>\
         <body style='font-family: \"Courier New\", monospace'>\
         <script async src='https://news.example/embed.js' data-article='ca-phe-vao-vu-hai' data-lang='en' \
         data-theme='dark' data-font='host' data-most-read='7d' data-share='zalo,copy' data-navigate='inline'></script>",
    );
    let watched = View { before: WATCH, ..View::DESKTOP };
    let page = inline::open(&world, watched, "choices.html").await;
    let widget = page.widget(0);
    assert_eq!(page.eval(ASKED).await, "/v1/embed/ca-phe-vao-vu-hai?lang=en&window=7d");
    assert_eq!(widget.text(".aw-share summary").await, "Send to friends");
    let look = "(({ backgroundColor, fontFamily }) => [backgroundColor, fontFamily])";
    let look = page.eval(&format!("{look}(getComputedStyle({}))", widget.find(".aw"))).await;
    assert_eq!(look, json!(["rgb(24, 22, 20)", "\"Courier New\", monospace"]));
    let ways = format!(
        "[...{}.children].map(({{ dataset }}) => dataset.channel)",
        widget.find(".aw-menu")
    );
    assert_eq!(page.eval(&ways).await, json!(["zalo", "copy"]));
    inline::follow(&page, "cho-dem-pho-nui").await;
    assert_eq!(page.eval("location.pathname").await, "/choices.html");
    page.assert_no_console_error().await;
}
