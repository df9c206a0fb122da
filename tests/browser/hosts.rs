//! Pages that are strict, odd or hostile. What is asked in each: the page goes on as if we were not there, the
//! article can be read, or the link stays, and the console has heard of it once at most.
//!
//! What each page asks for is said once more, for their authors, in docs/host-contract.md ("Hosts that are tested").

mod documents;
mod frameworks;
mod gateway;
mod life;
mod loading;
mod modes;
mod names;
mod network;
mod patches;
mod plain;
mod policies;
mod sandboxes;
mod styles;

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

/// The snippet in its short form.
const SHORT: &str =
    "<script async src='https://news.example/embed.js' data-article='cho-dem-pho-nui'></script>";
/// The element with its link, and no loader.
const ELEMENT: &str = "<article-widget src='https://news.example' article='cho-dem-pho-nui'>\
    <blockquote><a href='https://news.example/a/cho-dem-pho-nui'>Chợ đêm</a></blockquote></article-widget>";
/// The loader alone.
const LOADER: &str = "<script async src='https://news.example/embed.js'></script>";

/// Notes what scripts write to the console, in `said`. What the browser itself writes there, of requests that
/// failed and of policies, is no script's.
const SAID: &str = "
    globalThis.said = [];
    for (const level of ['warn', 'error']) {
      const write = console[level];
      console[level] = (...words) => {
        said.push(`${level} ${words.join(' ')}`);
        write.apply(console, words);
      };
    }
";

static BEFORE: LazyLock<String> = LazyLock::new(|| [WATCH, SAID].concat());

/// Everything that a page hears of us is noted, in a desktop's window.
fn watched() -> View {
    View { before: &BEFORE, ..View::DESKTOP }
}

/// The same, and `script` runs before the page.
fn watched_after(script: &str) -> View {
    View { before: [&BEFORE, script].concat().leak(), ..View::DESKTOP }
}

/// A page of a partner's in today's HTML, with `body` in it.
fn page_of(body: &str) -> String {
    format!(
        "<!doctype html><html lang=vi><meta charset=utf-8><link rel=icon href='data:,'>\
         <title>Trang chủ nhà</title><body><p id=above>Ở phía trên.</p>{body}<p id=below>Ở phía dưới.</p>"
    )
}

/// One browser, which looks at one page of the partner's after the other.
struct Visitor<'world> {
    world: &'world World,
    page: Page<'world>,
}

impl<'world> Visitor<'world> {
    /// With [`watched`].
    async fn new(world: &'world World) -> Self {
        Self::with(world, watched()).await
    }

    async fn with(world: &'world World, view: View) -> Self {
        world.write_page("start.html", "<!doctype html><link rel=icon href='data:,'>");
        Self { world, page: world.open_in(view, "start.html").await }
    }

    /// Goes to a page that is made for this.
    async fn visit(&self, name: &str, html: &str) {
        self.world.write_page(name, html);
        self.page.go(&self.world.url(name)).await;
    }

    /// Goes to [`page_of`] `body`.
    async fn visit_body(&self, body: &str) {
        self.visit("host.html", &page_of(body)).await;
    }

    /// So many widgets have come alive, and nobody has heard of it.
    async fn is_live(&self, count: usize, host: &str) {
        println!("at {host}");
        self.page.wait_until(&live(count)).await;
        self.is_calm(host).await;
    }

    /// No error and no rejection has reached the page, and no word the console.
    async fn is_calm(&self, host: &str) {
        assert_eq!(self.heard().await, json!([[], []]), "{host}");
    }

    /// The article is there to be read.
    async fn is_readable(&self, host: &str) {
        println!("at {host}");
        self.page.wait_until(&saw("ready")).await;
        let title = self.page.widget(0).text(".aw-title").await;
        assert!(self.world.publisher.titles().contains(&title), "{host}: {title}");
    }

    /// The article is there to be read, and the console has one warning, which says so.
    async fn is_readable_with_a_warning(&self, host: &str) {
        self.is_readable(host).await;
        self.has_one_warning("the interactive part", host).await;
    }

    /// The link is there, and the console has one warning, which says so.
    async fn is_a_link_with_a_warning(&self, host: &str) {
        println!("at {host}");
        self.page.wait_until(&saw("error")).await;
        // The host's own, or the loader's.
        let link = "(({ shadowRoot }) => (shadowRoot?.querySelector('a') ?? document.querySelector('article-widget a'))?.getClientRects().length > 0)(document.querySelector('article-widget'))";
        assert_eq!(self.page.eval(link).await, true, "{host}: no link");
        self.has_one_warning("the link stays", host).await;
    }

    async fn has_one_warning(&self, words: &str, host: &str) {
        self.page.wait_until("said.length > 0").await;
        let heard = self.heard().await;
        assert_eq!(heard[0], json!([]), "{host}: {heard}");
        let said: Vec<&str> =
            heard[1].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let [warning] = said[..] else { panic!("{host}: {said:?}") };
        assert!(warning.starts_with("warn article-widget: "), "{host}: {warning}");
        assert!(warning.contains(words), "{host}: {warning}");
    }

    /// Errors and rejections of the page; words in its console. As text: WebKit's driver writes its answers with
    /// the page's JSON, and a host's `toJSON` on every array would speak for them.
    async fn heard(&self) -> Value {
        let list = "(list) => `[${list.map((line) => JSON.stringify(line)).join()}]`";
        let heard = self.page.eval(&format!("[errors, said].map({list}).join()")).await;
        let heard = format!("[{}]", heard.as_str().unwrap_or_default());
        serde_json::from_str(&heard).expect("the page's own lists are JSON")
    }
}
