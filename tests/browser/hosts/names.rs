//! Elements whose names hide what is the document's own.

use super::{SHORT, Visitor};
use crate::scripts::{live, saw};
use crate::support::world::World;

#[tokio::test]
async fn names_that_hide_the_documents_own_do_no_harm() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    visitor.page.go(&world.url("clobbered.html")).await;
    visitor.is_live(1, "currentScript, body and more").await;
    visitor.page.assert_no_console_error().await;
}

/// What the Wasm itself cannot do without: the server's HTML is read, and counted.
#[tokio::test]
async fn where_a_name_hides_what_the_wasm_needs_the_article_stays_readable() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for name in [
        "createElement",
        "querySelector",
        "addEventListener",
        "removeEventListener",
        "createTextNode",
    ] {
        visitor.visit_body(&format!("<form name={name}><input name=append></form>{SHORT}")).await;
        visitor.page.wait_until(&saw("view")).await;
        visitor.is_readable(name).await;
        visitor.page.wait_until(&format!("said.length > 0 || {}", live(1))).await;
        // A form needs new elements; whatever becomes of that, the page does not hear of it.
        let open = visitor.page.widget(0).find("[data-open=feedback][role]");
        visitor.page.eval(&format!("void {open}?.click()")).await;
        visitor.is_readable(name).await;
        assert_eq!(visitor.page.eval("errors").await, serde_json::json!([]), "{name}");
        assert_eq!(visitor.page.eval("said.length < 2").await, true, "{name}");
    }
}
