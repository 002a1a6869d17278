//! A call's parameters, however they came: query, JSON, form or multipart. Telegram treats them all alike, and so
//! a number may come as text and a nested object as JSON text.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::error::ApiError;

/// The most a bot can upload (facts/telegram.md 4).
pub(crate) const UPLOAD_CAP: usize = 50 * 1024 * 1024;

/// An uploaded file.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
}

/// Parameters by name, and files by field name.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub values: Map<String, Value>,
    pub files: HashMap<String, Upload>,
}

impl Params {
    /// Reads a request of any accepted kind.
    pub(crate) async fn read(request: Request) -> Result<Self, ApiError> {
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()) {
            params.set_text(&name, &value);
        }
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        if kind.starts_with("multipart/form-data") {
            params.read_multipart(request).await?;
        } else {
            let body =
                axum::body::to_bytes(request.into_body(), UPLOAD_CAP).await.map_err(|_| ApiError::too_large())?;
            params.read_plain(&kind, &body)?;
        }
        Ok(params)
    }

    /// Reads a body that is not multipart.
    pub(crate) fn read_plain(&mut self, kind: &str, body: &[u8]) -> Result<(), ApiError> {
        if body.is_empty() {
            return Ok(());
        }
        if kind.starts_with("application/json") {
            let Ok(Value::Object(values)) = serde_json::from_slice(body) else {
                return Err(ApiError::bad("can't parse JSON object"));
            };
            self.values.extend(values.into_iter().filter(|(_, value)| !value.is_null()));
        } else {
            for (name, value) in url::form_urlencoded::parse(body) {
                self.set_text(&name, &value);
            }
        }
        Ok(())
    }

    async fn read_multipart(&mut self, request: Request) -> Result<(), ApiError> {
        let broken = |_| ApiError::bad("can't parse multipart body");
        let mut parts = Multipart::from_request(request, &())
            .await
            .map_err(|_| ApiError::bad("boundary expected in the multipart Content-Type"))?;
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let field = part.name().unwrap_or("").to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
            let bytes = part.bytes().await.map_err(|_| ApiError::too_large())?;
            if let Some(name) = file_name {
                self.files.insert(field, Upload { name, mime, bytes });
            } else {
                self.set_text(&field, &String::from_utf8_lossy(&bytes));
            }
        }
        Ok(())
    }

    fn set_text(&mut self, name: &str, text: &str) {
        // JSON text of a nested object is kept as the object, so that recorded calls look alike.
        let nested = (text.starts_with('{') || text.starts_with('[')) && !matches!(name, "text" | "caption");
        let value = nested.then(|| serde_json::from_str(text).ok()).flatten();
        self.values.insert(name.to_owned(), value.unwrap_or_else(|| Value::String(text.to_owned())));
    }

    /// A text; numbers and booleans are spelled out.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// A whole number, also as text.
    pub(crate) fn int(&self, name: &str) -> Option<i64> {
        match self.values.get(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A flag; absent is false.
    pub(crate) fn flag(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(Value::Bool(flag)) => *flag,
            Some(Value::String(text)) => matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "1"),
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }

    /// A nested value, also as JSON text. An empty text counts as absent.
    pub(crate) fn nested<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let Some(value) = self.values.get(name) else {
            return Ok(None);
        };
        let parsed = match value {
            Value::String(text) if text.is_empty() => return Ok(None),
            Value::String(text) => serde_json::from_str(text),
            other => serde_json::from_value(other.clone()),
        };
        parsed.map(Some).map_err(|_| ApiError::bad(format!("can't parse {name} JSON object")))
    }

    /// The parameters as a record shows them: files by name and size.
    pub(crate) fn recorded(&self) -> Value {
        let mut values = self.values.clone();
        for (field, file) in &self.files {
            values.insert(field.clone(), json!({"file": file.name, "size": file.bytes.len(), "mime": file.mime}));
        }
        Value::Object(values)
    }
}
