//! What an element is to an article. The list is of what is carried over; an element that it does not name is as if
//! only its content stood there.

use super::runs::Mark;

/// What an element is to an article.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Nothing, with all that is in it.
    Nothing,
    /// Its content, within the line.
    Inline,
    /// Its content, marked.
    Marked(Mark),
    /// Its content, in quotation marks.
    Quoted,
    /// A link, if it leads anywhere.
    Link,
    /// A new line.
    Break,
    /// Its content, on lines of its own.
    Section,
    /// A term of a list of definitions, which stands out.
    Term,
    /// A heading of that level.
    Heading(u8),
    /// A list; numbered.
    List(bool),
    Quote,
    Table,
    Preformatted,
    Rule,
    Figure,
    Picture,
    /// Something of another site.
    Embed,
    /// What is shown where no scripts run: the picture that a script would load.
    WithoutScript,
}

/// The kind of an element by its name, in lower case.
pub(super) fn of(name: &str) -> Kind {
    match name {
        "script" | "style" | "template" | "head" | "title" | "meta" | "link" | "base" | "svg"
        | "canvas" | "map" | "area" | "frameset" | "frame" | "noframes" | "noembed" | "nav"
        | "dialog" | "applet" | "annotation" | "annotation-xml" | "rp" => Kind::Nothing,
        // Old systems wrap whole pages in a form: its text is kept, and what one fills in and presses is not.
        "button" | "input" | "select" | "option" | "optgroup" | "datalist" | "textarea"
        | "output" | "progress" | "meter" | "label" | "fieldset" | "amp-ad" | "amp-analytics"
        | "amp-pixel" | "amp-form" | "amp-sidebar" | "amp-consent" => Kind::Nothing,
        // Struck out by the author: it no longer holds.
        "del" | "s" | "strike" => Kind::Nothing,
        "strong" | "b" => Kind::Marked(Mark::Strong),
        "em" | "i" | "var" | "dfn" | "cite" => Kind::Marked(Mark::Em),
        "sub" => Kind::Marked(Mark::Sub),
        "sup" => Kind::Marked(Mark::Sup),
        "code" | "kbd" | "samp" | "tt" => Kind::Marked(Mark::Code),
        "q" => Kind::Quoted,
        "a" => Kind::Link,
        "br" => Kind::Break,
        "html" | "body" | "div" | "p" | "section" | "article" | "main" | "header" | "footer"
        | "aside" | "address" | "center" | "hgroup" | "form" | "details" | "summary" | "dl"
        | "dd" | "li" | "figcaption" | "caption" | "thead" | "tbody" | "tfoot" | "tr" | "td"
        | "th" | "search" | "amp-story" | "amp-carousel" => Kind::Section,
        "dt" => Kind::Term,
        "h1" | "h2" => Kind::Heading(2),
        "h3" => Kind::Heading(3),
        "h4" | "h5" | "h6" => Kind::Heading(4),
        "ul" | "menu" | "dir" => Kind::List(false),
        "ol" => Kind::List(true),
        "blockquote" => Kind::Quote,
        "table" => Kind::Table,
        "pre" | "xmp" | "listing" | "plaintext" => Kind::Preformatted,
        "hr" => Kind::Rule,
        "figure" => Kind::Figure,
        "img" | "picture" | "amp-img" | "amp-anim" => Kind::Picture,
        "iframe" | "video" | "audio" | "embed" | "object" | "amp-iframe" | "amp-video"
        | "amp-audio" | "amp-youtube" | "amp-twitter" | "amp-facebook" | "amp-instagram"
        | "amp-tiktok" | "amp-vimeo" | "lite-youtube" => Kind::Embed,
        "noscript" => Kind::WithoutScript,
        _ => Kind::Inline,
    }
}
