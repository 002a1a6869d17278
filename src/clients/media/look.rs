//! A picture made ready to be compared and to be read: how it looks in 64 bits, and its page in grey, dark on light.
//!
//! What comes from outside is decoded here, within limits, and only what was drawn anew is handed on to other programs.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::png::{CompressionType, FilterType as Filter, PngEncoder};
use image::imageops::{self, FilterType};
use image::{DynamicImage, GrayImage, ImageEncoder as _, ImageReader, Limits};

use super::dimensions;

/// A page for a reader is at least so wide, and neither side is longer than the most.
const WIDTH_LEAST: u32 = 1_000;
const SIDE_MOST: u32 = 2_600;
/// A page whose mean is darker than this is light on dark.
const DARK: u64 = 110;

/// A picture ready to be compared and read.
#[derive(Debug, Clone)]
pub struct Look {
    /// Pictures that look alike differ in few of these bits.
    pub shade: u64,
    /// A PNG in grey.
    pub page: Bytes,
}

/// Decodes a PNG or JPEG of at most `max_pixels`. `None`: another format, damaged, or too large. Takes a while: not for async code.
pub fn look(bytes: &[u8], max_pixels: u64) -> Option<Look> {
    dimensions(bytes, max_pixels).ok()?;
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(max_pixels.saturating_mul(8));
    reader.limits(limits);
    let grey = on_white(reader.decode().ok()?);
    Some(Look { shade: shade(&grey), page: page(grey)? })
}

/// In grey; what is transparent is white.
fn on_white(picture: DynamicImage) -> GrayImage {
    if !picture.color().has_alpha() {
        return picture.into_luma8();
    }
    let with_alpha = picture.into_luma_alpha8();
    GrayImage::from_fn(with_alpha.width(), with_alpha.height(), |x, y| {
        let [luma, alpha] = with_alpha.get_pixel(x, y).0.map(u32::from);
        let mixed = (luma * alpha + 255 * (255 - alpha)) / 255;
        image::Luma([u8::try_from(mixed).unwrap_or(u8::MAX)])
    })
}

/// Eight rows of eight comparisons with the neighbour to the right.
fn shade(grey: &GrayImage) -> u64 {
    let small = imageops::resize(grey, 9, 8, FilterType::Triangle);
    let mut bits = 0;
    for y in 0..8 {
        for x in 0..8 {
            bits = bits << 1 | u64::from(small.get_pixel(x, y).0[0] > small.get_pixel(x + 1, y).0[0]);
        }
    }
    bits
}

fn page(grey: GrayImage) -> Option<Bytes> {
    let mean = grey.iter().map(|luma| u64::from(*luma)).sum::<u64>() / u64::try_from(grey.len()).ok()?.max(1);
    let mut page = sized(grey);
    if mean < DARK {
        imageops::invert(&mut page);
    }
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, Filter::Sub)
        .write_image(page.as_raw(), page.width(), page.height(), image::ExtendedColorType::L8)
        .ok()?;
    Some(Bytes::from(png))
}

fn sized(grey: GrayImage) -> GrayImage {
    let (width, height) = (u64::from(grey.width()), u64::from(grey.height()));
    let longest = width.max(height);
    let (up, down) = if longest > u64::from(SIDE_MOST) {
        (u64::from(SIDE_MOST), longest)
    } else if width < u64::from(WIDTH_LEAST) && longest * 2 <= u64::from(SIDE_MOST) {
        (2, 1)
    } else {
        return grey;
    };
    let side = |length: u64| u32::try_from((length * up / down).max(1)).unwrap_or(SIDE_MOST);
    imageops::resize(&grey, side(width), side(height), FilterType::CatmullRom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn sample(seed: u32) -> RgbImage {
        RgbImage::from_fn(400, 600, |x, y| {
            let n = (x / 40).wrapping_mul(2_654_435_761).wrapping_add((y / 60).wrapping_mul(seed)) >> 7;
            let luma = u8::try_from(n % 256).unwrap();
            Rgb([luma, luma, luma])
        })
    }

    #[test]
    fn the_same_picture_in_another_form_looks_alike_and_another_does_not() {
        let one = DynamicImage::from(sample(97_003));
        let png = look(&encoded(&one, ImageFormat::Png), 1_000_000).unwrap();
        let jpeg = look(&encoded(&one, ImageFormat::Jpeg), 1_000_000).unwrap();
        let half = one.resize_exact(200, 300, FilterType::Triangle);
        let small = look(&encoded(&half, ImageFormat::Jpeg), 1_000_000).unwrap();
        assert!((png.shade ^ jpeg.shade).count_ones() <= 4);
        assert!((png.shade ^ small.shade).count_ones() <= 4);
        let other = look(&encoded(&DynamicImage::from(sample(1_300_021)), ImageFormat::Png), 1_000_000).unwrap();
        assert!((png.shade ^ other.shade).count_ones() > 4);
    }

    #[test]
    fn a_page_is_dark_on_light_and_of_a_readable_size() {
        let night = DynamicImage::from(RgbImage::from_pixel(500, 700, Rgb([10, 10, 20])));
        let page = look(&encoded(&night, ImageFormat::Png), 1_000_000).unwrap().page;
        let page = image::load_from_memory(&page).unwrap().into_luma8();
        assert_eq!(page.dimensions(), (1_000, 1_400));
        assert!(page.get_pixel(5, 5).0[0] > 200);
        let clear = DynamicImage::from(RgbaImage::from_pixel(5_200, 100, Rgba([0, 0, 0, 0])));
        let page = look(&encoded(&clear, ImageFormat::Png), 1_000_000).unwrap().page;
        let page = image::load_from_memory(&page).unwrap().into_luma8();
        assert_eq!(page.dimensions(), (2_600, 50));
        assert_eq!(page.get_pixel(0, 0).0[0], 255);
    }

    #[test]
    fn what_is_no_picture_has_no_look() {
        assert!(look(b"<html>", 1_000_000).is_none());
        let png = encoded(&DynamicImage::from(sample(3)), ImageFormat::Png);
        assert!(look(&png[..png.len() / 2], 1_000_000).is_none());
        assert!(look(&png, 1_000).is_none(), "too many pixels");
    }
}
