//! Frames of the host's with our snippet in them: previews of a CMS, AMP-like boxes, e-mail readers.

use serde_json::json;

use super::{ELEMENT, LOADER, SAID, Visitor, page_of};
use crate::frames::counted;
use crate::scripts::{WATCH, live, saw};
use crate::support::world::World;

/// A page around a frame, whose own document is written into it or stands beside it.
fn around(sandbox: &str, source: &str) -> String {
    page_of(&format!("<iframe {sandbox} {source} width=600 height=900></iframe>"))
}

/// The frame's document watches itself: what runs before a page does not reach every kind of frame everywhere.
fn framed() -> String {
    format!("<script>if (!globalThis.said) {{ {WATCH} {SAID} }}</script>{ELEMENT}{LOADER}")
}

fn in_srcdoc() -> String {
    format!("srcdoc=\"{}\"", framed().replace('&', "&amp;").replace('"', "&quot;"))
}

/// Of its own origin, a frame is as any page.
#[tokio::test]
async fn in_a_frame_with_the_pages_origin_the_widget_comes_alive() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let same = "sandbox='allow-scripts allow-same-origin allow-forms allow-popups'";
    world.write_page("framed.html", &page_of(&framed()));
    for (host, sandbox, source) in [
        ("srcdoc", "", in_srcdoc()),
        ("srcdoc in a sandbox with the page's origin", same, in_srcdoc()),
        ("a frame", "", "src=framed.html".to_owned()),
        ("a sandbox with the page's origin", same, "src=framed.html".to_owned()),
    ] {
        visitor.visit("around.html", &around(sandbox, &source)).await;
        visitor.page.client.enter_frame(0).await.expect("there is a frame");
        visitor.is_live(1, host).await;
        visitor.page.wait_until(&saw("view")).await;
        visitor.is_calm(host).await;
        visitor.page.client.enter_parent_frame().await.expect("there is a page around");
    }
    assert_eq!(counted(&world), [world.partner.origin()]);
}

/// Without an origin no form could be sent, and nothing stored: the article is read and counted, links do the rest.
#[tokio::test]
async fn in_a_frame_without_an_origin_the_article_is_read_and_counted() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    world.write_page("framed.html", &page_of(&framed()));
    // AMP puts what is not its own into such a box, on another origin.
    let header = "<!-- header: Content-Security-Policy: sandbox allow-scripts -->\n";
    world.write_page("sandboxed.html", &[header, &page_of(&framed())].concat());
    for (host, sandbox, source) in [
        ("srcdoc", "sandbox=allow-scripts", in_srcdoc()),
        ("a frame", "sandbox=allow-scripts", "src=framed.html".to_owned()),
        ("a document that boxes itself", "", "src=sandboxed.html".to_owned()),
    ] {
        visitor.visit("around.html", &around(sandbox, &source)).await;
        visitor.page.client.enter_frame(0).await.expect("there is a frame");
        visitor.page.wait_until(&saw("view")).await;
        visitor.is_readable(host).await;
        assert_eq!(visitor.page.eval("origin").await, "null", "{host}");
        assert_eq!(visitor.page.eval(&live(0)).await, true, "{host}");
        visitor.is_calm(host).await;
        visitor.page.client.enter_parent_frame().await.expect("there is a page around");
    }
    assert_eq!(
        counted(&world),
        [world.partner.origin()],
        "by the page's address, which the frame knows"
    );
}

/// With no script at all there is the link.
#[tokio::test]
async fn in_a_frame_that_runs_no_script_the_link_stands() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    visitor.visit("around.html", &around("sandbox='allow-same-origin'", &in_srcdoc())).await;
    let link = "document.querySelector('iframe').contentDocument.querySelector('article-widget a')";
    assert_eq!(visitor.page.eval(&format!("{link}.getClientRects().length > 0")).await, true);
    assert_eq!(visitor.page.eval("[errors, said]").await, json!([[], []]));
}
