//! The keyboard alone: from what a page has before a widget to what it has after it, and everything that a
//! reader can do between. Wherever the focus goes it is seen, in the order of what is seen.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::{Value, json};

use super::look::COLORS;
use super::{BEFORE, count_views};
use crate::scripts::{WATCH, live};
use crate::support::driver::Engine;
use crate::support::page::{Page, View};
use crate::support::world::World;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const SPACE: &str = " ";
const SHIFT: char = '\u{e008}';

/// The button of the share menu, by its words.
const MENU: &str = "Gửi cho bạn bè";

const STORY: &str = "<!doctype html><html lang='vi'><meta name='viewport' content='width=device-width'><title>Trang nhà</title>
    <main><h1>Đọc cùng chúng tôi</h1><p><a id='before' href='#before'>Trước bài</a></p>
    <article-widget src='https://news.example' article='cho-dem-pho-nui'></article-widget>
    <script async src='https://news.example/embed.js'></script><p><a id='after' href='#after'>Sau bài</a></p></main>";

/// What has the focus: what it is called here, where it is in the page, and what is wrong with how it is seen.
const STOP: &str = "() => {
    let element = document.activeElement;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const root = element.getRootNode();
    const box = element.getClientRects()[0] ?? { left: 0, top: 0, width: 0, height: 0 };
    // Of a high field the line with the caret is in view: no more is asked for (2.4.11) than some of it.
    const parts = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [box.left + box.width * x, box.top + box.height * y]));
    const hits = parts.map(([x, y]) => root.elementFromPoint(x, y));
    const faults = [];
    if (!hits.some((hit) => hit && (element.contains(hit) || hit.contains(element)))) faults.push(`covered by ${hits[4]?.className}`);
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    // What the page's own looks like is the page's affair.
    if (root !== document) {
      if (!element.matches(':focus-visible') || outlineStyle === 'none' || parseFloat(outlineWidth) < 2) faults.push('not to be seen');
      const ratio = contrast(read(outlineColor), paper(parent(element)));
      if (ratio < 3) faults.push(`an outline of ${ratio}:1`);
    }
    const name = element.name || element.id || element.dataset.open || element.dataset.thanks
      || element.closest('[data-channel]')?.dataset.channel || element.textContent.trim().slice(0, 30);
    return { name, tag: element.localName, faults, left: box.left, right: box.left + box.width,
      top: box.top + scrollY, bottom: box.top + box.height + scrollY, inList: !!element.closest('.aw-ranks'), inMenu: !!element.closest('.aw-menu') };
}";

/// Presses keys one after another, as a keyboard does: whatever has the focus gets them.
async fn press(page: &Page<'_>, keys: &str) {
    let mut actions = KeyActions::new("keyboard".to_owned());
    for value in keys.chars() {
        actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    }
    page.client.perform_actions(actions).await.expect("a keyboard can do that");
}

async fn press_back(page: &Page<'_>) {
    let tab = '\u{e004}';
    let actions = KeyActions::new("keyboard".to_owned())
        .then(KeyAction::Down { value: SHIFT })
        .then(KeyAction::Down { value: tab })
        .then(KeyAction::Up { value: tab })
        .then(KeyAction::Up { value: SHIFT });
    page.client.perform_actions(actions).await.expect("a keyboard can do that");
}

/// Where the focus is; fails where nobody would see it. WebKit scrolls to a field some time after it has the
/// focus: it has five seconds for that.
async fn stop(page: &Page<'_>) -> Value {
    let stop = page
        .eval(&format!(
            "(async () => {{
                {COLORS}
                const stop = {STOP};
                for (let i = 0; i < 50 && stop().faults.length; i++) await new Promise((resolve) => setTimeout(resolve, 100));
                return stop();
            }})()"
        ))
        .await;
    assert_eq!(stop["faults"], json!([]), "{stop}");
    stop
}

/// Waits until what has that name here has the focus, and can be seen to.
async fn wait_for(page: &Page<'_>, name: &str) {
    let name = Value::from(name);
    page.wait_until(&format!("(() => {{ {COLORS} return ({STOP})().name === {name}; }})()")).await;
    stop(page).await;
}

/// Tab until the focus is on what has that name here.
async fn tab_to(page: &Page<'_>, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..60 {
        let stop = stop(page).await;
        if stop["name"] == name {
            return;
        }
        passed.push(stop["name"].clone());
        press(page, TAB).await;
    }
    panic!("no Tab leads to {name}: {passed:?}");
}

/// Every stop from here to the last one in this direction, which is `last`.
async fn stops(page: &Page<'_>, is_forward: bool, last: &str) -> Vec<Value> {
    let mut stops = vec![stop(page).await];
    while stops.last().is_some_and(|stop| stop["name"] != last) {
        assert!(stops.len() < 100, "a trap: {stops:?}");
        if is_forward {
            press(page, TAB).await;
        } else {
            press_back(page).await;
        }
        stops.push(stop(page).await);
    }
    stops
}

/// No stop is above the one before it, or left of it in the same row; but where a list has columns, and where
/// a menu is left, which closes: its button's neighbour comes after it.
fn assert_in_order(stops: &[Value]) {
    let at = |stop: &Value, side: &str| stop[side].as_f64().expect("a number");
    for pair in stops.windows(2) {
        let [one, next] = pair else { continue };
        let is_column = one["inList"] == true && next["inList"] == true;
        let is_left_menu = one["inMenu"] == true && next["inMenu"] == false;
        if is_column || is_left_menu {
            continue;
        }
        let is_above = at(next, "bottom") <= at(one, "top") + 4.0;
        let is_below = at(next, "top") >= at(one, "bottom") - 4.0;
        let is_left = !is_below && at(next, "right") <= at(one, "left") + 1.0;
        assert!(!is_above && !is_left, "{one}\n{next}");
    }
}

fn names(stops: &[Value]) -> Vec<&str> {
    stops.iter().filter_map(|stop| stop["name"].as_str()).collect()
}

/// A page with a link before the widget, which has the focus, and one after it.
async fn open<'world>(world: &'world World, view: View) -> Page<'world> {
    count_views(world).await;
    world.write_page("story.html", STORY);
    let view = View { before: [WATCH, BEFORE, view.before].concat().leak(), ..view };
    let page = world.open_in(view, "story.html").await;
    page.wait_until(&live(1)).await;
    press(&page, TAB).await;
    wait_for(&page, "before").await;
    page
}

async fn mails() -> World {
    World::configured(crate::feedback::with_mail).await
}

#[tokio::test]
async fn tab_leads_through_a_widget_and_out_again_in_the_order_of_sight() {
    let world = mails().await;
    for view in [View { width: 320, ..View::PHONE }, View { dark: true, ..View::DESKTOP }] {
        let page = open(&world, view).await;
        let there = stops(&page, true, "after").await;
        assert_in_order(&there);
        assert!(there.len() > 8, "{there:?}");
        let back = stops(&page, false, "before").await;
        let mut names_back = names(&back);
        names_back.reverse();
        assert_eq!(names(&there), names_back);

        // With all that can be open at a time: the menu closes behind whoever leaves it.
        tab_to(&page, "feedback").await;
        press(&page, ENTER).await;
        wait_for(&page, "name").await;
        stops(&page, false, MENU).await;
        press(&page, ENTER).await;
        tab_to(&page, "qr").await;
        press(&page, ENTER).await;
        stops(&page, false, MENU).await;
        let all = stops(&page, true, "after").await;
        assert_in_order(&all);
        let names = names(&all);
        for name in
            ["copy", "zalo", "facebook", "email", "qr", "print", "feedback", "name", "consent"]
        {
            assert!(names.contains(&name), "no {name}: {names:?}");
        }
    }
}

/// All that a reader can do, from before the widget to after it.
#[tokio::test]
async fn the_keyboard_alone_does_everything() {
    let world = mails().await;
    let page = open(&world, View::DESKTOP).await;
    let widget = page.widget(0);
    let is_open = format!("{}.open", widget.find(".aw-share"));
    let is_closed = format!("!{is_open}");

    tab_to(&page, MENU).await;
    press(&page, ENTER).await;
    page.wait_until(&is_open).await;
    tab_to(&page, "facebook").await;
    press(&page, ESCAPE).await;
    page.wait_until(&is_closed).await;
    wait_for(&page, MENU).await;

    press(&page, SPACE).await;
    page.wait_until(&is_open).await;
    tab_to(&page, "copy").await;
    press(&page, ENTER).await;
    page.wait_until(&is_closed).await;
    wait_for(&page, MENU).await;
    assert!(widget.text(".aw-status").await.contains("Đã sao chép"));

    // Where nothing can be copied, the link stands in a field, which Tab selects.
    page.eval("void (window.copies = false)").await;
    press(&page, ENTER).await;
    tab_to(&page, "copy").await;
    press(&page, SPACE).await;
    wait_for(&page, MENU).await;
    press(&page, TAB).await;
    press(&page, TAB).await;
    let link = format!(
        "(({{ value, selectionStart, selectionEnd }}) => value.slice(selectionStart, selectionEnd))({})",
        widget.find(".aw-status input")
    );
    let link = page.eval(&link).await;
    assert!(link.as_str().is_some_and(|link| link.contains("/a/cho-dem-pho-nui?s=c-")), "{link}");
    stop(&page).await;
    press_back(&page).await;
    press_back(&page).await;

    press(&page, ENTER).await;
    tab_to(&page, "qr").await;
    press(&page, ENTER).await;
    page.wait_until(&format!("{}.open", widget.find(".aw-qr"))).await;
    press(&page, ESCAPE).await;
    page.wait_until(&is_closed).await;
    wait_for(&page, MENU).await;

    mail(&page).await;
    letter(&page).await;

    tab_to(&page, "Có").await;
    press(&page, ENTER).await;
    wait_for(&page, "word").await;

    press(&page, &["Hay", ENTER].concat()).await;
    page.wait_until(&format!("{}.matches(':focus')", widget.find(".aw-rating"))).await;
    stop(&page).await;
    assert!(widget.text(".aw-rated").await.contains("Cảm ơn"));

    press(&page, TAB).await;
    assert_eq!(stop(&page).await["inList"], true);
    tab_to(&page, "after").await;
    assert_eq!(page.eval("errors").await, json!([]));
}

/// From the menu, which has the focus, and back to it.
async fn mail(page: &Page<'_>) {
    press(page, ENTER).await;
    tab_to(page, "email").await;
    press(page, TAB).await;
    assert_eq!(stop(page).await["tag"], "button");
    press(page, ENTER).await;
    wait_for(page, "to").await;
    press(page, ENTER).await;
    page.widget(0).text("#aw-feedback-to-error").await;
    wait_for(page, "to").await;
    press(page, &["ban@example.vn", ENTER].concat()).await;
    wait_for(page, "mail").await;
    press(page, TAB).await;
    press(page, ENTER).await;
    wait_for(page, MENU).await;
}

async fn letter(page: &Page<'_>) {
    let widget = page.widget(0);
    tab_to(page, "feedback").await;
    press(page, ENTER).await;
    wait_for(page, "name").await;
    press(page, "Lan").await;
    tab_to(page, "Đóng").await;
    press(page, ENTER).await;
    wait_for(page, "feedback").await;
    // Put away, with what was typed.
    press(page, ENTER).await;
    wait_for(page, "name").await;
    assert_eq!(page.eval(&format!("{}.value", widget.find("[name=name]"))).await, "Lan");

    tab_to(page, "Gửi phản hồi").await;
    press(page, SPACE).await;
    wait_for(page, "email").await;
    let problem = "((field) => field.getRootNode().getElementById(field.getAttribute('aria-describedby')).textContent)";
    let problem = page.eval(&format!("{problem}({})", widget.find("[name=email]"))).await;
    assert_eq!(problem.as_str().map(str::trim), Some("Xin điền ô này."));
    press(page, "lan@example.vn").await;
    tab_to(page, "kind").await;
    press(page, "c").await;
    tab_to(page, "title").await;
    press(page, "Hay").await;
    tab_to(page, "message").await;
    press(page, "Cam on").await;
    tab_to(page, "consent").await;
    press(page, SPACE).await;

    // By Enter in a field: on its way it can be stopped, and then sent.
    page.eval("void (window.network = 'silent')").await;
    press_back(page).await;
    press_back(page).await;
    wait_for(page, "title").await;
    press(page, ENTER).await;
    wait_for(page, "Gửi phản hồi").await;
    press(page, TAB).await;
    assert_eq!(stop(page).await["name"], "Dừng gửi");
    press(page, ENTER).await;
    wait_for(page, "Gửi phản hồi").await;
    page.eval("void (window.network = 'up')").await;
    press(page, ENTER).await;
    widget.text(".aw-reference").await;
    wait_for(page, "letter").await;
    tab_to(page, "Đóng").await;
    press(page, ENTER).await;
    wait_for(page, "feedback").await;
}

/// A passage is selected, and its bar lies over the text.
#[tokio::test]
async fn no_focus_is_behind_the_bar_for_a_passage_and_the_bar_can_be_reached() {
    let world = World::start().await;
    let page = open(&world, View { height: 400, ..View::PHONE }).await;
    let widget = page.widget(0);
    let paragraph = widget.find(".aw-body p");
    // As an article may hold them: a link in every paragraph.
    page.eval(&format!(
        "[...{paragraph}.parentNode.querySelectorAll('p')].forEach((p, at) => p.insertAdjacentHTML('beforeend', ` <a class='aw-link' id='link-${{at}}' href='#'>liên kết ${{at}}</a>`))"
    ))
    .await;
    let select = format!(
        "(() => {{
            const node = {paragraph}.firstChild;
            getSelection().setBaseAndExtent(node, 0, node, 8);
            {paragraph}.dispatchEvent(new Event('selectstart', {{ bubbles: true }}));
        }})()"
    );
    page.eval(&select).await;
    widget.text(".aw-passage").await;
    if Engine::chosen() == Engine::WebKit {
        eprintln!("skipped in WebKit: the bar behind a focus, which there ends a selection");
        press(&page, TAB).await;
        page.wait_until(&format!("!{}", widget.find(".aw-passage"))).await;
        stops(&page, true, "after").await;
        return;
    }
    let passed = stops(&page, true, "Chia sẻ đoạn này").await;
    assert!(passed.len() > 6, "{passed:?}");
    press(&page, ENTER).await;
    page.wait_until("seen.some(({ name, word }) => name === 'share' && word === 'passage')").await;
    stop(&page).await;
    // The bar goes, and Tab goes on from where it was.
    page.eval("void getSelection().removeAllRanges()").await;
    page.wait_until(&format!("!{}", widget.find(".aw-passage"))).await;
    press(&page, TAB).await;
    assert_eq!(stop(&page).await["name"], MENU);
}

/// The script comes while the reader is in the widget: it takes over when they are out, and moves no focus.
#[tokio::test]
async fn coming_alive_takes_no_focus_away() {
    const SLOW: &str = "
        globalThis.hold = new Promise((resolve) => (globalThis.release = resolve));
        const asked = globalThis.fetch;
        globalThis.fetch = (url, options) => (/[.]wasm$/.test(url) ? hold.then(() => asked(url, options)) : asked(url, options));";
    let world = World::start().await;
    world.write_page("story.html", STORY);
    let before = [WATCH, SLOW].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "story.html").await;
    page.wait_until(&crate::scripts::saw("ready")).await;
    press(&page, TAB).await;
    tab_to(&page, MENU).await;
    press(&page, ENTER).await;
    tab_to(&page, "facebook").await;
    page.eval("release()").await;
    page.wait_until("performance.getEntriesByType('resource').some(({ name, responseEnd }) => /[.]wasm$/.test(name) && responseEnd)").await;
    assert_eq!(stop(&page).await["name"], "facebook");
    assert_eq!(page.eval(&live(0)).await, true);
    tab_to(&page, "after").await;
    page.wait_until(&live(1)).await;
    assert_eq!(stop(&page).await["name"], "after");
}

/// A fresh list comes while the reader is in the old one: they stay where they are.
#[tokio::test]
async fn a_fresh_list_moves_nobody_to_another_article() {
    const SLOW: &str = "
        globalThis.hold = new Promise((resolve) => (globalThis.release = resolve));
        const asked = globalThis.fetch;
        globalThis.answered = 0;
        globalThis.fetch = async (url, options) => {
          const response = await asked(url, options);
          if (!String(url).includes('/v1/most-read?window=24h&limit')) return response;
          const list = await response.json();
          list.items.reverse();
          await hold;
          setTimeout(() => (answered += 1), 0);
          return new Response(JSON.stringify(list));
        };";
    let world = World::start().await;
    let page = open(&world, View { before: SLOW, ..View::DESKTOP }).await;
    for _ in 0..60 {
        if stop(&page).await["inList"] == true {
            break;
        }
        press(&page, TAB).await;
    }
    let was = stop(&page).await["name"].clone();
    page.eval("release()").await;
    page.wait_until("answered === 1").await;
    page.eval("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))").await;
    let now = stop(&page).await;
    assert_eq!((&now["name"], &now["inList"]), (&was, &Value::Bool(true)));
}

/// An article that could not be had is asked for again: the focus stays in the widget, and is on the title
/// once there is one.
#[tokio::test]
async fn asking_again_for_an_article_loses_no_focus() {
    let world = World::start().await;
    let before = [WATCH, BEFORE, super::states::WAIT].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let origin = world.publisher.origin();
    // What shows the notice is there before the network fails.
    let button = page.widget(0).find("[data-open=feedback]");
    let near = "dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))";
    page.eval(&format!("{button}.{near}")).await;
    page.wait_until(
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/more.wasm'))",
    )
    .await;
    page.eval(
        "(() => {
            const asked = globalThis.fetch;
            globalThis.fetch = (url, options) => (globalThis.broken === false ? asked(url, options) : Promise.resolve(new Response('{}', { status: 404 })));
        })()",
    )
    .await;
    page.eval(&format!("waitFor('{origin}/v1/embed/cho-dem-pho-nui')")).await;
    let widget = page.widget(0);
    widget.element(".aw-waiting button").await;
    page.eval(&format!("{}.focus()", widget.find(".aw-waiting button"))).await;
    press(&page, ENTER).await;
    page.wait_until(&format!("{}?.matches(':focus')", widget.find(".aw-waiting"))).await;
    widget.element(".aw-waiting button").await;
    page.eval("void (window.broken = false)").await;
    press(&page, TAB).await;
    press(&page, ENTER).await;
    page.wait_until(&format!("{}?.matches(':focus')", widget.find(".aw-title"))).await;
}
