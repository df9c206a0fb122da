//! The dashboard in a browser: every page is accessible and fits, light and dark, on a phone and on a
//! desktop, and nothing on it asks for what the pages' own policy forbids.

use crate::accessibility::assert_accessible;
use crate::admin::log_in;
use crate::scripts::{WATCH, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

/// An article of the samples.
const ARTICLE: &str = "cho-dem-pho-nui";

/// Each page, below `/admin`.
const PAGES: [&str; 12] = [
    "",
    "/articles",
    "/articles?q=dak&state=visible",
    "/articles/cho-dem-pho-nui?window=7d",
    "/articles/cho-dem-pho-nui?window=all",
    "/articles/cho-dem-pho-nui/edit",
    "/articles/cho-dem-pho-nui/correct",
    "/articles/cho-dem-pho-nui/withdraw",
    "/articles/cho-dem-pho-nui/revisions",
    "/reading?window=7d",
    "/partners",
    "/feeds",
];

/// Looks at every page with `view`.
async fn look(view: View) {
    let world = World::start().await;
    // A reader, so that there are figures.
    let reader = world.open_in(View { before: WATCH, ..View::DESKTOP }, "short.html").await;
    reader.wait_until(&saw("view")).await;
    drop(reader);
    let page = log_in(&world, view).await;
    for path in PAGES {
        page.go(&format!("{}/admin{path}", world.publisher.origin())).await;
        open_details(&page).await;
        assert_accessible(&page, "html", path).await;
        let fits = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(page.eval(fits).await, true, "{path} scrolls sideways");
    }
    page.assert_no_console_error().await;
}

async fn open_details(page: &Page<'_>) {
    page.eval("void document.querySelectorAll('details').forEach((it) => { it.open = true })")
        .await;
}

#[tokio::test]
async fn every_page_is_accessible_on_a_desktop() {
    look(View::DESKTOP).await;
}

#[tokio::test]
async fn every_page_is_accessible_on_a_desktop_in_the_dark() {
    look(View { dark: true, ..View::DESKTOP }).await;
}

#[tokio::test]
async fn every_page_is_accessible_on_the_smallest_phone() {
    look(View { width: 320, ..View::PHONE }).await;
}

#[tokio::test]
async fn every_page_is_accessible_on_a_phone_in_the_dark() {
    look(View { dark: true, ..View::PHONE }).await;
}

#[tokio::test]
async fn an_editor_finds_an_article_corrects_it_and_a_partners_page_shows_it() {
    let world = World::start().await;
    let page = log_in(&world, View::PHONE).await;
    page.go(&format!("{}/admin/articles", world.publisher.origin())).await;
    page.eval("document.getElementById('q').value = 'cho dem tui ni long'").await;
    page.eval("document.querySelector('form.search button').click()").await;
    page.wait_until("location.search.includes('q=cho')").await;
    page.eval("document.querySelector('.entry-title a').click()").await;
    page.wait_until(&format!("location.pathname === '/admin/articles/{ARTICLE}'")).await;
    page.eval("document.querySelector('nav.buttons a[href$=\"/correct\"]').click()").await;
    page.wait_until("document.getElementById('text') !== null").await;
    page.eval("document.getElementById('text').value = 'Chợ họp từ 18 giờ.'").await;
    page.eval("document.querySelector('main form button').click()").await;
    page.wait_until("location.search === '?done=corrected'").await;
    page.assert_no_console_error().await;
    let partner = world.open("short.html").await;
    let shown = "document.querySelector('article-widget')?.shadowRoot?.textContent.includes('Chợ họp từ 18 giờ.') ?? false";
    partner.wait_until(shown).await;
}
