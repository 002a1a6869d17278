//! The statement of a month for the bot's admins: what was taken, what the provider cost, what is left, the owner's fee, and
//! whether the ledger behind it is in order. The figures are those of `botyard statement` and of the panel (`billing/books.rs`).

use super::{back, home};
use crate::billing::books::{self, Light};
use crate::billing::settlement::{Month, Statement, present};
use crate::bot::callback::{AdminPress, Callback};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::texts::Words;

/// The screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthScreen {
    /// The figures.
    pub statement: Statement,
    /// The ledger's light, and when it was looked at, in the tenant's zone.
    pub light: (Light, String),
    /// The month is not over yet.
    pub runs: bool,
    /// When the month was closed, in the tenant's zone.
    pub closed: Option<String>,
}

/// «🟢 Журнал денег в порядке»: the light as a line.
pub(super) fn light_line(words: Words<'_>, (light, at): &(Light, String)) -> String {
    match light {
        Light::Dark => words.get("ledger-dark"),
        Light::Green(_) => words.fmt("ledger-green", arg("at", at.as_str())),
        Light::Red(n, _) => words.fmt("ledger-red", arg("n", *n).with("at", at.as_str())),
    }
}

/// The light of this bot's ledger, with its moment in the tenant's zone.
pub(super) async fn light(turn: &mut Turn<'_>) -> Result<(Light, String), TurnError> {
    let light = books::light(turn.tx).await?;
    let at = match light {
        Light::Dark => String::new(),
        Light::Green(at) | Light::Red(_, at) => at.shown(turn.tenant.zone()),
    };
    Ok((light, at))
}

/// `12.5`: hundredths of a percent without needless zeros.
fn percent(basis_points: u32) -> String {
    let text = format!("{}.{:02}", basis_points / 100, basis_points % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Screen for MonthScreen {
    fn text(&self, words: Words<'_>) -> String {
        let made = &self.statement;
        let title = words.fmt("month-title", arg("month", made.month.to_string()));
        let fee = arg("percent", percent(made.fee_basis_points)).with("fee", made.fee);
        let cost = arg("cost", made.provider_cost).with("credits", made.provider_credits / 100);
        let closed = self.closed.as_ref().map(|at| {
            let terms = arg("at", at.as_str()).with("rate", made.rate.to_string()).with("zone", made.zone.as_str());
            words.fmt("month-closed", terms)
        });
        let head = [Some(title), self.runs.then(|| words.get("month-runs")), closed];
        let work = [
            Some(words.fmt("month-works", arg("delivered", made.delivered).with("failed", made.failed))),
            Some(words.fmt("month-revenue", arg("sum", made.revenue))),
            Some(words.fmt("month-cost", cost)),
            Some(words.fmt("month-margin", arg("sum", made.margin))),
            Some(words.fmt("month-fee", fee)),
        ];
        let money = [
            Some(words.fmt("month-topups", arg("sbp", made.topped_up_sbp).with("stars", made.topped_up_stars))),
            Some(words.fmt("month-given", arg("manual", made.credited).with("gifts", made.given))),
        ];
        let foot = [Some(light_line(words, &self.light)), Some(words.get("month-hint"))];
        [lines(head), lines(work), lines(money), lines(foot)].join("\n\n")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let month = self.statement.month;
        let to = |key: &str, month: Month| {
            Callback::Admin(AdminPress::Month(Some(month))).button(words.plain(key, arg("month", month.to_string())))
        };
        let later = (!self.runs).then(|| to("btn-month-next", month.next()));
        Keyboard::new()
            .row([to("btn-month-prev", month.previous())].into_iter().chain(later))
            .row([back(words), home(words)])
    }
}

/// «📑 Итоги месяца»: this month, or the one that is asked for; what is still to come is this one.
pub(super) async fn show(turn: &mut Turn<'_>, month: Option<Month>) -> Result<(), TurnError> {
    let (settings, limits) = (&turn.tenant.settings, &turn.tenant.limits);
    books::close_over(turn.tx, settings, limits, turn.now).await?;
    let present = present(turn.tx, turn.tenant.zone(), turn.now).await?;
    let month = month.map_or(present, |month| month.min(present));
    let statement = books::month(turn.tx, settings, limits, month).await?;
    let light = light(turn).await?;
    let closed = statement.closed_at.map(|at| at.shown(turn.tenant.zone()));
    turn.show(&MonthScreen { statement, light, runs: month == present, closed });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};
    use crate::domain::{Money, UnixMs};

    fn sample() -> MonthScreen {
        MonthScreen {
            statement: Statement {
                month: Month::parse("2026-11").unwrap(),
                delivered: 40,
                failed: 2,
                revenue: Money::kopecks(100_000),
                topped_up_sbp: Money::kopecks(50_000),
                topped_up_stars: Money::kopecks(12_345),
                credited: Money::kopecks(15_000),
                given: Money::ZERO,
                provider_credits: 100_000,
                provider_cost: Money::kopecks(39_285),
                margin: Money::kopecks(60_715),
                fee_basis_points: 1_250,
                rate: "78.57".parse().unwrap(),
                span: (UnixMs(0), UnixMs(1)),
                zone: "Europe/Moscow".to_owned(),
                closed_at: None,
                fee: Money::kopecks(12_500),
                moved: Vec::new(),
            },
            light: (Light::Green(UnixMs(0)), "30.11.2026 12:00".to_owned()),
            runs: true,
            closed: None,
        }
    }

    #[test]
    fn a_month_says_what_was_taken_what_it_cost_and_whether_the_ledger_holds() {
        insta::assert_snapshot!(ru(&sample()), @"
            📑 <b>Итоги за 2026-11</b>
            Месяц ещё идёт.

            🎨 Доставлено: 40 · не удалось: 2
            💰 Списано за доставленное: 1000 ₽
            🔌 Расход провайдера: 392.85 ₽ (1000 кр.)
            📈 Остаётся: 607.15 ₽
            🤝 Платформе 12.5 %: 125 ₽

            💳 Пополнения: СБП 500 ₽ · Stars 123.45 ₽
            🎁 Начислено вручную: 150 ₽ · подарки и промокоды: 0 ₽

            🟢 Журнал денег в порядке, проверен 30.11.2026 12:00
            Это отчёт: сами деньги он не двигает.
            | ◀️ 2026-10 [admin_month:2026-10] |
            | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        let light = (Light::Red(3, UnixMs(0)), "30.11.2026 12:00".to_owned());
        let closed = Some("01.12.2026 00:05".to_owned());
        let red = MonthScreen { light, runs: false, closed, ..sample() };
        insta::assert_snapshot!(en(&red), @"
            📑 <b>Statement for 2026-11</b>
            🔒 Closed on 01.12.2026 00:05 at 78.57 ₽ for a dollar, by the time of Europe/Moscow: it stays as it is.

            🎨 Delivered: 40 · failed: 2
            💰 Charged for what was delivered: 1000 ₽
            🔌 Provider's cost: 392.85 ₽ (1000 cr.)
            📈 Left: 607.15 ₽
            🤝 The platform's 12.5 %: 125 ₽

            💳 Top-ups: SBP 500 ₽ · Stars 123.45 ₽
            🎁 Credited by hand: 150 ₽ · gifts and promo codes: 0 ₽

            🔴 The money ledger is not in order: differences 3, checked 30.11.2026 12:00. Run Preflight
            This is a report: it moves no money.
            | ◀️ 2026-10 [admin_month:2026-10] | ▶️ 2026-12 [admin_month:2026-12] |
            | 🔙 Admin menu [admin_stats] | 🏠 Main menu [back_to_menu] |
            ");
        assert_eq!([0, 5, 100, 1_050, 10_000].map(percent), ["0", "0.05", "1", "10.5", "100"]);
    }
}
