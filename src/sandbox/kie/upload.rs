//! The three upload endpoints (facts/kie-api.md 4).

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Multipart, OriginalUri, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::envelope::{KieError, serve};
use crate::domain::TransferId;
use crate::sandbox::world::World;

const URL_CAP: usize = 100 * 1024 * 1024;

fn bad(msg: &str) -> KieError {
    KieError::new(400, msg)
}

/// `POST /api/file-stream-upload`.
pub(super) async fn stream(
    State(world): State<Arc<World>>,
    uri: OriginalUri,
    headers: HeaderMap,
    mut parts: Multipart,
) -> Response {
    serve(&world, &headers, uri.0.path(), None, false, async |_: &str, _| {
        let mut folder = String::new();
        let mut name = None;
        let mut file = None;
        while let Some(part) = parts.next_field().await.map_err(|_| bad("the multipart body is broken"))? {
            let field = part.name().unwrap_or("").to_owned();
            let own = part.file_name().map(str::to_owned);
            let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
            let bytes = part.bytes().await.map_err(|_| bad("the file is broken or too large"))?;
            let text = || String::from_utf8_lossy(&bytes).into_owned();
            match field.as_str() {
                "uploadPath" => folder = text(),
                "fileName" => name = Some(text()),
                "file" => file = Some((own, mime, bytes.clone())),
                _ => (),
            }
        }
        let (own, mime, bytes) = file.ok_or_else(|| bad("file is required"))?;
        keep(&world, &folder, name.or(own), &mime, bytes)
    })
    .await
}

/// `POST /api/file-base64-upload`.
pub(super) async fn base64(
    State(world): State<Arc<World>>,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    serve(&world, &headers, uri.0.path(), None, false, async |_: &str, _| {
        let request: Value = serde_json::from_slice(&body).map_err(|_| bad("the body is not JSON"))?;
        let data = request["base64Data"].as_str().unwrap_or("");
        let (mime, raw) = match data.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
            Some((mime, raw)) => (mime, raw),
            None => ("application/octet-stream", data),
        };
        let bytes = STANDARD.decode(raw).map_err(|_| bad("base64Data is not base64"))?;
        let name = request["fileName"].as_str().map(str::to_owned);
        keep(&world, request["uploadPath"].as_str().unwrap_or(""), name, mime, bytes.into())
    })
    .await
}

/// `POST /api/file-url-upload`. The sandbox has no internet: only addresses of this machine can be fetched.
pub(super) async fn by_url(
    State(world): State<Arc<World>>,
    uri: OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    serve(&world, &headers, uri.0.path(), None, false, async |_: &str, _| {
        let request: Value = serde_json::from_slice(&body).map_err(|_| bad("the body is not JSON"))?;
        let link = request["fileUrl"].as_str().unwrap_or("");
        let url = url::Url::parse(link).map_err(|_| bad("fileUrl is not a URL"))?;
        let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let failed = || KieError::new(500, "the file could not be downloaded");
        if !local {
            return Err(failed());
        }
        let fetched = world.http.get(url.clone()).timeout(Duration::from_secs(30)).send().await;
        let response = fetched.map_err(|_| failed())?.error_for_status().map_err(|_| failed())?;
        let mime = response.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        let bytes = response.bytes().await.map_err(|_| failed())?;
        if bytes.len() > URL_CAP {
            return Err(bad("the file is too large"));
        }
        let last = url.path_segments().and_then(|mut s| s.next_back()).map(str::to_owned);
        let name = request["fileName"].as_str().map(str::to_owned).or(last);
        keep(&world, request["uploadPath"].as_str().unwrap_or(""), name, &mime, bytes)
    })
    .await
}

fn keep(world: &World, folder: &str, name: Option<String>, mime: &str, bytes: Bytes) -> Result<Response, KieError> {
    if folder.is_empty() || folder.starts_with('/') || folder.ends_with('/') || folder.contains("..") {
        return Err(bad("uploadPath is required and has no leading or trailing slash"));
    }
    if bytes.is_empty() {
        return Err(bad("the file is empty"));
    }
    let real = infer::get(&bytes).map_or(mime, |kind| kind.mime_type()).to_owned();
    let extension = infer::get(&bytes).map_or("bin", |kind| kind.extension());
    let name =
        name.filter(|n| !n.is_empty()).unwrap_or_else(|| format!("{}.{extension}", TransferId::random().short()));
    let clean: String = name.chars().map(|c| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let path = format!("{folder}/{clean}");
    let size = bytes.len();
    world.kie.inner().uploads.put(&path, &real, bytes);
    let data = json!({
        "fileName": clean,
        "filePath": path,
        "downloadUrl": format!("{}/files/uploads/{path}", world.base_url),
        "fileSize": size,
        "mimeType": real,
        "uploadedAt": world.clock.now().timestamp().to_string(),
    });
    let body = json!({"success": true, "code": 200, "msg": "File uploaded successfully", "data": data});
    Ok(Json(body).into_response())
}
