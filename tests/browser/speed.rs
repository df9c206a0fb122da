//! What a slow network and a slow phone are spent on first.

use std::sync::Arc;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::scripts::{WATCH, assert_nothing_shifted, live, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::PHONE };
/// How many Wasm files were asked for.
const WASM: &str =
    "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length";

#[tokio::test]
async fn the_lead_picture_comes_before_the_wasm() {
    let world = World::start().await;
    let pictures = SlowPictures::start().await;
    let page = open(&world, &pictures).await;
    // It was looked at for a second, and asked for nothing more.
    page.wait_until(&saw("view")).await;
    assert_eq!(page.eval(WASM).await, 0);

    pictures.refuse.notify_waiters();
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval(WASM).await, 1);
    assert_eq!(page.eval("errors").await, Value::Array(vec![]));
}

#[tokio::test]
async fn who_reaches_for_the_widget_does_not_wait_for_its_picture() {
    let world = World::start().await;
    let pictures = SlowPictures::start().await;
    let page = open(&world, &pictures).await;
    let reach =
        "void document.querySelector('article-widget').dispatchEvent(new Event('pointerenter'))";
    page.eval(reach).await;
    page.wait_until(&live(1)).await;
}

/// A long text is laid out a piece at a time: what a phone's first screen shows, then the rest, and nothing moves.
#[tokio::test]
async fn the_first_screen_does_not_wait_for_the_rest() {
    let world = World::start().await;
    world.write_page("first.html", FIRST);
    let page = world.open_in(WATCHED, "first.html").await;
    let laid_out = laid_out_at_first(&page).await;
    assert_eq!(laid_out, format!("11{}", "0".repeat(laid_out.len() - 2)));
    page.wait_until(&live(1)).await;
    let hidden = "document.querySelector('article-widget').shadowRoot.querySelectorAll('.aw-text [hidden], .aw-live[hidden]').length";
    assert_eq!(page.eval(hidden).await, 0);
    assert_eq!(page.eval("errors").await, Value::Array(vec![]));
    assert_nothing_shifted(&page).await;
}

/// Where more than that is seen, or was read already, all of it is there at once.
#[tokio::test]
async fn what_may_be_in_view_already_is_laid_out_at_once() {
    let world = World::start().await;
    world.write_page("first.html", FIRST);
    let page = world.open_in(View { before: WATCH, ..View::DESKTOP }, "first.html").await;
    assert!(!laid_out_at_first(&page).await.contains('0'), "in a large window");

    let page = world.open_in(WATCHED, "first.html").await;
    laid_out_at_first(&page).await;
    page.eval("void (globalThis.first = undefined, document.querySelector('article-widget').mostRead = '7d')").await;
    assert!(!laid_out_at_first(&page).await.contains('0'), "after a change of an attribute");

    page.eval("void setTimeout(() => location.reload())").await;
    page.wait_until("performance.navigation.type === 1").await;
    assert!(!laid_out_at_first(&page).await.contains('0'), "in a page that is loaded anew");

    let own = View { before: OWN, ..View::PHONE };
    let page =
        Page::open(&world, &format!("{}/a/ca-phe-vao-vu-hai", world.publisher.origin()), own).await;
    page.wait_until("globalThis.wasRead").await;
    assert_eq!(page.eval("wasRead.hidden").await, 0, "in the publisher's own page");
}

/// Notes which blocks of the text, and whether the menu, are laid out when the article can be read first.
const FIRST: &str = "<!doctype html><title>First</title>
    <script>
      globalThis.laidOut = () =>
        [...document.querySelector('article-widget').shadowRoot.querySelectorAll('.aw-body > *, .aw-share')]
          .map((part) => part.getClientRects().length > 0);
      addEventListener('article-widget:ready', ({ detail }) => {
        if (detail.state === 'readable') globalThis.first ??= laidOut();
      });
    </script>
    <article-widget article=ca-phe-vao-vu-hai style='display:flow-root;min-height:100vh'></article-widget>
    <p>What follows.</p>
    <script src='https://news.example/embed.js'></script>";

/// The same of a page that is not ours to write.
const OWN: &str = "addEventListener('article-widget:ready', ({ target }) => {
    globalThis.wasRead ??= { hidden: target.shadowRoot.querySelectorAll('.aw-text [hidden], .aw-live[hidden]').length };
});";

/// A 1 for each that was laid out, else a 0; once all of them are.
async fn laid_out_at_first(page: &Page<'_>) -> String {
    page.wait_until("globalThis.first && laidOut().every(Boolean)").await;
    let laid_out = page.eval("first.map(Number).join('')").await;
    let laid_out = laid_out.as_str().expect("text").to_owned();
    assert!(laid_out.len() > 4, "the article is too short to tell: {laid_out}");
    laid_out
}

/// A page that is loaded, then given an article whose pictures do not come.
async fn open<'world>(world: &'world World, pictures: &SlowPictures) -> Page<'world> {
    let loader = "<script src='https://news.example/embed.js'></script>";
    world.write_page("later.html", &format!("<!doctype html><title>Later</title>{loader}"));
    let page = world.open_in(WATCHED, "later.html").await;
    let answer = page.eval(&with_pictures_of(world, pictures)).await;
    world.write_file("slow.json", answer.as_str().expect("it is JSON").as_bytes());
    let widget = "<article-widget src=slow.json></article-widget>";
    page.eval(&format!("document.body.insertAdjacentHTML('beforeend', '{widget}')")).await;
    page.wait_until(&saw("ready")).await;
    page
}

/// The JSON of an article, in whose HTML every picture is one of `pictures`.
fn with_pictures_of(world: &World, pictures: &SlowPictures) -> String {
    let (publisher, picture) = (world.publisher.origin(), &pictures.url);
    format!(
        "(async () => {{
            const response = await fetch('{publisher}/v1/embed/ca-phe-vao-vu-hai');
            const embed = await response.json();
            const template = document.createElement('template');
            template.innerHTML = embed.html;
            for (const element of template.content.querySelectorAll('picture > *')) {{
              if (element.srcset) element.srcset = '{picture} 640w';
              if (element.src) element.src = '{picture}';
            }}
            embed.html = template.innerHTML;
            return JSON.stringify(embed);
        }})()"
    )
}

/// A server of pictures that answers nobody until it refuses all.
struct SlowPictures {
    url: String,
    refuse: Arc<Notify>,
}

impl SlowPictures {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let refuse = Arc::new(Notify::new());
        let refused = refuse.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let refused = refused.clone();
                tokio::spawn(async move {
                    refused.notified().await;
                    let answer =
                        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    // A browser that is gone needs none.
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { url: format!("http://{address}/picture.jpg"), refuse }
    }
}
