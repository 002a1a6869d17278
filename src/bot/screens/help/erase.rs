//! «🗑 Удалить мои данные» (S-35): what will be lost is said first; agreed, the request is recorded and a job erases the
//! person as soon as nothing of theirs is in work. Admins are told; they have nothing to do.

use crate::billing::Balance;
use crate::bot::callback::{Callback, PrivacyPress};
use crate::bot::error::TurnError;
use crate::bot::jobs;
use crate::bot::screens::{Screen, home, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, Money, PaymentState};
use crate::tenants::say::{Say, say};
use crate::texts::Words;

/// A person's newest payments that are looked through for what is under review.
const PAYMENTS: i64 = 50;

/// What will be lost, and the way to agree.
pub struct AskErase {
    /// What the person could still spend.
    pub available: Money,
    /// Generations in work, waited for.
    pub running: i64,
    /// Sum of the transfers that are under review, waited for.
    pub review: Money,
}

impl Screen for AskErase {
    fn text(&self, words: Words<'_>) -> String {
        let balance = self.available.is_positive();
        lines([
            Some(words.get("privacy-ask")),
            balance.then(|| words.fmt("privacy-ask-balance", arg("available", self.available))),
            (self.running > 0).then(|| words.fmt("privacy-ask-running", arg("n", self.running))),
            self.review.is_positive().then(|| words.fmt("privacy-ask-review", arg("sum", self.review))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([Callback::Privacy(PrivacyPress::Agree).button(words.get("btn-confirm"))])
            .row([home(words)])
    }
}

/// The last thing a person hears: nothing of theirs is there any more.
pub struct Erased;

impl Screen for Erased {
    fn text(&self, words: Words<'_>) -> String {
        words.get("privacy-erased")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row([home(words)])
    }
}

/// Answers a button of S-35.
pub async fn pressed(turn: &mut Turn<'_>, press: PrivacyPress) -> Result<(), TurnError> {
    let user = turn.user.user_id;
    if turn.is_admin() {
        turn.alert(turn.words().get("privacy-admin"));
        return Ok(());
    }
    if turn.tx.erasure_is_requested(user).await? {
        turn.alert(turn.words().get("privacy-already"));
        return Ok(());
    }
    match press {
        PrivacyPress::Ask => {
            let Balance { available, .. } = turn.balance().await?;
            let running = turn.tx.generations_active_count(user).await?;
            let review = in_review(turn).await?;
            turn.show(&AskErase { available, running, review });
            Ok(())
        }
        PrivacyPress::Agree => request(turn).await,
    }
}

/// What this person's transfers under review would bring.
async fn in_review(turn: &mut Turn<'_>) -> Result<Money, TurnError> {
    let payments = turn.tx.own_payments(turn.user.user_id, PAYMENTS).await?;
    let waiting = payments.iter().filter(|row| row.state == PaymentState::Review);
    Ok(Money::kopecks(waiting.map(|row| row.amount.as_kopecks()).sum()))
}

async fn request(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.tx.erasure_request(turn.user.user_id, &turn.corr, turn.now).await?;
    jobs::put_erasure(turn.tx, &turn.corr, turn.now).await?;
    turn.wake_workers();
    for (admin, _) in &turn.tenant.admins {
        let Some(row) = turn.tx.user_get(*admin).await? else { continue };
        let language = turn.tenant.language_of(row.language, row.language_code.as_deref());
        let words = turn.platform.texts.words(language);
        let html = words.fmt("privacy-requested-admin", arg("corr", turn.corr.as_str()));
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let key = format!("erase:{}:{admin}", turn.corr.as_str());
        let about =
            Say { chat: ChatId::from(*admin), class: MessageClass::MustArrive, key, corr: &turn.corr, now: turn.now };
        say(turn.tx, turn.tenant, about, &outgoing).await?;
    }
    turn.session.reset();
    let waits = in_review(turn).await?.is_positive();
    let key = if waits { "privacy-requested-review" } else { "privacy-requested" };
    turn.say(turn.words().get(key), Keyboard::new().row([home(turn.words())]), Track::Nothing);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    #[test]
    fn what_will_be_lost_is_said_before() {
        insta::assert_snapshot!(ru(&AskErase { available: Money::kopecks(5_050), running: 2, review: Money::kopecks(10_053) }), @"
            🗑 <b>Удалить ваши данные?</b>
            Будут стёрты ваш профиль, запросы, файлы, результаты и история. Записи о деньгах останутся без вашего имени, а необратимая отметка — чтобы бонусы новичка не выдавались дважды. Отменить это нельзя.
            💰 На балансе 50.50 ₽: остаток пропадёт.
            ⏳ В работе 2 генерации: сначала дождусь окончания.
            🧾 На проверке 100.53 ₽: удалю данные после решения, и эти деньги, если их зачислят, тоже пропадут.
            | ✅ Подтвердить [privacy_delete_ok] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(
            !en(&AskErase { available: Money::ZERO, running: 0, review: Money::ZERO }).contains(['💰', '⏳', '🧾'])
        );
        assert!(ru(&Erased).contains("/start"));
    }
}
