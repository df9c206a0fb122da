//! How large and where everything is: in a page of quirks mode as in any other, and with a reader's own size of text.

use serde_json::{Value, json};

use super::{ELEMENT, LOADER, Visitor, watched};
use crate::scripts::live;
use crate::support::driver::Engine;
use crate::support::page::{Page, View};
use crate::support::world::World;

/// Where each element of the widget is, from the widget's own corner, and how large: in pixels.
const LAYOUT: &str = "(() => {
    const { shadowRoot } = document.querySelector('article-widget');
    const corner = shadowRoot.querySelector('.aw').getBoundingClientRect();
    const all = [...shadowRoot.querySelectorAll('.aw, .aw *')];
    const boxes = all.filter((element) => element.getClientRects().length && !element.closest('.aw-trap'));
    return boxes.map((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [`${element.localName}.${element.className}`, left - corner.left, top - corner.top, width, height];
    });
})()";

/// Text that lies upon other text, in the widget.
const OVERLAPPING: &str = "(() => {
    const { shadowRoot } = document.querySelector('article-widget');
    const texts = document.createTreeWalker(shadowRoot.querySelector('.aw'), NodeFilter.SHOW_TEXT);
    const lines = [];
    while (texts.nextNode()) {
      const { parentElement } = texts.currentNode;
      if (!parentElement.checkVisibility({ visibilityProperty: true }) || parentElement.closest('.aw-trap')) continue;
      const range = document.createRange();
      range.selectNodeContents(texts.currentNode);
      for (const { left, right, top, bottom, width } of range.getClientRects()) {
        if (width > 1) lines.push({ left, right, top, bottom, text: texts.currentNode.data.slice(0, 30) });
      }
    }
    // The boxes of lines may touch: what is in them may not.
    const meets = (a, b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.bottom - a.top, b.bottom - b.top) / 2;
    return lines.flatMap((a, index) => lines.slice(index + 1).filter((b) => meets(a, b)).map((b) => [a.text, b.text]));
})()";

/// A page with the widget in a table, as pages of quirks mode are made. Without the list, which another view changes.
fn in_a_table(doctype: &str, style: &str, attributes: &str) -> String {
    let element = ELEMENT
        .replace("cho-dem-pho-nui", "ca-phe-vao-vu-hai")
        .replace("<article-widget", &format!("<article-widget most-read=off {attributes}"));
    format!(
        "{doctype}<html lang=vi><meta charset=utf-8><link rel=icon href='data:,'><title>Trang chủ nhà</title>\
         <style>body {{ margin: 0 }} {style}</style><body>\
         <table width=640 cellspacing=0 cellpadding=0 style='table-layout: fixed'><tr><td>{element}</table>{LOADER}"
    )
}

/// With everything open that opens.
async fn open_all(page: &Page<'_>) {
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    page.eval(&format!("void {}.click()", widget.find("[data-open=feedback]"))).await;
    widget.element("form textarea").await;
    page.eval(&format!("{}.setAttribute('open', '')", widget.find(".aw-share"))).await;
    let picture = format!("{}?.naturalWidth > 0", widget.find(".aw-image"));
    page.wait_until(&picture).await;
}

async fn layout(page: &Page<'_>) -> Vec<Value> {
    let layout = page.eval(LAYOUT).await;
    layout.as_array().cloned().expect("a list of elements")
}

/// Fails where something is elsewhere, or larger, by more than a pixel.
fn assert_same_layout(expected: &[Value], found: &[Value], host: &str) {
    assert!(expected.len() > 60, "{expected:?}");
    assert_eq!(expected.len(), found.len(), "{host}");
    let mut moved = Vec::new();
    let number = |value: &Value| value.as_f64().expect("a number");
    for (expected, found) in expected.iter().zip(found) {
        assert_eq!(expected[0], found[0], "{host}");
        let is_near =
            (1..5).all(|side| (number(&expected[side]) - number(&found[side])).abs() <= 1.0);
        if !is_near {
            moved.push(format!("{expected} became {found}"));
        }
    }
    assert!(moved.is_empty(), "{host}:\n{}", moved.join("\n"));
}

/// Without a doctype lines, tables and what they hand down are of another kind.
#[tokio::test]
async fn in_quirks_mode_everything_is_where_it_is_elsewhere() {
    const STYLES: [(&str, &str); 3] = [
        ("plain", ""),
        (
            "large type around it",
            "body { font: italic bold 26px/2.5 Georgia, serif; text-align: center }",
        ),
        ("the page's font", "body { font-family: 'Courier New', monospace }"),
    ];
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    for (host, style) in STYLES {
        let attributes = if host == "the page's font" { "font=host" } else { "" };
        visitor.visit("modes.html", &in_a_table("<!doctype html>", style, attributes)).await;
        assert_eq!(page.eval("document.compatMode").await, "CSS1Compat");
        open_all(page).await;
        let expected = layout(page).await;
        visitor.visit("modes.html", &in_a_table("", style, attributes)).await;
        assert_eq!(page.eval("document.compatMode").await, "BackCompat");
        open_all(page).await;
        assert_same_layout(&expected, &layout(page).await, host);
        visitor.is_calm(host).await;
    }
}

#[tokio::test]
async fn a_root_of_ten_pixels_moves_nothing() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    let mut layouts = Vec::new();
    for style in
        ["", "html { font-size: 62.5% } body { font-size: 1.6rem }", "html { font-size: 62.5% }"]
    {
        visitor.visit("modes.html", &in_a_table("<!doctype html>", style, "")).await;
        open_all(page).await;
        layouts.push(layout(page).await);
    }
    assert_same_layout(&layouts[0], &layouts[1], "62.5 %");
    assert_same_layout(&layouts[0], &layouts[2], "62.5 % for all");
}

/// A reader who has larger text everywhere has it here, whatever the host has made of its root; nothing is in its way.
#[tokio::test]
async fn the_size_of_text_that_a_reader_has_chosen_is_the_widgets() {
    if Engine::chosen() == Engine::WebKit {
        eprintln!("skipped in WebKit: its driver cannot set the size of text");
        return;
    }
    const SELECTORS: [&str; 5] = [".aw", ".aw-body p", ".aw-button", ".aw-input", ".aw td"];
    let world = World::start().await;
    for width in [360, 1280] {
        let mut sizes = Vec::new();
        for text in [16, 24] {
            let visitor = Visitor::with(&world, View { text, width, ..watched() }).await;
            let page = &visitor.page;
            for style in ["", "html { font-size: 62.5% }"] {
                let html =
                    in_a_table("<!doctype html>", style, "").replace("width=640", "width='100%'");
                visitor
                    .visit(
                        "modes.html",
                        &html.replace(
                            "<style>",
                            "<meta name=viewport content='width=device-width'><style>",
                        ),
                    )
                    .await;
                open_all(page).await;
                let size = |selector: &str| {
                    format!(
                        "parseFloat(getComputedStyle({}).fontSize)",
                        page.widget(0).find(selector)
                    )
                };
                let found = page.eval(&format!("[{}]", SELECTORS.map(size).join(","))).await;
                let found: Vec<f64> =
                    found.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
                assert_eq!(found.len(), SELECTORS.len());
                sizes.push(found);
                page.eval(&format!("{}.removeAttribute('open')", page.widget(0).find(".aw-share")))
                    .await;
                assert_eq!(page.eval(OVERLAPPING).await, json!([]), "{text} pixels in {width}");
                let wide =
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth";
                assert_eq!(
                    page.eval(wide).await,
                    0,
                    "{text} pixels in {width}: the page scrolls sideways"
                );
                visitor.is_calm("larger text").await;
            }
        }
        let [small, small_root, large, large_root] = &sizes[..] else { panic!("{sizes:?}") };
        assert_eq!(small, small_root);
        assert_eq!(large, large_root);
        for (small, large) in small.iter().zip(large) {
            assert!((large / small - 1.5).abs() < 0.01, "{sizes:?}");
        }
    }
}

#[tokio::test]
async fn text_upon_text_is_found() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    visitor.visit("modes.html", &in_a_table("<!doctype html>", "", "")).await;
    visitor.page.wait_until(&live(1)).await;
    let lede = visitor.page.widget(0).find(".aw-lede");
    visitor.page.eval(&format!("{lede}.setAttribute('style', 'margin-top: -3em')")).await;
    assert_ne!(visitor.page.eval(OVERLAPPING).await, json!([]));
}
