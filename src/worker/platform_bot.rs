//! The platform's own bot (decisions.md 14): whoever writes to it has proved who they are. It gives links into onboarding, takes
//! a pasted token (and removes the message at once), and, as a manager, receives bots that people created for it.
//!
//! It is polled, in one process at a time, and keeps nothing between updates but what onboarding stores.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Workers;
use super::singleton::Role;
use crate::accounts::onboarding;
use crate::args;
use crate::clients::telegram::{Bot, Button, Extra, InlineKeyboard, TelegramError};
use crate::domain::{BotInstanceId, BotToken, ChatId, Language, LinkSource, MessageId, UnixMs, UserId};
use crate::store::StoreError;
use crate::tenants::onboard::{self, OnboardError, Outcome};

/// What it listens to.
const UPDATES: &[&str] = &["message", "managed_bot"];
/// How often it is asked who it is: bot management may be switched on at any time.
const ASK_AGAIN: Duration = Duration::from_mins(1);
/// After an error.
const PAUSE: Duration = Duration::from_secs(3);

#[derive(Deserialize)]
struct Update {
    #[serde(rename = "update_id")]
    id: i64,
    message: Option<Message>,
    managed_bot: Option<Managed>,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "message_id")]
    id: MessageId,
    from: Option<Person>,
    chat: Chat,
    text: Option<String>,
}

#[derive(Deserialize)]
struct Chat {
    id: ChatId,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Person {
    id: UserId,
    language_code: Option<String>,
}

/// A bot was created for its manager, or its token or owner changed.
#[derive(Deserialize)]
struct Managed {
    user: Person,
    bot: Person,
}

/// Why an update was not handled; it is asked for again.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Onboard(#[from] OnboardError),
}

/// Serves the platform's bot, if there is one, until the soft stop.
pub async fn run(workers: Arc<Workers>) {
    let Some(token) = workers.platform.settings.owner.bot_token.clone() else { return };
    let stop = workers.tasks.soft();
    let role = Role::new(&workers, "platform_bot");
    let bot = workers.telegram.bot(&token, None);
    let mut offset = None;
    let mut known: Option<UnixMs> = None;
    while !stop.is_cancelled() {
        let now = workers.platform.clock.now();
        if known.is_none_or(|at| now.since(at) >= ASK_AGAIN) {
            known = introduce(&workers, &bot).await.then_some(now).or(known);
        }
        let pause = match role.take().await {
            Ok(true) if known.is_some() => {
                let round = role.while_held(Box::pin(round(&workers, &bot, &mut offset)));
                let done = stop.run_until_cancelled(round).await;
                done.flatten().unwrap_or(Duration::ZERO)
            }
            Ok(true) => PAUSE,
            Ok(false) => {
                offset = None;
                workers.platform.settings.leases.renew_every
            }
            Err(error) => {
                tracing::warn!(error = %error, "the platform's bot could not ask for its lease");
                PAUSE
            }
        };
        let _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
    role.give_back().await;
}

/// Asks who it is: pages show its name, and links of managed bots carry it.
async fn introduce(workers: &Workers, bot: &Bot<'_>) -> bool {
    match bot.get_me().await {
        Ok(me) => {
            let manages = me.can("can_manage_bots");
            tracing::debug!(bot = me.username, manages, "the platform's bot is there");
            workers.platform.manager.set(me.username, manages);
            true
        }
        Err(error) => {
            tracing::warn!(%error, "the platform's bot is not there");
            false
        }
    }
}

/// One getUpdates, and what it brought; how long to pause afterwards.
async fn round(workers: &Workers, bot: &Bot<'_>, offset: &mut Option<i64>) -> Duration {
    let updates = match bot.get_updates(*offset, workers.platform.settings.telegram.long_poll, UPDATES).await {
        Ok(updates) => updates,
        Err(TelegramError::RetryAfter(wait)) => return wait,
        Err(error @ TelegramError::Conflict(_)) => {
            // Somebody set a webhook for it: this bot is polled.
            tracing::warn!(%error, "the platform's bot has a webhook, it is taken away");
            if let Err(error) = bot.delete_webhook().await {
                tracing::warn!(%error, "the webhook of the platform's bot stays");
            }
            return PAUSE;
        }
        Err(error) => {
            tracing::info!(%error, "the platform's bot got no updates");
            return PAUSE;
        }
    };
    for raw in updates {
        let Some(id) = update_id(&raw) else { continue };
        if let Ok(update) = serde_json::from_str::<Update>(raw.get())
            && let Err(error) = handle(workers, bot, update).await
        {
            tracing::warn!(%error, "an update of the platform's bot was not handled, it comes again");
            return PAUSE;
        }
        *offset = Some(id + 1);
    }
    Duration::ZERO
}

/// Also of an update whose rest is not understood: it must not come for ever.
fn update_id(raw: &RawValue) -> Option<i64> {
    #[derive(Deserialize)]
    struct Head {
        update_id: i64,
    }
    serde_json::from_str::<Head>(raw.get()).ok().map(|head| head.update_id)
}

async fn handle(workers: &Workers, bot: &Bot<'_>, update: Update) -> Result<(), Trouble> {
    tracing::debug!(update = update.id, "the platform's bot has an update");
    if let Some(message) = update.message {
        return message_came(workers, bot, message).await;
    }
    if let Some(managed) = update.managed_bot {
        return bot_came(workers, bot, managed).await;
    }
    Ok(())
}

fn language(person: &Person) -> Language {
    Language::from_telegram(person.language_code.as_deref(), true, Language::Ru)
}

async fn message_came(workers: &Workers, bot: &Bot<'_>, message: Message) -> Result<(), Trouble> {
    let Some(from) = message.from.filter(|_| message.chat.kind == "private") else { return Ok(()) };
    let token = message.text.as_deref().and_then(token_in);
    if token.is_some()
        && let Err(error) = bot.delete_message(message.chat.id, message.id).await
    {
        tracing::warn!(%error, "a message with a token was not removed");
    }
    let language = language(&from);
    if !workers.platform.settings.onboarding.open {
        say(workers, bot, from.id, language, Said::Closed).await;
        return Ok(());
    }
    let Some(token) = token else {
        say(workers, bot, from.id, language, Said::Hello(link(workers, &from).await?)).await;
        return Ok(());
    };
    let now = workers.platform.clock.now();
    let came = onboard::take(workers.platform.host(&workers.telegram), &token, from.id, false, now).await?;
    tell(workers, bot, &from, came).await
}

/// The first word of a text that is a token.
fn token_in(text: &str) -> Option<BotToken> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-')))
        .find_map(|word| BotToken::parse(word).ok())
}

/// A bot was created for us. It is taken only for who asked for it a moment ago (facts/telegram.md 2); a bot that is hosted
/// already has another token now.
async fn bot_came(workers: &Workers, bot: &Bot<'_>, managed: Managed) -> Result<(), Trouble> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let open = platform.db.platform_read().await?.pairing_open(managed.user.id, now).await?;
    let language = language(&managed.user);
    let Some(open) = open else {
        let link = link(workers, &managed.user).await?;
        say(workers, bot, managed.user.id, language, Said::NoPairing(link)).await;
        return Ok(());
    };
    let body = serde_json::json!({ "user_id": managed.bot.id });
    let token = match bot.call_raw::<String>("getManagedBotToken", &body).await {
        Ok(token) => BotToken::parse(&token).ok(),
        Err(error) => {
            tracing::warn!(%error, "the token of a managed bot was not given");
            None
        }
    };
    let Some(token) = token.filter(|token| token.bot_id() == managed.bot.id) else { return Ok(()) };
    let mut tx = platform.db.platform().await?;
    let first = tx.pairing_use(&open.code, managed.user.id, managed.bot.id, now).await?;
    tx.commit().await?;
    if !first {
        return Ok(());
    }
    let came = onboard::take(workers.platform.host(&workers.telegram), &token, managed.user.id, true, now).await?;
    tell(workers, bot, &managed.user, came).await
}

async fn tell(workers: &Workers, bot: &Bot<'_>, person: &Person, came: Outcome) -> Result<(), Trouble> {
    let said = match came {
        Outcome::Hosted(id) => Said::Hosted(id, link(workers, person).await?),
        Outcome::SpeaksElsewhere(at) => Said::Elsewhere(at, link(workers, person).await?),
        Outcome::Taken => Said::Key("onboarding-taken"),
        Outcome::Banned => Said::Key("onboarding-banned"),
        Outcome::Unknown => Said::Key("onboarding-unknown"),
        Outcome::Away => Said::Key("onboarding-away"),
    };
    say(workers, bot, person.id, language(person), said).await;
    Ok(())
}

async fn link(workers: &Workers, person: &Person) -> Result<String, StoreError> {
    let platform = &workers.platform;
    let (settings, now) = (&platform.settings.onboarding, platform.clock.now());
    let source = (LinkSource::PlatformBot, None);
    let path = onboarding::issue(&platform.db, settings, person.id, source, language(person), now).await?;
    Ok(format!("{}{path}", workers.public_url))
}

/// What it says, with the link that goes with it.
enum Said {
    Hello(String),
    Closed,
    Hosted(BotInstanceId, String),
    Elsewhere(String, String),
    NoPairing(String),
    Key(&'static str),
}

/// Says it. What does not arrive is asked for again by the person.
async fn say(workers: &Workers, bot: &Bot<'_>, person: UserId, language: Language, said: Said) {
    let words = workers.platform.texts.words(language);
    let (text, link) = match said {
        Said::Hello(link) => (words.get("platform-hello"), Some(link)),
        Said::Closed => (words.get("platform-closed"), None),
        Said::Hosted(id, link) => {
            let tenant = workers.platform.tenants.get(&id);
            let name =
                tenant.and_then(|tenant| tenant.username.clone()).map_or_else(|| id.to_string(), |n| format!("@{n}"));
            (words.fmt("platform-hosted", args![name = name.as_str()]), Some(link))
        }
        Said::Elsewhere(at, link) => (words.fmt("platform-elsewhere", args![host = at.as_str()]), Some(link)),
        Said::NoPairing(link) => (words.get("platform-no-pairing"), Some(link)),
        Said::Key(key) => (words.get(key), None),
    };
    let keyboard = link.map(|link| InlineKeyboard::new().row([Button::url(words.get("platform-open"), link)]));
    let extra = Extra { keyboard: keyboard.as_ref(), ..Extra::default() };
    if let Err(error) = bot.send_message(ChatId::from(person), &text, extra).await {
        tracing::info!(%error, "the platform's bot was not heard");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_among_words() {
        let token = format!("7000000001:AA{}", "x".repeat(33));
        assert!(token_in(&format!("Use this token:\n{token}\nKeep it secure.")).is_some());
        assert!(token_in("16:9").is_none());
    }
}
