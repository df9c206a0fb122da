//! Source to Wasm, by a cargo of its own: other target, other profile, and the standard library built
//! anew for size.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::{WASM_TARGET, cargo, run, target};

/// The profile in the root Cargo.toml that keeps the widget small.
const PROFILE: &str = "widget";

/// The standard library as rustup brings it is made for speed and for good messages. A widget's panic
/// ends in its loader, which needs no message; nothing is printed by `Debug`. Of the same widget this
/// leaves three quarters of the bytes.
const STANDARD_LIBRARY: [&str; 2] =
    ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];
const SMALL: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";
/// What refers to what: `links` reads it.
const REFERENCES: &str = "-Clink-arg=--emit-relocs";
/// Set to anything, it asks for [`Std::AsItComes`].
const AS_IT_COMES: &str = "ARTICLE_PREBUILT_STD";

/// The standard library that the widget is compiled with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Std {
    /// Built anew for size.
    Small,
    /// As rustup brings it, for who has no `rust-src` or wants no flag of a nightly compiler. The widget is the same,
    /// and heavier.
    AsItComes,
}

impl Std {
    /// Which one the environment asks for.
    pub(crate) fn asked() -> Self {
        if std::env::var_os(AS_IT_COMES).is_some() { Self::AsItComes } else { Self::Small }
    }
}

/// What the compiler made of the widget.
pub(super) struct Compiled {
    pub(super) wasm: PathBuf,
    pub(super) std: Std,
}

/// Compiles the widget.
pub(super) fn compile(std: Std) -> Result<Compiled> {
    let mut command = cargo();
    // The crate is an rlib too, for the server, and cargo optimises across crates only where it is not.
    command.args(["rustc", "--lib", "--crate-type", "cdylib", "--package", "article-widget"]);
    command.args(["--target", WASM_TARGET, "--profile", PROFILE]);
    let mut flags = Vec::new();
    if std == Std::Small {
        command.args(STANDARD_LIBRARY);
        flags.extend(SMALL.split(' '));
        // These flags are open to nightly compilers only; rust-toolchain.toml pins a stable one, whose
        // behaviour they do not change between two builds.
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    flags.push(REFERENCES);
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    run(&mut command)?;
    Ok(Compiled { wasm: target().join(WASM_TARGET).join(PROFILE).join("article_widget.wasm"), std })
}
