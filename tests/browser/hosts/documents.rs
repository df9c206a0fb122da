//! Documents that are not today's HTML, or that say odd things of themselves.

use serde_json::json;

use super::{ELEMENT, LOADER, SAID, SHORT, Visitor};
use crate::scripts::{WATCH, saw};
use crate::support::world::World;

const QUIRKS: &str =
    "<html><title>Quirks</title><link rel=icon href='data:,'><table><tr><td>ELEMENT</table>SHORT";
const RIGHT_TO_LEFT: &str = "<!doctype html><html dir=rtl lang=ar><meta charset=utf-8><link rel=icon href='data:,'>ELEMENT SHORT";
const BASE: &str = "<!doctype html><base href='https://elsewhere.example/deep/' target=_blank>\
    <link rel=icon href='data:,'>ELEMENT SHORT";
const FRAGMENT: &str = "ELEMENT SHORT";
const LATIN: &str = "<!-- header: Content-Type: text/html; charset=windows-1252 -->\n\
    <!doctype html><link rel=icon href='data:,'>ELEMENT SHORT";

/// Its elements are of the same kinds, and its parser of another.
const XHTML: &str = r#"<!-- header: Content-Type: application/xhtml+xml -->
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>XHTML</title><link rel="icon" href="data:,"/></head>
<body><script>//<![CDATA[
WATCH
//]]></script>
<article-widget src="https://news.example" article="cho-dem-pho-nui"><blockquote><a
href="https://news.example/a/cho-dem-pho-nui">Link</a></blockquote></article-widget>
<script async="async" src="https://news.example/embed.js"></script></body></html>"#;

#[tokio::test]
async fn odd_documents_show_the_article() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for (host, html) in [
        ("quirks mode", QUIRKS),
        ("from right to left", RIGHT_TO_LEFT),
        ("a base elsewhere", BASE),
        ("nothing but the snippet", FRAGMENT),
        ("an old encoding", LATIN),
    ] {
        let short = SHORT.replace("cho-dem-pho-nui", "ca-phe-vao-vu-hai");
        visitor.visit("odd.html", &html.replace("ELEMENT", ELEMENT).replace("SHORT", &short)).await;
        visitor.is_live(2, host).await;
        visitor.is_readable(host).await;
        let shown = visitor.page.widget(0).find(".aw");
        let looks = format!(
            "(({{ direction, fontSize }}) => [direction, fontSize])(getComputedStyle({shown}))"
        );
        assert_eq!(visitor.page.eval(&looks).await, json!(["ltr", "16px"]), "{host}");
    }
}

#[tokio::test]
async fn an_xhtml_page_shows_the_article() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    // It watches itself: what runs before a page does not reach every kind of page in every browser.
    let watch = format!("if (!globalThis.said) {{ {WATCH} {SAID} }}");
    visitor.visit("odd.xhtml", &XHTML.replace("WATCH", &watch)).await;
    assert_eq!(visitor.page.eval("document.contentType").await, "application/xhtml+xml");
    visitor.is_live(1, "XHTML").await;
    visitor.is_readable("XHTML").await;
}

/// A widget in a shadow root of the host's, open or closed, is as any other.
#[tokio::test]
async fn inside_a_shadow_root_of_the_hosts_the_widget_works_and_counts() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    for mode in ["open", "closed"] {
        visitor
            .visit_body(&format!(
                "<div id=host></div>{LOADER}<script>
               const root = document.querySelector('#host').attachShadow({{ mode: '{mode}' }});
               root.innerHTML = `<style>* {{ color: red; all: unset }}</style>{ELEMENT}`;
               globalThis.widget = root.querySelector('article-widget');
             </script>"
            ))
            .await;
        visitor.is_live(1, mode).await;
        visitor.page.wait_until(&saw("view")).await;
        visitor.page.eval("widget.shadowRoot.querySelector('[data-open=feedback]').click()").await;
        visitor.page.wait_until("widget.shadowRoot.querySelector('form') !== null").await;
        visitor.is_calm(mode).await;
    }
}

/// The host's form has fields of its own, and hears nothing of ours: not their values, not Enter.
#[tokio::test]
async fn a_form_of_the_hosts_around_the_widget_keeps_its_fields_to_itself() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    page.go(&world.url("in-form.html")).await;
    visitor.is_live(1, "a form").await;
    page.eval(
        "void document.querySelector('#host-form').addEventListener('submit', (event) => {
            event.preventDefault();
            window.submitted = true;
        })",
    )
    .await;
    let widget = page.widget(0);
    widget.element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    widget
        .element("form input[name=name]")
        .await
        .send_keys("Y Moan\u{e007}")
        .await
        .expect("it takes keys");
    // Our own form has heard it.
    page.wait_until(&widget.find("[aria-invalid=true]")).await;
    let fields = "[...new FormData(document.querySelector('#host-form')).keys()]";
    assert_eq!(page.eval(fields).await, json!(["host"]));
    assert_eq!(page.eval("window.submitted === undefined").await, true);
    visitor.is_calm("a form").await;
}

/// Translators of pages wrap every text in elements of their own, at any time.
#[tokio::test]
async fn a_page_that_is_translated_when_the_widget_is_alive_does_not_break() {
    const TRANSLATE: &str = "(() => {
        const { shadowRoot } = document.querySelector('article-widget');
        const texts = document.createTreeWalker(shadowRoot, NodeFilter.SHOW_TEXT);
        const found = [];
        while (texts.nextNode()) found.push(texts.currentNode);
        for (const text of found.filter(({ data }) => data.trim())) {
          const outer = document.createElement('font');
          outer.append(document.createElement('font'));
          text.replaceWith(outer);
          outer.firstChild.textContent = text.data.toUpperCase();
        }
        return found.length;
    })()";
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    visitor.visit_body(SHORT).await;
    visitor.is_live(1, "a translator").await;
    assert!(page.eval(TRANSLATE).await.as_u64() > Some(20));
    let widget = page.widget(0);
    // Whatever the reader now does: the answer is a form, a menu, or the server's HTML again.
    widget.element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    page.wait_until(&format!(
        "{} || {}",
        widget.find("form"),
        widget.find("a[data-open=feedback]:not([role])")
    ))
    .await;
    visitor.is_readable_in_capitals().await;
    assert_eq!(page.eval("errors").await, json!([]));
    assert_eq!(page.eval("said.length < 2").await, true);
}

impl Visitor<'_> {
    async fn is_readable_in_capitals(&self) {
        let title = self.page.widget(0).text(".aw-title").await.to_uppercase();
        let titles = self.world.publisher.titles();
        assert!(titles.iter().any(|known| known.to_uppercase() == title), "{title}");
    }
}
