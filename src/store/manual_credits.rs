//! Credits that admins prepare by hand: who, to whom, how much, why; credited once (bot.md 14.4). One that needs a second person
//! is asked for, and cannot be credited before somebody else has approved it: the statement that credits says so.

use super::rows::{all, maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{ChatId, CreditAsk, ManualCreditId, MessageId, Money, UnixMs, UserId};

const MANUAL_CREDIT_PUT: &str =
    "INSERT INTO manual_credits (bot_instance_id, id, admin_id, user_id, amount, reason, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const MANUAL_CREDIT_GET: &str =
    "SELECT id, admin_id, user_id, amount, reason, created_at, credited_at FROM manual_credits
     WHERE bot_instance_id = $1 AND id = $2";
const MANUAL_CREDIT_DONE: &str = "UPDATE manual_credits SET credited_at = $3
     WHERE bot_instance_id = $1 AND id = $2 AND credited_at IS NULL AND (ask IS NULL OR ask = 'approved')";
const CREDIT_ASK: &str =
    "UPDATE manual_credits SET ask = 'awaiting_approval', asked_by = $3, first_by = $4, asked_at = $5
     WHERE bot_instance_id = $1 AND id = $2 AND credited_at IS NULL AND ask IS NULL";
const CREDIT_ASK_GET: &str =
    "SELECT id, user_id, amount, reason, ask, asked_by, asked_at, first_by, decided_by, decided_at
     FROM manual_credits WHERE bot_instance_id = $1 AND id = $2 AND ask IS NOT NULL";
const CREDITS_WAITING: &str =
    "SELECT id, user_id, amount, reason, ask, asked_by, asked_at, first_by, decided_by, decided_at
     FROM manual_credits WHERE bot_instance_id = $1 AND ask = 'awaiting_approval' ORDER BY asked_at, id LIMIT $2";
const CREDIT_FIRST: &str = "UPDATE manual_credits SET first_by = $3
     WHERE bot_instance_id = $1 AND id = $2 AND ask = 'awaiting_approval' AND first_by IS NULL";
/// Whose eyes were the first cannot be the second.
const CREDIT_APPROVE: &str = "UPDATE manual_credits SET ask = 'approved', decided_by = $3, decided_at = $4
     WHERE bot_instance_id = $1 AND id = $2 AND ask = 'awaiting_approval' AND first_by <> $3";
const CREDIT_END: &str = "UPDATE manual_credits SET ask = $3, decided_by = $4, decided_at = $5
     WHERE bot_instance_id = $1 AND id = $2 AND ask = 'awaiting_approval'";
/// A message shows one thing at a time.
const CREDIT_COPY_PUT: &str =
    "INSERT INTO credit_copies (bot_instance_id, chat_id, message_id, credit_id, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (bot_instance_id, chat_id, message_id) DO UPDATE SET credit_id = excluded.credit_id";
const CREDIT_COPIES: &str =
    "SELECT chat_id, message_id FROM credit_copies WHERE bot_instance_id = $1 AND credit_id = $2
     ORDER BY chat_id, message_id";
const CREDIT_COPY_FORGET: &str =
    "DELETE FROM credit_copies WHERE bot_instance_id = $1 AND chat_id = $2 AND message_id = $3";

row! {
    /// A message that shows a credit that was asked for.
    pub struct CreditCopyRow of "credit_copies" by "message_id" {
        /// In this admin's chat.
        pub chat_id: ChatId,
        /// The message.
        pub message_id: MessageId,
    }
}

row! {
    /// A credit by hand.
    pub struct ManualCreditRow of "manual_credits" by "id" {
        /// Its operation's id.
        pub id: ManualCreditId,
        /// Who prepared it.
        pub admin_id: UserId,
        /// For whom.
        pub user_id: UserId,
        /// How much.
        pub amount: Money,
        /// Why.
        pub reason: String,
        /// When it was prepared.
        pub created_at: UnixMs,
        /// When it was credited; `None`: not yet.
        pub credited_at: Option<UnixMs>,
    }
}

row! {
    /// A credit that needs a second person.
    pub struct CreditAskRow of "manual_credits" by "id" {
        /// Its operation's id.
        pub id: ManualCreditId,
        /// For whom.
        pub user_id: UserId,
        /// How much.
        pub amount: Money,
        /// Why.
        pub reason: String,
        /// Where it stands.
        pub ask: CreditAsk,
        /// Who asked, as the audit log names them.
        pub asked_by: String,
        /// When.
        pub asked_at: UnixMs,
        /// Whose eyes were the first; `None`: a program asked, and nobody has looked yet.
        pub first_by: Option<String>,
        /// Who ended it.
        pub decided_by: Option<String>,
        /// When.
        pub decided_at: Option<UnixMs>,
    }
}

impl TenantTx {
    /// Notes a credit that waits for its confirmation.
    pub async fn manual_credit_put(&mut self, new: &ManualCreditRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(MANUAL_CREDIT_PUT).bind(self.id.as_str()).bind(new.id.as_str()).bind(new.admin_id.0)
            .bind(new.user_id.0).bind(new.amount.as_kopecks()).bind(&new.reason).bind(new.created_at.0).execute(c).await
            .map(|_| ()))?;
        Ok(())
    }

    /// A prepared credit.
    pub async fn manual_credit_get(&mut self, id: &ManualCreditId) -> Result<Option<ManualCreditRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(MANUAL_CREDIT_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c).await))
    }

    /// Notes that it is credited. `true` only once.
    pub async fn manual_credit_done(&mut self, id: &ManualCreditId, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(MANUAL_CREDIT_DONE).bind(self.id.as_str()).bind(id.as_str()).bind(now.0)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Asks for a second person. `first`: whose eyes were the first. `true` only once, and never after it was credited.
    pub async fn credit_ask(
        &mut self,
        id: &ManualCreditId,
        (by, first): (&str, Option<&str>),
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CREDIT_ASK).bind(self.id.as_str()).bind(id.as_str()).bind(by).bind(first)
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// A credit that was asked for.
    pub async fn credit_ask_get(&mut self, id: &ManualCreditId) -> Result<Option<CreditAskRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(CREDIT_ASK_GET).bind(self.id.as_str()).bind(id.as_str()).fetch_optional(c).await))
    }

    /// At most `n` credits that wait for a second person, those first that wait longest.
    pub async fn credits_waiting(&mut self, n: i64) -> Result<Vec<CreditAskRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(CREDITS_WAITING).bind(self.id.as_str()).bind(n).fetch_all(c).await))
    }

    /// Notes whose eyes were the first, where nobody's were.
    pub async fn credit_first(&mut self, id: &ManualCreditId, by: &str) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CREDIT_FIRST).bind(self.id.as_str()).bind(id.as_str()).bind(by)
            .execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Approves as the second person. `true` only once, and never for whoever was the first.
    pub async fn credit_approve(&mut self, id: &ManualCreditId, by: &str, now: UnixMs) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CREDIT_APPROVE).bind(self.id.as_str()).bind(id.as_str()).bind(by)
            .bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Ends it without a credit. `true` only once.
    pub async fn credit_end(
        &mut self,
        id: &ManualCreditId,
        end: CreditAsk,
        by: &str,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CREDIT_END).bind(self.id.as_str()).bind(id.as_str()).bind(end.as_str())
            .bind(by).bind(now.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }

    /// Notes a message that shows a credit that was asked for.
    pub async fn credit_copy_put(
        &mut self,
        id: &ManualCreditId,
        (chat, message): (ChatId, MessageId),
        now: UnixMs,
    ) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(CREDIT_COPY_PUT).bind(self.id.as_str()).bind(chat.0).bind(message.0)
            .bind(id.as_str()).bind(now.0).execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// The messages that show a credit that was asked for.
    pub async fn credit_copies(&mut self, id: &ManualCreditId) -> Result<Vec<CreditCopyRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(CREDIT_COPIES).bind(self.id.as_str()).bind(id.as_str()).fetch_all(c).await))
    }

    /// A message shows something else from now on. `false`: it showed no credit.
    pub async fn credit_copy_forget(&mut self, chat: ChatId, message: MessageId) -> Result<bool, StoreError> {
        let done = on!(self.tx, c => sqlx::query(CREDIT_COPY_FORGET).bind(self.id.as_str()).bind(chat.0)
            .bind(message.0).execute(c).await.map(|d| d.rows_affected()))?;
        Ok(done == 1)
    }
}
