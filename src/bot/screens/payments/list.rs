//! S-42: the tenant's payments, for its admins.

use crate::bot::callback::{Callback, PaymentsPress};
use crate::bot::error::TurnError;
use crate::bot::screens::{Screen, admin, home, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{Money, PayMethod, PaymentId, PaymentState, UnixMs, UserId};
use crate::texts::{Arg, Words};

/// Payments that are listed.
const LISTED: i64 = 10;

/// A payment as a line.
pub(super) struct Line {
    pub(super) id: PaymentId,
    pub(super) user: UserId,
    pub(super) amount: Money,
    pub(super) method: PayMethod,
    pub(super) state: PaymentState,
    pub(super) at: String,
}

/// S-42.
pub(super) struct Payments {
    pub(super) totals: Vec<(PayMethod, i64, Money)>,
    pub(super) lines: Vec<Line>,
    /// The reader may send Stars back.
    pub(super) owner: bool,
    /// Payments under review.
    pub(super) waiting: i64,
    /// There are pictures to look at.
    pub(super) pictures: bool,
    /// What the last comparison with Telegram's list found: when, and the number of differences.
    pub(super) checked: Option<(String, usize)>,
}

/// «Stars», «СБП».
pub(super) fn method_word(words: Words<'_>, method: PayMethod) -> String {
    words.get(&format!("pay-method-{}", method.as_str()))
}

/// Where a payment stands: «зачислен», «на проверке», … A transfer that is taken back was never sent back to anybody by us.
pub(super) fn state_word(words: Words<'_>, method: PayMethod, state: PaymentState) -> String {
    if (method, state) == (PayMethod::Sbp, PaymentState::Refunded) {
        return words.get("pay-state-reversed");
    }
    words.get(&format!("pay-state-{}", state.as_str()))
}

impl Screen for Payments {
    fn text(&self, words: Words<'_>) -> String {
        let (count, sum) = self.totals.iter().fold((0, 0), |(n, k), (_, more, m)| (n + more, k + m.as_kopecks()));
        let total = arg("sum", Money::kopecks(sum)).with("n", count);
        let head = lines([
            Some(words.get("payments-title")),
            Some(words.fmt("payments-total", total)),
            (!self.totals.is_empty()).then(|| self.by_method(words)),
            self.checked
                .as_ref()
                .map(|(at, differences)| words.fmt("payments-checked", arg("at", at).with("n", *differences))),
        ]);
        if self.lines.is_empty() {
            return format!("{head}\n\n{}", words.get("payments-none"));
        }
        let rows = self.lines.iter().map(|line| {
            let user = if line.user.is_erased() { Arg::text(words.get("user-erased")) } else { Arg::shown(line.user) };
            let args = arg("user", user)
                .with("amount", line.amount)
                .with("method", method_word(words, line.method))
                .with("state", state_word(words, line.method, line.state))
                .with("at", &line.at);
            Some(words.fmt("payments-line", args))
        });
        format!("{head}\n\n{}", lines(rows))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let press = |press: PaymentsPress, text: String| Callback::Payments(press).button(text);
        let refunds: Vec<_> = self
            .lines
            .iter()
            .filter(|line| self.owner && line.method == PayMethod::Stars && line.state == PaymentState::Approved)
            // Telegram wants to know whose Stars go back, and nobody here knows it any more.
            .filter(|line| !line.user.is_erased())
            .map(|line| {
                let args = arg("amount", line.amount).with("user", Arg::shown(line.user));
                press(PaymentsPress::Refund(line.id.clone()), words.plain("btn-refund", args))
            })
            .collect();
        let shots = self.pictures.then(|| press(PaymentsPress::Screenshots, words.get("btn-shots")));
        let queue = (self.waiting > 0)
            .then(|| press(PaymentsPress::Queue, words.plain("btn-admin-queue", arg("n", self.waiting))));
        Keyboard::new().pairs(refunds).row(shots).row(queue).row([admin::back(words), home(words)])
    }
}

impl Payments {
    fn by_method(&self, words: Words<'_>) -> String {
        let each = self.totals.iter().map(|(method, n, sum)| {
            let args = arg("method", method_word(words, *method)).with("n", *n).with("sum", *sum);
            words.fmt("payments-by-method", args)
        });
        each.collect::<Vec<_>>().join(" · ")
    }
}

/// Shows S-42.
pub async fn payments(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if !turn.is_admin() {
        turn.notice(turn.words().get("admin-only"));
        return Ok(());
    }
    let zone = turn.tenant.zone().clone();
    let shown = |at: UnixMs| at.shown(&zone);
    let rows = turn.tx.payments_recent(LISTED).await?;
    let lines = rows.into_iter().map(|row| Line {
        id: row.id,
        user: row.user_id,
        amount: row.amount,
        method: row.method,
        state: row.state,
        at: shown(row.created_at),
    });
    let check = turn.tx.stars_check_get().await?;
    let screen = Payments {
        lines: lines.collect(),
        totals: turn.tx.payments_totals().await?,
        owner: turn.tenant.owner() == Some(turn.user.user_id),
        waiting: turn.tx.payments_review_count().await?,
        pictures: !turn.tx.payments_with_picture(1).await?.is_empty(),
        checked: check.map(|check| (shown(check.checked_at), check.drift.lines().count())),
    };
    turn.show(&screen);
    Ok(())
}
