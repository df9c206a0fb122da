//! One load of one page, on a slow network and a slow phone, in a profile of its own.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::bench::chromium::{Chromium, Tab};
use crate::bench::variant::Variant;

/// Figures by name. What a page does not have is missing.
pub(super) type Figures = BTreeMap<&'static str, f64>;

/// What `observe.js` tells.
const SEEN: [&str; 9] =
    ["readable", "whole", "live", "first", "largest", "picture", "shift", "before", "during"];
/// In bytes a second: 1.6 Mbit/s and 750 kbit/s.
const DOWN: u32 = 200_000;
const UP: u32 = 93_750;
/// In milliseconds, for each request.
const LATENCY: u32 = 150;
/// How many times slower than this machine.
const SLOWER: u32 = 4;
/// A page is done when nothing came for as long.
const QUIET: Duration = Duration::from_millis(300);
/// At rest it is once the view is counted, too, which takes a second of looking.
const VIEWED: Duration = Duration::from_millis(1_700);
/// How long it is looked at when it is at rest.
const REST: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(60);

/// Loads `url` and gives its figures, with `rest` also what it does when it is done.
///
/// # Errors
/// If it does not come to rest, or the browser fails.
pub(super) fn load(
    chromium: &mut Chromium,
    variant: Variant,
    url: &str,
    rest: bool,
) -> Result<Figures> {
    let tab = chromium.open()?;
    prepare(chromium, &tab, variant)?;
    chromium.call(Some(&tab), "Page.navigate", json!({ "url": url }))?;
    let mut traffic = Traffic::default();
    settle(chromium, &tab, &mut traffic, variant.is_live()).with_context(|| url.to_owned())?;
    let seen = chromium.evaluate(&tab, "figures()")?;
    let mut figures = traffic.figures();
    for name in SEEN {
        figures.extend(seen[name].as_f64().map(|value| (name, value)));
    }
    if rest {
        figures.insert("rest", at_rest(chromium, &tab)?);
    }
    let (heap, wasm) = memory(chromium, &tab)?;
    figures.extend([("heap", heap), ("memory", wasm)]);
    chromium.close(&tab)?;
    Ok(figures)
}

/// A phone, its network, and what looks on.
fn prepare(chromium: &mut Chromium, tab: &Tab, variant: Variant) -> Result<()> {
    let script = format!("{}{}", include_str!("observe.js"), variant.script());
    let network = json!({
        "offline": false, "latency": LATENCY, "downloadThroughput": DOWN, "uploadThroughput": UP,
    });
    let screen = json!({ "width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true });
    for (method, parameters) in [
        ("Page.enable", json!({})),
        ("Network.enable", json!({})),
        // What others do on this machine does not count.
        ("Performance.enable", json!({ "timeDomain": "threadTicks" })),
        ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })),
        ("Emulation.setDeviceMetricsOverride", screen),
        ("Network.emulateNetworkConditions", network),
        ("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER })),
    ] {
        chromium.call(Some(tab), method, parameters)?;
    }
    Ok(())
}

/// Waits until the page is loaded, alive where it has a widget, and asks for nothing any more.
fn settle(chromium: &mut Chromium, tab: &Tab, traffic: &mut Traffic, live: bool) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if let Some(event) = chromium.event(QUIET)? {
            traffic.take(&event);
        } else if traffic.loaded && traffic.open.is_empty() {
            let alive = chromium.evaluate(tab, "figures().live > 0")?;
            if !live || alive == true {
                return Ok(());
            }
        }
    }
    bail!("not done in {} s; open: {:?}", PATIENCE.as_secs(), traffic.open);
}

/// Milliseconds of the main thread in each second.
fn at_rest(chromium: &mut Chromium, tab: &Tab) -> Result<f64> {
    let deadline = Instant::now() + PATIENCE;
    while chromium.event(VIEWED)?.is_some() {
        if Instant::now() > deadline {
            bail!("the page does not come to rest");
        }
    }
    let before = metric(chromium, tab, "TaskDuration")?;
    std::thread::sleep(REST);
    let after = metric(chromium, tab, "TaskDuration")?;
    Ok((after - before) * 1_000.0 / REST.as_secs_f64())
}

/// Bytes of JavaScript's heap without garbage, and of all Wasm memories.
fn memory(chromium: &mut Chromium, tab: &Tab) -> Result<(f64, f64)> {
    chromium.call(Some(tab), "HeapProfiler.collectGarbage", json!({}))?;
    let heap = metric(chromium, tab, "JSHeapUsedSize")?;
    let kind = json!({ "expression": "WebAssembly.Memory.prototype" });
    let kind = chromium.call(Some(tab), "Runtime.evaluate", kind)?;
    let kind = json!({ "prototypeObjectId": kind["result"]["objectId"] });
    let all = chromium.call(Some(tab), "Runtime.queryObjects", kind)?;
    let sum = json!({
        "objectId": all["objects"]["objectId"],
        "functionDeclaration": "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0) }",
        "returnByValue": true,
    });
    let sum = chromium.call(Some(tab), "Runtime.callFunctionOn", sum)?;
    Ok((heap, sum["result"]["value"].as_f64().context("no sum")?))
}

fn metric(chromium: &mut Chromium, tab: &Tab, name: &str) -> Result<f64> {
    let metrics = chromium.call(Some(tab), "Performance.getMetrics", json!({}))?;
    let mut metrics = metrics["metrics"].as_array().into_iter().flatten();
    let metric = metrics.find(|metric| metric["name"] == name);
    metric.and_then(|metric| metric["value"].as_f64()).with_context(|| format!("no {name}"))
}

/// What goes over the network, headers included.
#[derive(Default)]
struct Traffic {
    loaded: bool,
    /// Requests that are not answered yet: their URLs.
    open: HashMap<String, String>,
    kinds: HashMap<String, &'static str>,
    bytes: Figures,
}

impl Traffic {
    fn take(&mut self, event: &Value) {
        let about = &event["params"];
        let id = about["requestId"].as_str().unwrap_or_default().to_owned();
        match event["method"].as_str().unwrap_or_default() {
            "Page.loadEventFired" => self.loaded = true,
            "Network.requestWillBeSent" => {
                let url = about["request"]["url"].as_str().unwrap_or_default();
                // Of a report that outlives its page Chromium does not tell the end.
                if !url.starts_with("data:") && about["request"]["method"] == "GET" {
                    self.open.insert(id, url.to_owned());
                }
            }
            "Network.responseReceived" => {
                self.kinds
                    .insert(id, kind(about["response"]["mimeType"].as_str().unwrap_or_default()));
            }
            "Network.loadingFinished" => {
                let kind = self.kinds.get(&id).copied().unwrap_or("other");
                *self.bytes.entry(kind).or_default() +=
                    about["encodedDataLength"].as_f64().unwrap_or_default();
                self.open.remove(&id);
            }
            "Network.loadingFailed" => {
                self.open.remove(&id);
            }
            _ => {}
        }
    }

    fn figures(self) -> Figures {
        let all = self.bytes.values().sum();
        self.bytes.into_iter().chain([("bytes", all)]).collect()
    }
}

fn kind(media_type: &str) -> &'static str {
    match media_type {
        "text/html" => "page",
        "text/css" => "style",
        "text/javascript" => "script",
        "application/json" => "json",
        "application/wasm" => "wasm",
        _ if media_type.starts_with("image/") => "pictures",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_told_by_kind_once_they_are_there() {
        let mut traffic = Traffic::default();
        let mut take = |method: &str, params: Value| {
            traffic.take(&json!({ "method": method, "params": params }));
            traffic.open.len()
        };
        let sent =
            json!({ "requestId": "1", "request": { "method": "GET", "url": "http://a/x.wasm" } });
        assert_eq!(take("Network.requestWillBeSent", sent), 1);
        let received = json!({ "requestId": "1", "response": { "mimeType": "application/wasm" } });
        assert_eq!(take("Network.responseReceived", received), 1);
        let finished = json!({ "requestId": "1", "encodedDataLength": 700 });
        assert_eq!(take("Network.loadingFinished", finished), 0);
        let sent = json!({ "requestId": "2", "request": { "method": "GET", "url": "data:," } });
        assert_eq!(take("Network.requestWillBeSent", sent), 0);
        assert_eq!(traffic.figures(), Figures::from([("bytes", 700.0), ("wasm", 700.0)]));
    }
}
