//! A person in a chat: writes, presses, and waits for what is newer than that.

use std::collections::BTreeMap;
use std::time::Duration;

use botyard::sandbox::SandboxClient;
use botyard::sandbox::wire::ChatMessage;

use crate::cli::program::PATIENCE;

/// One person's chat with one bot.
pub(crate) struct Chat {
    world: SandboxClient,
    bot: &'static str,
    user: i64,
}

/// A state of the chat: the number of edits of each message.
struct Heard(BTreeMap<i64, u32>);

impl Heard {
    fn is_news(&self, message: &ChatMessage) -> bool {
        message.from_bot && self.0.get(&message.id).is_none_or(|edits| message.edits > *edits)
    }
}

impl Chat {
    pub(crate) fn new(world: SandboxClient, bot: &'static str, user: i64) -> Self {
        Self { world, bot, user }
    }

    /// Writes, and waits for an answer with `part` in it.
    pub(crate) async fn say(&self, text: &str, part: &str) -> ChatMessage {
        let before = self.heard().await;
        self.world.send_text(self.bot, self.user, text).await.unwrap();
        self.hear(&before, part).await
    }

    /// Presses the newest button with this label, and waits for a message with `part` in it.
    pub(crate) async fn press(&self, label: &str, part: &str) -> ChatMessage {
        let before = self.heard().await;
        let answer = self.world.press_label(self.bot, self.user, label).await;
        let answer = answer.unwrap_or_else(|error| panic!("«{label}»: {error}"));
        assert!(answer.answered, "«{label}» was left unanswered");
        self.hear(&before, part).await
    }

    /// Presses the newest button that carries this data, and waits for a message with `part` in it.
    pub(crate) async fn choose(&self, data: &str, part: &str) -> ChatMessage {
        let before = self.heard().await;
        let messages = self.messages().await;
        let shown = messages.iter().rev().find(|m| m.buttons().iter().any(|(_, d)| d == data));
        let shown = shown.unwrap_or_else(|| panic!("no button carries {data}"));
        self.world.press(self.bot, self.user, shown.id, data).await.unwrap();
        self.hear(&before, part).await
    }

    /// Presses a button and waits for a picture, and for the message with `part` that follows it.
    pub(crate) async fn press_for_picture(&self, label: &str, part: &str) -> ChatMessage {
        let before = self.heard().await;
        self.world.press_label(self.bot, self.user, label).await.unwrap();
        let after = self.hear(&before, part).await;
        let picture = self.messages().await.into_iter().find(|m| before.is_news(m) && m.json.get("photo").is_some());
        let picture = picture.expect("a picture came before the last word");
        let bytes = self.world.file(picture.file_id().unwrap()).await.unwrap();
        let size = imagesize::blob_size(&bytes).expect("the file is a picture");
        assert!(size.width > 100 && size.height > 100, "{size:?}");
        after
    }

    pub(crate) async fn messages(&self) -> Vec<ChatMessage> {
        self.world.messages(self.bot, self.user).await.unwrap_or_default()
    }

    async fn heard(&self) -> Heard {
        Heard(self.messages().await.iter().map(|m| (m.id, m.edits)).collect())
    }

    async fn hear(&self, before: &Heard, part: &str) -> ChatMessage {
        let news = |m: &&ChatMessage| before.is_news(m) && m.text().contains(part);
        let heard =
            self.world.wait_for(self.bot, self.user, PATIENCE, |all| all.iter().rev().find(news).cloned()).await;
        heard.unwrap_or_else(|error| panic!("«{part}» was not said within {:?}: {error}", Duration::from_secs(20)))
    }
}
