//! The share menu: what it offers to whom, how it opens and closes, and where its links lead back from.

mod arrivals;
mod channels;

use fantoccini::key::Key;
use serde_json::json;

use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

/// Whether the menu is open.
const OPEN: &str =
    "document.querySelector('article-widget').shadowRoot.querySelector('.aw-share').open";

/// A browser with a share dialog, which Chromium on Linux is not.
const DIALOG: &str = "
    globalThis.dialogs = [];
    navigator.canShare = () => true;
    navigator.share = (data) => {
      dialogs.push(data);
      return globalThis.refused ? Promise.reject(new DOMException('', 'AbortError')) : Promise.resolve();
    };";

/// Before the page: everything in it watched, and something else besides.
fn watched(view: View, before: &str) -> View {
    View { before: [WATCH, before].concat().leak(), ..view }
}

fn shared(channel: &str) -> String {
    format!("seen.some(({{ name, word }}) => name === 'share' && word === '{channel}')")
}

async fn open_menu(page: &Page<'_>) {
    let summary = page.widget(0).element(".aw-share > summary").await;
    summary.click().await.expect("it can be clicked");
    page.wait_until(OPEN).await;
}

async fn click(page: &Page<'_>, selector: &str) {
    page.widget(0).element(selector).await.click().await.expect("it can be clicked");
}

/// What has the focus in the widget: a channel's name, or a class.
async fn wait_for_focus(page: &Page<'_>, expected: &str) {
    let focused = "((element) => element?.closest('[data-channel]')?.dataset.channel ?? element?.className)\
                   (document.querySelector('article-widget').shadowRoot.activeElement)";
    page.wait_until(&format!("{focused} === '{expected}'")).await;
}

async fn wait_for_status(page: &Page<'_>, words: &str) {
    let status = page.widget(0).find(".aw-status");
    page.wait_until(&format!("{status}.textContent.includes('{words}')")).await;
}

#[tokio::test]
async fn links_carry_the_partners_mark_and_are_followed_without_a_popup() {
    const NO_POPUP: &str = "
        globalThis.popups = 0;
        globalThis.open = () => { popups += 1; };
        addEventListener('click', (event) => {
          if (event.composedPath()[0].localName === 'a') event.preventDefault();
        });";
    let world = World::start().await;
    let page = world.open_in(watched(View::DESKTOP, NO_POPUP), "short.html").await;
    page.wait_until(&live(1)).await;
    let link = page.widget(0).find("[data-channel=facebook] a");
    let partner = page.eval(&format!("/s%3Df-([0-9a-z]+)$/.exec({link}.href)[1]")).await;
    assert_ne!(partner, "0");
    open_menu(&page).await;
    click(&page, "[data-channel=facebook] a").await;
    page.wait_until(&shared("facebook")).await;
    assert_eq!(
        page.eval(&format!("[{link}.target, {link}.rel]")).await,
        json!(["_blank", "noopener noreferrer"])
    );
    assert_eq!(page.eval("popups").await, 0);
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn the_menu_works_by_keyboard_alone() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    page.eval(&format!("{}.focus()", page.widget(0).find(".aw-share > summary"))).await;
    page.press(&[Key::Enter]).await;
    page.wait_until(OPEN).await;

    page.press(&[Key::Tab]).await;
    wait_for_focus(&page, "copy").await;
    page.press(&[Key::Enter]).await;
    wait_for_status(&page, "Đã sao chép liên kết.").await;
    page.wait_until(&shared("copy")).await;
    // The menu has done its work, and what came of it stands right below the button.
    page.wait_until(&format!("!{OPEN}")).await;
    wait_for_focus(&page, "aw-button").await;

    page.press(&[Key::Enter, Key::Tab, Key::Tab]).await;
    wait_for_focus(&page, "zalo").await;
    page.press(&[Key::Space]).await;
    wait_for_status(&page, "Hãy dán vào cuộc trò chuyện Zalo.").await;
    page.wait_until(&shared("zalo")).await;
    page.wait_until(&format!("!{OPEN}")).await;
    wait_for_focus(&page, "aw-button").await;

    page.press(&[Key::Enter, Key::Tab, Key::Tab, Key::Tab]).await;
    wait_for_focus(&page, "facebook").await;
    page.press(&[Key::Escape]).await;
    page.wait_until(&format!("!{OPEN}")).await;
    wait_for_focus(&page, "aw-button").await;

    // Tab leads through every item and out, to what comes next; the menu closes behind it.
    page.press(&[Key::Enter]).await;
    page.wait_until(OPEN).await;
    for _ in 0..20 {
        page.press(&[Key::Tab]).await;
        if page.eval(OPEN).await == false {
            break;
        }
    }
    assert_eq!(page.eval(OPEN).await, false);
    let next = page.widget(0).find("[data-open=feedback]");
    assert_eq!(page.eval(&format!("{next}.getRootNode().activeElement === {next}")).await, true);
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn a_click_elsewhere_closes_the_menu_and_does_what_it_was_for() {
    const HEARD: &str = "
        globalThis.heard = [];
        const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
        const is = (type) => ['click', 'keyup', 'keydown', 'focusin', 'pointerdown'].includes(type);
        EventTarget.prototype.addEventListener = function (type, listener, options) {
          const isNew = this === document && is(type) && !heard.some((one) => one.type === type);
          if (isNew) heard.push({ type, passive: options?.passive });
          return add.call(this, type, listener, options);
        };
        EventTarget.prototype.removeEventListener = function (type, listener, options) {
          if (this === document) heard = heard.filter((one) => one.type !== type);
          return remove.call(this, type, listener, options);
        };";
    let world = World::start().await;
    let page = world.open_in(watched(View::DESKTOP, HEARD), "short.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(
        page.eval("heard").await,
        json!([]),
        "a closed menu listens to nothing of the page's"
    );

    open_menu(&page).await;
    page.wait_until("heard.length > 0").await;
    let passive =
        json!([{ "type": "click", "passive": true }, { "type": "keyup", "passive": true }]);
    assert_eq!(page.eval("heard").await, passive);
    click(&page, ".aw-title").await;
    page.wait_until(&format!("!{OPEN} && heard.length === 0")).await;

    // The host page's own, and the widget's below the menu, which moves as the menu closes.
    open_menu(&page).await;
    page.eval(
        "void (document.querySelector('#below').onclick = () => (globalThis.clicked = true))",
    )
    .await;
    let below = page.client.find(fantoccini::Locator::Css("#below")).await.expect("it is there");
    below.click().await.expect("it can be clicked");
    page.wait_until(&format!("globalThis.clicked && !{OPEN}")).await;
    open_menu(&page).await;
    click(&page, "[data-open=feedback]").await;
    page.wait_until(&format!("{} !== null && !{OPEN}", page.widget(0).find("form"))).await;

    // A widget that is taken away with its menu open leaves nothing behind.
    open_menu(&page).await;
    page.eval("document.querySelector('article-widget').remove()").await;
    page.press(&[Key::Tab]).await;
    page.wait_until("heard.length === 0").await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn a_menu_that_was_open_before_the_script_came_closes_too() {
    const EARLY: &str = "
        addEventListener('article-widget:ready', ({ target, detail }) => {
          if (detail.state === 'readable') target.shadowRoot.querySelector('.aw-share').open = true;
        });";
    let world = World::start().await;
    let page = world.open_in(watched(View::DESKTOP, EARLY), "short.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval(OPEN).await, true, "what the reader opened stays open");
    click(&page, ".aw-title").await;
    page.wait_until(&format!("!{OPEN}")).await;
}

#[tokio::test]
async fn the_open_menu_is_inside_every_window() {
    let world = World::start().await;
    for (name, view) in [
        ("320", View { width: 320, before: WATCH, ..View::PHONE }),
        ("360-dark", View { dark: true, before: WATCH, ..View::PHONE }),
        ("desktop", WATCHED),
    ] {
        let page = world.open_in(view, "short.html").await;
        page.wait_until(&live(1)).await;
        let button = format!(
            "Math.round({}.getBoundingClientRect().top + scrollY)",
            page.widget(0).find("[data-open=feedback]")
        );
        let before = page.eval(&button).await;
        open_menu(&page).await;
        assert_eq!(page.eval(&button).await, before, "{name}: the other button stays where it is");
        page.screenshot(&format!("share-{name}")).await;
        click(&page, ".aw-qr > summary").await;
        page.wait_until(&format!("{}.naturalWidth > 0", page.widget(0).find(".aw-code"))).await;
        page.screenshot(&format!("share-{name}-qr")).await;
        let outside = format!(
            "[...{}.querySelectorAll('*')].filter((element) => {{
                const {{ left, right, width }} = element.getBoundingClientRect();
                return width > 0 && (left < 0 || right > innerWidth);
            }}).length",
            page.widget(0).find(".aw-menu")
        );
        assert_eq!(page.eval(&outside).await, 0, "{name}");
        let overflow =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.eval(overflow).await, 0, "{name}: the page scrolls sideways");
    }
}
