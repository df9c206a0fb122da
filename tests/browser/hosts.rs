//! Pages that are strict, or odd.

use serde_json::json;

use crate::scripts::{WATCH, live, saw};
use crate::support::page::View;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

#[tokio::test]
async fn the_three_directives_of_the_host_contract_are_enough() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "csp.html").await;
    page.wait_until(&live(1)).await;
    page.wait_until(&format!("{}?.naturalWidth > 0", page.widget(0).find(".aw-image"))).await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn without_wasm_the_article_is_read_shared_and_counted() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "csp-no-wasm.html").await;
    page.wait_until(&saw("view")).await;
    let widget = page.widget(0);
    let title = widget.text(".aw-title").await;
    assert!(world.publisher.titles().contains(&title), "{title}");
    widget.element(".aw-share summary").await.click().await.expect("it can be clicked");
    let facebook = page.eval(&format!("{}.href", widget.find("[data-channel=facebook] a"))).await;
    let facebook = facebook.as_str().expect("a link").to_owned();
    assert!(facebook.contains("%2Fa%2Fcho-dem-pho-nui%3Fs%3Df-"), "{facebook}");
    assert!(!facebook.ends_with("-0"), "the partner's half is missing: {facebook}");
    let form = page.eval(&format!("{}.href", widget.find("[data-open=feedback]"))).await;
    assert_eq!(form, format!("{}/a/cho-dem-pho-nui/feedback", world.publisher.origin()));
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn trusted_types_without_our_policy_let_the_article_through() {
    let world = World::start().await;
    // With setHTML, which needs no policy; and without it, where only the Wasm can render.
    for before in [WATCH.to_owned(), [WATCH, "delete Element.prototype.setHTML;"].concat()] {
        let view = View { before: before.leak(), ..View::DESKTOP };
        let page = world.open_in(view, "trusted-types.html").await;
        page.wait_until(&live(1)).await;
        let title = page.shadow_text(".aw-title").await;
        assert!(world.publisher.titles().contains(&title), "{title}");
        assert_eq!(page.eval("errors").await, json!([]));
    }
}

#[tokio::test]
async fn names_that_hide_the_documents_own_do_no_harm() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "clobbered.html").await;
    page.wait_until(&live(1)).await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn patched_prototypes_do_no_harm() {
    const PATCH: &str = "
        Array.from = (list) => [...list];
        Array.prototype.toJSON = () => 'patched';
        String.prototype.toJSON = () => 'patched';
        Object.prototype.headers = { 'x-evil': '1' };
        Object.prototype.integrity = 'sha384-wrong';";
    let world = World::start().await;
    let before = [WATCH, PATCH].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    page.wait_until(&saw("view")).await;
    // A number: drivers may tell lists and texts by way of what is patched here.
    assert_eq!(page.eval("errors.length").await, 0);
}

#[tokio::test]
async fn a_form_of_the_hosts_around_the_widget_keeps_its_fields_to_itself() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "in-form.html").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    widget.element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    widget.element("form input[name=name]").await;
    let fields = "[...new FormData(document.querySelector('#host-form')).keys()]";
    assert_eq!(page.eval(fields).await, json!(["host"]));
}

#[tokio::test]
async fn language_window_and_theme_are_the_partners_choice() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "english.html").await;
    let widget = page.widget(0);
    assert_eq!(widget.text(".aw-share summary").await, "Send to friends");
    assert_eq!(widget.text(".aw-dateline").await, "Wednesday, November 11, 2026");
    let paper =
        page.eval(&format!("getComputedStyle({}).backgroundColor", widget.find(".aw"))).await;
    assert_eq!(paper, "rgb(24, 22, 20)");
    let asked = "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('?lang=en&window=7d'))";
    assert_eq!(page.eval(asked).await, true);
}

#[tokio::test]
async fn a_removed_widget_is_gone_and_a_moved_one_stays() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "two.html").await;
    page.wait_until(&live(2)).await;
    page.eval(
        "void document.body.append(globalThis.first = document.querySelector('article-widget'))",
    )
    .await;
    page.eval("void document.querySelector('article-widget').remove()").await;
    page.eval("first.shadowRoot.querySelector('[data-open=feedback]').click()").await;
    page.wait_until("first.shadowRoot.querySelector('form') !== null").await;
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn no_layout_of_the_hosts_makes_the_widget_vanish() {
    let world = World::start().await;
    let widget =
        "<article-widget src='https://news.example' article='cho-dem-pho-nui'></article-widget>";
    for layout in [
        "display:flex",
        "display:flex;flex-direction:column;align-items:center",
        "display:grid",
        "float:left",
        "display:inline-block",
    ] {
        world.write_page(
            "layout.html",
            &format!(
                "<!doctype html><div style='{layout}'>{widget}</div>\
                 <script src='https://news.example/embed.js'></script>"
            ),
        );
        let page = world.open_in(View { width: 300, ..WATCHED }, "layout.html").await;
        page.wait_until(&live(1)).await;
        let width = page
            .eval("document.querySelector('article-widget').getBoundingClientRect().width")
            .await;
        assert!((250.0..=300.0).contains(&width.as_f64().unwrap_or_default()), "{layout}: {width}");
    }
}

#[tokio::test]
async fn attributes_that_change_load_what_they_now_say() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "two.html").await;
    page.wait_until(&live(2)).await;
    let first = page.widget(0).text(".aw-title").await;
    let second = page.widget(1).text(".aw-title").await;
    // Changed and moved in one go, as frameworks do it.
    page.eval(
        "void (() => {
            const [one, two] = document.querySelectorAll('article-widget');
            one.setAttribute('lang', 'en');
            one.setAttribute('article', two.getAttribute('article'));
            document.body.prepend(one);
        })()",
    )
    .await;
    assert_ne!(first, second);
    page.wait_until(&format!(
        "{}?.textContent.trim() === {second:?}",
        page.widget(0).find(".aw-title")
    ))
    .await;
    assert_eq!(page.widget(0).text(".aw-share summary").await, "Send to friends");
    page.wait_until(&live(3)).await;
    assert_eq!(page.eval("errors").await, json!([]));
}
