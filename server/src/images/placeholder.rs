//! What stands where a picture comes: a few of its colours, as a rule of the widget's style sheet.
//!
//! No attribute `style` and no `data:` URL, for the pages of partners forbid both. The rule finds the picture
//! by its own URL, so that neither the component nor the loader knows of it.

use image::{DynamicImage, RgbImage};

use super::Failure;
use super::decode::resize;
use crate::store::ArticleImage;

/// Hexadecimal digits of one colour.
const DIGITS: usize = 3;
/// The middle, the four corners, and all of it.
const COLOURS: usize = 6;

/// The colours, three hexadecimal digits each: the middle, the corners by row, and all of it.
pub(super) fn colours(picture: &DynamicImage) -> Result<String, Failure> {
    // Four by four: a corner is a sixteenth of the picture, and the middle four of them.
    let small = resize(picture, 4, 4)?.into_rgb8();
    let inner = [(1, 1), (2, 1), (1, 2), (2, 2)];
    let corners = [(0, 0), (3, 0), (0, 3), (3, 3)];
    let mut colours = mean(&small, inner);
    for corner in corners {
        colours.push_str(&mean(&small, [corner]));
    }
    let all = (0..4).flat_map(|x| (0..4).map(move |y| (x, y)));
    colours.push_str(&mean(&small, all));
    Ok(colours)
}

fn mean(image: &RgbImage, places: impl IntoIterator<Item = (u32, u32)>) -> String {
    let (mut sums, mut count) = ([0_u32; 3], 0);
    for (x, y) in places {
        let pixel = image.get_pixel(x, y).0;
        sums.iter_mut().zip(pixel).for_each(|(sum, channel)| *sum += u32::from(channel));
        count += 1;
    }
    // To the nearest of sixteen steps, 0x00 to 0xff.
    sums.iter().map(|sum| format!("{:x}", (sum / count + 8) / 17)).collect()
}

/// The rule of the picture's placeholder; none where it is to have none, or its URL cannot stand in a style
/// sheet as it is. Of what others say nothing else gets there.
pub(super) fn rule(image: &ArticleImage) -> Option<String> {
    let is_hex = image.colours.bytes().all(|digit| digit.is_ascii_hexdigit());
    if image.colours.len() != COLOURS * DIGITS || !is_hex {
        return None;
    }
    let colour = |at: usize| &image.colours[at * DIGITS..][..DIGITS];
    let corner = |at: usize, place| format!("radial-gradient(at {place},#{0},#{0}0)", colour(at));
    Some(format!(
        "{}{{background:radial-gradient(#{1},#{1}0 60%),{2},{3},{4},{5},#{6}}}",
        selector(image)?,
        colour(0),
        corner(1, "0 0"),
        corner(2, "100% 0"),
        corner(3, "0 100%"),
        corner(4, "100% 100%"),
        colour(5),
    ))
}

/// Of a picture of ours by what it is made of, in whatever size; of another by the end of its URL.
fn selector(image: &ArticleImage) -> Option<String> {
    /// Digits of a digest that no two pictures of one article share.
    const ENOUGH: usize = 16;
    /// Bytes of a URL that tell it from others.
    const END: usize = 64;

    if let Some((name, _)) = image.files.first() {
        let digest = name.digest.to_string();
        return Some(format!(".aw-image[src*=\"/{}\"]", &digest[..ENOUGH]));
    }
    let is_harmless = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?&=%+,".contains(&b);
    if !image.url.bytes().all(is_harmless) {
        return None;
    }
    let end = &image.url[image.url.len().saturating_sub(END)..];
    Some(format!(".aw-image[src$=\"{end}\"]"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{ImageDigest, ImageKind, ImageName};

    fn image(url: &str, colours: &str) -> ArticleImage {
        ArticleImage {
            url: url.to_owned(),
            width: 4,
            height: 3,
            colours: colours.to_owned(),
            files: vec![],
        }
    }

    #[test]
    fn the_colours_are_those_of_the_places() {
        let mut picture = RgbImage::from_pixel(400, 400, image::Rgb([255, 255, 255]));
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            if x < 200 && y < 200 {
                *pixel = image::Rgb([255, 0, 0]);
            } else if x >= 200 && y >= 200 {
                *pixel = image::Rgb([0, 0, 255]);
            }
        }
        let colours = colours(&picture.into()).unwrap();
        assert_eq!(&colours[3..15], "f00ffffff00f");
        assert_eq!(colours.len(), 18);
    }

    #[test]
    fn a_rule_is_short_and_finds_every_size() {
        let digest = ImageDigest::of(b"a file");
        let name = ImageName { digest, width: 640, kind: ImageKind::Jpeg };
        let image = ArticleImage { files: vec![(name, 480)], ..image("/x", &"abc".repeat(6)) };
        let rule = rule(&image).unwrap();
        let start = format!(".aw-image[src*=\"/{}\"]{{", &digest.to_string()[..16]);
        assert!(rule.starts_with(&start), "{rule}");
        assert!(rule.len() < 250, "{} bytes: {rule}", rule.len());
    }

    #[test]
    fn no_url_and_no_colour_leaves_its_place_in_the_style_sheet() {
        let colours = "abc".repeat(6);
        assert!(rule(&image("https://a.example/x.jpg?w=640", &colours)).is_some());
        for url in ["https://a.example/\"]{}", "https://a.example/\\", "https://a.example/</style>"]
        {
            assert_eq!(rule(&image(url, &colours)), None, "{url}");
        }
        for colours in ["", "abc", "abcdefabcdefabcde}", "đđđđđđđđđ"] {
            assert_eq!(rule(&image("https://a.example/x.jpg", colours)), None, "{colours}");
        }
    }
}
