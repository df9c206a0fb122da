//! `build`: the widget's source to the files that a browser loads.
//!
//! compile ([`wasm`]) -> bind ([`glue`]) -> minify ([`minify`]) -> compress and list ([`assets`]).

mod assets;
mod glue;
mod links;
mod minify;
mod snip;
mod wasm;

use std::time::Instant;

use anyhow::{Context, Result};

use assets::{Asset, short_integrity};
pub(crate) use assets::{Entry, Manifest, brotli, gzip, integrity};
pub(crate) use wasm::Std;

use crate::{project, setup};

/// What stands in `www/embed.js` where the release is named.
const RELEASE_TOKEN: &str = "__RELEASE__";

/// What stands in `www/start.js` for the digest of the Wasm, in `www/live.js` for that of `www/inline.js`, and in
/// `www/forms.js` for that of the second module's glue.
const WASM_TOKEN: &str = "__WASM__";
const INLINE_TOKEN: &str = "__INLINE__";
const MORE_TOKEN: &str = "__MORE__";

/// Builds every asset and writes `target/assets`, with the standard library that the environment asks for.
///
/// # Errors
/// If a tool is missing, the source does not compile, or a file does not have the form that a step
/// needs; the message says which.
pub(crate) fn build() -> Result<Manifest> {
    build_with(Std::asked())
}

/// The same with that standard library.
///
/// # Errors
/// As [`build`].
pub(crate) fn build_with(std: Std) -> Result<Manifest> {
    setup::compiler()?;
    let compiled = wasm::compile(std)?;

    let began = Instant::now();
    let inline = minify::module(&project::text("www/inline.js")?).context("www/inline.js")?;
    let more = glue::bind(&compiled, &glue::MORE)?;
    let more_glue = with_digests(&more.js, &[(WASM_TOKEN, &more.wasm)])
        .and_then(|source| minify::module(&source))
        .context("the second glue")?;
    let bound = glue::bind(&compiled, &glue::WIDGET)?;
    let digests: [(_, &[u8]); 3] = [
        (WASM_TOKEN, &bound.wasm),
        (INLINE_TOKEN, inline.as_bytes()),
        (MORE_TOKEN, more_glue.as_bytes()),
    ];
    let glue = with_digests(&bound.js, &digests)
        .and_then(|source| minify::module(&source))
        .context("the glue")?;
    let css = minify::style(&project::text("www/article.css")?).context("www/article.css")?;
    let loader_source = project::text("www/embed.js")?;

    let [frame, frame_host, republish] =
        [script("www/frame.js")?, script("www/frame-host.js")?, script("www/republish.js")?];
    let [gazette, harbour, terrace] = [theme("gazette")?, theme("harbour")?, theme("terrace")?];

    let version = assets::version(&[
        glue.as_bytes(),
        &bound.wasm,
        more_glue.as_bytes(),
        &more.wasm,
        css.as_bytes(),
        loader_source.as_bytes(),
        inline.as_bytes(),
        &frame,
        &frame_host,
        &republish,
        &gazette,
        &harbour,
        &terrace,
    ]);
    let release = serde_json::json!({
        "version": version,
        "glue": short_integrity(glue.as_bytes()),
    });
    let loader = replace_once(&loader_source, RELEASE_TOKEN, &release.to_string())
        .and_then(|source| minify::script(&source))
        .context("www/embed.js")?;

    let manifest = assets::write(
        &project::assets(),
        version,
        &[
            Asset::new("embed.js", "text/javascript; charset=utf-8", loader.into_bytes()),
            Asset::new("widget.js", "text/javascript; charset=utf-8", glue.into_bytes()),
            Asset::new("widget.wasm", "application/wasm", bound.wasm),
            Asset::new("more.js", "text/javascript; charset=utf-8", more_glue.into_bytes()),
            Asset::new("more.wasm", "application/wasm", more.wasm),
            Asset::new("article.css", "text/css; charset=utf-8", css.into_bytes()),
            Asset::new("inline.js", "text/javascript; charset=utf-8", inline.into_bytes()),
            Asset::new("frame.js", "text/javascript; charset=utf-8", frame),
            Asset::new("frame-host.js", "text/javascript; charset=utf-8", frame_host),
            Asset::new("republish.js", "text/javascript; charset=utf-8", republish),
            Asset::new("gazette.css", "text/css; charset=utf-8", gazette),
            Asset::new("harbour.css", "text/css; charset=utf-8", harbour),
            Asset::new("terrace.css", "text/css; charset=utf-8", terrace),
        ],
    )?;
    eprintln!("assets of {} written in {:.1} s", manifest.version, began.elapsed().as_secs_f32());
    Ok(manifest)
}

/// `source` with each token replaced by the digest of those contents.
fn with_digests(source: &str, contents: &[(&str, &[u8])]) -> Result<String> {
    contents.iter().try_fold(source.to_owned(), |source, (token, contents)| {
        let digest = serde_json::to_string(&short_integrity(contents))?;
        replace_once(&source, token, &digest)
    })
}

/// A script of ours that needs nothing but to be shorter.
fn script(path: &str) -> Result<Vec<u8>> {
    let short = minify::script(&project::text(path)?).with_context(|| path.to_owned())?;
    Ok(short.into_bytes())
}

/// A style sheet for the pages of partners.
fn theme(name: &str) -> Result<Vec<u8>> {
    let path = format!("www/themes/{name}.css");
    let short = minify::style(&project::text(&path)?).context(path)?;
    Ok(short.into_bytes())
}

/// `text` with its one `pattern` replaced: a second one, or none, means that the text is no longer
/// what this build was written for.
fn replace_once(text: &str, pattern: &str, replacement: &str) -> Result<String> {
    let count = text.matches(pattern).count();
    anyhow::ensure!(count == 1, "`{pattern}` must occur exactly once, and occurs {count} times");
    Ok(text.replacen(pattern, replacement, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_must_occur_exactly_once() {
        assert_eq!(replace_once("a b c", "b", "x").unwrap(), "a x c");
        let twice = replace_once("b b", "b", "x").unwrap_err();
        assert_eq!(twice.to_string(), "`b` must occur exactly once, and occurs 2 times");
        assert!(replace_once("a", "b", "x").is_err());
    }
}
