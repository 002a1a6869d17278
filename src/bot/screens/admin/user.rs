//! S-43: one person, as admins see them.

use super::{button, nav, not_found, say, user_id};
use crate::billing::{self, Balance, FreeQuota};
use crate::bot::callback::AdminPress;
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::transfer::Account;
use crate::domain::{AdminRole, Money, UnixMs, UserId};
use crate::store::UserRow;
use crate::texts::{Arg, Words, key_part};

/// Credits that the card lists.
const CREDITS: i64 = 5;

/// Who an argument means.
pub(super) enum Found {
    /// A person of this bot.
    User(Box<UserRow>),
    /// Nobody here.
    Missing,
    /// Neither a number nor a name.
    Bad,
}

/// Finds a person by number or `@name`.
pub(super) async fn find(turn: &mut Turn<'_>, text: &str) -> Result<Found, TurnError> {
    let text = text.trim();
    let row = match text.strip_prefix('@') {
        Some(name) => turn.tx.user_by_name(name).await?,
        None => match user_id(text) {
            Some(id) => turn.tx.user_get(id).await?,
            None => return Ok(Found::Bad),
        },
    };
    Ok(row.map_or(Found::Missing, |row| Found::User(Box::new(row))))
}

/// The same for a command's first word; what it does not find is said. Gives the rest of the argument, too.
pub(super) async fn named<'a>(
    turn: &mut Turn<'_>,
    argument: Option<&'a str>,
) -> Result<Option<(UserRow, &'a str)>, TurnError> {
    let argument = argument.unwrap_or_default();
    let (who, rest) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    match find(turn, who).await? {
        Found::User(row) => return Ok(Some((*row, rest.trim()))),
        Found::Missing => not_found(turn),
        Found::Bad => {
            let text = turn.words().get("admin-bad-user-id");
            say(turn, text);
        }
    }
    Ok(None)
}

/// A credit of the card's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// What for, as the ledger calls it.
    pub code: String,
    /// How much.
    pub amount: Money,
    /// When, in the tenant's zone.
    pub at: String,
}

/// S-43.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserCard {
    /// Telegram's id.
    pub id: UserId,
    /// Without `@`.
    pub username: Option<String>,
    /// As Telegram shows it.
    pub name: String,
    /// What they read: `ru`.
    pub language: String,
    /// First and last seen, in the tenant's zone.
    pub seen: (String, String),
    /// What they have.
    pub balance: Balance,
    /// Payments: how many, and their sum.
    pub paid: (i64, Money),
    /// The last credits of any kind.
    pub credits: Vec<Credit>,
    /// Generations confirmed.
    pub generations: i64,
    /// Free generations of today.
    pub free: FreeQuota,
    /// Administers the bot.
    pub role: Option<AdminRole>,
    /// Since when an admin blocks them.
    pub blocked: Option<String>,
    /// Nothing can be sent to them.
    pub unreachable: bool,
}

impl Screen for UserCard {
    fn text(&self, words: Words<'_>) -> String {
        let username = self.username.as_ref().map(|name| words.fmt("user-card-username", arg("name", name)));
        let (count, sum) = self.paid;
        let role = self.role.map(|role| match role {
            AdminRole::Owner => words.get("user-card-owner"),
            AdminRole::Admin => words.get("user-card-admin"),
        });
        let credits = self.credits.iter().map(|credit| {
            let args = arg("kind", credit_name(words, &credit.code)).with("amount", credit.amount);
            Some(words.fmt("user-card-credit", args.with("at", credit.at.as_str())))
        });
        let mut all = vec![
            Some(words.fmt("user-card-title", arg("id", Arg::shown(self.id)))),
            username,
            (!self.name.is_empty()).then(|| words.fmt("user-card-name", arg("name", &self.name))),
            role,
            Some(words.fmt("user-card-language", arg("language", &self.language))),
            Some(words.fmt("user-card-seen", arg("since", &self.seen.0).with("last", &self.seen.1))),
            Some(
                words
                    .fmt("user-card-balance", arg("available", self.balance.available).with("held", self.balance.held)),
            ),
            self.balance.debt.is_positive().then(|| words.fmt("user-card-debt", arg("debt", self.balance.debt))),
            Some(words.fmt("user-card-paid", arg("sum", sum).with("n", count))),
            Some(words.fmt("user-card-generations", arg("n", self.generations))),
            Some(words.fmt("user-card-quota", arg("left", self.free.left).with("total", self.free.total))),
            (self.free.bank > 0).then(|| words.fmt("user-card-bank", arg("n", self.free.bank))),
            Some(match &self.blocked {
                Some(at) => words.fmt("user-card-blocked", arg("at", at)),
                None => words.get("user-card-not-blocked"),
            }),
            self.unreachable.then(|| words.get("user-card-unreachable")),
            (!self.credits.is_empty()).then(|| words.get("user-card-credits")),
        ];
        all.extend(credits);
        lines(all)
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let id = Some(self.id);
        let mut keyboard = Keyboard::new().row([
            button(words, "btn-user-credit", AdminPress::TopUp(id)),
            button(words, "btn-user-write", AdminPress::Write(id)),
        ]);
        if self.blocked.is_some() {
            keyboard.push([button(words, "btn-user-unblock", AdminPress::Unblock(id))]);
        } else if self.role.is_none() {
            keyboard.push([button(words, "btn-user-block", AdminPress::Block(id))]);
        }
        keyboard.row([button(words, "btn-refresh", AdminPress::UserInfo(id))]).row(nav(words))
    }
}

/// A ledger's kind for people.
pub(super) fn credit_name(words: Words<'_>, code: &str) -> String {
    words.find(&format!("credit-{}", key_part(code))).unwrap_or_else(|| code.to_owned())
}

/// `/admin 42`, `/admin @name`.
pub(super) async fn by_text(turn: &mut Turn<'_>, text: &str) -> Result<(), TurnError> {
    match named(turn, Some(text)).await? {
        Some((row, _)) => show(turn, &row).await,
        None => Ok(()),
    }
}

/// «👤».
pub(super) async fn by_id(turn: &mut Turn<'_>, id: Option<UserId>) -> Result<(), TurnError> {
    let row = match id {
        Some(id) => turn.tx.user_get(id).await?,
        None => None,
    };
    if let Some(row) = row {
        return show(turn, &row).await;
    }
    not_found(turn);
    Ok(())
}

/// Shows the card.
pub(super) async fn show(turn: &mut Turn<'_>, row: &UserRow) -> Result<(), TurnError> {
    let card = card(turn, row).await?;
    turn.show(&card);
    Ok(())
}

async fn card(turn: &mut Turn<'_>, row: &UserRow) -> Result<UserCard, TurnError> {
    let account = Account::User(row.user_ref.clone());
    let paid = turn.tx.payments_credited_to(row.user_id).await?;
    let credits = turn.tx.credits_last(&account, CREDITS).await?;
    let day = turn.tenant.today(turn.now);
    let limit = turn.tenant.settings.free_per_day.into();
    let zone = turn.tenant.zone();
    let name = [Some(row.first_name.as_str()), row.last_name.as_deref()];
    Ok(UserCard {
        id: row.user_id,
        username: row.username.clone(),
        name: name.into_iter().flatten().collect::<Vec<_>>().join(" ").trim().to_owned(),
        language: turn.tenant.language_of(row.language, row.language_code.as_deref()).code().to_owned(),
        seen: (row.created_at.shown(zone), row.seen_at.shown(zone)),
        balance: billing::balance(turn.tx, &row.user_ref).await?,
        paid,
        credits: credits
            .into_iter()
            .map(|credit| Credit {
                code: credit.code,
                amount: Money::kopecks(credit.amount),
                at: UnixMs(credit.created_at).shown(zone),
            })
            .collect(),
        generations: turn.tx.generations_of_user(row.user_id).await?,
        free: billing::free_quota(turn.tx, &row.user_ref, &day, limit).await?,
        role: row.role,
        blocked: row.blocked_at.map(|at| at.shown(zone)),
        unreachable: row.unreachable_at.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    fn sample() -> UserCard {
        UserCard {
            id: UserId(101),
            username: Some("anna".to_owned()),
            name: "Anna <b>".to_owned(),
            language: "ru".to_owned(),
            seen: ("01.11.2026 10:00".to_owned(), "22.11.2026 18:30".to_owned()),
            balance: Balance { available: Money::kopecks(5_000), held: Money::ZERO, debt: Money::ZERO },
            paid: (0, Money::ZERO),
            credits: vec![Credit {
                code: "admin_credit".to_owned(),
                amount: Money::kopecks(5_000),
                at: "22.11.2026 18:00".to_owned(),
            }],
            generations: 21,
            free: FreeQuota { left: 3, total: 5, bank: 7 },
            role: None,
            blocked: None,
            unreachable: false,
        }
    }

    #[test]
    fn s43_shows_a_person() {
        insta::assert_snapshot!(ru(&sample()), @"
            👤 <b>Пользователь</b> <code>101</code>
            @anna
            Имя: Anna &lt;b&gt;
            Язык: ru
            С 01.11.2026 10:00 · последний раз 22.11.2026 18:30
            💰 Доступно: 50 ₽ · в резерве: 0 ₽
            💳 Оплачено всего: 0 ₽ · платежей: 0
            🎨 Генераций: 21
            🎁 Бесплатных сегодня: 3 из 5
            🎟 Бонусных генераций: 7
            ✅ Не заблокирован
            Последние зачисления:
            • вручную: +50 ₽, 22.11.2026 18:00
            | ➕ Начислить [admin_topup_user:101] | ✉️ Написать [admin_write:101] |
            | 🚫 Заблокировать [admin_block:101] |
            | 🔄 Обновить [admin_user_info:101] |
            | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        let blocked = UserCard { blocked: Some("22.11.2026 18:40".to_owned()), unreachable: true, ..sample() };
        insta::assert_snapshot!(en(&blocked), @"
            👤 <b>User</b> <code>101</code>
            @anna
            Name: Anna &lt;b&gt;
            Language: ru
            Since 01.11.2026 10:00 · last seen 22.11.2026 18:30
            💰 Available: 50 ₽ · on hold: 0 ₽
            💳 Paid in total: 0 ₽ · payments: 0
            🎨 Generations: 21
            🎁 Free today: 3 of 5
            🎟 Bonus generations: 7
            🚫 Blocked since 22.11.2026 18:40
            📵 The bot cannot write to them
            Last credits:
            • by hand: +50 ₽, 22.11.2026 18:00
            | ➕ Credit [admin_topup_user:101] | ✉️ Write [admin_write:101] |
            | ✅ Unblock [admin_unblock:101] |
            | 🔄 Refresh [admin_user_info:101] |
            | 🔙 Admin menu [admin_stats] | 🏠 Main menu [back_to_menu] |
            ");
        let admin = UserCard { role: Some(AdminRole::Admin), credits: Vec::new(), ..sample() };
        assert!(!ru(&admin).contains("admin_block"));
    }
}
