//! Ways into the wizard: a model, a price variant, a free tool, an earlier order (bot.md 7.1).

use super::{Work, go_on};
use crate::bot::error::TurnError;
use crate::bot::route;
use crate::bot::screens::models::{Gone, find};
use crate::bot::screens::purse::Purse;
use crate::bot::screens::{card, confirm, off, shop};
use crate::bot::session::{Draft, Stage};
use crate::bot::turn::Turn;
use crate::catalog::{GenType, Model, PriceLine, Selection, check_selection, min_price, price_line};
use crate::domain::Money;
use crate::generation::Buyer;

/// `select_model:` and `/generate <model>`: a new draft instead of the old one.
pub async fn open(turn: &mut Turn<'_>, reference: &str) -> Result<(), TurnError> {
    match find(turn, reference) {
        Ok(model) => begin(turn, model, Selection::new(), false).await,
        Err(gone) => card::unavailable(turn, gone),
    }
}

/// `select_mode:`: the same with the values of a price variant, which are not asked again.
pub async fn open_mode(turn: &mut Turn<'_>, reference: &str, tier: usize) -> Result<(), TurnError> {
    let model = match find(turn, reference) {
        Ok(model) => model,
        Err(gone) => return card::unavailable(turn, gone),
    };
    let sold = model.modes().any(|(n, _)| n == tier);
    if let Some(selection) = model.tier_selection(tier).filter(|_| sold) {
        return begin(turn, model, selection, false).await;
    }
    turn.toast(turn.words().get("mode-changed"));
    card::show_modes(turn, model).await
}

/// `sk:`: a free tier of S-27.
pub async fn open_sku(turn: &mut Turn<'_>, reference: &str) -> Result<(), TurnError> {
    let Some(sku) = turn.platform.catalog.sku(reference) else { return route::stale(turn).await };
    let model = match find(turn, &sku.model.id) {
        Ok(model) if sku.tier.is_sellable() => model,
        Ok(_) => return card::unavailable(turn, Gone::NoPrice),
        Err(gone) => return card::unavailable(turn, gone),
    };
    let selection = model.tier_selection(sku.index).unwrap_or_default();
    begin(turn, model, selection, true).await
}

/// A draft of an earlier order: everything that still fits is taken over, the rest is asked again.
pub(in crate::bot::screens) async fn resume(
    turn: &mut Turn<'_>,
    model: &Model,
    gen_type: GenType,
    mut selection: Selection,
) -> Result<(), TurnError> {
    while let Err((param, _)) = check_selection(model, &selection) {
        selection.remove(&param);
    }
    if let Some(gone) = why_off(turn).await? {
        return card::unavailable(turn, gone);
    }
    let draft = Draft::new(model, gen_type, selection, false);
    turn.session.gen_type = Some(gen_type);
    go_on(turn, Work { draft, model }).await
}

/// The gate of bot.md 7.1 behind the model's own rows, then the first question.
async fn begin(turn: &mut Turn<'_>, model: &Model, selection: Selection, free: bool) -> Result<(), TurnError> {
    if let Some(gone) = why_off(turn).await? {
        return card::unavailable(turn, gone);
    }
    let under = turn.session.gen_type.filter(|active| model.gen_types().any(|of| of == *active));
    let gen_type = under.unwrap_or(model.gen_type);
    let draft = Draft::new(model, gen_type, selection, free);
    turn.session.gen_type = Some(gen_type);
    continue_or_pay(turn, Work { draft, model }).await
}

/// The next question; or S-15, when the model's least price is more than the person has. The draft waits meanwhile.
pub(super) async fn continue_or_pay(turn: &mut Turn<'_>, work: Work<'_>) -> Result<(), TurnError> {
    let purse = Purse::of(turn).await?;
    if let Some(need) = too_little(turn, work.model, &work.draft.selection, &purse) {
        turn.session.draft = Some(Draft { stage: Stage::Confirm, ..work.draft });
        return confirm::insufficient(turn, need, purse.available);
    }
    go_on(turn, work).await
}

/// The least price, when it is more than the person has and no free generation is possible.
fn too_little(turn: &Turn<'_>, model: &Model, selection: &Selection, purse: &Purse) -> Option<Money> {
    let free = purse.admin || turn.tenant.settings.dry_run || purse.is_free_now(model);
    let line = price_line(model, selection, purse.markup).ok().map(PriceLine::amount);
    let least = if selection.is_empty() { min_price(model, purse.markup) } else { line };
    least.filter(|least| !free && *least > purse.available)
}

async fn why_off(turn: &mut Turn<'_>) -> Result<Option<Gone>, TurnError> {
    let (shop, acts_as_admin) = (shop(turn), turn.acts_as_admin());
    let buyer = Buyer { user: &turn.user, acts_as_admin };
    let Some(why) = shop.off(turn.tx, &buyer, turn.now).await? else { return Ok(None) };
    off::tell_admins(turn, why).await?;
    Ok(Some(Gone::Off(why)))
}
