//! Wasm to pairs: each a module that browsers load and its JavaScript glue, with `www/guard.js` between the two and
//! what runs beside it behind them.

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::replace_once;
use super::snip;
use super::wasm::Compiled;
use crate::project;

/// What a reader gets, and what comes to whoever needs it: their exports, and the scripts behind their glue.
pub(super) static WIDGET: Part =
    Part { exports: &["live"], beside: &["www/live.js", "www/forms.js", "www/menu.js"], mark: "a" };
pub(super) static MORE: Part =
    Part { exports: &["article", "forms"], beside: &["www/more.js"], mark: "b" };

/// A part of what is compiled.
pub(super) struct Part {
    exports: &'static [&'static str],
    beside: &'static [&'static str],
    /// Tells Yew's notes on elements from those of the other part, and of a host page made with Yew.
    mark: &'static str,
}

/// What the module is called, in the glue's own names.
const NAME: &str = "article_widget";
/// The one place where the glue takes the instance's exports.
const EXPORTS: &str = "wasm = instance.exports;";
const GUARDED_EXPORTS: &str = "wasm = guard(instance.exports);";
/// Where its own way to start begins, which is the last that is in it.
const START: &str = "async function __wbg_load(";
/// How the glue makes an object, which becomes an option of some call of the browser's, and what it makes
/// instead: one that nothing put on `Object.prototype` is an option of.
const OBJECT: &str = "new Object()";
const BARE_OBJECT: &str = "{ __proto__: null }";
/// The module that the Wasm imports from, which is the glue itself, and what it is called instead.
const IMPORTS: &str = "./article_widget_bg.js";
const SHORT_IMPORTS: &str = "g";
/// How the exports begin that closures are called through.
const SHIM: &str = "wasm_bindgen_";
/// How the properties begin in which Yew notes on elements and events what it knows of them, by numbers of its own:
/// two instances that find each other's notes take them for theirs.
const NOTES: &str = ".__yew_";

/// A Wasm module and the ES module that loads it.
pub(super) struct Bound {
    /// The ES module, readable.
    pub(super) js: String,
    /// Without names and producers.
    pub(super) wasm: Vec<u8>,
}

/// Binds a part of the compiled widget.
///
/// # Errors
/// If wasm-bindgen fails, wants files beside the two, or writes glue of another form than the guard
/// was made for.
pub(super) fn bind(compiled: &Compiled, part: &Part) -> Result<Bound> {
    let all = [&WIDGET, &MORE].into_iter().flat_map(|part| part.exports.iter().copied());
    let others: Vec<_> = all.filter(|export| !part.exports.contains(export)).collect();
    let mut output = Bindgen::new()
        .input_module(NAME, snip::read(compiled, &others)?)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate_output()
        .with_context(|| format!("cannot bind {}", compiled.wasm.display()))?;
    let snippets = output.snippets().iter().filter(|(_, snippets)| !snippets.is_empty());
    let own: Vec<_> = snippets.map(|(name, _)| name).chain(output.local_modules().keys()).collect();
    anyhow::ensure!(
        own.is_empty(),
        "a dependency brings JavaScript of its own, which the loader would not find: {own:?}"
    );
    let mut js = guarded(output.js())?;
    anyhow::ensure!(js.contains(NOTES), "Yew notes what it knows in another way");
    js = js.replace(NOTES, &format!(".__aw_{}_", part.mark));
    for beside in ["www/start.js", "www/guard.js"].iter().chain(part.beside) {
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

/// The glue up to where it starts the instance, with its exports guarded.
fn guarded(glue: &str) -> Result<String> {
    let changed = "wasm-bindgen's glue has changed; look at www/guard.js, www/start.js and xtask/src/build/glue.rs";
    let mut glue = replace_once(glue, EXPORTS, GUARDED_EXPORTS).context(changed)?;
    let starts: Vec<_> = glue.match_indices(START).collect();
    anyhow::ensure!(starts.len() == 1, "{changed}");
    glue.truncate(starts[0].0);
    replace_once(&glue, OBJECT, BARE_OBJECT).context(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guard_stands_before_the_exports_and_the_start_is_cut_off() {
        let glue = "const ret = new Object();\nwasm = instance.exports;\nasync function __wbg_load(module) {}\nexport {};\n";
        let expected = "const ret = { __proto__: null };\nwasm = guard(instance.exports);\n";
        assert_eq!(guarded(glue).unwrap(), expected);
    }

    #[test]
    fn glue_of_another_form_is_refused() {
        for glue in ["wasm = other;", "wasm = instance.exports;"] {
            let error = guarded(glue).unwrap_err();
            assert!(format!("{error:#}").contains("has changed"));
        }
    }
}
