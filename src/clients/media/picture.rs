//! The size of a picture, read from its header only: nothing is decoded, so a pixel bomb costs nothing (reliability.md T25).

/// Largest picture taken: 40 megapixels, unless the settings say otherwise.
pub const MAX_PIXELS: u64 = 40_000_000;

/// Width and height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No picture, or a header that says nothing.
    #[error("not a readable picture")]
    Unreadable,
    /// More pixels than are taken.
    #[error("the picture has too many pixels: {} × {}", .0.width, .0.height)]
    TooManyPixels(Size),
}

/// The size of a picture of at most `max_pixels`.
pub fn dimensions(bytes: &[u8], max_pixels: u64) -> Result<Size, PictureError> {
    let size = imagesize::blob_size(bytes).map_err(|_| PictureError::Unreadable)?;
    let positive =
        |pixels: usize| u32::try_from(pixels).ok().filter(|length| *length > 0).ok_or(PictureError::Unreadable);
    let size = Size { width: positive(size.width)?, height: positive(size.height)? };
    if u64::from(size.width) * u64::from(size.height) > max_pixels {
        return Err(PictureError::TooManyPixels(size));
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    #[test]
    fn real_pictures_have_their_size() {
        for format in [image::ImageFormat::Png, image::ImageFormat::Jpeg] {
            let mut bytes = std::io::Cursor::new(Vec::new());
            image::RgbImage::new(640, 480).write_to(&mut bytes, format).unwrap();
            assert_eq!(dimensions(bytes.get_ref(), MAX_PIXELS), Ok(Size { width: 640, height: 480 }));
        }
        assert_eq!(dimensions(b"GIF89a\x03\0\x02\0\0\0\0", 6), Ok(Size { width: 3, height: 2 }));
    }

    #[test]
    fn a_pixel_bomb_is_refused_by_its_header() {
        let mut bomb = png_header(30_000, 30_000);
        bomb.resize(200_000, 0);
        let size = Size { width: 30_000, height: 30_000 };
        assert_eq!(dimensions(&bomb, MAX_PIXELS), Err(PictureError::TooManyPixels(size)));
        assert!(dimensions(&png_header(8_000, 5_000), MAX_PIXELS).is_ok());
        assert!(dimensions(&png_header(8_000, 5_001), MAX_PIXELS).is_err());
        assert!(dimensions(&png_header(u32::MAX, u32::MAX), MAX_PIXELS).is_err());
        assert_eq!(dimensions(&png_header(0, 5), MAX_PIXELS), Err(PictureError::Unreadable));
        assert_eq!(dimensions(b"<html>", MAX_PIXELS), Err(PictureError::Unreadable));
    }

    proptest! {
        #[test]
        fn no_header_panics(head in 0usize..8, tail in proptest::collection::vec(any::<u8>(), 0..300)) {
            let heads: [&[u8]; 8] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"BM", b"\0\0\0\x18ftypheic", b"II*\0"];
            let _ = dimensions(&[heads[head], &tail].concat(), MAX_PIXELS);
        }
    }
}
