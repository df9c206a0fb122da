//! Publishers and releases that meet on one page, and loaders that outlive upgrades.

use serde_json::json;

use crate::feedback::{submit_in, write_letter_in};
use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::publisher::Publisher;
use crate::support::release;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };
const EARLIER: &str = "0.0.1-earlier";

#[tokio::test]
async fn two_publishers_live_on_one_page() {
    let world = World::start().await;
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let other = Publisher::start(folder.path()).await;
    let snippet = |origin: &str, article: &str| {
        format!(
            "<article-widget src='{origin}' article='{article}'></article-widget>\
             <script async src='{origin}/embed.js'></script>"
        )
    };
    let page = [
        "<!doctype html>",
        &snippet(&world.publisher.origin(), "cho-dem-pho-nui"),
        &snippet(&other.origin(), "ca-phe-vao-vu-hai"),
    ];
    world.write_page("two-publishers.html", &page.concat());
    let page = world.open_in(WATCHED, "two-publishers.html").await;
    page.wait_until(&live(2)).await;
    for (index, origin) in [world.publisher.origin(), other.origin()].into_iter().enumerate() {
        let link = page.widget(index).find("[data-channel=print] a");
        let href = page.eval(&format!("{link}.href")).await;
        assert!(href.as_str().is_some_and(|href| href.starts_with(&origin)), "{href}");
    }
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// What is read and written in a widget is its own publisher's to know, and no other's.
#[tokio::test]
async fn of_two_publishers_each_counts_what_is_its_own_and_hears_of_nothing_else() {
    const ARTICLES: [&str; 2] = ["cho-dem-pho-nui", "ca-phe-vao-vu-hai"];
    let world = World::start().await;
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let other = Publisher::start(folder.path()).await;
    let publishers = [&world.publisher, &other];
    // Side by side, and so both in view.
    let halves = [0, 1].map(|index| {
        let (origin, article) = (publishers[index].origin(), ARTICLES[index]);
        format!(
            "<div style='width: 50%'><article-widget src='{origin}' article='{article}'></article-widget></div>\
             <script async src='{origin}/embed.js'></script>"
        )
    });
    let html = format!("<!doctype html><body style='display: flex'>{}", halves.concat());
    world.write_page("two-publishers.html", &html);
    let page = world.open_in(WATCHED, "two-publishers.html").await;
    page.wait_until(&live(2)).await;
    page.wait_until("seen.filter(({ name }) => name === 'view').length === 2").await;
    for (index, message) in ["Thư của báo thứ nhất", "Thư của báo thứ hai"].into_iter().enumerate()
    {
        let widget = page.widget(index);
        widget.element("[data-open=feedback]").await.click().await.expect("it can be clicked");
        write_letter_in(&widget, message).await;
        submit_in(&widget).await;
        widget.text(".aw-reference").await;
        assert_eq!(letters(publishers[index]), [message]);
    }
    for (publisher, article) in publishers.into_iter().zip(ARTICLES) {
        let asked = publisher.network.asked();
        let sent: Vec<_> = asked.iter().filter(|one| !one.body.is_empty()).collect();
        let views = sent.iter().filter(|one| one.path == "/v1/views").count();
        assert_eq!((views, sent.len()), (1, 2), "{sent:?}");
        let own = format!("\"article\":\"{article}\"");
        assert!(sent.iter().all(|one| one.body.contains(&own)), "{sent:?}");
        assert_eq!(views_of(&page, publisher).await, [(article.to_owned(), 1)]);
    }
    assert_eq!(page.eval("errors").await, json!([]));
}

/// What was written to a publisher.
fn letters(publisher: &Publisher) -> Vec<String> {
    let database = rusqlite::Connection::open(publisher.database()).expect("it is there");
    let mut messages = database.prepare("select message from feedback").expect("a table");
    let messages = messages.query_map([], |row| row.get(0)).expect("a column");
    messages.collect::<Result<_, _>>().expect("text")
}

/// The articles that views were counted for, and how many, once there are some: the counters follow the log.
async fn views_of(page: &Page<'_>, publisher: &Publisher) -> Vec<(String, u32)> {
    const VIEWS: &str =
        "select id, sum(counted) from tally_hour, article where article = no group by id";
    for _ in 0..300 {
        let database = rusqlite::Connection::open(publisher.database()).expect("it is there");
        let mut views = database.prepare(VIEWS).expect("two tables");
        let views = views.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("two columns");
        let views: Vec<_> = views.collect::<Result<_, _>>().expect("a text and a number");
        if !views.is_empty() {
            return views;
        }
        page.eval("new Promise((resolve) => setTimeout(resolve, 50))").await;
    }
    Vec::new()
}

/// The server is of this version; its store still has the version before, to which a page is pinned.
#[tokio::test]
async fn two_versions_live_on_one_page_and_the_earlier_outlives_the_upgrade() {
    let world = World::start().await;
    world.publisher.keep(&release::named(EARLIER)).await;
    world.write_page(
        "two-versions.html",
        &format!(
            "<!doctype html>\
             <script src='https://news.example/v/{EARLIER}/embed.js' data-article='cho-dem-pho-nui'></script>\
             <script src='https://news.example/embed.js' data-article='ca-phe-vao-vu-hai'></script>"
        ),
    );
    let page = world.open_in(WATCHED, "two-versions.html").await;
    page.wait_until(&live(2)).await;
    let instances = "performance.getEntriesByType('resource')
        .map(({ name }) => /[/]v[/](.*)[/]widget[.]wasm$/.exec(name)?.[1]).filter(Boolean).sort()";
    let instances = page.eval(instances).await;
    assert_eq!(instances.as_array().map(Vec::len), Some(2), "{instances}");
    assert_eq!(instances[0], EARLIER);
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// Wasm or glue that is not what was released does not start; the article stays readable.
#[tokio::test]
async fn altered_wasm_or_glue_does_not_start() {
    let world = World::start().await;
    for file in ["widget.wasm", "widget.js"] {
        let version = format!("altered-{file}");
        let mut altered = release::named(&version);
        release::change(&mut altered, file, |mut bytes| {
            *bytes.last_mut().expect("it is not empty") ^= 1;
            bytes
        });
        world.publisher.keep(&altered).await;
        world.write_page(
            "altered.html",
            &format!(
                "<!doctype html><script data-article='cho-dem-pho-nui' \
                 src='https://news.example/v/{version}/embed.js'></script>"
            ),
        );
        let page = world.open_in(WATCHED, "altered.html").await;
        page.wait_until(&saw("ready")).await;
        page.wait_for_console("WARNING", "article-widget: the interactive part failed").await;
        assert_eq!(page.eval("seen.some(({ word }) => word === 'live')").await, false, "{file}");
        assert!(!page.widget(0).text(".aw-title").await.is_empty());
        assert_eq!(page.eval("errors").await, json!([]), "{file}");
    }
}
