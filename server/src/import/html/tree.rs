//! The tree of an HTML page or snippet, as a browser would build it, within limits. Tags are read by html5gum, which
//! takes linear time and can be stopped at any of them, and put in their places by html5ever.

use std::cell::Cell;

use dom_query::{Document, NodeId, NodeRef};
use html5ever::interface::{Tracer, create_element};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use html5gum::emitters::callback::{Callback, CallbackEmitter, CallbackEvent};
use html5gum::{Emitter, ForwardingEmitter, Span, State, Tokenizer};

use super::TooMuch;
use crate::import::LONGEST;

/// An element has at most this many attributes; on real pages it is some 40.
pub(super) const ATTRIBUTES: usize = 250;
/// Elements, texts and comments. The largest pages of encyclopedias have some 40,000.
pub(super) const NODES: usize = 60_000;
/// Elements within elements. Browsers build 512; an article uses some 30.
pub(super) const DEPTH: usize = 256;
/// The depths of all nodes together: who walks the tree, here or in the extraction, comes to each node from each element
/// around it. Large real pages have some 800,000.
const DEPTHS: usize = 1_500_000;
/// How many tags are read between two looks at the depth.
const BETWEEN_LOOKS: usize = 16;

/// The attributes that are ever asked for, here and by the extraction of a page's article. The others are not kept:
/// html5ever copies them with each formatting element that it opens again.
const KEPT: &[&str] = &[
    "align",
    "alt",
    "aria-hidden",
    "aria-label",
    "aria-modal",
    "border",
    "charset",
    "cite",
    "class",
    "colspan",
    "content",
    "data",
    "data-href",
    "data-instgrm-permalink",
    "data-lazy-src",
    "data-lazy-srcset",
    "data-original",
    "data-shortcode",
    "data-src",
    "data-srcset",
    "data-tweetid",
    "data-videoid",
    "datetime",
    "dir",
    "height",
    "hidden",
    "href",
    "hreflang",
    "id",
    "itemprop",
    "itemscope",
    "itemtype",
    "lang",
    "name",
    "poster",
    "property",
    "rel",
    "role",
    "rowspan",
    "scope",
    "src",
    "srcset",
    "media",
    "style",
    "summary",
    "title",
    "type",
    "videoid",
    "width",
];

/// A page's tree.
pub(in crate::import) type Page = Document;

/// The tree of a whole page.
pub(in crate::import) fn page(html: &str) -> Result<Page, TooMuch> {
    build(html, TreeBuilder::new(Document::default(), options()))
}

/// The tree of a snippet, as if it stood in a `<body>`.
pub(super) fn fragment(html: &str) -> Result<Document, TooMuch> {
    let sink = Document::fragment_sink();
    let body =
        create_element(&sink, QualName::new(None, ns!(html), local_name!("body")), Vec::new());
    build(html, TreeBuilder::new_for_fragment(sink, body, None, options()))
}

/// All text outside of tags, scripts and styles, of HTML that is too much for a tree.
pub(super) fn words(html: &str) -> String {
    let mut skipped = false;
    let mut words = String::new();
    let callback = |event: CallbackEvent<'_>, _: Span<()>| -> Option<()> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                skipped = matches!(name, b"script" | b"style" | b"textarea")
            }
            CallbackEvent::EndTag { .. } => skipped = false,
            CallbackEvent::String { value } if !skipped => {
                words.push(' ');
                words.push_str(&String::from_utf8_lossy(value));
            }
            _ => {}
        }
        None
    };
    let mut emitter = CallbackEmitter::new(callback);
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).for_each(drop);
    words
}

fn options() -> TreeBuilderOpts {
    TreeBuilderOpts { scripting_enabled: false, drop_doctype: true, ..TreeBuilderOpts::default() }
}

type Builder = TreeBuilder<NodeId, Document>;

fn build(html: &str, builder: Builder) -> Result<Document, TooMuch> {
    if html.len() > LONGEST {
        return Err(TooMuch::Bytes);
    }
    let emitter = Guarded(CallbackEmitter::new(Reader::new(&builder)));
    let found = Tokenizer::new_with_emitter(html, emitter).next();
    match found {
        Some(Ok(too_much)) => Err(too_much),
        Some(Err(never)) => match never {},
        None => check_depth(&builder.sink).map(|()| builder.sink),
    }
}

/// The depth of the tree itself, which the moving of formatting elements makes deeper than the stack of open ones.
fn check_depth(document: &Document) -> Result<(), TooMuch> {
    let mut depths = 0;
    let mut rest: Vec<(NodeRef<'_>, usize)> = vec![(document.root(), 0)];
    while let Some((node, depth)) = rest.pop() {
        depths += depth;
        if depth > DEPTH || depths > DEPTHS {
            return Err(TooMuch::Depth);
        }
        rest.extend(node.children_it(false).map(|child| (child, depth + 1)));
    }
    Ok(())
}

/// Hands the tags that html5gum reads to html5ever, until there is too much of anything.
struct Reader<'a> {
    builder: &'a Builder,
    tag: Option<Tag>,
    attributes: usize,
    tags: usize,
    next_state: Option<State>,
}

impl<'a> Reader<'a> {
    fn new(builder: &'a Builder) -> Self {
        Self { builder, tag: None, attributes: 0, tags: 0, next_state: None }
    }

    fn hand_over(&mut self, token: Token) {
        match self.builder.process_token(token, 1) {
            TokenSinkResult::Continue | TokenSinkResult::EncodingIndicator(_) => {}
            TokenSinkResult::Script(_) => self.next_state = Some(State::Data),
            TokenSinkResult::Plaintext => self.next_state = Some(State::PlainText),
            TokenSinkResult::RawData(RawKind::Rcdata) => self.next_state = Some(State::RcData),
            TokenSinkResult::RawData(RawKind::Rawtext) => self.next_state = Some(State::RawText),
            TokenSinkResult::RawData(RawKind::ScriptData | RawKind::ScriptDataEscaped(_)) => {
                self.next_state = Some(State::ScriptData);
            }
        }
    }

    fn attribute(&mut self, name: &[u8]) -> Option<TooMuch> {
        self.attributes += 1;
        if self.attributes > ATTRIBUTES {
            return Some(TooMuch::Attributes);
        }
        let tag = self.tag.as_mut()?;
        // The first of a name counts. One that is not kept takes the next one's value, and is dropped with it.
        let known = KEPT.iter().find(|kept| kept.as_bytes() == name).map_or("", |kept| *kept);
        let again = tag.attrs.iter().any(|kept| &*kept.name.local == known);
        let name = if again { "" } else { known };
        tag.attrs.push(Attribute {
            name: QualName::new(None, ns!(), LocalName::from(name)),
            value: StrTendril::new(),
        });
        None
    }

    fn close_start_tag(&mut self, self_closing: bool) -> Option<TooMuch> {
        let mut tag = self.tag.take()?;
        tag.self_closing = self_closing;
        tag.attrs.retain(|attribute| !attribute.name.local.is_empty());
        self.hand_over(Token::TagToken(tag));
        self.tags += 1;
        if self.tags.is_multiple_of(BETWEEN_LOOKS) && open_elements(self.builder) > DEPTH {
            return Some(TooMuch::Depth);
        }
        None
    }

    fn text(&mut self, value: &[u8]) {
        for (position, part) in value.split(|byte| *byte == 0).enumerate() {
            if position > 0 {
                self.hand_over(Token::NullCharacterToken);
            }
            self.hand_over(Token::CharacterTokens(tendril(part)));
        }
    }
}

impl Callback<TooMuch, ()> for Reader<'_> {
    fn handle_event(&mut self, event: CallbackEvent<'_>, _: Span<()>) -> Option<TooMuch> {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.attributes = 0;
                self.tag = Some(tag(TagKind::StartTag, name));
            }
            CallbackEvent::AttributeName { name } => return self.attribute(name),
            CallbackEvent::AttributeValue { value } => {
                if let Some(attribute) = self.tag.as_mut().and_then(|tag| tag.attrs.last_mut())
                    && !attribute.name.local.is_empty()
                {
                    attribute.value.push_tendril(&tendril(value));
                }
            }
            CallbackEvent::CloseStartTag { self_closing } => {
                if let Some(too_much) = self.close_start_tag(self_closing) {
                    return Some(too_much);
                }
            }
            CallbackEvent::EndTag { name } => {
                self.hand_over(Token::TagToken(tag(TagKind::EndTag, name)))
            }
            CallbackEvent::String { value } => self.text(value),
            CallbackEvent::Doctype { .. } => {
                self.hand_over(Token::DoctypeToken(Doctype::default()))
            }
            CallbackEvent::Comment { .. } | CallbackEvent::Error(_) => {}
        }
        (self.builder.sink.tree.len() > NODES).then_some(TooMuch::Nodes)
    }
}

fn tag(kind: TagKind, name: &[u8]) -> Tag {
    let name = LocalName::from(&*String::from_utf8_lossy(name));
    Tag { kind, name, self_closing: false, attrs: Vec::new(), had_duplicate_attributes: false }
}

fn tendril(bytes: &[u8]) -> StrTendril {
    StrTendril::from(&*String::from_utf8_lossy(bytes))
}

/// Elements that are open, or will be opened again.
fn open_elements(builder: &Builder) -> usize {
    struct Count(Cell<usize>);
    impl Tracer for Count {
        type Handle = NodeId;
        fn trace_handle(&self, _: &NodeId) {
            self.0.set(self.0.get() + 1);
        }
    }
    let count = Count(Cell::new(0));
    builder.trace_handles(&count);
    count.0.get()
}

/// What html5gum asks of one who builds a tree, which decides how what follows a tag is to be read.
struct Guarded<'a>(CallbackEmitter<Reader<'a>, TooMuch>);

impl ForwardingEmitter for Guarded<'_> {
    type Token = TooMuch;

    fn inner(&mut self) -> &mut impl Emitter<Token = TooMuch> {
        &mut self.0
    }

    fn emit_eof(&mut self) {
        self.0.emit_eof();
        self.0.callback_mut().hand_over(Token::EOFToken);
        self.0.callback_mut().builder.end();
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        let _ = self.0.emit_current_tag();
        self.0.callback_mut().next_state.take()
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.0.callback_mut().builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
