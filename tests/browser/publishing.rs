//! What the publisher puts right or takes back reaches an embed on another origin, through the browser's own
//! cache.

use std::time::{Duration, Instant};

use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };
const ARTICLE: &str = "cho-dem-pho-nui";
/// What is promised.
const EVERYWHERE_WITHIN: Duration = Duration::from_secs(60);

/// Reloads a page as a reader does, until a condition is true in it.
async fn reload_until(page: &Page<'_>, condition: &str) {
    let begun = Instant::now();
    loop {
        page.eval("void location.reload()").await;
        page.wait_until(&live(1)).await;
        if page.eval(condition).await == true {
            return;
        }
        assert!(begun.elapsed() < EVERYWHERE_WITHIN, "not yet true: {condition}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[tokio::test]
async fn a_correction_and_a_withdrawal_reach_a_page_of_another_origin() {
    let world = World::start().await;
    let token = world.publisher.writing_token().await;
    let reader = world.open_in(WATCHED, "short.html").await;
    reader.wait_until(&live(1)).await;
    let title = reader.widget(0).text(".aw-title").await;

    // The publisher's program: what is open here is no page, but in the same place as the API.
    let program = world.open(&format!("{}/healthz", world.publisher.origin())).await;
    let url = format!("/v1/articles/{ARTICLE}");
    let headers = format!("authorization: 'Bearer {token}'");
    let correct = format!(
        "(async () => {{
            const read = await fetch('{url}', {{ cache: 'no-store' }});
            const article = await read.json();
            article.corrections = [{{ at: '2024-11-28T09:15:00+07:00', text: 'Tên chợ đã được sửa.' }}];
            const body = JSON.stringify(article);
            const tag = read.headers.get('etag');
            return (await fetch('{url}', {{ method: 'PUT', headers: {{ {headers}, 'if-match': tag }}, body }})).status;
        }})()"
    );
    assert_eq!(program.eval(&correct).await, 200);
    let correction = reader.widget(0).find(".aw-notice");
    let says = |text: &str| format!("!!{correction}?.textContent.includes('{text}')");
    reload_until(&reader, &says("Tên chợ đã được sửa.")).await;
    assert_eq!(reader.eval(&says("28/11/2024")).await, true, "with its time");

    let withdraw = format!("fetch('{url}', {{ method: 'DELETE', headers: {{ {headers} }} }})");
    assert_eq!(program.eval(&format!("{withdraw}.then(({{ status }}) => status)")).await, 200);
    // While the page is on its way there is no element yet.
    let shown = "(document.querySelector('article-widget')?.shadowRoot?.textContent ?? '')";
    reload_until(&reader, &format!("{shown}.includes('rút lại')")).await;
    let text = reader.eval(shown).await;
    assert!(!text.as_str().expect("text").contains(&title), "nothing of the article: {text}");
    // A copy that the reader's cache still had is shown for a moment, and its view is counted no more.
    let mut console = reader.console().await;
    console.retain(|line| line.starts_with("SEVERE") && !line.contains("/v1/views"));
    assert!(console.is_empty(), "{console:?}");
}
