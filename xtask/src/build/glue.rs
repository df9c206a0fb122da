//! Wasm to a pair: the Wasm that browsers load and its JavaScript glue, with `www/guard.js` between
//! the two and what runs beside it, `www/menu.js` and `www/live.js`, behind them.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::replace_once;
use super::snip;
use crate::project;

/// What the module is called, in the glue's own names.
const NAME: &str = "article_widget";
/// The one place where the glue takes the instance's exports.
const EXPORTS: &str = "wasm = instance.exports;";
const GUARDED_EXPORTS: &str = "wasm = guard(instance.exports);";
/// How the glue makes an object, which becomes an option of some call of the browser's, and what it makes
/// instead: one that nothing put on `Object.prototype` is an option of.
const OBJECT: &str = "new Object()";
const BARE_OBJECT: &str = "{ __proto__: null }";
/// The module that the Wasm imports from, which is the glue itself, and what it is called instead.
const IMPORTS: &str = "./article_widget_bg.js";
const SHORT_IMPORTS: &str = "g";
/// How the exports begin that closures are called through.
const SHIM: &str = "wasm_bindgen_";

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
        .input_module(NAME, snip::read(compiled)?)
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
    let mut js = guarded(output.js(), &project::text("www/guard.js")?)?;
    for beside in ["www/menu.js", "www/live.js"] {
        js.push_str(&project::text(beside)?);
    }
    let wasm = output.wasm_mut();
    for (index, import) in wasm.imports.iter_mut().enumerate() {
        let short = format!("i{index}");
        js = renamed(&js, &import.name, &short)?;
        import.name = short;
        SHORT_IMPORTS.clone_into(&mut import.module);
    }
    js = replace_once(&js, IMPORTS, SHORT_IMPORTS).context("the glue's imports")?;
    let shims = wasm.exports.iter_mut().filter(|export| export.name.starts_with(SHIM));
    for (index, export) in shims.enumerate() {
        let short = format!("e{index}");
        js = js.replace(&format!("wasm.{}(", export.name), &format!("wasm.{short}("));
        export.name = short;
    }
    let unknown = js.contains(&format!("wasm.{SHIM}"));
    anyhow::ensure!(!unknown, "the glue uses a shim in a way that is not known");
    Ok(Bound { js, wasm: wasm.emit_wasm() })
}

/// Gives an import a short name. The long one ends in a hash, which no compression makes smaller, and
/// stands in the Wasm and in the glue.
fn renamed(glue: &str, long: &str, short: &str) -> Result<String> {
    replace_once(glue, &format!("{long}: "), &format!("{short}: "))
        .with_context(|| format!("the glue's import {long}"))
}

fn guarded(glue: &str, guard: &str) -> Result<String> {
    const CHANGED: &str =
        "wasm-bindgen's glue has changed; look at www/guard.js and xtask/src/build/glue.rs";
    let glue = replace_once(glue, EXPORTS, GUARDED_EXPORTS).context(CHANGED)?;
    let glue = replace_once(&glue, OBJECT, BARE_OBJECT).context(CHANGED)?;
    Ok(format!("{glue}\n{guard}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_stands_before_the_exports() {
        let glue =
            "const ret = new Object();\nwasmInstance = instance;\nwasm = instance.exports;\n";
        let guarded = guarded(glue, "function guard(exports) {}").unwrap();
        assert!(guarded.starts_with("const ret = { __proto__: null };\n"));
        assert!(guarded.contains("\nwasm = guard(instance.exports);\n"));
        assert!(guarded.ends_with("function guard(exports) {}"));
    }

    #[test]
    fn glue_of_another_form_is_refused() {
        let error = guarded("wasm = other;", "").unwrap_err();
        assert!(format!("{error:#}").contains("exactly once"));
    }
}
