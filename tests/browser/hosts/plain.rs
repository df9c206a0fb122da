//! A page over plain HTTP, of a host that is not this machine by name: no secure context, and so no clipboard, no
//! dialog to share by, no `crypto.randomUUID` and no `crypto.subtle`.

use serde_json::{Value, json};

use super::{SAID, SHORT, Visitor, page_of};
use crate::feedback::{fill, kept, open_form, submit, write_letter};
use crate::frames::counted;
use crate::scripts::{WATCH, live, saw};
use crate::support::page::View;
use crate::support::world::World;

const INSECURE: &str = "[isSecureContext, typeof crypto.randomUUID, typeof crypto.subtle, typeof navigator.clipboard, \
    typeof navigator.share]";
/// What is copied, is copied out of a field that is selected.
const COPIED: &str = "addEventListener('copy', (event) => (globalThis.copied = event.composedPath()[0].value), true);";

#[tokio::test]
async fn over_plain_http_the_article_is_read_counted_copied_rated_and_written_about() {
    let world = World::start().await;
    let before = [WATCH, SAID, COPIED].concat().leak();
    let visitor = Visitor::with(&world, View { before, ..View::DESKTOP }).await;
    let page = &visitor.page;
    world.write_page("plain.html", &page_of(SHORT));
    page.go(&world.plain_url("plain.html")).await;
    let nothing = json!([false, "undefined", "undefined", "undefined", "undefined"]);
    assert_eq!(page.eval(INSECURE).await, nothing);

    page.wait_until(&live(1)).await;
    page.wait_until(&saw("view")).await;
    let origin = world.plain_url("").trim_end_matches('/').to_owned();
    assert_eq!(counted(&world), std::slice::from_ref(&origin));
    let widget = page.widget(0);
    for (channel, letter) in [("copy", "c"), ("zalo", "z")] {
        widget.element(".aw-share > summary").await.click().await.expect("it can be clicked");
        let way = format!("[data-channel={channel}] button");
        widget.element(&way).await.click().await.expect("it can be clicked");
        let shared =
            format!("seen.some(({{ name, word }}) => name === 'share' && word === '{channel}')");
        page.wait_until(&shared).await;
        let copied = page.eval("copied").await;
        let url = format!("{}/a/cho-dem-pho-nui?s={letter}-", world.publisher.origin());
        assert!(copied.as_str().is_some_and(|copied| copied.starts_with(&url)), "{copied}");
    }
    widget.element(".aw-rating button").await.click().await.expect("it can be clicked");
    fill(page, "#aw-rating-word", "Rõ ràng").await;
    widget.element(".aw-word button").await.click().await.expect("it can be clicked");
    page.wait_until(&format!("{} === null", widget.find(".aw-word"))).await;
    assert!(widget.text(".aw-rated").await.contains("Cảm ơn"));
    page.go(&world.plain_url("plain.html")).await;
    open_form(page).await;
    write_letter(page, "Qua HTTP thường.").await;
    submit(page).await;
    widget.text(".aw-reference").await;
    assert_eq!(kept(&world, "message"), "Qua HTTP thường.");
    visitor.is_calm("plain HTTP").await;

    // Each has a name of its own, though the page has no way to make one.
    let asked = world.publisher.network.asked();
    let names = asked.iter().filter(|one| one.path == "/v1/views" || one.path == "/v1/shares");
    let names = names.filter_map(|one| {
        let body: Value = serde_json::from_str(&one.body).ok()?;
        assert_eq!(body["page"], format!("{origin}/plain.html"));
        body["view"].as_str().or_else(|| body["share"].as_str()).map(str::to_owned)
    });
    let names: std::collections::BTreeSet<_> = names.collect();
    assert!(names.len() >= 3 && names.iter().all(|name| name.len() == 36), "{names:?}");
}
