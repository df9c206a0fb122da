//! The publisher's own pages, and the frame.

use super::BEFORE;
use super::look::{Walk, assert_accessible, faults};
use crate::admin::log_in;
use crate::feedback::{open_form, submit, write_letter};
use crate::scripts::{WATCH, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

const NARROW: View = View { width: 320, ..View::PHONE };
const ARTICLE: &str = "cho-dem-pho-nui";

/// A letter of a reader's: its private link.
async fn send_a_letter(world: &World, page: &Page<'_>) -> String {
    page.go(&world.url("short.html")).await;
    open_form(page).await;
    write_letter(page, "Ảnh thứ hai bị ngược.").await;
    submit(page).await;
    page.widget(0).text(".aw-reference").await;
    let link = page.eval(&format!("{}.href", page.widget(0).find(".aw-panel a"))).await;
    link.as_str().expect("a private link").to_owned()
}

async fn walk(view: View) {
    let world = World::start().await;
    let view = View { before: [WATCH, BEFORE].concat().leak(), ..view };
    let page = world.open_in(view, "short.html").await;
    let receipt = send_a_letter(&world, &page).await;
    let mut walk = Walk::new(&page, "html");
    page.go(&receipt).await;
    walk.see("the sender's page").await;
    page.eval("void document.querySelector('.erase').click()").await;
    page.wait_until("!document.querySelector('.erase')").await;
    walk.see("the sender's page, erased").await;

    let origin = world.publisher.origin();
    for path in
        ["", "?lang=en", "/feedback", "/feedback?lang=en&passage=ba+chữ", "/share?s=z-0", "/embed"]
    {
        page.go(&format!("{origin}/a/{ARTICLE}{path}")).await;
        walk.see(path).await;
    }
    for path in ["/a/none", "/v1/mail/unsubscribe/none", "/embed/none"] {
        page.go(&format!("{origin}{path}")).await;
        walk.see(path).await;
    }
    page.go(&format!("{origin}/a/{ARTICLE}/embed/preview")).await;
    page.wait_until(&saw("ready")).await;
    // As a partner's page, which is to have a heading of its own.
    assert_accessible(&page, "article-widget", "the preview for partners").await;
    page.go(&format!("{origin}/a/{ARTICLE}/feedback")).await;
    page.eval("void document.querySelector('form').submit()").await;
    page.wait_until("document.querySelector('[aria-invalid]') !== null").await;
    walk.see("the form page, with errors").await;
    page.go(&format!("{origin}/a/{ARTICLE}/feedback?useful=true")).await;
    page.eval("void document.querySelector('#rating button').click()").await;
    page.wait_until("location.pathname.endsWith('/rating')").await;
    walk.see("a rating taken").await;
    walk.end(13);
}

#[tokio::test]
async fn the_publishers_pages_are_accessible_on_a_narrow_phone() {
    walk(NARROW).await;
}

#[tokio::test]
async fn the_publishers_pages_are_accessible_on_a_dark_desktop() {
    walk(View { dark: true, ..View::DESKTOP }).await;
}

/// The document of a frame has no heading of the first level: that is the page's around it.
#[tokio::test]
async fn a_frame_is_accessible() {
    let world = World::start().await;
    let view = View { before: [WATCH, BEFORE].concat().leak(), ..NARROW };
    let page = world.open_in(view, &format!("{}/embed/{ARTICLE}", world.publisher.origin())).await;
    page.wait_until(&saw("ready")).await;
    let mut walk = Walk::new(&page, "main");
    walk.see("a frame").await;
    walk.end(1);
}

/// Two on one page: what has an id in the one is not taken for what has it in the other.
#[tokio::test]
async fn a_page_with_several_widgets_is_accessible() {
    let world = World::start().await;
    let view = View { before: [WATCH, BEFORE].concat().leak(), ..View::DESKTOP };
    world.write_page(
        "several.html",
        "<!doctype html><html lang='vi'><meta name='viewport' content='width=device-width'><title>Hai bài</title>
         <header>Hợp tác xã</header><main><h1>Đọc cùng chúng tôi</h1>
         <article-widget src='https://news.example' article='cho-dem-pho-nui'></article-widget>
         <article-widget src='https://news.example' article='ca-phe-vao-vu-hai'></article-widget>
         <script src='https://news.example/embed.js'></script></main>",
    );
    super::count_views(&world).await;
    let page = world.open_in(view, "several.html").await;
    page.wait_until(&crate::scripts::live(2)).await;
    for index in 0..2 {
        page.widget(index).element("[data-open=feedback]").await.click().await.expect("a button");
        page.widget(index).element("[data-form=letter]").await;
    }
    let mut found = faults(&page, "html").await;
    // Landmarks of the same name, each within an article that has a name of its own.
    found.retain(|fault| !fault.starts_with("landmark-unique: "));
    assert_eq!(found, Vec::<String>::new());
    let named = "[...document.querySelectorAll('article-widget')].map(({ shadowRoot }) => shadowRoot.getElementById(shadowRoot.querySelector('article').getAttribute('aria-labelledby')).textContent)";
    let named = page.eval(named).await;
    assert_ne!(named[0], named[1]);
}

#[tokio::test]
async fn the_inbox_is_accessible() {
    let world = World::start().await;
    let view = View { before: WATCH, ..NARROW };
    let page = world.open_in(view, "short.html").await;
    send_a_letter(&world, &page).await;
    drop(page);
    let page = log_in(&world, View { dark: true, ..view }).await;
    assert_accessible(&page, "html", "the inbox").await;
    // A program typed it, and was faster than a person: somebody has to look first.
    page.go(&format!("{}/admin/feedback?state=held", world.publisher.origin())).await;
    assert_accessible(&page, "html", "what is held").await;
    page.eval("document.querySelector('main a[href^=\"/admin/feedback/\"]').click()").await;
    page.wait_until("/feedback\\/\\d+$/.test(location.pathname)").await;
    assert_accessible(&page, "html", "a letter").await;
    page.go(&format!("{}/admin/nothing", world.publisher.origin())).await;
    assert_accessible(&page, "html", "a notice").await;
}
