//! Crediting a person by hand (bot.md 14.4): how much, why, and a button that credits once.

use std::time::Duration;

use super::{asking, button, not_found, user};
use crate::accounts::audit::Actor;
use crate::bot::acts::credit::AMOUNTS;
use crate::bot::acts::second::{Eyes, why_needed};
use crate::bot::acts::{self, Hands};
use crate::bot::awaits::{AdminInput, Awaits};
use crate::bot::callback::{AdminPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, home};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{AuditDoor, ManualCreditId, Money, REASON, UserId};
use crate::store::ManualCreditRow;
use crate::texts::{Arg, Words};

/// A prepared credit can be confirmed for this long.
const LIFE: Duration = Duration::from_mins(30);

/// A step that asks.
pub enum CreditStep {
    /// How much.
    Amount(UserId),
    /// Why.
    Reason(UserId, Money),
}

impl Screen for CreditStep {
    fn text(&self, words: Words<'_>) -> String {
        match self {
            Self::Amount(user) => words.fmt("credit-ask-amount", arg("id", Arg::shown(*user))),
            Self::Reason(user, amount) => {
                words.fmt("credit-ask-reason", arg("id", Arg::shown(*user)).with("amount", *amount))
            }
        }
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        asking(words)
    }
}

/// «Начислить {amount} пользователю {id}? Причина: {reason}»
pub struct ConfirmCredit {
    /// What was prepared.
    pub credit: ManualCreditRow,
}

impl Screen for ConfirmCredit {
    fn text(&self, words: Words<'_>) -> String {
        let ManualCreditRow { user_id, amount, reason, .. } = &self.credit;
        let args = arg("amount", *amount).with("id", Arg::shown(user_id)).with("reason", reason);
        words.fmt("credit-confirm", args)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([button(words, "btn-confirm", AdminPress::TopUpOk(Some(self.credit.id.clone())))])
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
            .row([super::super::back(words, &Callback::BackToPreviousStep), home(words)])
    }
}

/// «➕ Начислить».
pub(super) async fn begin(turn: &mut Turn<'_>, id: Option<UserId>) -> Result<(), TurnError> {
    let known = match id {
        Some(id) => turn.tx.user_get(id).await?,
        None => None,
    };
    let Some(row) = known else {
        not_found(turn);
        return Ok(());
    };
    let user = row.user_id;
    turn.session.awaits = Some(Awaits::Admin(AdminInput::CreditAmount { user }));
    turn.show(&CreditStep::Amount(user));
    Ok(())
}

/// The amount, or its rule again.
pub(super) async fn amount_typed(turn: &mut Turn<'_>, user: UserId, text: Option<&str>) -> Result<(), TurnError> {
    let amount = text.and_then(|text| Money::parse_roubles(text).ok());
    let Some(amount) = amount.filter(|amount| AMOUNTS.contains(amount)) else {
        turn.notice(turn.words().get("credit-bad-amount"));
        return begin(turn, Some(user)).await;
    };
    ask_reason(turn, user, amount);
    Ok(())
}

fn ask_reason(turn: &mut Turn<'_>, user: UserId, amount: Money) {
    turn.session.awaits = Some(Awaits::Admin(AdminInput::CreditReason { user, amount }));
    turn.show(&CreditStep::Reason(user, amount));
}

/// The reason, or its rule again; then everything once more, with the button.
pub(super) async fn reason_typed(
    turn: &mut Turn<'_>,
    user: UserId,
    amount: Money,
    text: Option<&str>,
) -> Result<(), TurnError> {
    let reason = text.map(str::trim).filter(|text| REASON.contains(&text.chars().count()));
    let Some(reason) = reason else {
        turn.notice(turn.words().get("credit-bad-reason"));
        ask_reason(turn, user, amount);
        return Ok(());
    };
    let credit = ManualCreditRow {
        id: ManualCreditId::random(),
        admin_id: turn.user.user_id,
        user_id: user,
        amount,
        reason: reason.to_owned(),
        created_at: turn.now,
        credited_at: None,
    };
    turn.tx.manual_credit_put(&credit).await?;
    turn.session.awaits = Some(Awaits::Admin(AdminInput::CreditConfirm { id: credit.id.clone() }));
    turn.show(&ConfirmCredit { credit });
    Ok(())
}

/// A text where the button is expected.
pub(super) async fn again(turn: &mut Turn<'_>, id: &ManualCreditId) -> Result<(), TurnError> {
    let Some(credit) = turn.tx.manual_credit_get(id).await? else {
        turn.session.awaits = None;
        not_found(turn);
        return Ok(());
    };
    let words = turn.words();
    turn.notice(words.fmt("expected-button", arg("param", words.get("btn-confirm"))));
    turn.show(&ConfirmCredit { credit });
    Ok(())
}

/// «◀️ Назад» from the confirmation: the reason is asked again.
pub(super) async fn reason_again(turn: &mut Turn<'_>, id: &ManualCreditId) -> Result<(), TurnError> {
    match turn.tx.manual_credit_get(id).await? {
        Some(credit) => {
            ask_reason(turn, credit.user_id, credit.amount);
            Ok(())
        }
        None => super::panel::show(turn).await,
    }
}

/// The button: credits once, whoever presses how often.
pub(super) async fn confirm(turn: &mut Turn<'_>, id: Option<&ManualCreditId>) -> Result<(), TurnError> {
    let credit = match id {
        Some(id) => turn.tx.manual_credit_get(id).await?,
        None => None,
    };
    // Another admin's preparation is not this one's to confirm.
    let Some(credit) = credit.filter(|credit| credit.admin_id == turn.user.user_id) else {
        not_found(turn);
        return Ok(());
    };
    if credit.credited_at.is_some() {
        turn.toast(turn.words().get("credit-done-before"));
        return Ok(());
    }
    if turn.now.since(credit.created_at) > LIFE {
        turn.toast(turn.words().get("stale-button"));
        return user::by_id(turn, Some(credit.user_id)).await;
    }
    let Some(person) = turn.tx.user_get(credit.user_id).await? else {
        not_found(turn);
        return Ok(());
    };
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    if let Some(why) = why_needed(turn.tx, &hands, &Eyes::of(actor), credit.amount).await? {
        return super::second::ask(turn, &credit, &person, why).await;
    }
    let Some(news) = acts::credit::credit(turn.tx, &hands, &credit, &person).await? else {
        turn.toast(turn.words().get("credit-done-before"));
        return Ok(());
    };
    turn.tell_message(news.chat, news.outgoing);
    turn.notice(turn.words().fmt("credit-done", arg("amount", credit.amount).with("id", Arg::shown(person.user_id))));
    user::by_id(turn, Some(person.user_id)).await
}
