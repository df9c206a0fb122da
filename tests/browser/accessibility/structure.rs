//! What a widget's HTML means, however it looks: languages, and the same on whichever side a phone lies.

use serde_json::{Value, json};

use super::{click, count_views};
use crate::feedback::open_form;
use crate::passages::select_a_word;
use crate::scripts::WATCH;
use crate::support::page::View;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

/// A Vietnamese article with an English interface: each word is in an element of its own language (3.1.2).
#[tokio::test]
async fn every_word_is_marked_with_its_language() {
    // Every text that is seen, with the language it is marked with: whose words it is, and where it is wrong.
    const LOOK: &str = "async (url) => {
        const { article, messages, display } = await (await fetch(url)).json();
        const own = [...Object.values(messages), ...Object.values(display).filter((it) => typeof it === 'string')];
        const theirs = JSON.stringify(article);
        const root = document.querySelector('article-widget').shadowRoot;
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const result = { own: 0, theirs: 0, wrong: [] };
        while (walker.nextNode()) {
          const text = walker.currentNode.data.trim();
          const language = walker.currentNode.parentElement.closest('[lang]')?.lang;
          if (text.length < 4) continue;
          const isOwn = own.includes(text);
          if (!isOwn && !theirs.includes(JSON.stringify(text).slice(1, -1))) continue;
          result[isOwn ? 'own' : 'theirs'] += 1;
          if (language !== (isOwn ? 'en' : 'vi')) result.wrong.push([language, text]);
        }
        return result;
    }";
    let world = World::start().await;
    count_views(&world).await;
    world.write_page(
        "english.html",
        "<!doctype html><html lang='en'><title>In English</title><h1>News</h1>
         <script async src='https://news.example/embed.js' data-article='ca-phe-vao-vu-hai' data-lang='en'></script>",
    );
    let page = world.open_in(WATCHED, "english.html").await;
    open_form(&page).await;
    click(&page, ".aw-share summary").await;
    select_a_word(&page).await;
    page.widget(0).element(".aw-passage").await;
    let url = format!("{}/v1/embed/ca-phe-vao-vu-hai?lang=en", world.publisher.origin());
    let found = page.eval(&format!("({LOOK})('{url}')")).await;
    assert_eq!(found["wrong"], json!([]));
    assert!(found["own"].as_u64() > Some(20) && found["theirs"].as_u64() > Some(20), "{found}");
    // And what is said of a thing, in the language that surrounds it.
    let table = page.widget(0).find(".aw-table");
    assert_eq!(
        page.eval(&format!("[{table}.ariaLabel, {table}.lang]")).await,
        json!(["Table", "en"])
    );

    for path in ["/feedback?lang=en", "/share?lang=en", "/embed?lang=en"] {
        page.go(&format!("{}/a/ca-phe-vao-vu-hai{path}", world.publisher.origin())).await;
        let languages = "[document.documentElement.lang, document.querySelector('.on a').lang]";
        assert_eq!(page.eval(languages).await, json!(["en", "vi"]), "{path}");
    }
}

/// Nothing is shown for one orientation alone (1.3.4), and nothing is lost in the low window of a phone on its
/// side.
#[tokio::test]
async fn a_phone_may_be_held_either_way() {
    const TEXT: &str = "document.querySelector('article-widget').shadowRoot.querySelector('.aw').innerText.replace(/\\s+/g, ' ')";
    let world = World::start().await;
    let mut texts = Vec::<Value>::new();
    for (width, height) in [(320, 640), (640, 320)] {
        let page = world.open_in(View { width, height, ..WATCHED }, "short.html").await;
        open_form(&page).await;
        texts.push(page.eval(TEXT).await);
        assert_eq!(page.eval("document.documentElement.scrollWidth").await, width);
    }
    assert!(texts[0].as_str().is_some_and(|text| text.len() > 1_000), "{}", texts[0]);
    assert_eq!(texts[0], texts[1]);
}
