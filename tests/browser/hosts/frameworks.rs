//! Pages that are built and rebuilt by scripts.

use serde_json::json;

use super::{ELEMENT, LOADER, SHORT, Visitor};
use crate::scripts::live;
use crate::support::world::World;

/// How often a JSON was asked for.
const ASKED: &str = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/embed/')).length";

/// What frameworks do to an element that they keep.
const KEPT: [(&str, &str); 5] = [
    (
        "the same attributes again",
        "for (const { name, value } of [...element.attributes]) element.setAttribute(name, value)",
    ),
    ("other content of its own", "element.innerHTML = '<p>Đang vẽ lại.</p>'"),
    ("classes and styles", "element.className = 'card'; element.style.cssText = 'margin: 1px'"),
    ("to another place", "document.body.prepend(element)"),
    (
        "out and in again in one task",
        "const { parentNode } = element; element.remove(); document.createDocumentFragment().append(element); parentNode.append(element)",
    ),
];

#[tokio::test]
async fn an_element_that_is_rendered_again_or_moved_stays_alive() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    visitor.visit_body(&[ELEMENT, LOADER].concat()).await;
    visitor.is_live(1, "at first").await;
    let asked = page.eval(ASKED).await;
    page.eval("void (window.title = document.querySelector('article-widget').shadowRoot.querySelector('.aw-title'))").await;
    for (host, change) in KEPT {
        // In a task of the page's own, as frameworks do it: in one of the driver's, WebKit runs microtasks
        // within it. What the loader does of it, it does before the next task.
        page.eval(&format!(
            "new Promise((resolve) => setTimeout(() => {{
                ((element) => {{ {change} }})(document.querySelector('article-widget'));
                setTimeout(resolve);
            }}))"
        ))
        .await;
        assert_eq!(page.eval("title.isConnected").await, true, "{host}");
        visitor.is_live(1, host).await;
    }
    assert_eq!(page.eval(ASKED).await, asked);
    page.widget(0).element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    page.widget(0).element("form").await;
}

/// What frameworks make of an element: others, which are widgets of their own.
const MADE: [(&str, &str); 5] = [
    ("a clone", "document.body.append(element.cloneNode(true)); element.remove()"),
    ("its HTML", "const box = document.createElement('div'); box.innerHTML = element.outerHTML; element.replaceWith(box)"),
    (
        "a template's content",
        "const template = document.createElement('template'); template.innerHTML = element.outerHTML;
         element.replaceWith(document.importNode(template.content, true))",
    ),
    (
        "an element whose attributes come later",
        "const late = document.createElement('article-widget'); element.replaceWith(late);
         setTimeout(() => { late.setAttribute('article', 'cho-dem-pho-nui'); late.setAttribute('src', element.getAttribute('src')); })",
    ),
    ("the page's whole HTML", "document.body.innerHTML = document.body.innerHTML"),
];

#[tokio::test]
async fn clones_and_copies_are_widgets_of_their_own() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for (host, change) in MADE {
        visitor.visit_body(&[ELEMENT, LOADER].concat()).await;
        visitor.is_live(1, host).await;
        let change =
            format!("void ((element) => {{ {change} }})(document.querySelector('article-widget'))");
        visitor.page.eval(&change).await;
        visitor.page.wait_until(&live(2)).await;
        visitor.is_readable(host).await;
        let heard = visitor.heard().await;
        assert_eq!(heard[0], json!([]), "{host}: {heard}");
        let widgets = visitor.page.eval("document.querySelectorAll('article-widget').length").await;
        assert_eq!(widgets, 1, "{host}");
    }
}

/// Frameworks that check themselves mount, unmount and mount again; routers do it while the answer is awaited.
#[tokio::test]
async fn elements_that_come_and_go_while_they_load_end_as_what_they_are_last() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    visitor.visit_body(LOADER).await;
    page.wait_until("customElements.get('article-widget') !== undefined").await;
    page.eval(&format!(
        "(async () => {{
            const make = () => {{
              const box = document.createElement('div');
              box.innerHTML = `{}`;
              return box.firstElementChild;
            }};
            const task = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
            const kept = make();
            for (let i = 0; i < 20; i++) {{
              const gone = make();
              document.body.append(kept, gone);
              await (i % 2 ? task(i) : null);
              kept.remove();
              gone.remove();
              if (i % 3) await task(0);
            }}
            document.body.append(kept);
        }})()",
        ELEMENT.replace("https://news.example", &world.publisher.origin())
    ))
    .await;
    page.wait_until(&format!("{} !== null", page.widget(0).find(".aw[part]"))).await;
    page.wait_until("seen.some(({ word }) => word === 'live')").await;
    visitor.is_readable("come and go").await;
    page.widget(0).element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    page.widget(0).element("form").await;
    visitor.is_calm("come and go").await;
}

/// The style sheets of a shadow root are of the document that made them: they are lost on the way to another.
#[tokio::test]
async fn an_element_that_another_document_adopts_is_shown_there_as_before() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    visitor
        .visit_body(
            &["<iframe srcdoc='<!doctype html>' width=600 height=900></iframe>", SHORT].concat(),
        )
        .await;
    visitor.is_live(1, "at first").await;
    let background = "getComputedStyle(moved.shadowRoot.querySelector('.aw')).backgroundColor";
    page.eval("void (window.moved = document.querySelector('article-widget'))").await;
    let before = page.eval(background).await;
    page.eval("void document.querySelector('iframe').contentDocument.body.append(moved)").await;
    page.wait_until(&format!(
        "moved.shadowRoot.querySelector('.aw-title') && {background} === {before}"
    ))
    .await;
    // And back.
    page.eval("void document.body.append(moved)").await;
    page.wait_until(&format!(
        "moved.shadowRoot.querySelector('.aw-title') && {background} === {before}"
    ))
    .await;
    // In Firefox its nodes are then the other window's, on which the Wasm stops: the server's HTML serves.
    assert_eq!(page.eval("errors").await, json!([]));
    assert_eq!(page.eval("said.length < 2").await, true);
}

#[tokio::test]
async fn a_removed_widget_is_gone_and_a_moved_one_stays() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    page.go(&world.url("two.html")).await;
    page.wait_until(&live(2)).await;
    page.eval("void document.body.append(window.first = document.querySelector('article-widget'))")
        .await;
    page.eval("void document.querySelector('article-widget').remove()").await;
    page.eval("first.shadowRoot.querySelector('[data-open=feedback]').click()").await;
    page.wait_until("first.shadowRoot.querySelector('form') !== null").await;
    visitor.is_calm("removed").await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn attributes_that_change_load_what_they_now_say() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    page.go(&world.url("two.html")).await;
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
    visitor.is_calm("changed").await;
}
