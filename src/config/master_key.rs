//! Where the master key comes from. Reading and making it is the vault's.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::domain::Secret;

/// Where the master key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterKeySource {
    /// 32 bytes in base64, given as a setting.
    Value(Secret),
    /// A file that holds them.
    File(PathBuf),
    /// The file in the data folder, which is made there on the first start beside SQLite.
    DataFolder,
}

/// The 32 bytes of a key in base64, plain or URL-safe, with or without padding; white space around it is ignored.
pub fn key_bytes(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let text = text.trim();
    let bytes = [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD]
        .into_iter()
        .find_map(|engine| engine.decode(text).ok().map(Zeroizing::new))?;
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}
