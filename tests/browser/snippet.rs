//! The snippets of the README, pasted into a partner's page.

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
