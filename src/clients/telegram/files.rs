//! Files to and from Telegram. Uploads are multipart from memory; downloads stop at the caller's cap.

use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Bot, TelegramError, error};
use crate::clients::http::{self, Answer, Lost, Why};

/// A file to upload.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// The form field: `photo`, `video`, or the name that an album's `attach://name` refers to.
    pub field: String,
    /// What the receiver sees, with its extension.
    pub file_name: String,
    /// Its content type.
    pub mime: String,
    /// The content; shared, not copied.
    pub bytes: Bytes,
}

/// Where a received file lies. The path is valid for at least an hour.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FileInfo {
    /// The same for ever, but for this bot only.
    pub file_id: String,
    /// The same for all bots.
    pub file_unique_id: String,
    /// In bytes, where Telegram knows it.
    pub file_size: Option<u64>,
    /// For [`Bot::download`].
    pub file_path: Option<String>,
}

impl Bot<'_> {
    /// Calls a method with files: `sendPhoto`, `sendVideo`, `sendAudio`, `sendVoice`, `sendAnimation`, `sendDocument`,
    /// `sendMediaGroup`. `fields` are the other arguments: texts as they are, everything else as its JSON.
    pub async fn upload<T: DeserializeOwned>(
        &self,
        method: &str,
        fields: &serde_json::Map<String, serde_json::Value>,
        files: Vec<InputFile>,
    ) -> Result<T, TelegramError> {
        let mut form = Form::new();
        for (name, value) in fields {
            form = match value {
                serde_json::Value::Null => form,
                serde_json::Value::String(text) => form.text(name.clone(), text.clone()),
                other => form.text(name.clone(), other.to_string()),
            };
        }
        for file in files {
            let length = file.bytes.len() as u64;
            let part = Part::stream_with_length(file.bytes, length)
                .file_name(file.file_name)
                .mime_str(&file.mime)
                .map_err(|_| TelegramError::NotSent(Why::Unbuilt))?;
            form = form.part(file.field, part);
        }
        let request = self.telegram.http.post(self.method_url(method)?);
        self.finish(request.multipart(form).timeout(self.telegram.timeouts.upload)).await
    }

    /// Asks where a received file lies (at most 20 MB at the cloud, else [`TelegramError::FileTooBig`]).
    pub async fn get_file(&self, file_id: &str) -> Result<FileInfo, TelegramError> {
        self.call_raw("getFile", &serde_json::json!({ "file_id": file_id })).await
    }

    /// Fetches a file of at most `cap` bytes by its [`FileInfo::file_path`].
    ///
    /// A Bot API server in local mode names a path on its own disk: that is refused, such a server needs its files
    /// served over HTTP.
    pub async fn download(&self, file_path: &str, cap: usize) -> Result<Bytes, TelegramError> {
        let segments: Vec<&str> = file_path.split('/').collect();
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            let description = "the Bot API server gave a path on its own disk".to_owned();
            return Err(TelegramError::Rejected { code: 400, description });
        }
        let mut url = self.url(&["file", &format!("bot{}", self.token.expose())])?;
        url.path_segments_mut().map_err(|()| TelegramError::NotSent(Why::Unbuilt))?.extend(segments);
        let request = self.telegram.http.get(url).timeout(self.telegram.timeouts.upload);
        match http::exchange(request, cap).await {
            Ok(answer) if answer.status == 200 => Ok(answer.body),
            Ok(answer) => Err(failed_download(&answer, self)),
            Err(Lost::InDoubt(Why::TooLarge)) => Err(TelegramError::FileTooBig),
            Err(Lost::InDoubt(why) | Lost::NotSent(why)) => Err(TelegramError::NotSent(why)),
        }
    }
}

fn failed_download(answer: &Answer, bot: &Bot<'_>) -> TelegramError {
    match error::read::<serde::de::IgnoredAny>(answer, bot.token) {
        Err(said) => said,
        Ok(_) => TelegramError::BadAnswer,
    }
}
