//! What admins are told without having asked: a class of errors at most once in ten minutes (bot.md 15.1), in their bot; where
//! their bot cannot speak, by the platform's own.

use std::sync::Arc;
use std::time::Duration;

use super::dues;
use super::singleton::Role;
use crate::clients::telegram::Extra;
use crate::config::Settings;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, Corr, MessageClass, UnixMs};
use crate::store::{Since, StoreError};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::tenants::tenant::TenantError;
use crate::texts::{Args, Words};
use crate::worker::Workers;

/// A message of the platform's bot is not waited for longer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Says a text to every admin who has written to the bot, each in their language.
pub(super) async fn tell_admins(workers: &Workers, tenant: &Tenant, key: &str, values: Args) -> Result<(), StoreError> {
    tell_each(workers, tenant, key, |_| values.clone()).await
}

/// The same with values that depend on the reader's language.
async fn tell_each(
    workers: &Workers,
    tenant: &Tenant,
    key: &str,
    values: impl Fn(Words<'_>) -> Args,
) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let (now, corr) = (platform.clock.now(), Corr::random());
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let mut chats = Vec::new();
    for (admin, _) in &tenant.admins {
        let Some(user) = tx.user_get(*admin).await? else { continue };
        let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let html = words.fmt(key, values(words));
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let chat = ChatId::from(*admin);
        let about =
            Say { chat, class: MessageClass::MustArrive, key: format!("alert:{corr}:{admin}"), corr: &corr, now };
        match say(&mut tx, tenant, about, &outgoing).await {
            Ok(_) => chats.push(chat),
            Err(TenantError::Store(error)) => return Err(error),
            Err(error) => tracing::error!(tenant = %tenant.id, error = %error, "an alert was not recorded"),
        }
    }
    tx.commit().await?;
    for chat in chats {
        platform.signals.chat(&tenant.id, chat);
    }
    Ok(())
}

/// Says a text to every admin by the platform's own bot, where there is one and they have written to it: their own bot is mute.
pub(super) async fn tell_by_platform_bot(workers: &Workers, tenant: &Tenant, key: &str, values: Args) {
    let platform = &workers.platform;
    let Some(token) = &platform.settings.owner.bot_token else { return };
    let bot = workers.telegram.bot(token, None);
    let words = platform.texts.words(tenant.settings.default_language);
    let name = tenant.username.clone().unwrap_or_else(|| tenant.id.to_string());
    let html = format!("{}\n{}", words.fmt("watch-about", Args::new().with("bot", name)), words.fmt(key, values));
    for (admin, _) in &tenant.admins {
        let sent = bot.send_message(ChatId::from(*admin), &html, Extra::default());
        if let Ok(Err(error)) = tokio::time::timeout(PATIENCE, sent).await {
            tracing::info!(tenant = %tenant.id, error = %error, "the platform's bot cannot write to an admin");
        }
    }
}

/// The longest pause between two looks.
const PAUSE: Duration = Duration::from_secs(15);
/// Looks for one at what bots need.
const DUES: u32 = 4;
/// The shortest.
const LEAST: Duration = Duration::from_millis(50);

/// Looks for what admins should hear of until the soft stop, in one process at a time.
pub async fn run(workers: Arc<Workers>) {
    let stop = workers.tasks.soft();
    let role = Role::new(&workers, "alerts");
    let settings = &workers.platform.settings;
    let pause = (settings.bot.alert_every.min(settings.generation.alert_every) / 40).clamp(LEAST, PAUSE);
    for n in 0u32.. {
        match role.take().await {
            Ok(true) => {
                if let Err(error) = look(&workers).await {
                    tracing::info!(error = %error, "nobody looked for what admins should hear of");
                }
                if n.is_multiple_of(DUES)
                    && let Err(error) = dues::look(&workers).await
                {
                    tracing::info!(error = %error, "nobody looked for what partners should hear of");
                }
            }
            Ok(false) => {}
            Err(error) => tracing::info!(error = %error, "the lease of the alerts could not be asked for"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return role.give_back().await;
        }
    }
}

/// How far back a look goes (bot.md 9.3, 9.6, 15.1).
fn since(settings: &Settings, now: UnixMs) -> Since {
    let rules = &settings.generation;
    let busy = now.minus(rules.alert_every);
    Since {
        trouble: now.minus(settings.bot.alert_every),
        busy,
        busy_ordered: busy.minus(rules.busy_limit).minus(rules.hard_limit),
        busy_over: rules.alert_after_errors,
        delivering: now.minus(settings.delivery.queue_alert_age),
    }
}

/// One look: each class of each bot is told of at most once in `bot.alert_every`, the provider's in `generation.alert_every`.
async fn look(workers: &Workers) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let (now, settings) = (platform.clock.now(), &platform.settings);
    for fact in platform.db.platform_read().await?.happened(since(settings, now)).await? {
        let Some(tenant) = platform.tenants.get(&fact.tenant) else { continue };
        let of_provider = fact.class == "busy";
        let every = if of_provider { settings.generation.alert_every } else { settings.bot.alert_every };
        let mut tx = platform.db.tenant(&tenant.id).await?;
        let first = tx.alert_take(&fact.class, now, now.minus(every)).await?;
        tx.commit().await?;
        if !first {
            continue;
        }
        metrics::counter!("botyard_alerts_total").increment(1);
        tracing::warn!(tenant = %tenant.id, class = fact.class, count = fact.count, corr = fact.corr, "admins are told");
        let key = match fact.class.as_str() {
            "dead_letter" => "alert-dead-letter",
            "delivery_old" => "alert-delivery-old",
            "busy" => "alert-busy",
            _ => "alert-errors",
        };
        let values = Args::new().with("n", fact.count).with("class", &fact.class).with("corr", &fact.corr);
        tell_each(workers, &tenant, key, |words| {
            values.clone().with("time", words.span(settings.delivery.queue_alert_age))
        })
        .await?;
    }
    Ok(())
}
