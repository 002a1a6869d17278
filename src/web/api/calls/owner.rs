//! What only the platform's owner may: all bots, new ones, suspensions.

use serde_json::{Map, Value};

use super::tenant::{StateOut, TenantOut, moved, shown};
use super::{reason, users::page};
use crate::accounts::audit::Actor;
use crate::bot::Platform;
use crate::bot::acts::suspension;
use crate::domain::settings::TenantSettings;
use crate::domain::tenant::Origin;
use crate::domain::{AuditDoor, BotInstanceId, BotToken, ChatId, TenantState, UserId};
use crate::store::TenantTx;
use crate::tenants::Tenant;
use crate::tenants::provision::{self, AddError, NewBot};
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{Page, dto};

dto! {
    /// A bot to be hosted.
    into NewTenantIn {
        /// Its name here: 3 to 32 of a-z, 0-9, dot, dash, underscore.
        id: String,
        /// The token that BotFather gave. Never shown again.
        bot_token: String,
        /// Telegram id of its owner.
        owner_id: i64,
        /// Telegram ids of its other admins.
        admin_ids: Option<Vec<i64>>,
        /// The partner's own name; the bot's where it is left out.
        partner_id: Option<String>,
        /// Settings that differ from the defaults, as tenants.example.toml names them.
        settings: Option<Value>,
    }
}

dto! {
    /// A bot that is hosted now. Telegram is told within seconds.
    out NewTenantOut {
        /// Its name here.
        id: String,
        /// The bot's own Telegram id.
        bot_id: i64,
        /// Whether it serves people.
        state: TenantState,
    }
}

dto! {
    /// Why a bot is suspended.
    into SuspendIn {
        /// Told to its admins, 3 to 200 characters.
        reason: String,
    }
}

/// All, by name.
pub(in crate::web::api) async fn list(ask: &Ask) -> Result<Reply, Problem> {
    let limit = ask.limit()?;
    let after = ask.query("cursor").map(str::to_owned).unwrap_or_default();
    if !after.is_empty() && BotInstanceId::parse(&after).is_err() {
        return Err(Problem::wrong_parameter("cursor: give what the page before had in next"));
    }
    let rows = ask.state.platform.db.platform_read().await?.tenants_all().await?;
    let live = rows.into_iter().filter(|row| row.state != TenantState::Deleted && row.tenant.as_str() > after.as_str());
    let (rows, more) = page(live.take(usize::try_from(limit).unwrap_or(100) + 1).collect(), limit);
    let next = rows.last().filter(|_| more).map(|row| row.tenant.to_string());
    // One that cannot be opened is served by nobody, and the log says why.
    let items: Vec<TenantOut> = rows.iter().filter_map(|row| shown(ask, row).ok()).collect();
    Reply::ok(&Page { items, next })
}

/// Hosts a bot.
pub(in crate::web::api) async fn create(ask: &Ask) -> Result<Reply, Problem> {
    let given: NewTenantIn = ask.body()?;
    let id = BotInstanceId::parse(&given.id).map_err(|error| Problem::wrong_body(error.to_string()))?;
    let token = BotToken::parse(given.bot_token.trim())
        .map_err(|_| Problem::wrong_body("bot_token: it has not the shape of a bot's token"))?;
    let mut admins = vec![UserId(given.owner_id)];
    admins.extend(given.admin_ids.into_iter().flatten().map(UserId).filter(|id| id.0 != given.owner_id));
    if admins.iter().any(|id| id.0 <= 0) || admins.len() > 50 {
        return Err(Problem::wrong_body("owner_id, admin_ids: Telegram ids of people, at most 50"));
    }
    let partner = given.partner_id.unwrap_or_else(|| id.to_string());
    if !(1..=64).contains(&partner.chars().count()) || partner.chars().any(char::is_control) {
        return Err(Problem::wrong_body("partner_id: 1 to 64 characters"));
    }
    let settings = settings(given.settings)?;
    let new = NewBot {
        id: &id,
        token: &token,
        admins: &admins,
        partner_id: &partner,
        settings: &settings,
        provider_key: None,
        telegram_api_url: None,
        origin: Origin::Panel,
        managed: false,
    };
    let platform = &ask.state.platform;
    match provision::add(&platform.db, &platform.vault, &new, ask.now).await {
        Ok(()) => {}
        Err(AddError::NameTaken(_)) => {
            return Err(Problem::conflict("name_taken", "A bot with this id is hosted already"));
        }
        Err(AddError::BotTaken(_)) => {
            return Err(Problem::conflict("bot_taken", "This bot is hosted already: a bot can be hosted once"));
        }
        Err(AddError::Banned) => {
            return Err(Problem::conflict("banned", "This bot or its owner is banned"));
        }
        Err(AddError::NoAdmin(_)) => return Err(Problem::wrong_body("owner_id: a bot needs an owner")),
        Err(AddError::Tenant(error)) => return Err(error.into()),
    }
    tracing::info!(tenant = %id, "a bot was added by the API");
    let out = NewTenantOut { id: id.to_string(), bot_id: token.bot_id().0, state: TenantState::Active };
    Ok(Reply { tenants: true, ..Reply::with(201, &out)? })
}

fn settings(given: Option<Value>) -> Result<TenantSettings, Problem> {
    let changes: Map<String, Value> = match given {
        None => Map::new(),
        Some(Value::Object(changes)) => changes,
        Some(_) => return Err(Problem::wrong_body("settings: an object")),
    };
    TenantSettings::default().patched(&changes).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(|problem| format!("settings.{problem}")).collect();
        Problem::wrong_body(lines.join("; "))
    })
}

/// Stops a bot until the owner lets it go on.
pub(in crate::web::api) async fn suspend(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    let SuspendIn { reason: given } = ask.body()?;
    let why = reason(&given)?;
    let state = tx.state_get().await?.filter(|state| *state != TenantState::Deleted);
    let state = state.ok_or_else(Problem::not_found)?;
    let mut chats = Vec::new();
    if state != TenantState::Suspended {
        moved(ask, tx, state, TenantState::Suspended, Some(why)).await?;
        chats = told(ask, tx, TenantState::Suspended, Some(why)).await?;
    }
    Ok(Reply { tenants: true, chats, ..Reply::ok(&StateOut { state: TenantState::Suspended })? })
}

/// The bot's admins hear of it. Gives whom to wake.
async fn told(ask: &Ask, tx: &mut TenantTx, became: TenantState, why: Option<&str>) -> Result<Vec<ChatId>, Problem> {
    let actor = Actor { user: None, door: AuditDoor::Api, corr: &ask.corr };
    let (platform, tenant): (&Platform, &Tenant) = (&ask.state.platform, ask.tenant()?);
    Ok(suspension::tell(tx, (platform, tenant), (became, why), actor, ask.now).await?)
}

/// Ends a suspension or a pause.
pub(in crate::web::api) async fn resume(ask: &Ask, tx: &mut TenantTx) -> Result<Reply, Problem> {
    ask.body::<super::NothingIn>()?;
    let state = tx.state_get().await?.filter(|state| *state != TenantState::Deleted);
    let state = state.ok_or_else(Problem::not_found)?;
    if state == TenantState::Draft {
        return Err(Problem::conflict("wrong_state", "A bot that is being set up goes live in its onboarding"));
    }
    let mut chats = Vec::new();
    if state != TenantState::Active {
        moved(ask, tx, state, TenantState::Active, None).await?;
    }
    if state == TenantState::Suspended {
        chats = told(ask, tx, TenantState::Active, None).await?;
    }
    Ok(Reply { tenants: true, chats, ..Reply::ok(&StateOut { state: TenantState::Active })? })
}
