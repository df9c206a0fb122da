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
    let mut plain = Plain { out: String::new(), depth: 0, last: Last::Opening };
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => plain.start(&tag),
            Token::EndTag(tag) => plain.end(&tag),
            Token::String(text) if plain.depth > 0 => {
                escape(&String::from_utf8_lossy(&text), &mut plain.out);
                plain.last = Last::Text;
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
    last: Last,
}

/// What came last.
#[derive(Clone, Copy)]
enum Last {
    /// The beginning of an element that stays, or of a line.
    Opening,
    /// Text, or the end of an element in it.
    Text,
    /// The end of an element that does not stay.
    Part,
}

impl Plain {
    fn start(&mut self, tag: &StartTag<()>) {
        let name = tag.name.as_slice();
        let is_void = VOID.contains(&name);
        if self.depth == 0 {
            let class = tag.attributes.get(&b"class"[..]);
            self.depth = usize::from(class.is_some_and(|class| class.as_slice() == b"aw-text"));
            return;
        }
        self.depth += usize::from(!is_void);
        if !KEPT.contains(&name) {
            return self.part();
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
        self.last = if is_void { Last::Text } else { Last::Opening };
    }

    fn end(&mut self, tag: &EndTag<()>) {
        let name = tag.name.as_slice();
        if self.depth == 0 || VOID.contains(&name) {
            return;
        }
        self.depth -= 1;
        if self.depth == 0 {
            return;
        }
        if !KEPT.contains(&name) {
            if !matches!(self.last, Last::Opening) {
                self.last = Last::Part;
            }
            return;
        }
        self.out.push_str(&format!("</{}>", String::from_utf8_lossy(name)));
        self.last = Last::Text;
        if LINES.contains(&name) {
            self.out.push('\n');
            self.last = Last::Opening;
        }
    }

    /// The style keeps such parts apart: one from the text before it, and one from another, as names are.
    fn part(&mut self) {
        self.out.push_str(match self.last {
            Last::Opening => "",
            Last::Text if self.out.ends_with(char::is_whitespace) => "",
            Last::Text => " ",
            Last::Part => " · ",
        });
        self.last = Last::Opening;
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
            <h2 class=\"aw-title\" tabindex=\"-1\">Chợ &lt;đêm&gt; &amp; phố</h2><p>\
            <span><a href=\"/b\">Hạ Miên</a><span>ảnh</span></span><span>Lê An</span></p></header>\
            <figure class=\"aw-figure\"><img class=\"aw-image\" src=\"https://a.example/1.jpg?a=1&amp;b=2\" \
            srcset=\"x 1w\" alt=\"&quot;Chợ&quot;\" loading=\"lazy\"><figcaption>Một góc chợ.<span \
            class=\"aw-credit\">Ảnh: Hạ Miên</span></figcaption></figure><div class=\"aw-body\">\
            <p>Một <a class=\"aw-link\" href=\"https://a.example/\" rel=\"noopener\">liên kết</a>.</p></div></div>\
            <div class=\"aw-actions\"><a href=\"/x\">Gửi</a></div></article>";
        assert_eq!(
            text_of(html),
            "<h2>Chợ &lt;đêm&gt; &amp; phố</h2>\n\
             <p><a href=\"/b\">Hạ Miên</a> ảnh · Lê An</p>\n\
             <figure><img alt=\"&quot;Chợ&quot;\" src=\"https://a.example/1.jpg?a=1&amp;b=2\">\
             <figcaption>Một góc chợ. Ảnh: Hạ Miên</figcaption>\n</figure>\n\
             <p>Một <a href=\"https://a.example/\">liên kết</a>.</p>"
        );
        assert_eq!(text_of("<article class=\"aw aw-withdrawn\"><p>Đã rút.</p></article>"), "");
    }
}
