//! A credit by hand that waits for a second admin: its card, and the two buttons that decide (decisions.md 11).

use super::{back, button, home, not_found, user};
use crate::accounts::audit::Actor;
use crate::billing::WhyTwo;
use crate::bot::acts::second::{self, Asking, Eyes, Second};
use crate::bot::acts::{Hands, News};
use crate::bot::callback::AdminPress;
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{AuditDoor, CreditAsk, ManualCreditId, Money, UserId};
use crate::store::{CreditAskRow, ManualCreditRow, UserRow};
use crate::texts::{Arg, Words};

/// The card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondCard {
    /// Its operation.
    pub id: ManualCreditId,
    /// For whom.
    pub user: UserId,
    /// How they are called.
    pub name: String,
    /// How much.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub asker: String,
    /// Until when it waits, in the tenant's zone.
    pub until: String,
    /// Who has approved as the first of two.
    pub first: Option<String>,
    /// The reader has looked already, or asks.
    pub looked: bool,
    /// Where it stands.
    pub state: CreditAsk,
    /// Who ended it.
    pub ended: String,
}

impl Screen for SecondCard {
    fn text(&self, words: Words<'_>) -> String {
        let ended = |key: &str| Some(words.fmt(key, arg("who", self.ended.as_str())));
        let mut all = vec![
            Some(words.get("second-title")),
            Some(words.fmt("second-asker", arg("who", self.asker.as_str()))),
            Some(words.fmt("second-user", arg("id", Arg::shown(self.user)).with("name", self.name.as_str()))),
            Some(words.fmt("second-amount", arg("amount", self.amount))),
            Some(words.fmt("second-reason", arg("reason", self.reason.as_str()))),
        ];
        match self.state {
            CreditAsk::Waiting => {
                all.push(self.first.as_ref().map(|who| words.fmt("second-first", arg("who", who.as_str()))));
                all.push(self.looked.then(|| words.get("second-own")));
                all.push(Some(words.fmt("second-until", arg("at", self.until.as_str()))));
            }
            CreditAsk::Approved => all.push(ended("second-approved")),
            CreditAsk::Declined => all.push(ended("second-declined")),
            CreditAsk::Expired => all.push(Some(words.get("second-expired"))),
        }
        lines(all)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        if self.state == CreditAsk::Waiting {
            let yes = button(words, "btn-second-yes", AdminPress::CreditYes(Some(self.id.clone())));
            let no = button(words, "btn-second-no", AdminPress::CreditNo(Some(self.id.clone())));
            keyboard.push((!self.looked).then_some(yes).into_iter().chain([no]));
        }
        keyboard
            .row([button(words, "btn-second-user", AdminPress::UserInfo(Some(self.user)))])
            .row([back(words), home(words)])
    }
}

/// Below news of a request: the person it is about, and the ways on.
pub fn person_and_home(words: Words<'_>, user: UserId) -> Keyboard {
    Keyboard::new()
        .row([button(words, "btn-second-user", AdminPress::UserInfo(Some(user)))])
        .row([back(words), home(words)])
}

/// The card that was pressed says it by itself.
fn tell(turn: &mut Turn<'_>, news: Vec<News>) {
    let pressed = turn.incoming.message.filter(|_| turn.incoming.pressed);
    let here = turn.incoming.chat;
    for News { chat, outgoing } in news {
        let shown_below =
            matches!(&outgoing, Outgoing::Caption { message, .. } if chat == here && Some(*message) == pressed);
        if !shown_below {
            turn.tell_message(chat, outgoing);
        }
    }
}

/// A confirmed credit above a limit: the others are asked, and the asker reads what happens now.
pub(super) async fn ask(
    turn: &mut Turn<'_>,
    credit: &ManualCreditRow,
    person: &UserRow,
    why: WhyTwo,
) -> Result<(), TurnError> {
    let corr = turn.corr.clone();
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    let (asked, alone, limit) = match why {
        WhyTwo::Amount(limit) => ("second-asked", "second-alone", limit),
        WhyTwo::Day(limit) => ("second-asked-day", "second-alone-day", limit),
    };
    match second::ask(turn.tx, &hands, &Eyes::of(actor), credit, person).await? {
        Asking::Waiting(news) => {
            tell(turn, news);
            turn.notice(turn.words().fmt(asked, arg("amount", credit.amount).with("limit", limit)));
        }
        Asking::Alone => turn.notice(turn.words().fmt(alone, arg("limit", limit))),
        Asking::Before => {
            turn.toast(turn.words().get("credit-done-before"));
            return Ok(());
        }
    }
    user::by_id(turn, Some(person.user_id)).await
}

/// «⚖️»: the request that waits longest.
pub(super) async fn oldest(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if let Some(row) = turn.tx.credits_waiting(1).await?.pop() {
        return show(turn, &row).await;
    }
    turn.toast(turn.words().get("second-none"));
    Ok(())
}

async fn show(turn: &mut Turn<'_>, row: &CreditAskRow) -> Result<(), TurnError> {
    let corr = turn.corr.clone();
    let reader = turn.user.user_id;
    let actor = Actor { user: Some(reader), door: AuditDoor::Telegram, corr: &corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    let card = second::card(turn.tx, &hands, row, reader).await?;
    let waits = row.ask == CreditAsk::Waiting;
    turn.show_tracked(&card, if waits { Track::Credit(row.id.clone()) } else { Track::Nothing });
    Ok(())
}

/// «✅ Подтвердить» or «❌ Отклонить»: decided, told, and the card says how it ended.
pub(super) async fn decide(turn: &mut Turn<'_>, id: Option<&ManualCreditId>, yes: bool) -> Result<(), TurnError> {
    let Some(id) = id else {
        not_found(turn);
        return Ok(());
    };
    let corr = turn.corr.clone();
    let actor = Actor { user: Some(turn.user.user_id), door: AuditDoor::Telegram, corr: &corr };
    let hands = Hands { platform: turn.platform, tenant: turn.tenant, actor, now: turn.now };
    let eyes = Eyes::of(actor);
    let made = if yes {
        second::approve(turn.tx, &hands, &eyes, id).await?
    } else {
        second::decline(turn.tx, &hands, &eyes, id).await?
    };
    let said = match made {
        Second::Credited(news) => {
            tell(turn, news);
            "second-done-approved"
        }
        Second::First(news) => {
            tell(turn, news);
            "second-done-first"
        }
        Second::Declined(news) => {
            tell(turn, news);
            "second-done-declined"
        }
        Second::SamePerson => {
            turn.toast(turn.words().get("second-same-person"));
            return Ok(());
        }
        Second::Over(_) => "second-over",
        Second::Missing => {
            not_found(turn);
            return Ok(());
        }
    };
    turn.toast(turn.words().get(said));
    match turn.tx.credit_ask_get(id).await? {
        Some(row) => show(turn, &row).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    fn card() -> SecondCard {
        SecondCard {
            id: ManualCreditId::from_short("aaaaaaaaaaaaaaaa").unwrap(),
            user: UserId(101),
            name: "@anna".to_owned(),
            amount: Money::kopecks(500_000),
            reason: "за <отзыв>".to_owned(),
            asker: "@olga".to_owned(),
            until: "01.12.2026 12:00".to_owned(),
            first: None,
            looked: false,
            state: CreditAsk::Waiting,
            ended: String::new(),
        }
    }

    #[test]
    fn the_card_says_who_asks_for_what_and_until_when() {
        insta::assert_snapshot!(ru(&card()), @"
            ⚖️ <b>Начисление ждёт второго администратора</b>
            Просит: @olga
            Кому: <code>101</code> @anna
            Сумма: 5000 ₽
            Причина: за &lt;отзыв&gt;
            ⏳ Ждёт до 01.12.2026 12:00, потом отменится само
            | ✅ Подтвердить [admin_credit_yes:aaaaaaaaaaaaaaaa] | ❌ Отклонить [admin_credit_no:aaaaaaaaaaaaaaaa] |
            | 👤 Пользователь [admin_user_info:101] |
            | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        let own = ru(&SecondCard { looked: true, ..card() });
        assert!(!own.contains("admin_credit_yes") && own.contains("admin_credit_no"), "{own}");
        let ended = SecondCard { state: CreditAsk::Declined, ended: "@boris".to_owned(), ..card() };
        insta::assert_snapshot!(en(&ended), @"
            ⚖️ <b>A credit waits for a second admin</b>
            Asked by: @olga
            For: <code>101</code> @anna
            Amount: 5000 ₽
            Reason: за &lt;отзыв&gt;
            ❌ Declined by @boris, nothing was credited
            | 👤 User [admin_user_info:101] |
            | 🔙 Admin menu [admin_stats] | 🏠 Main menu [back_to_menu] |
            ");
    }
}
