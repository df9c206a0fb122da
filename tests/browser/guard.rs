//! `www/guard.js` between a host page and an instance that dies.

use serde_json::json;

use crate::support::world::World;

/// The guard around made-up exports; `calls` is what a test then looks at.
const INSTANCE: &str = "
const memory = {};
const exports = guard({
  memory,
  add: (a, b) => a + b,
  trap() { throw new WebAssembly.RuntimeError('unreachable'); },
  // What a browser does inside a call: an event, whose listener is the instance's too.
  outer() { exports.trap(); calls.push('outer goes on'); },
});
const calls = [];
onTrap((error) => calls.push(error.message));
globalThis.tried = {
  sum: exports.add(1, 2),
  sameMemory: exports.memory === memory,
  outer: exports.outer(),
  later: exports.add(1, 2),
  pair: exports.trap()[1],
  calls,
};";

#[tokio::test]
async fn a_trap_ends_the_instance_and_stays_inside() {
    let world = World::start().await;
    let guard = include_str!("../../www/guard.js");
    world.write_page(
        "guard.html",
        &format!("<!doctype html><script type=module>{guard}{INSTANCE}</script>"),
    );
    let page = world.open("guard.html").await;

    let tried = page.wait_until("globalThis.tried").await;
    assert_eq!(tried["sum"], 3);
    assert_eq!(tried["sameMemory"], true);
    assert_eq!(tried["later"], json!([]), "a dead instance does nothing");
    assert_eq!(tried["pair"], json!(null), "the glue may look for an error in the answer");
    assert_eq!(tried["calls"], json!(["outer goes on", "unreachable"]), "told once, at the end");
    page.assert_no_console_error().await;
}
