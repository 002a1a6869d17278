//! Inputs for models: the provider takes links only, so files go to its own store first (free, kept 24 h).

use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use url::Url;

use super::answer::said;
use super::{ANSWER_CAP, AccountFault, Kie, StatusError, endpoint};
use crate::clients::http::{self, Lost, Why};
use crate::domain::Secret;

/// The folder at the provider that holds our uploads.
const UPLOAD_PATH: &str = "botyard";

/// Why a file has no link. Uploading again is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadError {
    /// The provider does not take this file.
    #[error("the file was refused ({0})")]
    Refused(u16),
    /// Too many requests, or maintenance.
    #[error("the provider is busy")]
    Busy,
    /// The account or key.
    #[error("the provider's account: {0}")]
    Account(AccountFault),
    /// Network, 5xx, something unreadable.
    #[error("no answer: {0}")]
    Transient(Why),
}

impl Kie {
    /// Stores a file and gives its public link, good for a day. `file_name` must be new each time: an equal one
    /// overwrites the earlier file, and caches may go on showing that.
    pub async fn upload(&self, key: &Secret, bytes: Bytes, file_name: &str, mime: &str) -> Result<String, UploadError> {
        let unbuilt = UploadError::Transient(Why::Unbuilt);
        let url = endpoint(&self.upload_base, "api/file-stream-upload").ok_or(unbuilt)?;
        let length = bytes.len() as u64;
        let file = Part::stream_with_length(bytes, length)
            .file_name(file_name.to_owned())
            .mime_str(mime)
            .map_err(|_| unbuilt)?;
        let form =
            Form::new().text("uploadPath", UPLOAD_PATH).text("fileName", file_name.to_owned()).part("file", file);
        let request = self.authorised(self.http.post(url), key).multipart(form).timeout(self.timeouts.upload);
        let answer = http::exchange(request, ANSWER_CAP).await.map_err(|lost| match lost {
            Lost::NotSent(why) | Lost::InDoubt(why) => UploadError::Transient(why),
        })?;
        let said = said(&answer).ok_or(UploadError::Transient(Why::Garbled))?;
        match (said.code, said.status_error()) {
            (200, _) => said.data.and_then(|data| link(data.get())).ok_or(UploadError::Transient(Why::Garbled)),
            (_, StatusError::Account(fault)) => Err(UploadError::Account(fault)),
            (_, StatusError::Busy) => Err(UploadError::Busy),
            (code @ (..=407 | 409..=499), _) => Err(UploadError::Refused(code)),
            (code, _) => Err(UploadError::Transient(Why::Server(code))),
        }
    }
}

/// `downloadUrl`, in another copy of the docs `fileUrl`.
fn link(data: &str) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Stored {
        download_url: Option<String>,
        file_url: Option<String>,
    }
    let stored: Stored = serde_json::from_str(data).ok()?;
    let url = stored.download_url.or(stored.file_url)?;
    Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "https" | "http")).then_some(url)
}
