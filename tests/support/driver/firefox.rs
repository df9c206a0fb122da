//! Firefox by way of geckodriver.

use std::process::Command;

use axum::http::Method;
use fantoccini::Client;
use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::{Eyes, PLAIN_HOST, command as send, on_path, program};
use crate::support::early;
use crate::support::page::View;

const PROGRAMS: [&str; 2] = ["firefox-esr", "firefox"];
/// Where `cargo xtask test` builds it.
const BUILT: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/target/tools/geckodriver-0.37.1/bin/geckodriver");
/// A person's. Firefox does not say that it is headless; the end is the harness's.
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";

pub(super) fn command() -> Command {
    let mut command = program(&[BUILT, "geckodriver"]);
    // The browser's own window can be sized by nothing else: its borders have a width at the least.
    command.args(["--port=0", "--websocket-port=0", "--allow-system-access"]);
    command
}

/// "1700000000000 geckodriver INFO Listening on 127.0.0.1:40123"
pub(super) fn port(line: &str) -> Option<u16> {
    line.rsplit_once("Listening on 127.0.0.1:")?.1.trim().parse().ok()
}

pub(super) fn capabilities(view: &View) -> Capabilities {
    let binary = on_path(&PROGRAMS).expect("firefox is on the PATH");
    // 1: a finger; 6: a mouse, which hovers and points finely.
    let pointer = if view.touch { 1 } else { 6 };
    let options = json!({
        "binary": binary,
        "args": ["-headless"],
        // Room for the widest view and what is around it.
        "env": { "MOZ_HEADLESS_WIDTH": "1600", "MOZ_HEADLESS_HEIGHT": "1000" },
        "prefs": {
            "general.useragent.override": early::mark(AGENT, view.before),
            "layout.css.prefers-color-scheme.content-override": i32::from(!view.dark),
            "ui.primaryPointerCapabilities": pointer,
            "ui.allPointerCapabilities": pointer,
            "dom.w3c_touch_events.enabled": i32::from(view.touch),
            // A view is as wide as it says.
            "ui.useOverlayScrollbars": 1,
            "font.size.variable.x-western": view.text,
            "network.dns.localDomains": PLAIN_HOST,
            // Tab goes to links too, as it does everywhere but on a Mac.
            "accessibility.tabfocus": 7,
        },
    });
    let mut capabilities = Capabilities::new();
    capabilities.insert("moz:firefoxOptions".to_owned(), options);
    capabilities
}

/// The browser's window is wide; within it a page gets as much as the view says, in every tab.
pub(super) async fn look(client: &Client, view: &View) {
    client.set_window_rect(0, 0, 1600, 1000).await.expect("a window has a size");
    let size = format!(
        ".browserStack > browser {{ flex: none !important; {} }}",
        [("width", view.width), ("height", view.height)]
            .map(|(side, pixels)| {
                let each = ["", "min-", "max-"];
                each.map(|least| format!("{least}{side}: {pixels}px !important;")).concat()
            })
            .concat()
    );
    let script = "windowUtils.loadSheetUsingURIString('data:text/css,' + encodeURIComponent(arguments[0]), windowUtils.AUTHOR_SHEET)";
    context(client, "chrome").await;
    client.execute(script, vec![Value::from(size)]).await.expect("the window takes a style");
    context(client, "content").await;
    super::wait_for_size(client, view.width, view.height).await;
}

/// What is not named goes back to what it was.
pub(super) async fn emulate(client: &Client, eyes: &[Eyes]) {
    const SET: &str = "
        const [print, forced, contrast, still] = arguments;
        gBrowser.selectedBrowser.browsingContext.mediumOverride = print ? 'print' : '';
        // Whose colours are taken: 1, the page's; 2, the reader's.
        Services.prefs.setIntPref('browser.display.document_color_use', forced ? 2 : 1);
        Services.prefs.setIntPref('ui.useAccessibilityTheme', contrast ? 1 : 0);
        Services.prefs.setIntPref('ui.prefersReducedMotion', still ? 1 : 0);";
    let all = [Eyes::Print, Eyes::ForcedColors, Eyes::MoreContrast, Eyes::ReducedMotion];
    let given = all.map(|one| Value::from(eyes.contains(&one))).to_vec();
    context(client, "chrome").await;
    client.execute(SET, given).await.expect("the browser takes settings");
    context(client, "content").await;
    // They are heard of a moment later.
    let media = [
        ("print", Eyes::Print),
        ("(forced-colors: active)", Eyes::ForcedColors),
        ("(prefers-reduced-motion: reduce)", Eyes::ReducedMotion),
    ];
    for (query, one) in media {
        let matches = format!("matchMedia('{query}').matches === {}", eyes.contains(&one));
        super::wait_until(client, &matches).await;
    }
}

/// Whose scripts are executed: the browser's own, or the page's.
async fn context(client: &Client, name: &str) {
    send(client, Method::POST, "moz/context", json!({ "context": name })).await;
}
