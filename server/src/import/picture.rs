//! A picture and its files, as formats that list them one by one have it.

use article_widget::contract::{Block, BlockKind, Figure, ImageSource};

use super::html;

/// No article takes more pictures than that from what is attached to it, and no picture more files.
pub(super) const MOST: usize = 64;

/// A picture with its files, where there are any. The same file once; what is not of the largest one's shape is
/// another cut of it and would be shown in its place.
pub(super) fn of(mut sources: Vec<ImageSource>, mut figure: Figure) -> Option<Figure> {
    sources.truncate(MOST);
    let largest = sources.iter().max_by_key(|source| source.width).cloned()?;
    let mut kept: Vec<ImageSource> = Vec::new();
    for source in sources {
        let is_known =
            kept.iter().any(|other| other.url == source.url || is_as_wide(other, &source));
        if !is_known && is_same_shape(&source, &largest) {
            kept.push(source);
        }
    }
    figure.sources = html::image_files(kept);
    Some(figure)
}

/// One file of a picture.
pub(super) fn file(url: String, width: u32, height: u32) -> ImageSource {
    html::image_file(url, (width, height), None)
}

/// Whether one of the blocks is that picture.
pub(super) fn shows(blocks: &[Block], figure: &Figure) -> bool {
    let is_it =
        |block: &Block| matches!(&block.kind, BlockKind::Figure(other) if is_same(other, figure));
    blocks.iter().any(is_it)
}

/// Whether they share a file, whatever its size.
pub(super) fn is_same(one: &Figure, other: &Figure) -> bool {
    let files = |figure: &Figure| -> Vec<String> {
        figure.sources.iter().map(|source| name(&source.url).to_owned()).collect()
    };
    let others = files(other);
    files(one).iter().any(|file| others.contains(file))
}

/// A file's address without query and without the size that WordPress puts into its name: `a-300x200.jpg`.
fn name(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let stem = url.rsplit_once('.').map_or(url, |(stem, _)| stem);
    let is_size = |size: &str| {
        let numbers = size.split_once('x');
        let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        numbers.is_some_and(|(width, height)| is_number(width) && is_number(height))
    };
    match stem.rsplit_once('-') {
        Some((stem, size)) if is_size(size) || size == "scaled" => stem,
        _ => stem,
    }
}

fn is_as_wide(one: &ImageSource, other: &ImageSource) -> bool {
    one.width != 0 && one.width == other.width && one.media_type == other.media_type
}

/// Within two per cent, for sizes are rounded. Where one is not known there is but the one file to show.
fn is_same_shape(one: &ImageSource, largest: &ImageSource) -> bool {
    if one.url == largest.url {
        return true;
    }
    let (across, down) = (
        u64::from(one.width) * u64::from(largest.height),
        u64::from(one.height) * u64::from(largest.width),
    );
    across != 0 && down != 0 && across.abs_diff(down) * 50 <= across
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_one_picture_in_sizes() {
        let sizes = vec![
            file("https://a.example/1".into(), 1600, 900),
            file("https://a.example/2".into(), 800, 451),
            file("https://a.example/3".into(), 800, 450),
            file("https://a.example/square".into(), 150, 150),
            file("https://a.example/unknown".into(), 0, 0),
            file("https://a.example/2.webp".into(), 800, 450),
        ];
        let kept = of(sizes, Figure::default()).unwrap().sources;
        let urls: Vec<&str> = kept.iter().map(|source| source.url.as_str()).collect();
        assert_eq!(
            urls,
            ["https://a.example/1", "https://a.example/2", "https://a.example/2.webp"]
        );
        assert_eq!(kept[2].media_type.as_deref(), Some("image/webp"));
        let alone = vec![file("https://a.example/2.webp".into(), 800, 450)];
        assert_eq!(of(alone, Figure::default()).unwrap().sources[0].media_type, None);
        assert_eq!(of(Vec::new(), Figure::default()), None);
    }
}
