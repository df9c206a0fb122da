//! Footnotes: a list below the text, in the order in which the text refers to them.

use std::collections::{HashMap, HashSet};

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// The same text, its notes moved to its end and made a list.
pub(super) fn listed<'a>(
    events: impl Iterator<Item = Event<'a>>,
) -> impl Iterator<Item = Event<'a>> {
    let mut text = Vec::new();
    let mut order: Vec<CowStr<'a>> = Vec::new();
    let mut known: HashSet<CowStr<'a>> = HashSet::new();
    let mut notes: HashMap<CowStr<'a>, Vec<Event<'a>>> = HashMap::new();
    let mut open: Option<(CowStr<'a>, Vec<Event<'a>>)> = None;
    for event in events {
        if let Event::FootnoteReference(name) = &event
            && known.insert(name.clone())
        {
            order.push(name.clone());
        }
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => open = Some((name, Vec::new())),
            Event::End(TagEnd::FootnoteDefinition) => notes.extend(open.take()),
            event => match &mut open {
                Some((_, note)) => note.push(event),
                None => text.push(event),
            },
        }
    }
    // What nothing refers to is not shown elsewhere either.
    let items: Vec<Event<'a>> =
        order.iter().filter_map(|name| notes.remove(name)).flat_map(item).collect();
    let list = Event::Start(Tag::List(Some(1)));
    let list = (!items.is_empty())
        .then(|| std::iter::once(list).chain(items).chain([Event::End(TagEnd::List(true))]));
    text.into_iter().chain(list.into_iter().flatten())
}

fn item(note: Vec<Event<'_>>) -> impl Iterator<Item = Event<'_>> {
    let ends = [Event::Start(Tag::Item), Event::End(TagEnd::Item)];
    let [start, end] = ends;
    std::iter::once(start).chain(note).chain([end])
}
