//! JavaScript and CSS, as short as they get without changing what they do or which browsers run
//! them.

use anyhow::{Result, bail};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions, StyleSheet};
use lightningcss::targets::{Browsers, Features, Targets};
use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_compat::EngineTargets;
use oxc_minifier::{CompressOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// The newest syntax that the minifier may bring in of its own.
const SYNTAX: &str = "es2020";

/// The oldest browsers that the style is for, those that run the widget's Wasm (reference types):
/// a declaration stays where it is the fallback that one of them needs.
const BROWSERS: Browsers = Browsers {
    android: version(96),
    chrome: version(96),
    edge: version(96),
    firefox: version(91),
    ie: None,
    ios_saf: version(15),
    opera: version(82),
    safari: version(15),
    samsung: version(17),
};

const fn version(major: u32) -> Option<u32> {
    Some(major << 16)
}

/// Minifies an ES module; names at its top level are its own and are shortened.
pub(super) fn module(source: &str) -> Result<String> {
    javascript(source, SourceType::mjs())
}

/// Minifies a classic script; names at its top level are the page's and stay.
pub(super) fn script(source: &str) -> Result<String> {
    javascript(source, SourceType::script())
}

/// Minifies a style sheet.
pub(super) fn style(source: &str) -> Result<String> {
    let wrong = |error: &dyn std::fmt::Display| anyhow::anyhow!("{error}");
    // What stands in for light-dark() cannot follow the color-scheme of a page around: the style has its own way.
    let targets = Targets { exclude: Features::LightDark, ..Targets::from(BROWSERS) };
    let mut sheet =
        StyleSheet::parse(source, ParserOptions::default()).map_err(|error| wrong(&error))?;
    sheet
        .minify(MinifyOptions { targets, ..MinifyOptions::default() })
        .map_err(|error| wrong(&error))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|error| wrong(&error))?;
    Ok(printed.code)
}

fn javascript(source: &str, kind: SourceType) -> Result<String> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, kind).parse();
    if let Some(error) = parsed.diagnostics.into_iter().next() {
        bail!("{:?}", error.with_source_code(source.to_owned()));
    }
    let mut program = parsed.program;
    let target = EngineTargets::from_target(SYNTAX).map_err(anyhow::Error::msg)?;
    let options = MinifierOptions {
        compress: Some(CompressOptions { target, ..CompressOptions::smallest() }),
        ..MinifierOptions::default()
    };
    let minified = Minifier::new(options).minify(&allocator, &mut program);
    let printed = Codegen::new()
        .with_options(CodegenOptions::minify())
        .with_scoping(minified.scoping)
        .build(&program);
    Ok(printed.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_keeps_its_exports_and_shortens_its_own_names() {
        let short = module(
            "const secret = 1;\nexport function mount(element) { return element ?? secret; }",
        );
        let short = short.unwrap();
        assert!(short.contains("mount"), "{short}");
        assert!(!short.contains("secret") && !short.contains("element"), "{short}");
    }

    #[test]
    fn a_script_keeps_its_syntax() {
        let short =
            script("(function () { var x = globalThis.x; if (x === null) x = 1; y(x); })()");
        let short = short.unwrap();
        assert!(!short.contains("??="), "newer than {SYNTAX}: {short}");
        assert!(!short.contains("export") && !short.contains("import"), "{short}");
    }

    #[test]
    fn broken_source_is_refused() {
        assert!(script("function (").is_err());
        assert!(style("a { color: red; } }").is_err());
    }

    #[test]
    fn a_style_keeps_what_older_browsers_fall_back_to() {
        let short = style(".aw { height: 100vh; height: 100dvh; color: #ff0000 }").unwrap();
        let (older, newer) = (short.find("height:100vh"), short.find("height:100dvh"));
        assert!(older.is_some() && older < newer, "{short}");
    }

    #[test]
    fn light_and_dark_are_left_to_the_browser() {
        let source = ".aw { color-scheme: dark; --ink: light-dark(#000, #fff) }";
        assert_eq!(style(source).unwrap(), ".aw{color-scheme:dark;--ink:light-dark(#000,#fff)}");
    }
}
