//! Wasm to a pair: the Wasm that browsers load and its JavaScript glue, with `www/guard.js` between
//! the two.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::replace_once;
use crate::project;

/// The one place where the glue takes the instance's exports.
const EXPORTS: &str = "wasm = instance.exports;";
const GUARDED_EXPORTS: &str = "wasm = guard(instance.exports);";

/// A Wasm module and the ES module that loads it.
pub(super) struct Bound {
    /// The ES module, readable.
    pub(super) js: String,
    /// Without names and producers.
    pub(super) wasm: Vec<u8>,
}

/// Binds the compiled widget.
///
/// # Errors
/// If wasm-bindgen fails, wants files beside the two, or writes glue of another form than the guard
/// was made for.
pub(super) fn bind(compiled: &Path) -> Result<Bound> {
    let mut output = Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate_output()
        .with_context(|| format!("cannot bind {}", compiled.display()))?;
    let snippets = output.snippets().iter().filter(|(_, snippets)| !snippets.is_empty());
    let own: Vec<_> = snippets.map(|(name, _)| name).chain(output.local_modules().keys()).collect();
    anyhow::ensure!(
        own.is_empty(),
        "a dependency brings JavaScript of its own, which the loader would not find: {own:?}"
    );
    let js = guarded(output.js(), &project::text("www/guard.js")?)?;
    Ok(Bound { js, wasm: output.wasm_mut().emit_wasm() })
}

fn guarded(glue: &str, guard: &str) -> Result<String> {
    let glue = replace_once(glue, EXPORTS, GUARDED_EXPORTS).context(
        "wasm-bindgen's glue has changed; look at www/guard.js and xtask/src/build/glue.rs",
    )?;
    Ok(format!("{glue}\n{guard}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_stands_before_the_exports() {
        let glue = "wasmInstance = instance;\nwasm = instance.exports;\n";
        let guarded = guarded(glue, "function guard(exports) {}").unwrap();
        assert!(guarded.contains("\nwasm = guard(instance.exports);\n"));
        assert!(guarded.ends_with("function guard(exports) {}"));
    }

    #[test]
    fn glue_of_another_form_is_refused() {
        let error = guarded("wasm = other;", "").unwrap_err();
        assert!(format!("{error:#}").contains("exactly once"));
    }
}
