//! The page from which partners take an article.

use fantoccini::Locator;
use serde_json::json;

use crate::accessibility::assert_accessible;
use crate::frames::counted;
use crate::support::page::View;
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
