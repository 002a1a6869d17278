//! Tells a person what became of a generation: S-19, or that it takes long; tells admins what only they can mend (bot.md 9.6).

use super::generation::{progress_ends, words_of};
use crate::bot::screens::failure::{Failure, LateNotice};
use crate::bot::screens::{Screen as _, names};
use crate::bot::turn::arg;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, GenerationId, GenerationState, MessageClass};
use crate::generation::{self, FailureKind, GenerationError, News};
use crate::locks::{LockKey, Notice, Purpose};
use crate::tenants::Tenant;
use crate::tenants::say::{Say, say};
use crate::worker::Workers;

/// Says the news of a generation once.
pub(super) async fn tell(
    workers: &Workers,
    tenant: &Tenant,
    id: &GenerationId,
    news: News,
) -> Result<(), GenerationError> {
    let platform = &workers.platform;
    let now = platform.clock.now();
    let mut tx = platform.db.tenant(&tenant.id).await?;
    let Some(row) = tx.generation_get(id).await? else { return Ok(()) };
    let words = words_of(workers, tenant, &mut tx, &row).await?;
    let failure = row.cause.as_deref().map(|cause| generation::Failure::read(tenant, cause));
    let kind = failure.as_ref().map(|f| f.kind);
    let (html, keyboard, key) = match (news, failure) {
        (News::Late, _) => {
            let model = names::Named::of(platform.catalog, &row.model_id);
            let screen = LateNotice { model, id: row.id.clone() };
            (screen.text(words), screen.keyboard(words), "late")
        }
        (News::Ended, Some(failure)) => {
            if matches!(row.state, GenerationState::Failed | GenerationState::TimedOut) {
                progress_ends(workers, tenant, &mut tx, &row, now).await?;
            }
            let model = names::Named::of(platform.catalog, &row.model_id);
            let screen = Failure { model, id: row.id.clone(), corr: row.corr.clone(), ending: failure.into() };
            (screen.text(words), screen.keyboard(words), "ended")
        }
        (News::Ended, None) => return Ok(()),
    };
    let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
    let key = format!("gen:{}:{key}", row.id.short());
    let about = Say { chat: row.chat_id, class: MessageClass::MustArrive, key, corr: &row.corr, now };
    say(&mut tx, tenant, about, &outgoing).await?;
    tx.commit().await?;
    platform.signals.chat(&tenant.id, row.chat_id);
    if let Some(kind) = kind {
        alert_admins(workers, tenant, &row.corr, kind).await?;
    }
    Ok(())
}

/// What only an admin can mend is told to every admin, each cause at most once in `generation.alert_every` (bot.md 9.6).
async fn alert_admins(
    workers: &Workers,
    tenant: &Tenant,
    corr: &crate::domain::Corr,
    kind: FailureKind,
) -> Result<(), GenerationError> {
    let text = match kind {
        FailureKind::NoCredits => "admin-alert-no-credits",
        FailureKind::KeyRefused => "admin-alert-key-refused",
        FailureKind::ModelOff => "admin-alert-model-off",
        FailureKind::Spent => "admin-alert-spent",
        _ => return Ok(()),
    };
    let platform = &workers.platform;
    let (now, every) = (platform.clock.now(), platform.settings.generation.alert_every);
    for (admin, _) in &tenant.admins {
        let chat = ChatId::from(*admin);
        let notice = Purpose::Notice { kind: Notice::GenerationOff(kind.word()), chat };
        if !platform.locks.once(&LockKey::new(&tenant.id, notice), every).await {
            continue;
        }
        let mut tx = platform.db.tenant(&tenant.id).await?;
        let Some(user) = tx.user_get(*admin).await? else { continue };
        let words = platform.texts.words(tenant.language_of(user.language, user.language_code.as_deref()));
        let html = words.fmt(text, arg("corr", corr.as_str()));
        let outgoing = Outgoing::Screen { html, keyboard: Keyboard::new(), edit: None, track: Track::Nothing };
        let key = format!("alert:{}:{admin}", corr.as_str());
        say(&mut tx, tenant, Say { chat, class: MessageClass::MayVanish, key, corr, now }, &outgoing).await?;
        tx.commit().await?;
        platform.signals.chat(&tenant.id, chat);
    }
    Ok(())
}
