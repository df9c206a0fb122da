//! The publisher's own form page: for readers without a script, and for pages that forbid Wasm.

use serde_json::Value;

use crate::feedback::kept;
use crate::scripts::WATCH;
use crate::support::page::{Page, View};
use crate::support::world::World;

/// Fills in all but the consent.
async fn fill_in(page: &Page<'_>) {
    for (name, value) in [
        ("name", "Trần Văn Thử"),
        ("email", "thu@example.vn"),
        ("title", "Góp ý"),
        ("message", "Ảnh đẹp."),
    ] {
        page.eval(&format!("void (document.querySelector('[name={name}]').value = '{value}')"))
            .await;
    }
}

#[tokio::test]
async fn the_form_page_takes_feedback_without_any_script_of_ours() {
    let world = World::start().await;
    let page = world
        .open(&format!("{}/a/cho-dem-pho-nui/feedback?lang=vi", world.publisher.origin()))
        .await;
    let submit = "document.querySelector('form[method=post] [type=submit], form[method=post] button').click()";
    fill_in(&page).await;
    page.eval(submit).await;
    // No consent yet: the page comes back with what was typed.
    page.wait_until("document.querySelector('[aria-invalid]') !== null").await;
    assert_eq!(page.eval("document.querySelector('[name=message]').value").await, "Ảnh đẹp.");
    page.eval("void (document.querySelector('[name=consent]').checked = true)").await;
    // Within three seconds, as a machine would: it is thanked for all the same, and an editor looks first.
    page.eval(submit).await;
    page.wait_until("document.querySelector('form') === null").await;
    let text = page.eval("document.body.textContent").await;
    assert!(text.as_str().expect("text").contains("Cảm ơn bạn"), "{text}");
}

/// A page that forbids Wasm, on a narrow phone: the menu opens, and the form is the publisher's page.
#[tokio::test]
async fn without_wasm_everything_is_there_by_links() {
    let world = World::start().await;
    let view = View { width: 320, before: WATCH, ..View::PHONE };
    let page = world.open_in(view, "csp-no-wasm.html").await;
    page.wait_until("seen.some(({ word }) => word === 'readable')").await;
    let widget = page.widget(0);
    widget.element(".aw-share summary").await.click().await.expect("it can be clicked");
    let links = format!(
        "[...{}.querySelectorAll('a')].every((a) => a.href && a.offsetWidth <= 320)",
        widget.find(".aw-menu")
    );
    assert_eq!(page.eval(&links).await, true);
    assert_eq!(page.eval("document.documentElement.scrollWidth").await, 320);

    widget.element("a[data-open=feedback]").await.click().await.expect("it can be clicked");
    let own = page.client.window().await.expect("there is one");
    let mut form = None;
    for _ in 0..200 {
        let windows = page.client.windows().await.expect("there is one at least");
        form = windows.into_iter().find(|tab| *tab != own);
        if form.is_some() {
            break;
        }
        page.eval("new Promise((resolve) => setTimeout(resolve, 50))").await;
    }
    let form = form.expect("a tab of its own");
    page.client.switch_to_window(form).await.expect("it is open");
    page.wait_until(
        "document.readyState === 'complete' && location.pathname.endsWith('/feedback')",
    )
    .await;
    assert_eq!(page.eval("window.opener").await, Value::Null);
    fill_in(&page).await;
    page.eval("void (document.querySelector('[name=consent]').checked = true)").await;
    page.eval("document.querySelector('form button').click()").await;
    page.wait_until("document.body.textContent.includes('Cảm ơn bạn')").await;
    assert_eq!(kept(&world, "message"), "Ảnh đẹp.");
}
