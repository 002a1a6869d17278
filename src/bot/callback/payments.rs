//! The buttons of topping up, of its review and of its list (bot.md 4). Amounts that do not read become zero, which no limit
//! allows: the person is told the limits instead of nothing (AMT).

use crate::domain::{InvoiceId, Money, PaymentId};

/// Why a payment is refused (bot.md 5.5, S-51).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RejectReason {
    /// Another amount.
    Amount,
    /// The money did not come.
    NotFound,
    /// The picture cannot be read.
    Unreadable,
    /// Used before.
    Duplicate,
    /// Written by the reviewer.
    Other,
}

impl RejectReason {
    /// Every reason, in the order of the buttons.
    pub const ALL: [Self; 5] = [Self::Amount, Self::NotFound, Self::Unreadable, Self::Duplicate, Self::Other];

    /// As buttons carry it, as it is stored, and as keys of texts end.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Amount => "amount",
            Self::NotFound => "notfound",
            Self::Unreadable => "unreadable",
            Self::Duplicate => "duplicate",
            Self::Other => "other",
        }
    }

    /// Reads it back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.word() == word)
    }
}

/// Which way the screenshots turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScreenshotTurn {
    /// Newer.
    Prev,
    /// Older.
    Next,
}

/// A pressed button of this family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaymentsPress {
    /// Pay by a transfer.
    Sbp(Money),
    /// Pay in Stars.
    Stars(Money),
    /// Older messages: the methods that exist.
    Card(Money),
    /// The waiting picture is this request's receipt.
    Resume(InvoiceId),
    /// S-42.
    List,
    /// S-42 with the newest picture.
    Screenshots,
    /// The next picture.
    Turn(ScreenshotTurn, Option<PaymentId>),
    /// The oldest payment under review.
    Queue,
    /// Approve it.
    Approve(PaymentId),
    /// Ask why it is refused.
    Reject(PaymentId),
    /// Refuse it.
    RejectAs(PaymentId, RejectReason),
    /// Ask whether Stars shall go back.
    Refund(PaymentId),
    /// Send them back.
    RefundOk(PaymentId),
    /// S-50.
    TestOcr,
    /// One's own payments.
    Mine,
    /// One of them again.
    Receipt(PaymentId),
}

impl PaymentsPress {
    /// Reads a button's data; `None`: not of this family.
    pub fn parse(data: &str) -> Option<Self> {
        let (head, payload) = data.split_once(':').unwrap_or((data, ""));
        let amount = || Money::parse_roubles(payload).unwrap_or(Money::ZERO);
        let payment = || PaymentId::from_short(payload).ok();
        Some(match (head, payload) {
            ("admin_payments" | "admin_payments_back", "") | ("adm", "payments") => Self::List,
            ("view_payment_screenshots", "") => Self::Screenshots,
            ("pay_queue", "") => Self::Queue,
            ("admin_test_ocr", "") => Self::TestOcr,
            ("my_payments", "") => Self::Mine,
            ("my_payment", _) => Self::Receipt(payment()?),
            ("pay_sbp", _) => Self::Sbp(amount()),
            ("pay_stars", _) => Self::Stars(amount()),
            ("pay_card", _) => Self::Card(amount()),
            ("pay_resume", id) => Self::Resume(InvoiceId::from_short(id).ok()?),
            ("pay_approve", _) => Self::Approve(payment()?),
            ("pay_reject", _) => Self::Reject(payment()?),
            ("pay_reject_as", _) => {
                let (id, reason) = payload.split_once(':')?;
                Self::RejectAs(PaymentId::from_short(id).ok()?, RejectReason::parse(reason)?)
            }
            ("admin_refund", _) => Self::Refund(payment()?),
            ("admin_refund_ok", _) => Self::RefundOk(payment()?),
            ("payment_screenshot_nav", _) => {
                let (way, id) = payload.split_once(':').map_or((payload, None), |(way, id)| (way, Some(id)));
                let way = match way {
                    "prev" => ScreenshotTurn::Prev,
                    "next" => ScreenshotTurn::Next,
                    _ => return None,
                };
                Self::Turn(way, id.and_then(|id| PaymentId::from_short(id).ok()))
            }
            _ => return None,
        })
    }

    /// The data that [`PaymentsPress::parse`] reads back.
    pub fn data(&self) -> String {
        match self {
            Self::Sbp(amount) => format!("pay_sbp:{}", super::plain_roubles(*amount)),
            Self::Stars(amount) => format!("pay_stars:{}", super::plain_roubles(*amount)),
            Self::Card(amount) => format!("pay_card:{}", super::plain_roubles(*amount)),
            Self::Resume(id) => format!("pay_resume:{}", id.short()),
            Self::List => "admin_payments".to_owned(),
            Self::Screenshots => "view_payment_screenshots".to_owned(),
            Self::Turn(way, id) => {
                let way = if *way == ScreenshotTurn::Prev { "prev" } else { "next" };
                let id = id.as_ref().map_or_else(String::new, |id| format!(":{}", id.short()));
                format!("payment_screenshot_nav:{way}{id}")
            }
            Self::Queue => "pay_queue".to_owned(),
            Self::Approve(id) => format!("pay_approve:{}", id.short()),
            Self::Reject(id) => format!("pay_reject:{}", id.short()),
            Self::RejectAs(id, reason) => format!("pay_reject_as:{}:{}", id.short(), reason.word()),
            Self::Refund(id) => format!("admin_refund:{}", id.short()),
            Self::RefundOk(id) => format!("admin_refund_ok:{}", id.short()),
            Self::TestOcr => "admin_test_ocr".to_owned(),
            Self::Mine => "my_payments".to_owned(),
            Self::Receipt(id) => format!("my_payment:{}", id.short()),
        }
    }

    /// Whether only administrators may press it.
    pub fn for_admins(&self) -> bool {
        !matches!(self, Self::Sbp(_) | Self::Stars(_) | Self::Card(_) | Self::Resume(_) | Self::Mine | Self::Receipt(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_reads_back() {
        let (invoice, payment) = (InvoiceId::random(), PaymentId::random());
        let mut all = vec![
            PaymentsPress::Sbp(Money::kopecks(9_999)),
            PaymentsPress::Stars(Money::kopecks(5_000_000)),
            PaymentsPress::Card(Money::kopecks(5_000)),
            PaymentsPress::Resume(invoice),
            PaymentsPress::List,
            PaymentsPress::Screenshots,
            PaymentsPress::Turn(ScreenshotTurn::Next, None),
            PaymentsPress::Turn(ScreenshotTurn::Prev, Some(payment.clone())),
            PaymentsPress::Queue,
            PaymentsPress::Approve(payment.clone()),
            PaymentsPress::Reject(payment.clone()),
            PaymentsPress::Refund(payment.clone()),
            PaymentsPress::RefundOk(payment.clone()),
            PaymentsPress::TestOcr,
            PaymentsPress::Mine,
            PaymentsPress::Receipt(payment.clone()),
        ];
        all.extend(RejectReason::ALL.map(|reason| PaymentsPress::RejectAs(payment.clone(), reason)));
        for press in all {
            assert!(press.data().len() <= 64);
            assert_eq!(PaymentsPress::parse(&press.data()), Some(press));
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_by_every_limit() {
        for data in ["pay_stars:nan", "pay_sbp:1e3", "pay_stars:-60", "pay_sbp:60.001", "pay_card:"] {
            let press = PaymentsPress::parse(data).unwrap();
            let zero = Money::ZERO;
            assert!([PaymentsPress::Stars(zero), PaymentsPress::Sbp(zero), PaymentsPress::Card(zero)].contains(&press));
        }
        for data in ["pay_approve:xyz", "pay_reject_as:aaaaaaaaaaaa:no", "pay_queue:1", "payment_screenshot_nav:up"] {
            assert_eq!(PaymentsPress::parse(data), None, "{data}");
        }
    }
}
