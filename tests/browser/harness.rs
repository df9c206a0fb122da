//! The harness itself: a test that cannot fail proves nothing.

use crate::support::page::View;
use crate::support::world::World;

#[tokio::test]
async fn a_console_error_is_seen() {
    let world = World::start().await;
    world.write_page("broken.html", "<!doctype html><script>throw new Error('seen')</script>");
    let page = world.open("broken.html").await;
    let console = page.console().await;
    assert!(console.iter().any(|line| line.starts_with("SEVERE") && line.contains("seen")));
}

#[tokio::test]
async fn a_page_sends_the_headers_of_its_first_lines() {
    let world = World::start().await;
    world.write_page(
        "strict.html",
        "<!-- header: Content-Security-Policy: script-src 'none' -->\n\
         <!doctype html><script>document.title = 'ran'</script>",
    );
    let page = world.open("strict.html").await;
    assert_eq!(page.eval("document.title").await, "");
    assert_eq!(page.eval("document.compatMode").await, "CSS1Compat");
}

#[tokio::test]
async fn a_view_has_its_size_and_its_colours() {
    let world = World::start().await;
    world.write_page("plain.html", "<!doctype html><title>Plain</title>");
    let dark = View { dark: true, before: "globalThis.early = true", ..View::PHONE };
    let page = world.open_in(dark, "plain.html").await;
    assert_eq!(page.eval("innerWidth").await, 360);
    assert_eq!(page.eval("matchMedia('(prefers-color-scheme: dark)').matches").await, true);
    assert_eq!(page.eval("early").await, true);
}

#[tokio::test]
async fn a_cut_network_gives_no_answer_until_it_is_mended() {
    let world = World::start().await;
    world.write_page("plain.html", "<!doctype html><title>Plain</title>");
    let page = world.open("plain.html").await;
    let answer = "fetch('/plain.html').then(({ status }) => status, () => 'none')";
    world.partner.network.set_cut(true);
    assert_eq!(page.eval(answer).await, "none");
    world.partner.network.set_cut(false);
    assert_eq!(page.eval(answer).await, 200);
}

#[tokio::test]
async fn a_script_before_the_pages_own_is_let_in_by_any_policy_and_leaves_no_trace() {
    let world = World::start().await;
    world.write_page(
        "strict.html",
        "<!-- header: Content-Security-Policy: default-src 'none' -->\n<!doctype html><title>Plain</title>",
    );
    let before = "globalThis.early = document.scripts.length";
    let page = world.open_in(View { before, ..View::DESKTOP }, "strict.html").await;
    assert_eq!(page.eval("early").await, 0);
    assert_eq!(page.eval("document.scripts.length").await, 0);
    assert_eq!(page.eval("document.compatMode").await, "CSS1Compat");
}

#[tokio::test]
async fn the_devtools_answer_where_there_are_some() {
    let Some(world) = World::chromium_only("the DevTools are Chromium's").await else { return };
    let page = world.open("short.html").await;
    let expression = serde_json::json!({ "expression": "6 * 7" });
    let answer = page.devtools("Runtime.evaluate", expression).await;
    assert_eq!(answer["result"]["value"], 42);
}

#[tokio::test]
async fn the_partner_and_the_publisher_are_two_origins() {
    let world = World::start().await;
    world.write_page("link.html", "<!doctype html><a href='https://news.example/'>News</a>");
    let page = world.open("link.html").await;
    assert_eq!(page.eval("document.links[0].origin").await, world.publisher.origin());
    assert_eq!(page.eval("location.origin").await, world.partner.origin());
    assert_ne!(world.publisher.origin(), world.partner.origin());

    // No permission of its own lets the partner's page read the publisher's.
    let read = "fetch(document.links[0].href).then(() => 'read', () => 'refused')";
    assert_eq!(page.eval(read).await, "refused");
}
