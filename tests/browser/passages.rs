//! What a reader does with words of the article that they have selected.

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use serde_json::Value;

use crate::feedback::{kept, submit, write_letter};
use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

/// A passage is selected as a reader does it: two clicks on a word.
pub(crate) async fn select_a_word(page: &Page<'_>) {
    page.widget(0).element(".aw-body p").await;
    select_a_word_in(page, &page.widget(0).find(".aw-body p")).await;
}

/// The same in any element, which is what this expression gives.
async fn select_a_word_in(page: &Page<'_>, element: &str) {
    let at = page
        .eval(&format!(
            "(() => {{
                const word = {element};
                scrollTo(0, word.getBoundingClientRect().top + scrollY - 200);
                const {{ left, top }} = word.getBoundingClientRect();
                return [left, top];
            }})()"
        ))
        .await;
    let [x, y] = [&at[0], &at[1]].map(|place| place.as_f64().expect("a number"));
    let at = MouseActions::new("mouse".to_owned()).then(PointerAction::MoveTo {
        duration: None,
        x: (x + 30.0).round(),
        y: (y + 12.0).round(),
    });
    let press = || PointerAction::Down { button: MOUSE_BUTTON_LEFT };
    let release = || PointerAction::Up { button: MOUSE_BUTTON_LEFT };
    let twice = at.then(press()).then(release()).then(press()).then(release());
    page.client.perform_actions(twice).await.expect("a mouse can do that");
}

#[tokio::test]
async fn an_error_is_reported_in_the_words_that_are_selected() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    select_a_word(&page).await;
    let widget = page.widget(0);
    let report = widget.element(".aw-passage button:last-child").await;
    let selected = page.eval("getSelection().toString().trim()").await;
    report.click().await.expect("it can be clicked");
    let about = widget.text(".aw-about").await;
    assert_eq!(Value::from(about.clone()), selected);
    assert_eq!(page.eval(&format!("{}.value", widget.find("select"))).await, "error");
    write_letter(&page, "Từ này viết sai.").await;
    submit(&page).await;
    widget.text(".aw-reference").await;
    assert_eq!(kept(&world, "passage"), about);
    assert_eq!(kept(&world, "kind"), "error");
    page.assert_no_console_error().await;
}

/// What a reader selects in the host's own text is the host's affair: nothing looks at it, and nothing waits to.
#[tokio::test]
async fn what_is_selected_elsewhere_is_not_looked_at() {
    const LOOKS: &str = "
        globalThis.looks = 0;
        const noting = (prototype, name) => {
          const real = prototype[name];
          if (!real) return;
          prototype[name] = function (...values) {
            looks += 1;
            return real.apply(this, values);
          };
        };
        for (const { prototype } of [Document, ShadowRoot, { prototype: window }]) noting(prototype, 'getSelection');
        for (const name of ['toString', 'getRangeAt', 'getComposedRanges']) noting(Selection.prototype, name);
        const timer = setTimeout;
        globalThis.setTimeout = (call, after, ...values) => {
          if (after === 400) looks += 1;
          return timer(call, after, ...values);
        };
        globalThis.selected = [];
        document.addEventListener('selectionchange', () => selected.push(1));";
    let world = World::start().await;
    let before = [WATCH, LOOKS].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    select_a_word_in(&page, "document.getElementById('below')").await;
    page.wait_until("selected.length > 0").await;
    assert_eq!(page.eval("looks").await, 0);
    select_a_word(&page).await;
    page.widget(0).element(".aw-passage").await;
    page.wait_until("looks > 1").await;
    page.assert_no_console_error().await;
}

/// A text fragment leads to whole words alone, and a mouse lets go in the middle of one.
#[tokio::test]
async fn a_selection_that_ends_within_a_word_is_a_passage_of_whole_words() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    let select = format!(
        "(() => {{
            const paragraph = {};
            const node = paragraph.firstChild;
            const words = node.data.split(' ');
            const begin = words[0].length + 2;
            const end = words.slice(0, 4).join(' ').length - 1;
            getSelection().setBaseAndExtent(node, begin, node, end);
            paragraph.dispatchEvent(new Event('selectstart', {{ bubbles: true }}));
            return words.slice(1, 4).join(' ');
        }})()",
        widget.find(".aw-body p")
    );
    let whole = page.eval(&select).await;
    widget.element(".aw-passage button:last-child").await.click().await.expect("it can be clicked");
    assert_eq!(Value::from(widget.text(".aw-about").await), whole);
}

#[tokio::test]
async fn a_passage_is_shared_by_a_link_that_leads_to_it() {
    // The clipboard as a browser has it, but for what is put there.
    const CLIPBOARD: &str = "
        globalThis.copied = [];
        Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied.push(text); } } });";
    let world = World::start().await;
    let before = [WATCH, CLIPBOARD].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    select_a_word(&page).await;
    let widget = page.widget(0);
    widget.element(".aw-passage button").await.click().await.expect("it can be clicked");
    page.wait_until("seen.some(({ name, word }) => name === 'share' && word === 'passage')").await;
    let copied = page.eval("copied[0]").await;
    let (quotation, link) = copied.as_str().and_then(|it| it.split_once('\n')).expect("two lines");
    assert!(quotation.starts_with('“'), "{quotation}");
    assert!(link.contains("?s=k-") && link.contains("#:~:text="), "{link}");

    // The browser finds it, and goes there.
    let phone = world.open_in(View::PHONE, link).await;
    phone.wait_until("scrollY > 0").await;
}
