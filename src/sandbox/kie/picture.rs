//! Drawn pictures: a small canvas with soft brushes, seeded by the prompt. What is painted stands in `scenes`.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder as _};

use super::scenes;

/// File format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Lossless.
    Png,
    /// Quality 88.
    Jpeg,
}

/// Red, green, blue, 0 to 255.
pub(super) type Color = [f32; 3];

/// `#rrggbb` as a number.
pub(super) const fn hex(value: u32) -> Color {
    [((value >> 16) & 255) as f32, ((value >> 8) & 255) as f32, (value & 255) as f32]
}

/// Between two colours.
pub(super) fn mix(a: Color, b: Color, t: f32) -> Color {
    let t = t.clamp(0.0, 1.0);
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/// A small, fast, repeatable source of numbers (xorshift*).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    /// 0.0 to 1.0.
    pub(super) fn unit(&mut self) -> f32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 40) as f32 / (1u64 << 24) as f32
    }

    /// Between two numbers.
    pub(super) fn range(&mut self, from: f32, to: f32) -> f32 {
        from + (to - from) * self.unit()
    }

    /// One of `count`.
    pub(super) fn pick(&mut self, count: usize) -> usize {
        ((self.unit() * count as f32) as usize).min(count.saturating_sub(1))
    }
}

/// Pixels to paint on.
pub(super) struct Canvas {
    pub width: u32,
    pub height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    fn new(width: u32, height: u32) -> Self {
        Self { width, height, pixels: vec![0; (width * height * 3) as usize] }
    }

    /// The canvas's size as numbers to paint with.
    pub(super) fn size(&self) -> (f32, f32) {
        (self.width as f32, self.height as f32)
    }

    /// Lays `color` over a pixel.
    pub(super) fn blend(&mut self, x: u32, y: u32, color: Color, alpha: f32) {
        if x >= self.width || y >= self.height || alpha <= 0.0 {
            return;
        }
        let alpha = alpha.min(1.0);
        let at = ((y * self.width + x) * 3) as usize;
        for (pixel, wanted) in self.pixels[at..at + 3].iter_mut().zip(color) {
            let old = f32::from(*pixel);
            *pixel = (old + (wanted - old) * alpha) as u8;
        }
    }

    /// A vertical gradient through evenly spaced colours, with a trace of grain against banding.
    pub(super) fn sky(&mut self, stops: &[Color], dice: &mut Dice) {
        let last = stops.len() - 1;
        for y in 0..self.height {
            let t = y as f32 / self.height as f32 * last as f32;
            let at = (t as usize).min(last - 1);
            let color = mix(stops[at], stops[at + 1], t - at as f32);
            for x in 0..self.width {
                let grain = dice.unit() * 2.0 - 1.0;
                self.blend(x, y, [color[0] + grain, color[1] + grain, color[2] + grain], 1.0);
            }
        }
    }

    /// Light that fades from a centre.
    pub(super) fn glow(&mut self, cx: f32, cy: f32, radius: f32, color: Color, strength: f32) {
        self.round(cx, cy, radius, |share| {
            let fade = 1.0 - share;
            Some((color, strength * fade * fade))
        });
    }

    /// A filled circle with a smooth edge.
    pub(super) fn disc(&mut self, cx: f32, cy: f32, radius: f32, color: Color, alpha: f32) {
        self.round(cx, cy, radius + 1.0, |share| {
            let edge = ((1.0 - share) * (radius + 1.0)).min(1.0);
            Some((color, alpha * edge))
        });
    }

    /// Asks `paint` for every pixel inside a circle; its argument is the distance, 0 centre to 1 edge.
    fn round(&mut self, cx: f32, cy: f32, radius: f32, paint: impl Fn(f32) -> Option<(Color, f32)>) {
        let low = |c: f32| (c - radius).max(0.0) as u32;
        let high = |c: f32, most: u32| ((c + radius).max(0.0) as u32 + 1).min(most);
        for y in low(cy)..high(cy, self.height) {
            for x in low(cx)..high(cx, self.width) {
                let (dx, dy) = (x as f32 - cx, y as f32 - cy);
                let share = (dx * dx + dy * dy).sqrt() / radius;
                if share < 1.0
                    && let Some((color, alpha)) = paint(share)
                {
                    self.blend(x, y, color, alpha);
                }
            }
        }
    }

    /// A ball lit from the upper left, with faint bands.
    pub(super) fn sphere(&mut self, (cx, cy, radius): (f32, f32, f32), day: Color, dark: Color, dice: &mut Dice) {
        let phase = dice.range(0.0, 6.0);
        let light = [-0.55f32, -0.5, 0.67];
        for y in (cy - radius).max(0.0) as u32..((cy + radius).max(0.0) as u32 + 1).min(self.height) {
            for x in (cx - radius).max(0.0) as u32..((cx + radius).max(0.0) as u32 + 1).min(self.width) {
                let (nx, ny) = ((x as f32 - cx) / radius, (y as f32 - cy) / radius);
                let flat = nx * nx + ny * ny;
                if flat >= 1.0 {
                    continue;
                }
                let nz = (1.0 - flat).sqrt();
                let lit = (nx * light[0] + ny * light[1] + nz * light[2]).max(0.0);
                let band = 0.88 + 0.12 * ((ny - nx * 0.2) * 13.0 + phase + (nx * 5.0).sin() * 0.5).sin();
                let bright = mix(mix(dark, day, (lit * band * 1.25).min(1.0)), [255.0; 3], (lit - 0.75).max(0.0) * 1.1);
                self.blend(x, y, bright, ((1.0 - flat.sqrt()) * radius).min(1.0));
            }
        }
    }

    /// Everything below a line: hills, water, roofs. `color` is asked with the depth below the line in pixels.
    pub(super) fn below(&mut self, line: impl Fn(f32) -> f32, color: impl Fn(f32) -> Color) {
        for x in 0..self.width {
            let top = line(x as f32);
            let first = top.max(0.0) as u32;
            for y in first..self.height {
                let depth = y as f32 - top;
                self.blend(x, y, color(depth), (depth + 1.0).min(1.0));
            }
        }
    }

    /// A filled rectangle.
    pub(super) fn block(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color, alpha: f32) {
        for py in y.max(0.0) as u32..((y + height).max(0.0) as u32).min(self.height) {
            for px in x.max(0.0) as u32..((x + width).max(0.0) as u32).min(self.width) {
                self.blend(px, py, color, alpha);
            }
        }
    }

    /// What stands above `horizon`, mirrored below it, rippled and darkened.
    pub(super) fn mirror(&mut self, horizon: u32, tint: Color, strength: f32) {
        let copy = self.pixels.clone();
        for y in horizon..self.height {
            let depth = y - horizon;
            let ripple = ((depth as f32 * 0.35).sin() * (1.0 + depth as f32 * 0.03)) as i64;
            let source_y = horizon.saturating_sub(depth + 1);
            for x in 0..self.width {
                let source_x = (i64::from(x) + ripple).clamp(0, i64::from(self.width) - 1) as u32;
                let at = ((source_y * self.width + source_x) * 3) as usize;
                let seen = [f32::from(copy[at]), f32::from(copy[at + 1]), f32::from(copy[at + 2])];
                self.blend(x, y, mix(seen, tint, strength), 1.0);
            }
        }
    }

    fn encode(&self, format: Format) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let done =
            match format {
                Format::Png => PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Sub)
                    .write_image(&self.pixels, self.width, self.height, ExtendedColorType::Rgb8),
                Format::Jpeg => JpegEncoder::new_with_quality(&mut out, 88).write_image(
                    &self.pixels,
                    self.width,
                    self.height,
                    ExtendedColorType::Rgb8,
                ),
            };
        done.ok().map(|()| out)
    }
}

/// A picture for a prompt. The same arguments give the same bytes.
pub(super) fn draw(prompt: &str, seed: u64, width: u32, height: u32, format: Format) -> Option<Vec<u8>> {
    let mut canvas = Canvas::new(width, height);
    scenes::paint(&mut canvas, &prompt.to_lowercase(), &mut Dice::new(seed));
    canvas.encode(format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_its_size_and_kind_and_follows_its_seed() {
        for (format, mime) in [(Format::Png, "image/png"), (Format::Jpeg, "image/jpeg")] {
            let picture = draw("горы на закате", 7, 160, 90, format).unwrap();
            assert_eq!(infer::get(&picture).unwrap().mime_type(), mime);
            let size = imagesize::blob_size(&picture).unwrap();
            assert_eq!((size.width, size.height), (160, 90));
            assert_eq!(draw("горы на закате", 7, 160, 90, format).unwrap(), picture);
            assert_ne!(draw("горы на закате", 8, 160, 90, format).unwrap(), picture);
        }
    }

    #[test]
    fn every_scene_can_be_painted_in_every_shape() {
        for prompt in ["ночной город", "космос и планеты", "море и парус", "лес", "абстракция", "cat"]
        {
            for (width, height) in [(120, 50), (50, 120), (16, 16)] {
                assert!(draw(prompt, 3, width, height, Format::Jpeg).is_some(), "{prompt} {width}x{height}");
            }
        }
    }
}
