//! S-24: what came of the picture of a transfer, in the chat of whoever sent it (bot.md 5.3, 11.3).

use super::{PaidScreen, as_message};
use crate::accounts::audit::{self, Act, Actor};
use crate::billing::{self, Alone, Claim, Claimed, Credited};
use crate::bot::awaits::{Awaits, PaymentsInput};
use crate::bot::callback::Callback;
use crate::bot::error::TurnError;
use crate::bot::jobs::payments::CheckReceipt;
use crate::bot::review;
use crate::bot::screens::{Screen, home, lines};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::receipt::{AutoTerms, Reading, ReceiptFlag, ReceiptFlags, Verdict, verdict};
use crate::domain::{AuditAction, AuditDoor, InvoiceId, InvoiceState, MediaId, MessageClass};
use crate::texts::Words;
use crate::vault::Column;

/// What the job found out about a picture.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The picture, in the tenant's store.
    pub media: MediaId,
    /// Of the picture, in hexadecimal.
    pub sha256: String,
    /// What was read in it; `None`: nothing could be read.
    pub reading: Option<Reading>,
    /// What is odd about it.
    pub flags: ReceiptFlags,
}

/// Why a picture was not even looked at; costs no attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotChecked {
    /// Telegram did not give it, or it could not be kept.
    NotFetched,
    /// Larger than bots get.
    TooBig,
    /// No picture.
    NotAPicture,
}

/// A text with the ways on from it.
pub(super) struct Outcome {
    pub(super) html: String,
    pub(super) support: bool,
}

impl Screen for Outcome {
    fn text(&self, _words: Words<'_>) -> String {
        self.html.clone()
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let support = self.support.then(|| Callback::Support.button(words.get("btn-support")));
        Keyboard::new().row(support).row([home(words)])
    }
}

fn tell(turn: &mut Turn<'_>, html: String) {
    let message = as_message(&Outcome { html, support: true }, turn.words());
    turn.push(message, MessageClass::MustArrive);
}

/// `pay_attempts_over`.
pub(super) fn over(turn: &mut Turn<'_>, invoice: &InvoiceId) {
    let args = arg("support", turn.support()).with("invoice", invoice.short());
    let html = turn.words().fmt("pay-attempts-over", args);
    tell(turn, html);
}

/// The next picture answers this request, unless the person is in the middle of something else.
fn await_another(turn: &mut Turn<'_>, invoice: &InvoiceId) {
    if turn.session.awaits.is_none() && turn.session.draft.is_none() {
        turn.session.awaits = Some(Awaits::Payments(PaymentsInput::Receipt { invoice: invoice.clone() }));
    }
}

/// Names the fact that a picture was claimed: told twice, claimed once.
fn source(asked: &CheckReceipt) -> String {
    format!("sbp:{}", asked.payment.short())
}

/// A picture that could not be looked at. Nothing is said of one that was claimed all the same: its sender has heard of that.
pub async fn receipt_not_checked(turn: &mut Turn<'_>, asked: &CheckReceipt, why: NotChecked) -> Result<(), TurnError> {
    if turn.tx.payment_by_source(&source(asked)).await?.is_some() {
        turn.stay_silent();
        return Ok(());
    }
    let words = turn.words();
    let html = match why {
        NotChecked::NotFetched => words.get("sbp-not-fetched"),
        NotChecked::TooBig => words.get("sbp-too-big"),
        NotChecked::NotAPicture => words.get("expected-screenshot"),
    };
    await_another(turn, &asked.invoice);
    tell(turn, html);
    Ok(())
}

/// Claims a picture that was looked at, and says what came of it. Whether the picture is kept.
pub async fn receipt_checked(turn: &mut Turn<'_>, asked: &CheckReceipt, found: &Checked) -> Result<bool, TurnError> {
    let Some(invoice) = turn.tx.invoice_get(&asked.invoice).await? else { return Ok(false) };
    let settings = &turn.tenant.settings;
    let terms = AutoTerms {
        allowed: settings.sbp_auto_approve && settings.sbp_offered(),
        limit: settings.sbp_auto_limit,
        second_above: settings.approval_limit,
        blocked: turn.user.blocked_at.is_some(),
    };
    let mut flags = found.flags.clone();
    flags.set(ReceiptFlag::Late, asked.accepted_at >= invoice.expires_at && invoice.state != InvoiceState::Review);
    let approved = verdict(found.reading.as_ref(), invoice.amount, &flags, terms) == Verdict::Approve;
    let (person, day) = (billing::by_itself(&invoice.user_ref), turn.tenant.today(turn.now));
    let evidence = match &found.reading {
        Some(reading) => Some(turn.tenant.seal(Column::Receipt, &serde_json::to_vec(reading)?)?),
        None => None,
    };
    let (source, flags, corr) = (source(asked), flags.stored(), turn.corr.clone());
    let claim = Claim {
        id: &asked.payment,
        invoice: &asked.invoice,
        source: &source,
        media: &found.media,
        file_unique_id: Some(asked.file.file_unique_id.as_str()).filter(|id| !id.is_empty()),
        sha256: &found.sha256,
        evidence: evidence.as_deref(),
        flags: &flags,
        alone: approved.then(|| Alone::by_itself(settings, &person, &day)),
        accepted_at: asked.accepted_at,
        most: i64::from(settings.sbp_max_attempts),
        corr: &corr,
        now: turn.now,
    };
    let claimed = billing::claim(turn.tx, &claim).await?;
    tracing::info!(flags, outcome = word(&claimed), "a receipt was checked");
    said(turn, asked, claimed).await
}

const fn word(claimed: &Claimed) -> &'static str {
    match claimed {
        Claimed::Credited(_) => "credited",
        Claimed::Review(_) => "review",
        Claimed::Waiting => "waiting",
        Claimed::Duplicate(_) => "duplicate",
        Claimed::Over => "over",
        Claimed::Closed => "closed",
        Claimed::Before => "before",
    }
}

async fn said(turn: &mut Turn<'_>, asked: &CheckReceipt, claimed: Claimed) -> Result<bool, TurnError> {
    let words = turn.words();
    match claimed {
        Claimed::Credited(credited) => {
            by_itself(turn, &credited).await?;
            return Ok(true);
        }
        Claimed::Review(payment) => {
            tell(turn, words.get("pay-review"));
            let desk = review::Desk::of(turn);
            for (chat, outgoing) in review::copies_for_all(turn.tx, &desk, &payment).await? {
                turn.tell_message(chat, outgoing);
            }
            return Ok(true);
        }
        Claimed::Waiting => tell(turn, words.get("sbp-already")),
        Claimed::Duplicate(0) => {
            let html =
                lines([
                    Some(words.get("pay-dup")),
                    Some(words.fmt(
                        "pay-attempts-over",
                        arg("support", turn.support()).with("invoice", asked.invoice.short()),
                    )),
                ]);
            tell(turn, html);
        }
        Claimed::Duplicate(left) => {
            await_another(turn, &asked.invoice);
            let html = lines([Some(words.get("pay-dup")), Some(words.fmt("sbp-another", arg("n", left)))]);
            tell(turn, html);
        }
        Claimed::Over => over(turn, &asked.invoice),
        Claimed::Closed => tell(turn, words.get("sbp-closed")),
        Claimed::Before => turn.stay_silent(),
    }
    Ok(false)
}

/// Credited without a person: written down with who decided, and said.
async fn by_itself(turn: &mut Turn<'_>, credited: &Credited) -> Result<(), TurnError> {
    let payment = &credited.payment;
    let desk = review::Desk::of(turn);
    review::credited(turn.tx, &desk, payment).await?;
    let corr = turn.corr.clone();
    let (who, object) = (Actor { user: None, door: AuditDoor::System, corr: &corr }, review::object(&payment.id));
    let became = payment.amount.to_string();
    let act = Act::new(AuditAction::PaymentApproved, &object).changed(None, Some(&became));
    audit::record(turn.tx, who, act.because(Some(billing::BY_ITSELF)), turn.now).await?;
    let screen = PaidScreen {
        amount: payment.amount,
        repaid: credited.top_up.repaid,
        bonus: credited.top_up.bonus,
        available: turn.balance().await?.available,
        draft: turn.session.draft.is_some(),
    };
    let message = as_message(&screen, turn.words());
    turn.push(message, MessageClass::MustArrive);
    for (chat, outgoing) in review::closed_copies(turn.tx, &desk, &credited.superseded).await? {
        turn.tell_message(chat, outgoing);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{ru, words};
    use crate::domain::Language;

    #[test]
    fn s24_leads_to_support_and_home() {
        let html = words(Language::Ru).get("pay-review");
        insta::assert_snapshot!(ru(&Outcome { html, support: true }), @"
            🕓 Скриншот передан на ручную проверку. Сообщу о результате.
            | 🆘 Поддержка [support_contact] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }
}
