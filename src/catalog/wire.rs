//! The provider's request for a finished selection: its names, its spellings, its shapes (facts/kie-api.md 2 and 5).

use serde_json::{Map, Value as Json, json};

use super::check::{Refusal, check_value};
use super::model::{Api, Model};
use super::param::{Param, ParamKind};
use super::price::{Markup, NotSold, price};
use super::steps::complete;
use super::value::{FileValue, Selection, Value};

/// What to send, and where. The address for the provider's call back is the sender's to add: see [`WireRequest::body`].
#[derive(Debug, Clone, PartialEq)]
pub struct WireRequest {
    /// The endpoint.
    pub api: Api,
    /// The provider's id of the model; some endpoints have none.
    pub model: Option<String>,
    /// The fields of the request.
    pub input: Json,
}

impl WireRequest {
    /// The whole JSON body: `{model, input, callBackUrl}` for `createTask`, the fields themselves elsewhere.
    pub fn body(&self, callback_url: Option<&str>) -> Json {
        let mut body = match self.api {
            Api::Jobs => Map::from_iter([("input".to_owned(), self.input.clone())]),
            _ => self.input.as_object().cloned().unwrap_or_default(),
        };
        if let Some(model) = &self.model {
            body.insert("model".to_owned(), json!(model));
        }
        if let Some(url) = callback_url {
            body.insert("callBackUrl".to_owned(), json!(url));
        }
        Json::Object(body)
    }
}

/// Why no request can be made of a selection. Never carries a value that a person typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A required parameter has no value.
    #[error("{param} is missing")]
    Missing {
        /// Its name.
        param: String,
    },
    /// A value is not one that the parameter takes.
    #[error("{param}: {refusal}")]
    Invalid {
        /// Its name.
        param: String,
        /// Why.
        refusal: Refusal,
    },
    /// The model has no such parameter.
    #[error("the model has no {param}")]
    Unknown {
        /// Its name.
        param: String,
    },
    /// A file has no address that the provider can fetch.
    #[error("a file of {param} has no address")]
    NoUrl {
        /// Its parameter.
        param: String,
    },
    /// The selection has no price, so it is not sent either.
    #[error(transparent)]
    NotSold(#[from] NotSold),
}

/// Makes the request. What was left out takes the catalog's default; price axes and quantities are always explicit, and
/// parameters without value and default are not sent. `file_url` gives a file's address for the provider.
pub fn request(
    model: &Model,
    selection: &Selection,
    file_url: &dyn Fn(&FileValue) -> Option<String>,
) -> Result<WireRequest, WireError> {
    if let Some((unknown, _)) = selection.iter().find(|(name, _)| model.param(name).is_none()) {
        return Err(WireError::Unknown { param: unknown.to_owned() });
    }
    let all = complete(model, selection, None);
    let mut input: Map<String, Json> = model.fixed.clone().into_iter().collect();
    for param in &model.params {
        match all.get(&param.name) {
            Some(value) => {
                input.insert(param.wire.clone(), field(param, value, file_url)?);
            }
            None if param.required => return Err(WireError::Missing { param: param.name.clone() }),
            None => {}
        }
    }
    price(model, &all, Markup::ONE)?;
    Ok(WireRequest { api: model.api, model: model.wire_model.clone(), input: Json::Object(input) })
}

fn field(param: &Param, value: &Value, file_url: &dyn Fn(&FileValue) -> Option<String>) -> Result<Json, WireError> {
    let invalid = |refusal| WireError::Invalid { param: param.name.clone(), refusal };
    check_value(param, value).map_err(invalid)?;
    Ok(match (&param.kind, value) {
        (ParamKind::Files { list, .. }, Value::Files(files)) => {
            let no_url = || WireError::NoUrl { param: param.name.clone() };
            let urls: Vec<String> = files.iter().map(file_url).collect::<Option<_>>().ok_or_else(no_url)?;
            if *list { json!(urls) } else { json!(urls.first()) }
        }
        (ParamKind::Enum { wire_values, as_number, .. }, Value::Text(text)) => {
            let spelled = wire_values.get(text).unwrap_or(text);
            match spelled.parse::<i64>() {
                Ok(number) if *as_number => json!(number),
                _ => json!(spelled),
            }
        }
        (_, Value::Number(number)) => number_json(&number.to_string()),
        (_, Value::Bool(yes)) => json!(yes),
        (_, Value::Text(text)) => json!(text),
        (_, Value::Files(_)) => return Err(invalid(Refusal::NotAllowed)),
    })
}

/// A decimal as a JSON number, in its own digits where JSON keeps them.
fn number_json(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}

#[cfg(test)]
mod tests;
