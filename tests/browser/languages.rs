//! A language that the publisher brought as a file: the same words, `lang` and `dir` where the server's HTML is
//! shown and where the widget is live.

use std::fs;
use std::path::Path;

use article_server::config::Config;
use serde_json::json;
use tempfile::TempDir;

use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

const SAMPLES: [&str; 2] = ["samples/languages/fr.json", "server/tests/data/languages/ar.json"];

/// Lets nobody take the article in hand before the test has looked at it: what a loader shows is L1 until the
/// window has loaded.
const WATCHED: View = View { before: WATCH, ..View::PHONE };

/// The publisher's folder, with a file in French and one in Arabic.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    for sample in SAMPLES.map(|sample| Path::new(env!("CARGO_MANIFEST_DIR")).join(sample)) {
        let name = sample.file_name().expect("it has a name");
        fs::copy(&sample, folder.path().join(name)).expect("the file is there");
    }
    folder
}

async fn world(folder: &TempDir, change: impl FnOnce(&mut Config)) -> World {
    let languages = Some(folder.path().to_owned());
    let world = World::configured(|config| {
        config.languages = languages;
        change(config);
    });
    let world = world.await;
    for lang in ["fr", "ar"] {
        world.write_page(
            &format!("{lang}.html"),
            &format!(
                "<!doctype html><html lang=vi><meta charset=utf-8><title>{lang}</title>\
                 <meta name=viewport content='width=device-width'><link rel=icon href='data:,'>\
                 <article-widget src='https://news.example' article='ca-phe-vao-vu-hai' lang={lang}>\
                 </article-widget><script async src='https://news.example/embed.js'></script>"
            ),
        );
    }
    world
}

/// What a reader is told of language and direction: of the interface, and of the article in it.
async fn said(page: &Page<'_>) -> serde_json::Value {
    let (whole, text) = (page.widget(0).find(".aw"), page.widget(0).find(".aw-text"));
    let said = |element: &str| {
        format!("{element}.lang, {element}.dir, getComputedStyle({element}).direction")
    };
    page.eval(&format!("[{}, {}]", said(&whole), said(&text))).await
}

#[tokio::test]
async fn a_widget_has_words_language_and_direction_before_and_after_it_comes_alive() {
    let folder = folder();
    let world = world(&folder, |_| {}).await;
    for (lang, dir, share, feedback) in
        [("fr", "ltr", "Envoyer à des amis", "Réagir"), ("ar", "rtl", "أرسل إلى أصدقائك", "راسلنا")]
    {
        let page = world.open_in(WATCHED, &format!("{lang}.html")).await;
        let expected = json!([lang, dir, dir, "vi", "ltr", "ltr"]);
        page.wait_until(&saw("ready")).await;
        assert_eq!(said(&page).await, expected, "as the server made it");
        page.wait_until(&live(1)).await;
        assert_eq!(said(&page).await, expected, "alive");
        let actions = page.shadow_text(".aw-actions").await;
        assert!(actions.contains(share) && actions.contains(feedback), "{actions}");
        page.widget(0).element(".aw-actions > .aw-button").await.click().await.expect("it opens");
        page.widget(0).element("form").await;
        assert_eq!(
            page.eval(&format!("getComputedStyle({}).direction", page.widget(0).find("form")))
                .await,
            dir
        );
        page.assert_no_console_error().await;
        page.screenshot(&format!("language-{lang}")).await;
    }
}

/// The pages of the server's own, too.
#[tokio::test]
async fn the_form_page_runs_from_right_to_left_in_arabic() {
    let folder = folder();
    let world = world(&folder, |_| {}).await;
    let url = format!("{}/a/ca-phe-vao-vu-hai/feedback?lang=ar", world.publisher.origin());
    let page = world.open_in(View::PHONE, &url).await;
    let root = "document.documentElement";
    assert_eq!(page.eval(&format!("[{root}.lang, {root}.dir]")).await, json!(["ar", "rtl"]));
    let title = page.eval("getComputedStyle(document.querySelector('p.on a')).direction").await;
    assert_eq!(title, "ltr", "a Vietnamese title in it");
    page.screenshot("language-ar-form").await;
}
