//! Pictures of transfers for tests: blocks that look like nothing else, and a reader of pictures that says what a test wants.

use std::path::{Path, PathBuf};

use botyard::domain::Money;
use botyard::domain::settings::{Requisites, TenantSettings};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// The phone of the tests' requisites; no such number is given out.
pub(crate) const PHONE: &str = "+7 900 000-11-22";

/// A bot that takes transfers and nothing else.
pub(crate) fn takes_transfers() -> TenantSettings {
    TenantSettings {
        stars_enabled: false,
        sbp_enabled: true,
        sbp_terms_ack: true,
        sbp_requisites: Requisites {
            phone: PHONE.to_owned(),
            bank: "Тестбанк".to_owned(),
            holder: "Анна А.".to_owned(),
        },
        ..TenantSettings::default()
    }
}

/// The same, and what matches is credited without a person.
pub(crate) fn approves_by_itself() -> TenantSettings {
    TenantSettings { sbp_auto_approve: true, ..takes_transfers() }
}

/// A picture of blocks; another seed looks different.
pub(crate) fn picture(seed: u32) -> DynamicImage {
    let luma = |x: u32, y: u32| {
        let mut n = (x + 31 * y + 1).wrapping_mul(seed.wrapping_mul(2_654_435_761) | 1);
        n ^= n >> 15;
        n = n.wrapping_mul(2_246_822_519);
        u8::try_from((n ^ (n >> 13)) % 256).unwrap()
    };
    DynamicImage::from(RgbImage::from_fn(270, 480, |x, y| {
        let grey = luma(x / 30, y / 60);
        Rgb([grey, grey, grey])
    }))
}

/// A picture as a file.
pub(crate) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// The same as PNG.
pub(crate) fn png(seed: u32) -> Vec<u8> {
    encoded(&picture(seed), ImageFormat::Png)
}

/// A program that reads in every picture what a test wrote last.
pub(crate) struct Reader {
    folder: tempfile::TempDir,
}

impl Reader {
    /// Reads nothing yet.
    pub(crate) fn new() -> Self {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reader");
        let script = format!("#!/bin/sh\ncat >/dev/null\ncat '{}'\n", Self::text(folder.path()).display());
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let reader = Self { folder };
        reader.says("");
        reader
    }

    fn text(folder: &Path) -> PathBuf {
        folder.join("text")
    }

    /// From now on this stands in every picture.
    pub(crate) fn says(&self, text: &str) {
        std::fs::write(Self::text(self.folder.path()), text).unwrap();
    }

    /// For the setting `payments.ocr_program`.
    pub(crate) fn program(&self) -> String {
        self.folder.path().join("reader").display().to_string()
    }
}

/// An amount as banks write it: `1 050,17 ₽`.
pub(crate) fn as_banks_write(amount: Money) -> String {
    let kopecks = amount.as_kopecks();
    let (whole, part) = (kopecks / 100, kopecks % 100);
    let whole = if whole >= 1_000 { format!("{} {:03}", whole / 1_000, whole % 1_000) } else { whole.to_string() };
    format!("{whole},{part:02} ₽")
}
