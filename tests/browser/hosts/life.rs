//! Pages that live long, are kept, are made ready before anybody looks, or hold a great many widgets.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use super::gateway::Gateway;
use super::{LOADER, SAID, SHORT, Visitor, page_of, watched_after};
use crate::scripts::{WATCH, live, saw};
use crate::support::driver::Engine;
use crate::support::page::Page;
use crate::support::world::World;

/// What a page may not be left with, in bytes.
const LEFT_OVER: f64 = 2e6;

/// A part of what nobody holds goes in the browser's own time.
const SETTLES: Duration = Duration::from_millis(500);

/// Counts what holds on to a page: listeners of the window and of the document, timers, observers.
const HOLDS: &str = include_str!("holds.js");

/// Adds ten widgets to the page, waits until they live, and takes them away.
const MOUNTS: &str = "globalThis.mounts = async () => {
    const before = seen.length;
    const widgets = Array.from({ length: 10 }, () => {
      const element = document.createElement('article-widget');
      element.setAttribute('article', 'cho-dem-pho-nui');
      document.body.append(element);
      return element;
    });
    const lives = () => seen.slice(before).filter(({ name, word }) => name + word === 'readylive').length;
    while (lives() < 10) await new Promise((resolve) => setTimeout(resolve, 5));
    for (const element of widgets) element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    seen.length = 0;
    return true;
};";

/// Ten by ten: a driver waits for one script no longer than half a minute.
async fn mounts(page: &Page<'_>, times: u32) {
    for _ in 0..times / 10 {
        page.eval("mounts()").await;
    }
}

/// What is held when all is settled. Nobody waits for it in a script of the driver's: WebKit's sets a timer in the
/// page for as long as one runs.
async fn left(page: &Page<'_>) -> Value {
    page.eval("void (globalThis.left = undefined)").await;
    page.eval("void settled().then((holds) => (globalThis.left = holds))").await;
    page.wait_until("globalThis.left ?? null").await
}

/// A page whose router adds and removes widgets holds on to none of them.
#[tokio::test]
async fn two_hundred_mounts_and_unmounts_leave_nothing_behind() {
    let world = World::start().await;
    let visitor = Visitor::with(&world, watched_after(&[HOLDS, MOUNTS].concat())).await;
    let page = &visitor.page;
    visitor.visit_body(LOADER).await;
    mounts(page, 10).await;
    let nothing = json!({ "timers": 0, "observers": 0, "ofWindow": 0, "ofDocument": 0 });
    assert_eq!(left(page).await, nothing);
    mounts(page, 200).await;
    assert_eq!(left(page).await, nothing);
    visitor.is_calm("200 mounts").await;
}

/// The heaps of scripts and of the document, and the Wasm's memory, after the browser has thrown away what nobody holds. Only
/// Chromium tells.
#[tokio::test]
async fn two_hundred_mounts_and_unmounts_end_with_the_memory_of_the_first() {
    let why = "no other browser tells what its memory holds";
    let Some(world) = World::chromium_only(why).await else { return };
    let visitor = Visitor::with(&world, watched_after(MOUNTS)).await;
    let page = &visitor.page;
    visitor.visit_body(LOADER).await;
    mounts(page, 10).await;
    let before = memory(page).await;
    mounts(page, 200).await;
    let mut left = memory(page).await - before;
    for _ in 0..20 {
        if left < LEFT_OVER {
            break;
        }
        sleep(SETTLES).await;
        left = memory(page).await - before;
    }
    println!("200 mounts and unmounts leave {left} bytes");
    assert!(left < LEFT_OVER, "{left} bytes are left");
}

async fn memory(page: &Page<'_>) -> f64 {
    let wasm = page
        .eval(
            "(async () => {
                const { name } = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/widget.js'));
                const exports = await (await import(name)).default();
                return exports.memory.buffer.byteLength;
            })()",
        )
        .await;
    page.devtools("HeapProfiler.collectGarbage", json!({})).await;
    let heap = page.devtools("Runtime.getHeapUsage", json!({})).await;
    let number = |value: &Value| value.as_f64().expect("a number of bytes");
    number(&wasm) + number(&heap["usedSize"]) + number(&heap["embedderHeapUsedSize"])
}

/// The browser keeps the page as it is while the reader is elsewhere, and the widget goes on in it.
#[tokio::test]
async fn a_page_that_the_browser_kept_goes_on_and_its_view_was_counted_once() {
    const SHOWN: &str =
        "addEventListener('pageshow', ({ persisted }) => (globalThis.persisted = persisted));";
    let world = World::start().await;
    let visitor = Visitor::with(&world, watched_after(SHOWN)).await;
    let page = &visitor.page;
    // What may not be stored is not kept either.
    let kept = ["<!-- header: Cache-Control: no-cache -->\n", &page_of(SHORT)].concat();
    visitor.visit("kept.html", &kept).await;
    visitor.is_live(1, "kept").await;
    page.wait_until(&saw("view")).await;

    page.go(&world.url("start.html")).await;
    page.client.back().await.expect("there is a page before");
    page.wait_until("globalThis.persisted !== undefined").await;
    let reasons =
        page.eval("performance.getEntriesByType('navigation')[0].notRestoredReasons ?? null").await;
    assert_eq!(page.eval("persisted").await, true, "not restored: {reasons}");
    let widget = page.widget(0);
    widget.element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    widget.element("form").await;
    assert_eq!(page.eval("seen.filter(({ name }) => name === 'view').length").await, 1);
    visitor.is_calm("kept").await;
}

/// A page that is made ready before the reader has chosen it: nothing is counted, and no Wasm is fetched.
#[tokio::test]
async fn a_page_that_is_prerendered_is_readable_and_counts_when_it_is_shown() {
    const PRERENDERED: &str = "
        // The second that a view takes is a hundredth.
        let isReady = false;
        const timer = setTimeout;
        globalThis.setTimeout = (call, after, ...values) => timer(call, after === 1000 ? 10 : after, ...values);
        for (const [name, before, after] of [['prerendering', true, false], ['hidden', true, false], ['visibilityState', 'hidden', 'visible']]) {
          Object.defineProperty(Document.prototype, name, { configurable: true, get: () => (isReady ? after : before) });
        }
        globalThis.activate = () => {
          isReady = true;
          document.dispatchEvent(new Event('prerenderingchange'));
          document.dispatchEvent(new Event('visibilitychange'));
        };
        // Longer than a view takes by this clock, and an idle time of the page's own.
        const idle = globalThis.requestIdleCallback || timer;
        addEventListener('article-widget:ready', () => timer(() => idle(() => timer(() => (globalThis.waited = true), 50)), 50));";
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::with(&world, watched_after(PRERENDERED)).await;
    let page = &visitor.page;
    visitor.visit_body(&SHORT.replace("https://news.example", gateway.origin())).await;
    visitor.is_readable("prerendered").await;
    page.wait_until("globalThis.waited").await;
    assert_eq!(gateway.asked("/v1/views"), 0);
    assert_eq!(gateway.asked("/widget."), 0);
    page.eval("activate()").await;
    page.wait_until(&saw("view")).await;
    visitor.is_live(1, "prerendered").await;
    assert_eq!(gateway.asked("/v1/views"), 1);
}

/// The same for real: by rules for speculation, which Chromium alone follows.
#[tokio::test]
async fn a_page_that_chromium_prerenders_counts_when_the_reader_goes_there() {
    const RULES: &str = "<!doctype html><link rel=icon href='data:,'><a href=host.html>Trang</a>\
        <script type=speculationrules>\
        {\"prerender\": [{\"urls\": [\"host.html\"], \"eagerness\": \"immediate\"}]}</script>";
    // The second that a view takes is a hundredth here too, so that one of a page nobody sees would be sent.
    const QUICK: &str = "
        const timer = setTimeout;
        globalThis.setTimeout = (call, after, ...values) => timer(call, after === 1000 ? 10 : after, ...values);
        globalThis.wasPrerendering = document.prerendering;
        addEventListener('article-widget:ready', () => timer(() => fetch('/waited.html'), 500));";
    let why = "no other browser prerenders";
    let Some(world) = World::chromium_only(why).await else { return };
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    // What runs before a page does not reach one that is made ready.
    let watch = format!("if (!globalThis.said) {{ {WATCH} {SAID} }}");
    let html = page_of(&format!("<script>{watch} {QUICK}</script>{SHORT}"));
    world.write_page("host.html", &html);
    visitor.visit("rules.html", RULES).await;
    let network = &world.publisher.network;
    world.partner.network.passed("/waited.html").await;
    let asked = |path: &str| network.asked().iter().filter(|one| one.path.contains(path)).count();
    assert_eq!(asked("/v1/embed/"), 1, "the article is there already");
    assert_eq!([asked("/v1/views"), asked("/widget.wasm")], [0, 0], "nobody has seen it");

    let link = page.client.find(fantoccini::Locator::Css("a")).await.expect("a link");
    link.click().await.expect("it can be clicked");
    page.wait_until("location.pathname === '/host.html'").await;
    let activated =
        "[wasPrerendering, performance.getEntriesByType('navigation')[0].activationStart > 0]";
    assert_eq!(page.eval(activated).await, json!([true, true]), "the browser has prerendered it");
    page.wait_until(&saw("view")).await;
    visitor.is_live(1, "prerendered by Chromium").await;
    assert_eq!([asked("/v1/embed/"), asked("/v1/views")], [1, 1]);
}

/// Twenty widgets: one instance, one answer for each article, and room for the page between them.
#[tokio::test]
async fn twenty_widgets_share_what_they_can_and_leave_room_for_the_page() {
    /// Tasks of the page's own, and how many of them had run when each widget came alive.
    const TASKS: &str = "
        let tasks = 0;
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { tasks += 1; port2.postMessage(0); };
        port2.postMessage(0);
        globalThis.after = [];
        addEventListener('article-widget:ready', ({ detail }) => {
          if (detail.state === 'live') after.push(tasks);
        });";
    const ARTICLES: [&str; 4] = [
        "cho-dem-pho-nui",
        "ca-phe-vao-vu-hai",
        "thu-vien-tren-thuyen",
        "mua-trai-mua-cac-ho-day-nuoc",
    ];
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::with(&world, watched_after(TASKS)).await;
    let widgets: String = (0..20)
        .map(|index| format!("<article-widget article='{}'></article-widget>", ARTICLES[index % 4]))
        .collect();
    let html = [&*widgets, LOADER].concat().replace("https://news.example", gateway.origin());
    visitor.visit_body(&html).await;
    visitor.is_live(20, "twenty").await;
    assert_eq!(gateway.asked("/widget.wasm"), 1);
    assert_eq!(gateway.asked("/widget.js"), 1);
    // An answer that is on its way is shared by the browser's cache; WebKit's shares what has come.
    let most = if Engine::chosen() == Engine::WebKit { 20 / ARTICLES.len() } else { 1 };
    for article in ARTICLES {
        let asked = gateway.asked(&format!("/v1/embed/{article}"));
        assert!((1..=most).contains(&asked), "{article}: {asked} times");
    }
    let between = visitor.page.eval("new Set(after).size").await;
    assert!(between.as_u64() > Some(10), "{between} tasks for 20 widgets");
    assert_eq!(visitor.page.eval(&live(20)).await, true);
}
