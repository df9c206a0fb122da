//! What only comes to those who reach for it: the second Wasm module, with the forms.

use serde_json::json;

use crate::feedback::open_form;
use crate::scripts::{WATCH, live};
use crate::support::page::View;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

/// Names of this release's files that were fetched for scripts and Wasm.
const FETCHED: &str = "[...new Set(performance.getEntriesByType('resource')
    .map(({ name }) => /[/]v[/].*[/](.*)$/.exec(name)?.[1]).filter(Boolean))].sort()";

#[tokio::test]
async fn it_is_fetched_when_a_reader_comes_near_a_form_and_not_before() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval(FETCHED).await, json!(["widget.js", "widget.wasm"]));
    let near = format!(
        "{}.dispatchEvent(new PointerEvent('pointerover', {{ bubbles: true, composed: true }}))",
        page.widget(0).find("[data-open=feedback]")
    );
    page.eval(&near).await;
    page.wait_until(&format!("{FETCHED}.length === 4")).await;
    open_form(&page).await;
    let button = page.widget(0).find("[data-open=feedback]");
    let states =
        format!("[{button}.getAttribute('aria-expanded'), {button}.hasAttribute('aria-busy')]");
    assert_eq!(page.eval(&states).await, json!(["true", false]));
    page.widget(0).element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    page.wait_until(&format!("{button}.getAttribute('aria-expanded') === 'false'")).await;
    page.wait_until(&format!("{button}.getRootNode().activeElement === {button}")).await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn where_it_cannot_come_the_publishers_form_opens() {
    const CUT: &str = "
        const real = globalThis.fetch;
        globalThis.cut = true;
        globalThis.fetch = (url, options) =>
          String(url).endsWith('/more.wasm') && cut ? Promise.reject(new TypeError('cut')) : real(url, options);";
    let world = World::start().await;
    let before = [WATCH, CUT].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let here = page.client.window().await.expect("there is a window");
    let button = page.widget(0).element("[data-open=feedback]").await;
    button.click().await.expect("it can be clicked");
    page.wait_until(&format!(
        "!{}.hasAttribute('aria-busy')",
        page.widget(0).find("[data-open=feedback]")
    ))
    .await;
    // A browser may have blocked what opened so late. A second click leads there in any case.
    let windows = page.client.windows().await.expect("windows are known").len();
    if windows == 1 {
        button.click().await.expect("it can be clicked");
    }
    let windows = page.client.windows().await.expect("windows are known");
    let other = windows.into_iter().find(|window| *window != here).expect("another one opened");
    page.client.switch_to_window(other).await.expect("it is there");
    let form = format!("{}/a/cho-dem-pho-nui/feedback", world.publisher.origin());
    page.wait_until(&format!("location.href === '{form}'")).await;
    page.client.switch_to_window(here).await.expect("it is there");
    assert_eq!(page.eval("errors").await, json!([]));
}

/// Two instances, one widget: where one dies, the other is of no use.
#[tokio::test]
async fn a_trap_in_it_puts_every_widget_back_to_its_html() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "two.html").await;
    page.wait_until(&live(2)).await;
    let widget = page.widget(0);
    widget.element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    let submit = widget.element("[data-form=letter] [type=submit]").await;
    // The errors beside the fields cannot be put in.
    page.eval("void (Node.prototype.insertBefore = () => { throw new Error('forced'); })").await;
    submit.click().await.expect("it can be clicked");
    for index in 0..2 {
        page.wait_until(&format!("{} !== null", page.widget(index).find("a[data-open=feedback]")))
            .await;
    }
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// The text is nobody's but the reader's: only a focus in the live part holds it back.
#[tokio::test]
async fn a_focus_in_the_text_does_not_keep_the_rest_from_going_live() {
    const FOCUS: &str = "
        addEventListener('article-widget:ready', ({ target, detail }) => {
          if (detail.state === 'readable') target.shadowRoot.querySelector('.aw-title').focus();
        });";
    let world = World::start().await;
    let before = [WATCH, FOCUS].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let focused = format!("{}.getRootNode().activeElement.className", page.widget(0).find(".aw"));
    assert_eq!(page.eval(&focused).await, "aw-title");
}
