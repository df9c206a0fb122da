//! Which ways to share are offered, and what each of them does in place.

use serde_json::json;

use super::{DIALOG, WATCHED, click, open_menu, shared, wait_for_focus, wait_for_status, watched};
use crate::scripts::{live, saw};
use crate::support::driver::Engine;
use crate::support::page::View;
use crate::support::world::World;

/// The menu's ways, in its order.
const ORDER: &str = "[...document.querySelector('article-widget').shadowRoot.querySelectorAll('.aw-menu > li')]\
                     .map((item) => item.dataset.channel)";

/// A snippet with the attribute, under a policy that ends at L1 or in a page that goes on to L2.
fn choosing(share: &str, policy: &str) -> String {
    let policy = match policy {
        "" => String::new(),
        policy => format!("<!-- header: Content-Security-Policy: script-src {policy} -->\n"),
    };
    format!(
        "{policy}<!doctype html><article-widget src='https://news.example' article='cho-dem-pho-nui' \
         share='{share}'></article-widget><script async src='https://news.example/embed.js'></script>"
    )
}

#[tokio::test]
async fn a_partner_chooses_ways_and_order_in_every_layer() {
    const REMEMBER: &str = "
        addEventListener('article-widget:ready', ({ target, detail }) => {
          if (detail.state === 'readable') globalThis.early = [...target.shadowRoot.querySelectorAll('.aw-menu > li')];
        });";
    let world = World::start().await;
    let chosen = json!(["zalo", "qr", "copy"]);
    world.write_page("l1.html", &choosing("zalo, qr,smoke,copy,zalo", "https://news.example"));
    let page = world.open_in(WATCHED, "l1.html").await;
    page.wait_until(&saw("ready")).await;
    assert_eq!(page.eval(ORDER).await, chosen);
    let help = page.eval(&format!("{}.href", page.widget(0).find("[data-channel=zalo] a"))).await;
    let help = help.as_str().expect("a link").to_owned();
    assert!(help.contains("/a/cho-dem-pho-nui/share?s=z-") && help.ends_with("&lang=vi"), "{help}");
    assert!(!help.contains("s=z-0&"), "the partner's half is missing: {help}");

    world.write_page("l2.html", &choosing("zalo, qr,smoke,copy,zalo", ""));
    let page = world.open_in(watched(View::DESKTOP, REMEMBER), "l2.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval(ORDER).await, chosen);
    let items = page.widget(0).find(".aw-menu");
    let same = format!("early.length === 3 && early.every((item) => item.parentNode === {items})");
    assert_eq!(page.eval(&same).await, true, "the script has taken over what was there");
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;

    // It may change its mind, also to no button at all.
    page.eval("document.querySelector('article-widget').setAttribute('share', 'x,facebook')").await;
    page.wait_until(&live(2)).await;
    assert_eq!(page.eval(ORDER).await, json!(["x", "facebook"]));
    page.eval("document.querySelector('article-widget').setAttribute('share', 'off')").await;
    page.wait_until(&live(3)).await;
    let widget = page.widget(0);
    assert_eq!(page.eval(&format!("{} === null", widget.find(".aw-share"))).await, true);
    assert_ne!(page.eval(&format!("{} === null", widget.find("[data-open=feedback]"))).await, true);
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn a_partner_adds_no_way_that_the_publisher_has_not_and_the_script_says_the_same() {
    let publishers = ["facebook", "copy", "zalo"].map(str::to_owned).to_vec();
    let world = World::configured(|config| config.settings.channels = publishers).await;
    world.write_page(
        "script.html",
        "<!doctype html><script src='https://news.example/embed.js' data-article='cho-dem-pho-nui' \
         data-share='telegram,zalo,facebook'></script>",
    );
    let page = world.open_in(WATCHED, "script.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval(ORDER).await, json!(["zalo", "facebook"]));
    let page = world.open_in(WATCHED, "short.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval(ORDER).await, json!(["facebook", "copy", "zalo"]));
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn zalo_is_the_browsers_dialog_where_there_is_one() {
    let world = World::start().await;
    let page = world.open_in(watched(View::PHONE, DIALOG), "short.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval(ORDER).await[0], "native");
    open_menu(&page).await;
    page.eval("void (globalThis.refused = true)").await;
    click(&page, "[data-channel=zalo] button").await;
    page.wait_until("dialogs.length === 1").await;
    page.eval("void (globalThis.refused = false)").await;
    for (channel, letter) in [("zalo", "z"), ("native", "n")] {
        open_menu(&page).await;
        click(&page, &format!("[data-channel={channel}] button")).await;
        page.wait_until(&shared(channel)).await;
        let url = page.eval("dialogs.at(-1).url").await;
        let url = url.as_str().expect("a link").to_owned();
        assert!(url.contains(&format!("/a/cho-dem-pho-nui?s={letter}-")), "{url}");
    }
    // What the reader did not go through with is no share.
    let zalos = "seen.filter(({ name, word }) => name === 'share' && word === 'zalo').length";
    assert_eq!(page.eval(zalos).await, 1);
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn the_link_is_copied_where_the_clipboard_is_absent_or_forbidden() {
    const ABSENT: &str =
        "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });";
    const COPIED: &str = "
        addEventListener('copy', (event) => (globalThis.copied = event.composedPath()[0].value), true);
        // Where the browser knows no policy for it, the clipboard is there all the same.
        const write = navigator.clipboard?.writeText;
        if (write) navigator.clipboard.writeText = async (text) => {
          await write.call(navigator.clipboard, text);
          globalThis.copied = text;
        };";
    let world = World::start().await;
    world.write_page(
        "forbidden.html",
        &[
            "<!-- header: Permissions-Policy: clipboard-write=(), web-share=() -->\n",
            &choosing("copy", ""),
        ]
        .concat(),
    );
    for (before, path) in [(ABSENT, "short.html"), ("", "forbidden.html")] {
        let view = watched(View::PHONE, &[before, COPIED].concat());
        let page = world.open_in(view, path).await;
        page.wait_until(&live(1)).await;
        open_menu(&page).await;
        click(&page, "[data-channel=copy] button").await;
        wait_for_status(&page, "Đã sao chép liên kết.").await;
        let copied = page.eval("copied").await;
        let copied = copied.as_str().expect("text").to_owned();
        assert!(copied.contains("/a/cho-dem-pho-nui?s=c-"), "{path}: {copied}");
        wait_for_focus(&page, "aw-button").await;
        assert_eq!(page.eval("errors").await, json!([]));
    }
}

#[tokio::test]
async fn a_link_that_nothing_may_copy_is_shown_and_is_no_share() {
    const NO_COPY: &str = "
        Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });
        Document.prototype.execCommand = () => false;";
    let world = World::start().await;
    let page = world.open_in(watched(View::PHONE, NO_COPY), "short.html").await;
    page.wait_until(&live(1)).await;
    open_menu(&page).await;
    click(&page, "[data-channel=zalo] button").await;
    let link = page.widget(0).find(".aw-status input");
    page.wait_until(&format!("{link}?.value.includes('/a/cho-dem-pho-nui?s=z-')")).await;
    assert_eq!(page.eval(&saw("share")).await, false);
}

#[tokio::test]
async fn a_qr_code_is_asked_for_when_it_is_opened_and_counts_once() {
    // The page's icon, which is one of the pictures that its policy allows, is no code that a reader asked for.
    const CODES: &str = "performance.getEntriesByType('resource').map(({ name }) => name)\
                         .filter((name) => name.includes('/qr.svg?s='))";
    let world = World::start().await;
    world.write_page("l1.html", &choosing("copy,qr", "https://news.example"));
    for (path, ready) in [("l1.html", saw("view")), ("csp.html", live(1))] {
        let page = world.open_in(WATCHED, path).await;
        page.wait_until(&ready).await;
        open_menu(&page).await;
        // Another picture that is not there yet comes in its own time; a code would have come before it.
        page.eval(&format!(
            "new Promise((resolve) => {{
                const probe = new Image();
                probe.onload = resolve;
                probe.src = '{}/media/cho-dem-pho-nui-960.jpg?probe';
            }}).then(() => new Promise(requestAnimationFrame))",
            world.publisher.origin(),
        ))
        .await;
        assert_eq!(page.eval(CODES).await, json!([]), "{path}: nobody has asked for a code");

        let image = page.widget(0).find(".aw-code");
        for _ in 0..3 {
            click(&page, ".aw-qr > summary").await;
            page.wait_until(&format!("{image}.complete")).await;
        }
        page.wait_until(&format!("{image}.naturalWidth > 0")).await;
        let codes = page.eval(CODES).await;
        let code = codes[0].as_str().expect("one was asked for").to_owned();
        assert!(code.contains("/a/cho-dem-pho-nui/qr.svg?s=q-") && !code.ends_with("-0"), "{code}");
        assert_eq!(codes.as_array().map(Vec::len), Some(1));
        if path == "csp.html" {
            let counted =
                "seen.filter(({ name, word }) => name === 'share' && word === 'qr').length";
            assert_eq!(page.eval(counted).await, 1);
            page.assert_no_console_error().await;
        }
    }
}

#[tokio::test]
async fn messenger_is_offered_where_it_can_be_reached() {
    let shown = |selector: &str| {
        format!(
            "(document.querySelector('article-widget').shadowRoot.querySelector('[data-channel=messenger]{selector}')\
             ?.getClientRects().length ?? 0) > 0"
        )
    };
    for (app, mouse_sees, phone_sees) in
        [(None, [false, false], [true, false]), (Some("42"), [false, true], [true, false])]
    {
        let world =
            World::configured(|config| config.settings.facebook_app = app.map(str::to_owned)).await;
        for (touch, expected) in [(false, mouse_sees), (true, phone_sees)] {
            if touch && !Engine::chosen().has_touch() {
                continue;
            }
            let page = world.open_in(View { touch, ..WATCHED }, "short.html").await;
            page.wait_until(&live(1)).await;
            open_menu(&page).await;
            let links = [
                " a[href^=fb-messenger]",
                " a[href^=\"https://www.facebook.com/dialog/send?app_id=42\"]",
            ];
            for (link, expected) in links.into_iter().zip(expected) {
                let seen = page.eval(&shown(link)).await;
                assert_eq!(seen, expected, "{app:?}, touch {touch}: {link}");
            }
            // No empty place is left in the menu.
            let seen = page.eval(&shown("")).await;
            assert_eq!(seen, expected.contains(&true), "{app:?}, touch {touch}");
        }
    }
}
