//! The provider's families of endpoints (facts/kie-api.md 2 and 5).

use std::str::FromStr;

use serde_json::{Map, Value};

use super::WireCall;

/// Which endpoints a model is created and watched by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KieApi {
    /// The market: most models.
    Jobs,
    /// Veo.
    Veo,
    /// Suno.
    Suno,
    /// Pictures by 4o.
    Gpt4oImage,
    /// Flux Kontext.
    FluxKontext,
    /// Runway.
    Runway,
}

/// A name that is none of the families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the api must be one of: jobs, veo, suno, gpt4o-image, flux-kontext, runway")]
pub struct UnknownApi;

impl KieApi {
    /// Every family.
    pub const ALL: [Self; 6] = [Self::Jobs, Self::Veo, Self::Suno, Self::Gpt4oImage, Self::FluxKontext, Self::Runway];

    /// The name that the catalog and stored rows use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Veo => "veo",
            Self::Suno => "suno",
            Self::Gpt4oImage => "gpt4o-image",
            Self::FluxKontext => "flux-kontext",
            Self::Runway => "runway",
        }
    }

    pub(super) const fn create_path(self) -> &'static str {
        match self {
            Self::Jobs => "api/v1/jobs/createTask",
            Self::Veo => "api/v1/veo/generate",
            Self::Suno => "api/v1/generate",
            Self::Gpt4oImage => "api/v1/gpt4o-image/generate",
            Self::FluxKontext => "api/v1/flux/kontext/generate",
            Self::Runway => "api/v1/runway/generate",
        }
    }

    pub(super) const fn record_path(self) -> &'static str {
        match self {
            Self::Jobs => "api/v1/jobs/recordInfo",
            Self::Veo => "api/v1/veo/record-info",
            Self::Suno => "api/v1/generate/record-info",
            Self::Gpt4oImage => "api/v1/gpt4o-image/record-info",
            Self::FluxKontext => "api/v1/flux/kontext/record-info",
            Self::Runway => "api/v1/runway/record-detail",
        }
    }

    /// The market wraps the model's fields in `input`; the others take them at the top.
    pub(super) fn body(self, call: &WireCall) -> Map<String, Value> {
        let mut body = match self {
            Self::Jobs => Map::from_iter([("input".to_owned(), Value::Object(call.input.clone()))]),
            _ => call.input.clone(),
        };
        if let Some(model) = &call.model {
            body.insert("model".to_owned(), Value::String(model.clone()));
        }
        if let Some(url) = &call.call_back_url {
            body.insert("callBackUrl".to_owned(), Value::String(url.clone()));
        }
        body
    }
}

impl FromStr for KieApi {
    type Err = UnknownApi;
    fn from_str(text: &str) -> Result<Self, UnknownApi> {
        Self::ALL.into_iter().find(|api| api.as_str() == text).ok_or(UnknownApi)
    }
}
