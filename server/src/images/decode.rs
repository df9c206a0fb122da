//! From a file that somebody sent to pixels, within bounds: hostile files cost no more than others.

use std::io::Cursor;

use fast_image_resize::Resizer;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::Failure;

/// No side of a picture is longer, in pixels: the most that WebP takes.
const LONGEST_SIDE: u32 = 16_383;
/// No picture has more pixels.
const MOST_PIXELS: u64 = 50_000_000;
/// A decoder may ask for this many bytes.
const MOST_MEMORY: u64 = 256 << 20;

/// A picture, upright, in sRGB, 8 bits a channel, and not wider than was asked for.
pub(super) struct Decoded {
    /// RGB, or RGBA where something shines through.
    pub(super) pixels: DynamicImage,
    /// Pixels of what came, upright.
    pub(super) width: u32,
    /// The same.
    pub(super) height: u32,
}

/// Decodes the file; of what moves the first picture.
pub(super) fn decode(file: &[u8], widest: u32) -> Result<Decoded, Failure> {
    let (image, orientation, profile) = read(file)?;
    let (stored_width, stored_height) = (image.width(), image.height());
    let lies = matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    );
    let (width, height) =
        if lies { (stored_height, stored_width) } else { (stored_width, stored_height) };
    let (shown_width, shown_height) = fit(width, height, widest);
    let (stored_width, stored_height) =
        if lies { (shown_height, shown_width) } else { (shown_width, shown_height) };
    // Small before anything else is done to it: a large one stands in memory once.
    let small = resize(&image, stored_width, stored_height)?;
    drop(image);
    let mut pixels = eight_bits(small);
    if let Some(profile) = profile {
        to_srgb(&mut pixels, &profile);
    }
    pixels.apply_orientation(orientation);
    Ok(Decoded { pixels, width, height })
}

/// The size of a picture that is at most `widest`, and never larger than it is.
pub(super) fn fit(width: u32, height: u32, widest: u32) -> (u32, u32) {
    if width <= widest {
        return (width, height);
    }
    let scaled = (u64::from(height) * u64::from(widest) * 2 / u64::from(width)).div_ceil(2);
    (widest, u32::try_from(scaled).unwrap_or(u32::MAX).max(1))
}

/// The same picture in another size.
pub(super) fn resize(
    image: &DynamicImage,
    width: u32,
    height: u32,
) -> Result<DynamicImage, Failure> {
    if (image.width(), image.height()) == (width, height) {
        return Ok(image.clone());
    }
    let mut resized = DynamicImage::new(width, height, image.color());
    Resizer::new()
        .resize(image, &mut resized, None)
        .map_err(|error| Failure::Final(format!("it cannot be resized: {error}")))?;
    Ok(resized)
}

type Read = (DynamicImage, Orientation, Option<Vec<u8>>);

fn read(file: &[u8]) -> Result<Read, Failure> {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|error| Failure::Final(error.to_string()))?;
    if !is_known(reader.format()) {
        return Err(Failure::Final("it is no JPEG, PNG, WebP or GIF".to_owned()));
    }
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(Failure::Final("it has no pixels".to_owned()));
    }
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Failure::Final(format!("it has more than {MOST_PIXELS} pixels")));
    }
    // The decoders leave the room for what they decode to whoever calls them.
    limits.reserve(decoder.total_bytes()).map_err(|error| refused(&error))?;
    decoder.set_limits(limits).map_err(|error| refused(&error))?;
    // A picture whose marks are broken is still a picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    Ok((image, orientation, profile))
}

fn is_known(format: Option<ImageFormat>) -> bool {
    use ImageFormat::{Gif, Jpeg, Png, WebP};

    matches!(format, Some(Jpeg | Png | WebP | Gif))
}

fn refused(error: &ImageError) -> Failure {
    match error {
        ImageError::Limits(_) => Failure::Final(format!(
            "it is longer than {LONGEST_SIDE} pixels on a side, or takes too much memory"
        )),
        // Of a decoder's own words only that they are there: they may quote the file.
        ImageError::Unsupported(_) => Failure::Final("it is of a kind not known here".to_owned()),
        _ => Failure::Final("it is broken".to_owned()),
    }
}

/// RGBA where something shines through, else RGB.
fn eight_bits(image: DynamicImage) -> DynamicImage {
    if image.color().has_alpha() {
        let image = image.into_rgba8();
        if image.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
            return image.into();
        }
        return DynamicImage::from(image).into_rgb8().into();
    }
    image.into_rgb8().into()
}

/// Colours as browsers take them where no profile says otherwise, for what is made has none. A profile that
/// makes no sense changes nothing.
fn to_srgb(image: &mut DynamicImage, profile: &[u8]) {
    let layout = if image.color() == ColorType::Rgba8 { Layout::Rgba } else { Layout::Rgb };
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, options) else {
        return;
    };
    let mut changed = vec![0; image.as_bytes().len()];
    if transform.transform(image.as_bytes(), &mut changed).is_err() {
        return;
    }
    let pixels = match image {
        DynamicImage::ImageRgb8(pixels) => &mut **pixels,
        DynamicImage::ImageRgba8(pixels) => &mut **pixels,
        _ => return,
    };
    pixels.copy_from_slice(&changed);
}
