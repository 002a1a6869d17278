//! Telegram Stars: invoices, the last check before a payment, refunds, the bot's own list of transactions (bot.md 11.4).

use serde::{Deserialize, Serialize};

use super::messages::Sent;
use super::{Bot, TelegramError};
use crate::domain::{ChatId, MessageId, UserId};

/// What an invoice says and hides.
#[derive(Debug, Clone, Copy)]
pub struct StarsInvoice<'a> {
    /// 1 to 32 characters.
    pub title: &'a str,
    /// 1 to 255 characters.
    pub description: &'a str,
    /// Comes back with the payment; 1 to 128 bytes.
    pub payload: &'a str,
    /// Unique, so that a forwarded copy has no button that pays.
    pub start_parameter: &'a str,
    /// The price.
    pub stars: i64,
}

#[derive(Serialize)]
struct Price<'a> {
    label: &'a str,
    amount: i64,
}

#[derive(Serialize)]
struct SendInvoice<'a> {
    chat_id: ChatId,
    title: &'a str,
    description: &'a str,
    payload: &'a str,
    provider_token: &'static str,
    currency: &'static str,
    prices: [Price<'a>; 1],
    start_parameter: &'a str,
}

#[derive(Serialize)]
struct AnswerPreCheckoutQuery<'a> {
    pre_checkout_query_id: &'a str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'a str>,
}

#[derive(Serialize)]
struct RefundStarPayment<'a> {
    user_id: UserId,
    telegram_payment_charge_id: &'a str,
}

#[derive(Serialize)]
struct GetStarTransactions {
    offset: i64,
    limit: i64,
}

/// The other side of a transaction, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StarsPartner {
    /// `user`, `fragment`, …
    #[serde(rename = "type", default)]
    pub kind: String,
    /// `invoice_payment` for what a person paid.
    #[serde(default)]
    pub transaction_type: Option<String>,
    /// Who.
    #[serde(default)]
    pub user: Option<StarsUser>,
    /// What the invoice hid.
    #[serde(default)]
    pub invoice_payload: Option<String>,
}

/// A person in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct StarsUser {
    /// Telegram id.
    pub id: UserId,
}

/// One line of the bot's list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StarsTransaction {
    /// For a payment the charge's name; a refund of it has the same.
    pub id: String,
    /// Stars.
    pub amount: i64,
    /// Seconds since 1970.
    #[serde(default)]
    pub date: i64,
    /// Where they came from.
    #[serde(default)]
    pub source: Option<StarsPartner>,
    /// Where they went.
    #[serde(default)]
    pub receiver: Option<StarsPartner>,
}

#[derive(Deserialize)]
struct Page {
    transactions: Vec<StarsTransaction>,
}

impl Bot<'_> {
    /// Sends an invoice; Telegram puts the button that pays under it.
    pub async fn send_invoice(&self, chat: ChatId, invoice: &StarsInvoice<'_>) -> Result<MessageId, TelegramError> {
        let body = SendInvoice {
            chat_id: chat,
            title: invoice.title,
            description: invoice.description,
            payload: invoice.payload,
            provider_token: "",
            currency: "XTR",
            prices: [Price { label: invoice.title, amount: invoice.stars }],
            start_parameter: invoice.start_parameter,
        };
        self.call_raw::<Sent>("sendInvoice", &body).await.map(|sent| sent.message_id)
    }

    /// Lets a payment go on, or refuses it with a text for the person.
    pub async fn answer_checkout(&self, query_id: &str, refusal: Option<&str>) -> Result<(), TelegramError> {
        let body =
            AnswerPreCheckoutQuery { pre_checkout_query_id: query_id, ok: refusal.is_none(), error_message: refusal };
        self.call_raw::<bool>("answerPreCheckoutQuery", &body).await.map(drop)
    }

    /// Gives a charge back. That it was given back before is a success.
    pub async fn refund_stars(&self, user: UserId, charge: &str) -> Result<(), TelegramError> {
        let body = RefundStarPayment { user_id: user, telegram_payment_charge_id: charge };
        match self.call_raw::<bool>("refundStarPayment", &body).await {
            Err(TelegramError::Rejected { description, .. }) if description.contains("CHARGE_ALREADY_REFUNDED") => {
                Ok(())
            }
            done => done.map(drop),
        }
    }

    /// A page of the bot's list, oldest first: at most 100 lines from `offset` on.
    pub async fn star_transactions(&self, offset: i64) -> Result<Vec<StarsTransaction>, TelegramError> {
        let body = GetStarTransactions { offset, limit: 100 };
        self.call_raw::<Page>("getStarTransactions", &body).await.map(|page| page.transactions)
    }
}
