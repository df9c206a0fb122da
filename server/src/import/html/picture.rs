//! Pictures: which of the many places that name their files is meant, and in what sizes.

use std::collections::HashSet;

use article_widget::contract::{BlockKind, Figure, ImageSource};
use dom_query::NodeRef;
use html5ever::tendril::StrTendril;

use super::flow::Flow;
use crate::import::prose::folded;

/// A picture that is no larger, in pixels, counts readers and shows nothing.
const PIXEL: u32 = 2;
/// One that is no larger stands within a line: a smiley, an icon.
const ICON: u32 = 32;
/// More sizes of one picture are not kept.
const SIZES: usize = 16;

/// Puts a picture where the walk is.
pub(super) fn put(flow: &mut Flow<'_>, node: &NodeRef<'_>) {
    let Some(image) = image(node) else { return };
    let (width, height) = (pixels(&image, "width"), pixels(&image, "height"));
    let fits_in = |most: u32| (1..=most).contains(&width) && (1..=most).contains(&height);
    if fits_in(PIXEL) {
        return;
    }
    let is_emoji = ["emoji", "wp-smiley", "emoticon"].iter().any(|class| image.has_class(class));
    if is_emoji || fits_in(ICON) {
        return flow.text(&image.attr("alt").unwrap_or_default());
    }
    let sources = sources(flow, node, &image);
    // Without a file it is a picture still: what is said of it is not lost.
    if sources.is_empty() && !addresses(&image).any(|src| flow.links.is_cut_off(&src)) {
        return;
    }
    let alt = image.attr("alt").map(|alt| folded(&alt)).filter(|alt| !alt.is_empty());
    let picture = Figure { sources, alt, ..Figure::default() };
    // What is loaded later is shown a second time to those without scripts.
    let again = flow.last_block().is_some_and(|block| match &block.kind {
        BlockKind::Figure(before) => is_again(before, &picture),
        _ => false,
    });
    if !again {
        flow.block(BlockKind::Figure(picture));
    }
}

fn is_again(before: &Figure, picture: &Figure) -> bool {
    match picture.sources.first() {
        Some(first) => before
            .sources
            .iter()
            .any(|source| picture.sources.contains(source) || source.url == first.url),
        None => before.sources.is_empty() && before.alt.is_some() && before.alt == picture.alt,
    }
}

/// Where the file is named apart, `src` is a stand-in.
fn addresses<'a>(image: &'a NodeRef<'_>) -> impl Iterator<Item = StrTendril> + 'a {
    ["data-lazy-src", "data-src", "data-original", "src"]
        .into_iter()
        .filter_map(|name| image.attr(name))
}

fn image<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    if node.has_name("picture") {
        node.descendants_it().find(|inner| inner.has_name("img"))
    } else {
        Some(*node)
    }
}

fn sources(flow: &Flow<'_>, node: &NodeRef<'_>, image: &NodeRef<'_>) -> Vec<ImageSource> {
    let size = (pixels(image, "width"), pixels(image, "height"));
    let mut sources = Vec::new();
    let offers = node.descendants_it().filter(|inner| inner.has_name("source"));
    // Another cut of the picture for other screens is another picture.
    for offer in offers.filter(|offer| !offer.has_attr("media")) {
        let media_type = offer.attr("type").map(|media_type| media_type.to_ascii_lowercase());
        for set in ["data-srcset", "srcset"].iter().filter_map(|name| offer.attr(name)) {
            sources.extend(of_set(flow, &set, size, media_type.as_deref()));
        }
    }
    for set in
        ["data-lazy-srcset", "data-srcset", "srcset"].iter().filter_map(|name| image.attr(name))
    {
        sources.extend(of_set(flow, &set, size, None));
    }
    if let Some(url) = addresses(image).find_map(|src| flow.links.of_web(&src)) {
        sources.push(source(url, size, None));
    }
    // AMP puts the file for older browsers inside.
    let fallback = image
        .descendants_it()
        .filter(|inner| inner.has_name("amp-img"))
        .filter_map(|inner| inner.attr("src"));
    sources.extend(
        fallback.filter_map(|src| flow.links.of_web(&src)).map(|url| source(url, size, None)),
    );
    settled(sources)
}

/// Each file once, and a media type only where there is something for browsers that do not show it.
pub(in crate::import) fn settled(mut sources: Vec<ImageSource>) -> Vec<ImageSource> {
    let mut seen = HashSet::new();
    sources.retain(|source| seen.insert(source.url.clone()));
    sources.truncate(SIZES);
    if sources.iter().all(|source| source.media_type.is_some()) {
        sources.iter_mut().for_each(|source| source.media_type = None);
    }
    sources
}

fn of_set(
    flow: &Flow<'_>,
    set: &str,
    (width, height): (u32, u32),
    media_type: Option<&str>,
) -> Vec<ImageSource> {
    let wide = candidates(set).into_iter().filter_map(|(url, descriptor)| {
        let wide = match descriptor.strip_suffix('w') {
            Some(number) => number.parse().ok().filter(|wide| *wide > 0)?,
            None if descriptor.is_empty() || descriptor == "1x" => width,
            // A sharper file of the same size: its pixels are not told.
            None => return None,
        };
        let url = flow.links.of_web(url)?;
        let high =
            if width > 0 { u64::from(wide) * u64::from(height) / u64::from(width) } else { 0 };
        Some(source(url, (wide, u32::try_from(high).unwrap_or_default()), media_type))
    });
    wide.take(SIZES).collect()
}

/// A `srcset` taken apart as browsers do: URLs may have commas in them.
fn candidates(set: &str) -> Vec<(&str, &str)> {
    let mut candidates = Vec::new();
    let mut rest = set.trim_start_matches([' ', '\n', '\t', '\r', ',']);
    while !rest.is_empty() && candidates.len() < 4 * SIZES {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let url = word.trim_end_matches(',');
        let (descriptor, after) = if url.len() < word.len() {
            ("", after)
        } else {
            after.split_once(',').unwrap_or((after, ""))
        };
        candidates.push((url, descriptor.trim()));
        rest = after.trim_start_matches([' ', '\n', '\t', '\r', ',']);
    }
    candidates
}

/// One file; its media type where it is one that not every browser shows.
pub(in crate::import) fn source(
    url: String,
    (width, height): (u32, u32),
    media_type: Option<&str>,
) -> ImageSource {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let of_name = [(".webp", "image/webp"), (".avif", "image/avif")];
    let by_name =
        of_name.iter().find(|(end, _)| path.ends_with(end)).map(|(_, media_type)| *media_type);
    let modern = media_type.filter(|media_type| matches!(*media_type, "image/webp" | "image/avif"));
    ImageSource { media_type: modern.or(by_name).map(str::to_owned), url, width, height }
}

/// `300` and `300px`; 0 where it is said in something else, such as `100%`.
fn pixels(image: &NodeRef<'_>, name: &str) -> u32 {
    let value = image.attr(name).unwrap_or_default();
    let number = value.trim().trim_end_matches("px");
    number
        .parse::<f32>()
        .ok()
        .filter(|number| (0.0..100_000.0).contains(number))
        .map_or(0, |number| number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_taken_apart_as_browsers_do() {
        let cdn = "https://cdn.example/w_424,c_limit/a.jpg 424w,\n https://cdn.example/w_848,c_limit/a.jpg 848w";
        let expected = [
            ("https://cdn.example/w_424,c_limit/a.jpg", "424w"),
            ("https://cdn.example/w_848,c_limit/a.jpg", "848w"),
        ];
        assert_eq!(candidates(cdn), expected);
        assert_eq!(
            candidates(" a.jpg, b.jpg 2x ,c.jpg"),
            [("a.jpg", ""), ("b.jpg", "2x"), ("c.jpg", "")]
        );
        assert_eq!(candidates(", ,"), []);
    }
}
