//! What a reader leaves behind by reading, sharing and writing: in their browser nothing, with the publisher
//! what docs/host-contract.md says ("What it sends", "What the widget does not do"), and with nobody else.
//!
//! The partner's page is on the publisher's own host here, by another port: cookies of one are cookies of the
//! other, so that a request with credentials could not be overlooked.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::feedback::{fill, open_form, submit, with_mail, write_letter};
use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::relay::Asked;
use crate::support::world::World;

const STORES: &str = include_str!("privacy/stores.js");
/// The snippet whose own script is asked for without credentials, too.
const SNIPPET: &str = "<script async crossorigin=anonymous src='https://news.example/embed.js' \
    data-article='cho-dem-pho-nui'></script>";
/// What no request is to tell.
const SECRET: &str = "secret";
/// What the publisher is told of the page.
const PATH: &str = "/host.html";

/// What browsers themselves put on a request. Whatever else there is, the widget has put there.
const BROWSERS: [&str; 19] = [
    "host",
    "connection",
    "user-agent",
    "accept",
    "accept-language",
    "accept-encoding",
    "origin",
    "referer",
    "content-length",
    "content-type",
    "cache-control",
    "pragma",
    "priority",
    "te",
    "dnt",
    "cookie",
    "range",
    "if-none-match",
    "if-modified-since",
];

/// What is asked for; of what ends in a slash, all below it.
const PATHS: [(&str, &str); 10] = [
    ("GET", "/embed.js"),
    ("GET", "/v1/embed/cho-dem-pho-nui"),
    ("GET", "/v/"),
    ("GET", "/media/"),
    ("GET", "/a/cho-dem-pho-nui/qr.svg"),
    ("POST", "/v1/views"),
    ("POST", "/v1/shares"),
    ("POST", "/v1/mail"),
    ("POST", "/v1/feedback"),
    ("POST", "/v1/ratings"),
];

fn watched() -> View {
    View { before: [WATCH, STORES].concat().leak(), ..View::DESKTOP }
}

fn host(headers: &str) -> String {
    format!(
        "{headers}<!doctype html><html lang=vi><meta charset=utf-8><link rel=icon href='data:,'>\
         <title>Trang chủ nhà</title><body>{SNIPPET}"
    )
}

/// The partner's origin, on the publisher's host.
fn origin(world: &World) -> String {
    format!("http://{}", world.partner.network.address())
}

/// A browser in which the partner keeps something everywhere, about to open its page.
async fn prepare(world: &World) -> Page<'_> {
    world.write_page("start.html", "<!doctype html><link rel=icon href='data:,'>");
    let page = world.open_in(watched(), &format!("{}/start.html", origin(world))).await;
    page.eval("fill()").await;
    page
}

async fn click(page: &Page<'_>, selector: &str) {
    page.widget(0).element(selector).await.click().await.expect("it can be clicked");
}

/// All that a reader can do that is told to anybody.
async fn read_share_and_write(page: &Page<'_>) {
    page.wait_until(&live(1)).await;
    page.wait_until(&saw("view")).await;
    click(page, ".aw-share > summary").await;
    click(page, "[data-channel=copy] button").await;
    page.wait_until(&saw("share")).await;
    click(page, ".aw-share > summary").await;
    click(page, ".aw-qr > summary").await;
    let code = page.widget(0).find(".aw-code");
    page.wait_until(&format!("{code}.naturalWidth > 0")).await;
    click(page, "[data-channel=email] button").await;
    fill(page, "input[name=to]", "ban@example.vn").await;
    submit(page).await;
    page.widget(0).text("[data-thanks=mail]").await;
    open_form(page).await;
    write_letter(page, "Bài hay.").await;
    submit(page).await;
    page.widget(0).text(".aw-reference").await;
    click(page, ".aw-rating button").await;
    page.widget(0).element("#aw-rating-word").await;
}

/// What was put under each name of a body, as `{"name": value}`; empty where there is none.
fn body(asked: &Asked) -> Value {
    match asked.body.as_str() {
        "" => json!({}),
        text => serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}")),
    }
}

fn keys(asked: &Asked) -> BTreeSet<String> {
    body(asked).as_object().into_iter().flatten().map(|(key, _)| key.clone()).collect()
}

/// The same, of every request to `path`.
fn posted(asked: &[Asked], path: &str) -> Vec<BTreeSet<String>> {
    let is_it = |one: &&Asked| one.method == "POST" && one.path == path;
    asked.iter().filter(is_it).map(keys).collect()
}

fn named(names: &str) -> BTreeSet<String> {
    names.split(' ').map(str::to_owned).collect()
}

/// What the widget itself has put on a request.
fn own_headers(asked: &Asked) -> Vec<&str> {
    let names = asked.headers.keys().map(axum::http::HeaderName::as_str);
    let is_own = |name: &&str| {
        !BROWSERS.contains(name)
            && !name.starts_with("sec-")
            && !name.starts_with("access-control-")
    };
    names.filter(is_own).collect()
}

#[tokio::test]
async fn what_a_host_keeps_in_the_browser_stays_as_it_was() {
    let world = World::configured(with_mail).await;
    world.write_page("host.html", &host(""));
    let page = prepare(&world).await;
    let before = page.eval("look()").await;
    assert!(before.to_string().matches(SECRET).count() >= 5, "the host keeps something: {before}");
    page.go(&format!("{}{PATH}?key={SECRET}#{SECRET}", origin(&world))).await;
    read_share_and_write(&page).await;
    assert_eq!(page.eval("touched").await, json!([]));
    assert_eq!(page.eval("look()").await, before);
    // These are shown to no script.
    let cookies = page.client.get_all_cookies().await.expect("a driver tells them");
    let cookies: Vec<_> = cookies.iter().map(|cookie| (cookie.name(), cookie.value())).collect();
    assert_eq!(cookies, [("host", SECRET)]);
    page.go(&format!("{}/start.html", origin(&world))).await;
    assert_eq!(page.eval("look()").await, before);
}

#[tokio::test]
async fn what_is_noted_of_a_browsers_stores_is_all_that_is_done_to_them() {
    let world = World::start().await;
    let page = prepare(&world).await;
    let touched = page.eval("touched.map((done) => done.split(' ')[0])").await;
    assert_eq!(touched, json!(["cookie", "setItem", "setItem", "open", "open"]));
}

/// Nothing but the contract's table, without credentials, and of the page its origin and path.
#[tokio::test]
async fn what_is_sent_is_what_the_contract_says() {
    let world = World::configured(with_mail).await;
    world.write_page("host.html", &host(""));
    let page = prepare(&world).await;
    page.go(&format!("{}{PATH}?key={SECRET}#{SECRET}", origin(&world))).await;
    read_share_and_write(&page).await;
    let resources = "performance.getEntriesByType('resource').map(({ name }) => name)";
    for resource in page.eval(resources).await.as_array().into_iter().flatten() {
        let url = resource.as_str().unwrap_or_default();
        assert!(url.starts_with(&world.publisher.origin()) || url.starts_with("data:"), "{url}");
    }
    page.go(&format!("{}/start.html", origin(&world))).await;
    let network = &world.publisher.network;
    network.passed_what("engagement", |asked| keys(asked).contains("depth")).await;

    let asked = network.asked();
    for one in &asked {
        assert_told_little(one, &origin(&world));
    }
    for (path, names) in [
        ("/v1/views", "article page view"),
        ("/v1/shares", "article channel page share"),
        ("/v1/ratings", "article page rating useful word"),
        ("/v1/mail", "article page seconds to"),
        (
            "/v1/feedback",
            "article consent email kind message name page passage phone seconds title website",
        ),
    ] {
        let posted = posted(&asked, path);
        assert_eq!(posted.first(), Some(&named(names)), "{path}: {posted:?}");
    }
    let engagement = asked.iter().filter(|asked| keys(asked).contains("depth")).map(body);
    for told in engagement {
        let (seconds, depth) = (told["seconds"].as_u64(), told["depth"].as_u64());
        assert_eq!(seconds.map(|seconds| seconds % 5), Some(0), "{told}");
        assert!(depth.is_some_and(|depth| depth <= 100), "{told}");
    }
    let engaged = named("article depth page seconds view");
    assert!(posted(&asked, "/v1/views")[1..].iter().all(|keys| *keys == engaged), "{asked:?}");
    for one in &asked {
        let path = one.path.split('?').next().unwrap_or_default();
        let is_known = PATHS.iter().any(|(method, known)| {
            (one.method == *method || one.method == "OPTIONS")
                && (path == *known || (known.ends_with('/') && path.starts_with(known)))
        });
        assert!(is_known, "{} {}", one.method, one.path);
    }
    // And the partner hears of its own pages alone.
    let partners: Vec<_> = world.partner.network.asked().into_iter().map(|one| one.path).collect();
    assert_eq!(partners, ["/start.html", "/host.html?key=secret", "/start.html"]);
}

fn assert_told_little(asked: &Asked, origin: &str) {
    // A picture is fetched by the browser as any page's pictures are.
    let is_picture = asked.header("sec-fetch-dest") == "image";
    assert!(asked.header("cookie").is_empty() || is_picture, "{asked:?}");
    assert!(["", &format!("{origin}/")].contains(&asked.header("referer")), "{asked:?}");
    for own in own_headers(asked) {
        assert!(["idempotency-key", "proof"].contains(&own), "{own}: {asked:?}");
    }
    let mut shown = asked.clone();
    shown.headers.remove("cookie");
    assert!(!format!("{shown:?}").contains(SECRET), "{shown:?}");
    if asked.method == "POST" {
        assert_eq!(body(asked)["page"], format!("{origin}{PATH}"), "{asked:?}");
    }
}

/// A page that wants to be in no referrer is in none: what is counted is told in words of its own.
#[tokio::test]
async fn a_page_without_referrers_is_told_in_what_is_counted_alone() {
    let world = World::configured(with_mail).await;
    world.write_page("host.html", &host("<!-- header: Referrer-Policy: no-referrer -->\n"));
    let page = prepare(&world).await;
    page.go(&format!("{}{PATH}", origin(&world))).await;
    read_share_and_write(&page).await;
    for asked in world.publisher.network.asked() {
        assert_eq!(asked.header("referer"), "", "{asked:?}");
    }
}

/// Of a long path no more is told than names a page.
#[tokio::test]
async fn of_a_long_path_the_beginning_is_told() {
    let world = World::start().await;
    let long = "<script>history.replaceState(null, '', `/${'d'.repeat(600)}?key=secret`)</script>";
    world.write_page("host.html", &[&host(""), long].concat());
    let page = world.open_in(watched(), &format!("{}{PATH}", origin(&world))).await;
    page.wait_until(&saw("view")).await;
    let asked = world.publisher.network.asked();
    let view = asked.iter().find(|one| one.method == "POST" && one.path == "/v1/views");
    let told = body(view.expect("it was told"))["page"].clone();
    assert_eq!(told, format!("{}/{}", origin(&world), "d".repeat(511)));
}

/// The publisher's own page in a frame keeps nothing under the publisher's name.
#[tokio::test]
async fn a_frame_keeps_nothing_either() {
    let world = World::configured(with_mail).await;
    let frame =
        "<iframe src='https://news.example/embed/cho-dem-pho-nui' width=800 height=800></iframe>";
    world
        .write_page("framed.html", &format!("<!doctype html><link rel=icon href='data:,'>{frame}"));
    // On one host: elsewhere, what runs before a page does not reach its frames in Chromium.
    let page = world.open_in(watched(), &format!("{}/framed.html", origin(&world))).await;
    page.client.enter_frame(0).await.expect("there is a frame");
    page.wait_until(&saw("view")).await;
    // By a script: the bar of the frame lies above the button.
    page.wait_until(&live(1)).await;
    page.eval(&format!("{}.click()", page.widget(0).find("[data-channel=copy] button"))).await;
    let status = page.widget(0).find(".aw-status");
    page.wait_until(&format!("{status}.textContent !== ''")).await;
    assert_eq!(page.eval("touched").await, json!([]));
    let nothing = json!({ "cookie": "", "local": {}, "session": {}, "databases": [], "caches": [], "workers": 0 });
    assert_eq!(page.eval("look()").await, nothing);
    assert!(page.client.get_all_cookies().await.expect("a driver tells them").is_empty());
}
