//! JavaScript that runs in a page before anything else, to see or to break what no test can from
//! outside.

use crate::support::driver::Engine;
use crate::support::page::Page;

/// Notes every event of a widget in `seen`, as `name:state-or-word`, and errors in `errors`.
pub(crate) const WATCH: &str = "
    globalThis.seen = [];
    globalThis.errors = [];
    globalThis.shifts = 0;
    for (const name of ['ready', 'view', 'share', 'feedback', 'error']) {
      addEventListener(`article-widget:${name}`, ({ target, detail }) => {
        const word = detail.state || detail.channel || detail.reference || detail.reason || '';
        seen.push({ name, word, index: [...document.querySelectorAll('article-widget')].indexOf(target) });
        if (detail.state === 'readable') {
          globalThis.requested ||= performance.getEntriesByType('resource').map((entry) => entry.name);
        }
      });
    }
    addEventListener('error', (event) => event.message && errors.push(event.message));
    addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
";

/// Whether the widgets of the page are interactive, so many of them.
pub(crate) fn live(count: usize) -> String {
    format!("seen.filter(({{ name, word }}) => name + word === 'readylive').length === {count}")
}

/// Whether an event was seen.
pub(crate) fn saw(name: &str) -> String {
    format!("seen.some((event) => event.name === '{name}')")
}

/// Fails if something moved by itself under the reader's eyes, in what was opened with [`WATCH`]. Only
/// Chromium measures that.
pub(crate) async fn assert_nothing_shifted(page: &Page<'_>) {
    match Engine::chosen() {
        Engine::Chromium => assert_eq!(page.eval("shifts").await, 0),
        other => eprintln!("not measured in {other:?}: it has no layout-shift"),
    }
}
