//! What a feed attaches: Media RSS (<https://www.rssboard.org/media-rss>), RSS enclosures and Atom's enclosure links.

use article_widget::contract::{EmbedCard, Figure, ImageSource, Inline};
use url::Url;

use super::super::{html, link, picture, prose};
use super::xml::{Element, Space};

/// The pictures, in order. A thumbnail is one where there is nothing else.
pub(super) fn pictures(item: &Element, base: Option<&Url>) -> Vec<Figure> {
    let mut pictures: Vec<Figure> = Vec::new();
    let groups =
        item.all(Space::Media, "group").take(picture::MOST).map(|group| sizes(group, item, base));
    let lone = item
        .all(Space::Media, "content")
        .take(picture::MOST)
        .map(|content| picture(image(content, base).into_iter().collect(), [content, item]));
    let attached = enclosures(item).take(picture::MOST).map(|enclosure| {
        picture(image(enclosure, base).into_iter().collect(), [enclosure, enclosure])
    });
    for figure in groups.chain(lone).chain(attached).flatten() {
        add(figure, &mut pictures);
    }
    if pictures.is_empty() {
        let files = item.all(Space::Media, "thumbnail").filter_map(|file| source(file, base));
        pictures.extend(picture(files.take(1).collect(), [item, item]));
    }
    pictures
}

/// One file in several sizes is one picture, also where no group says so.
fn add(figure: Figure, pictures: &mut Vec<Figure>) {
    match pictures.iter_mut().find(|other| picture::is_same(other, &figure)) {
        Some(other) => {
            let sources = std::mem::take(&mut other.sources).into_iter().chain(figure.sources);
            let said = std::mem::take(other);
            *other = picture::of(sources.collect(), said).unwrap_or_default();
        }
        None => pictures.push(figure),
    }
}

/// What moves or sounds, as links.
pub(super) fn cards(item: &Element, base: Option<&Url>) -> Vec<EmbedCard> {
    let grouped = item.all(Space::Media, "group").filter_map(|group| {
        // The same in several forms: the first.
        contents(group).find(|content| is_moving(content))
    });
    let lone = item.all(Space::Media, "content").filter(|content| is_moving(content));
    let attached = enclosures(item).filter(|enclosure| is_moving(enclosure));
    let mut cards: Vec<EmbedCard> = Vec::new();
    for content in grouped.chain(lone).chain(attached).take(picture::MOST) {
        let player = content.child(Space::Media, "player").or(item.child(Space::Media, "player"));
        let player = player.and_then(|player| player.attribute("url"));
        let address = content.attribute("url").or_else(|| content.attribute("href"));
        let url = player.or(address).and_then(|url| link::web(url, base));
        let title = said(&[content], "title");
        match url {
            Some(url) if !cards.iter().any(|card| card.url == url) => {
                cards.push(link::card(url, title));
            }
            _ => {}
        }
    }
    cards
}

/// The members of a group are one picture in several sizes.
fn sizes(group: &Element, item: &Element, base: Option<&Url>) -> Option<Figure> {
    let files = contents(group).take(picture::MOST).filter_map(|file| image(file, base)).collect();
    let first = contents(group).next().unwrap_or(group);
    picture_of(files, &[first, group, item])
}

fn contents(group: &Element) -> impl Iterator<Item = &Element> {
    group.all(Space::Media, "content")
}

fn enclosures(item: &Element) -> impl Iterator<Item = &Element> {
    let links = item.all(Space::Atom, "link");
    let links = links.filter(|link| link.attribute("rel") == Some("enclosure"));
    item.all(Space::Rss, "enclosure").chain(links)
}

fn picture(files: Vec<ImageSource>, from: [&Element; 2]) -> Option<Figure> {
    picture_of(files, &from)
}

/// What is said of it stands in its own element, or around it for all.
fn picture_of(files: Vec<ImageSource>, from: &[&Element]) -> Option<Figure> {
    let caption = said(from, "description");
    let figure = Figure {
        caption: caption.map(Inline::Text).into_iter().collect(),
        credit: said(from, "credit").or_else(|| said(from, "copyright")),
        ..Figure::default()
    };
    picture::of(files, figure)
}

fn said(from: &[&Element], name: &str) -> Option<String> {
    let fields = from.iter().filter_map(|element| element.child(Space::Media, name));
    fields.filter_map(|field| prose::line(&html::plain(&field.text()?))).next()
}

fn image(file: &Element, base: Option<&Url>) -> Option<ImageSource> {
    let kind = file.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let is_image = match (file.attribute("medium"), kind.as_str()) {
        (Some(medium), "") => medium == "image",
        (None, "") => has_name_of_image(file.attribute("url")?),
        (_, kind) => kind.starts_with("image/") && !kind.contains("svg"),
    };
    if is_image { source(file, base) } else { None }
}

fn source(file: &Element, base: Option<&Url>) -> Option<ImageSource> {
    let url = file.attribute("url").or_else(|| file.attribute("href"))?;
    let url = link::web(url, base)?;
    // WordPress.com attaches the author's portrait to every article.
    if url.contains("gravatar.com/avatar") {
        return None;
    }
    let pixels = |name| {
        let number = file.attribute(name).and_then(|text| text.parse::<u32>().ok());
        number.filter(|number| *number < 100_000).unwrap_or(0)
    };
    Some(picture::file(url, pixels("width"), pixels("height")))
}

fn is_moving(file: &Element) -> bool {
    let kind = file.attribute("type").unwrap_or_default();
    let medium = file.attribute("medium").unwrap_or_default();
    matches!(medium, "video" | "audio") || kind.starts_with("video/") || kind.starts_with("audio/")
}

fn has_name_of_image(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"].iter().any(|end| path.ends_with(end))
}
