//! `reply_markup` as the server checks it.

use serde_json::{Value, json};

use super::error::ApiError;
use super::params::Params;

/// Buttons that decide what a press does; exactly one of them stands beside `text`.
const ACTIONS: [&str; 10] = [
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];
const MOST_BUTTONS: usize = 100;

/// The checked markup of a call, with empty rows left out; none for an empty inline keyboard.
pub(crate) fn reply_markup(params: &Params) -> Result<Option<Value>, ApiError> {
    let Some(markup) = params.nested::<Value>("reply_markup")? else {
        return Ok(None);
    };
    if !markup.is_object() {
        return Err(ApiError::bad("object expected as reply markup"));
    }
    let Some(rows) = markup.get("inline_keyboard") else {
        return Ok(Some(markup));
    };
    let rows = rows.as_array().ok_or_else(|| ApiError::bad("field \"inline_keyboard\" must be of type Array"))?;
    let mut kept = Vec::new();
    let mut count = 0;
    for row in rows {
        let row = row.as_array().ok_or_else(|| ApiError::bad("inline keyboard button row must be an Array"))?;
        for button in row {
            check(button)?;
            count += 1;
        }
        if !row.is_empty() {
            kept.push(Value::Array(row.clone()));
        }
    }
    if count > MOST_BUTTONS {
        return Err(ApiError::bad("REPLY_MARKUP_TOO_LONG"));
    }
    Ok((!kept.is_empty()).then(|| json!({"inline_keyboard": kept})))
}

fn check(button: &Value) -> Result<(), ApiError> {
    let text = button["text"].as_str().unwrap_or("").trim();
    if text.is_empty() {
        return Err(ApiError::bad("can't parse inline keyboard button: Inline button text must be non-empty"));
    }
    let actions = ACTIONS.iter().filter(|name| button.get(**name).is_some()).count();
    if actions != 1 {
        return Err(ApiError::bad(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ));
    }
    if let Some(data) = button.get("callback_data") {
        let bytes = data.as_str().map_or(0, str::len);
        if !(1..=64).contains(&bytes) {
            return Err(ApiError::bad("BUTTON_DATA_INVALID"));
        }
    }
    if let Some(url) = button.get("url").and_then(Value::as_str) {
        let good = url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https" | "tg" | "tonsite"));
        if !good {
            return Err(ApiError::bad(format!("inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")));
        }
    }
    Ok(())
}

/// The button of a message that carries this data.
pub(crate) fn has_button(message: &Value, data: &str) -> bool {
    buttons(message).any(|button| button["callback_data"] == data)
}

/// All buttons under a message.
pub(crate) fn buttons(message: &Value) -> impl Iterator<Item = &Value> {
    message["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten().filter_map(Value::as_array).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(markup: Value) -> Result<Option<Value>, String> {
        let mut params = Params::default();
        params.values.insert("reply_markup".to_owned(), markup);
        reply_markup(&params).map_err(|error| error.description)
    }

    #[test]
    fn callback_data_holds_1_to_64_bytes() {
        let with = |data: &str| checked(json!({"inline_keyboard": [[{"text": "x", "callback_data": data}]]}));
        assert!(with(&"я".repeat(32)).is_ok());
        assert_eq!(with(&"я".repeat(33)), Err("Bad Request: BUTTON_DATA_INVALID".to_owned()));
        assert_eq!(with(""), Err("Bad Request: BUTTON_DATA_INVALID".to_owned()));
    }

    #[test]
    fn an_empty_keyboard_is_none_and_a_button_needs_an_action() {
        assert_eq!(checked(json!({"inline_keyboard": [[]]})), Ok(None));
        assert!(checked(json!({"inline_keyboard": [[{"text": "x"}]]})).is_err());
        assert!(checked(json!({"inline_keyboard": [[{"text": "x", "url": "no url"}]]})).is_err());
    }
}
