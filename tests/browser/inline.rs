//! Reading on in place: `navigate="inline"`.
//!
//! docs/host-contract.md, "Reading on in place", line by line:
//!
//! | what it says | test |
//! |---|---|
//! | a plain click shows the article in the widget; focus, scroll, event, view, share links | `a_click_shows_the_next_article_and_the_way_back_restores_the_former` |
//! | the page's history, address and hash stay | the same |
//! | back: the article, the scroll position, the focus | the same |
//! | with no Wasm | `it_needs_no_wasm` |
//! | what is another kind of click is the browser's | `other_clicks_and_other_links_are_the_browsers` |
//! | fetched ahead, once, and not where the reader saves data | `it_is_fetched_ahead_once_and_not_for_who_saves_data` |
//! | what cannot be had is a plain link | `what_cannot_be_had_is_followed_as_a_link` |
//! | a form that is open is kept, both ways | `a_form_that_is_open_is_there_when_the_reader_comes_back` |
//! | `load` and attributes begin anew; `destroy` ends all | `what_the_partner_asks_for_takes_the_way_back_away` |
//! | `navigate` applies when it changes | `navigate_applies_when_it_changes` |
//! | a trap of the Wasm while away | `a_trap_loses_no_article` |
//! | accessible | `the_way_back_is_accessible_and_fits`, `a_keyboard_is_enough` |

use fantoccini::key::Key;
use serde_json::json;

use crate::accessibility::assert_accessible;
use crate::feedback::fill;
use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };
const FIRST: &str = "document.querySelector('article-widget')";
const START: &str = "Cà phê vào vụ hái";
const NEXT: &str = "cho-dem-pho-nui";
const NEXT_TITLE: &str = "Chợ đêm phố núi";
const THIRD: &str = "thu-vien-tren-thuyen";
const READ: [&str; 3] = ["ca-phe-vao-vu-hai", NEXT, THIRD];

/// Opens a page once the publisher has a list to show in it.
pub(crate) async fn open<'world>(world: &'world World, view: View, name: &str) -> Page<'world> {
    world.write_page("blank.html", "<!doctype html><meta charset=utf-8>");
    let page = world.open_in(view, "blank.html").await;
    let publisher = world.publisher.origin();
    for article in READ {
        page.eval(&format!(
            "fetch('{publisher}/v1/views', {{ method: 'POST', body: `{{\"article\":\"{article}\",\"view\":\"${{crypto.randomUUID()}}\",\"page\":\"${{location.origin}}/\"}}` }}).then(({{ status }}) => status)"
        ))
        .await;
        page.wait_until(&format!(
            "fetch('{publisher}/v1/embed/{article}?window=all', {{ cache: 'reload' }}).then((answer) => answer.json())
                .then(({{ most_read }}) => {article:?} !== {THIRD:?} || most_read?.items.length === 3)"
        ))
        .await;
    }
    for article in READ {
        page.wait_until(&format!(
            "fetch('{publisher}/v1/embed/{article}?window=all', {{ cache: 'reload' }}).then((answer) => answer.json())
                .then(({{ most_read }}) => most_read?.items.length === 3)"
        ))
        .await;
    }
    page.go(&world.url(name)).await;
    page.wait_until(&shows(START)).await;
    page
}

/// Whether the title of what is shown begins so.
fn shows(title: &str) -> String {
    format!(
        "{FIRST}.shadowRoot?.querySelector('.aw-title')?.textContent.trim().startsWith('{title}')"
    )
}

/// The link to an article in the list.
fn link(article: &str) -> String {
    format!("{FIRST}.shadowRoot.querySelector('.aw-rank[href$=\"/a/{article}\"]')")
}

/// Clicks as a reader does, at the place where it is.
async fn click(page: &Page<'_>, selector: &str) {
    page.widget(0).element(selector).await.click().await.expect("it can be clicked");
}

/// The links are heard when what hears them has come.
const HEARD: &str =
    "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/inline.js'))";

/// Clicks the article in the list, and waits until it is shown.
pub(crate) async fn follow(page: &Page<'_>, article: &str) {
    page.wait_until(HEARD).await;
    click(page, &format!(".aw-rank[href$='/a/{article}']")).await;
    page.wait_until(&format!("{}?.getAttribute('aria-current') === 'true'", link(article))).await;
}

async fn go_back(page: &Page<'_>) {
    click(page, ".aw-back").await;
}

fn focused(selector: &str) -> String {
    format!("!!{FIRST}.shadowRoot.activeElement?.matches('{selector}')")
}

#[tokio::test]
async fn a_click_shows_the_next_article_and_the_way_back_restores_the_former() {
    const VIEWS: &str = "
        globalThis.views = [];
        addEventListener('article-widget:view', ({ detail }) => views.push(detail));
        globalThis.readable = [];
        addEventListener('article-widget:ready', ({ detail }) => detail.state === 'readable' && readable.push(detail.article));";
    let world = World::start().await;
    let before = [WATCH, VIEWS].concat().leak();
    let page = open(&world, View { before, ..View::PHONE }, "inline.html").await;
    page.wait_until(&live(1)).await;
    page.wait_until("views.length === 1").await;
    let place = "[history.length, location.href, location.hash]";
    let there = page.eval(place).await;

    page.eval(&format!("void {}.scrollIntoView({{ block: 'center' }})", link(NEXT))).await;
    let scrolled = page.eval("scrollY").await;
    assert!(scrolled.as_f64() > Some(500.0), "the list is far down: {scrolled}");
    follow(&page, NEXT).await;
    page.wait_until(&shows(NEXT_TITLE)).await;
    page.wait_until(&focused(".aw-title")).await;
    // An engine that went to the page's top while the former article was gone shows what is above, too.
    let above = "document.querySelector('#above').getBoundingClientRect().bottom + 40";
    let is_there = format!(
        "(top => top > -1 && top <= Math.max(0, {above}))({FIRST}.getBoundingClientRect().top)"
    );
    assert_eq!(page.eval(&is_there).await, true, "its top is where the window begins, or the page");
    assert_eq!(
        page.eval(&format!("{FIRST}.article")).await,
        READ[0],
        "the attribute is the partner's"
    );
    assert_eq!(page.eval("readable").await, json!([READ[0], NEXT]));
    page.wait_until("views.length === 2").await;
    let views = page.eval("views").await;
    assert_eq!(views[1]["article"], NEXT);
    assert_ne!(views[0]["view"], views[1]["view"]);
    let widget = page.widget(0);
    for selector in ["[data-channel=print] a", "[data-channel=facebook] a"] {
        let href = page.eval(&format!("{}.href", widget.find(selector))).await;
        assert!(href.as_str().is_some_and(|href| href.contains(NEXT)), "{href}");
    }
    assert_eq!(widget.text(".aw-back").await, "‹ Quay lại");

    // One further, and all the way back.
    follow(&page, THIRD).await;
    assert_eq!(page.eval(place).await, there);
    go_back(&page).await;
    page.wait_until(&shows(NEXT_TITLE)).await;
    page.wait_until(&focused(&format!(".aw-rank[href$=\"/a/{THIRD}\"]"))).await;
    go_back(&page).await;
    page.wait_until(&shows(START)).await;
    page.wait_until(&focused(&format!(".aw-rank[href$=\"/a/{NEXT}\"]"))).await;
    assert_eq!(page.eval("scrollY").await, scrolled);
    assert_eq!(page.eval(&widget.find(".aw-back")).await, json!(null));
    assert_eq!(page.eval(place).await, there);
    assert_eq!(
        page.eval("views.length").await,
        2 + u64::from(
            page.eval("views.some(({ article }) => article === 'thu-vien-tren-thuyen')").await
                == true
        )
    );
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// To a title of the list, into its article, and by the way back to where the focus was.
#[tokio::test]
async fn a_keyboard_is_enough() {
    let world = World::start().await;
    let page = open(&world, WATCHED, "inline.html").await;
    page.wait_until(&live(1)).await;
    page.wait_until(HEARD).await;
    tab_to(&page, &format!(".aw-rank[href$=\"/a/{NEXT}\"]")).await;
    page.press(&[Key::Enter]).await;
    page.wait_until(&shows(NEXT_TITLE)).await;
    page.wait_until(&focused(".aw-title")).await;
    // The way back stands before the title: from what is above the widget it is the next stop.
    page.eval(
        "(above => void (above.tabIndex = -1, above.focus()))(document.querySelector('#above'))",
    )
    .await;
    tab_to(&page, ".aw-back").await;
    page.press(&[Key::Enter]).await;
    page.wait_until(&shows(START)).await;
    page.wait_until(&focused(&format!(".aw-rank[href$=\"/a/{NEXT}\"]"))).await;
    assert_eq!(page.eval("errors").await, json!([]));
}

async fn tab_to(page: &Page<'_>, selector: &str) {
    for _ in 0..80 {
        if page.eval(&focused(selector)).await == true {
            return;
        }
        page.press(&[Key::Tab]).await;
    }
    panic!("no Tab leads to {selector}");
}

#[tokio::test]
async fn it_needs_no_wasm() {
    let world = World::start().await;
    let html =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/pages/inline.html"))
            .expect("the page is there");
    // Engines differ in whether a policy keeps Wasm out before it is fetched; without this name, all do.
    let without = "<script>delete globalThis.WebAssembly</script>";
    world.write_page(
        "inline-no-wasm.html",
        &html.replacen("</title>", &["</title>", without].concat(), 1),
    );
    let page = open(&world, WATCHED, "inline-no-wasm.html").await;
    assert_eq!(page.eval("'WebAssembly' in window").await, false);
    follow(&page, NEXT).await;
    page.wait_until(&shows(NEXT_TITLE)).await;
    go_back(&page).await;
    page.wait_until(&shows(START)).await;
    let wasm =
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm'))";
    assert_eq!(page.eval(wasm).await, false);
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn other_clicks_and_other_links_are_the_browsers() {
    let world = World::start().await;
    let page = open(&world, WATCHED, "inline.html").await;
    page.wait_until(&live(1)).await;
    page.wait_until(
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/inline.js'))",
    )
    .await;
    // Whether it is taken, asked of the page around, which then keeps all of them from leading away.
    page.eval(
        "void (globalThis.taken = [], addEventListener('click', (event) => {
            taken.push(event.defaultPrevented);
            event.preventDefault();
        }), globalThis.press = (link, how) =>
            link.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, ...how })))"
    )
    .await;
    let cases = format!(
        "[{{ ctrlKey: true }}, {{ metaKey: true }}, {{ shiftKey: true }}, {{ altKey: true }}, {{ button: 1 }}].forEach((how) => press({0}, how)),
         {0}.target = '_blank', press({0}), {0}.removeAttribute('target'),
         {1}.href = 'https://elsewhere.example/a/{THIRD}', press({FIRST}.shadowRoot.querySelector('[href*=elsewhere]')),
         press({FIRST}.shadowRoot.querySelector('[data-channel=print] a'))",
        link(NEXT),
        link(THIRD)
    );
    page.eval(&format!("void ({cases})")).await;
    assert_eq!(
        page.eval("taken").await,
        json!([false, false, false, false, false, false, false, false])
    );
    page.eval(&format!("void press({})", link(NEXT))).await;
    assert_eq!(page.eval("taken.at(-1)").await, true);
    page.wait_until(&shows(NEXT_TITLE)).await;
    // The article that is shown is in the list too: its link leads to its top.
    page.eval(&format!("void ({0}.focus(), press({0}))", link(NEXT))).await;
    assert_eq!(page.eval("taken.at(-1)").await, true);
    page.wait_until(&focused(".aw-title")).await;
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn it_is_fetched_ahead_once_and_not_for_who_saves_data() {
    const SAVES: &str =
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });";
    const ASKED: &str = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/v1/embed/cho-dem-pho-nui')).length";
    let world = World::start().await;
    for (saves, expected) in [(false, 1), (true, 0)] {
        let before = [WATCH, if saves { SAVES } else { "" }].concat().leak();
        let page = open(&world, View { before, ..View::DESKTOP }, "inline.html").await;
        page.wait_until("performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/inline.js'))").await;
        // Attached one turn after it came.
        page.wait_until(&format!("{FIRST}.shadowRoot.querySelector('.aw-rank') !== null")).await;
        page.eval(&format!(
            "void ['pointerover', 'touchstart', 'pointerover'].forEach((type) => {}.dispatchEvent(new Event(type, {{ bubbles: true }})))",
            link(NEXT)
        ))
        .await;
        page.eval(&format!("void {}.focus()", link(NEXT))).await;
        if !saves {
            page.wait_until(&format!("{ASKED} > 0")).await;
        }
        page.eval(
            "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
        )
        .await;
        assert_eq!(page.eval(ASKED).await, expected);
    }
}

#[tokio::test]
async fn what_cannot_be_had_is_followed_as_a_link() {
    const CUT: &str = "
        const real = globalThis.fetch;
        globalThis.fetch = (url, options) =>
          String(url).includes('/v1/embed/cho-dem-pho-nui') && top.location.pathname !== '/blank.html' ? Promise.reject(new TypeError('cut')) : real(url, options);";
    let world = World::start().await;
    let before = [WATCH, CUT].concat().leak();
    let page = open(&world, View { before, ..View::DESKTOP }, "inline.html").await;
    page.wait_until(
        "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/inline.js'))",
    )
    .await;
    page.wait_until(&live(1)).await;
    click(&page, &format!(".aw-rank[href$='/a/{NEXT}']")).await;
    let there = format!("location.href === '{}/a/{NEXT}'", world.publisher.origin());
    page.wait_until(&there).await;
}

#[tokio::test]
async fn a_form_that_is_open_is_there_when_the_reader_comes_back() {
    let world = World::start().await;
    let page = open(&world, WATCHED, "inline.html").await;
    page.wait_until(&live(1)).await;
    let name = format!("{}?.value", page.widget(0).find("input[name=name]"));
    click(&page, "[data-open=feedback]").await;
    fill(&page, "input[name=name]", "Nguyễn Thị Mẫu").await;
    // Another list, asked for by the partner meanwhile, waits for them too.
    follow(&page, NEXT).await;
    page.eval(&format!("void ({FIRST}.mostRead = '7d')")).await;
    page.wait_until(&live(2)).await;
    assert_eq!(page.eval(&name).await, json!(null));
    click(&page, "[data-open=feedback]").await;
    fill(&page, "input[name=name]", "Trần Văn Thử").await;
    go_back(&page).await;
    page.wait_until(&format!("{name} === 'Nguyễn Thị Mẫu'")).await;
    follow(&page, NEXT).await;
    page.wait_until(&format!("{name} === 'Trần Văn Thử'")).await;
    go_back(&page).await;
    page.wait_until(&format!("{name} === 'Nguyễn Thị Mẫu'")).await;
    // It is alive as it was: the form closes.
    click(&page, "form button[type=button]").await;
    page.wait_until(&format!("!{}?.checkVisibility()", page.widget(0).find("form"))).await;
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn what_the_partner_asks_for_takes_the_way_back_away() {
    let world = World::start().await;
    let page = open(&world, WATCHED, "inline.html").await;
    page.wait_until(&live(1)).await;
    let bar = format!("!!{}", page.widget(0).find(".aw-back"));
    for call in [
        format!("{FIRST}.load('{THIRD}')"),
        format!("({FIRST}.lang = 'en')"),
        format!("({FIRST}.article = '{}')", READ[0]),
    ] {
        follow(&page, NEXT).await;
        page.wait_until(&bar).await;
        page.eval(&format!("void {call}")).await;
        page.wait_until(&format!("!{bar}")).await;
        page.wait_until(&format!("!!{}", page.widget(0).find(".aw-rank"))).await;
    }
    page.wait_until(&shows(START)).await;
    follow(&page, NEXT).await;
    page.eval(&format!("void {FIRST}.destroy()")).await;
    assert_eq!(page.eval(&bar).await, false);
    assert_eq!(page.eval(&format!("{FIRST}.querySelector('a').checkVisibility()")).await, true);
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn navigate_applies_when_it_changes() {
    let world = World::start().await;
    let page = open(&world, WATCHED, "inline.html").await;
    page.wait_until(&live(1)).await;
    page.eval(&format!("void ({FIRST}.navigate = 'link')")).await;
    page.eval("void addEventListener('click', (event) => { globalThis.taken = event.defaultPrevented; event.preventDefault(); })").await;
    click(&page, &format!(".aw-rank[href$='/a/{NEXT}']")).await;
    assert_eq!(page.eval("taken").await, false);
    page.eval(&format!("void ({FIRST}.navigate = 'inline')")).await;
    follow(&page, NEXT).await;
    page.wait_until(&shows(NEXT_TITLE)).await;
    assert_eq!(page.eval("taken").await, true);
    assert_eq!(page.eval("errors").await, json!([]));
}

/// The Wasm dies while one article is shown and another one is put away.
#[tokio::test]
async fn a_trap_loses_no_article() {
    let world = World::start().await;
    let page = open(&world, WATCHED, "inline.html").await;
    page.wait_until(&live(1)).await;
    follow(&page, NEXT).await;
    page.wait_until(&live(2)).await;
    page.eval("void (Node.prototype.insertBefore = () => { throw new Error('forced'); })").await;
    click(&page, "[data-open=feedback]").await;
    let plain = format!("!!{}", page.widget(0).find("a[data-open=feedback]:not([role])"));
    page.wait_until(&plain).await;
    page.wait_until(&shows(NEXT_TITLE)).await;
    go_back(&page).await;
    page.wait_until(&shows(START)).await;
    page.wait_until(&plain).await;
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn the_way_back_is_accessible_and_fits() {
    let world = World::start().await;
    for (name, view) in [
        ("phone-dark", View { dark: true, width: 320, before: WATCH, ..View::PHONE }),
        ("desktop", WATCHED),
    ] {
        let page = open(&world, view, "inline.html").await;
        page.wait_until(&live(1)).await;
        follow(&page, NEXT).await;
        page.wait_until(&shows(NEXT_TITLE)).await;
        page.wait_until(&live(2)).await;
        assert_accessible(&page, "article-widget", name).await;
        let height = page
            .eval(&format!("{}.getBoundingClientRect().height", page.widget(0).find(".aw-back")))
            .await;
        assert!(height.as_f64() >= Some(24.0), "a finger finds it: {height}");
        let overflow =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.eval(overflow).await, 0, "{name}");
        page.screenshot(&format!("inline-{name}")).await;
    }
}
