//! The page from which partners take an article.

use fantoccini::Locator;
use serde_json::json;

use crate::accessibility::assert_accessible;
use crate::frames::counted;
use crate::scripts::{WATCH, live};
use crate::support::page::{Page, View};
use crate::support::world::World;

const ARTICLE: &str = "cho-dem-pho-nui";

#[tokio::test]
async fn a_webmaster_sees_what_readers_will_and_copies_it() {
    let world = World::start().await;
    let page = world.open(&format!("{}/a/{ARTICLE}/embed", world.publisher.origin())).await;
    page.wait_until(
        "[...document.querySelectorAll('button[data-copies]')].every(({ hidden }) => !hidden)",
    )
    .await;
    let copy =
        page.client.find(Locator::Css("button[data-copies=full]")).await.expect("it is there");
    copy.click().await.expect("it can be clicked");
    page.wait_until(
        "document.querySelector('button[data-copies=full] + span').textContent === 'Đã sao chép.'",
    )
    .await;
    let selected = "document.activeElement.value.startsWith('<link rel=\"preload\"')";
    assert_eq!(page.eval(selected).await, true);

    // The preview is alive, and is what was chosen.
    page.eval("void [...document.querySelectorAll('.choices a')].find(({ textContent }) => textContent === 'Tối').click()")
        .await;
    page.wait_until("location.search.includes('theme=dark') && document.readyState === 'complete'")
        .await;
    page.client.enter_frame(0).await.expect("there is a preview");
    let title = page.shadow_text(".aw-title").await;
    assert!(world.publisher.titles().contains(&title), "{title}");
    let paper = format!("getComputedStyle({}).backgroundColor", page.widget(0).find(".aw"));
    assert_eq!(page.eval(&paper).await, "rgb(24, 22, 20)");
    // Looked at for long enough, and refused by the preview's own policy.
    page.eval("void globalThis.scrollTo(0, 0)").await;
    page.wait_for_console("SEVERE", "/v1/views").await;
    assert_eq!(counted(&world), Vec::<String>::new());
}

/// Pasted into a page that lets in nothing but what is advised; style attributes are not among that.
#[tokio::test]
async fn the_policy_that_is_advised_is_enough_for_every_form() {
    let world = World::start().await;
    let shown = world.open(&format!("{}/a/{ARTICLE}/embed", world.publisher.origin())).await;
    let policy = field(&shown, "policy").await.replace('\n', " ");
    let frame_is_high = "document.querySelector('iframe').offsetHeight > 800".to_owned();
    for (form, style, is_there) in [
        ("full", " style=\"display:flow-root;min-height:100vh\"", live(1)),
        ("pinned", " style=\"display:flow-root;min-height:100vh\"", live(1)),
        ("frame", " style=\"border:0\"", frame_is_high),
    ] {
        let code = field(&shown, form).await;
        assert!(code.contains(style), "{code}");
        let header = format!("Content-Security-Policy: default-src 'none'; {policy}");
        let page = format!("<!-- header: {header} -->\n<!doctype html><meta charset=utf-8>");
        let name = format!("advised-{form}.html");
        world.write_page(&name, &(page + &code.replace(style, "")));
        let page = world.open_in(View { before: WATCH, ..View::DESKTOP }, &name).await;
        page.wait_until(&is_there).await;
        page.assert_no_console_error().await;
    }
}

/// What is copied from a field.
async fn field(page: &Page<'_>, id: &str) -> String {
    let value = page.eval(&format!("document.querySelector('#{id}').value")).await;
    value.as_str().expect("it is text").to_owned()
}

#[tokio::test]
async fn the_page_fits_and_is_accessible() {
    let world = World::start().await;
    let url = format!("{}/a/{ARTICLE}/embed", world.publisher.origin());
    for (name, view) in [
        ("narrow", View { width: 320, ..View::PHONE }),
        ("phone-dark", View { dark: true, ..View::PHONE }),
        ("desktop", View::DESKTOP),
    ] {
        let page = world.open_in(view, &url).await;
        page.wait_until("!document.querySelector('button[data-copies]').hidden").await;
        let overflow =
            "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(page.eval(overflow).await, 0, "{name}: the page scrolls sideways");
        assert_accessible(&page, "main", name).await;
        page.screenshot(&format!("republish-{name}")).await;
    }
}

#[tokio::test]
async fn a_partners_page_is_checked_without_any_script_of_ours() {
    let world = World::configured(|config| {
        config.check_networks =
            ["127.0.0.0/8", "::1/128"].map(|net| net.parse().expect("a network")).into();
    })
    .await;
    let page = world.open(&format!("{}/a/{ARTICLE}/embed", world.publisher.origin())).await;
    for (name, expected) in [
        ("csp.html", json!(["good"])),
        ("csp-no-wasm.html", json!(["warning"])),
        ("index.html", json!([])),
    ] {
        let typed = world.url(name);
        page.eval(&format!("void (document.querySelector('#page').value = '{typed}')")).await;
        page.eval("void document.querySelector('form[action*=check] button').click()").await;
        let done = format!(
            "document.readyState === 'complete' && document.querySelector('.secret')?.textContent.includes('{name}')"
        );
        page.wait_until(&done).await;
        let found =
            "[...document.querySelectorAll('.findings li')].map(({ className }) => className)";
        let found = page.eval(found).await;
        if expected != json!([]) {
            assert_eq!(found, expected, "{name}");
        }
        assert_accessible(&page, "#check", name).await;
        page.screenshot(&format!("republish-check-{name}")).await;
    }
}
