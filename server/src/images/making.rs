//! Sizes of a picture, encoded.

use image::DynamicImage;
use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};
use webp::{PixelLayout, WebPConfig};

use super::Failure;
use super::decode::{Decoded, decode, fit, resize};
use super::placeholder;
use crate::store::{ImageDigest, ImageFile, ImageKind, MadeImage};

/// Widths that are made, in pixels, of pictures that are wider: from an old phone to a column of 720 on a
/// screen of twice as many pixels, or nearly.
const WIDTHS: [u32; 5] = [320, 480, 640, 960, 1280];
/// Of JPEGs, 1 to 100: the first, or where the file that came was a JPEG and shorter, the next that is as short.
const JPEG_QUALITIES: [u8; 7] = [75, 70, 65, 58, 50, 42, 35];
/// How a JPEG begins.
const JPEG_START: [u8; 2] = [0xff, 0xd8];
/// Of WebPs, 0 to 100.
const WEBP_QUALITY: f32 = 75.0;
/// How long libwebp looks for fewer bytes, 0 to 6.
const WEBP_EFFORT: i32 = 4;

/// What pages are told of a picture that stays where it is.
pub(super) fn measure(file: &[u8]) -> Result<MadeImage, Failure> {
    let decoded = decode(file, WIDTHS[0])?;
    about(&decoded)
}

/// The same, with files to serve in its place.
pub(super) fn make(file: &[u8], digest: ImageDigest) -> Result<MadeImage, Failure> {
    let decoded = decode(file, WIDTHS[WIDTHS.len() - 1])?;
    let mut made = MadeImage { digest: Some(digest), ..about(&decoded)? };
    let most = if file.starts_with(&JPEG_START) { file.len() } else { usize::MAX };
    // From the largest down, each of the one before: a step of half the pixels is sharp, and quick.
    let mut picture = decoded.pixels;
    for width in widths(decoded.width).into_iter().rev() {
        let (width, height) = fit(decoded.width, decoded.height, width);
        picture = resize(&picture, width, height)?;
        for (kind, content) in
            [(ImageKind::Jpeg, jpeg(&picture, most)?), (ImageKind::Webp, webp(&picture)?)]
        {
            made.files.push(ImageFile { width, height, kind, content });
        }
    }
    Ok(made)
}

/// No picture is made larger, and none twice in nearly one size.
fn widths(original: u32) -> Vec<u32> {
    let widest = original.min(WIDTHS[WIDTHS.len() - 1]);
    let is_smaller = |width: &u32| *width + *width / 8 < widest;
    WIDTHS.into_iter().filter(is_smaller).chain([widest]).collect()
}

fn about(decoded: &Decoded) -> Result<MadeImage, Failure> {
    // A placeholder would shine through a picture that does.
    let is_opaque = !decoded.pixels.color().has_alpha();
    Ok(MadeImage {
        width: decoded.width,
        height: decoded.height,
        colours: if is_opaque { placeholder::colours(&decoded.pixels)? } else { String::new() },
        ..MadeImage::default()
    })
}

/// Of at most so many bytes where that can be had: what was pressed harder than we do gets no better by more of
/// them. What shines through is on white.
fn jpeg(picture: &DynamicImage, most: usize) -> Result<Vec<u8>, Failure> {
    let on_white = picture.color().has_alpha().then(|| on_white(picture));
    let picture = on_white.as_ref().unwrap_or(picture);
    let mut content = Vec::new();
    for quality in JPEG_QUALITIES {
        content = jpeg_of(picture, quality)?;
        if content.len() <= most {
            break;
        }
    }
    Ok(content)
}

/// Progressive: on a slow network all of it is there early.
fn jpeg_of(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    let mut encoder = Encoder::new(&mut content, quality);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    let (width, height) = (side(picture.width())?, side(picture.height())?);
    encoder
        .encode(picture.as_bytes(), width, height, ColorType::Rgb)
        .map_err(|error| Failure::Final(format!("it cannot be written as JPEG: {error}")))?;
    Ok(content)
}

fn webp(picture: &DynamicImage) -> Result<Vec<u8>, Failure> {
    let layout = if picture.color().has_alpha() { PixelLayout::Rgba } else { PixelLayout::Rgb };
    let refused =
        |reason: String| Failure::Final(format!("it cannot be written as WebP: {reason}"));
    let mut config = WebPConfig::new().map_err(|()| refused("no configuration".to_owned()))?;
    config.quality = WEBP_QUALITY;
    config.method = WEBP_EFFORT;
    let encoder = webp::Encoder::new(picture.as_bytes(), layout, picture.width(), picture.height());
    let content =
        encoder.encode_advanced(&config).map_err(|error| refused(format!("{error:?}")))?;
    Ok(content.to_vec())
}

fn on_white(picture: &DynamicImage) -> DynamicImage {
    let mut flat = image::RgbImage::new(picture.width(), picture.height());
    for (pixel, below) in picture.to_rgba8().pixels().zip(flat.pixels_mut()) {
        let [red, green, blue, alpha] = pixel.0.map(u16::from);
        let over = |channel: u16| ((channel * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        below.0 = [over(red), over(green), over(blue)];
    }
    flat.into()
}

fn side(pixels: u32) -> Result<u16, Failure> {
    pixels.try_into().map_err(|_| Failure::Final("it is too long for a JPEG".to_owned()))
}

#[cfg(test)]
mod tests;
