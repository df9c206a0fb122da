//! A document of XML as a tree, within bounds, and without a DTD: nothing is fetched and nothing is expanded.

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::{NsReader, XmlVersion};
use url::Url;

use super::super::{ImportError, LONGEST, link};

/// Elements within elements; more than that is no feed.
const DEEPEST: usize = 64;
/// Elements of a document, and attributes: of one element, and of all.
const MOST_ELEMENTS: usize = 50_000;
const MOST_ATTRIBUTES: usize = 64;
const MOST_ATTRIBUTES_OF_ALL: usize = 100_000;

/// An element with what is in it.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) space: Space,
    /// Without its prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

#[derive(Debug)]
enum Node {
    Element(Element),
    Text(String),
}

/// The vocabularies that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// None, or RSS 1.0's.
    Rss,
    Atom,
    Content,
    DublinCore,
    Terms,
    Media,
    Other,
}

/// Reads the root.
///
/// # Errors
/// Where it is no well-formed XML, has a DTD, or is out of bounds.
pub(super) fn read(text: &str) -> Result<Element, ImportError> {
    let mut reader = NsReader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    // "A & B" is how many a title is written.
    config.allow_dangling_amp = true;
    let mut open: Vec<Element> = Vec::new();
    let (mut elements, mut attributes) = (0, 0);
    loop {
        let at = reader.buffer_position();
        let event = reader.read_resolved_event();
        let (resolved, event) = event.map_err(|error| wrong(at, &error.to_string()))?;
        match event {
            Event::Start(tag) => {
                elements += 1;
                if open.len() == DEEPEST || elements > MOST_ELEMENTS {
                    return Err(wrong(at, "too many elements, or one within another too often"));
                }
                let element =
                    element(&tag, space(&resolved)).map_err(|reason| wrong(at, &reason))?;
                attributes += element.attributes.len();
                if attributes > MOST_ATTRIBUTES_OF_ALL {
                    return Err(wrong(at, "too many attributes"));
                }
                open.push(element);
            }
            Event::End(_) => {
                let Some(closed) = open.pop() else { break };
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(closed)),
                    None => return Ok(closed),
                }
            }
            Event::Text(text) => add(&mut open, &text)?,
            Event::CData(text) => add(&mut open, &text)?,
            Event::GeneralRef(reference) => add(&mut open, &resolve(&reference))?,
            Event::DocType(_) => return Err(wrong(at, "a DTD, which is refused")),
            Event::Eof => break,
            _ => {}
        }
    }
    Err(ImportError::Xml("it ends too early".to_owned()))
}

impl Element {
    pub(super) fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    pub(super) fn all(&self, space: Space, name: &str) -> impl Iterator<Item = &Element> {
        self.elements().filter(move |element| element.is(space, name))
    }

    pub(super) fn child(&self, space: Space, name: &str) -> Option<&Element> {
        self.all(space, name).next()
    }

    /// Its text, that of elements within it too. None where there is but whitespace.
    pub(super) fn text(&self) -> Option<String> {
        let mut text = String::new();
        self.append_text(&mut text);
        (!text.trim().is_empty()).then(|| text.trim().to_owned())
    }

    /// What is in it, as HTML: XHTML stands in feeds as elements.
    pub(super) fn inner_html(&self) -> String {
        let mut html = String::new();
        self.append_html(&mut html);
        html
    }

    /// Where relative links within it are read from.
    pub(super) fn base(&self, around: Option<&Url>) -> Option<Url> {
        let own = self.attribute("xml:base");
        let own = own.and_then(|own| link::resolve(own, around, &link::WEB));
        own.or_else(|| around.cloned())
    }

    fn append_text(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(run) => text.push_str(run),
                Node::Element(element) => element.append_text(text),
            }
        }
    }

    fn append_html(&self, html: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(run) => html.push_str(&quick_xml::escape::escape(run.as_str())),
                Node::Element(element) => {
                    html.push('<');
                    html.push_str(&element.name);
                    for (name, value) in &element.attributes {
                        let value = quick_xml::escape::escape(value.as_str());
                        html.push_str(&format!(" {name}=\"{value}\""));
                    }
                    html.push('>');
                    element.append_html(html);
                    if !is_void(&element.name) {
                        html.push_str(&format!("</{}>", element.name));
                    }
                }
            }
        }
    }
}

fn element(tag: &BytesStart<'_>, space: Space) -> Result<Element, String> {
    let mut attributes = Vec::new();
    // The check for repeated names compares each with each.
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attributes.len() == MOST_ATTRIBUTES {
            return Err("too many attributes".to_owned());
        }
        let value = match attribute.normalized_value(XmlVersion::Implicit1_0) {
            Ok(value) => value.into_owned(),
            // An entity that only a DTD or HTML knows: as it stands.
            Err(_) => attribute.value.to_string(),
        };
        attributes.push((attribute.key.as_ref().to_owned(), value));
    }
    let name = tag.local_name().as_ref().to_owned();
    Ok(Element { space, name, attributes, children: Vec::new() })
}

/// By its URI; by its usual prefix, where the feed forgot to say whose that is.
fn space(resolved: &ResolveResult<'_>) -> Space {
    match resolved {
        ResolveResult::Unbound => Space::Rss,
        ResolveResult::Bound(uri) => match uri.as_ref() {
            "http://www.w3.org/2005/Atom" | "http://purl.org/atom/ns#" => Space::Atom,
            "http://purl.org/rss/1.0/" | "http://backend.userland.com/rss2" => Space::Rss,
            "http://purl.org/rss/1.0/modules/content/" => Space::Content,
            "http://purl.org/dc/elements/1.1/" => Space::DublinCore,
            "http://purl.org/dc/terms/" => Space::Terms,
            "http://search.yahoo.com/mrss/" | "http://search.yahoo.com/mrss" => Space::Media,
            _ => Space::Other,
        },
        ResolveResult::Unknown(prefix) => match prefix.as_str() {
            "atom" => Space::Atom,
            "content" => Space::Content,
            "dc" => Space::DublinCore,
            "dcterms" => Space::Terms,
            "media" => Space::Media,
            _ => Space::Other,
        },
    }
}

/// A character or one of XML's five entities. Any other is left as it is written: most are HTML's, and stand in
/// what is read as HTML next.
fn resolve(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => character.to_string(),
        Ok(None) => {
            let predefined = quick_xml::escape::resolve_predefined_entity(reference);
            predefined.map_or_else(|| format!("&{};", &**reference), str::to_owned)
        }
        Err(_) => char::REPLACEMENT_CHARACTER.to_string(),
    }
}

/// No field is longer than an article: what it becomes in memory is many times as large.
fn add(open: &mut [Element], run: &str) -> Result<(), ImportError> {
    let Some(element) = open.last_mut() else { return Ok(()) };
    let before = match element.children.last() {
        Some(Node::Text(text)) => text.len(),
        _ => 0,
    };
    if before + run.len() > LONGEST {
        return Err(ImportError::TooLong(before + run.len()));
    }
    match element.children.last_mut() {
        Some(Node::Text(text)) => text.push_str(run),
        _ => element.children.push(Node::Text(run.to_owned())),
    }
    Ok(())
}

fn is_void(name: &str) -> bool {
    matches!(name, "br" | "hr" | "img" | "input" | "source" | "wbr" | "embed" | "col" | "track")
}

fn wrong(at: u64, reason: &str) -> ImportError {
    ImportError::Xml(format!("byte {at}: {reason}"))
}
