//! Which models may be on sale here at all, and which of them a bot offers (bot.md 1.2, decisions.md 22). Nothing else decides
//! it: screens, offers and the panel ask [`Shelf`], or a tenant, which carries the shelf that the registry read last.
//!
//! An order that is confirmed never asks again: a model that is taken back leaves the offers, and what runs is finished.

use std::collections::BTreeSet;

use crate::catalog::Model;
use crate::domain::UnixMs;
use crate::domain::settings::EnabledModels;
use crate::store::{CheckedModelRow, PlatformTx, StoreError};

/// How the platform sees a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The provider lists it: on sale where a partner has not chosen otherwise.
    Listed,
    /// The provider does not list it, and the platform's owner has checked it: on sale where a partner chose it.
    Checked,
    /// The provider does not list it, and nobody has checked it: on sale nowhere.
    Unchecked,
    /// It cannot be sold whatever anybody says: no price, nothing to send, or `hidden` in the catalog.
    Unsellable,
}

impl Standing {
    /// Whether a partner may put it on sale.
    pub const fn may_be_offered(self) -> bool {
        matches!(self, Self::Listed | Self::Checked)
    }

    /// Whether the platform's owner decides about it.
    pub const fn is_owners(self) -> bool {
        matches!(self, Self::Checked | Self::Unchecked)
    }
}

/// What the platform's owner has checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    checked: BTreeSet<String>,
}

impl Shelf {
    /// Reads it.
    pub async fn read(tx: &mut PlatformTx) -> Result<Self, StoreError> {
        Ok(Self::of(&tx.checked_models().await?))
    }

    /// From rows that were read before.
    pub fn of(rows: &[CheckedModelRow]) -> Self {
        Self { checked: rows.iter().map(|row| row.model_id.clone()).collect() }
    }

    /// How the platform sees a model. A mark on one that a later catalog cannot sell any more counts for nothing.
    pub fn standing(&self, model: &Model) -> Standing {
        if !model.is_sellable() {
            Standing::Unsellable
        } else if model.is_visible_by_default() {
            Standing::Listed
        } else if self.checked.contains(&model.id) {
            Standing::Checked
        } else {
            Standing::Unchecked
        }
    }

    /// Whether a partner may put a model on sale.
    pub fn allows(&self, model: &Model) -> bool {
        self.standing(model).may_be_offered()
    }

    /// How many of these nobody has checked.
    pub fn unchecked(&self, models: &[Model]) -> usize {
        models.iter().filter(|model| self.standing(model) == Standing::Unchecked).count()
    }

    /// Whether a bot with this setting offers a model.
    pub fn offers(&self, enabled: &EnabledModels, model: &Model) -> bool {
        self.allows(model) && enabled.offers(&model.id, model.is_visible_by_default())
    }
}

/// Marks a model as checked, or takes the mark back. `false`: that stood so before, or the owner does not decide about it.
pub async fn set_checked(
    tx: &mut PlatformTx,
    model: &Model,
    checked: bool,
    by: &str,
    now: UnixMs,
) -> Result<bool, StoreError> {
    if !Shelf::default().standing(model).is_owners() {
        return Ok(false);
    }
    if checked { tx.checked_model_put(&model.id, by, now).await } else { tx.checked_model_delete(&model.id).await }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    const UNLISTED: &str = "sora-watermark-remover";
    const HIDDEN: &str = "midjourney/api";

    fn model(id: &str) -> &'static Model {
        Catalog::embedded().unwrap().model(id).unwrap()
    }

    fn shelf(ids: &[&str]) -> Shelf {
        Shelf { checked: ids.iter().map(|id| (*id).to_owned()).collect() }
    }

    #[test]
    fn of_73_models_51_are_listed_18_are_the_owners_to_check_and_4_are_nobodys() {
        let all = Catalog::embedded().unwrap().models().iter();
        let (mut listed, mut owners, mut unsellable) = (0, 0, 0);
        for model in all {
            match shelf(&[]).standing(model) {
                Standing::Listed => listed += 1,
                Standing::Unchecked => owners += 1,
                Standing::Unsellable => unsellable += 1,
                Standing::Checked => panic!("{} was never checked", model.id),
            }
        }
        assert_eq!((listed, owners, unsellable), (51, 18, 4));
    }

    #[test]
    fn a_chosen_model_is_offered_once_it_is_checked_and_one_that_cannot_be_sold_never() {
        let chosen = EnabledModels::Only(vec![UNLISTED.to_owned(), HIDDEN.to_owned()]);
        assert!(!shelf(&[]).offers(&chosen, model(UNLISTED)));
        let checked = shelf(&[UNLISTED, HIDDEN]);
        assert!(checked.offers(&chosen, model(UNLISTED)));
        assert_eq!(checked.standing(model(HIDDEN)), Standing::Unsellable);
        assert!(!checked.offers(&chosen, model(HIDDEN)));
        assert!(!checked.offers(&EnabledModels::Listed, model(UNLISTED)), "nobody chose it");
        assert!(checked.offers(&EnabledModels::Listed, model("z-image")));
    }
}
