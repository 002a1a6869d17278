//! The buttons of bonuses and promo codes (bot.md 4, "Free, referral, bonuses" and "Admin").

use crate::domain::PromoId;

/// A pressed button about what is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BonusPress {
    /// S-29: turns the wheel.
    Gift,
    /// S-39: asks for a code.
    Promo,
    /// S-39: what a person has.
    Mine,
    /// S-48: the list.
    Codes,
    /// S-48: asks for a new code.
    NewCode,
    /// S-48: one code; `None` where no id could be read, which an admin is told of.
    ViewCode(Option<PromoId>),
    /// S-48: switches a code off.
    CodeOff(Option<PromoId>),
}

impl BonusPress {
    /// Reads a button's data; `None`: another family's.
    pub fn parse(data: &str) -> Option<Self> {
        Some(match data {
            "claim_gift" => Self::Gift,
            "promo_codes" => Self::Promo,
            "my_bonuses" => Self::Mine,
            "admin_promocodes" => Self::Codes,
            "admin_promo_new" => Self::NewCode,
            _ => {
                let (act, id) = data.strip_prefix("admin_promo:")?.split_once(':')?;
                let id = PromoId::from_short(id).ok();
                match act {
                    "view" => Self::ViewCode(id),
                    "off" => Self::CodeOff(id),
                    _ => return None,
                }
            }
        })
    }

    /// The data that [`BonusPress::parse`] reads back.
    pub fn data(&self) -> String {
        let of =
            |act: &str, id: &Option<PromoId>| format!("admin_promo:{act}:{}", id.as_ref().map_or("", |id| id.short()));
        match self {
            Self::Gift => "claim_gift".to_owned(),
            Self::Promo => "promo_codes".to_owned(),
            Self::Mine => "my_bonuses".to_owned(),
            Self::Codes => "admin_promocodes".to_owned(),
            Self::NewCode => "admin_promo_new".to_owned(),
            Self::ViewCode(id) => of("view", id),
            Self::CodeOff(id) => of("off", id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_reads_back_as_itself() {
        let id = PromoId::random();
        for press in [
            BonusPress::Gift,
            BonusPress::Promo,
            BonusPress::Mine,
            BonusPress::Codes,
            BonusPress::NewCode,
            BonusPress::ViewCode(Some(id.clone())),
            BonusPress::CodeOff(Some(id)),
            BonusPress::CodeOff(None),
        ] {
            let data = press.data();
            assert!(data.len() <= 64);
            assert_eq!(BonusPress::parse(&data), Some(press), "{data}");
        }
        for other in ["", "claim_gift:1", "admin_promo", "admin_promo:view", "admin_promo:delete:x", "promo"] {
            assert_eq!(BonusPress::parse(other), None, "{other}");
        }
        assert_eq!(BonusPress::parse("admin_promo:view:XX"), Some(BonusPress::ViewCode(None)));
    }
}
