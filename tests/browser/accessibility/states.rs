//! Every state that a widget can be in, looked at one after another: on the narrowest phone that WCAG asks
//! for (1.4.10), and on a dark desktop.

use super::look::{Walk, faults};
use super::{BEFORE, click, count_views};
use crate::feedback::{fill, open_form, submit, with_mail, write_letter};
use crate::passages::select_a_word;
use crate::scripts::{WATCH, live, saw};
use crate::support::page::{Page, View};
use crate::support::world::World;

const NARROW: View = View { width: 320, ..View::PHONE };
const DARK: View = View { dark: true, ..View::DESKTOP };

/// Before a page's own scripts, for what a driver imports can be another instance: `waitFor` puts a widget in
/// the place of the first one that the Wasm asks an article for by itself. The Wasm comes also where a test
/// has cut the network for what it asks for.
pub(super) const WAIT: &str = "const ask = globalThis.fetch;
globalThis.waitFor = async (src) => {
    const url = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/widget.js')).name;
    const glue = await import(url.replace('widget.js', 'more.js'));
    await glue.default(ask);
    const old = document.querySelector('article-widget');
    const element = document.createElement('article-widget');
    element.setAttribute('src', 'https://nobody.example');
    const mount = document.createElement('div');
    mount.className = 'aw-mount';
    const root = element.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = old.shadowRoot.adoptedStyleSheets;
    root.append(mount);
    old.replaceWith(element);
    glue.article(mount, undefined, { src, lang: 'vi' });
};";

fn watched(view: View) -> View {
    View { before: [WATCH, BEFORE].concat().leak(), ..view }
}

pub(super) async fn network(page: &Page<'_>, state: &str) {
    page.eval(&format!("void (window.network = '{state}')")).await;
}

/// Waits until the first element that matches says something with these words.
pub(super) async fn wait_for(page: &Page<'_>, selector: &str, words: &str) {
    let element = page.widget(0).find(selector);
    page.wait_until(&format!("!!{element}?.textContent.includes('{words}')")).await;
}

async fn stop(page: &Page<'_>, form: &str) {
    let stop = format!("[data-form={form}] .aw-actions button[type=button]");
    click(page, &stop).await;
    wait_for(page, &format!("[data-form={form}] .aw-form-status"), "Đã dừng").await;
}

async fn share(page: &Page<'_>, walk: &mut Walk<'_>) {
    walk.see("an article that answers, in the list of the most read").await;
    click(page, ".aw-share summary").await;
    walk.see("the menu").await;
    click(page, ".aw-qr summary").await;
    page.wait_until(&format!("{}.complete", page.widget(0).find(".aw-code"))).await;
    walk.see("the QR code").await;
    click(page, "[data-channel=copy] button").await;
    wait_for(page, ".aw-status", "Đã sao chép").await;
    walk.see("copied").await;
    page.eval("void (window.copies = false)").await;
    click(page, ".aw-share summary").await;
    click(page, "[data-channel=copy] button").await;
    wait_for(page, ".aw-status", "Hãy chép liên kết này").await;
    walk.see("to be copied by hand").await;
    select_a_word(page).await;
    page.widget(0).text(".aw-passage").await;
    walk.see("a passage").await;
    page.eval("void getSelection().removeAllRanges()").await;
    page.wait_until(&format!("!{}", page.widget(0).find(".aw-passage"))).await;
}

async fn mail(page: &Page<'_>, walk: &mut Walk<'_>) {
    click(page, ".aw-share summary").await;
    click(page, "[data-channel=email] button").await;
    page.widget(0).element("input[name=to]").await;
    walk.see("a mail").await;
    submit(page).await;
    page.widget(0).text("#aw-feedback-to-error").await;
    walk.see("a mail, with an error").await;
    fill(page, "input[name=to]", "ban@example.vn").await;
    network(page, "silent").await;
    submit(page).await;
    wait_for(page, "[data-form=mail] .aw-form-status", "Đang gửi").await;
    walk.see("a mail on its way").await;
    stop(page, "mail").await;
    network(page, "up").await;
    submit(page).await;
    page.widget(0).text("[data-thanks=mail]").await;
    walk.see("a mail accepted").await;
    click(page, "[data-thanks=mail] button").await;
}

async fn letter(page: &Page<'_>, walk: &mut Walk<'_>) {
    let widget = page.widget(0);
    open_form(page).await;
    walk.see("a letter").await;
    submit(page).await;
    widget.text(".aw-error").await;
    walk.see("a letter, with what is wrong beside each field").await;
    fill(page, "input[name=phone]", "0912 345 678").await;
    write_letter(page, "Bài hay.").await;
    network(page, "silent").await;
    submit(page).await;
    wait_for(page, ".aw-form-status", "Đang gửi").await;
    walk.see("a letter on its way").await;
    stop(page, "letter").await;
    walk.see("a letter taken back").await;
    network(page, "cut").await;
    submit(page).await;
    wait_for(page, ".aw-form-status", "sẽ tự gửi lại").await;
    walk.see("a letter that waits for the network").await;
    stop(page, "letter").await;
    network(page, "refuses").await;
    submit(page).await;
    wait_for(page, ".aw-form-status", "không nhận").await;
    walk.see("a letter refused").await;
    network(page, "up").await;
    submit(page).await;
    widget.text(".aw-reference").await;
    walk.see("a letter received").await;
    click(page, "[data-thanks=letter] button").await;
}

async fn rating(page: &Page<'_>, walk: &mut Walk<'_>) {
    network(page, "cut").await;
    click(page, ".aw-rating button").await;
    wait_for(page, ".aw-rated", "Đang gửi").await;
    walk.see("a rating on its way").await;
    network(page, "up").await;
    page.widget(0).element("#aw-rating-word").await;
    walk.see("a word on the rating").await;
    fill(page, "#aw-rating-word", "Ảnh đẹp").await;
    network(page, "cut").await;
    click(page, ".aw-word button").await;
    wait_for(page, ".aw-rated", "Đang gửi").await;
    walk.see("the word on its way").await;
    network(page, "up").await;
    page.wait_until(&format!("!{}", page.widget(0).find(".aw-word"))).await;
    walk.see("the rating done").await;
}

/// Each state of a widget that answers, one after another.
async fn walk(view: View) {
    let world = World::configured(with_mail).await;
    count_views(&world).await;
    let page = world.open_in(watched(view), "short.html").await;
    page.wait_until(&live(1)).await;
    let mut walk = Walk::new(&page, "article-widget");
    share(&page, &mut walk).await;
    mail(&page, &mut walk).await;
    letter(&page, &mut walk).await;
    rating(&page, &mut walk).await;
    walk.end(21);
}

#[tokio::test]
async fn every_state_is_accessible_on_a_narrow_phone() {
    walk(NARROW).await;
}

#[tokio::test]
async fn every_state_is_accessible_on_a_dark_desktop() {
    walk(DARK).await;
}

#[tokio::test]
async fn a_refused_rating_is_accessible() {
    let world = World::start().await;
    let page = world.open_in(watched(NARROW), "short.html").await;
    page.wait_until(&live(1)).await;
    network(&page, "refuses").await;
    click(&page, ".aw-rating button").await;
    wait_for(&page, ".aw-rated", "không nhận").await;
    let mut walk = Walk::new(&page, "article-widget");
    walk.see("a rating refused").await;
    walk.end(1);
}

/// Tables, corrections, pictures and what has none, code, cards, both languages: whatever the samples hold.
#[tokio::test]
async fn every_sample_is_accessible() {
    let world = World::start().await;
    for view in [NARROW, DARK] {
        let page = world.open_in(watched(view), "csp-no-wasm.html").await;
        page.wait_until(&saw("ready")).await;
        let list = format!(
            "fetch('{}/v1/articles?limit=100').then((it) => it.json()).then(({{ articles }}) => articles.map(({{ id }}) => id))",
            world.publisher.origin()
        );
        let samples = page.eval(&list).await;
        let samples = samples.as_array().expect("a list");
        assert_eq!(samples.len(), world.publisher.titles().len());
        let mut walk = Walk::new(&page, "article-widget");
        for id in samples {
            page.eval(&format!("void (seen.length = 0, document.querySelector('article-widget').setAttribute('article', {id}))")).await;
            page.wait_until(&saw("ready")).await;
            walk.see(id.as_str().expect("text")).await;
        }
        walk.end(samples.len());
    }
}

/// An article from right to left, in a theme that is not the reader's own; and then none any more.
#[tokio::test]
async fn an_arabic_article_and_a_withdrawn_one_are_accessible() {
    let world = World::start().await;
    let token = world.publisher.writing_token().await;
    let arabic = r#"{"id": "suq", "title": "سوق الليل", "language": "ar", "published": "2026-11-14T20:45:00+07:00", "body": [
        {"kind": "paragraph", "content": ["أضيئت المصابيح مع الغروب، ", {"kind": "link", "url": "https://a.example/", "content": ["وامتلأت الساحة"]}, "."]},
        {"kind": "table", "caption": ["الأسعار"], "rows": [[{"header": true, "content": ["الصنف"]}, {"header": true, "content": ["السعر"]}], [{"content": ["قهوة"]}, {"content": ["27500"]}]]}]}"#;
    let program = world.open(&format!("{}/healthz", world.publisher.origin())).await;
    let put = format!(
        "fetch('/v1/articles/suq', {{ method: 'PUT', headers: {{ authorization: 'Bearer {token}', 'if-none-match': '*' }}, body: JSON.stringify({arabic}) }}).then(({{ status }}) => status)"
    );
    assert_eq!(program.eval(&put).await, 201);
    let withdraw = format!(
        "fetch('/v1/articles/suq', {{ method: 'DELETE', headers: {{ authorization: 'Bearer {token}' }} }}).then(({{ status }}) => status)"
    );
    world.write_page(
        "suq.html",
        "<!doctype html><html lang='ar' dir='rtl'><title>Suq</title><meta name='viewport' content='width=device-width'>
         <h1>الأخبار</h1><script async src='https://news.example/embed.js' data-article='suq' data-theme='dark'></script>",
    );
    let page = world.open_in(watched(NARROW), "suq.html").await;
    page.wait_until(&live(1)).await;
    let direction = format!("getComputedStyle({}).direction", page.widget(0).find(".aw-text"));
    assert_eq!(page.eval(&direction).await, "rtl");
    let mut walk = Walk::new(&page, "article-widget");
    walk.see("an Arabic article").await;
    walk.end(1);
    drop(page);
    assert_eq!(program.eval(&withdraw).await, 200);
    // In a browser that has never had it.
    let page = world.open_in(watched(NARROW), "suq.html").await;
    page.wait_until(&live(1)).await;
    let notice = page.widget(0).text(".aw-notice").await;
    assert!(notice.contains("rút lại"), "{notice}");
    let mut walk = Walk::new(&page, "article-widget");
    walk.see("a withdrawn article").await;
    walk.end(1);
}

/// What stands there without a script of ours, without an article, and without Wasm.
#[tokio::test]
async fn what_stands_without_the_next_layer_is_accessible() {
    let world = World::start().await;
    let snippet =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/pages/full.html"))
            .expect("the page is there");
    world.write_page("no-script.html", &snippet.replace("/embed.js", "/no-such-loader.js"));
    let page = world.open_in(watched(NARROW), "no-script.html").await;
    let mut walk = Walk::new(&page, "article-widget");
    walk.see("no script").await;
    page.go(&world.url("unknown.html")).await;
    page.wait_until(&saw("error")).await;
    walk.see("no article").await;
    page.go(&world.url("csp-no-wasm.html")).await;
    page.wait_until(&saw("ready")).await;
    walk.see("no Wasm").await;
    click(&page, ".aw-share summary").await;
    click(&page, ".aw-qr summary").await;
    walk.see("the menu without Wasm").await;
    walk.end(4);
}

/// An article that the Wasm asks for by itself: on its way, not to be had, without a network.
#[tokio::test]
async fn waiting_for_an_article_is_accessible() {
    let world = World::start().await;
    for (state, words, before) in [
        ("on its way", "Đang tải", "globalThis.fetch = (url) => new Promise(() => {});"),
        ("not to be had", "Chưa tải được", ""),
        (
            "no network",
            "Không có mạng",
            "Object.defineProperty(navigator, 'onLine', { value: false });
            globalThis.fetch = () => Promise.reject(new TypeError('offline'));",
        ),
    ] {
        let scripts = [WATCH, WAIT].concat().leak();
        let page = world.open_in(View { before: scripts, ..NARROW }, "short.html").await;
        page.wait_until(&live(1)).await;
        page.eval(&format!("void eval({})", serde_json::Value::from(before))).await;
        page.eval(&format!("waitFor('{}/v1/embed/nobody')", world.publisher.origin())).await;
        wait_for(&page, ".aw-notice", words).await;
        let mut walk = Walk::new(&page, "article-widget");
        walk.see(state).await;
        walk.end(1);
    }
}

/// A test of the tests: what is put in is found.
#[tokio::test]
async fn every_planted_fault_is_found() {
    let world = World::start().await;
    let page = world.open_in(View { before: WATCH, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let body = page.widget(0).find(".aw-body");
    for (html, fault) in [
        ("<input name=nameless>", "label: "),
        ("<input name=nameless>", "no label: nameless"),
        ("<p style='color: #999'>Chữ nhạt</p>", "text of 2.8"),
        ("<p style='opacity: 0.5'>Chữ mờ</p>", "text of "),
        ("<input aria-label=Ô style='border: 1px solid #ccc'>", "a pale edge"),
        ("<p id=aw-title>Trùng</p>", "twice: #aw-title"),
        ("<p><span aria-describedby=nowhere>Đâu</span></p>", "leads nowhere: nowhere"),
        ("<button style='all: unset; width: 20px; height: 20px'>x</button>", "a target of 20x20"),
        ("<h5>Quá sâu</h5>", "to h5"),
        ("<div style='width: 1500px'>Rộng</div>", "the page is "),
        ("<p style='height: 20px; overflow: hidden'>Một<br>hai</p>", "cut off below"),
        (
            "<p style='width: 100px; overflow: hidden; white-space: nowrap; font: 10px/20px monospace'>abcdefgh ijklmno</p>",
            "spaced out: cut off at a side",
        ),
        ("<img src='data:,'>", "no alternative"),
    ] {
        page.eval(&format!(
            "void {body}.insertAdjacentHTML('beforeend', {})",
            serde_json::Value::from(format!("<div class=planted>{html}</div>"))
        ))
        .await;
        let found = faults(&page, "article-widget").await;
        assert!(found.iter().any(|found| found.contains(fault)), "{html}: {found:?}");
        page.eval(&format!("void {}.remove()", page.widget(0).find(".planted"))).await;
    }
    assert_eq!(faults(&page, "article-widget").await, Vec::<String>::new());
}
