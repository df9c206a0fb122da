//! Pages whose scripts have changed what the browser comes with: old libraries, shims, monitors. Each patch is
//! a file's worth of what such scripts do, in `patches/`.

use super::{ELEMENT, LOADER, SHORT, Visitor};
use crate::scripts::{live, saw};
use crate::support::driver::Engine;
use crate::support::world::World;

/// Patches that the widget comes alive under.
const HARMLESS: [(&str, &str); 10] = [
    ("accessors on Object.prototype", include_str!("patches/accessors.js")),
    ("no idle callback", "delete globalThis.requestIdleCallback;"),
    ("additions to Object.prototype", include_str!("patches/object-prototype.js")),
    ("a library that extends arrays and elements", include_str!("patches/extended-prototypes.js")),
    ("a library of its own classes", include_str!("patches/own-bind.js")),
    ("shims of Map, Promise and Symbol", include_str!("patches/shims.js")),
    ("zones around everything that is asynchronous", include_str!("patches/zones.js")),
    ("a monitor of requests", include_str!("patches/monitor.js")),
    ("a registry that makes classes of its own", include_str!("patches/registry.js")),
    ("shadow roots that are closed", include_str!("patches/closed-shadow.js")),
];

/// Patches of `fetch` that leave nothing to show.
const NO_ANSWER: [(&str, &str); 4] = [
    ("fetch returns nothing", "fetch = () => {};"),
    ("fetch throws", "fetch = () => { throw new TypeError('not here'); };"),
    ("fetch is gone", "delete globalThis.fetch; fetch = undefined;"),
    (
        "a monitor that reads the answer and gives it on",
        "const real = fetch;
         fetch = async (...request) => {
           const response = await real(...request);
           await response.text();
           return response;
         };",
    ),
];

fn with_patch(patch: &str, snippet: &str) -> String {
    format!("<script>{{{patch}}}</script>{snippet}")
}

/// Those of [`HARMLESS`] that the engine's driver lives with.
fn harmless() -> impl Iterator<Item = (&'static str, &'static str)> {
    HARMLESS.into_iter().filter(|(host, _)| {
        let breaks = Engine::chosen() == Engine::WebKit && host.starts_with("shims");
        if breaks {
            eprintln!("skipped in WebKit: {host}: its driver works with the page's own");
        }
        !breaks
    })
}

#[tokio::test]
async fn under_patched_prototypes_and_shims_the_widget_comes_alive_and_counts() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for (host, patch) in harmless() {
        visitor.visit_body(&with_patch(patch, &[ELEMENT, LOADER].concat())).await;
        visitor.is_live(1, host).await;
        visitor.page.wait_until(&saw("view")).await;
        visitor.is_calm(host).await;
    }
}

/// The form is where new elements, listeners and requests are made.
#[tokio::test]
async fn under_patched_prototypes_the_form_opens_and_tells_what_is_missing() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for (host, patch) in harmless() {
        if patch.contains("mode: 'closed'") {
            // Nor can a test look into it.
            continue;
        }
        visitor.visit_body(&with_patch(patch, SHORT)).await;
        visitor.is_live(1, host).await;
        let widget = visitor.page.widget(0);
        // By script: what is on every object now is on the driver's messages too.
        visitor.page.eval(&format!("void {}.click()", widget.find("[data-open=feedback]"))).await;
        visitor.page.wait_until(&format!("{} !== null", widget.find("form"))).await;
        visitor.page.eval(&format!("void {}.click()", widget.find("form [type=submit]"))).await;
        visitor.page.wait_until(&format!("{} !== null", widget.find("[aria-invalid=true]"))).await;
        visitor.is_calm(host).await;
    }
}

#[tokio::test]
async fn a_fetch_that_gives_nothing_leaves_the_link() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for (host, patch) in NO_ANSWER {
        visitor.visit_body(&with_patch(patch, &[ELEMENT, LOADER].concat())).await;
        visitor.is_a_link_with_a_warning(host).await;
        // The short snippet brings no link of its own.
        visitor.visit_body(&with_patch(patch, SHORT)).await;
        visitor.is_a_link_with_a_warning(host).await;
    }
}

#[tokio::test]
async fn without_webassembly_the_article_is_read_and_counted() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let patch = "delete globalThis.WebAssembly; WebAssembly = undefined;";
    visitor.visit_body(&with_patch(patch, &[ELEMENT, LOADER].concat())).await;
    visitor.page.wait_until(&saw("view")).await;
    visitor.is_readable_with_a_warning("no WebAssembly").await;
}

/// Whoever reaches for the widget does not wait for it.
#[tokio::test]
async fn where_the_page_is_never_idle_the_widget_comes_alive_when_it_is_reached_for() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let patch = "requestIdleCallback = () => 0;";
    visitor.visit_body(&with_patch(patch, &[ELEMENT, LOADER].concat())).await;
    visitor.page.wait_until(&saw("view")).await;
    assert_eq!(visitor.page.eval(&live(0)).await, true);
    let reach =
        "document.querySelector('article-widget').dispatchEvent(new PointerEvent('pointerenter'))";
    visitor.page.eval(reach).await;
    visitor.is_live(1, "never idle").await;
}

#[tokio::test]
async fn where_no_element_can_be_defined_or_opened_the_link_stays() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let refuses = "Element.prototype.attachShadow = () => { throw new Error('no shadows here'); };";
    visitor.visit_body(&with_patch(refuses, &[ELEMENT, LOADER].concat())).await;
    visitor.is_a_link_with_a_warning("attachShadow throws").await;

    let refuses = "customElements.define = () => { throw new Error('not this name'); };";
    visitor.visit_body(&with_patch(refuses, &[ELEMENT, LOADER].concat())).await;
    visitor.has_one_warning("the link stays", "define throws").await;
    let link = "document.querySelector('article-widget a').getClientRects().length > 0";
    assert_eq!(visitor.page.eval(link).await, true);
}
