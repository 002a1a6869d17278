//! The command menus that Telegram has of a bot, by chat, so that an equal one is not sent again (decisions.md 21).

use super::rows::{all, row};
use super::{StoreError, TenantTx, on};
use crate::domain::{ChatId, UnixMs};

const MENUS_LIST: &str =
    "SELECT chat_id, fingerprint, set_at FROM command_menus WHERE bot_instance_id = $1 ORDER BY chat_id";
const MENU_PUT: &str =
    "INSERT INTO command_menus (bot_instance_id, chat_id, fingerprint, set_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (bot_instance_id, chat_id) DO UPDATE SET fingerprint = excluded.fingerprint, set_at = excluded.set_at";
const MENU_FORGET: &str = "DELETE FROM command_menus WHERE bot_instance_id = $1 AND chat_id = $2";

row! {
    /// A menu that was set.
    pub struct MenuRow of "command_menus" by "chat_id" {
        /// For which chat; 0 is everybody.
        pub chat_id: ChatId,
        /// What was set, in all languages, and for which bot.
        pub fingerprint: String,
        /// When.
        pub set_at: UnixMs,
    }
}

impl TenantTx {
    /// Every menu that was set.
    pub async fn menus_list(&mut self) -> Result<Vec<MenuRow>, StoreError> {
        on!(self.tx, c => all(sqlx::query(MENUS_LIST).bind(self.id.as_str()).fetch_all(c).await))
    }

    /// Notes that a menu was set.
    pub async fn menu_put(&mut self, chat: ChatId, fingerprint: &str, now: UnixMs) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(MENU_PUT).bind(self.id.as_str()).bind(chat.0).bind(fingerprint).bind(now.0)
            .execute(c).await.map(|_| ()))?;
        Ok(())
    }

    /// Notes that a chat has no menu of its own any more. `false`: it had none.
    pub async fn menu_forget(&mut self, chat: ChatId) -> Result<bool, StoreError> {
        let gone = on!(self.tx, c => sqlx::query(MENU_FORGET).bind(self.id.as_str()).bind(chat.0).execute(c).await
            .map(|d| d.rows_affected()))?;
        Ok(gone == 1)
    }
}
