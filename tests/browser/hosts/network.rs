//! Networks and servers that fail: the link stays, or what could be read already.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::gateway::{Fate, Gateway};
use super::{ELEMENT, LOADER, SHORT, Visitor, watched_after};
use crate::scripts::{live, saw};
use crate::support::world::World;

/// The loader's twenty seconds of patience are a fifth of one.
const IMPATIENT: &str = "
    const timer = setTimeout;
    globalThis.setTimeout = (call, after, ...values) => timer(call, after === 20000 ? 200 : after, ...values);
";
/// The second that a view takes is a hundredth, and so is each wait before it is sent again.
const BUSY: &str = "
    const timer = setTimeout;
    globalThis.setTimeout = (call, after, ...values) => 
      timer(call, after === 1000 || values.length ? after / 100 : after, ...values);
";

/// Every wait of a second or more is noted and is a hundredth.
const WAITS: &str = "
    globalThis.waits = [];
    const timer = setTimeout;
    globalThis.setTimeout = (call, after, ...values) => {
      if (after >= 1000) waits.push(after);
      return timer(call, after >= 1000 ? after / 100 : after, ...values);
    };
";

/// A share that comes again does so sooner.
const PATIENCE: Duration = Duration::from_secs(30);

/// How an answer may be no article.
const NO_ARTICLE: [Fate; 10] = [
    Fate::Status(404),
    Fate::Status(500),
    Fate::Empty,
    Fate::Half,
    Fate::Cut,
    Fate::NoCors,
    Fate::Other("text/html", "<!doctype html><title>Đăng nhập mạng không dây</title>"),
    Fate::Other("application/json", "null"),
    Fate::Other(
        "application/json",
        r#"{"article":{"id":"\"><script>alert(1)</script>"},"html":"<b>x</b>"}"#,
    ),
    Fate::Never,
];

#[tokio::test]
async fn an_answer_that_is_no_article_leaves_the_link_and_one_warning() {
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::with(&world, watched_after(IMPATIENT)).await;
    for fate in NO_ARTICLE {
        gateway.set("/v1/embed/", fate);
        let host = format!("{fate:?}");
        for snippet in [[ELEMENT, LOADER].concat(), SHORT.to_owned()] {
            visitor.visit_body(&snippet.replace("https://news.example", gateway.origin())).await;
            visitor.is_a_link_with_a_warning(&host).await;
        }
    }
}

/// The type of an answer that is right is nobody's worry.
#[tokio::test]
async fn an_answer_of_another_type_is_an_answer() {
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::new(&world).await;
    let snippet = SHORT.replace("https://news.example", gateway.origin());
    for (path, kind) in [("/v1/embed/", "text/plain"), ("/widget.wasm", "application/octet-stream")]
    {
        gateway.set(path, Fate::Type(kind));
        visitor.visit_body(&snippet).await;
        visitor.is_live(1, path).await;
    }
}

/// Of what makes the widget live, anything may be missing or broken.
#[tokio::test]
async fn without_glue_or_wasm_the_article_stays() {
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::new(&world).await;
    let snippet = SHORT.replace("https://news.example", gateway.origin());
    for path in ["/widget.js", "/widget.wasm"] {
        for fate in [
            Fate::Status(404),
            Fate::Status(500),
            Fate::Empty,
            Fate::Half,
            Fate::Cut,
            Fate::NoCors,
            Fate::Other("text/html", "<!doctype html><title>Không có</title>"),
        ] {
            gateway.set(path, fate);
            visitor.visit_body(&snippet).await;
            visitor.is_readable_with_a_warning(&format!("{path} {fate:?}")).await;
        }
    }
}

/// A glue or a Wasm that never comes keeps nobody from reading, and the view counts.
#[tokio::test]
async fn while_glue_or_wasm_is_awaited_the_article_is_read_and_counted() {
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::new(&world).await;
    let snippet = SHORT.replace("https://news.example", gateway.origin());
    for path in ["/widget.js", "/widget.wasm"] {
        gateway.set(path, Fate::Never);
        visitor.visit_body(&snippet).await;
        visitor.page.wait_until(&saw("view")).await;
        visitor.is_readable(path).await;
        visitor.is_calm(path).await;
    }
}

/// The next sign of interest finds the network mended.
#[tokio::test]
async fn what_could_not_be_fetched_is_fetched_when_the_reader_reaches_for_it() {
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::new(&world).await;
    gateway.set("/widget.wasm", Fate::Cut);
    visitor.visit_body(&SHORT.replace("https://news.example", gateway.origin())).await;
    visitor.is_readable_with_a_warning("cut").await;
    gateway.mend();
    let reach =
        "document.querySelector('article-widget').dispatchEvent(new PointerEvent('pointerenter'))";
    visitor.page.eval(reach).await;
    visitor.page.wait_until(&live(1)).await;
    assert_eq!(visitor.page.eval("errors").await, json!([]));
}

/// The view is sent again, under the same id, until it is taken.
#[tokio::test]
async fn a_view_that_could_not_be_sent_is_sent_again() {
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::with(&world, watched_after(BUSY)).await;
    let snippet = SHORT.replace("https://news.example", gateway.origin());
    for fate in [Fate::Status(503), Fate::NoCors] {
        let before = gateway.asked("/v1/views");
        gateway.set("/v1/views", fate);
        visitor.visit_body(&snippet).await;
        visitor.is_live(1, "views are refused").await;
        while gateway.asked("/v1/views") < before + 2 {
            assert_eq!(visitor.page.eval(&saw("view")).await, false);
        }
        gateway.mend();
        visitor.page.wait_until(&saw("view")).await;
        visitor.is_calm("views are refused").await;
    }
}

/// A server that says how long it wants to be left alone is left alone for so long: by views, and by shares, which are
/// sent again too, each under the name that it has.
#[tokio::test]
async fn what_a_busy_server_did_not_take_comes_after_as_long_as_it_asked_for() {
    const SECONDS: u32 = 47;
    let asked_for = "waits.filter((wait) => wait === 47000).length";
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::with(&world, watched_after(WAITS)).await;
    let page = &visitor.page;

    gateway.set("/v1/views", Fate::Busy(SECONDS));
    visitor.visit_body(&SHORT.replace("https://news.example", gateway.origin())).await;
    visitor.is_live(1, "views are refused").await;
    page.wait_until(&format!("{asked_for} >= 2")).await;
    assert_eq!(page.eval(&saw("view")).await, false);
    gateway.mend();
    page.wait_until(&saw("view")).await;

    gateway.set("/v1/shares", Fate::Busy(SECONDS));
    page.eval("waits.length = 0").await;
    let widget = page.widget(0);
    for selector in [".aw-share > summary", "[data-channel=copy] button"] {
        widget.element(selector).await.click().await.expect("it can be clicked");
    }
    page.wait_until(&format!("{asked_for} >= 2")).await;
    assert_eq!(gateway.passed("/v1/shares"), 0);
    gateway.mend();
    let arrives = async {
        while gateway.passed("/v1/shares") == 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, arrives).await.expect("it comes again");
    visitor.is_calm("a share was refused").await;
    for (path, name) in [("/v1/views", "view"), ("/v1/shares", "share")] {
        let asked = world.publisher.network.asked();
        let names = asked.iter().filter(|one| one.path == path && one.method == "POST");
        let names: Vec<Value> = names
            .filter_map(|one| serde_json::from_str::<Value>(&one.body).ok())
            .map(|body| body[name].clone())
            .collect();
        assert!(names.len() > 2 && names[0].is_string(), "{names:?}");
        assert!(names.iter().all(|one| *one == names[0]), "{names:?}");
    }
}

/// Nobody is told of what no longer matters.
#[tokio::test]
async fn a_reader_may_leave_while_the_answer_is_awaited() {
    const EXPIRES: &str = "
        const timer = setTimeout;
        globalThis.setTimeout = (call, after, ...values) =>
          after === 20000 ? (globalThis.expire = call) : timer(call, after, ...values);
    ";
    let world = World::start().await;
    let gateway = Gateway::start(world.publisher.origin()).await;
    let visitor = Visitor::with(&world, watched_after(EXPIRES)).await;
    gateway.set("/v1/embed/", Fate::Never);
    let snippet = [ELEMENT, LOADER].concat().replace("https://news.example", gateway.origin());
    visitor.visit_body(&snippet).await;
    visitor.page.wait_until("globalThis.expire !== undefined").await;
    visitor.page.eval("void document.querySelector('article-widget').remove()").await;
    visitor.page.eval("new Promise((resolve) => setTimeout(resolve)).then(expire)").await;
    // What follows of it has followed before the next task.
    visitor.page.eval("new Promise((resolve) => setTimeout(resolve))").await;
    visitor.is_calm("removed while it was awaited").await;
}
