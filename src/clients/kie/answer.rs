//! The provider's envelope `{code, msg, data}`. Business errors come with HTTP 200 as well: the envelope's code counts.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::cause::{self, AccountFault, Cause};
use super::{CreateError, StatusError, TaskId};
use crate::clients::http::{Answer, Why};

#[derive(Deserialize)]
struct Envelope<'a> {
    code: Option<Value>,
    msg: Option<Value>,
    message: Option<Value>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// What the provider said, whatever way it took to say it.
pub(super) struct Said<'a> {
    /// The envelope's code; the HTTP status where there is no envelope or it contradicts an HTTP error.
    pub code: u16,
    /// Its words, empty if there are none.
    pub msg: String,
    /// The data as it came, `null` left out.
    pub data: Option<&'a RawValue>,
    /// Whether the provider itself spoke, not something in front of it.
    pub enveloped: bool,
}

/// Reads an answer. `None`: HTTP says all is well, but this is not the provider's envelope.
pub(super) fn said(answer: &Answer) -> Option<Said<'_>> {
    let http_ok = (200..300).contains(&answer.status);
    let envelope: Option<Envelope<'_>> = serde_json::from_slice(&answer.body).ok();
    let code = envelope.as_ref().and_then(|envelope| whole_number(envelope.code.as_ref()?));
    match (envelope, code) {
        (Some(envelope), Some(code)) => {
            let words = |value: Option<Value>| value.and_then(|value| value.as_str().map(str::to_owned));
            Some(Said {
                code: if http_ok || code >= 400 { code } else { answer.status },
                msg: words(envelope.msg).or_else(|| words(envelope.message)).unwrap_or_default(),
                data: envelope.data.filter(|data| data.get() != "null"),
                enveloped: true,
            })
        }
        _ if http_ok => None,
        _ => Some(Said { code: answer.status, msg: String::new(), data: None, enveloped: false }),
    }
}

/// A number that may have been written as a text.
pub(super) fn whole_number(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => u16::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

impl Said<'_> {
    /// The codes that mean the account, whichever call they answer.
    pub(super) fn account_fault(&self) -> Option<AccountFault> {
        match self.code {
            401 => Some(AccountFault::KeyRefused),
            402 => Some(AccountFault::NoCredits),
            // Cloudflare turns clients away with a page of its own ("error code: 1010"); the key is not to blame.
            403 if !self.enveloped => Some(AccountFault::ClientBlocked),
            403 => Some(AccountFault::KeyRefused),
            505 => Some(AccountFault::ModelOff),
            _ => None,
        }
    }

    /// The meaning for a question; `404` and `422` depend on what was asked.
    pub(super) fn status_error(&self) -> StatusError {
        match (self.account_fault(), self.code) {
            (Some(fault), _) => StatusError::Account(fault),
            (None, 429 | 455) => StatusError::Busy,
            (None, code) => StatusError::Transient(Why::Server(code)),
        }
    }
}

/// The outcome of a creation. Only a clear no counts as "no task" (facts/kie-api.md 2.4).
pub(super) fn created(answer: &Answer) -> Result<TaskId, CreateError> {
    let said = said(answer).ok_or(CreateError::Unknown(Why::Garbled))?;
    if let Some(fault) = said.account_fault() {
        return Err(CreateError::Refused { cause: Cause::Account(fault) });
    }
    match said.code {
        200 => task_id(&said).ok_or(CreateError::Unknown(Why::Garbled)),
        429 | 455 => Err(CreateError::Busy { retry_after: answer.retry_after }),
        404 => Err(CreateError::Refused { cause: Cause::Account(AccountFault::ModelOff) }),
        // An upstream timeout and a complaint about the callback leave open what happened before them.
        408 | 433 => Err(CreateError::Unknown(Why::Server(said.code))),
        code @ 400..500 => Err(CreateError::Refused { cause: cause::refused(code, &said.msg) }),
        code => Err(CreateError::Unknown(Why::Server(code))),
    }
}

fn task_id(said: &Said<'_>) -> Option<TaskId> {
    let data: Value = serde_json::from_str(said.data?.get()).ok()?;
    ["taskId", "task_id"].iter().find_map(|name| TaskId::parse(data.get(name)?.as_str()?))
}

/// The outcome of asking for the balance.
pub(super) fn credits(answer: &Answer) -> Result<i64, StatusError> {
    let said = said(answer).ok_or(StatusError::Transient(Why::Garbled))?;
    if said.code != 200 {
        return Err(said.status_error());
    }
    said.data.and_then(|data| hundredths(data.get())).ok_or(StatusError::Transient(Why::Garbled))
}

/// A decimal number (JSON or a JSON text) in hundredths, rounded half up, without passing through a float.
pub(super) fn hundredths(text: &str) -> Option<i64> {
    let text = text.trim().trim_matches('"').trim();
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if whole.is_empty() || digits.len() > 30 || !digits.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let number: i128 = digits.parse().ok()?;
    let shift = exponent.checked_add(2)?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let power = 10i128.checked_pow(shift.unsigned_abs());
    let scaled = match (shift >= 0, power) {
        (true, Some(power)) => number.checked_mul(power)?,
        (true, None) if number == 0 => 0,
        (true, None) => return None,
        (false, Some(power)) => (number + power / 2) / power,
        (false, None) => 0,
    };
    i64::try_from(scaled).ok().map(|value| sign * value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_without_floats() {
        for (text, expected) in [
            ("100", Some(10_000)),
            ("60.62", Some(6_062)),
            ("\"0.8\"", Some(80)),
            ("0.125", Some(13)),
            ("0.1249999", Some(12)),
            ("-3.5", Some(-350)),
            ("1.5e2", Some(15_000)),
            ("1E-7", Some(0)),
            ("90071992547409.93", Some(9_007_199_254_740_993)),
            ("1e400", None),
            ("92233720368547758.08", None),
            ("", None),
            ("null", None),
            ("1,5", None),
            ("NaN", None),
            (".5", None),
        ] {
            assert_eq!(hundredths(text), expected, "{text}");
        }
    }
}
