//! One look at a state: axe-core; what it leaves open, by `inspect.js`; and both again with the text spaced
//! out as readers may have it (WCAG 1.4.12).

use serde_json::{Value, json};

use crate::support::page::Page;

/// What `cargo xtask test` has put there.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tools/axe-core/package/axe.min.js");
/// The rules that are looked at: WCAG 2.0 to 2.2, A and AA, and what is good practice besides.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";
const INSPECT: &str = include_str!("inspect.js");
/// What `inspect.js` and others compute with.
pub(super) const COLORS: &str = include_str!("colors.js");

/// What axe cannot tell, and who can.
const OPEN: [(&str, &str); 2] = [
    // Where something lies over something: `inspect.js` computes every colour.
    ("color-contrast", "inspect.js"),
    // What is in a frame is looked at as a page of its own.
    ("frame-tested", "pages.rs"),
];

/// Lines, letters and words as far apart as WCAG asks for, in every widget and in the page.
const SPACED: &str = "(on) => {
    const css = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
                 p { margin-bottom: 2em !important }`;
    const roots = [document, ...[...document.querySelectorAll('article-widget')].map(({ shadowRoot }) => shadowRoot).filter(Boolean)];
    for (const root of roots) {
        const sheets = root.adoptedStyleSheets;
        if (!on) root.adoptedStyleSheets = [...sheets].slice(0, -1);
        else {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            root.adoptedStyleSheets = [...sheets, sheet];
        }
    }
}";

/// The states of a page, one after another, and what is wrong in each.
pub(super) struct Walk<'page> {
    page: &'page Page<'page>,
    /// A CSS selector in the page: what of it is looked at.
    scope: &'static str,
    seen: usize,
    faults: Vec<String>,
}

impl<'page> Walk<'page> {
    pub(super) fn new(page: &'page Page<'page>, scope: &'static str) -> Self {
        Self { page, scope, seen: 0, faults: Vec::new() }
    }

    /// Looks at the page as it is now.
    pub(super) async fn see(&mut self, state: &str) {
        self.seen += 1;
        for fault in faults(self.page, self.scope).await {
            self.faults.push(format!("{state}: {fault}"));
        }
    }

    /// Fails where anything was wrong, or fewer states than that were looked at.
    pub(super) fn end(self, states: usize) {
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
        assert_eq!(self.seen, states, "states were left out");
    }
}

/// Fails where something is wrong within `scope`, a CSS selector in the page.
pub(crate) async fn assert_accessible(page: &Page<'_>, scope: &str, state: &str) {
    let found = faults(page, scope).await;
    assert!(found.is_empty(), "{state}:\n{}", found.join("\n"));
}

/// Everything that is wrong.
pub(super) async fn faults(page: &Page<'_>, scope: &str) -> Vec<String> {
    let mut found = axe(page, scope).await;
    found.extend(inspect(page).await);
    page.eval(&format!("({SPACED})(true)")).await;
    found.extend(inspect(page).await.into_iter().map(|fault| format!("spaced out: {fault}")));
    page.eval(&format!("({SPACED})(false)")).await;
    found
}

async fn axe(page: &Page<'_>, scope: &str) -> Vec<String> {
    let axe = std::fs::read_to_string(AXE).expect("`cargo xtask test` puts axe-core there");
    if page.eval("typeof axe").await == "undefined" {
        page.client.execute(&axe, vec![]).await.expect("it is a script");
    }
    let open = json!(OPEN.map(|(rule, _)| rule));
    let scope = Value::from(scope);
    let run = format!(
        "axe.run({scope}, {{ runOnly: {RULES} }}).then(({{ violations, passes, incomplete }}) => ({{
            passed: passes.length,
            found: [...violations, ...incomplete.filter(({{ id }}) => !{open}.includes(id))].map(({{ id, nodes }}) =>
                id + ': ' + nodes.map(({{ html, failureSummary }}) => html + ' ' + failureSummary).join(' | ')),
        }}))"
    );
    let result = page.eval(&run).await;
    assert!(result["passed"].as_u64() > Some(2), "it looked at something: {result}");
    texts(&result["found"])
}

/// `inspect.js` in every widget, or in the page where there is none.
async fn inspect(page: &Page<'_>) -> Vec<String> {
    let run = format!(
        "(() => {{
            {COLORS}
            const roots = [...document.querySelectorAll('article-widget')].map(({{ shadowRoot }}) => shadowRoot).filter((root) => root && !root.querySelector('slot'));
            const results = (roots.length ? roots : [document]).map({INSPECT});
            return {{ looked: Math.min(...results.map(({{ looked }}) => looked)), faults: results.flatMap(({{ faults }}) => faults) }};
        }})()"
    );
    let result = page.eval(&run).await;
    assert!(result["looked"].as_u64() > Some(0), "there is text: {result}");
    texts(&result["faults"])
}

fn texts(list: &Value) -> Vec<String> {
    let texts = list.as_array().expect("a list").iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}
