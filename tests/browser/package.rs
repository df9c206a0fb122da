//! What `cargo xtask npm` makes, its types, and the examples.
//!
//! docs/host-contract.md, "The package" and "Examples":
//!
//! | what it says | test |
//! |---|---|
//! | types of every property, attribute and event | `the_types_name_what_the_loader_and_the_contract_name` |
//! | they hold in React and Vue | `the_types_hold_for_the_examples` |
//! | what is in the package, of what it was made | `the_package_is_what_its_provenance_says` |
//! | nothing happens on a server | `on_a_server_nothing_is_loaded` |
//! | `load`: once, with a nonce, pinned, broken where there is nothing | `a_page_loads_the_widget_by_the_package` |
//! | plain HTML | `the_plain_example_works` |
//! | React, Vue | `an_app_in_react…`, `an_app_in_vue…` |
//! | WordPress | `the_plugin_gives_the_element…`, `the_plugin_lets_nothing_out…` |

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::element::OBSERVERS;
use crate::scripts::{WATCH, live};
use crate::support::page::View;
use crate::support::world::World;

const WATCHED: View = View { before: WATCH, ..View::DESKTOP };

fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The package, unpacked as npm would: made once for all tests.
async fn package() -> &'static Path {
    static PACKAGE: OnceCell<TempDir> = OnceCell::const_new();
    let folder = PACKAGE.get_or_init(|| async {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let made = Command::new(env!("CARGO"))
            .args(["run", "--quiet", "--package", "xtask", "--", "npm"])
            .current_dir(root)
            .output()
            .expect("cargo is there");
        let said = String::from_utf8_lossy(&made.stdout);
        assert!(made.status.success(), "{said}{}", String::from_utf8_lossy(&made.stderr));
        let archive = said.lines().last().expect("it says where the archive is");
        let folder = tempfile::tempdir().expect("the temporary folder is writable");
        let unpacked =
            Command::new("tar").args(["-xzf", archive, "-C"]).arg(folder.path()).status();
        assert!(unpacked.is_ok_and(|status| status.success()), "{archive}");
        folder
    });
    // A static is never dropped: what is in it stays for as long as the tests run.
    Box::leak(folder.await.path().join("package").into_boxed_path())
}

/// Where the frameworks are. None, said aloud, where nobody has installed them.
fn frameworks() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/frameworks");
    let is_there = folder.join("node_modules/.package-lock.json").is_file();
    if !is_there {
        eprintln!(
            "SKIPPED: `cargo xtask test` installs React, Vue and TypeScript, and has not been run"
        );
    }
    is_there.then_some(folder)
}

/// What stands between two texts.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after}")).0
}

/// What the first column of a table of the contract names, below a heading.
fn column(contract: &str, heading: &str) -> BTreeSet<String> {
    let section = between(contract, &format!("\n{heading}\n"), "\n#");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_types_name_what_the_loader_and_the_contract_name() {
    let types = source("www/article-widget.d.ts");
    let contract = source("docs/host-contract.md");
    let loader = source("www/embed.js");

    let list = between(&loader, "const PROPERTIES = [", "]");
    let properties: BTreeSet<_> =
        list.split(',').map(|name| name.trim().trim_matches('\'').to_owned()).collect();
    assert!(properties.contains("mostRead") && properties.len() > 5, "{properties:?}");
    let typed = between(&types, "interface ArticleWidgetProperties {", "\n}");
    let typed: BTreeSet<_> = typed
        .lines()
        .filter_map(|line| Some(line.trim().split_once(": ")?.0.to_owned()))
        .filter(|name| name.chars().all(char::is_alphanumeric))
        .collect();
    assert_eq!(typed, properties);
    let attributes: BTreeSet<_> = properties.iter().map(|name| name.replace('R', "-r")).collect();
    assert_eq!(column(&contract, "## Attributes"), attributes);

    let map = between(&types, "interface ArticleWidgetEventMap {", "}");
    let typed: BTreeSet<_> = map
        .split('"')
        .filter(|part| part.starts_with("article-widget:"))
        .map(str::to_owned)
        .collect();
    assert_eq!(column(&contract, "## Events"), typed);
    let scripts = ["www/embed.js", "www/live.js", "www/inline.js"].map(source).concat();
    // Those that are named where they are told; the rest is the component's, and named in the contract.
    let calls = scripts.split("emit(").skip(1);
    let named = calls.filter_map(|call| call.split(',').nth(1)?.trim().strip_prefix(['\'', '"']));
    for told in named.map(|name| name.trim_end_matches(['\'', '"'])) {
        assert!(typed.contains(&format!("article-widget:{told}")), "{told}");
    }
    // Every key of a detail is in the contract's column, and in the types.
    for row in
        between(&contract, "\n## Events\n", "\n## ").lines().filter(|row| row.starts_with("| `"))
    {
        let details = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        for name in details.split('`').skip(1).step_by(2) {
            assert!(
                types.contains(&format!("{name}:")) || types.contains(&format!("\"{name}\"")),
                "{name}"
            );
        }
    }
    for method in column(&contract, "## Properties and methods") {
        let name = method.split('(').next().unwrap_or_default();
        assert!(types.contains(&format!("  {name}(")), "{method}");
    }
}

#[tokio::test]
async fn the_types_hold_for_the_examples() {
    let Some(frameworks) = frameworks() else { return };
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let modules = folder.path().join("node_modules");
    fs::create_dir_all(modules.join("article-widget")).expect("it is writable");
    for file in fs::read_dir(package().await).expect("it is unpacked").flatten() {
        fs::copy(file.path(), modules.join("article-widget").join(file.file_name()))
            .expect("a file");
    }
    for module in fs::read_dir(frameworks.join("node_modules")).expect("they are there").flatten() {
        std::os::unix::fs::symlink(module.path(), modules.join(module.file_name()))
            .expect("a link");
    }
    for name in ["react", "vue"] {
        fs::create_dir(folder.path().join(name)).expect("it is writable");
    }
    for (name, path) in [
        ("tsconfig.json", "tests/frameworks/tsconfig.json"),
        ("tsconfig.vue.json", "tests/frameworks/tsconfig.vue.json"),
        ("types.ts", "tests/frameworks/types.ts"),
        ("react/Article.tsx", "www/examples/react/Article.tsx"),
        ("vue/Article.vue", "www/examples/vue/Article.vue"),
    ] {
        fs::write(folder.path().join(name), source(path)).expect("it is writable");
    }
    let check = |program: &str, project: &str| {
        let said = Command::new("node")
            .arg(modules.join(program))
            .args(["--project", project])
            .current_dir(folder.path())
            .output()
            .expect("node came with npm");
        (said.status.success(), String::from_utf8_lossy(&said.stdout).into_owned())
    };
    let in_react = || check("typescript/bin/tsc", "tsconfig.json");
    let in_vue = || check("vue-tsc/bin/vue-tsc.js", "tsconfig.vue.json");
    assert_eq!(in_react(), (true, String::new()));
    assert_eq!(in_vue(), (true, String::new()));

    // That they look: of a wrong value, attribute, event or detail they say so.
    let wrong =
        source("www/examples/react/Article.tsx").replace("most-read=\"7d\"", "most-read=\"1y\"");
    fs::write(folder.path().join("react/Article.tsx"), wrong).expect("it is writable");
    assert!(!in_react().0);
    let wrong = source("www/examples/vue/Article.vue")
        .replace("most-read=\"7d\"", "most-read=\"1y\"")
        .replace("navigate=", "navigat=")
        .replace("$event.detail", "$event.nothing");
    fs::write(folder.path().join("vue/Article.vue"), wrong).expect("it is writable");
    let (holds, said) = in_vue();
    assert!(!holds && said.matches("error TS").count() >= 2, "{said}");
    let wrong = source("www/examples/vue/Article.vue").replace("widget:ready=", "widget:redy=");
    fs::write(folder.path().join("vue/Article.vue"), wrong).expect("it is writable");
    assert!(in_vue().1.contains("redy"));
}

#[tokio::test]
async fn the_package_is_what_its_provenance_says() {
    let package = package().await;
    let json = |name: &str| -> Value {
        let text = fs::read(package.join(name)).expect("it is in the package");
        serde_json::from_slice(&text).expect("it is JSON")
    };
    let provenance = json("provenance.json");
    let mut names: BTreeSet<String> = fs::read_dir(package)
        .expect("it is unpacked")
        .flatten()
        .map(|file| file.file_name().to_string_lossy().into_owned())
        .collect();
    names.remove("provenance.json");
    let files = provenance["files"].as_object().expect("it lists files");
    assert_eq!(files.keys().cloned().collect::<BTreeSet<_>>(), names);
    for (name, said) in files {
        let contents = fs::read(package.join(name)).expect("it is in the package");
        assert_eq!(said["bytes"], contents.len(), "{name}");
        assert_eq!(
            said["sha384"],
            format!("sha384-{}", BASE64.encode(Sha384::digest(&contents))),
            "{name}"
        );
        let path = said["source"].as_str().expect("it comes from somewhere");
        if name != "package.json" {
            assert_eq!(source(path).into_bytes(), contents, "{name} is not {path}");
        }
    }
    let manifest = json("package.json");
    assert_eq!(manifest["name"], "article-widget");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest["license"], "MIT OR Apache-2.0");
    assert!(manifest["dependencies"].is_null(), "it needs nothing");
    assert!(
        provenance["made_by"]["rustc"].as_str().is_some_and(|rustc| rustc.starts_with("rustc "))
    );
    let built: Value =
        serde_json::from_str(&source("target/assets/manifest.json")).expect("it is JSON");
    assert_eq!(provenance["release"]["version"], built["version"]);
}

#[tokio::test]
async fn on_a_server_nothing_is_loaded() {
    if Command::new("node").arg("--version").output().is_err() {
        return eprintln!("SKIPPED: there is no node");
    }
    let script = "import { load } from './index.js'; console.log(await load({ src: 'https://news.example' }));";
    let said = Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .current_dir(package().await)
        .output()
        .expect("it is there");
    assert_eq!(
        String::from_utf8_lossy(&said.stdout),
        "undefined\n",
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
}

#[tokio::test]
async fn a_page_loads_the_widget_by_the_package() {
    let world = World::start().await;
    let module = fs::read(package().await.join("index.js")).expect("it is in the package");
    world.write_file("article-widget.js", &module);
    let policy = "<!-- header: Content-Security-Policy: default-src 'none'; script-src 'nonce-once' 'wasm-unsafe-eval'; \
                  connect-src https://news.example; img-src https://news.example data: -->\n";
    world.write_page(
        "package.html",
        &[
            policy,
            "<!doctype html><meta charset=utf-8>
             <article-widget src='https://news.example' article='cho-dem-pho-nui'></article-widget>
             <script type=module nonce=once>
               import { load } from './article-widget.js';
               const src = 'https://news.example';
               globalThis.load = load;
               await Promise.all([load({ src }), load({ src: `${src}/` })]);
               globalThis.isDefined = customElements.get('article-widget') !== undefined;
             </script>",
        ]
        .concat(),
    );
    let page = world.open_in(WATCHED, "package.html").await;
    page.wait_until(&live(1)).await;
    assert_eq!(page.eval("isDefined").await, true);
    assert_eq!(page.eval("document.querySelectorAll('script[src*=\"embed.js\"]').length").await, 1);
    page.assert_no_console_error().await;

    // Pinned: the browser runs the release with this digest, and no other.
    let manifest: Value =
        serde_json::from_str(&source("target/assets/manifest.json")).expect("it is JSON");
    let loader = manifest["assets"].as_array().into_iter().flatten();
    let loader = loader.into_iter().find(|asset| asset["name"] == "embed.js").expect("it is there");
    let pinned = |integrity: &str| {
        format!(
            "load({}).then(() => 'kept', ({{ message }}) => message)",
            json!({ "src": world.publisher.origin(), "version": manifest["version"], "integrity": integrity })
        )
    };
    let wrong = page.eval(&pinned(&format!("sha384-{}", "A".repeat(64)))).await;
    assert!(wrong.as_str().is_some_and(|wrong| wrong.starts_with("cannot load ")), "{wrong}");
    // The call before it left nothing behind.
    assert_eq!(page.eval(&pinned(loader["integrity"].as_str().expect("a digest"))).await, "kept");
    let nowhere = page
        .eval(&format!(
            "load({{ src: '{}/nowhere' }}).then(() => 'kept', () => 'broken')",
            world.publisher.origin()
        ))
        .await;
    assert_eq!(nowhere, "broken");
    assert_eq!(page.eval("errors").await, json!([]));
}

#[tokio::test]
async fn the_plain_example_works() {
    let world = World::start().await;
    world.write_page("plain.html", &source("www/examples/plain.html"));
    let page = world.open_in(WATCHED, "plain.html").await;
    page.wait_until(&live(1)).await;
    for article in ["cho-dem-pho-nui", "ca-phe-vao-vu-hai"] {
        page.eval(&format!(
            "void document.querySelector('button[data-article={article}]').click()"
        ))
        .await;
        page.wait_until(&format!(
            "document.querySelector('output').textContent === 'Đang đọc: {article}'"
        ))
        .await;
        let link =
            page.eval(&format!("{}.href", page.widget(0).find("[data-channel=print] a"))).await;
        assert!(link.as_str().is_some_and(|link| link.contains(article)), "{link}");
    }
    page.assert_no_console_error().await;
}

#[tokio::test]
async fn an_app_in_react_renders_moves_changes_and_unmounts_the_element() {
    walk("react-host.jsx").await;
}

#[tokio::test]
async fn an_app_in_vue_renders_moves_changes_and_unmounts_the_element() {
    walk("vue-host.js").await;
}

/// What apps do to an element, in the framework of `host`.
async fn walk(host: &str) {
    let Some(frameworks) = frameworks() else { return };
    let world = World::start().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frameworks");
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let bundle = folder.path().join("app.js");
    let bundled = Command::new("node")
        .arg(root.join("bundle.mjs"))
        .args([root.join(host), bundle.clone()])
        .env("PACKAGE", package().await)
        .current_dir(frameworks)
        .output()
        .expect("node came with npm");
    assert!(bundled.status.success(), "{}", String::from_utf8_lossy(&bundled.stderr));
    world.write_file("app.js", &fs::read(bundle).expect("it is bundled"));
    world.write_page(
        "app.html",
        "<!doctype html><meta charset=utf-8><div id=app></div><script src=app.js></script>",
    );
    let before = [WATCH, OBSERVERS].concat().leak();
    let page = world.open_in(View { before, ..View::DESKTOP }, "app.html").await;
    let show = async |articles: Value| {
        page.eval(&format!("void show({articles})")).await;
        page.eval(
            "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
        )
        .await;
    };
    let (one, two) = (
        json!({ "key": "1", "id": "cho-dem-pho-nui" }),
        json!({ "key": "2", "id": "ca-phe-vao-vu-hai" }),
    );
    show(json!([one, two])).await;
    page.wait_until(&live(2)).await;
    page.wait_until("heard.filter(({ state }) => state === 'live').length === 2").await;
    page.eval("void (globalThis.first = document.querySelector('article-widget'))").await;

    // Rendered again, and the other way round: the same elements, with nothing loaded anew.
    show(json!([one, two])).await;
    show(json!([two, one])).await;
    assert_eq!(page.eval("first === document.querySelectorAll('article-widget')[1]").await, true);
    assert_eq!(page.eval("seen.filter(({ word }) => word === 'readable').length").await, 2);
    assert!(page.widget(1).text(".aw-title").await.starts_with("Chợ đêm"));

    // Another id and another theme for the same element.
    show(json!([two, { "key": "1", "id": "thu-vien-tren-thuyen", "theme": "dark" }])).await;
    page.wait_until(&live(3)).await;
    let of_first = "[first.isConnected, first.article, first.getAttribute('theme')]";
    assert_eq!(page.eval(of_first).await, json!([true, "thu-vien-tren-thuyen", "dark"]));
    assert!(page.widget(1).text(".aw-title").await.contains("thuyền"));
    show(json!([two, { "key": "1", "id": "thu-vien-tren-thuyen" }])).await;
    assert_eq!(page.eval("first.hasAttribute('theme')").await, false);

    show(json!([])).await;
    page.wait_until("observed.size === 0 && heard_by_document.size === 0").await;
    assert_eq!(page.eval("document.querySelectorAll('article-widget').length").await, 0);
    assert_eq!(page.eval("errors").await, json!([]));
    page.assert_no_console_error().await;
}

/// What the plugin makes of a short code with these attributes, and which scripts it asks for. The functions of
/// WordPress that it calls are stood in for (`tests/frameworks/wordpress.php`). None, said aloud, without PHP.
fn run_plugin(given: &[Value]) -> Option<Vec<Value>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let plugin = Command::new("php")
        .arg(root.join("tests/frameworks/wordpress.php"))
        .arg(root.join("www/examples/wordpress/article-widget.php"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut plugin) = plugin else {
        eprintln!("SKIPPED: `cargo xtask test` installs PHP, and has not been run");
        return None;
    };
    let lines: String =
        given.iter().map(|given| json!({ "given": given }).to_string() + "\n").collect();
    // Its end is the end of the list.
    let mut stdin = plugin.stdin.take().expect("it is piped");
    stdin.write_all(lines.as_bytes()).expect("it listens");
    drop(stdin);
    let said = plugin.wait_with_output().expect("it ends");
    let text = String::from_utf8(said.stdout).expect("it writes text");
    assert!(said.status.success(), "{text}");
    Some(text.lines().map(|line| serde_json::from_str(line).expect("it writes JSON")).collect())
}

#[test]
fn the_plugin_gives_the_element_what_the_short_code_says() {
    let all = json!({ "id": "ID", "title": "Tin \"mới\" & <b>hay</b>", "lang": "en", "theme": "dark", "font": "host",
        "most-read": "7d", "share": "zalo, copy", "navigate": "inline" });
    let Some(said) = run_plugin(&[all, json!({ "id": "ID" })]) else { return };
    let expected = "<article-widget src=\"https://news.example\" article=\"ID\" lang=\"en\" theme=\"dark\" font=\"host\" \
        most-read=\"7d\" share=\"zalo, copy\" navigate=\"inline\" \
        style=\"display:flow-root;min-height:100vh\"><a href=\"https://news.example/a/ID\">Tin &quot;mới&quot; \
        &amp; &lt;b&gt;hay&lt;/b&gt;</a></article-widget>";
    assert_eq!(said[1], json!({ "html": expected, "loads": ["article-widget"] }));
    let plain = "<article-widget src=\"https://news.example\" article=\"ID\" \
        style=\"display:flow-root;min-height:100vh\">\
        <a href=\"https://news.example/a/ID\">https://news.example/a/ID</a></article-widget>";
    assert_eq!(said[2], json!({ "html": plain, "loads": ["article-widget"] }));

    // The loader is registered once, and people who may not write HTML keep every attribute there is.
    assert_eq!(said[0]["known"]["article-widget"][0], "https://news.example/embed.js");
    let loader = source("www/embed.js");
    let kept = &said[0]["kept"]["article-widget"];
    for name in between(&loader, "const PROPERTIES = [", "]").split(',') {
        let name = name.trim().trim_matches('\'').replace('R', "-r");
        assert_eq!(kept[&name], true, "kses takes {name} away");
    }
    assert_eq!(said[0]["other"], json!({ "p": [] }), "in other places the element stays forbidden");
}

/// What an author writes, or somebody else in their name, stays text and on one line.
#[test]
fn the_plugin_lets_nothing_out_of_an_attribute_or_the_link() {
    const HOSTILE: [&str; 8] = [
        "\" onmouseover=\"alert(1)",
        "' onmouseover='alert(1)",
        "><script>alert(1)</script>",
        "dark\n\n<p>",
        "dark\n",
        "javascript:alert(1)",
        "&quot; onload=&quot;x",
        "\u{2028}x\0",
    ];
    let mut given = vec![json!(""), json!({}), json!({ "title": "Không có số" })];
    for text in HOSTILE {
        given.push(json!({ "id": text }));
    }
    let refused = given.len();
    for text in HOSTILE {
        let choices = [
            "title",
            "lang",
            "theme",
            "font",
            "most-read",
            "share",
            "navigate",
            "onclick",
            "style",
        ];
        let mut all: serde_json::Map<_, _> =
            choices.map(|name| (name.to_owned(), json!(text))).into_iter().collect();
        all.insert("id".to_owned(), json!("ID"));
        given.push(all.into());
    }
    let Some(said) = run_plugin(&given) else { return };
    let (nothing, shown) = said[1..].split_at(refused);
    for one in nothing {
        assert_eq!(*one, json!({ "html": "", "loads": [] }));
    }
    assert_eq!(shown.len(), HOSTILE.len());
    for one in shown {
        let html = one["html"].as_str().expect("text");
        let before = "<article-widget src=\"https://news.example\" article=\"ID\" style=\"display:flow-root;min-height:100vh\">\
            <a href=\"https://news.example/a/ID\">";
        let title =
            html.strip_prefix(before).and_then(|rest| rest.strip_suffix("</a></article-widget>"));
        let title = title.unwrap_or_else(|| panic!("{html}"));
        assert!(!title.contains(['<', '>', '"', '\'', '\n']), "{html}");
    }
}
