//! Makes the provider's request of a deal: inputs go to the provider's own store first, because it takes links only. All of
//! it can be repeated without harm.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::GenerationError;
use super::cause::{Failure, FailureKind};
use super::ctx::{Ctx, kie_api};
use super::deal::Kept;
use super::media::MediaError;
use crate::catalog::{FileValue, Selection, request};
use crate::clients::kie::{UploadError, WireCall};
use crate::domain::{MediaId, Secret};
use crate::tenants::Tenant;

/// Why there is no request.
pub(super) enum Unready {
    /// May be there later.
    Later,
    /// Will never be.
    Never(Failure),
}

impl From<FailureKind> for Unready {
    fn from(kind: FailureKind) -> Self {
        Self::Never(kind.into())
    }
}

/// The call that creates the task.
pub(super) async fn call(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    key: &Secret,
    kept: &Kept,
) -> Result<Result<WireCall, Unready>, GenerationError> {
    let order = &kept.deal.order;
    let Some((model, api)) = ctx.catalog.model(&order.model).and_then(|model| Some((model, kie_api(model.api)?)))
    else {
        return Ok(Err(FailureKind::ModelOff.into()));
    };
    let links = match upload_all(ctx, tenant, key, &order.selection).await? {
        Ok(links) => links,
        Err(why) => return Ok(Err(why)),
    };
    let Ok(wire) = request(model, &order.selection, &|file| links.get(&file.media).cloned()) else {
        return Ok(Err(FailureKind::Internal.into()));
    };
    let Json::Object(input) = wire.input else { return Ok(Err(FailureKind::Internal.into())) };
    let call_back_url = ctx.callback_url(tenant, model.api, &kept.token());
    Ok(Ok(WireCall { api, model: wire.model, input, call_back_url }))
}

/// Links to all inputs, by their names in our store.
async fn upload_all(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    key: &Secret,
    selection: &Selection,
) -> Result<Result<HashMap<String, String>, Unready>, GenerationError> {
    let mut links = HashMap::new();
    for file in selection.iter().flat_map(|(_, value)| value.files()) {
        if links.contains_key(&file.media) {
            continue;
        }
        match upload(ctx, tenant, key, file).await? {
            Ok(link) => links.insert(file.media.clone(), link),
            Err(why) => return Ok(Err(why)),
        };
    }
    Ok(Ok(links))
}

async fn upload(
    ctx: &Ctx<'_>,
    tenant: &Tenant,
    key: &Secret,
    file: &FileValue,
) -> Result<Result<String, Unready>, GenerationError> {
    let Ok(id) = MediaId::parse(&file.media) else { return Err(GenerationError::Unreadable) };
    let content = match ctx.media.get(tenant, &id).await {
        Ok(content) => content,
        Err(MediaError::Gone | MediaError::Damaged) => return Ok(Err(FailureKind::UnreadableInput.into())),
        Err(error) => return Err(error.into()),
    };
    // An equal name would overwrite the earlier file there, and caches might go on showing that.
    let name = format!("{}.{}", MediaId::random().short(), extension(&file.mime));
    Ok(match ctx.kie.upload(key, content, &name, &file.mime).await {
        Ok(link) => Ok(link),
        Err(UploadError::Refused(_)) => Err(FailureKind::UnreadableInput.into()),
        Err(UploadError::Account(fault)) => Err(Unready::Never(fault.into())),
        Err(UploadError::Busy | UploadError::Transient(_)) => Err(Unready::Later),
    })
}

/// A usual extension of a MIME type; the provider looks at it.
fn extension(mime: &str) -> &str {
    let kind = mime.split(';').next().unwrap_or_default().trim();
    match kind {
        "image/jpeg" => "jpg",
        "audio/mpeg" => "mp3",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "audio/x-wav" => "wav",
        "video/quicktime" => "mov",
        _ => kind.split_once('/').map_or("bin", |(_, tail)| tail.trim_start_matches("x-")),
    }
}

#[cfg(test)]
mod tests {
    use super::extension;

    #[test]
    fn inputs_have_usual_extensions() {
        let pairs = [("image/jpeg", "jpg"), ("image/png", "png"), ("audio/ogg; codecs=opus", "ogg"), ("", "bin")];
        for (mime, wanted) in pairs {
            assert_eq!(extension(mime), wanted, "{mime}");
        }
    }
}
