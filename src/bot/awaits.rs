//! What a person is asked for outside the wizard, and who takes the answer (bot.md 6.3): an amount, a code, a search.
//!
//! To add one: a variant here and an arm in `route.rs` (`typed` and `leave_question`). A family of questions is one variant that holds the
//! family's own enum. Words that give up («отмена») are understood before the answer is; a command is never an answer.

use crate::domain::BroadcastId;
use serde::{Deserialize, Serialize};

use crate::domain::{InvoiceId, ManualCreditId, Money, PaymentId, UserId};

/// What the next text or file answers. Kept in the session beside the draft, which it does not touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "awaits")]
pub enum Awaits {
    /// `topup:custom`: the amount of a top-up in roubles.
    TopUpAmount,
    /// A search, a question or an article for the knowledge base.
    Knowledge(KnowledgeInput),
    /// A promo code, or the line that defines one.
    Promo(PromoInput),
    /// `admin_broadcast`: what everybody is to get.
    Broadcast(BroadcastInput),
    /// Something of the admin's menu, or the answer to an admin's message.
    Admin(AdminInput),
    /// The picture of a transfer, or something of its review.
    Payments(PaymentsInput),
}

/// What topping up and its review ask for (bot.md 6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "asks")]
pub enum PaymentsInput {
    /// `sbp_wait`: the proof of a transfer.
    Receipt {
        /// For which request.
        invoice: InvoiceId,
    },
    /// `admin_ocr`: a picture to read, of an admin.
    Ocr,
    /// `admin_reject`: why a transfer is refused, in the reviewer's words.
    Reason {
        /// Which.
        payment: PaymentId,
    },
}

/// What the knowledge base asks for (bot.md 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "asks")]
pub enum KnowledgeInput {
    /// `kb_query`: what to look for.
    Query,
    /// `kb_question`: a question.
    Question,
    /// `kb_article`: a new article, of an admin.
    Article,
}

/// What promo codes ask for (bot.md 12.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "asks")]
pub enum PromoInput {
    /// `promo_code`: a code.
    Code,
    /// `admin_promo`: the definition line, of an admin.
    Terms,
}

/// A broadcast that is being composed: until it is sent, another message takes the place of what was composed before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BroadcastInput {
    /// The draft that was previewed; only it can be sent.
    pub draft: Option<BroadcastId>,
}

/// What the admin's menu asks for (bot.md 6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "asks")]
pub enum AdminInput {
    /// `admin_lookup`: a number, `@name`, or words of an article.
    Lookup,
    /// `admin_topup_amount`.
    CreditAmount {
        /// For whom.
        user: UserId,
    },
    /// `admin_topup_reason`.
    CreditReason {
        /// For whom.
        user: UserId,
        /// How much.
        amount: Money,
    },
    /// `admin_topup_confirm`: a button is expected.
    CreditConfirm {
        /// Which operation.
        id: ManualCreditId,
    },
    /// `admin_rate`.
    Rate,
    /// What an admin writes to a person (decisions.md 23).
    Message {
        /// To whom.
        user: UserId,
    },
    /// What a person answers to the admin who wrote last.
    Reply,
}

/// Words that give up what is being asked, written alone; never in a prompt of the wizard or a broadcast (bot.md 6.3).
const GIVE_UP: [&str; 3] = ["отмена", "cancel", "стоп"];

/// Whether a text alone means «отмена».
pub fn gives_up(text: &str) -> bool {
    GIVE_UP.contains(&text.trim().to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_of_a_family_survives_being_stored() {
        let awaits = Awaits::Knowledge(KnowledgeInput::Question);
        let text = serde_json::to_string(&awaits).unwrap();
        assert_eq!(text, r#"{"awaits":"knowledge","asks":"question"}"#);
        assert_eq!(serde_json::from_str::<Awaits>(&text).unwrap(), awaits);
    }

    #[test]
    fn what_is_awaited_survives_being_stored() {
        for awaits in [Awaits::TopUpAmount, Awaits::Promo(PromoInput::Code), Awaits::Promo(PromoInput::Terms)] {
            let text = serde_json::to_string(&awaits).unwrap();
            assert_eq!(serde_json::from_str::<Awaits>(&text).unwrap(), awaits, "{text}");
        }
    }

    #[test]
    fn words_that_give_up_stand_alone() {
        assert!(gives_up(" Отмена ") && gives_up("CANCEL") && gives_up("стоп"));
        assert!(!gives_up("отмена рейса, табло аэропорта"));
    }
}
