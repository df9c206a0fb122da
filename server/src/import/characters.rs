//! Characters: which are carried over from whatever format.

use unicode_normalization::UnicodeNormalization;

/// In NFC, without the characters that only disturb: controls, overrides of the direction of writing, which make a text
/// read as what it is not, and marks of no width, which hide words from a search. Every end of a line is `\n`; other
/// white space is left as it is.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut before = None;
    let mut characters = text.nfc().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\t' => cleaned.push(c),
            '\r' if characters.peek() == Some(&'\n') => continue,
            '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                cleaned.push('\n');
            }
            // They join and part letters of Indic and Arabic script and pictures; between others they do nothing.
            '\u{200c}' | '\u{200d}' if before.is_some_and(is_shaped) => cleaned.push(c),
            c if c.is_control() || is_invisible(c) => continue,
            c => cleaned.push(c),
        }
        before = Some(c);
    }
    cleaned
}

/// White space that a browser folds. Of the hard space too: runs of it are layout, and only a single one binds words.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\u{a0}')
}

/// Of a script whose letters change shape with their neighbours, or a picture: neither Latin nor punctuation.
fn is_shaped(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{1cff}' | '\u{2190}'..='\u{2bff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fe0f}' | '\u{10a00}'..)
}

fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffc}' | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{e007f}'
    ) || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_come_composed_and_without_what_only_disturbs() {
        assert_eq!(clean("Đa\u{306}\u{301}k\u{200b} L\u{ad}ắk\u{feff}"), "Đắk Lắk");
        assert_eq!(clean("gpj.\u{202e}exe\u{2066}\0\u{7}\u{e0041}"), "gpj.exe");
    }

    #[test]
    fn joiners_stay_where_a_script_needs_them() {
        for kept in ["می\u{200c}خواهم", "क\u{94d}\u{200d}ष", "👩\u{200d}💻"] {
            assert_eq!(clean(kept), kept);
        }
        assert_eq!(clean("mật\u{200c}khẩu\u{200d}"), "mậtkhẩu");
    }

    #[test]
    fn every_end_of_a_line_is_one() {
        assert_eq!(clean("a\r\nb\rc\u{b}d\u{2028}e\tf"), "a\nb\nc\nd\ne\tf");
        assert_eq!(clean("a\r\r\nb"), "a\n\nb");
    }
}
