//! S-48: the tenant's promo codes, for its admins (bot.md 5.5, 12.4).

use super::{Screen, admin, back, home, lines};
use crate::accounts::audit::Actor;
use crate::billing::WhyTwo;
use crate::bot::Platform;
use crate::bot::acts::promo::Made;
use crate::bot::acts::{self, Hands};
use crate::bot::awaits::{Awaits, PromoInput};
use crate::bot::callback::{BonusPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{AuditDoor, Corr, PromoFault, PromoId, PromoTerms, UnixMs, UserId};
use crate::store::PromoRow;
use crate::tenants::Tenant;
use crate::texts::{Args, Words};

/// Codes on one screen, the newest.
const SHOWN: i64 = 30;

/// How a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Can be used.
    On,
    /// All uses are used.
    UsedUp,
    /// Its time is over.
    Expired,
    /// An admin has switched it off.
    Off,
}

/// A code as the screens show it.
pub struct Shown {
    /// Its name in buttons.
    pub id: PromoId,
    /// As people type it.
    pub code: String,
    /// «50 ₽», «15 %».
    pub worth: String,
    /// How often it was used.
    pub used: i64,
    /// Of how many.
    pub total: i64,
    /// By one person.
    pub per_user: i64,
    /// When it ends.
    pub until: String,
    /// How it stands.
    pub standing: Standing,
}

impl Shown {
    fn of(turn: &Turn<'_>, row: PromoRow) -> Self {
        let standing = if row.off_at.is_some() {
            Standing::Off
        } else if row.expires_at <= turn.now {
            Standing::Expired
        } else if row.used >= row.total {
            Standing::UsedUp
        } else {
            Standing::On
        };
        Self {
            worth: row.gives().to_string(),
            id: row.id,
            code: row.code.to_string(),
            used: row.used,
            total: row.total,
            per_user: row.per_user,
            until: row.expires_at.shown(turn.tenant.zone()),
            standing,
        }
    }

    fn args(&self, words: Words<'_>) -> Args {
        let state = words.get(match self.standing {
            Standing::On => "promo-state-on",
            Standing::UsedUp => "promo-state-used-up",
            Standing::Expired => "promo-state-expired",
            Standing::Off => "promo-state-off",
        });
        arg("code", &self.code)
            .with("worth", &self.worth)
            .with("used", self.used)
            .with("total", self.total)
            .with("date", &self.until)
            .with("state", state)
    }
}

/// S-48, the list.
pub struct Codes(pub Vec<Shown>);

impl Screen for Codes {
    fn text(&self, words: Words<'_>) -> String {
        let title = words.get("promos-title");
        if self.0.is_empty() {
            return format!("{title}\n\n{}", words.get("promos-none"));
        }
        let all = self.0.iter().map(|code| Some(words.fmt("promo-line", code.args(words))));
        format!("{title}\n\n{}", lines(all))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard =
            Keyboard::new().row([Callback::Bonus(BonusPress::NewCode).button(words.get("btn-promo-new"))]);
        for code in &self.0 {
            let label = words.plain("btn-promo-code", arg("code", &code.code).with("worth", &code.worth));
            keyboard.push([Callback::Bonus(BonusPress::ViewCode(Some(code.id.clone()))).button(label)]);
        }
        keyboard.row([admin::back(words), home(words)])
    }
}

/// S-48, one code.
pub struct Code(pub Shown);

impl Screen for Code {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("promo-card", self.0.args(words).with("per_user", self.0.per_user))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let on = matches!(self.0.standing, Standing::On | Standing::UsedUp);
        let off = Callback::Bonus(BonusPress::CodeOff(Some(self.0.id.clone())));
        Keyboard::new()
            .row(on.then(|| off.button(words.get("btn-promo-off"))))
            .row([back(words, &Callback::Bonus(BonusPress::Codes)), home(words)])
    }
}

/// S-48 asks for the line that defines a code.
pub struct TermsQuestion;

impl Screen for TermsQuestion {
    fn text(&self, words: Words<'_>) -> String {
        words.get("promo-terms-ask")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row([back(words, &Callback::BackToPreviousStep), home(words)])
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

/// Answers a button of S-48. Rights are read on every press.
pub async fn pressed(turn: &mut Turn<'_>, press: BonusPress) -> Result<(), TurnError> {
    if !turn.is_admin() {
        turn.alert(turn.words().get("admin-only-alert"));
        return Ok(());
    }
    match press {
        BonusPress::NewCode => {
            ask(turn);
            Ok(())
        }
        BonusPress::ViewCode(Some(id)) => view(turn, &id).await,
        BonusPress::CodeOff(Some(id)) => switch_off(turn, &id).await,
        BonusPress::ViewCode(None) | BonusPress::CodeOff(None) => {
            turn.alert(turn.words().get("not-found"));
            Ok(())
        }
        BonusPress::Codes | BonusPress::Gift | BonusPress::Promo | BonusPress::Mine => list(turn).await,
    }
}

async fn list(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    turn.session.awaits = None;
    let rows = turn.tx.promos_newest(SHOWN).await?;
    let shown = rows.into_iter().map(|row| Shown::of(turn, row)).collect();
    turn.show(&Codes(shown));
    Ok(())
}

async fn view(turn: &mut Turn<'_>, id: &PromoId) -> Result<(), TurnError> {
    match turn.tx.promo_get(id).await? {
        Some(row) => {
            let shown = Shown::of(turn, row);
            turn.show(&Code(shown));
        }
        None => turn.alert(turn.words().get("not-found")),
    }
    Ok(())
}

async fn switch_off(turn: &mut Turn<'_>, id: &PromoId) -> Result<(), TurnError> {
    let corr = turn.corr.clone();
    let hands = hands(turn.platform, turn.tenant, (turn.user.user_id, &corr), turn.now);
    if acts::promo::switch_off(turn.tx, &hands, id).await? {
        turn.toast(turn.words().get("promo-switched-off"));
    }
    view(turn, id).await
}

/// The admin who presses or types.
fn hands<'a>(platform: &'a Platform, tenant: &'a Tenant, (user, corr): (UserId, &'a Corr), now: UnixMs) -> Hands<'a> {
    Hands { platform, tenant, actor: Actor { user: Some(user), door: AuditDoor::Telegram, corr }, now }
}

fn ask(turn: &mut Turn<'_>) {
    turn.session.awaits = Some(Awaits::Promo(PromoInput::Terms));
    turn.show(&TermsQuestion);
}

/// The definition line: made, or asked again with what is wrong.
pub async fn terms_typed(turn: &mut Turn<'_>, text: Option<&str>) -> Result<(), TurnError> {
    if !turn.is_admin() {
        turn.session.awaits = None;
        turn.alert(turn.words().get("admin-only-alert"));
        return super::menu::show(turn).await;
    }
    let terms = match PromoTerms::parse(text.unwrap_or_default()) {
        Ok(terms) => terms,
        Err(fault) => {
            turn.notice(turn.words().get(rule(fault)));
            ask(turn);
            return Ok(());
        }
    };
    let corr = turn.corr.clone();
    let hands = hands(turn.platform, turn.tenant, (turn.user.user_id, &corr), turn.now);
    let made = acts::promo::make(turn.tx, &hands, &terms, text.unwrap_or_default().trim()).await?;
    let id = match made {
        Made::Now(id) => id,
        Made::Exists => {
            turn.notice(turn.words().fmt("promo-exists", arg("code", terms.code.as_str())));
            ask(turn);
            return Ok(());
        }
        Made::TooMuch(why) => {
            let (key, limit) = match why {
                WhyTwo::Amount(limit) => ("promo-too-much", limit),
                WhyTwo::Day(limit) => ("promo-too-much-day", limit),
            };
            turn.notice(turn.words().fmt(key, arg("limit", limit)));
            ask(turn);
            return Ok(());
        }
    };
    turn.session.awaits = None;
    turn.notice(turn.words().fmt("promo-made", arg("code", terms.code.as_str())));
    view(turn, &id).await
}

/// The rule that a part of the line breaks.
fn rule(fault: PromoFault) -> &'static str {
    match fault {
        PromoFault::Shape => "promo-rule-shape",
        PromoFault::Code => "promo-rule-code",
        PromoFault::Worth => "promo-rule-worth",
        PromoFault::Total => "promo-rule-total",
        PromoFault::PerUser => "promo-rule-per-user",
        PromoFault::Days => "promo-rule-days",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};

    fn code(standing: Standing) -> Shown {
        Shown {
            id: PromoId::from_short("abcdefghijkl").unwrap(),
            code: "SUMMER".to_owned(),
            worth: "15 %".to_owned(),
            used: 3,
            total: 500,
            per_user: 1,
            until: "06.12.2026 15:00".to_owned(),
            standing,
        }
    }

    #[test]
    fn s48_lists_codes_and_how_they_stand() {
        insta::assert_snapshot!(ru(&Codes(vec![code(Standing::On), code(Standing::Off)])), @"
            🎁 <b>Промокоды</b>

            <code>SUMMER</code> · 15 % · 3/500 · до 06.12.2026 15:00 · ✅ действует
            <code>SUMMER</code> · 15 % · 3/500 · до 06.12.2026 15:00 · ⛔ отключён
            | ➕ Создать [admin_promo_new] |
            | SUMMER — 15 % [admin_promo:view:abcdefghijkl] |
            | SUMMER — 15 % [admin_promo:view:abcdefghijkl] |
            | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Codes(Vec::new())), @"
            🎁 <b>Promo codes</b>

            There are no promo codes yet.
            | ➕ Create [admin_promo_new] |
            | 🔙 Admin menu [admin_stats] | 🏠 Main menu [back_to_menu] |
            ");
    }

    #[test]
    fn s48_shows_one_code_and_switches_it_off_while_it_can_be_used() {
        insta::assert_snapshot!(ru(&Code(code(Standing::On))), @"
            🎟 <code>SUMMER</code>
            Значение: 15 %
            Использован: 3 из 500
            На одного пользователя: 1
            Действует до: 06.12.2026 15:00
            Состояние: ✅ действует
            | ⛔ Отключить [admin_promo:off:abcdefghijkl] |
            | ◀️ Назад [admin_promocodes] | 🏠 Главное меню [back_to_menu] |
            ");
        for over in [Standing::Expired, Standing::Off] {
            assert!(!en(&Code(code(over))).contains("admin_promo:off"), "{over:?}");
        }
        assert!(en(&Code(code(Standing::UsedUp))).contains("admin_promo:off"));
    }

    #[test]
    fn s48_asks_for_a_line_and_names_the_broken_rule() {
        insta::assert_snapshot!(ru(&TermsQuestion), @"
            ➕ <b>Новый промокод</b>
            Отправьте одной строкой: КОД ЗНАЧЕНИЕ ВСЕГО НА_ПОЛЬЗОВАТЕЛЯ ДНЕЙ
            <code>WELCOME 50 100 1 30</code> — 50 ₽ сразу, всего 100 раз, один раз каждому, 30 дней.
            <code>SUMMER 15% 500 1 14</code> — плюс 15 % к следующему пополнению.
            | ◀️ Назад [back_to_previous_step] | 🏠 Главное меню [back_to_menu] |
            | ❌ Отмена [cancel] |
            ");
        let rules = [
            "a",
            "W 50 100 1 30",
            "WELCOME x 100 1 30",
            "WELCOME 50 x 1 30",
            "WELCOME 50 100 x 30",
            "WELCOME 50 100 1 x",
        ];
        let mut said: Vec<&str> = rules.iter().map(|line| rule(PromoTerms::parse(line).unwrap_err())).collect();
        said.dedup();
        assert_eq!(said.len(), 6);
    }
}
