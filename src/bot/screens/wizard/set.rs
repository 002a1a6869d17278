//! A value's button, «⏭️ Пропустить» and «⏭️ По умолчанию».

use super::{Work, answered, option, pressed, show_current};
use crate::bot::callback::Chosen;
use crate::bot::error::TurnError;
use crate::bot::route;
use crate::bot::screens::purse::Purse;
use crate::bot::session::Stage;
use crate::bot::turn::Turn;
use crate::catalog::check::{DEFAULT, SKIP};
use crate::catalog::{Choice, Param, Refusal, Value, check_offer, default_of, press};

/// Takes a pressed value (bot.md 4, `set_param:`): applied at once, or S-12 when it changes the price.
pub async fn set(turn: &mut Turn<'_>, name: &str, chosen: &Chosen) -> Result<(), TurnError> {
    let Some(work) = pressed(turn).await? else { return Ok(()) };
    let Some(param) = work.model.param(name) else { return route::stale(turn).await };
    if !matches!(&work.draft.stage, Stage::Step { param: asked } if *asked == param.name) {
        turn.toast(turn.words().get("stale-button"));
        return show_current(turn, work).await;
    }
    match choice(turn, &work, param, chosen) {
        Ok(Choice::Set(value)) => take(turn, work, param, Some(value)).await,
        Ok(Choice::Skip) => take(turn, work, param, None).await,
        Err(refusal) => {
            let key = match refusal {
                Refusal::NoTier => "no-tier",
                Refusal::Required => "param-required",
                _ => "value-invalid",
            };
            turn.alert(turn.words().get(key));
            Ok(())
        }
    }
}

fn choice(turn: &Turn<'_>, work: &Work<'_>, param: &Param, chosen: &Chosen) -> Result<Choice, Refusal> {
    let (model, draft) = (work.model, &work.draft);
    let payload = match chosen {
        Chosen::Value(text) => text.as_str(),
        Chosen::Skip => SKIP,
        Chosen::Default => DEFAULT,
    };
    if let Chosen::Default = chosen {
        // The tenant's preferred ratio is the default where the model takes it.
        let preferred = turn.tenant.settings.preferred_aspect_ratio.as_str();
        if let Some(value) = default_of(model, param, Some(preferred)) {
            check_offer(model, &draft.selection, param, &value)?;
            return Ok(Choice::Set(value));
        }
    }
    press(model, draft.gen_type, &draft.selection, param, payload)
}

/// Takes a value that was pressed or typed as a choice; `None` leaves the parameter out.
pub(super) async fn take(
    turn: &mut Turn<'_>,
    mut work: Work<'_>,
    param: &Param,
    value: Option<Value>,
) -> Result<(), TurnError> {
    let after = option::with(&work.draft.selection, &param.name, value.as_ref());
    let purse = Purse::of(turn).await?;
    if param.options().is_some() && purse.price_changes(work.model, &work.draft.selection, &after) {
        return option::ask(turn, work, &param.name, value).await;
    }
    work.draft.selection = after;
    answered(turn, work, &param.name).await
}
