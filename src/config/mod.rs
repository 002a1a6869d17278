//! Settings.
use crate::domain::Secret;
use std::path::PathBuf;

/// Where the master key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MasterKeySource {
    /// 32 bytes in base64, given as a setting.
    Value(Secret),
    /// A file that holds them.
    File(PathBuf),
    /// The file in the data folder.
    DataFolder,
}
