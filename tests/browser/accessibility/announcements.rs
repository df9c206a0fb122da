//! What a screen reader is told without being asked (WCAG 4.1.3): by regions that are there before they speak,
//! each thing once.

use serde_json::{Value, json};

use super::states::{WAIT, network, wait_for};
use super::{BEFORE, click, count_views};
use crate::feedback::{fill, open_form, submit, with_mail, write_letter};
use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

/// Hears what the regions of the first widget say, into `heard`; and into `mute` what no screen reader hears
/// for sure: a region that comes with its words.
const LISTEN: &str = "(() => {
    globalThis.heard = [];
    globalThis.mute = [];
    const root = document.querySelector('article-widget').shadowRoot;
    const REGIONS = '[role=status], [role=alert], [aria-live]';
    const said = new Map();
    const text = (region) => region.textContent.trim();
    const know = (region, isOld) => {
      if (said.has(region)) return;
      said.set(region, text(region));
      if (text(region) && !isOld) mute.push(text(region));
    };
    root.querySelectorAll(REGIONS).forEach((region) => know(region, true));
    new MutationObserver(() => {
      for (const region of root.querySelectorAll(REGIONS)) {
        know(region);
        if (said.get(region) === text(region)) continue;
        said.set(region, text(region));
        if (text(region)) heard.push(text(region));
      }
    }).observe(root, { subtree: true, childList: true, characterData: true });
})()";

/// What was heard since the last time.
async fn heard(page: &Page<'_>) -> Value {
    // After what has just been changed.
    let heard = "new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))).then(() => heard.splice(0))";
    let heard = page.eval(heard).await;
    assert_eq!(page.eval("mute").await, json!([]));
    heard
}

async fn open<'world>(world: &'world World, before: &str) -> Page<'world> {
    count_views(world).await;
    let before = [WATCH, BEFORE, before].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    page.eval(LISTEN).await;
    page
}

#[tokio::test]
async fn what_came_of_copying_is_said_each_time_and_once() {
    let world = World::start().await;
    let page = open(&world, "").await;
    for _ in 0..2 {
        click(&page, ".aw-share summary").await;
        click(&page, "[data-channel=copy] button").await;
        page.wait_until("heard.length > 0").await;
        assert_eq!(heard(&page).await, json!(["Đã sao chép liên kết."]));
    }
    page.eval("void (window.copies = false)").await;
    click(&page, ".aw-share summary").await;
    click(&page, "[data-channel=copy] button").await;
    page.wait_until("heard.length > 0").await;
    assert_eq!(
        heard(&page).await,
        json!(["Trình duyệt không cho sao chép. Hãy chép liên kết này:"])
    );
}

#[tokio::test]
async fn how_a_letter_stands_is_said_once() {
    let world = World::start().await;
    let page = open(&world, "").await;
    let widget = page.widget(0);
    open_form(&page).await;
    assert_eq!(heard(&page).await, json!([]));
    submit(&page).await;
    widget.text(".aw-error").await;
    assert_eq!(heard(&page).await, json!(["Chưa gửi được. Xin xem lại các ô được đánh dấu."]));
    // The error itself is said with the field, which has the focus.
    let described = format!(
        "((field) => field.matches(':focus') && field.getRootNode().getElementById(field.getAttribute('aria-describedby')).textContent.trim())({})",
        widget.find("[aria-invalid]")
    );
    assert_eq!(page.wait_until(&described).await, "Xin điền ô này.");

    write_letter(&page, "Bài hay.").await;
    network(&page, "cut").await;
    submit(&page).await;
    wait_for(&page, ".aw-form-status", "sẽ tự gửi lại").await;
    let waiting = "Chưa gửi được vì mất mạng hoặc máy chủ đang bận. Nội dung vẫn còn đây và sẽ tự gửi lại; xin đừng đóng trang.";
    assert_eq!(heard(&page).await, json!(["Đang gửi…", waiting]));
    network(&page, "up").await;
    widget.text(".aw-reference").await;
    // Received: said by the focus, and by nothing else.
    let thanks = format!(
        "((panel) => panel.matches(':focus') && panel.getRootNode().getElementById(panel.getAttribute('aria-labelledby')).textContent)({})",
        widget.find("[data-thanks=letter]")
    );
    assert_eq!(page.wait_until(&thanks).await, "Cảm ơn bạn. Tòa soạn đã nhận được phản hồi.");
    assert_eq!(heard(&page).await, json!([]));
}

#[tokio::test]
async fn how_a_mail_and_a_rating_stand_is_said_once() {
    let world = World::configured(with_mail).await;
    let page = open(&world, "").await;
    let widget = page.widget(0);
    click(&page, ".aw-share summary").await;
    click(&page, "[data-channel=email] button").await;
    fill(&page, "input[name=to]", "ban@example.vn").await;
    submit(&page).await;
    widget.text("[data-thanks=mail]").await;
    let said = heard(&page).await;
    assert_eq!(said[0], "Đang gửi…", "{said}");
    // A proof of work may have been asked for between.
    assert!(said.as_array().is_some_and(|said| said.len() <= 2), "{said}");
    click(&page, "[data-thanks=mail] button").await;

    click(&page, ".aw-rating button").await;
    fill(&page, "#aw-rating-word", "Hay").await;
    assert_eq!(heard(&page).await, json!(["Đang gửi…", "Cảm ơn bạn đã cho biết."]));
    click(&page, ".aw-word button").await;
    page.wait_until(&format!("!{}", widget.find(".aw-word"))).await;
    assert_eq!(heard(&page).await, json!(["Đang gửi…", "Cảm ơn bạn đã cho biết."]));
}

/// News that nobody asked for is no announcement.
#[tokio::test]
async fn a_fresh_list_is_not_said() {
    const OTHER: &str = "
        const asked = globalThis.fetch;
        globalThis.fetch = async (url, options) => {
          const response = await asked(url, options);
          if (!String(url).includes('/v1/most-read?window=24h&limit')) return response;
          const list = await response.json();
          list.items[0].title = 'Mới nhất';
          return new Response(JSON.stringify(list));
        };";
    let world = World::start().await;
    let page = open(&world, OTHER).await;
    let list = page.widget(0).find(".aw-ranks");
    page.eval(&format!("{list}.scrollIntoView()")).await;
    page.wait_until(&format!("{list}.textContent.includes('Mới nhất')")).await;
    assert_eq!(heard(&page).await, json!([]));
}

#[tokio::test]
async fn an_article_on_its_way_is_said_and_so_is_one_that_does_not_come() {
    let world = World::start().await;
    let page = open(&world, WAIT).await;
    page.eval("(() => { const asked = globalThis.fetch; globalThis.fetch = (url, options) => (String(url).endsWith('/nobody') ? new Promise((resolve) => (globalThis.answer = resolve)) : asked(url, options)); })()").await;
    page.eval(&format!("waitFor('{}/v1/embed/nobody')", world.publisher.origin())).await;
    wait_for(&page, ".aw-notice", "Đang tải").await;
    page.eval(LISTEN).await;
    page.wait_until("typeof answer === 'function'").await;
    page.eval("void answer(new Response('{}', { status: 404 }))").await;
    page.wait_until("heard.length > 0").await;
    assert_eq!(heard(&page).await, json!(["Chưa tải được bài viết."]));
    // Again: what is on its way, and what came of it.
    click(&page, ".aw-waiting button").await;
    page.wait_until("heard.length > 0").await;
    assert_eq!(heard(&page).await, json!(["Đang tải bài viết…"]));
    let no_network = "(Object.defineProperty(navigator, 'onLine', { value: false }), void answer(Promise.reject(new TypeError('offline'))))";
    page.eval(no_network).await;
    page.wait_until("heard.length > 0").await;
    let offline = "Không có mạng. Bài viết sẽ tự hiện khi có mạng trở lại.";
    assert_eq!(heard(&page).await, json!([offline]));
}
