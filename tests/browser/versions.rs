//! Publishers and releases that meet on one page, and loaders that outlive upgrades.

use article_server::assets::Assets;
use article_server::encoding::Encoded;
use article_server::store::{Asset, Release};
use serde_json::json;

use crate::scripts::{WATCH, live};
use crate::support::page::View;
use crate::support::publisher::Publisher;
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
        let form = page.widget(index).find("[data-open=feedback]");
        let href = page.eval(&format!("{form}.href")).await;
        assert!(href.as_str().is_some_and(|href| href.starts_with(&origin)), "{href}");
    }
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// The server is of this version; its store still has the version before, to which a page is pinned.
#[tokio::test]
async fn two_versions_live_on_one_page_and_the_earlier_outlives_the_upgrade() {
    let world = World::start().await;
    let store = world.publisher.store().await;
    store.save_release(&earlier_release()).await.expect("it is kept");
    store.close().await.expect("it closes");
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

/// This release under an earlier name.
fn earlier_release() -> Release {
    let assets = Assets::embedded().expect("cargo xtask build comes before the tests");
    let current = assets.version().to_owned();
    let mut release = assets.release();
    release.version = EARLIER.to_owned();
    for asset in &mut release.assets {
        if asset.name == "embed.js" {
            *asset = renamed(asset, &current);
        }
    }
    release
}

fn renamed(loader: &Asset, current: &str) -> Asset {
    let text = String::from_utf8(loader.identity.clone()).expect("the loader is text");
    assert!(text.contains(current), "the loader names its release");
    let encoded = Encoded::compress(text.replace(current, EARLIER).into_bytes());
    Asset {
        identity: encoded.identity().to_vec(),
        gzip: encoded.gzip().to_vec(),
        brotli: encoded.brotli().to_vec(),
        ..loader.clone()
    }
}
