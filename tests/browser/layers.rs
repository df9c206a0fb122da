//! L0, L1 and L2, each complete without the next.

use serde_json::{Value, json};

use crate::scripts::{WATCH, assert_nothing_shifted, live, saw};
use crate::support::page::View;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };
const WATCHED_PHONE: View = View { before: WATCH, ..View::PHONE };

#[tokio::test]
async fn a_readable_article_takes_the_loader_and_one_answer() {
    let world = World::start().await;
    let page = world.open_in(WATCHED_PHONE, "full.html").await;
    page.wait_until(&saw("ready")).await;
    let requested = page.eval("requested").await;
    let publisher = world.publisher.origin();
    let mut paths: Vec<&str> = requested
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .filter_map(|url| url.strip_prefix(publisher.as_str()))
        .filter(|path| !path.starts_with("/media/"))
        .collect();
    paths.sort_unstable();
    assert_eq!(paths, ["/embed.js", "/v1/embed/ca-phe-vao-vu-hai"]);
}

#[tokio::test]
async fn the_full_snippet_shifts_nothing() {
    let world = World::start().await;
    let pages = ["full.html", "index.html"];
    for (view, path) in
        [WATCHED, WATCHED_PHONE].into_iter().flat_map(|view| pages.map(|path| (view, path)))
    {
        let page = world.open_in(view, path).await;
        page.wait_until(&live(1)).await;
        page.wait_until("document.querySelector('article-widget').style.minHeight === ''").await;
        assert_nothing_shifted(&page).await;
        page.assert_no_console_error().await;
    }
}

fn full_snippet() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/www/pages/full.html"))
        .expect("the page is there")
}

/// An article without a picture, of which more is seen at once, in windows of every kind.
#[tokio::test]
async fn the_full_snippet_shifts_nothing_in_any_window() {
    let world = World::start().await;
    let page = full_snippet();
    let page = page.replace("ca-phe-vao-vu-hai", "giu-am-dung-cach-mua-gio-lanh");
    world.write_page("other.html", &page);
    for (width, height) in [(430, 932), (599, 1200), (820, 1180), (1280, 800), (1280, 1440)] {
        let page = world.open_in(View { width, height, ..WATCHED }, "other.html").await;
        page.wait_until(&live(1)).await;
        page.wait_until("document.querySelector('article-widget').style.minHeight === ''").await;
        assert_nothing_shifted(&page).await;
    }
}

#[tokio::test]
async fn the_link_stands_where_there_is_no_script() {
    let world = World::start().await;
    let page = full_snippet();
    let page = page.replace("/embed.js", "/no-such-loader.js");
    world.write_page("no-script.html", &page);
    let page = world.open("no-script.html").await;
    let link = page.eval("document.querySelector('article-widget a').checkVisibility()").await;
    assert_eq!(link, true);
}

#[tokio::test]
async fn an_unknown_article_leaves_the_link_and_one_warning() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "unknown.html").await;
    page.wait_until(&saw("error")).await;
    assert_eq!(
        page.eval("document.querySelector('article-widget a').checkVisibility()").await,
        true
    );
    assert_eq!(page.eval("errors").await, json!([]));
    let ours: Vec<String> =
        page.console().await.into_iter().filter(|line| line.contains("article-widget:")).collect();
    assert_eq!(ours.len(), 1, "{ours:?}");
    assert!(ours[0].starts_with("WARNING"), "{ours:?}");
}

/// The server's HTML, the same hydrated, and a rendering from the JSON alone, for every sample.
#[tokio::test]
async fn the_three_renderings_give_the_same_dom() {
    let world = World::start().await;
    // From the page's own script: what a driver imports can be another instance than the page's.
    let before = [WATCH, "globalThis.compare = ", COMPARE].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let differences = page.eval(&format!("compare('{}')", world.publisher.origin())).await;
    assert_eq!(differences["compared"], world.publisher.titles().len());
    assert_eq!(differences["different"], json!([]));
}

const COMPARE: &str = r"async (publisher) => {
    const url = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/widget.js')).name;
    const first = await import(url);
    const at = (name) => url.replace('widget.js', name);
    const second = await import(at('more.js'));
    await second.default();
    const mount = (html) => {
      const host = document.createElement('div');
      const element = document.createElement('div');
      host.attachShadow({ mode: 'open' }).append(element);
      element.innerHTML = html;
      document.body.append(host);
      return element;
    };
    const canonical = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      if (node.nodeType !== Node.ELEMENT_NODE) return '';
      const attributes = [...node.attributes].map(({ name, value }) => `${name}=${JSON.stringify(value)}`).sort();
      const open = [node.localName, ...attributes].join(' ');
      return `<${open}>${[...node.childNodes].map(canonical).join('')}</${node.localName}>`;
    };
    const live = (element, embed, hydrate) => first.live(element.querySelector('.aw-live'), embed, { __proto__: null, hydrate });
    const { articles } = await (await fetch(`${publisher}/v1/articles?limit=100`)).json();
    const different = [];
    for (const { id } of articles) {
      const embed = await (await fetch(`${publisher}/v1/embed/${id}`)).json();
      const served = mount(embed.html);
      const before = canonical(served);
      const hydrated = mount(embed.html);
      const button = hydrated.querySelector('.aw-share');
      const fresh = mount('');
      await new Promise((ready) => second.article(fresh, embed, { ready }));
      // What was rendered is looked at before any timer: with one, the widget comes alive, and adds to it.
      const rendered = new Promise((resolve) => {
        const look = () => resolve([canonical(hydrated), canonical(fresh)]);
        new MutationObserver(look).observe(fresh.querySelector('.aw-live'), { childList: true });
      });
      live(hydrated, embed, true);
      live(fresh, embed, false);
      const [taken, made] = await rendered;
      if (before.length < 1000) different.push([id, 'empty', before]);
      if (button !== hydrated.querySelector('.aw-share')) different.push([id, 'not hydrated but replaced']);
      if (taken !== before) different.push([id, 'hydrated', before, taken]);
      if (made !== before) different.push([id, 'from JSON', before, made]);
    }
    return { compared: articles.length, different };
}";

#[tokio::test]
async fn several_widgets_share_one_instance_and_the_loader_may_stand_twice() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "two.html").await;
    page.wait_until(&live(2)).await;
    let wasm = "performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')).length";
    assert_eq!(page.eval(wasm).await, 1);
    assert_ne!(page.widget(0).text(".aw-title").await, page.widget(1).text(".aw-title").await);
    page.assert_no_console_error().await;
}

/// A publisher that was upgraded answers a page whose loader is of the version before: its text stays, and below it
/// stands the live part that the loader's own Wasm knows.
#[tokio::test]
async fn a_loader_shows_the_html_of_a_later_server_and_goes_live_from_its_json() {
    const LATER: &str = "
        const real = globalThis.fetch;
        globalThis.fetch = async (url, options) => {
          const answer = await real(url, options);
          if (!String(url).includes('/v1/embed/')) return answer;
          const embed = await answer.json();
          embed.render = 'of a later version';
          embed.html = embed.html.replace('<header', '<p class=later>later</p><header')
            .replace('<div class=\"aw-live\">', '<div class=\"aw-live\"><p class=later-too>later</p>');
          embed.later = { field: true };
          return new Response(JSON.stringify(embed));
        };
        addEventListener('article-widget:ready', ({ target, detail }) => {
          if (detail.state === 'readable') globalThis.later = target.shadowRoot.querySelector('.later-too').textContent;
        });";
    let world = World::start().await;
    let before = [WATCH, LATER].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval("later").await, "later");
    let widget = page.widget(0);
    assert_eq!(widget.text(".later").await, "later");
    assert_eq!(page.eval(&format!("{} === null", widget.find(".later-too"))).await, true);
    widget.element("button[data-open=feedback]").await.click().await.expect("it can be clicked");
    widget.element("[data-form=letter]").await;
    page.assert_no_console_error().await;
}

/// One of a time when the live part had no place of its own: all of it comes from the JSON.
#[tokio::test]
async fn a_loader_renders_all_of_it_where_the_servers_html_has_no_live_part() {
    const OLD: &str = "
        const real = globalThis.fetch;
        globalThis.fetch = async (url, options) => {
          const answer = await real(url, options);
          if (!String(url).includes('/v1/embed/')) return answer;
          const embed = await answer.json();
          embed.render = 'of an older version';
          embed.html = '<article class=\"aw old\"><h2 class=\"aw-title\">Old</h2></article>';
          return new Response(JSON.stringify(embed));
        };";
    let world = World::start().await;
    let before = [WATCH, OLD].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let widget = page.widget(0);
    assert_eq!(page.eval(&format!("{} === null", widget.find(".old"))).await, true);
    let title = widget.text(".aw-title").await;
    assert!(world.publisher.titles().contains(&title), "{title}");
    widget.element("button[data-open=feedback]").await.click().await.expect("it can be clicked");
    widget.element("[data-form=letter]").await;
    page.assert_no_console_error().await;
}

/// Page translators wrap text in elements of their own, on which hydration would trap. The article's own text is
/// hydrated by nobody.
#[tokio::test]
async fn text_that_a_translator_changed_stays_as_it_is_and_what_is_below_it_goes_live() {
    let world = World::start().await;
    let before = [WATCH, &translate(".aw-title")].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    let title = page.widget(0).text(".aw-title font").await;
    assert_eq!(title, "Translated");
    page.widget(0).element("button[data-open=feedback]").await;
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn a_live_part_that_a_translator_changed_stays_as_it_is() {
    let world = World::start().await;
    let before = [WATCH, &translate(".aw-share summary")].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "two.html").await;
    // The other widget's going live says that the Wasm was there and had its chance.
    page.wait_until(&live(1)).await;
    let button = "translated.shadowRoot.querySelector('.aw-share summary font').textContent";
    assert_eq!(page.eval(button).await, "Translated");
    assert_eq!(
        page.eval("translated.shadowRoot.querySelector('a[data-open]') !== null").await,
        true
    );
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// Does to the first widget of a page what a translator does, as soon as it can be read.
fn translate(selector: &str) -> String {
    format!(
        "addEventListener('article-widget:ready', ({{ target, detail }}) => {{
          if (detail.state !== 'readable' || globalThis.translated) return;
          globalThis.translated = target;
          const font = document.createElement('font');
          font.textContent = 'Translated';
          target.shadowRoot.querySelector('{selector}').replaceChildren(font);
        }});"
    )
}

#[tokio::test]
async fn a_trap_puts_every_widget_back_to_its_html_and_stays_off_the_page() {
    let world = World::start().await;
    let page = world.open_in(WATCHED, "two.html").await;
    page.wait_until(&live(2)).await;
    // The browser refuses what Yew relies on: as an extension that moved nodes would make it.
    page.eval("void (Node.prototype.insertBefore = () => { throw new Error('forced'); })").await;
    page.widget(0).element("[data-open=feedback]").await.click().await.expect("it can be clicked");

    for index in 0..2 {
        let widget = page.widget(index);
        // Only the plain link has no role: this is the server's HTML again.
        page.wait_until(&format!("{} !== null", widget.find("a[data-open=feedback]:not([role])")))
            .await;
        assert!(!widget.text(".aw-title").await.is_empty());
    }
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn a_pinned_release_starts_and_one_of_other_bytes_does_not() {
    let world = World::start().await;
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/target/assets/manifest.json");
    let manifest = std::fs::read_to_string(manifest).expect("cargo xtask build writes it");
    let manifest: Value = serde_json::from_str(&manifest).expect("it is JSON");
    let version = manifest["version"].as_str().expect("a release has a name");
    let loader = manifest["assets"].as_array().into_iter().flatten();
    let loader = loader.into_iter().find(|asset| asset["name"] == "embed.js").expect("it is there");
    let integrity = loader["integrity"].as_str().expect("it has a digest");
    let snippet = |integrity: &str| {
        format!(
            "<!doctype html><article-widget src='https://news.example' article='cho-dem-pho-nui'>\
             <blockquote><a href='https://news.example/a/cho-dem-pho-nui'>Chợ</a></blockquote></article-widget>\
             <script async src='https://news.example/v/{version}/embed.js' integrity='{integrity}' \
             crossorigin='anonymous'></script>"
        )
    };
    world.write_page("pinned.html", &snippet(integrity));
    let page = world.open_in(WATCHED, "pinned.html").await;
    page.wait_until(&live(1)).await;
    page.assert_no_console_error().await;
    drop(page);

    let flipped = if integrity.ends_with('A') { 'B' } else { 'A' };
    let wrong = format!("{}{flipped}", &integrity[..integrity.len() - 1]);
    world.write_page("flipped.html", &snippet(&wrong));
    let page = world.open_in(WATCHED, "flipped.html").await;
    assert_eq!(page.eval("customElements.get('article-widget') === undefined").await, true);
    assert_eq!(
        page.eval("document.querySelector('article-widget a').checkVisibility()").await,
        true
    );
}

/// Where no loader brings the JSON, as under Trunk, the widget fetches it and says how that goes.
#[tokio::test]
async fn without_json_the_widget_fetches_it_and_says_how_that_goes() {
    // What a browser says of its network; that it is cut, the relay sees to.
    const NETWORK: &str = "
        Object.defineProperty(Navigator.prototype, 'onLine', { get: () => !globalThis.offline });";
    const PREPARE: &str = "
        globalThis.prepare = async (publisher) => {
          const url = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/widget.js')).name;
          const glue = await import(url.replace('widget.js', 'more.js'));
          await glue.default();
          globalThis.show = (path) => {
            globalThis.bare?.remove();
            document.body.append(globalThis.bare = document.createElement('div'));
            glue.article(bare, undefined, { src: `${publisher}/v1/embed/${path}`, lang: 'vi' });
          };
        };";
    let world = World::start().await;
    let before = [WATCH, NETWORK, PREPARE].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "short.html").await;
    page.wait_until(&live(1)).await;
    page.eval(&format!("prepare('{}')", world.publisher.origin())).await;

    page.eval("show('no-such-article')").await;
    page.wait_until("bare.textContent.includes('Chưa tải được bài viết.')").await;
    page.eval("bare.querySelector('button').click()").await;
    page.wait_until("bare.textContent.includes('Chưa tải được bài viết.')").await;

    world.publisher.network.set_cut(true);
    page.eval("void (globalThis.offline = true)").await;
    page.eval("show('cho-dem-pho-nui?lang=en')").await;
    page.wait_until("bare.textContent.includes('Không có mạng.')").await;
    world.publisher.network.set_cut(false);
    page.eval("void (globalThis.offline = false, dispatchEvent(new Event('online')))").await;
    page.wait_until("bare.querySelector('.aw-title')?.textContent.length > 5").await;
    assert_eq!(page.eval("errors").await, json!([]));
}
