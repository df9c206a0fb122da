//! What a reader does: shares, writes to the editors, looks at what others read.

use serde_json::{Value, json};

use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

#[tokio::test]
async fn a_view_is_counted_once_and_the_list_changes_because_of_it() {
    let world = World::start().await;
    // Three articles with a view each: less is nothing to rank.
    for article in ["cho-dem-pho-nui", "ca-phe-vao-vu-hai", "thu-vien-tren-thuyen"] {
        world.write_page(
            "one.html",
            &format!("<!doctype html><script src='https://news.example/embed.js' data-article='{article}'></script>"),
        );
        let page = world.open_in(WATCHED, "one.html").await;
        page.wait_until(&saw("view")).await;
    }
    let page = world.open_in(WATCHED, "short.html").await;
    let listed = format!(
        "fetch('{}/v1/most-read?window=24h').then((r) => r.json()).then((l) => l.items?.length === 3 && l.items)",
        world.publisher.origin()
    );
    let items = page.wait_until(&listed).await;
    for item in items.as_array().expect("a list") {
        assert_eq!(item["views"], 1, "{item}");
    }
    // A page that opens now shows them.
    page.wait_until(
        "(async () => {
            const widget = document.createElement('article-widget');
            widget.setAttribute('article', 'giu-am-dung-cach-mua-gio-lanh');
            document.querySelector('#probe')?.remove();
            widget.id = 'probe';
            document.body.prepend(widget);
            await new Promise((resolve) => addEventListener('article-widget:ready', resolve, { once: true }));
            return widget.shadowRoot.querySelectorAll('.aw-rank').length === 3;
        })()",
    )
    .await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn the_share_menu_is_plain_links_and_says_when_the_link_is_copied() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    let partner = page
        .eval(&format!(
            "/s%3Df-([0-9a-z]+)$/.exec({}.href)[1]",
            widget.find("[data-channel=facebook]")
        ))
        .await;
    let partner = partner.as_str().expect("the partner's half of the mark").to_owned();
    assert_ne!(partner, "0");

    widget.element(".aw-share summary").await.click().await.expect("it can be clicked");
    widget.element("[data-channel=copy]").await.click().await.expect("it can be clicked");
    page.wait_until(&format!("{}.textContent.includes('Đã sao chép')", widget.find(".aw-status")))
        .await;
    page.wait_until("seen.some(({ name, word }) => name === 'share' && word === 'copy')").await;
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn feedback_without_consent_is_told_beside_the_field() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    open_form(&page).await;
    fill(&page, "input[name=name]", "Nguyễn Thị Mẫu").await;
    submit(&page).await;
    let widget = page.widget(0);
    assert_eq!(widget.text("#aw-feedback-email-error").await, "Xin điền ô này.");
    assert!(!widget.text("#aw-feedback-consent-error").await.is_empty());
    let focused = format!("{}.getRootNode().activeElement.name", widget.find("form"));
    page.wait_until(&format!("{focused} === 'email'")).await;
    // What was typed is still there.
    assert_eq!(
        page.eval(&format!("{}.value", widget.find("input[name=name]"))).await,
        "Nguyễn Thị Mẫu"
    );
}

#[tokio::test]
async fn feedback_is_sent_again_until_the_server_has_it_and_is_kept_once() {
    const FLAKY: &str = "
        const real = globalThis.fetch;
        globalThis.keys = [];
        globalThis.fetch = (url, options) => {
          if (!String(url).endsWith('/v1/feedback')) return real(url, options);
          keys.push(options.headers['idempotency-key']);
          const sent = real(url, options);
          // The first answer is lost on its way: the server has it, the reader does not know.
          return keys.length === 1 ? sent.then(() => Promise.reject(new TypeError('lost'))) : sent;
        };";
    let world = World::start().await;
    let before = [WATCH, FLAKY].concat().leak();
    let page = world.open_in(View { before, ..View::PHONE }, "short.html").await;
    open_form(&page).await;
    let widget = page.widget(0);
    write_letter(&page, "Bài hay, cảm ơn tòa soạn.").await;
    submit(&page).await;
    page.wait_until(&format!(
        "{}.textContent.includes('sẽ tự gửi lại')",
        widget.find(".aw-form-status")
    ))
    .await;
    let reference = widget.text(".aw-reference").await;
    assert_eq!(reference.len(), 9, "{reference}");
    let keys = page.eval("keys").await;
    assert_eq!(keys[0], keys[1]);
    assert_eq!(keys.as_array().map(Vec::len), Some(2));
    assert_eq!(kept_feedback(&world), 1);
}

/// Closing the form takes the letter back: nothing of it is sent later, and the next one is.
#[tokio::test]
async fn a_letter_that_was_taken_back_is_not_sent_and_the_next_one_is() {
    const CUT: &str = "
        const real = globalThis.fetch;
        globalThis.bodies = [];
        globalThis.cut = true;
        globalThis.fetch = (url, options) => {
          if (!String(url).endsWith('/v1/feedback')) return real(url, options);
          bodies.push(options.body);
          return cut ? Promise.reject(new TypeError('cut')) : real(url, options);
        };";
    let world = World::start().await;
    let before = [WATCH, CUT].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    open_form(&page).await;
    write_letter(&page, "Thư thứ nhất").await;
    submit(&page).await;
    page.wait_until("bodies.length === 1").await;
    let widget = page.widget(0);
    let button = widget.element("[data-open=feedback]").await;
    button.click().await.expect("it can be clicked");
    page.wait_until(&format!("{} === null", widget.find("form"))).await;

    open_form(&page).await;
    write_letter(&page, "Thư thứ hai").await;
    page.eval("void (cut = false)").await;
    submit(&page).await;
    widget.text(".aw-reference").await;
    let bodies = page.eval("bodies").await;
    let last = bodies.as_array().and_then(|bodies| bodies.last()).and_then(Value::as_str);
    assert!(last.is_some_and(|body| body.contains("Thư thứ hai")), "{bodies}");
    assert_eq!(kept_feedback(&world), 1);
}

#[tokio::test]
async fn what_the_server_refuses_is_told_beside_the_field() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "short.html").await;
    open_form(&page).await;
    fill(&page, "input[name=phone]", "0912 zalo").await;
    write_letter(&page, "Xin gọi lại").await;
    submit(&page).await;
    assert!(page.widget(0).text("#aw-feedback-phone-error").await.contains("Số điện thoại"));
}

#[tokio::test]
async fn the_form_page_takes_feedback_without_any_script_of_ours() {
    let world = World::start().await;
    let page = world
        .open(&format!("{}/a/cho-dem-pho-nui/feedback?lang=vi", world.publisher.origin()))
        .await;
    let submit = "document.querySelector('form[method=post] [type=submit], form[method=post] button').click()";
    for (name, value) in [
        ("name", "Trần Văn Thử"),
        ("email", "thu@example.vn"),
        ("title", "Góp ý"),
        ("message", "Ảnh đẹp."),
    ] {
        page.eval(&format!("void (document.querySelector('[name={name}]').value = '{value}')"))
            .await;
    }
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

#[tokio::test]
async fn the_articles_own_page_is_whole_without_a_script_and_alive_with_one() {
    let world = World::start().await;
    let url = format!("{}/a/ca-phe-vao-vu-hai?s=f-abc123", world.publisher.origin());
    let page = world.open_in(WATCHED, &url).await;
    let plain = page.eval("document.querySelector('article-widget .aw-title').textContent").await;
    assert!(plain.as_str().expect("text").contains("Cà phê"), "{plain}");
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval("shifts").await, 0);
    let link = page.eval(&format!("{}.href", page.widget(0).find("[data-channel=print]"))).await;
    assert!(link.as_str().expect("a link").ends_with("?s=p-0#print"), "{link}");
    let canonical = page.eval("document.querySelector('link[rel=canonical]').href").await;
    assert_ne!(canonical, Value::Null);
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// How many the publisher's database holds.
fn kept_feedback(world: &World) -> u32 {
    let database = rusqlite::Connection::open(world.publisher.database()).expect("it is there");
    database.query_row("select count(*) from feedback", [], |row| row.get(0)).expect("a number")
}

async fn open_form(page: &Page<'_>) {
    page.wait_until(&live(1)).await;
    let button = page.widget(0).element("[data-open=feedback]").await;
    button.click().await.expect("it can be clicked");
    let focused = format!("{}?.getRootNode().activeElement?.name", page.widget(0).find("form"));
    page.wait_until(&format!("{focused} === 'name'")).await;
}

async fn write_letter(page: &Page<'_>, message: &str) {
    for (field, text) in [
        ("input[name=name]", "Nguyễn Thị Mẫu"),
        ("input[name=email]", "mau@example.vn"),
        ("input[name=title]", "Một ý nhỏ"),
        ("textarea", message),
    ] {
        fill(page, field, text).await;
    }
    let consent = page.widget(0).element("input[name=consent]").await;
    consent.click().await.expect("it can be ticked");
}

async fn fill(page: &Page<'_>, field: &str, text: &str) {
    page.widget(0).element(field).await.send_keys(text).await.expect("it can be typed into");
}

async fn submit(page: &Page<'_>) {
    let button = page.widget(0).element("form button[type=submit]").await;
    button.click().await.expect("it can be clicked");
}
