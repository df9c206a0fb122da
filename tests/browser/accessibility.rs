//! That nobody is kept out: WCAG 2.2, A and AA, in every state of a widget and on the publisher's pages.
//! Which test stands for which criterion: docs/accessibility.md.

mod announcements;
mod keyboard;
mod look;
mod outline;
mod pages;
mod states;
mod structure;

use serde_json::Value;

pub(crate) use self::look::assert_accessible;
use crate::support::page::{Page, View};
use crate::support::world::World;

/// JavaScript before a page's own: what can be broken in it.
const BEFORE: &str = include_str!("accessibility/before.js");

async fn click(page: &Page<'_>, selector: &str) {
    page.widget(0).element(selector).await.click().await.expect("it can be clicked");
}

/// Views of three articles, the one of short.html among them: less is nothing to rank.
async fn count_views(world: &World) {
    let page = world.open_in(View::DESKTOP, "unknown.html").await;
    let origin = world.publisher.origin();
    for (index, article) in
        ["cho-dem-pho-nui", "ca-phe-vao-vu-hai", "thu-vien-tren-thuyen"].into_iter().enumerate()
    {
        let body = format!(
            r#"{{"article":"{article}","view":"00000000-0000-4000-8000-00000000000{index}","page":"{}/"}}"#,
            world.partner.origin()
        );
        let body = Value::from(body);
        let view = format!(
            "fetch('{origin}/v1/views', {{ method: 'POST', body: {body} }}).then(({{ status }}) => status)"
        );
        assert_eq!(page.eval(&view).await, 202);
    }
    page.wait_until(&format!(
        "fetch('{origin}/v1/most-read?window=24h').then((it) => it.json()).then(({{ items }}) => items?.length === 3)"
    ))
    .await;
}
