//! Makes the one-time link that an administrator asked for by /panel, and shows it; ends a person's sessions when they say that
//! it was not them. The platform's transaction is over before the person's begins: on SQLite there is one writer.

use super::turn_failed;
use crate::accounts::audit::{self, Act, Actor};
use crate::accounts::links::{self, LinkError};
use crate::accounts::{Identity, Role, Subject};
use crate::bot::jobs::{PanelLink, SignOut};
use crate::bot::screens::help;
use crate::bot::{Background, in_background};
use crate::domain::{AdminRole, AuditAction, AuditDoor, PanelScope, UserId};
use crate::store::{JobRow, StoreError};
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &PanelLink) -> Outcome {
    let platform = &workers.platform;
    // Somebody may have stopped being an administrator since; then there is nothing to show.
    let who = match now_is(workers, tenant, asked.user).await {
        Ok(Some(who)) => who,
        Ok(None) => return Outcome::Done,
        Err(error) => return Outcome::Failed(format!("{}: {error}", error.class())),
    };
    let (settings, now) = (&platform.settings.panel, platform.clock.now());
    let link = match links::issue(&platform.db, settings, &who, now).await {
        Ok(path) => Ok(format!("{}{path}", workers.public_url)),
        Err(LinkError::TooMany(wait)) => Err(wait),
        Err(LinkError::Store(error)) => return Outcome::Failed(format!("{}: {error}", error.class())),
    };
    let minutes = settings.link_life.as_secs().div_ceil(60);
    let for_whom = Background { user: asked.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(platform, tenant, for_whom, async |turn| {
        match &link {
            Ok(url) => help::show_panel_link(turn, url.clone(), minutes),
            Err(wait) => help::show_too_many_links(turn, *wait),
        }
        Ok(())
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}

/// Ends every session that a person has in this bot's panel.
pub(super) async fn sign_out(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &SignOut) -> Outcome {
    let platform = &workers.platform;
    let ended = async {
        let (scope, subject) = (PanelScope::Tenant(tenant.id.clone()), Subject::Telegram(asked.user).to_string());
        let mut tx = platform.db.platform().await?;
        tx.panel_sessions_revoke_of(&scope, &subject, platform.clock.now()).await?;
        tx.commit().await
    };
    if let Err(error) = ended.await {
        return Outcome::Failed(format!("{}: {error}", error.class()));
    }
    let for_whom = Background { user: asked.user, corr: &job.corr, key: format!("job:{}", job.id.short()) };
    let told = in_background(platform, tenant, for_whom, async |turn| {
        let object = audit::person(asked.user);
        let actor = Actor { user: Some(asked.user), door: AuditDoor::Telegram, corr: &job.corr };
        audit::record(turn.tx, actor, Act::new(AuditAction::SessionsEnded, &object), turn.now).await?;
        help::show_signed_out(turn);
        Ok(())
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}

/// What a person is at this moment: the registry may be some seconds old.
async fn now_is(workers: &Workers, tenant: &Tenant, user: UserId) -> Result<Option<Identity>, StoreError> {
    let mut tx = workers.platform.db.tenant_read(&tenant.id).await?;
    if let Some(role) = tx.admin_role(user).await? {
        return Ok(Some(Identity::admin(&tenant.id, role, user)));
    }
    let looks = tx.viewer_is(user).await?;
    Ok(looks.then(|| Identity { role: Role::Viewer, ..Identity::admin(&tenant.id, AdminRole::Admin, user) }))
}
