//! `index.html`, Trunk's entry, with a stand-in for what Trunk writes into it: the loop must not rot
//! because few use it.

use std::fs;
use std::path::Path;

use crate::support::world::World;

/// What Trunk puts in the place of its link to the crate, but for the names of the files.
const STARTED: &str = r#"<script type="module">
import * as widget from "/widget.js";
import * as more from "/more.js";
const wasm = await widget.default();
await more.default();
// Trunk's one module has the exports of both.
window.wasmBindings = { ...widget, ...more };
dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm } }));
</script>"#;

#[tokio::test]
async fn trunks_page_shows_the_sample_where_no_server_runs() {
    let world = World::start().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in ["samples/embed.json", "target/assets/article.css"]
        .into_iter()
        .chain(["target/assets/widget.js", "target/assets/widget.wasm"])
        .chain(["target/assets/more.js", "target/assets/more.wasm"])
    {
        let name = file.rsplit('/').next().expect("a path has a name");
        world.write_file(name, &fs::read(root.join(file)).expect("the assets are built"));
    }
    let index = fs::read_to_string(root.join("index.html")).expect("it is there");
    let link =
        index.lines().find(|line| line.contains("rel=\"rust\"")).expect("it names the crate");
    world.write_page("index.html", &index.replace(link, STARTED));

    let page = world.open("index.html").await;
    let title = page.shadow_text(".aw-title").await;
    assert!(world.publisher.titles().contains(&title), "no sample is called {title:?}");
    assert!(page.widget(0).text(".aw-most-read").await.contains("24 giờ qua"));
}
