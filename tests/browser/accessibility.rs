//! axe-core finds nothing to complain of, in any state, light and dark, on a narrow phone and on a desktop;
//! and the keyboard alone gets everywhere.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::{Value, json};

use crate::admin::log_in;
use crate::feedback::{fill, open_form, submit, write_letter};
use crate::passages::select_a_word;
use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

/// What `cargo xtask test` has put there.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tools/axe-core/package/axe.min.js");
/// The rules that are looked at: WCAG 2.2, A and AA, and what is good practice besides.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";
/// The narrowest that WCAG asks for (1.4.10).
const NARROW: u32 = 320;

/// Fails where axe finds something within `scope`, a CSS selector in the page.
pub(crate) async fn assert_accessible(page: &Page<'_>, scope: &str, state: &str) {
    let found = faults(page, scope).await;
    // axe takes a label for a field's although its `for` meets another element of that id first.
    let nameless = page.eval("[...document.querySelectorAll('article-widget')].flatMap(({ shadowRoot }) => [...(shadowRoot ?? document).querySelectorAll('input, select, textarea')]).filter(({ labels }) => !labels.length).map(({ name }) => name)").await;
    assert_eq!(nameless, json!([]), "{state}");
    assert!(found.is_empty(), "{state}:\n{}", found.join("\n"));
}

async fn faults(page: &Page<'_>, scope: &str) -> Vec<String> {
    let axe = std::fs::read_to_string(AXE).expect("`cargo xtask test` puts axe-core there");
    if page.eval("typeof axe").await == "undefined" {
        page.client.execute(&axe, vec![]).await.expect("it is a script");
    }
    let run = format!(
        "axe.run('{scope}', {{ runOnly: {RULES} }}).then(({{ violations, passes }}) => ({{
            passed: passes.length,
            found: violations.map(({{ id, nodes }}) => id + ': ' + nodes.map(({{ html, failureSummary }}) => html + ' ' + failureSummary).join(' | ')),
        }}))"
    );
    let result = page.eval(&run).await;
    assert!(result["passed"].as_u64() > Some(5), "it looked at something: {result}");
    result["found"].as_array().expect("a list").iter().map(Value::to_string).collect()
}

/// Each state of the widget, one after another.
async fn walk(world: &World, view: View) {
    let page = world.open_in(view, "short.html").await;
    page.wait_until("document.querySelector('article-widget')?.shadowRoot !== null").await;
    assert_accessible(&page, "article-widget", "an article").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    widget.element(".aw-share summary").await.click().await.expect("it can be clicked");
    assert_accessible(&page, "article-widget", "the menu open").await;
    widget.element(".aw-qr summary").await.click().await.expect("it can be clicked");
    page.wait_until(&format!("{}.complete", widget.find(".aw-code"))).await;
    assert_accessible(&page, "article-widget", "the QR code").await;
    assert_fits(&page).await;
    widget.element("[data-channel=email] button").await.click().await.expect("it can be clicked");
    submit(&page).await;
    widget.text("#aw-feedback-to-error").await;
    assert_accessible(&page, "article-widget", "the form of a mail, with an error").await;
    assert_fits(&page).await;
    select_a_word(&page).await;
    widget.text(".aw-passage").await;
    assert_accessible(&page, "article-widget", "a passage selected").await;
    assert_fits(&page).await;
    page.eval("void getSelection().removeAllRanges()").await;
    page.wait_until(&format!("!{}", widget.find(".aw-passage"))).await;

    open_form(&page).await;
    assert_accessible(&page, "article-widget", "the form").await;
    submit(&page).await;
    widget.text(".aw-error").await;
    assert_accessible(&page, "article-widget", "what is wrong beside each field").await;
    assert_fits(&page).await;
    fill(&page, "input[name=phone]", "0912 345 678").await;
    write_letter(&page, "Bài hay.").await;
    submit(&page).await;
    widget.text(".aw-reference").await;
    assert_accessible(&page, "article-widget", "the thanks").await;
    assert_fits(&page).await;
    widget.element(".aw-rating button").await.click().await.expect("it can be clicked");
    widget.element("#aw-rating-word").await;
    assert_accessible(&page, "article-widget", "a word on the rating").await;
    assert_fits(&page).await;
}

/// One whose server sends articles, so that there is a form for that.
async fn world() -> World {
    World::configured(|config| config.settings.sends_mail = true).await
}

/// Nothing is wider than the window.
async fn assert_fits(page: &Page<'_>) {
    let sizes = page.eval("[document.documentElement.scrollWidth, innerWidth]").await;
    assert_eq!(sizes[0], sizes[1], "the page scrolls sideways");
}

#[tokio::test]
async fn every_state_is_accessible_on_a_narrow_phone() {
    let world = world().await;
    walk(&world, View { width: NARROW, before: WATCH, ..View::PHONE }).await;
}

#[tokio::test]
async fn every_state_is_accessible_on_a_dark_desktop() {
    let world = world().await;
    walk(&world, View { dark: true, before: WATCH, ..View::DESKTOP }).await;
}

#[tokio::test]
async fn a_fault_within_a_widget_is_found() {
    let world = World::start().await;
    let page = world.open_in(View { before: WATCH, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    page.eval(&format!(
        "void {}.insertAdjacentHTML('beforeend', '<input>')",
        page.widget(0).find(".aw-body")
    ))
    .await;
    let found = faults(&page, "article-widget").await;
    assert!(found.len() == 1 && found[0].contains("label: "), "{found:?}");
}

/// Presses keys one after another, as a keyboard does: whatever has the focus gets them.
async fn press(page: &Page<'_>, keys: &str) {
    let mut actions = KeyActions::new("keyboard".to_owned());
    for value in keys.chars() {
        actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
    }
    page.client.perform_actions(actions).await.expect("a keyboard can do that");
}

/// Tab until the focus is on what matches, within the widget.
async fn tab_to(page: &Page<'_>, selector: &str) {
    let focused = format!(
        "document.activeElement?.shadowRoot?.activeElement?.matches({}) ?? false",
        Value::from(selector)
    );
    for _ in 0..60 {
        if page.eval(&focused).await == true {
            return;
        }
        press(page, TAB).await;
    }
    panic!("no Tab leads to {selector}");
}

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

#[tokio::test]
async fn a_letter_is_written_and_sent_by_the_keyboard_alone() {
    let world = World::start().await;
    let page = world.open_in(View { before: WATCH, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    tab_to(&page, ".aw-share summary").await;
    press(&page, ENTER).await;
    page.wait_until(&format!("{}.open", widget.find(".aw-share"))).await;
    tab_to(&page, "[data-channel=facebook] a").await;
    tab_to(&page, "[data-open=feedback]").await;
    press(&page, ENTER).await;
    // The form opens with the focus in its first field.
    page.wait_until(&format!(
        "{}?.getRootNode().activeElement?.name === 'name'",
        widget.find("form")
    ))
    .await;
    press(&page, "Lan").await;
    tab_to(&page, "[name=email]").await;
    press(&page, "lan@example.vn").await;
    tab_to(&page, "select").await;
    press(&page, "c").await;
    tab_to(&page, "[name=title]").await;
    press(&page, "Hay").await;
    tab_to(&page, "textarea").await;
    press(&page, "Cam on").await;
    tab_to(&page, "[name=consent]").await;
    press(&page, " ").await;
    tab_to(&page, "[type=submit]").await;
    press(&page, ENTER).await;
    widget.text(".aw-reference").await;
    // The thanks have the focus: a screen reader reads them.
    let thanks = format!("{}.matches(':focus')", widget.find("[data-thanks=letter]"));
    page.wait_until(&thanks).await;
    tab_to(&page, "[data-thanks=letter] button").await;
    press(&page, ENTER).await;
    page.wait_until(&format!("{}.matches(':focus')", widget.find("[data-open=feedback]"))).await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn the_publishers_pages_are_accessible() {
    let world = World::start().await;
    let view = View { before: WATCH, width: NARROW, ..View::PHONE };
    let page = world.open_in(view, "short.html").await;
    open_form(&page).await;
    write_letter(&page, "Ảnh thứ hai bị ngược.").await;
    submit(&page).await;
    page.widget(0).text(".aw-reference").await;
    let link = page.eval(&format!("{}.href", page.widget(0).find(".aw-panel a"))).await;
    page.go(link.as_str().expect("a private link")).await;
    assert_accessible(&page, "html", "the sender's page").await;
    assert_fits(&page).await;

    let article = format!("{}/a/cho-dem-pho-nui", world.publisher.origin());
    // The article's title is a heading of the second level, also where it has the page to itself.
    for (path, scope) in [("", "main"), ("/feedback", "html"), ("/share?s=z-0", "html")] {
        page.go(&format!("{article}{path}")).await;
        assert_accessible(&page, scope, path).await;
        assert_fits(&page).await;
    }
    page.go(&format!("{article}/feedback")).await;
    page.eval("void document.querySelector('form').submit()").await;
    page.wait_until("document.querySelector('[aria-invalid]') !== null").await;
    assert_accessible(&page, "html", "the form page with errors").await;
    drop(page);

    let page = log_in(&world, View { dark: true, ..view }).await;
    assert_accessible(&page, "html", "the inbox").await;
    // A program typed it, and was faster than a person: somebody has to look first.
    page.go(&format!("{}/admin/feedback?state=held", world.publisher.origin())).await;
    assert_accessible(&page, "html", "what is held").await;
    let letter = "document.querySelector('main a[href^=\"/admin/feedback/\"]')";
    if page.eval(letter).await.is_null() {
        // On a slow machine it was no faster than a person.
        page.go(&format!("{}/admin/feedback?state=new", world.publisher.origin())).await;
    }
    page.eval(&format!("{letter}.click()")).await;
    page.wait_until("/feedback\\/\\d+$/.test(location.pathname)").await;
    assert_accessible(&page, "html", "a letter").await;
    assert_fits(&page).await;
    page.go(&format!("{}/admin/nothing", world.publisher.origin())).await;
    assert_accessible(&page, "html", "a notice").await;
}
