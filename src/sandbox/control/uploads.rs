//! Files that people send, and files as the chat page shows them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Multipart, Path, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value};

use super::{Refusal, talking};
use crate::domain::TransferId;
use crate::sandbox::files::FileKind;
use crate::sandbox::telegram::media;
use crate::sandbox::telegram::params::Upload;
use crate::sandbox::wire::ChatMessage;
use crate::sandbox::world::World;

/// `POST …/file`, multipart: `kind` (photo, document, video, audio, voice, sticker), `caption`, `duration`, `width`,
/// `height`, and one or more `file`s; several become an album.
pub(super) async fn send(
    State(world): State<Arc<World>>,
    Path((bot, user)): Path<(String, i64)>,
    mut parts: Multipart,
) -> Result<Json<Vec<ChatMessage>>, Refusal> {
    let (bot, person) = talking(&world, &bot, user)?;
    let mut fields = Map::new();
    let mut uploads = Vec::new();
    let broken = |_| Refusal::bad("the multipart body is broken");
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let field = part.name().unwrap_or("").to_owned();
        let name = part.file_name().map(str::to_owned);
        let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(|_| Refusal::bad("the file is broken or too large"))?;
        match name {
            Some(name) => uploads.push(Upload { name, mime, bytes }),
            None => {
                fields.insert(field, Value::from(String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    if uploads.is_empty() || uploads.len() > 10 {
        return Err(Refusal::bad("send 1 to 10 files in fields named file"));
    }
    let kind = fields.get("kind").and_then(Value::as_str).unwrap_or("document");
    let kind = FileKind::from_field(kind).ok_or_else(|| Refusal::bad("unknown kind of file"))?;
    let group = (uploads.len() > 1).then(|| format!("13{}", TransferId::random().short()));
    let caption = fields.remove("caption").filter(|caption| caption != "");
    let mut contents = Vec::new();
    for upload in uploads {
        let entry = media::store(&world, bot.id, kind, upload)?;
        let mut content = media::content(&entry, &fields);
        if let Some(group) = &group {
            content.insert("media_group_id".to_owned(), Value::from(group.as_str()));
        }
        if let (Some(caption), true) = (&caption, contents.is_empty()) {
            content.insert("caption".to_owned(), caption.clone());
        }
        contents.push(content);
    }
    Ok(Json(contents.into_iter().map(|content| bot.receive(&world, &person, content)).collect()))
}

/// `GET /sandbox/files/<file id>`: pictures, films and sound to look at; everything else to save.
pub(super) async fn download(State(world): State<Arc<World>>, Path(file_id): Path<String>) -> Response {
    let Some(file) = world.files.get(&file_id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let shown = ["image/png", "image/jpeg", "image/webp", "image/gif", "video/", "audio/"]
        .iter()
        .any(|kind| file.mime.starts_with(kind));
    let mime = if shown { file.mime.as_str() } else { "application/octet-stream" };
    let headers: [(HeaderName, HeaderValue); 4] = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_str(mime).unwrap_or(HeaderValue::from_static("application/octet-stream")),
        ),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(if shown { "inline" } else { "attachment" })),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static("max-age=86400, immutable")),
    ];
    (headers, file.bytes).into_response()
}
