//! Pictures that people send, and files that only say that they are pictures.

use std::io::Cursor;
use std::time::{Duration, Instant};

use flate2::Crc;
use image::codecs::gif::GifEncoder;
use image::{Delay, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// A picture with a red left half and a blue right one.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) }
    })
}

fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.into().write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn made(file: &[u8]) -> MadeImage {
    make(file, ImageDigest::of(file)).unwrap_or_else(|failure| panic!("{failure}"))
}

/// Why nothing is made of it, which is for good.
fn refusal(file: &[u8]) -> String {
    let begun = Instant::now();
    let failure = make(file, ImageDigest::of(file)).map(drop).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert!(matches!(failure, Failure::Final(_)), "{failure}");
    failure.to_string()
}

fn sizes(made: &MadeImage, kind: ImageKind) -> Vec<(u32, u32)> {
    let mut sizes: Vec<_> = made
        .files
        .iter()
        .filter(|file| file.kind == kind)
        .inspect(|file| {
            let decoded = image::load_from_memory(&file.content).unwrap();
            assert_eq!((decoded.width(), decoded.height()), (file.width, file.height));
        })
        .map(|file| (file.width, file.height))
        .collect();
    sizes.sort_unstable();
    sizes
}

fn pixel(file: &ImageFile, x: u32, y: u32) -> [u8; 4] {
    image::load_from_memory(&file.content).unwrap().to_rgba8().get_pixel(x, y).0
}

fn is_near(one: [u8; 4], other: [u8; 4]) -> bool {
    one.into_iter().zip(other).all(|(one, other)| one.abs_diff(other) < 12)
}

const RED: [u8; 4] = [220, 20, 20, 255];
const BLUE: [u8; 4] = [20, 20, 220, 255];

#[test]
fn every_kind_gives_jpegs_and_webps_of_every_width_up_to_its_own() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let made = made(&encoded(halves(1000, 500), format));
        assert_eq!((made.width, made.height), (1000, 500), "{format:?}");
        let expected = [(320, 160), (480, 240), (640, 320), (1000, 500)];
        assert_eq!(sizes(&made, ImageKind::Jpeg), expected, "{format:?}");
        assert_eq!(sizes(&made, ImageKind::Webp), expected, "{format:?}");
        for file in &made.files {
            let (near, far) = (file.width / 8, file.width - file.width / 8);
            assert!(is_near(pixel(file, near, 50), RED), "{format:?} {file:?}");
            assert!(is_near(pixel(file, far, 50), BLUE), "{format:?} {file:?}");
        }
        assert_eq!(made.colours.len(), 18, "{format:?}");
    }
}

#[test]
fn no_picture_is_made_larger_and_a_large_one_has_a_widest_size() {
    assert_eq!(widths(1), [1]);
    assert_eq!(widths(320), [320]);
    assert_eq!(widths(500), [320, 500]);
    assert_eq!(widths(960), [320, 480, 640, 960]);
    assert_eq!(widths(6000), WIDTHS);
    let dot = made(&encoded(RgbImage::new(1, 1), ImageFormat::Png));
    assert_eq!(sizes(&dot, ImageKind::Jpeg), [(1, 1)]);
    let line = made(&encoded(RgbImage::new(3000, 1), ImageFormat::Png));
    assert_eq!(sizes(&line, ImageKind::Webp).last(), Some(&(1280, 1)));
    let thread = made(&encoded(RgbImage::new(2, 16_000), ImageFormat::Png));
    assert_eq!(sizes(&thread, ImageKind::Webp), [(2, 16_000)]);
}

/// A picture of fine detail, which JPEG takes many bytes for.
fn detailed() -> RgbImage {
    RgbImage::from_fn(640, 480, |x, y| {
        let noise = (x * 31 + y * 17 + x * y * 7) % 61;
        Rgb([(x / 4 % 128 + noise) as u8, (y / 4 % 128 + noise) as u8, (90 + noise) as u8])
    })
}

#[test]
fn no_jpeg_is_larger_than_the_one_that_it_is_made_of() {
    let picture = detailed();
    for quality in [90, 70, 50, 40] {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, quality);
        encoder.set_progressive(true);
        encoder.set_optimized_huffman_tables(true);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(&picture, 640, 480, ColorType::Rgb).unwrap();
        for made in made(&file).files.iter().filter(|made| made.kind == ImageKind::Jpeg) {
            assert!(made.content.len() <= file.len(), "{quality}: {made:?} of {}", file.len());
        }
    }
    // A drawing without loss may be shorter than any JPEG: it is not pressed to be as short.
    let flat = encoded(halves(640, 480), ImageFormat::Png);
    let made = made(&flat);
    let widest = made.files.iter().find(|made| made.kind == ImageKind::Jpeg).unwrap();
    assert_eq!(widest.content, jpeg_of(&halves(640, 480).into(), JPEG_QUALITIES[0]).unwrap());
}

/// A JPEG whose Exif says how it lies, and where it was taken.
fn photograph(orientation: u8) -> Vec<u8> {
    let place = b"GPS 12.6667 N, 108.0383 E";
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend(place);
    let picture = halves(800, 400);
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.add_exif_metadata(&exif).unwrap();
    encoder.encode(&picture, 800, 400, ColorType::Rgb).unwrap();
    assert!(file.windows(place.len()).any(|part| part == place));
    file
}

#[test]
fn a_photograph_stands_upright_and_says_nothing_of_where_it_was_taken() {
    // The red half is on the left as it is stored; where it is to be is what the orientation says.
    for (orientation, size, red) in [
        (1, (800, 400), (0.1, 0.5)),
        (2, (800, 400), (0.9, 0.5)),
        (3, (800, 400), (0.9, 0.5)),
        (4, (800, 400), (0.1, 0.5)),
        (5, (400, 800), (0.5, 0.1)),
        (6, (400, 800), (0.5, 0.1)),
        (7, (400, 800), (0.5, 0.9)),
        (8, (400, 800), (0.5, 0.9)),
    ] {
        let made = made(&photograph(orientation));
        assert_eq!((made.width, made.height), size, "{orientation}");
        for file in &made.files {
            let at = |share: f64, side: u32| (share * f64::from(side)) as u32;
            let found = pixel(file, at(red.0, file.width), at(red.1, file.height));
            assert!(is_near(found, RED), "{orientation} {file:?}: {found:?}");
            for said in [&b"GPS"[..], b"Exif", b"EXIF"] {
                assert!(!file.content.windows(said.len()).any(|part| part == said), "{file:?}");
            }
        }
        assert!(made.files.iter().any(|file| file.width == size.0));
    }
}

#[test]
fn colours_of_another_profile_become_those_that_browsers_take_without_one() {
    let (mut wide, mut none) = (Vec::new(), Vec::new());
    let picture = RgbImage::from_pixel(64, 64, Rgb([30, 200, 60]));
    let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
    let mut encoder = Encoder::new(&mut wide, 95);
    encoder.add_icc_profile(&profile).unwrap();
    encoder.encode(&picture, 64, 64, ColorType::Rgb).unwrap();
    Encoder::new(&mut none, 95).encode(&picture, 64, 64, ColorType::Rgb).unwrap();
    let [wide, none] = [made(&wide), made(&none)].map(|made| pixel(&made.files[0], 32, 32));
    assert!(is_near(none, [30, 200, 60, 255]), "{none:?}");
    // A green of a wider space has less red in a narrower one.
    assert!(wide[0] < 12 && wide[1] > 195, "{wide:?}");
}

#[test]
fn what_shines_through_does_so_in_webp_is_on_white_in_jpeg_and_has_no_placeholder() {
    let mut picture = RgbaImage::from_pixel(400, 200, Rgba([0, 0, 0, 0]));
    picture.put_pixel(399, 199, Rgba(BLUE));
    for x in 0..100 {
        for y in 0..200 {
            picture.put_pixel(x, y, Rgba(RED));
        }
    }
    let made = made(&encoded(picture, ImageFormat::Png));
    assert_eq!(made.colours, "");
    for file in &made.files {
        assert!(is_near(pixel(file, 20, 50), RED), "{file:?}");
        let through = pixel(file, file.width / 2, 50);
        match file.kind {
            ImageKind::Jpeg => assert!(is_near(through, [255; 4]), "{through:?}"),
            ImageKind::Webp => assert_eq!(through[3], 0),
        }
    }
}

#[test]
fn a_channel_that_hides_nothing_is_none() {
    let made = made(&encoded(RgbaImage::from_pixel(400, 200, Rgba(RED)), ImageFormat::Png));
    assert_eq!(made.colours, "d11".repeat(6));
}

#[test]
fn of_what_moves_there_is_the_first_picture() {
    let mut file = Vec::new();
    let mut encoder = GifEncoder::new(&mut file);
    for colour in [RED, BLUE] {
        let picture = RgbaImage::from_pixel(400, 300, Rgba(colour));
        let frame = Frame::from_parts(picture, 0, 0, Delay::from_numer_denom_ms(100, 1));
        encoder.encode_frame(frame).unwrap();
    }
    drop(encoder);
    let made = made(&file);
    assert_eq!(sizes(&made, ImageKind::Jpeg), [(320, 240), (400, 300)]);
    assert!(is_near(pixel(&made.files[0], 100, 100), RED));
}

#[test]
fn what_is_broken_is_refused_and_hurts_nobody() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = encoded(halves(400, 300), format);
        for length in [0, 1, 4, 12, 20, 40, whole.len() / 4] {
            let cut = &whole[..length.min(whole.len())];
            // A JPEG decoder shows what came; all others say that something is missing.
            if format == ImageFormat::Jpeg && length == whole.len() / 4 {
                continue;
            }
            refusal(cut);
        }
        // Bytes turned over, at every place that a short file has: whatever comes of it, it comes soon.
        for at in (0..whole.len()).step_by(whole.len() / 60 + 1) {
            let mut turned = whole.clone();
            turned[at] ^= 0xff;
            let begun = Instant::now();
            let _ = make(&turned, ImageDigest::of(&turned));
            assert!(begun.elapsed() < Duration::from_secs(2), "{format:?} at {at}");
        }
    }
    assert_eq!(refusal(b"no picture"), "it is no JPEG, PNG, WebP or GIF");
    assert_eq!(refusal(&[0; 5000]), "it is no JPEG, PNG, WebP or GIF");
}

#[test]
fn a_drawing_that_may_hold_scripts_is_none_of_ours() {
    let drawing = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    assert_eq!(refusal(drawing), "it is no JPEG, PNG, WebP or GIF");
}

/// The head of a PNG that says what the rest would be.
fn png_head(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(width.to_be_bytes());
    chunk.extend(height.to_be_bytes());
    chunk.extend([depth, colour, 0, 0, 0]);
    let mut crc = Crc::new();
    crc.update(&chunk);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    file.extend(chunk);
    file.extend(crc.sum().to_be_bytes());
    // The beginning of the pixels, so that the head is read to its end.
    file.extend(b"\0\0\0\x04IDAT");
    file
}

#[test]
fn a_small_file_that_would_be_a_huge_picture_is_refused_by_its_head() {
    let too_long = "it is longer than 16383 pixels on a side, or takes too much memory";
    assert_eq!(refusal(&png_head(60_000, 60_000, 8, 2)), too_long);
    assert_eq!(refusal(&png_head(u32::MAX >> 1, 1, 8, 2)), too_long);
    assert_eq!(refusal(&png_head(16_000, 16_000, 8, 2)), "it has more than 50000000 pixels");
    // Few enough pixels, but of 16 bytes each as they are decoded.
    assert_eq!(refusal(&png_head(16_000, 3_000, 16, 6)), too_long);

    let mut gif = encoded(RgbImage::new(2, 2), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x60, 0xea, 0x60, 0xea]);
    assert_eq!(refusal(&gif), too_long);

    let mut jpeg = encoded(RgbImage::new(16, 16), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|mark| mark == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
    assert_eq!(refusal(&jpeg), too_long);
}
