//! What a page allows: content security policies, Trusted Types, isolation.

use serde_json::json;

use super::{LOADER, SHORT, Visitor, page_of, watched_after};
use crate::scripts::{live, saw};
use crate::support::world::World;

/// A page that sends this header.
fn with_header(header: &str, body: &str) -> String {
    format!("<!-- header: {header} -->\n{}", page_of(body))
}

#[tokio::test]
async fn the_three_directives_of_the_host_contract_are_enough() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    visitor.page.go(&world.url("csp.html")).await;
    visitor.is_live(1, "the three directives").await;
    let image = visitor.page.widget(0).find(".aw-image");
    visitor.page.wait_until(&format!("{image}?.naturalWidth > 0")).await;
    visitor.page.assert_no_console_error().await;
}

#[tokio::test]
async fn without_wasm_the_article_is_read_shared_and_counted() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let page = &visitor.page;
    let publisher = world.publisher.origin();
    others_are_read(&visitor).await;
    page.go(&world.url("csp-no-wasm.html")).await;
    page.wait_until(&saw("view")).await;
    visitor.is_readable_with_a_warning("a policy without Wasm").await;

    let widget = page.widget(0);
    widget.element(".aw-share summary").await.click().await.expect("it can be clicked");
    let facebook = page.eval(&format!("{}.href", widget.find("[data-channel=facebook] a"))).await;
    let facebook = facebook.as_str().expect("a link").to_owned();
    assert!(facebook.contains("%2Fa%2Fcho-dem-pho-nui%3Fs%3Df-"), "{facebook}");
    assert!(!facebook.ends_with("-0"), "the partner's half is missing: {facebook}");
    let form = page.eval(&format!("{}.href", widget.find("[data-open=feedback]"))).await;
    assert_eq!(form, format!("{publisher}/a/cho-dem-pho-nui/feedback"));
    let next = page.eval(&format!("{}.href", widget.find(".aw-most-read li a"))).await;
    assert!(next.as_str().is_some_and(|url| url.starts_with(&publisher)), "{next}");
}

/// Less than three articles are nothing to rank.
async fn others_are_read(visitor: &Visitor<'_>) {
    let publisher = visitor.world.publisher.origin();
    let views = format!(
        "Promise.all(['ca-phe-vao-vu-hai', 'thu-vien-tren-thuyen', 'mua-trai-mua-cac-ho-day-nuoc'].map((article) => {{
            const body = JSON.stringify({{ article, view: crypto.randomUUID(), page: location.href }});
            return fetch('{publisher}/v1/views', {{ method: 'POST', body }});
        }})).then(() => true)"
    );
    visitor.page.eval(&views).await;
    let listed = format!(
        "fetch('{publisher}/v1/most-read?window=24h').then((r) => r.json()).then(({{ items }}) => items?.length === 3)"
    );
    visitor.page.wait_until(&listed).await;
}

/// Scripts are trusted by their nonce, and trust those that they load.
#[tokio::test]
async fn a_nonce_and_strict_dynamic_let_the_loader_and_what_it_loads_in() {
    const POLICY: &str =
        "Content-Security-Policy: script-src 'nonce-once' 'strict-dynamic' 'wasm-unsafe-eval'";
    const BY_A_TAG_MANAGER: &str = "<script nonce=once>
        const script = document.createElement('script');
        script.src = 'https://news.example/embed.js';
        script.dataset.article = 'cho-dem-pho-nui';
        document.body.append(script);
    </script>";
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let with_nonce = SHORT.replace("<script", "<script nonce=once");
    for (host, snippet) in [("nonce", &*with_nonce), ("strict-dynamic", BY_A_TAG_MANAGER)] {
        visitor.visit("nonce.html", &with_header(POLICY, snippet)).await;
        visitor.is_live(1, host).await;
        visitor.page.assert_no_console_error().await;
    }
}

/// Where `setHTML` is to be had, no policy is needed; without it, ours is, and without that the Wasm renders.
#[tokio::test]
async fn trusted_types_let_the_article_through_with_our_policy_and_without() {
    const POLICIES: [&str; 4] = [
        "trusted-types 'none'",
        "trusted-types article-widget",
        "trusted-types other",
        "trusted-types *",
    ];
    let world = World::start().await;
    for before in ["", "delete Element.prototype.setHTML;"] {
        let visitor = Visitor::with(&world, watched_after(before)).await;
        for policy in POLICIES {
            let header =
                format!("Content-Security-Policy: require-trusted-types-for 'script'; {policy}");
            visitor.visit("trusted.html", &with_header(&header, SHORT)).await;
            visitor.page.wait_until(&live(1)).await;
            visitor.is_readable(policy).await;
            visitor.is_calm(policy).await;
        }
    }
}

/// The page's own default policy turns everything away; and no Wasm may render.
#[tokio::test]
async fn where_a_page_allows_no_way_in_the_link_stays() {
    const POLICY: &str = "Content-Security-Policy: script-src https://news.example 'nonce-once'; \
        require-trusted-types-for 'script'; trusted-types default";
    const NO_WAY: &str = "<script nonce=once>
        delete Element.prototype.setHTML;
        globalThis.trustedTypes?.createPolicy('default', { createHTML: () => null });
        Object.defineProperty(Element.prototype, 'innerHTML', { set() { throw new TypeError('no way in'); } });
    </script>";
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    visitor.visit("no-way.html", &with_header(POLICY, &[NO_WAY, SHORT].concat())).await;
    visitor.is_a_link_with_a_warning("no way in").await;
}

/// Isolated pages take from others only what says that it may be taken.
#[tokio::test]
async fn isolated_pages_get_the_article_and_its_picture() {
    const ISOLATED: &str = "Cross-Origin-Embedder-Policy: require-corp -->\n\
        <!-- header: Cross-Origin-Opener-Policy: same-origin -->\n\
        <!-- header: Referrer-Policy: no-referrer -->\n\
        <!-- header: Permissions-Policy: clipboard-write=(), web-share=()";
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    visitor.visit("isolated.html", &with_header(ISOLATED, SHORT)).await;
    visitor.is_live(1, "isolated").await;
    let page = &visitor.page;
    assert_eq!(page.eval("crossOriginIsolated").await, true);
    let image = page.widget(0).find(".aw-image");
    page.wait_until(&format!("{image}?.naturalWidth > 0")).await;
    page.wait_until(&saw("view")).await;
    page.assert_no_console_error().await;
}

/// Every script must have a digest, which the glue's import has by its preload, where the browser knows this.
#[tokio::test]
async fn a_page_that_wants_digests_of_scripts_gets_the_article() {
    let world = World::start().await;
    let visitor = Visitor::new(&world).await;
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/target/assets/manifest.json");
    let manifest = std::fs::read_to_string(manifest).expect("cargo xtask build writes it");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("it is JSON");
    let loader = format!(
        "<script async src='https://news.example/v/{}/embed.js' integrity='{}' crossorigin=anonymous \
         data-article='cho-dem-pho-nui'></script>",
        manifest["version"].as_str().expect("text"),
        manifest["assets"][0]["integrity"].as_str().expect("the loader comes first"),
    );
    let header = "Integrity-Policy: blocked-destinations=(script)";
    visitor.visit("digests.html", &with_header(header, &loader)).await;
    visitor.is_readable("digests").await;
    assert_eq!(visitor.page.eval("errors").await, json!([]));
    // Without one, the loader itself is turned away, and nothing else happens.
    visitor.visit("digests.html", &with_header(header, LOADER)).await;
    visitor.is_calm("no digest").await;
}
