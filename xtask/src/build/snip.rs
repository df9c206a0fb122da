//! Cuts one module out of the compiled Wasm: what some of its exports need, and nothing else. The compiler makes one
//! module with all in it; readers get a part.
//!
//! Takes functions out, too, that the widget never comes to, but that no compiler can know of: each is there
//! because a general function in a library may need it. One that were called after all would end in a trap, and a
//! trap ends in the server's HTML.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};
use walrus::{ElementItems, FunctionKind, Module, ModuleConfig, passes};

use super::links::{Links, Needs};
use super::wasm::{Compiled, Std};

/// Parts of their names.
const NEVER: [&str; 11] = [
    // Says which node of the page stood where one of ours should: a panic's message.
    "::feat_hydration::node_type_str",
    // What the component never renders: HTML as text, a place elsewhere in the page, something to wait for.
    "vraw::VRaw as yew::dom_bundle",
    "vportal::VPortal as yew::dom_bundle",
    "vsuspense::VSuspense as yew::dom_bundle",
    "vportal::VPortal> as yew::utils::RcExt",
    "vsuspense::VSuspense> as yew::utils::RcExt",
    // Nor a component within another: each root is one.
    "vcomp::VComp as yew::dom_bundle",
    "vcomp::VComp> as yew::utils::RcExt",
    "braw::BRaw",
    // Goes on with what waits for a promise in the middle of a call: nothing here does.
    "__wbg_jspi_task_poll",
    // Prints a panic. One ends where it stands.
    "console_error_panic_hook::hook",
];

/// How the exports begin by which wasm-bindgen is told the types of others.
const DESCRIPTION: &str = "__wbindgen_describe_";

/// Reads the compiled widget without what only the exports named in `others` need, and without what is never come to.
///
/// # Errors
/// If it is no Wasm, or one of what is named is not in it any more.
pub(super) fn read(compiled: &Compiled, others: &[&str]) -> Result<Module> {
    let unreadable = || format!("cannot read {}", compiled.wasm.display());
    let wasm = std::fs::read(&compiled.wasm).with_context(unreadable)?;
    let links = Links::read(&wasm).with_context(unreadable)?;
    let never = never(&links, compiled.std)?;
    let needs = links.needs(|export| !is_one_of(others, export), &never)?;

    // As wasm-bindgen reads it: without checking, and to be written without names and producers.
    let mut config = ModuleConfig::new();
    config.strict_validate(false).generate_name_section(false).generate_producers_section(false);
    let mut module = config.parse(&wasm).with_context(unreadable)?;
    for section in ["linking", "reloc.CODE", "reloc.DATA"] {
        module.customs.remove_raw(section);
    }
    let cut: Vec<_> = module.exports.iter().filter(|it| is_one_of(others, &it.name)).collect();
    // Each with its description.
    ensure!(cut.len() == 2 * others.len(), "the exports {others:?} have other names");
    for export in cut.into_iter().map(walrus::Export::id).collect::<Vec<_>>() {
        module.exports.delete(export);
    }
    snip(&mut module, &needs);
    passes::gc::run(&mut module);
    Ok(module)
}

/// Whether an export of the compiled module, whose names end in a hash, is one of those or describes one.
fn is_one_of(names: &[&str], export: &str) -> bool {
    let export = export.strip_prefix(DESCRIPTION).unwrap_or(export);
    export.rsplit_once('_').is_some_and(|(name, _)| names.contains(&name))
}

/// Which functions those are. With the standard library as it comes, the compiler inlines others, so that a name may be
/// gone; with ours it tells that a library has changed.
fn never(links: &Links, std: Std) -> Result<Vec<usize>> {
    let mut all = Vec::new();
    for name in NEVER {
        let before = all.len();
        all.extend(links.named(name));
        let found = all.len() > before || std == Std::AsItComes;
        ensure!(found, "no function of the Wasm is named {name} any more");
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
    share_trap(module, needs);
    let segments: Vec<_> = module.data.iter().map(|data| data.id()).collect();
    for piece in &needs.idle {
        module.data.get_mut(segments[piece.segment]).value[piece.bytes.clone()].fill(0);
    }
}

/// Tables keep their places. What nothing leads to is one and the same function in all of them.
fn share_trap(module: &mut Module, needs: &Needs) {
    let ids = module.funcs.iter().map(|function| function.id());
    let idle: HashSet<_> =
        ids.zip(&needs.functions).filter(|(_, needed)| !**needed).map(|(id, _)| id).collect();
    let mut trap = None;
    for element in module.elements.iter_mut() {
        let ElementItems::Functions(functions) = &mut element.items else { continue };
        for function in functions.iter_mut().filter(|function| idle.contains(function)) {
            *function = *trap.get_or_insert(*function);
        }
    }
}
