//! Buttons that no current screen shows but that live in people's chats and must work: shortened models, variants of the
//! draft's model, words of older versions (bot.md 4, «older messages»).

use crate::domain::GenerationId;

/// A pressed button of an older message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LegacyPress {
    /// `modelk:`, a card by the 12 hex digits of its model.
    CardByHash(String),
    /// `m:`, a card by the beginning of its model's id.
    CardByPrefix(String),
    /// `sel:`, a draft by the beginning of its model's id.
    SelectByPrefix(String),
    /// `sel`, a draft for the card shown last.
    SelectLast,
    /// `mode:` and a number: a variant of the draft's model.
    ModeOfDraft(usize),
    /// `back_to_mode`: the variants of the draft's model.
    BackToMode,
    /// `sku:`, a free tool by the whole id of its price.
    Sku(String),
    /// `gen:`, `retry_generate:` or `gen_repeat:` with what is no generation's id: a model.
    Select(String),
    /// `gen:` and a generation's id: its results.
    View(GenerationId),
}

/// The longest beginning of an id that `sel:` carries, in bytes.
const PREFIX: usize = 50;

impl LegacyPress {
    /// Reads a button's data; `None` when it is none of these.
    pub fn parse(data: &str) -> Option<Self> {
        let Some((head, payload)) = data.split_once(':') else {
            return match data {
                "sel" => Some(Self::SelectLast),
                "back_to_mode" => Some(Self::BackToMode),
                _ => None,
            };
        };
        if payload.is_empty() {
            return None;
        }
        let text = payload.to_owned();
        Some(match head {
            "modelk" => Self::CardByHash(text),
            "m" => Self::CardByPrefix(text),
            "sel" if payload.len() <= PREFIX => Self::SelectByPrefix(text),
            "mode" => Self::ModeOfDraft(payload.parse().ok()?),
            "sku" => Self::Sku(text),
            "gen" => GenerationId::from_short(payload).map_or(Self::Select(text), Self::View),
            "retry_generate" | "gen_repeat" if GenerationId::from_short(payload).is_err() => Self::Select(text),
            _ => return None,
        })
    }

    /// The data that [`LegacyPress::parse`] reads back.
    pub fn data(&self) -> String {
        match self {
            Self::CardByHash(digits) => format!("modelk:{digits}"),
            Self::CardByPrefix(prefix) => format!("m:{prefix}"),
            Self::SelectByPrefix(prefix) => format!("sel:{prefix}"),
            Self::SelectLast => "sel".to_owned(),
            Self::ModeOfDraft(n) => format!("mode:{n}"),
            Self::BackToMode => "back_to_mode".to_owned(),
            Self::Sku(id) => format!("sku:{id}"),
            Self::Select(model) => format!("gen:{model}"),
            Self::View(id) => format!("gen:{}", id.short()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_reads_back_as_itself() {
        let text = || "z-image".to_owned();
        for press in [
            LegacyPress::CardByHash("7ac6429f9f44".to_owned()),
            LegacyPress::CardByPrefix(text()),
            LegacyPress::SelectByPrefix(text()),
            LegacyPress::SelectLast,
            LegacyPress::ModeOfDraft(2),
            LegacyPress::BackToMode,
            LegacyPress::Sku("z-image::default".to_owned()),
            LegacyPress::Select(text()),
            LegacyPress::View(GenerationId::random()),
        ] {
            assert_eq!(LegacyPress::parse(&press.data()), Some(press));
        }
        for data in ["m:", "sel:", "modelk:", "mode:", "mode:x", "sku:", "gen:", &format!("sel:{}", "a".repeat(51))] {
            assert_eq!(LegacyPress::parse(data), None, "{data}");
        }
        assert_eq!(LegacyPress::parse("gen_repeat:z-image"), Some(LegacyPress::Select(text())));
    }
}
