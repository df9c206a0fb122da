//! What a reader writes to the editor, and how it gets there.

use article_server::config::{Config, Options};
use serde_json::{Value, json};

use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View, Widget};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

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

/// A server that is full says when to come back: the letter is not sent before that, and then once.
#[tokio::test]
async fn a_letter_waits_as_long_as_the_server_asks() {
    const FULL: &str = "
        const real = globalThis.fetch;
        globalThis.times = [];
        globalThis.fetch = (url, options) => {
          if (!String(url).endsWith('/v1/feedback')) return real(url, options);
          times.push(performance.now());
          const headers = { 'retry-after': '4' };
          return times.length === 1 ? Promise.resolve(new Response('{}', { status: 429, headers })) : real(url, options);
        };";
    let world = World::start().await;
    let before = [WATCH, FULL].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    open_form(&page).await;
    write_letter(&page, "Bài hay.").await;
    submit(&page).await;
    page.widget(0).text(".aw-reference").await;
    let waited = page.eval("times.length === 2 && times[1] - times[0]").await;
    assert!(waited.as_f64() >= Some(4_000.0), "{waited}");
}

/// "Stop" takes the letter back: nothing of it is sent later, and the next one is.
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
    // What is on its way cannot be changed without a word.
    let locked = format!("{}.matches(':disabled')", widget.find("textarea"));
    assert_eq!(page.eval(&locked).await, true);
    let stop = widget.element("[data-form=letter] .aw-actions button[type=button]").await;
    stop.click().await.expect("it can be clicked");
    assert!(widget.text(".aw-form-status").await.contains("Đã dừng"));

    // What was typed is still there, and can be changed.
    let message = format!("{}.value", widget.find("textarea"));
    assert_eq!(page.eval(&message).await, "Thư thứ nhất");
    widget.element("textarea").await.clear().await.expect("it can be cleared");
    fill(&page, "textarea", "Thư thứ hai").await;
    page.eval("void (window.cut = false)").await;
    submit(&page).await;
    widget.text(".aw-reference").await;
    let bodies = page.eval("bodies").await;
    let last = bodies.as_array().and_then(|bodies| bodies.last()).and_then(Value::as_str);
    assert!(last.is_some_and(|body| body.contains("Thư thứ hai")), "{bodies}");
    assert_eq!(kept_feedback(&world), 1);
}

/// Closing the form only puts it away: the letter goes on its way, and its thanks come back for the reader.
#[tokio::test]
async fn a_letter_is_sent_while_its_form_is_put_away_and_what_is_typed_stays_whatever_else_opens() {
    const SLOW: &str = "
        const real = globalThis.fetch;
        globalThis.cut = true;
        globalThis.fetch = (url, options) =>
          String(url).endsWith('/v1/feedback') && cut ? Promise.reject(new TypeError('cut')) : real(url, options);";
    let world = World::configured(|config| config.settings.sends_mail = true).await;
    let before = [WATCH, SLOW].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    open_form(&page).await;
    write_letter(&page, "Đang viết dở").await;
    let widget = page.widget(0);
    let typed = format!("{}.value", widget.find("textarea"));
    // Another form beside it, another list asked for by the page: what was typed stays.
    widget.element(".aw-share summary").await.click().await.expect("it can be clicked");
    widget.element("[data-channel=email] button").await.click().await.expect("it can be clicked");
    widget.element("[data-form=mail]").await;
    page.eval("void document.querySelector('article-widget').setAttribute('most-read', '7d')")
        .await;
    page.eval("new Promise((resolve) => setTimeout(resolve, 300))").await;
    assert_eq!(page.eval(&typed).await, "Đang viết dở");

    submit(&page).await;
    page.wait_until(&format!(
        "{}.textContent.includes('sẽ tự gửi lại')",
        widget.find(".aw-form-status")
    ))
    .await;
    let button = widget.element("[data-open=feedback]").await;
    button.click().await.expect("it can be clicked");
    page.wait_until(&format!("{}.hidden", widget.find("[data-form=letter]"))).await;
    page.eval("void (window.cut = false)").await;
    widget.text(".aw-reference").await;
    page.wait_until(&format!("!{}.hidden", widget.find("[data-thanks=letter]"))).await;
    assert_eq!(kept_feedback(&world), 1);
}

/// The publisher changes what it asks for while a page is open: the form catches up, with what was typed.
#[tokio::test]
async fn a_form_catches_up_with_what_the_publisher_asks_for() {
    // The page has an older answer: another consent, fewer fields.
    const OLD: &str = "
        const real = globalThis.fetch;
        globalThis.asked = 0;
        globalThis.fetch = async (url, options) => {
          const response = await real(url, options);
          if (!String(url).includes('/v1/embed/') || asked++) return response;
          const embed = await response.json();
          embed.messages['feedback.consent.version'] = 'vi-00000000';
          embed.settings.fields = ['name', 'message'];
          return new Response(JSON.stringify(embed));
        };";
    let world = World::start().await;
    let before = [WATCH, OLD].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    open_form(&page).await;
    let widget = page.widget(0);
    fill(&page, "input[name=name]", "Lan").await;
    fill(&page, "textarea", "Vẫn còn đây").await;
    widget.element("input[name=consent]").await.click().await.expect("it can be ticked");
    submit(&page).await;
    // The fields that were missing are there, and the new consent is not given yet.
    assert!(!widget.text("#aw-feedback-email-error").await.is_empty());
    assert!(!widget.text("#aw-feedback-consent-error").await.is_empty());
    let kept =
        format!("[{}.value, {}.checked]", widget.find("textarea"), widget.find("[name=consent]"));
    assert_eq!(page.eval(&kept).await, json!(["Vẫn còn đây", false]));
    fill(&page, "input[name=email]", "lan@example.vn").await;
    fill(&page, "input[name=title]", "Hay").await;
    widget.element("input[name=consent]").await.click().await.expect("it can be ticked");
    submit(&page).await;
    widget.text(".aw-reference").await;
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

/// Sends so many letters from the page, as its reader's place.
async fn send_others(page: &Page<'_>, world: &World, count: usize) {
    let letter = format!(
        "(async () => {{
            const consent = (await (await fetch('{origin}/v1/embed/cho-dem-pho-nui')).json()).messages['feedback.consent.version'];
            const statuses = [];
            for (let i = 0; i < {count}; i++) {{
                const body = JSON.stringify({{ article: 'cho-dem-pho-nui', kind: 'comment', name: 'Lan', email: 'lan@example.vn', title: 'T', message: 'Thư ' + i, consent }});
                const headers = {{ 'idempotency-key': `00000000-0000-4000-8000-00000000000${{i}}` }};
                statuses.push((await fetch('{origin}/v1/feedback', {{ method: 'POST', body, headers }})).status);
            }}
            return statuses;
        }})()",
        origin = world.publisher.origin()
    );
    let statuses = page.eval(&letter).await;
    assert_eq!(statuses, json!(vec![201; count]));
}

/// A page over plain HTTP has no `crypto.subtle`; the proof is found all the same, and nobody waits for it.
#[tokio::test]
async fn where_much_comes_from_a_place_a_proof_of_work_is_found_and_the_letter_taken() {
    const WORDS: &str = "
        globalThis.said = new Set();
        globalThis.longest = 0;
        new PerformanceObserver((list) => {
            for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
        }).observe({ type: 'longtask' });
        setInterval(() => said.add(document.querySelector('article-widget')?.shadowRoot?.querySelector('.aw-form-status')?.textContent), 1);";
    let world = World::start().await;
    let url = world.plain_url("short.html");
    let before = [WATCH, WORDS].concat().leak();
    let page = world.open_in(View { before, ..View::PHONE }, &url).await;
    assert_eq!(
        page.eval("[isSecureContext, typeof crypto.subtle]").await,
        json!([false, "undefined"])
    );
    send_others(&page, &world, 3).await;

    open_form(&page).await;
    write_letter(&page, "Thư thứ tư trong một giờ.").await;
    submit(&page).await;
    page.widget(0).text(".aw-reference").await;
    assert_eq!(kept_feedback(&world), 4);
    let said = page.eval("[...said].some((words) => words?.includes('không do máy gửi'))").await;
    assert_eq!(said, true, "the reader is told what takes so long");
    // The hashing leaves room for everything else: no piece of it is a long task by a phone's measure.
    let longest = page.eval("longest").await.as_f64().expect("a number");
    assert!(longest < 1_000.0, "{longest} ms");
}

#[tokio::test]
async fn the_form_asks_for_what_the_publisher_wants_to_know() {
    let world = World::configured(|config| {
        config.settings.fields = vec!["message".into(), "email".into()];
        config.settings.required = vec!["message".into()];
    })
    .await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    widget.element("[data-open=feedback]").await.click().await.expect("it can be clicked");
    widget.element("[data-form=letter]").await;
    let names =
        format!("[...{}.elements].map(({{ name }}) => name).filter(Boolean)", widget.find("form"));
    let names = page.wait_until(&names).await;
    assert_eq!(names, json!(["message", "email", "consent", "website"]));
    fill(&page, "textarea", "Không cần trả lời.").await;
    widget.element("input[name=consent]").await.click().await.expect("it can be ticked");
    submit(&page).await;
    widget.text(".aw-reference").await;
    assert_eq!(kept(&world, "email"), "");
}

/// A column of the only letter in the publisher's database.
pub(crate) fn kept(world: &World, column: &str) -> String {
    let database = rusqlite::Connection::open(world.publisher.database()).expect("it is there");
    let query = format!("select {column} from feedback");
    database.query_row(&query, [], |row| row.get(0)).expect("a text")
}

/// How many the publisher's database holds.
fn kept_feedback(world: &World) -> u32 {
    let database = rusqlite::Connection::open(world.publisher.database()).expect("it is there");
    database.query_row("select count(*) from feedback", [], |row| row.get(0)).expect("a number")
}

pub(crate) async fn open_form(page: &Page<'_>) {
    page.wait_until(&live(1)).await;
    let button = page.widget(0).element("[data-open=feedback]").await;
    button.click().await.expect("it can be clicked");
    let focused = format!("{}?.getRootNode().activeElement?.name", page.widget(0).find("form"));
    page.wait_until(&format!("{focused} === 'name'")).await;
}

pub(crate) async fn write_letter(page: &Page<'_>, message: &str) {
    write_letter_in(&page.widget(0), message).await;
}

pub(crate) async fn write_letter_in(widget: &Widget<'_>, message: &str) {
    for (field, text) in [
        ("input[name=name]", "Nguyễn Thị Mẫu"),
        ("input[name=email]", "mau@example.vn"),
        ("input[name=title]", "Một ý nhỏ"),
        ("textarea", message),
    ] {
        widget.element(field).await.send_keys(text).await.expect("it can be typed into");
    }
    let consent = widget.element("input[name=consent]").await;
    consent.click().await.expect("it can be ticked");
}

pub(crate) async fn fill(page: &Page<'_>, field: &str, text: &str) {
    page.widget(0).element(field).await.send_keys(text).await.expect("it can be typed into");
}

pub(crate) async fn submit(page: &Page<'_>) {
    submit_in(&page.widget(0)).await;
}

pub(crate) async fn submit_in(widget: &Widget<'_>) {
    let button = widget.element("form button[type=submit]").await;
    button.click().await.expect("it can be clicked");
}

/// A publisher who sends articles by mail.
pub(crate) fn with_mail(config: &mut Config) {
    let options = Options {
        // Nobody listens there: what is to leave stays where it can be looked at.
        smtp: Some("smtp://127.0.0.1:9".into()),
        mail_from: Some("bao@news.example".into()),
        mail_articles: Some(true),
        ..Options::default()
    };
    let with_mail = options.resolve(None).expect("good settings");
    config.settings = with_mail.settings;
    config.mail = with_mail.mail;
}

/// The publisher's own server sends the article, for a proof of work.
#[tokio::test]
async fn an_article_is_sent_to_a_friend_by_the_publisher() {
    let world = World::configured(with_mail).await;
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    widget.element(".aw-share summary").await.click().await.expect("it can be clicked");
    widget.element("[data-channel=email] button").await.click().await.expect("it can be clicked");
    fill(&page, "input[name=to]", "ban@example").await;
    submit(&page).await;
    assert!(!widget.text("#aw-feedback-to-error").await.is_empty());
    fill(&page, "input[name=to]", ".vn").await;
    submit(&page).await;
    assert!(widget.text("[data-thanks=mail]").await.contains("Tòa soạn sẽ gửi"));
    page.wait_until("seen.some(({ name, word }) => name === 'share' && word === 'sent')").await;
    let database = rusqlite::Connection::open(world.publisher.database()).expect("it is there");
    let to: String = database
        .query_row("select recipient from outbox where kind = 'article'", [], |row| row.get(0))
        .expect("one mail");
    assert_eq!(to, "ban@example.vn");
}
