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

#[tokio::test]
async fn a_view_in_a_frame_is_of_the_page_around_it() {
    let world = World::start().await;
    world.write_page(
        "frame.html",
        "<!doctype html><iframe src='https://news.example/embed/ca-phe-vao-vu-hai' \
         width=700 height=600></iframe>",
    );
    let page = world.open("frame.html").await;
    let database = rusqlite::Connection::open(world.publisher.database()).expect("it is there");
    let seen = || -> Vec<String> {
        let mut origins = database.prepare("select origin from partner").expect("a table");
        let origins = origins.query_map([], |row| row.get(0)).expect("a column");
        origins.collect::<Result<_, _>>().expect("text")
    };
    for _ in 0..300 {
        if !seen().is_empty() {
            break;
        }
        page.eval("new Promise((resolve) => setTimeout(resolve, 50))").await;
    }
    assert_eq!(seen(), [world.partner.origin()]);
    page.assert_no_console_error().await;
}
