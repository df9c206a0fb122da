//! What a reader does: writes to the editors, looks at what others read. Sharing is in `sharing`.

use serde_json::{Value, json};

use crate::scripts::{WATCH, assert_nothing_shifted, live, saw};
use crate::support::page::View;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

#[tokio::test]
async fn a_view_is_counted_once_and_the_list_changes_because_of_it() {
    let world = World::start().await;
    // Three articles with a view each: less is nothing to rank.
    for article in ["cho-dem-pho-nui", "ca-phe-vao-vu-hai", "thu-vien-tren-thuyen"] {
        world.write_page(
            "one.html",
            &format!("<!doctype html><script src='https://news.example/embed.js' data-article='{article}'></script>"),
        );
        let page = world.open_in(WATCHED, "one.html").await;
        page.wait_until(&saw("view")).await;
    }
    let page = world.open_in(WATCHED, "short.html").await;
    let listed = format!(
        "fetch('{}/v1/most-read?window=24h').then((r) => r.json()).then((l) => l.items?.length === 3 && l.items)",
        world.publisher.origin()
    );
    let items = page.wait_until(&listed).await;
    for item in items.as_array().expect("a list") {
        assert_eq!(item["views"], 1, "{item}");
    }
    // A page that opens now shows them.
    page.wait_until(
        "(async () => {
            const widget = document.createElement('article-widget');
            widget.setAttribute('article', 'giu-am-dung-cach-mua-gio-lanh');
            document.querySelector('#probe')?.remove();
            widget.id = 'probe';
            document.body.prepend(widget);
            await new Promise((resolve) => widget.addEventListener('article-widget:ready', resolve, { once: true }));
            return widget.shadowRoot.querySelectorAll('.aw-rank').length === 3;
        })()",
    )
    .await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn the_articles_own_page_is_whole_without_a_script_and_alive_with_one() {
    let world = World::start().await;
    let url = format!("{}/a/ca-phe-vao-vu-hai?s=f-abc123", world.publisher.origin());
    let page = world.open_in(WATCHED, &url).await;
    let plain = page.eval("document.querySelector('article-widget .aw-title').textContent").await;
    assert!(plain.as_str().expect("text").contains("Cà phê"), "{plain}");
    page.wait_until(&live(1)).await;
    assert_nothing_shifted(&page).await;
    let link = page.eval(&format!("{}.href", page.widget(0).find("[data-channel=print] a"))).await;
    assert!(link.as_str().expect("a link").ends_with("?s=p-0#print"), "{link}");
    let canonical = page.eval("document.querySelector('link[rel=canonical]').href").await;
    assert_ne!(canonical, Value::Null);
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}
