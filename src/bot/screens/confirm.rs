//! S-14, the order before it starts, and S-15, what is missing to pay for it (bot.md 9.1).

mod accept;

pub use accept::accept;

use super::models::Gone;
use super::wizard::{self, Work};
use super::{Screen, back, card, home, lines, names, shop};
use crate::billing::FreeQuota;
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::session::Stage;
use crate::bot::turn::{Turn, arg};
use crate::catalog::{Model, NotSold, QuantityError};
use crate::domain::outgoing::{Keyboard, Track};
use crate::domain::{Money, Payer};
use crate::generation::{Buyer, Order, Place, Quote, Summary, Unsold, quote};
use crate::texts::Words;

/// Characters of a prompt that a confirmation shows.
const PROMPT: usize = 80;

/// S-14.
pub struct Confirmation<'a> {
    /// The model.
    pub model: &'a Model,
    /// What is ordered.
    pub summary: Summary,
    /// Who pays.
    pub payer: Payer,
    /// What the person pays.
    pub price: Money,
    /// Free generations that it takes.
    pub units: i64,
    /// Pictures ordered, where the price is by the picture.
    pub images: Option<i64>,
    /// Free generations of today, before this one.
    pub free: FreeQuota,
    /// What can be spent.
    pub available: Money,
}

impl<'a> Confirmation<'a> {
    fn of(model: &'a Model, quote: &Quote) -> Self {
        Self {
            model,
            summary: quote.deal.order.summary(model),
            payer: quote.payer,
            price: quote.price,
            units: quote.units,
            images: quote.deal.images,
            free: quote.free,
            available: quote.balance.available,
        }
    }

    fn money(&self, words: Words<'_>) -> String {
        match self.payer {
            Payer::Free => {
                let after = self.free.after(self.units);
                let args = arg("left", after.left).with("total", self.free.total).with("n", after.bank);
                match (self.free.left, after.bank == self.free.bank) {
                    (_, true) => words.fmt("confirm-free", arg("n", after.left).with("total", self.free.total)),
                    (0, false) => words.fmt("confirm-free-from-bank", arg("n", after.bank)),
                    (_, false) => words.fmt("confirm-free-bank", args),
                }
            }
            Payer::Admin => words.get("admin-free"),
            Payer::DryRun => words.fmt("confirm-price", arg("price", Money::ZERO)),
            Payer::Money => {
                let price = words.fmt("confirm-price", arg("price", self.price));
                let after = self.available.minus(self.price).filter(|after| *after >= Money::ZERO);
                let balance = match after {
                    Some(after) => words.fmt("confirm-balance", arg("available", self.available).with("after", after)),
                    None => words.fmt("confirm-balance-short", arg("available", self.available)),
                };
                format!("{price}\n{balance}")
            }
        }
    }
}

/// «Соотношение сторон: 9:16 · Звук: ✅ Да». Plain text.
pub(super) fn params_line(words: Words<'_>, summary: &Summary) -> Option<String> {
    let shown: Vec<String> = summary
        .params
        .iter()
        .map(|(name, value)| {
            let value = names::cut(&words.value(name, value), 40);
            words.plain("confirm-param", arg("label", words.param(name)).with("value", value))
        })
        .collect();
    (!shown.is_empty()).then(|| shown.join(" · "))
}

fn inputs_line(words: Words<'_>, summary: &Summary) -> Option<String> {
    let shown: Vec<String> = summary
        .inputs
        .iter()
        .map(|(name, files)| {
            let files =
                if *files == 1 { words.get("param-file") } else { words.plain("param-files", arg("n", *files)) };
            words.plain("confirm-param", arg("label", words.param(name)).with("value", files))
        })
        .collect();
    (!shown.is_empty()).then(|| shown.join(" · "))
}

impl Screen for Confirmation<'_> {
    fn text(&self, words: Words<'_>) -> String {
        let (model, summary) = (self.model, &self.summary);
        let output = match self.images {
            Some(n) if n > 1 => words.plain("count-images", arg("n", n)),
            _ => names::output(words, model.output),
        };
        let prompt = summary.prompt.as_ref().map(|text| names::cut(text, PROMPT));
        let order = lines([
            Some(words.get("confirm-title")),
            Some(words.fmt("confirm-model", arg("title", names::title(words, model)))),
            prompt.map(|prompt| words.fmt("confirm-prompt", arg("prompt", prompt))),
            params_line(words, summary).map(|params| words.fmt("confirm-params", arg("params", params))),
            inputs_line(words, summary).map(|inputs| words.fmt("confirm-inputs", arg("inputs", inputs))),
            Some(words.fmt("confirm-output", arg("output", output))),
            Some(words.fmt("confirm-eta", arg("eta", names::eta(words, model.output)))),
        ]);
        format!("{order}\n\n{}", self.money(words))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::ConfirmGenerate.button(words.get("btn-confirm-generate"))])
            .row([Callback::ShowParameters.button(words.get("btn-params"))])
            .row([back(words, &Callback::BackToPreviousStep), home(words)])
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

/// S-15.
pub struct Insufficient {
    /// The price.
    pub need: Money,
    /// What can be spent.
    pub available: Money,
    /// The smallest top-up.
    pub topup_min: Money,
    /// Whether a draft lives that can be returned to.
    pub draft: bool,
}

impl Screen for Insufficient {
    fn text(&self, words: Words<'_>) -> String {
        let missing = self.need.minus(self.available).unwrap_or(self.need);
        let args = arg("price", self.need).with("available", self.available).with("missing", missing);
        words.fmt("insufficient", args)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let amount = self.need.minus(self.available).unwrap_or(self.need).max(self.topup_min);
        let label = words.plain("btn-topup-missing", arg("amount", amount));
        let keyboard = Keyboard::new()
            .row([Callback::TopUpAmount(amount).button(label)])
            .row([Callback::TopUp.button(words.get("btn-topup-other"))]);
        let to = if self.draft { Callback::BackToConfirmation } else { Callback::BackToModels };
        keyboard.row([back(words, &to), home(words)])
    }
}

/// Shows S-15; the draft is kept.
#[expect(clippy::unnecessary_wraps, reason = "ends a screen's function, which may fail")]
pub(super) fn insufficient(turn: &mut Turn<'_>, need: Money, available: Money) -> Result<(), TurnError> {
    let topup_min = turn.tenant.settings.topup_min;
    let draft = turn.session.draft.is_some();
    let screen = Insufficient { need, available, topup_min, draft };
    if draft {
        turn.show_step(&screen, Track::Nothing);
    } else {
        turn.show(&screen);
    }
    Ok(())
}

/// «▶️ Вернуться к генерации» and «◀️» of S-13: S-14 with a new offer, from whichever message while a draft lives.
pub async fn show(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    let Some(mut work) = wizard::draft(turn).await? else { return Ok(()) };
    work.draft.editing = false;
    wizard::go_on(turn, work).await
}

/// Makes an offer of the draft and shows it; what is still missing is asked instead.
pub(super) async fn offer(turn: &mut Turn<'_>, mut work: Work<'_>) -> Result<(), TurnError> {
    let preferred = turn.tenant.settings.preferred_aspect_ratio.as_str();
    let order = Order::new(work.model, work.draft.gen_type, &work.draft.selection, Some(preferred));
    let (shop, acts_as_admin) = (shop(turn), turn.acts_as_admin());
    let place = Place { chat: turn.incoming.chat, message: turn.edit_target() };
    let buyer = Buyer { user: &turn.user, acts_as_admin };
    match quote::make(turn.tx, &shop, &buyer, place, order, turn.now).await? {
        Ok(quote) => {
            work.draft.stage = Stage::Confirm;
            work.draft.editing = false;
            work.draft.quote = Some(quote.id.clone());
            turn.session.draft = Some(work.draft);
            turn.show_step(&Confirmation::of(work.model, &quote), Track::Quote(quote.id));
            Ok(())
        }
        Err(unsold) => refused(turn, work, unsold).await,
    }
}

/// An order that cannot be sold: its parameter is asked again, or the model is gone.
pub(super) async fn refused(turn: &mut Turn<'_>, mut work: Work<'_>, unsold: Unsold) -> Result<(), TurnError> {
    let words = turn.words();
    let (param, said) = match unsold {
        Unsold::Unavailable => {
            turn.session.draft = None;
            return card::unavailable(turn, Gone::Unavailable);
        }
        Unsold::Missing(param) | Unsold::Price(NotSold::AxisOpen { param }) => {
            let label = words.param(&param);
            (Some(param), words.fmt("fill-param", arg("param", label)))
        }
        Unsold::Invalid { param, .. } => (Some(param), words.get("value-invalid")),
        Unsold::Price(NotSold::Quantity(QuantityError::TooLong { param, max_seconds })) => {
            (Some(param), words.fmt("audio-too-long", arg("n", max_seconds)))
        }
        Unsold::Price(NotSold::Quantity(QuantityError::UnknownDuration { param })) => {
            (Some(param), words.get("file-no-duration"))
        }
        Unsold::Price(NotSold::Quantity(QuantityError::Open { param } | QuantityError::Invalid { param })) => {
            (Some(param), words.get("value-invalid"))
        }
        Unsold::Price(NotSold::Hidden | NotSold::ZeroPrice { .. } | NotSold::Quantity(QuantityError::Unmeasurable)) => {
            turn.session.draft = None;
            return card::unavailable(turn, Gone::NoPrice);
        }
        Unsold::Price(NotSold::Forbidden | NotSold::NoTier | NotSold::OutOfRange) => (None, words.get("no-tier")),
    };
    turn.notice(said);
    match param.filter(|name| work.model.param(name).is_some()) {
        Some(param) => {
            work.draft.selection.remove(&param);
            wizard::ask(turn, work, &param).await
        }
        None => wizard::show_params(turn, work).await,
    }
}

#[cfg(test)]
mod tests;
