//! The figures of S-40 (bot.md 14.2): sums of the tenant's daily counters, and counts over what is open now. Days are the
//! tenant's own; nothing here walks over a table that grows.

use std::collections::HashMap;
use std::time::Duration;

use crate::billing::books::Light;
use crate::billing::settlement::provider_cost;
use crate::bot::error::TurnError;
use crate::bot::jobs;
use crate::bot::screens::lines;
use crate::bot::screens::names::Named;
use crate::bot::turn::{Turn, arg};
use crate::domain::transfer::Account;
use crate::domain::{Money, UnixMs};
use crate::store::{Counter, DayFigures, WorkFigures};
use crate::texts::{Args, Words};

const DAY: Duration = Duration::from_hours(24);
/// The provider's balance counts as known for this long (bot.md 14.2).
const PROVIDER_FRESH: Duration = Duration::from_mins(2);
/// And is shown for this long, with its age, while the workers look again.
const PROVIDER_SHOWN: Duration = Duration::from_mins(15);
/// Credits by hand that are counted while they wait.
const ASKED: i64 = 99;
/// Models named in the list of the most used.
const TOP: i64 = 5;

/// A counter over three windows, today included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Windows {
    /// Today.
    pub day: i64,
    /// The last 7 days.
    pub week: i64,
    /// The last 30 days.
    pub month: i64,
}

impl Windows {
    fn plus(self, other: Self) -> Self {
        Self { day: self.day + other.day, week: self.week + other.week, month: self.month + other.month }
    }

    fn counts(self) -> Args {
        arg("day", self.day).with("week", self.week).with("month", self.month)
    }

    fn amounts(self) -> Args {
        let shown = |kopecks| Money::kopecks(kopecks);
        arg("day", shown(self.day)).with("week", shown(self.week)).with("month", shown(self.month))
    }
}

/// What there is to generate with, as far as this bot's admins may know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Provider {
    /// Credits in hundredths, what they are worth, and how old the figure is.
    Own(i64, Money, Duration),
    /// The platform's key, whose balance is its owner's matter.
    Shared,
    /// Not known at the moment, or no key at all.
    #[default]
    Unknown,
}

/// Everything that S-40 says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// When, in the tenant's zone.
    pub at: String,
    /// All people.
    pub people: i64,
    /// Seen for the first time.
    pub new: Windows,
    /// Each counted once.
    pub active: Windows,
    /// Cannot be reached.
    pub lost: i64,
    /// Blocked by an admin.
    pub blocked: i64,
    /// All generations, and those of today.
    pub generations: (i64, i64),
    /// Today's, by how they ended.
    pub delivered: i64,
    /// Ended without a result, not by time.
    pub failed: i64,
    /// Given up.
    pub canceled: i64,
    /// Out of time.
    pub timed_out: i64,
    /// At work now, and for how long the oldest has been.
    pub running: (i64, Option<Duration>),
    /// Made and not delivered.
    pub undelivered: i64,
    /// The most used models of 7 days.
    pub top: Vec<(Named, i64)>,
    /// Kopecks topped up at all times, by SBP and by Stars.
    pub topups_total: (i64, i64),
    /// Kopecks topped up by both.
    pub topups: Windows,
    /// Payments and payers at all times.
    pub payments: (i64, i64),
    /// Payments under review, and for how long the oldest has been.
    pub review: (i64, Option<Duration>),
    /// The ledger's light, and when it was looked at, in the tenant's zone.
    pub light: (Light, String),
    /// Credits by hand that wait for a second admin.
    pub asked: i64,
    /// Kopecks taken for delivered results.
    pub captured: Windows,
    /// Held now.
    pub held: Money,
    /// What all people have, holds included.
    pub balances: Money,
    /// Credited by hand in 30 days.
    pub manual: Money,
    /// Given away in 30 days.
    pub gifts: Money,
    /// Free units used today.
    pub free_used: i64,
    /// Earned free generations that people have.
    pub bank: i64,
    /// Invited people of 7 days, and those of them who made something.
    pub invitations: (i64, i64),
    /// Promo codes used in 7 days.
    pub promos: i64,
    /// What there is to generate with.
    pub provider: Provider,
}

impl Provider {
    /// «🔌 Ресурс генераций: …», for admins only.
    pub fn line(&self, words: Words<'_>) -> String {
        match self {
            Self::Own(credits, worth, age) => {
                let args = arg("credits", credits / 100).with("roubles", *worth).with("ago", words.ago(*age));
                words.fmt("admin-provider", args)
            }
            Self::Shared => words.get("admin-provider-shared"),
            Self::Unknown => words.get("admin-provider-unknown"),
        }
    }
}

impl Stats {
    /// Delivered of those that ended by themselves today; `None`: none did.
    fn success(&self) -> Option<i64> {
        let all = self.delivered + self.failed + self.timed_out;
        (all > 0).then(|| (200 * self.delivered + all) / (2 * all))
    }

    /// The panel's text. Telegram HTML.
    pub fn text(&self, words: Words<'_>) -> String {
        let head = words.fmt("admin-title", arg("at", self.at.as_str()));
        [head, self.people_text(words), self.work_text(words), self.money_text(words), self.other_text(words)]
            .join("\n\n")
    }

    fn people_text(&self, words: Words<'_>) -> String {
        lines([
            Some(words.fmt("admin-people", arg("total", self.people))),
            Some(words.fmt("admin-people-new", arg("day", self.new.day).with("week", self.new.week))),
            Some(words.fmt("admin-people-active", self.active.counts())),
            Some(words.fmt("admin-people-apart", arg("lost", self.lost).with("blocked", self.blocked))),
        ])
    }

    fn work_text(&self, words: Words<'_>) -> String {
        let ends = arg("delivered", self.delivered)
            .with("failed", self.failed)
            .with("canceled", self.canceled)
            .with("late", self.timed_out);
        let top = self.top.iter().enumerate().map(|(n, (model, count))| {
            let args = arg("n", n + 1).with("title", model.title(words)).with("count", *count);
            Some(words.fmt("admin-top-model", args))
        });
        let mut all = vec![
            Some(words.fmt("admin-generations", arg("total", self.generations.0).with("day", self.generations.1))),
            Some(words.fmt("admin-generations-ends", ends)),
            self.success().map(|percent| words.fmt("admin-success", arg("p", percent))),
            Some(words.fmt("admin-running", arg("n", self.running.0).with("waiting", self.undelivered))),
            self.running.1.map(|age| words.fmt("admin-oldest", arg("ago", words.ago(age)))),
            (!self.top.is_empty()).then(|| words.get("admin-top")),
        ];
        all.extend(top);
        lines(all)
    }

    fn money_text(&self, words: Words<'_>) -> String {
        let (sbp, stars) = self.topups_total;
        let (payments, payers) = self.payments;
        let total = arg("total", Money::kopecks(sbp + stars))
            .with("sbp", Money::kopecks(sbp))
            .with("stars", Money::kopecks(stars));
        let per = |part: i64, whole: i64| if whole > 0 { part * 100 / whole } else { 0 };
        let average = if payments > 0 { (sbp + stars) / payments } else { 0 };
        let payers = arg("payers", payers).with("p", per(payers, self.people)).with("average", Money::kopecks(average));
        lines([
            Some(words.get("admin-money")),
            Some(words.fmt("admin-topups", total)),
            Some(words.fmt("admin-topups-by-day", self.topups.amounts())),
            Some(words.fmt("admin-captured", self.captured.amounts())),
            Some(words.fmt("admin-held", arg("held", self.held).with("balances", self.balances))),
            Some(words.fmt("admin-given", arg("manual", self.manual).with("gifts", self.gifts))),
            Some(words.fmt("admin-payers", payers)),
            (self.review.0 > 0).then(|| words.fmt("admin-review", arg("n", self.review.0))),
            self.review.1.map(|age| words.fmt("admin-review-oldest", arg("ago", words.ago(age)))),
            Some(super::month::light_line(words, &self.light)),
        ])
    }

    fn other_text(&self, words: Words<'_>) -> String {
        let (invited, activated) = self.invitations;
        lines([
            Some(words.fmt("admin-free-used", arg("n", self.free_used).with("bank", self.bank))),
            Some(words.fmt("admin-invited", arg("invited", invited).with("activated", activated))),
            Some(words.fmt("admin-promos", arg("n", self.promos))),
            Some(self.provider.line(words)),
        ])
    }
}

/// Counters of the last 30 days of the tenant's own calendar, summed as they are asked for.
struct Counted {
    days: HashMap<String, DayFigures>,
    /// The newest first.
    calendar: Vec<String>,
}

impl Counted {
    fn windows(&self, counter: Counter) -> Windows {
        let sum = |n: usize| {
            self.calendar.iter().take(n).filter_map(|day| self.days.get(day)).map(|figures| figures.get(counter)).sum()
        };
        Windows { day: sum(1), week: sum(7), month: sum(30) }
    }
}

/// Days of the tenant's calendar, today first. From noon backwards, so that a day of 23 or 25 hours is neither met twice
/// nor missed.
fn calendar(turn: &Turn<'_>, days: u32) -> Vec<String> {
    let noon = turn.now.timestamp().to_zoned(turn.tenant.zone().clone()).with().hour(12).minute(0).build();
    let noon = noon.map_or(turn.now, |noon| UnixMs(noon.timestamp().as_millisecond()));
    (0..days).map(|back| turn.tenant.today(noon.minus(DAY.saturating_mul(back)))).collect()
}

/// Reads every figure.
pub(super) async fn gather(turn: &mut Turn<'_>) -> Result<Stats, TurnError> {
    let calendar = calendar(turn, 30);
    let (Some(today), Some(first)) = (calendar.first().cloned(), calendar.last().cloned()) else {
        return Ok(Stats::default());
    };
    let counted = Counted { days: turn.tx.counters_between(&first, &today).await?, calendar };
    let all = turn.tx.counters_total().await?;
    let (lost, blocked) = turn.tx.users_apart().await?;
    let (work, waiting) = (turn.tx.work_now().await?, turn.tx.waiting_now().await?);
    let week = counted.calendar.get(6).cloned().unwrap_or(first);
    let catalog = turn.platform.catalog;
    let top = turn.tx.models_top(&week, TOP).await?;
    let (since_week, since_month) = (turn.now.minus(DAY * 7), turn.now.minus(DAY * 30));
    let invitations = turn.tx.referrals_since(since_week).await?;
    let promos = turn.tx.promo_uses_since(since_week).await?;
    let bank = turn.tx.bank_total().await?;
    let gifts = Money::kopecks(turn.tx.given_since(&Account::Gifts, since_month).await?);
    let under_review = turn.tx.payments_review_count().await?;
    let light = super::month::light(turn).await?;
    let asked = i64::try_from(turn.tx.credits_waiting(ASKED).await?.len()).unwrap_or(ASKED);
    let oldest = turn.tx.payments_review_oldest(1).await?.first().map(|row| turn.now.since(row.created_at));
    let provider = provider(turn).await?;
    let balances = Money::kopecks(turn.tx.owed_to_people().await?);
    let failed = counted.windows(Counter::Failed).day;
    let timed_out = counted.windows(Counter::TimedOut).day;
    Ok(Stats {
        at: turn.now.shown(turn.tenant.zone()),
        people: all.get(Counter::NewUsers),
        new: counted.windows(Counter::NewUsers),
        active: floor(counted.windows(Counter::LastSeen)),
        lost,
        blocked,
        generations: (all.get(Counter::Generations), counted.windows(Counter::Generations).day),
        delivered: counted.windows(Counter::Delivered).day,
        failed: (failed - timed_out).max(0),
        canceled: counted.windows(Counter::Canceled).day,
        timed_out,
        running: (work.count, work.oldest.map(|at| turn.now.since(at))),
        undelivered: waiting.count,
        top: top.into_iter().map(|(model, n)| (Named::of(catalog, &model), n)).collect(),
        topups_total: (all.get(Counter::TopUpSbp), all.get(Counter::TopUpStars)),
        topups: counted.windows(Counter::TopUpSbp).plus(counted.windows(Counter::TopUpStars)),
        payments: (all.get(Counter::Payments), all.get(Counter::Payers)),
        review: (under_review, oldest),
        asked,
        light,
        captured: counted.windows(Counter::Revenue),
        held: held(work, waiting),
        balances,
        manual: Money::kopecks(counted.windows(Counter::ManualCredits).month),
        gifts,
        free_used: counted.windows(Counter::FreeUsed).day,
        bank,
        invitations: (invitations.invited, invitations.activated),
        promos,
        provider,
    })
}

fn held(work: WorkFigures, waiting: WorkFigures) -> Money {
    Money::kopecks(work.held + waiting.held)
}

fn floor(windows: Windows) -> Windows {
    Windows { day: windows.day.max(0), week: windows.week.max(0), month: windows.month.max(0) }
}

/// What the provider said lately, with what it is worth; when that is old or missing, the workers are asked to look.
pub(in crate::bot::screens) async fn provider(turn: &mut Turn<'_>) -> Result<Provider, TurnError> {
    if turn.tenant.provider_key.is_none() {
        let shared = turn.platform.settings.kie.api_key.is_some();
        return Ok(if shared { Provider::Shared } else { Provider::Unknown });
    }
    let known = turn.tx.provider_credits_get().await?;
    let age = known.as_ref().map(|row| turn.now.since(row.checked_at));
    if age.is_none_or(|age| age >= PROVIDER_FRESH) {
        jobs::put_provider_credits(turn.tx, &turn.corr, turn.now).await?;
        turn.wake_workers();
    }
    // A figure of some minutes is worth showing with its age; an older one is not.
    let Some(row) = known.filter(|row| turn.now.since(row.checked_at) < PROVIDER_SHOWN) else {
        return Ok(Provider::Unknown);
    };
    let worth =
        row.credits.and_then(|credits| Some((credits, provider_cost(credits, turn.tenant.settings.currency_rate)?)));
    let age = turn.now.since(row.checked_at);
    Ok(worth.map_or(Provider::Unknown, |(credits, worth)| Provider::Own(credits, worth, age)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::admin::Panel;
    use crate::bot::screens::testing::{en, named, ru};

    fn sample() -> Stats {
        Stats {
            at: "22.11.2026 18:30".to_owned(),
            people: 120,
            new: Windows { day: 2, week: 11, month: 30 },
            active: Windows { day: 5, week: 40, month: 90 },
            lost: 3,
            blocked: 1,
            generations: (500, 7),
            delivered: 5,
            failed: 1,
            canceled: 1,
            timed_out: 0,
            running: (2, Some(Duration::from_secs(130))),
            undelivered: 1,
            top: vec![(named("z-image"), 21)],
            topups_total: (0, 0),
            captured: Windows { day: 1_414, week: 5_000, month: 100_000 },
            held: Money::kopecks(2_828),
            balances: Money::kopecks(1_000_000),
            manual: Money::kopecks(10_000),
            free_used: 4,
            light: (Light::Green(UnixMs(0)), "22.11.2026 18:29".to_owned()),
            provider: Provider::Own(100_000, Money::kopecks(39_285), Duration::from_mins(1)),
            ..Stats::default()
        }
    }

    #[test]
    fn s40_says_how_the_bot_does() {
        insta::assert_snapshot!(ru(&Panel { stats: sample(), due: Vec::new() }), @"
            🛠 <b>Панель администратора</b> · 22.11.2026 18:30

            👥 <b>Пользователи:</b> 120
            Новые: сегодня 2 · 7 дней 11
            Активные: сегодня 5 · 7 дней 40 · 30 дней 90
            Недоступны: 3 · заблокированы: 1

            🎨 <b>Генерации:</b> 500 · сегодня 7
            Сегодня: доставлено 5 · не удалось 1 · отменено 1 · вышло время 0
            Успешных: 83 %
            В работе: 2 · не отправлено: 1
            Самая старая в работе: 2 минуты назад
            Чаще всего за 7 дней:
            1. Z-Image — 21

            💰 <b>Деньги</b>
            Пополнения: 0 ₽ (СБП 0 ₽ · Stars 0 ₽)
            сегодня 0 ₽ · 7 дней 0 ₽ · 30 дней 0 ₽
            Списано: сегодня 14.14 ₽ · 7 дней 50 ₽ · 30 дней 1000 ₽
            В резерве: 28.28 ₽ · на балансах: 10 000 ₽
            Начислено вручную за 30 дней: 100 ₽ · подарки: 0 ₽ (не выручка)
            Платящих: 0 (0 %) · средний платёж: 0 ₽
            🟢 Журнал денег в порядке, проверен 22.11.2026 18:29

            🎁 Бесплатных сегодня: 4 · в запасе у всех: 0
            🤝 Приглашено за 7 дней: 0 · из них что-то создали: 0
            🎟 Промокодов использовано за 7 дней: 0
            🔌 Ресурс генераций: 1000 кр. ≈ 392.85 ₽ · 1 минуту назад
            | 📊 Обновить [admin_stats] |
            | 📚 Генерации [admin_view_generations] | 💳 Платежи [admin_payments] |
            | 📑 Итоги месяца [admin_month] |
            | 🔍 Поиск [admin_search] | 📝 Добавить знание [admin_add] |
            | ⚙️ Настройки [admin_settings] | 👥 Пользователи [pg:users:0] |
            | 🧪 Тест OCR [admin_test_ocr] |
            | 👁 Режим пользователя [admin_user_mode] |
            | 🧭 Диагностика [admin_diag:info] |
            | 🧾 Ошибки [admin_diag:errors] | 💳 Preflight [admin_diag:preflight] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        insta::assert_snapshot!(en(&Panel { stats: Stats { provider: Provider::Shared, top: Vec::new(), ..sample() }, due: Vec::new() }), @"
            🛠 <b>Admin panel</b> · 22.11.2026 18:30

            👥 <b>Users:</b> 120
            New: today 2 · 7 days 11
            Active: today 5 · 7 days 40 · 30 days 90
            Unreachable: 3 · blocked: 1

            🎨 <b>Generations:</b> 500 · today 7
            Today: delivered 5 · failed 1 · cancelled 1 · timed out 0
            Success: 83 %
            At work: 2 · not delivered: 1
            The oldest at work: 2 minutes ago

            💰 <b>Money</b>
            Top-ups: 0 ₽ (SBP 0 ₽ · Stars 0 ₽)
            today 0 ₽ · 7 days 0 ₽ · 30 days 0 ₽
            Charged: today 14.14 ₽ · 7 days 50 ₽ · 30 days 1000 ₽
            On hold: 28.28 ₽ · on balances: 10 000 ₽
            Credited by hand in 30 days: 100 ₽ · gifts: 0 ₽ (not revenue)
            Payers: 0 (0 %) · average payment: 0 ₽
            🟢 The money ledger is in order, checked 22.11.2026 18:29

            🎁 Free ones used today: 4 · saved up by all: 0
            🤝 Invited in 7 days: 0 · of them have made something: 0
            🎟 Promo codes used in 7 days: 0
            🔌 Generation resource: the platform's shared key
            | 📊 Refresh [admin_stats] |
            | 📚 Generations [admin_view_generations] | 💳 Payments [admin_payments] |
            | 📑 Month's statement [admin_month] |
            | 🔍 Search [admin_search] | 📝 Add knowledge [admin_add] |
            | ⚙️ Settings [admin_settings] | 👥 Users [pg:users:0] |
            | 🧪 OCR test [admin_test_ocr] |
            | 👁 User mode [admin_user_mode] |
            | 🧭 Diagnostics [admin_diag:info] |
            | 🧾 Errors [admin_diag:errors] | 💳 Preflight [admin_diag:preflight] |
            | 🏠 Main menu [back_to_menu] |
            ");
    }
}
