//! Forms that change something: sent by a page of ours, made for this session (reliability.md T36), with a file or without.

use std::collections::HashMap;

use axum::Form;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use bytes::Bytes;

use crate::accounts::Session;
use crate::accounts::forms::{self, Holder};
use crate::web::failure::Failure;
use crate::web::guard::Pass;
use crate::web::same_origin;
use crate::web::state::WebState;

/// The name of a form's token.
pub(in crate::web) const TOKEN: &str = "form_token";

/// A genuine form of the session that the guard let in.
pub(in crate::web) struct OurForm {
    pub(in crate::web) session: Session,
    fields: HashMap<String, String>,
}

impl OurForm {
    /// A field without the space around it; one that was not sent is empty.
    pub(in crate::web) fn text(&self, name: &str) -> &str {
        self.fields.get(name).map(|value| value.trim()).unwrap_or_default()
    }

    /// Whether a box was ticked.
    pub(in crate::web) fn ticked(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }
}

impl FromRequest<WebState> for OurForm {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Failure> {
        let session = guarded(&request)?;
        Self::genuine(session, fields(request, state).await?, state)
    }
}

impl OurForm {
    fn genuine(session: Session, fields: HashMap<String, String>, state: &WebState) -> Result<Self, Failure> {
        let given = fields.get(TOKEN).map(String::as_str).unwrap_or_default();
        if !forms::is_genuine(&state.platform.vault, Holder::Session(&session.id), given) {
            return Err(Failure::ForeignForm);
        }
        Ok(Self { session, fields })
    }
}

fn guarded(request: &Request) -> Result<Session, Failure> {
    let Some(Pass { session, .. }) = request.extensions().get::<Pass>().cloned() else {
        tracing::error!(path = request.uri().path(), "a form of the panel has no guard");
        return Err(Failure::Broken);
    };
    Ok(session)
}

/// The same with at most one file. A form without one may come in the ordinary way.
pub(in crate::web) struct OurUpload {
    pub(in crate::web) form: OurForm,
    /// The file, if one was chosen.
    pub(in crate::web) file: Option<Bytes>,
}

impl FromRequest<WebState> for OurUpload {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &WebState) -> Result<Self, Failure> {
        let session = guarded(&request)?;
        let kind = request.headers().get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        let (fields, file) = if kind.starts_with(b"multipart/form-data") {
            parts(request, state).await?
        } else {
            (fields(request, state).await?, None)
        };
        Ok(Self { form: OurForm::genuine(session, fields, state)?, file })
    }
}

type Fields = HashMap<String, String>;

/// The fields and the file of a form with a file. Its length is bound by the route.
async fn parts(request: Request, state: &WebState) -> Result<(Fields, Option<Bytes>), Failure> {
    let refused = |status| Failure::of_status(status).unwrap_or(Failure::BadRequest);
    let mut parts = Multipart::from_request(request, state).await.map_err(|error| refused(error.status()))?;
    let (mut fields, mut file) = (HashMap::new(), None);
    while let Some(part) = parts.next_field().await.map_err(|error| refused(error.status()))? {
        let (name, is_file) = (part.name().unwrap_or_default().to_owned(), part.file_name().is_some());
        let content = part.bytes().await.map_err(|error| refused(error.status()))?;
        if is_file {
            // A field in which no file was chosen comes empty.
            file = file.or(Some(content).filter(|content| !content.is_empty()));
        } else {
            fields.insert(name, String::from_utf8(content.to_vec()).map_err(|_| Failure::BadRequest)?);
        }
    }
    Ok((fields, file))
}

/// Whether another site sent it.
pub(in crate::web) fn is_foreign(headers: &HeaderMap, state: &WebState) -> bool {
    !same_origin::is_ours(headers, state.public_url.as_str(), state.public_url.is_https())
}

/// The form's fields.
pub(in crate::web) async fn fields(request: Request, state: &WebState) -> Result<HashMap<String, String>, Failure> {
    match Form::<HashMap<String, String>>::from_request(request, state).await {
        Ok(Form(fields)) => Ok(fields),
        Err(refused) => Err(Failure::of_status(refused.status()).unwrap_or(Failure::BadRequest)),
    }
}
