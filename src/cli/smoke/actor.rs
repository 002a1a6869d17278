//! What a person of the play does: writes, presses, and waits for what the bot says.

use std::time::Duration;

use super::stage::{Bot, Stage};
use crate::domain::{ChatId, UserId};
use crate::sandbox::wire::ChatMessage;

/// A person in the chat with one bot.
pub(super) struct Actor<'a> {
    pub(super) stage: &'a Stage,
    pub(super) bot: &'a Bot,
    pub(super) user: UserId,
}

impl Actor<'_> {
    /// Writes, and waits for a newer message of the bot that `fits`.
    pub(super) async fn say(
        &self,
        text: &str,
        what: &str,
        fits: impl Fn(&ChatMessage) -> bool,
    ) -> Result<ChatMessage, String> {
        let before = self.seen().await?;
        let sent = self.stage.world.send_text(&self.bot.username, self.user.0, text).await;
        sent.map_err(|error| format!("{text}: {error}"))?;
        self.hear(before, what, fits).await
    }

    /// Presses the newest button whose data holds `data`, and waits for what it brings.
    pub(super) async fn press(
        &self,
        data: &str,
        what: &str,
        fits: impl Fn(&ChatMessage) -> bool,
    ) -> Result<ChatMessage, String> {
        let messages = self.messages().await?;
        let found = messages.iter().rev().find_map(|message| {
            let button = message.buttons().into_iter().find(|(_, own)| own.contains(data))?;
            Some((message.id, button.1))
        });
        let (message, own) = found.ok_or_else(|| format!("{what}: there is no button {data}"))?;
        let before = self.seen().await?;
        let pressed = self.stage.world.press(&self.bot.username, self.user.0, message, &own).await;
        pressed.map_err(|error| format!("{what}: {error}"))?;
        self.hear(before, what, fits).await
    }

    async fn hear(
        &self,
        before: Vec<(i64, u32)>,
        what: &str,
        fits: impl Fn(&ChatMessage) -> bool,
    ) -> Result<ChatMessage, String> {
        let news = |message: &&ChatMessage| {
            message.from_bot && !before.contains(&(message.id, message.edits)) && fits(message)
        };
        let (bot, user, patience) = (&self.bot.username, self.user.0, self.stage.patience);
        let heard = self.stage.world.wait_for(bot, user, patience, |all| all.iter().rev().find(news).cloned()).await;
        heard.map_err(|_| format!("{what}: the bot did not say it within {} s", patience.as_secs()))
    }

    async fn seen(&self) -> Result<Vec<(i64, u32)>, String> {
        Ok(self.messages().await?.iter().map(|message| (message.id, message.edits)).collect())
    }

    pub(super) async fn messages(&self) -> Result<Vec<ChatMessage>, String> {
        self.stage.world.messages(&self.bot.username, self.user.0).await.map_err(|error| error.to_string())
    }

    /// Waits until all that was to be said is recorded as said.
    pub(super) async fn settled(&self) -> Result<(), String> {
        let db = &self.stage.app.platform.db;
        let began = std::time::Instant::now();
        while began.elapsed() < self.stage.patience {
            let mut tx = db.tenant_read(&self.bot.id).await.map_err(|error| error.to_string())?;
            let open = tx.outbox_open_count(ChatId::from(self.user)).await.map_err(|error| error.to_string())?;
            if open == 0 {
                return Ok(());
            }
            drop(tx);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("messages are left unsent".to_owned())
    }
}

/// A screen with a way out of the wizard: it asks for something.
pub(super) fn asks(message: &ChatMessage) -> bool {
    message.buttons().iter().any(|(_, data)| data == "cancel")
}

/// A picture.
pub(super) fn is_picture(message: &ChatMessage) -> bool {
    message.json.get("photo").is_some()
}
