//! Chromium by way of chromedriver, and of its DevTools.

use std::process::Command;

use axum::http::Method;
use fantoccini::Client;
use fantoccini::wd::Capabilities;
use serde_json::{Value, json};

use super::{Eyes, command as send, on_path, program};
use crate::support::page::View;

const PROGRAMS: [&str; 2] = ["chromium", "google-chrome"];
/// Headless, alone with its page, and without a sandbox, which root in a container has no right to.
const FLAGS: [&str; 13] = [
    "--headless",
    // A view is as wide as it says.
    "--hide-scrollbars",
    // A mouse, which containers have none of: it hovers, and points finely.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // See `super::PLAIN_HOST`.
    "--host-resolver-rules=MAP plain.example 127.0.0.1",
    // A person's: what says that it is headless is counted as a bot, and rightly.
    "--user-agent=Mozilla/5.0 (Linux; Android 14; SM-A057F) AppleWebKit/537.36 (KHTML, like Gecko) \
     Chrome/156.0.0.0 Mobile Safari/537.36",
];

pub(super) fn command() -> Command {
    let mut command = program(&["chromedriver"]);
    command.arg("--port=0");
    command
}

/// "ChromeDriver was started successfully on port 40123."
pub(super) fn port(line: &str) -> Option<u16> {
    line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

pub(super) fn capabilities(view: &View) -> Capabilities {
    let binary = on_path(&PROGRAMS).expect("chromium is on the PATH");
    let mut capabilities = Capabilities::new();
    let prefs = json!({ "webkit.webprefs.default_font_size": view.text });
    let options = json!({ "binary": binary, "args": FLAGS, "prefs": prefs });
    capabilities.insert("goog:chromeOptions".to_owned(), options);
    capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
    capabilities
}

pub(super) async fn look(client: &Client, view: &View) {
    let size = json!({
        "width": view.width, "height": view.height, "deviceScaleFactor": 1, "mobile": false,
    });
    devtools(client, "Emulation.setDeviceMetricsOverride", size).await;
    let scheme = if view.dark { "dark" } else { "light" };
    let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
    devtools(client, "Emulation.setEmulatedMedia", scheme).await;
    if view.touch {
        let touch = json!({ "enabled": true });
        devtools(client, "Emulation.setTouchEmulationEnabled", touch).await;
    }
    let before = json!({ "source": view.before });
    devtools(client, "Page.addScriptToEvaluateOnNewDocument", before).await;
}

/// What is not named goes back to what it was; a view's colours do not.
pub(super) async fn emulate(client: &Client, eyes: &[Eyes]) {
    let features: Vec<Value> = [
        (Eyes::ForcedColors, "forced-colors", "active"),
        (Eyes::MoreContrast, "prefers-contrast", "more"),
        (Eyes::ReducedMotion, "prefers-reduced-motion", "reduce"),
    ]
    .into_iter()
    .map(|(one, name, value)| {
        json!({ "name": name, "value": if eyes.contains(&one) { value } else { "" } })
    })
    .collect();
    let media = if eyes.contains(&Eyes::Print) { "print" } else { "" };
    let media = json!({ "media": media, "features": features });
    devtools(client, "Emulation.setEmulatedMedia", media).await;
}

/// Calls a method of the DevTools protocol.
pub(crate) async fn devtools(client: &Client, method: &str, parameters: Value) -> Value {
    let body = json!({ "cmd": method, "params": parameters });
    send(client, Method::POST, "goog/cdp/execute", body).await
}

/// What the console has received since the last call, `LEVEL text`.
pub(crate) async fn console(client: &Client) -> Vec<String> {
    let log = send(client, Method::POST, "se/log", json!({ "type": "browser" })).await;
    let entries = log.as_array().cloned().unwrap_or_default();
    let text =
        |entry: Value| Some(format!("{} {}", entry["level"].as_str()?, entry["message"].as_str()?));
    entries.into_iter().filter_map(text).collect()
}

pub(super) async fn picture(client: &Client) -> Value {
    let metrics = devtools(client, "Page.getLayoutMetrics", json!({})).await;
    let size = &metrics["cssContentSize"];
    let clip =
        json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
    let parameters = json!({ "captureBeyondViewport": true, "clip": clip });
    devtools(client, "Page.captureScreenshot", parameters).await["data"].take()
}
