//! The panel's own files, built into the program. Addresses carry a part of the content's hash, so browsers may keep them for
//! ever and still get a new version at once.

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH};
use axum::response::{IntoResponse as _, Response};
use rust_embed::RustEmbed;

use super::failure::Failure;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "public, no-cache";

/// Eight hex digits of each file's hash.
static VERSIONS: LazyLock<HashMap<String, String>> =
    LazyLock::new(|| Files::iter().filter_map(|name| Some((name.to_string(), version(&Files::get(&name)?)))).collect());

fn version(file: &rust_embed::EmbeddedFile) -> String {
    hex::encode(&file.metadata.sha256_hash()[..4])
}

/// Where a page finds a file.
pub(super) fn url(name: &str) -> String {
    let version = VERSIONS.get(name).map(String::as_str).unwrap_or_default();
    format!("/static/{name}?v={version}")
}

/// Serves one.
pub(super) async fn file(
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let file = Files::get(&name).ok_or(Failure::NotFound)?;
    let kind = kind(&name).ok_or(Failure::NotFound)?;
    let version = version(&file);
    let tag = format!("\"{version}\"");
    let keep = if query.is_some_and(|query| query == format!("v={version}")) { FOR_EVER } else { ASK_AGAIN };
    let known = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_response() };
    let tag = HeaderValue::try_from(tag).map_err(|_| Failure::Broken)?;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(keep));
    response.headers_mut().insert(ETAG, tag);
    Ok(response)
}

fn kind(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_an_address_with_its_version_and_a_kind() {
        assert!(Files::iter().count() >= 3);
        for name in Files::iter() {
            assert_eq!(url(&name).len(), format!("/static/{name}?v=12345678").len(), "{name}");
            assert!(kind(&name).is_some(), "{name}");
        }
    }
}
