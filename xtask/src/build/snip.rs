//! Takes functions out of the Wasm that the widget never comes to, but that no compiler can know of: each is
//! there because a general function in a library may need it. One that were called after all would end in a
//! trap, and a trap ends in the server's HTML.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use walrus::{FunctionKind, Module, ModuleConfig, passes};

use super::links::{Links, Needs};

/// Parts of their names.
const NEVER: [&str; 9] = [
    // Says what stood where something else should. The widget reads every JSON value as what it is: there is
    // nothing else in an answer.
    "serde_wasm_bindgen::de::Deserializer>::invalid_type_",
    "::de::Unexpected as core::fmt::Display>::fmt",
    // Writes a floating-point number. The widget writes none.
    "core::fmt::float::float_to_decimal",
    // Says which node of the page stood where one of ours should: a panic's message.
    "::feat_hydration::node_type_str",
    // What the component never renders: HTML as text, a place elsewhere in the page, something to wait for.
    "vraw::VRaw as yew::dom_bundle",
    "vportal::VPortal as yew::dom_bundle",
    "vsuspense::VSuspense as yew::dom_bundle",
    "braw::BRaw",
    // Prints a panic. One ends where it stands.
    "console_error_panic_hook::hook",
];

/// Reads the compiled widget with a trap in their places, and without what only they needed.
///
/// # Errors
/// If it is no Wasm, or one of them is not there any more: then it is time to take it off the list.
pub(super) fn read(compiled: &Path) -> Result<Module> {
    let unreadable = || format!("cannot read {}", compiled.display());
    let wasm = std::fs::read(compiled).with_context(unreadable)?;
    let links = Links::read(&wasm).with_context(unreadable)?;
    let needs = links.needs(&never(&links)?)?;

    // As wasm-bindgen reads it: without checking, and to be written without names and producers.
    let mut config = ModuleConfig::new();
    config.strict_validate(false).generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(&wasm).with_context(unreadable)?;
    for section in ["linking", "reloc.CODE", "reloc.DATA"] {
        module.customs.remove_raw(section);
    }
    snip(&mut module, &needs);
    passes::gc::run(&mut module);
    Ok(module)
}

fn never(links: &Links) -> Result<Vec<usize>> {
    let mut all = Vec::new();
    for name in NEVER {
        let before = all.len();
        all.extend(links.named(name));
        ensure!(all.len() > before, "no function of the Wasm is named {name} any more");
    }
    Ok(all)
}

/// Puts a trap where nothing leads to, and zeros where nothing reads: those compress to nothing.
fn snip(module: &mut Module, needs: &Needs) {
    for (index, function) in module.funcs.iter_mut().enumerate() {
        if let (false, FunctionKind::Local(function)) = (needs.functions[index], &mut function.kind)
        {
            let mut body = function.builder_mut().func_body();
            body.instrs_mut().clear();
            body.unreachable();
        }
    }
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    for piece in &needs.idle {
        module.data.get_mut(segments[piece.segment]).value[piece.bytes.clone()].fill(0);
    }
}
