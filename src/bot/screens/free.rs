//! S-27: what costs nothing today.

use super::purse::Purse;
use super::{Screen, lines, menu, names, nav};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::session::ListPlace;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Model, Tier};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// One free tier of a model.
pub struct FreeTier<'a> {
    /// The model.
    pub model: &'a Model,
    /// The tier.
    pub tier: &'a Tier,
    /// Its number in the catalog.
    pub index: usize,
}

/// S-27.
pub struct FreeTools<'a> {
    /// Free tiers on offer here, cheapest first.
    pub tiers: Vec<FreeTier<'a>>,
    /// Whose prices.
    pub purse: Purse,
    /// The zone that the limit renews in.
    pub zone: String,
}

impl FreeTools<'_> {
    fn label(&self, words: Words<'_>, free: &FreeTier<'_>) -> String {
        let title = names::title(words, free.model);
        let shown = self.purse.of_tier(free.model, free.index);
        let price = shown.map(|shown| shown.short_label(words)).unwrap_or_default();
        if free.tier.when.is_empty() {
            return words.plain("btn-free-model", arg("title", title).with("price", price));
        }
        let axes = names::tier(words, free.model, free.tier);
        words.plain("btn-free-model-axes", arg("title", title).with("axes", axes).with("price", price))
    }
}

impl Screen for FreeTools<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let (title, resets) = (words.get("free-title"), words.get("free-resets"));
        if self.tiers.is_empty() {
            return format!("{title}\n\n{}", words.get("free-none"));
        }
        if self.purse.admin {
            return format!("{title}\n\n{}", words.get("admin-free"));
        }
        let bank = self.purse.free.bank;
        let facts = lines([
            Some(menu::free_counter(words, self.purse.free, &self.zone)),
            (bank > 0 && self.purse.free.left > 0).then(|| words.fmt("balance-bank", arg("bank", bank))),
            Some(resets),
        ]);
        format!("{title}\n\n{facts}")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for free in &self.tiers {
            keyboard.push([Callback::Sku(free.tier.sku_hash.clone()).button(self.label(words, free))]);
        }
        keyboard.row(nav(words, &Callback::ShowModels))
    }
}

/// Shows S-27; the draft is cleared (bot.md 6.2).
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.clear_for(None);
    turn.session.list = Some(ListPlace::Free);
    let skus = turn.platform.catalog.free_skus();
    let tiers = skus.into_iter().filter(|sku| turn.tenant.offers(sku.model));
    let tiers = tiers.map(|sku| FreeTier { model: sku.model, tier: sku.tier, index: sku.index }).collect();
    let purse = Purse::of(turn).await?;
    turn.show(&FreeTools { tiers, purse, zone: turn.tenant.zone_name().to_owned() });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{admin, broke, catalog, en, person, ru};

    fn screen(purse: Purse) -> FreeTools<'static> {
        let skus = catalog().free_skus();
        let tiers = skus.into_iter().map(|s| FreeTier { model: s.model, tier: s.tier, index: s.index }).collect();
        FreeTools { tiers, purse, zone: "Europe/Moscow".to_owned() }
    }

    #[test]
    fn s27_lists_the_five_free_tiers_cheapest_first() {
        insta::assert_snapshot!(ru(&screen(person())), @"
            🆓 FAST TOOLS

            🎁 Бесплатных осталось сегодня: 3 из 5
            ⏳ Бесплатный лимит обновится завтра в 00:00 (Europe/Moscow).
            🔄 Лимит обновляется раз в день.
            | Z-Image — 🎁 [sk:7d6cf8bcc325] |
            | Seedream 3.0 — 🎁 [sk:5f13e346665b] |
            | Ideogram V3 Быстро — 🎁 [sk:732811b60c82] |
            | Imagen 4 Fast — 🎁 [sk:f6e82ebd4691] |
            | Nano Banana — 🎁 [sk:757b2fd65121] |
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&screen(person())), @"
            🆓 FAST TOOLS

            🎁 Free today: 3 of 5 left
            ⏳ The free limit renews tomorrow at 00:00 (Europe/Moscow).
            🔄 The limit renews once a day.
            | Z-Image — 🎁 [sk:7d6cf8bcc325] |
            | Seedream 3.0 — 🎁 [sk:5f13e346665b] |
            | Ideogram V3 Fast — 🎁 [sk:732811b60c82] |
            | Imagen 4 Fast — 🎁 [sk:f6e82ebd4691] |
            | Nano Banana — 🎁 [sk:757b2fd65121] |
            | ◀️ Back [show_models] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s27_says_the_price_when_the_day_s_limit_is_used_up() {
        insta::assert_snapshot!(ru(&screen(broke())), @"
            🆓 FAST TOOLS

            🎁 Бесплатных осталось сегодня: 0 из 5
            ⏳ Бесплатный лимит обновится завтра в 00:00 (Europe/Moscow).
            💳 Лимит на сегодня исчерпан — модели доступны по обычной цене.
            🔄 Лимит обновляется раз в день.
            | Z-Image — 0.63 ₽ [sk:7d6cf8bcc325] |
            | Seedream 3.0 — 2.75 ₽ [sk:5f13e346665b] |
            | Ideogram V3 Быстро — 2.75 ₽ [sk:732811b60c82] |
            | Imagen 4 Fast — 3.14 ₽ [sk:f6e82ebd4691] |
            | Nano Banana — 3.14 ₽ [sk:757b2fd65121] |
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn s27_without_free_models_or_for_an_admin() {
        let none = FreeTools { tiers: Vec::new(), ..screen(person()) };
        insta::assert_snapshot!(ru(&none), @"
            🆓 FAST TOOLS

            ℹ️ Сейчас нет бесплатных моделей.
            | ◀️ Назад [show_models] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(ru(&screen(admin())).contains("безлимитные"));
    }
}
