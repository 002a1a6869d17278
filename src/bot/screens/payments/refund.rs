//! Sending Stars back, for the owner: asked once more with what it means, then taken back here first and told to Telegram by a job
//! (bot.md 11.4; reliability.md T08).

use super::{count, list};
use crate::accounts::audit::Actor;
use crate::billing::{self, Paid};
use crate::bot::acts::refund::Begun;
use crate::bot::acts::{self, Hands};
use crate::bot::callback::{Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, back, home, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{AuditDoor, Money, PayMethod, PaymentId, PaymentState};
use crate::store::PaymentRow;
use crate::texts::{Arg, Words};

/// What sending back means, before it is done.
pub(super) struct AskRefund {
    payment: PaymentId,
    user: String,
    amount: Money,
    /// What a percent code added to it; taken back with it.
    bonus: Money,
    stars: i64,
    available: Money,
}

impl Screen for AskRefund {
    fn text(&self, words: Words<'_>) -> String {
        let after = self.available.minus(self.amount).and_then(|left| left.minus(self.bonus));
        let short = after.filter(|after| *after < Money::ZERO);
        let bonus = self.bonus.is_positive().then(|| words.fmt("refund-bonus", arg("bonus", self.bonus)));
        let args = arg("amount", self.amount)
            .with("xtr", self.stars)
            .with("user", &self.user)
            .with("available", self.available);
        lines([
            Some(words.fmt("refund-ask", args)),
            bonus,
            short.map(|after| words.fmt("refund-below-zero", arg("after", after))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let ok = Callback::Payments(PaymentsPress::RefundOk(self.payment.clone()));
        Keyboard::new()
            .row([ok.button(words.plain("btn-refund-ok", arg("xtr", self.stars)))])
            .row([back(words, &Callback::Payments(PaymentsPress::List)), home(words)])
    }
}

/// The payment, if the presser is the owner and it is one of Stars. Otherwise the answer is given.
async fn asked(turn: &mut Turn<'_>, id: &PaymentId) -> Result<Option<PaymentRow>, TurnError> {
    if turn.tenant.owner() != Some(turn.user.user_id) {
        turn.alert(turn.words().get("owner-only"));
        return Ok(None);
    }
    let found = turn.tx.payment_get(id).await?.filter(|payment| payment.method == PayMethod::Stars);
    match &found {
        None => turn.alert(turn.words().get("not-found")),
        Some(payment) if payment.user_id.is_erased() => {
            turn.alert(turn.words().get("refund-erased"));
            return Ok(None);
        }
        Some(_) => {}
    }
    Ok(found)
}

/// «↩️ Вернуть»: what it means.
pub(super) async fn ask(turn: &mut Turn<'_>, id: &PaymentId) -> Result<(), TurnError> {
    let Some(payment) = asked(turn, id).await? else { return Ok(()) };
    if payment.state != PaymentState::Approved {
        turn.toast(turn.words().get("refund-done"));
        return list::payments(turn).await;
    }
    let available = billing::balance(turn.tx, &payment.user_ref).await?.available;
    let bonus = match &payment.charge_id {
        Some(charge) => billing::bonus_of(turn.tx, Paid::Stars(charge)).await?,
        None => Money::ZERO,
    };
    let screen = AskRefund {
        payment: payment.id,
        user: payment.user_id.to_string(),
        amount: payment.amount,
        bonus,
        stars: payment.stars.unwrap_or_default(),
        available,
    };
    turn.show(&screen);
    Ok(())
}

/// The second press: the money is taken back now, Telegram is told by a job. Two presses are one refund.
pub(super) async fn begin(turn: &mut Turn<'_>, id: &PaymentId) -> Result<(), TurnError> {
    let Some(payment) = asked(turn, id).await? else { return Ok(()) };
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &turn.corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    match acts::refund::stars(turn.tx, &hands, &actor.name(), &payment, None).await? {
        Begun::Now(_) => {
            turn.wake_workers();
            turn.toast(turn.words().get("refund-begun"));
        }
        Begun::Before => turn.toast(turn.words().get("refund-done")),
        Begun::Erased => turn.alert(turn.words().get("refund-erased")),
    }
    list::payments(turn).await
}

/// What Telegram answered: gone back, or refused for good; then the money is the person's again, and the owner is told.
pub async fn refund_answered(turn: &mut Turn<'_>, payment: &PaymentRow, n: i64, gone: bool) -> Result<(), TurnError> {
    use crate::store::Decision;
    let to = if gone { PaymentState::Refunded } else { PaymentState::Approved };
    let decision = Decision { from: PaymentState::Refunding, to, by: "auto", reason: None };
    let (corr, now) = (turn.corr.clone(), turn.now);
    if !turn.tx.payment_decide(&payment.id, &decision, now).await? {
        // Telegram's own message about it was faster.
        turn.stay_silent();
        return Ok(());
    }
    let stars = payment.stars.unwrap_or_default();
    if gone {
        billing::close_request(turn.tx, payment, now).await?;
        return super::stars::returned(turn, payment.charge_id.as_deref(), stars).await;
    }
    if let Some(charge) = &payment.charge_id {
        billing::refund_undone(turn.tx, &payment.user_ref, charge, n, payment.amount, &corr, now).await?;
        count::stays(turn, payment.method, payment.amount).await?;
    }
    turn.stay_silent();
    let user = payment.user_id;
    let make = |words: Words<'_>| {
        let args = arg("xtr", stars).with("user", Arg::shown(user));
        super::plain(words.fmt("refund-failed", args))
    };
    turn.tell_admins(make).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn the_owner_sees_what_a_refund_means() {
        let screen = |available, bonus| AskRefund {
            payment: PaymentId::from_short("aaaaaaaaaaaa").unwrap(),
            user: "101".to_owned(),
            amount: Money::kopecks(10_000),
            bonus: Money::kopecks(bonus),
            stars: 160,
            available: Money::kopecks(available),
        };
        insta::assert_snapshot!(ru(&screen(2_550, 0)), @"
            ↩️ Вернуть 160 ⭐ (100 ₽) пользователю 101?
            Доступно у него: 25.50 ₽
            ⚠️ После возврата баланс станет −74.50 ₽: новые генерации закроются, пока он не пополнит.
            | ↩️ Вернуть 160 ⭐ [admin_refund_ok:aaaaaaaaaaaa] |
            | ◀️ Назад [admin_payments] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(ru(&screen(2_550, 2_000)), @"
            ↩️ Вернуть 160 ⭐ (100 ₽) пользователю 101?
            Доступно у него: 25.50 ₽
            🎁 Вместе с ними снимется бонус по промокоду: 20 ₽
            ⚠️ После возврата баланс станет −94.50 ₽: новые генерации закроются, пока он не пополнит.
            | ↩️ Вернуть 160 ⭐ [admin_refund_ok:aaaaaaaaaaaa] |
            | ◀️ Назад [admin_payments] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(!en(&screen(20_000, 0)).contains("below"));
    }
}
