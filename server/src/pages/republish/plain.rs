//! An article as plain HTML: what the widget's component renders, without all that only the widget needs.

use html5gum::{EndTag, StartTag, Token, Tokenizer};

/// Elements that stay. Of others only what is in them does.
const KEPT: [&[u8]; 29] = [
    b"a",
    b"blockquote",
    b"br",
    b"caption",
    b"code",
    b"em",
    b"figcaption",
    b"figure",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"hr",
    b"img",
    b"li",
    b"ol",
    b"p",
    b"pre",
    b"strong",
    b"sub",
    b"sup",
    b"table",
    b"tbody",
    b"td",
    b"th",
    b"thead",
    b"tr",
    b"ul",
    b"section",
];
/// Attributes that stay.
const ATTRIBUTES: [&[u8]; 7] =
    [b"href", b"src", b"alt", b"width", b"height", b"colspan", b"rowspan"];
/// Elements that have no end.
const VOID: [&[u8]; 4] = [b"br", b"hr", b"img", b"source"];
/// Elements that end a line, so that people can read what they paste.
const LINES: [&[u8]; 13] = [
    b"blockquote",
    b"figcaption",
    b"figure",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"li",
    b"ol",
    b"p",
    b"table",
    b"tr",
    b"ul",
];

/// What stands in the component's text (`aw-text`), out of its whole HTML.
pub(super) fn text_of(html: &str) -> String {
    let mut plain = Plain { out: String::new(), depth: 0, is_begun: false };
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => plain.start(&tag),
            Token::EndTag(tag) => plain.end(&tag),
            Token::String(text) if plain.depth > 0 => {
                escape(&String::from_utf8_lossy(&text), &mut plain.out);
                plain.is_begun = true;
            }
            _ => {}
        }
    }
    plain.out.trim().to_owned()
}

struct Plain {
    out: String,
    /// Elements that are open, from the text's own on; 0 outside it.
    depth: usize,
    /// Something stands in the line already.
    is_begun: bool,
}

impl Plain {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        let is_void = VOID.contains(&name);
        let class = tag.attributes.get(&b"class"[..]).map_or(&b""[..], |class| class.as_slice());
        if self.depth == 0 {
            self.depth = usize::from(class == b"aw-text");
            return;
        }
        self.depth += usize::from(!is_void);
        if !KEPT.contains(&name) {
            return self.part(class);
        }
        self.out.push('<');
        self.out.push_str(&String::from_utf8_lossy(name));
        for (name, value) in &tag.attributes {
            if ATTRIBUTES.contains(&name.as_slice()) {
                self.out.push_str(&format!(" {}=\"", String::from_utf8_lossy(name)));
                escape(&String::from_utf8_lossy(value), &mut self.out);
                self.out.push('"');
            }
        }
        self.out.push('>');
        self.is_begun = false;
    }

    fn end(&mut self, tag: &EndTag<()>) {
        let name = tag.name.as_slice();
        if self.depth == 0 || VOID.contains(&name) {
            return;
        }
        self.depth -= 1;
        if self.depth > 0 && KEPT.contains(&name) {
            self.out.push_str(&format!("</{}>", String::from_utf8_lossy(name)));
            self.is_begun = !LINES.contains(&name);
            if !self.is_begun {
                self.out.push('\n');
            }
        }
    }

    /// The style keeps such parts apart; without it what stands between them has to: "Hạ Miên, minh họa; Lê An".
    fn part(&mut self, class: &[u8]) {
        if self.is_begun && !self.out.ends_with(' ') {
            self.out.push_str(match class {
                b"aw-author" => "; ",
                b"aw-role" => ", ",
                _ => " ",
            });
        }
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_the_widget_needs_is_gone_and_the_text_is_whole() {
        let html = "<article class=\"aw\"><div class=\"aw-text\" lang=\"vi\"><header class=\"aw-head\">\
            <h2 class=\"aw-title\" tabindex=\"-1\">Chợ &lt;đêm&gt; &amp; phố</h2></header>\
            <figure class=\"aw-figure\"><img class=\"aw-image\" src=\"https://a.example/1.jpg?a=1&amp;b=2\" \
            srcset=\"x 1w\" alt=\"&quot;Chợ&quot;\" loading=\"lazy\"><figcaption>Một góc chợ.<span \
            class=\"aw-credit\">Ảnh: Hạ Miên</span></figcaption></figure><div class=\"aw-body\">\
            <p>Một <a class=\"aw-link\" href=\"https://a.example/\" rel=\"noopener\">liên kết</a>.</p></div></div>\
            <div class=\"aw-actions\"><a href=\"/x\">Gửi</a></div></article>";
        assert_eq!(
            text_of(html),
            "<h2>Chợ &lt;đêm&gt; &amp; phố</h2>\n\
             <figure><img alt=\"&quot;Chợ&quot;\" src=\"https://a.example/1.jpg?a=1&amp;b=2\">\
             <figcaption>Một góc chợ. Ảnh: Hạ Miên</figcaption>\n</figure>\n\
             <p>Một <a href=\"https://a.example/\">liên kết</a>.</p>"
        );
        let bylines = "<div class=\"aw-text\"><p class=\"aw-byline\"><span class=\"aw-author\">Hoài Thương\
            <span class=\"aw-role\">phóng viên</span></span><span class=\"aw-author\">\
            <a href=\"/hm\">Hạ Miên</a><span class=\"aw-role\">minh họa</span></span>\
            <span class=\"aw-author\">Lê An</span></p></div>";
        assert_eq!(
            text_of(bylines),
            "<p>Hoài Thương, phóng viên; <a href=\"/hm\">Hạ Miên</a>, minh họa; Lê An</p>"
        );
        assert_eq!(text_of("<article class=\"aw aw-withdrawn\"><p>Đã rút.</p></article>"), "");
    }
}
