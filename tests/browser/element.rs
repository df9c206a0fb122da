//! The element as developers of hosts have it: its properties, its methods, its events.
//!
//! docs/host-contract.md, "Properties and methods" and "Events", line by line:
//!
//! | what it says | test |
//! |---|---|
//! | attributes are properties | `attributes_are_properties_and_properties_are_attributes` |
//! | null and undefined take an attribute away | the same |
//! | properties that were set before there was an element | `what_was_set_before_the_loader_came_counts` |
//! | a change shows what it now says; the old stays until then | `load_keeps_its_promise_when_the_article_is_readable` |
//! | `load`, kept | the same |
//! | `load`, broken: failed, superseded, destroyed, no loader | `load_breaks_its_promise_with_the_reason` |
//! | `load` throws nothing into the page | the same |
//! | `destroy`, and `load` after it | `a_destroyed_element_does_nothing_until_it_is_loaded_again` |
//! | one class for all loaders | `elements_of_two_publishers_have_the_same_methods` |
//! | `navigate` applies at once | `inline::navigate_applies_when_it_changes` |
//! | details of the events | `every_event_tells_what_the_contract_says` |
//! | nothing stays of what was taken away | `widgets_that_come_and_go_leave_nothing` |

use serde_json::json;

use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::publisher::Publisher;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };
const FIRST: &str = "document.querySelector('article-widget')";
const OTHER: &str = "ca-phe-vao-vu-hai";
const PRINT: &str = "[data-channel=print] a";

/// Keeps book of what observes and listens: `observed`, and `heard_by_document`.
pub(crate) const OBSERVERS: &str = "
    globalThis.heard_by_document = new Set();
    globalThis.observed = new Set();
    {
    const { addEventListener, removeEventListener } = document;
    document.addEventListener = (type, call, ...rest) => {
      if (type === 'visibilitychange') heard_by_document.add(call);
      addEventListener.call(document, type, call, ...rest);
    };
    document.removeEventListener = (type, call, ...rest) => {
      heard_by_document.delete(call);
      removeEventListener.call(document, type, call, ...rest);
    };
    const { observe, disconnect } = IntersectionObserver.prototype;
    IntersectionObserver.prototype.observe = function (target) { observed.add(this); observe.call(this, target); };
    IntersectionObserver.prototype.disconnect = function () { observed.delete(this); disconnect.call(this); };
    }";

/// Whether the first widget shows the article whose title begins so.
fn shows(title: &str) -> String {
    format!(
        "{FIRST}.shadowRoot?.querySelector('.aw-title')?.textContent.trim().startsWith('{title}')"
    )
}

/// What became of `load`, once it is decided: `kept`, or why not.
async fn outcome(page: &Page<'_>, call: &str) -> String {
    page.eval(&format!(
        "void (globalThis.outcome = '', {call}.then(() => (globalThis.outcome = 'kept'), ({{ message }}) => (globalThis.outcome = message)))"
    ))
    .await;
    let outcome = page.wait_until("outcome || false").await;
    outcome.as_str().expect("it is text").to_owned()
}

#[tokio::test]
async fn attributes_are_properties_and_properties_are_attributes() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "english.html").await;
    page.wait_until(&live(1)).await;
    let properties = "(({ article, src, lang, theme, mostRead, share, navigate }) =>
        [article, src !== '' || 'none', lang, theme, mostRead, share, navigate])";
    let read = page.eval(&format!("{properties}({FIRST})")).await;
    assert_eq!(read[2], "en");
    assert_eq!(read[3], "dark");
    assert_eq!(read[4], "7d");
    assert_eq!(read[6], "", "what is not there is empty text, as with the platform's own");

    page.eval(&format!(
        "void Object.assign({FIRST}, {{ theme: 'light', font: 'host', mostRead: 'all', share: 'copy' }})"
    ))
    .await;
    let written = page
        .eval(&format!(
            "['theme', 'font', 'most-read', 'share'].map((name) => {FIRST}.getAttribute(name))"
        ))
        .await;
    assert_eq!(written, json!(["light", "host", "all", "copy"]));
    page.wait_until(&live(2)).await;
    let items = format!("{FIRST}.shadowRoot.querySelectorAll('[data-channel]').length");
    assert_eq!(page.eval(&items).await, 1);

    page.eval(&format!("void Object.assign({FIRST}, {{ theme: null, share: undefined }})")).await;
    assert_eq!(
        page.eval(&format!("[{FIRST}.hasAttribute('theme'), {FIRST}.hasAttribute('share')]")).await,
        json!([false, false])
    );
    assert_eq!(page.eval("errors").await, json!([]));
}

/// As React and Vue do it where they are faster than the loader.
#[tokio::test]
async fn what_was_set_before_the_loader_came_counts() {
    let world = World::start().await;
    world.write_page(
        "early.html",
        &format!(
            "<!doctype html><meta charset=utf-8><div id=place></div><script>
             const early = document.createElement('article-widget');
             Object.assign(early, {{ article: '{OTHER}', src: 'https://news.example', mostRead: '7d', theme: 'dark' }});
             document.querySelector('#place').append(early);
             </script><script src='https://news.example/embed.js'></script>"
        ),
    );
    let page = world.open_in(WATCHED, "early.html").await;
    page.wait_until(&live(1)).await;
    let asked = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/embed/')).map(({ name }) => new URL(name).pathname + new URL(name).search)";
    assert_eq!(page.eval(asked).await, json!([format!("/v1/embed/{OTHER}?window=7d")]));
    assert_eq!(
        page.eval(&format!("[{FIRST}.getAttribute('theme'), {FIRST}.mostRead]")).await,
        json!(["dark", "7d"])
    );
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn load_keeps_its_promise_when_the_article_is_readable() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    let first = page.shadow_text(".aw-title").await;
    // What is shown at every frame until then: never nothing.
    page.eval(&format!(
        "void (globalThis.frames = [], (function look() {{
            frames.push({FIRST}.shadowRoot.querySelector('.aw-title')?.textContent.trim() ?? 'nothing');
            if (frames.length < 1000) requestAnimationFrame(look);
        }})())"
    ))
    .await;
    assert_eq!(outcome(&page, &format!("{FIRST}.load('{OTHER}')")).await, "kept");
    let second = page.shadow_text(".aw-title").await;
    assert_ne!(first, second);
    assert_eq!(page.eval("frames.includes('nothing')").await, false);
    assert_eq!(
        page.eval(&format!("[{FIRST}.article, {FIRST}.getAttribute('article')]")).await,
        json!([OTHER, OTHER])
    );
    page.wait_until(&live(2)).await;

    // The same once more: asked anew.
    let count = "seen.filter(({ word }) => word === 'readable').length";
    let before = page.eval(count).await.as_u64().expect("a number");
    assert_eq!(outcome(&page, &format!("{FIRST}.load('{OTHER}')")).await, "kept");
    assert_eq!(page.eval(count).await, before + 1);
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn load_breaks_its_promise_with_the_reason() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    let missing = outcome(&page, &format!("{FIRST}.load('no-such-article')")).await;
    assert!(missing.starts_with("404 for"), "{missing}");
    page.wait_until(&saw("error")).await;
    let link = page.eval(&format!("{FIRST}.shadowRoot.querySelector('a').href")).await;
    assert_eq!(link, format!("{}/a/no-such-article", world.publisher.origin()));

    assert_eq!(outcome(&page, &format!("{FIRST}.load('no id')")).await, "no article id");
    let superseded = format!(
        "(() => {{ const first = {FIRST}.load('{OTHER}'); {FIRST}.load('cho-dem-pho-nui'); return first; }})()"
    );
    assert_eq!(outcome(&page, &superseded).await, "superseded");
    page.wait_until(&shows("Chợ đêm")).await;
    let destroyed = format!(
        "(() => {{ const first = {FIRST}.load('{OTHER}'); {FIRST}.destroy(); return first; }})()"
    );
    assert_eq!(outcome(&page, &destroyed).await, "superseded");
    let nowhere = "document.createElement('article-widget').load('cho-dem-pho-nui')";
    assert_eq!(outcome(&page, nowhere).await, "no loader");
    // Nobody listens to these, and nothing reaches the page.
    page.eval(&format!("void {FIRST}.load('no-such-article')")).await;
    page.wait_until("seen.filter(({ name }) => name === 'error').length === 3").await;
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn a_destroyed_element_does_nothing_until_it_is_loaded_again() {
    let world = World::start().await;
    let before = [WATCH, OBSERVERS].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "full.html").await;
    page.wait_until(&live(1)).await;
    page.wait_until(&saw("view")).await;
    page.wait_until("observed.size > 0 && heard_by_document.size > 0").await;

    page.eval(&format!("void {FIRST}.destroy()")).await;
    assert_eq!(page.eval(&format!("{FIRST}.querySelector('a').checkVisibility()")).await, true);
    assert_eq!(page.eval(&format!("{FIRST}.shadowRoot.querySelector('.aw')")).await, json!(null));
    page.wait_until("observed.size === 0 && heard_by_document.size === 0").await;

    // Neither an attribute nor a move wakes it.
    page.eval(&format!(
        "void ({FIRST}.theme = 'dark', {FIRST}.article = '{OTHER}', document.body.append({FIRST}))"
    ))
    .await;
    let asked = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/embed/')).length";
    let count = page.eval(asked).await;
    page.eval(
        "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
    )
    .await;
    assert_eq!(page.eval(asked).await, count);
    assert_eq!(page.eval("seen.filter(({ word }) => word === 'readable').length").await, 1);

    assert_eq!(outcome(&page, &format!("{FIRST}.load('cho-dem-pho-nui')")).await, "kept");
    page.wait_until(&live(2)).await;
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn elements_of_two_publishers_have_the_same_methods() {
    let world = World::start().await;
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let other = Publisher::start(folder.path()).await;
    let snippet = |origin: &str| {
        format!(
            "<article-widget src='{origin}' article='cho-dem-pho-nui'></article-widget>\
             <script src='{origin}/embed.js'></script>"
        )
    };
    let page = [
        "<!doctype html><meta charset=utf-8>",
        &snippet(&world.publisher.origin()),
        &snippet(&other.origin()),
    ];
    world.write_page("two-publishers.html", &page.concat());
    let page = world.open_in(WATCHED, "two-publishers.html").await;
    page.wait_until(&live(2)).await;
    for (index, origin) in [world.publisher.origin(), other.origin()].into_iter().enumerate() {
        let element = format!("document.querySelectorAll('article-widget')[{index}]");
        assert_eq!(outcome(&page, &format!("{element}.load('{OTHER}')")).await, "kept");
        let href = page.eval(&format!("{}.href", page.widget(index).find(PRINT))).await;
        let is_its_own =
            href.as_str().is_some_and(|href| href.starts_with(&format!("{origin}/a/{OTHER}")));
        assert!(is_its_own, "{href}");
    }
    // The one becomes the other's.
    page.eval(&format!(
        "void (document.querySelectorAll('article-widget')[0].src = '{}')",
        other.origin()
    ))
    .await;
    let href = format!("{}?.href.startsWith('{}/')", page.widget(0).find(PRINT), other.origin());
    page.wait_until(&href).await;
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn every_event_tells_what_the_contract_says() {
    const DETAILS: &str = "
        globalThis.details = {};
        for (const name of ['ready', 'view', 'share', 'feedback', 'error']) {
          addEventListener(`article-widget:${name}`, ({ target, detail, bubbles }) => {
            details[name] = { keys: Object.keys(detail).sort(), bubbles, on: target.localName };
          });
        }";
    let world = World::start().await;
    let before = [WATCH, DETAILS].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    page.wait_until(&saw("view")).await;
    page.widget(0).element(".aw-share summary").await.click().await.expect("it can be clicked");
    page.widget(0)
        .element("[data-channel=copy] button")
        .await
        .click()
        .await
        .expect("it can be clicked");
    page.wait_until(&saw("share")).await;
    page.eval(&format!("void {FIRST}.load('no-such-article')")).await;
    page.wait_until(&saw("error")).await;
    let on = "article-widget";
    for (name, keys) in [
        ("ready", ["article", "state"]),
        ("view", ["article", "view"]),
        ("share", ["article", "channel"]),
        ("error", ["article", "reason"]),
    ] {
        let told = page.eval(&format!("details.{name}")).await;
        assert_eq!(told, json!({ "keys": keys, "bubbles": true, "on": on }), "{name}");
    }
}

/// As a page does that swaps its content by script. What it costs in memory is looked at in `hosts`.
#[tokio::test]
async fn widgets_that_come_and_go_leave_nothing() {
    let world = World::start().await;
    let before = [WATCH, OBSERVERS].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "full.html").await;
    page.wait_until(&live(1)).await;
    page.eval(
        "void (async () => {
            const { parentNode } = document.querySelector('article-widget');
            for (let i = 0; i < 12; i++) {
              const before = document.querySelector('article-widget');
              const next = before.cloneNode(true);
              before.remove();
              parentNode.append(next);
              await new Promise((resolve) => next.addEventListener('article-widget:ready', ({ detail }) => detail.state === 'live' && resolve()));
            }
            document.querySelector('article-widget').remove();
            globalThis.isDone = true;
        })()",
    )
    .await;
    page.wait_until("globalThis.isDone").await;
    page.wait_until("observed.size === 0 && heard_by_document.size === 0").await;
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}
