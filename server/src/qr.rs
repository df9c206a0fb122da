//! QR codes, as SVG.

use std::fmt::Write as _;

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// The light margin that ISO/IEC 18004 asks for, in modules.
const QUIET_ZONE: usize = 4;

/// A picture of a QR code that says `content`, read out as `title`. Dark on light in every colour scheme:
/// many scanners read nothing else.
///
/// # Errors
/// Where `content` is longer than a code can hold, 2,331 bytes.
pub fn svg(content: &str, title: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(content, EcLevel::M)?;
    let size = code.width() + 2 * QUIET_ZONE;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" role=\"img\" \
         shape-rendering=\"crispEdges\"><title>{}</title><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\
         <path d=\"{}\"/></svg>",
        escape(title),
        path(&code.to_colors(), code.width()),
    ))
}

/// Each run of dark modules in a row is one rectangle.
fn path(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run[0] == Color::Dark {
                let (left, top, length) = (x + QUIET_ZONE, y + QUIET_ZONE, run.len());
                write!(path, "M{left} {top}h{length}v1h-{length}z").expect("a string takes it");
            }
            x += run.len();
        }
    }
    path
}

/// As text of an XML document, without the characters that none may hold (XML 1.0, section 2.2).
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\u{fffe}' | '\u{ffff}' => {}
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "https://news.example/a/ca-phe-vao-vu-hai?s=q-1x3k9a";

    /// The modules that the picture shows, quiet zone and all: its rectangles, painted.
    fn painted(svg: &str) -> Vec<Vec<bool>> {
        let size: usize = between(svg, "viewBox=\"0 0 ", " ").parse().unwrap();
        let mut modules = vec![vec![false; size]; size];
        let path = between(svg, "<path d=\"", "\"");
        for run in path.split('M').skip(1) {
            let (x, rest) = run.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let length: usize = rest.split_once('v').unwrap().0.parse().unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            modules[y][x..x + length].fill(true);
        }
        modules
    }

    fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
        text.split_once(before).unwrap().1.split_once(after).unwrap().0
    }

    #[test]
    fn the_picture_is_the_code_module_by_module_in_its_quiet_zone() {
        let code = QrCode::with_error_correction_level(LINK, EcLevel::M).unwrap();
        let expected = code.render().dark_color('#').light_color('.').build();
        let painted = painted(&svg(LINK, "").unwrap());
        let row = |row: Vec<bool>| row.into_iter().map(|dark| if dark { '#' } else { '.' });
        let rows: Vec<String> = painted.into_iter().map(|line| row(line).collect()).collect();
        assert_eq!(rows.join("\n"), expected);
        assert!(rows[..4].iter().chain(&rows[rows.len() - 4..]).all(|row| !row.contains('#')));
    }

    #[test]
    fn no_title_leaves_its_element_or_breaks_the_document() {
        let svg = svg(LINK, "</title><script>alert(1)</script>&\0\u{b}\u{ffff}").unwrap();
        let title = between(&svg, "<title>", "</title>");
        assert_eq!(title, "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;  ");
    }

    #[test]
    fn what_no_code_can_hold_is_an_error() {
        assert!(svg(&"x".repeat(3_000), "").is_err());
    }
}
