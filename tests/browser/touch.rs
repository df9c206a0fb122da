//! A phone, and fingers on it: what a tap opens and closes, and whether it meets what it is meant for.
//!
//! WebKitGTK's driver cannot touch: there a mouse does what is done here.

use serde_json::json;

use crate::feedback::{fill, submit, write_letter};
use crate::scripts::{WATCH, live};
use crate::support::driver::Engine;
use crate::support::page::{Page, View};
use crate::support::world::World;

/// In CSS pixels: the narrowest that WCAG asks for, and what most phones have.
const WIDTHS: [u32; 3] = [320, 360, 390];

/// Notes what the pointer of each press was.
const POINTERS: &str = "
    globalThis.pointers = [];
    addEventListener('pointerdown', ({ pointerType }) => pointers.push(pointerType), true);";

fn phone(width: u32) -> View {
    View { width, touch: true, before: [WATCH, POINTERS].concat().leak(), ..View::PHONE }
}

async fn tap(page: &Page<'_>, selector: &str) {
    page.tap(page.widget(0).element(selector).await).await;
}

async fn assert_fits(page: &Page<'_>, state: &str) {
    let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(page.eval(overflow).await, 0, "{state}: the page scrolls sideways");
}

#[tokio::test]
async fn a_tap_opens_the_menu_one_elsewhere_closes_it_and_one_opens_the_form() {
    let world = World::start().await;
    for width in WIDTHS {
        let page = world.open_in(phone(width), "short.html").await;
        page.wait_until(&live(1)).await;
        let open = format!("{}.open", page.widget(0).find(".aw-share"));
        tap(&page, ".aw-share > summary").await;
        page.wait_until(&open).await;
        assert_fits(&page, &format!("{width}, the menu")).await;
        tap(&page, ".aw-title").await;
        page.wait_until(&format!("!{open}")).await;
        // Straight from the open menu, as a reader does who has changed their mind.
        tap(&page, ".aw-share > summary").await;
        page.wait_until(&open).await;
        tap(&page, "[data-open=feedback]").await;
        page.widget(0).element("form").await;
        page.wait_until(&format!("!{open}")).await;
        assert_fits(&page, &format!("{width}, the form")).await;

        let pointer = if Engine::chosen().has_touch() { "touch" } else { "mouse" };
        let pointers = page.eval("[...new Set(pointers)]").await;
        assert_eq!(pointers, json!([pointer]), "{width}");
        page.assert_no_console_error().await;
    }
}

#[tokio::test]
async fn a_letter_is_written_and_sent_on_a_phone() {
    let world = World::start().await;
    let page = world.open_in(phone(360), "short.html").await;
    page.wait_until(&live(1)).await;
    tap(&page, "[data-open=feedback]").await;
    write_letter(&page, "Gửi từ điện thoại.").await;
    fill(&page, "input[name=phone]", "0912 345 678").await;
    page.screenshot("touch-form").await;
    submit(&page).await;
    page.widget(0).text(".aw-reference").await;
    tap(&page, "[data-thanks=letter] button").await;
    page.wait_until(&format!("{}?.hidden !== false", page.widget(0).find("[data-thanks=letter]")))
        .await;
    page.assert_no_console_error().await;
}

/// What a finger selects it selects by the system's handles, which no driver reaches: the selection is made
/// by the page, and told as a finger's.
#[tokio::test]
async fn a_passage_selected_by_a_finger_has_its_bar_within_the_window() {
    const SELECT: &str = "(paragraph) => {
        const word = paragraph.firstChild;
        paragraph.scrollIntoView({ block: 'center' });
        const { left, top } = paragraph.getBoundingClientRect();
        const finger = (type) => paragraph.dispatchEvent(new PointerEvent(type, {
            bubbles: true, composed: true, pointerType: 'touch', clientX: left + 20, clientY: top + 8,
        }));
        finger('pointerdown');
        paragraph.dispatchEvent(new Event('selectstart', { bubbles: true, composed: true }));
        getSelection().setBaseAndExtent(word, 0, word, word.data.split(' ').slice(0, 3).join(' ').length);
        finger('pointercancel');
    }";
    let world = World::start().await;
    for width in WIDTHS {
        let page = world.open_in(phone(width), "short.html").await;
        page.wait_until(&live(1)).await;
        let widget = page.widget(0);
        page.eval(&format!("void ({SELECT})({})", widget.find(".aw-body p"))).await;
        widget.element(".aw-passage").await;
        let bar = format!(
            "(({{ left, right, top, bottom }}) => left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight)\
             ({}.getBoundingClientRect())",
            widget.find(".aw-passage")
        );
        page.wait_until(&bar).await;
        assert_fits(&page, &format!("{width}, a passage")).await;
        page.screenshot(&format!("touch-passage-{width}")).await;
        tap(&page, ".aw-passage button:last-child").await;
        assert!(!widget.text(".aw-about").await.is_empty());
    }
}

/// What is too low to be met: `what height`. A tick box is as high as its label; a link in a line as the line.
const SMALL: &str = "(root) => {
    const shown = [...root.querySelectorAll('a[href], button, summary, input, select, textarea')]
        .filter((element) => element.checkVisibility() && element.tabIndex >= 0);
    const height = (element) => {
        const line = element.matches('a') && getComputedStyle(element).display === 'inline';
        const label = element.matches('[type=checkbox], [type=radio]') && element.closest('label');
        return line
            ? { line, height: parseFloat(getComputedStyle(element).lineHeight) }
            : { line, height: (label || element).getBoundingClientRect().height };
    };
    return shown.map((element) => ({ element, ...height(element) }))
        .filter(({ line, height }) => !(height + 0.01 >= (line ? 24 : 44)))
        .map(({ element, height }) => `${element.outerHTML.slice(0, 120)} ${height}`);
}";

#[tokio::test]
async fn nothing_is_too_small_for_a_finger() {
    let world = World::configured(|config| config.settings.sends_mail = true).await;
    let page = world.open_in(phone(320), "short.html").await;
    page.wait_until(&live(1)).await;
    let small = format!("({SMALL})(document.querySelector('article-widget').shadowRoot)");
    assert_eq!(page.eval(&small).await, json!([]), "an article");
    tap(&page, ".aw-share > summary").await;
    tap(&page, ".aw-qr > summary").await;
    assert_eq!(page.eval(&small).await, json!([]), "the menu");
    tap(&page, "[data-channel=email] button").await;
    page.widget(0).element("[data-form=mail]").await;
    assert_eq!(page.eval(&small).await, json!([]), "the form of a mail");
    tap(&page, "[data-open=feedback]").await;
    page.widget(0).element("[data-form=letter]").await;
    assert_eq!(page.eval(&small).await, json!([]), "the form");
    tap(&page, ".aw-rating button").await;
    page.widget(0).element("#aw-rating-word").await;
    assert_eq!(page.eval(&small).await, json!([]), "the word on a rating");
    // It finds something.
    let button = page.widget(0).find("[data-open=feedback]");
    let low = "'style', 'height: 20px; min-height: 0; padding: 0'";
    page.eval(&format!("{button}.setAttribute({low})")).await;
    assert_ne!(page.eval(&small).await, json!([]));
}
