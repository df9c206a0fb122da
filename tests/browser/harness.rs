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
