//! What admins see of transfers under review beside the first picture: that a copy arrived, and reminders (bot.md 11.3).

use crate::bot::review::{self, Desk};
use crate::domain::outgoing::{Outgoing, Track};
use crate::domain::{BotInstanceId, ChatId, Corr, MessageClass, MessageId, PaymentId};
use crate::generation::GenerationError;
use crate::store::{StoreError, TenantTx, WaitingReviewRow};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::worker::Workers;

/// An admin's copy of S-51 has arrived.
pub(in crate::worker) async fn copy_arrived(
    workers: &Workers,
    tenant: &Tenant,
    tx: &mut TenantTx,
    (id, corr): (&PaymentId, &Corr),
    (chat, message): (ChatId, MessageId),
) -> Result<(), GenerationError> {
    let now = workers.platform.clock.now();
    let desk = Desk { platform: &workers.platform, tenant, corr: corr.clone(), now };
    let news = review::copy_arrived(tx, &desk, id, (chat, message)).await;
    let news = news.map_err(|error| StoreError::Failed(error.to_string()))?;
    if let Some(news) = news {
        let key = format!("copy:{}:{}:{message}", id.short(), chat.0);
        let recorded = review::record(tx, &desk, &[news], &key).await;
        recorded.map_err(|error| StoreError::Failed(error.to_string()))?;
        workers.platform.signals.chat(&tenant.id, chat);
    }
    Ok(())
}

/// Reminds a bot's admins once of payments that wait: one message, however many there are.
pub(in crate::worker) async fn remind(
    workers: &Workers,
    id: &BotInstanceId,
    waiting: &[WaitingReviewRow],
) -> Result<(), StoreError> {
    let platform = &workers.platform;
    let Some(tenant) = platform.tenants.get(id) else { return Ok(()) };
    let (now, corr) = (platform.clock.now(), Corr::random());
    let mut tx = platform.db.tenant(id).await?;
    let mut news = None;
    for row in waiting {
        if tx.payment_reminded(&row.id, row.reminded + 1).await? {
            news.get_or_insert_with(|| format!("{}:{}", row.id.short(), row.reminded + 1));
        }
    }
    let (Some(fact), Some(oldest)) = (news, tx.payments_review_oldest(1).await?.pop()) else {
        return tx.commit().await;
    };
    let count = tx.payments_review_count().await?;
    let mut chats = Vec::new();
    for (admin, _) in &tenant.admins {
        let Some(user) = tx.user_get(*admin).await? else { continue };
        let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let since = oldest.created_at.shown(tenant.zone());
        let html = words.fmt("review-reminder", crate::args![n = count, at = since]);
        let keyboard = crate::bot::screens::payments::reminder_keyboard(words, count);
        let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
        let (chat, key) = (ChatId::from(*admin), format!("review_reminder:{fact}:{admin}"));
        let about = Say { chat, class: MessageClass::MustArrive, key, corr: &corr, now };
        say(&mut tx, &tenant, about, &outgoing).await.map_err(|error| StoreError::Failed(error.to_string()))?;
        chats.push(chat);
    }
    tx.commit().await?;
    for chat in chats {
        platform.signals.chat(id, chat);
    }
    Ok(())
}
