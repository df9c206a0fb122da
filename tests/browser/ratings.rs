//! Whether an article was of use: a word of two letters, and perhaps one more.

use crate::scripts::{WATCH, live};
use crate::support::page::View;
use crate::support::world::World;

#[tokio::test]
async fn whether_an_article_was_of_use_is_said_without_any_details() {
    const FLAKY: &str = "
        const real = globalThis.fetch;
        globalThis.ratings = [];
        globalThis.fetch = (url, options) => {
          if (!String(url).endsWith('/v1/ratings')) return real(url, options);
          ratings.push(JSON.parse(options.body));
          const sent = real(url, options);
          return ratings.length === 1 ? sent.then(() => Promise.reject(new TypeError('lost'))) : sent;
        };";
    let world = World::start().await;
    let before = [WATCH, FLAKY].concat().leak();
    let page = world.open_in(View { before, ..View::PHONE }, "short.html").await;
    // Before the script runs the answers are links to the publisher's page.
    let widget = page.widget(0);
    page.wait_until(&live(1)).await;
    widget.element(".aw-rating button").await.click().await.expect("it can be clicked");
    // A second thought comes too late: what is on its way is not overtaken.
    let other = "?.querySelectorAll('button')[1]?.click()";
    page.eval(&format!("void {}{other}", widget.find(".aw-rating"))).await;
    // The first answer is lost on its way, and it is sent again under the same name.
    let word = widget.element("#aw-rating-word").await;
    word.send_keys("Ảnh đẹp").await.expect("it can be typed into");
    widget.element(".aw-word button").await.click().await.expect("it can be clicked");
    page.wait_until(&format!("{} === null", widget.find(".aw-word"))).await;
    assert!(widget.text(".aw-rated").await.contains("Cảm ơn"));
    let ratings = page.eval("ratings").await;
    let sent = ratings.as_array().expect("a list");
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|one| one["rating"] == sent[0]["rating"]), "{ratings}");
    let database = rusqlite::Connection::open(world.publisher.database()).expect("it is there");
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let kept: (bool, String) =
        database.query_row("select useful, word from rating", [], row).expect("one rating");
    assert_eq!(kept, (true, "Ảnh đẹp".to_owned()));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn an_article_is_rated_without_any_script_of_ours() {
    let world = World::start().await;
    let url =
        format!("{}/a/cho-dem-pho-nui/feedback?useful=false#rating", world.publisher.origin());
    let page = world.open(&url).await;
    let form = "document.querySelector('#rating form')";
    assert_eq!(page.eval(&format!("{form}.elements.useful.value")).await, "false");
    page.eval(&format!("void ({form}.elements.word.value = 'Thiếu bản đồ')")).await;
    page.eval(&format!("{form}.querySelector('button').click()")).await;
    page.wait_until("location.pathname.endsWith('/rating')").await;
    let text = page.eval("document.body.textContent").await;
    assert!(text.as_str().expect("text").contains("Cảm ơn"), "{text}");
}
