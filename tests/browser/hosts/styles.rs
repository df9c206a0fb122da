//! Style sheets of hosts: what they reach, and what they are meant to reach.

use serde_json::json;

use super::{ELEMENT, LOADER, Visitor, page_of, watched};
use crate::scripts::live;
use crate::support::page::{Page, View};
use crate::support::world::World;

/// Style sheets that reach for everything, and pages that hand much down.
const SHEETS: [(&str, &str); 9] = [
    ("everything unset", "* { all: unset !important; }"),
    ("everything set back", include_str!("styles/erased.css")),
    ("a reset of margins and borders", include_str!("styles/flattened.css")),
    ("a reset that begins anew", include_str!("styles/rebooted.css")),
    ("tags in colours", include_str!("styles/tags.css")),
    ("much that is handed down", include_str!("styles/handed-down.css")),
    ("what is not defined is hidden", ":not(:defined) { display: none; }"),
    ("a root of ten pixels", "html { font-size: 62.5%; } body { font-size: 1.6rem; }"),
    ("a page of one direction", "html { direction: rtl; } body { unicode-bidi: plaintext; }"),
];

/// How every element of the widget looks, but for where it is.
const LOOK: &str = "(() => {
    const names = ['display', 'visibility', 'color', 'background-color', 'font', 'letter-spacing', 'word-spacing',
      'text-align', 'text-transform', 'text-indent', 'text-decoration', 'text-shadow', 'white-space', 'direction',
      'unicode-bidi', 'margin', 'padding', 'border', 'border-radius', 'list-style', 'cursor', 'opacity', 'float',
      'position', 'box-sizing', 'max-width', 'quotes', 'writing-mode', 'pointer-events', 'user-select', 'width'];
    const look = (element) => {
      const style = getComputedStyle(element);
      return names.map((name) => `${name}: ${style.getPropertyValue(name)}`);
    };
    const { shadowRoot } = document.querySelector('article-widget');
    return [...shadowRoot.querySelectorAll('.aw, .aw *')]
      .map((element) => [`${element.localName}.${element.className}`, ...look(element)]);
})()";

/// The widget, 600 pixels wide whatever the page's style says.
fn in_600_pixels(head: &str) -> String {
    page_of(&format!(
        "<style>{head}</style><div style='all:initial!important;display:block!important;width:600px!important'>\
         {ELEMENT}</div>{LOADER}"
    ))
}

async fn look(page: &Page<'_>) -> Vec<serde_json::Value> {
    let look = page.eval(LOOK).await;
    look.as_array().cloned().expect("a list of elements")
}

#[tokio::test]
async fn no_style_of_the_hosts_changes_how_the_article_looks() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    visitor.visit("style.html", &in_600_pixels("")).await;
    visitor.is_live(1, "no style").await;
    let expected = look(&visitor.page).await;
    assert!(expected.len() > 30, "{expected:?}");
    for (host, sheet) in SHEETS {
        visitor.visit("style.html", &in_600_pixels(sheet)).await;
        visitor.is_live(1, host).await;
        let found = look(&visitor.page).await;
        for (expected, found) in expected.iter().zip(&found) {
            assert_eq!(expected, found, "{host}");
        }
        assert_eq!(expected.len(), found.len(), "{host}");
    }
}

/// On the element itself the host has the say: it is the host's element.
#[tokio::test]
async fn what_the_host_says_of_the_element_is_done() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    visitor.visit_body(&format!(
        "<style>
           article-widget {{ margin: 10px 20px 30px 40px; inline-size: 420px; border: 3px solid green; }}
           .grid {{ display: grid; grid-template-columns: 100px 1fr; inline-size: 700px; }}
           .grid article-widget {{ grid-column: 2; justify-self: end; margin: 0; }}
         </style>{ELEMENT}<div class=grid>{ELEMENT}</div>{LOADER}"
    ))
    .await;
    visitor.is_live(2, "margins").await;
    let style = "(({ margin, width, borderTopWidth }) => [margin, width, borderTopWidth])\
         (getComputedStyle(document.querySelector('article-widget')))";
    let width = page.eval(style).await;
    assert_eq!(width[0], "10px 20px 30px 40px");
    assert_eq!(width[2], "3px");
    let places = "[...document.querySelectorAll('article-widget')].map((element) => {
        const [own, around] = [element, element.parentNode].map((one) => one.getBoundingClientRect());
        return [Math.round(own.width), Math.round(around.right - own.right)];
    })";
    // The border is inside or outside of the 420 pixels as the host's `box-sizing` says.
    let places = page.eval(places).await;
    assert_eq!(places[0][0], 426);
    assert_eq!(places[1], json!([426, 0]));

    let shown = "document.querySelector('article-widget').getClientRects().length > 0";
    assert_eq!(page.eval(shown).await, true);
    page.eval("void (document.querySelector('article-widget').hidden = true)").await;
    assert_eq!(page.eval(shown).await, false);
    page.eval("void (document.querySelector('article-widget').hidden = false)").await;
    assert_eq!(page.eval(shown).await, true);
    visitor.is_calm("margins").await;
}

/// A widget that was hidden from the start is not counted before it is shown.
#[tokio::test]
async fn a_hidden_widget_is_counted_when_it_is_shown() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let hidden =
        ELEMENT.replace("<article-widget", "<article-widget hidden style='display:flow-root'");
    visitor.visit_body(&[&hidden, LOADER].concat()).await;
    visitor.is_live(1, "hidden").await;
    let page = &visitor.page;
    let element = "document.querySelector('article-widget')";
    assert_eq!(page.eval(&format!("{element}.getClientRects().length")).await, 0);
    assert_eq!(page.eval(&crate::scripts::saw("view")).await, false);
    page.eval(&format!("void ({element}.hidden = false)")).await;
    page.wait_until(&crate::scripts::saw("view")).await;
}

#[tokio::test]
async fn no_layout_of_the_hosts_makes_the_widget_vanish() {
    let world = World::start().await;
    let visitor = Visitor::with(&world, View { width: 300, ..watched() }).await;
    for layout in [
        "display:flex",
        "display:flex;flex-direction:column;align-items:center",
        "display:grid",
        "display:grid;justify-items:start",
        "display:table-cell",
        "float:left",
        "position:absolute",
        "display:inline-block",
    ] {
        let html = format!("<!doctype html><div style='{layout}'>{ELEMENT}</div>{LOADER}");
        visitor.visit("layout.html", &html).await;
        visitor.page.wait_until(&live(1)).await;
        let width = visitor
            .page
            .eval("document.querySelector('article-widget').getBoundingClientRect().width")
            .await;
        assert!((250.0..=300.0).contains(&width.as_f64().unwrap_or_default()), "{layout}: {width}");
        visitor.is_calm(layout).await;
    }
}

#[tokio::test]
async fn language_window_and_theme_are_the_partners_choice() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    page.go(&world.url("english.html")).await;
    let widget = page.widget(0);
    assert_eq!(widget.text(".aw-share summary").await, "Send to friends");
    assert_eq!(widget.text(".aw-dateline").await, "Wednesday, November 11, 2026");
    let paper =
        page.eval(&format!("getComputedStyle({}).backgroundColor", widget.find(".aw"))).await;
    assert_eq!(paper, "rgb(24, 22, 20)");
    let asked = "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('?lang=en&window=7d'))";
    assert_eq!(page.eval(asked).await, true);
}
