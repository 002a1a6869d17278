//! Puts the demo's bots and the funded people into the database, once; every later start finds them there.

use std::time::Duration;

use rand::RngExt as _;

use super::cast::{self, Part, Player, STAGES, Stage};
use crate::app::{self, Ground};
use crate::billing;
use crate::cli::failure::Failure;
use crate::config::Settings;
use crate::domain::tenant::Origin;
use crate::domain::{BotInstanceId, BotToken, Corr, Secret, UnixMs};
use crate::sandbox::wire::BotSpec;
use crate::store::{Counter, Db, Seen};
use crate::tenants::Registry;
use crate::tenants::provision::{self, NewBot};

/// The operation whose id credits a funded person once.
const GIFT: &str = "demo-funds";
/// How long ago the funded people came.
const A_DAY: Duration = Duration::from_hours(24);

/// A stored bot and what the fake services must know of it.
pub(super) struct Seeded {
    stage: &'static Stage,
    token: BotToken,
    /// Its own key at the fake provider.
    pub(super) provider_key: Secret,
}

impl Seeded {
    /// As BotFather would have made it.
    pub(super) fn spec(&self) -> BotSpec {
        BotSpec {
            token: self.token.expose().to_owned(),
            username: self.stage.username.to_owned(),
            first_name: self.stage.name.to_owned(),
        }
    }
}

/// Stores what is not there yet.
pub(super) async fn seed(settings: &Settings, now: UnixMs) -> Result<Vec<Seeded>, Failure> {
    let ground = app::ground(settings).await?;
    let registry = Registry::new();
    registry.refresh(&ground.db, &ground.vault).await?;
    for stage in &STAGES {
        let id = id(stage)?;
        if registry.get(&id).is_none() {
            add(&ground, stage, &id, now).await?;
        }
        for player in stage.players.iter().filter(|player| player.part == Part::Funded) {
            fund(&ground.db, &id, stage, player, now).await?;
        }
    }
    let broken = registry.refresh(&ground.db, &ground.vault).await?;
    ground.db.close().await;
    STAGES.iter().map(|stage| seeded(stage, &registry, &broken)).collect()
}

fn id(stage: &Stage) -> Result<BotInstanceId, Failure> {
    Ok(BotInstanceId::parse(stage.tenant)?)
}

fn seeded<E: std::fmt::Display>(
    stage: &'static Stage,
    registry: &Registry,
    broken: &[(BotInstanceId, E)],
) -> Result<Seeded, Failure> {
    let anew = "begin anew with `botyard demo --fresh`";
    if let Some((id, error)) = broken.first() {
        return Err(Failure::Work(format!("the demo's bot {id} cannot be read: {error}; {anew}")));
    }
    let tenant = registry.get(&id(stage)?);
    let found = tenant.and_then(|tenant| Some((tenant.token.clone(), tenant.provider_key.clone()?)));
    let (token, provider_key) =
        found.ok_or_else(|| Failure::Work(format!("the demo's bot {} is gone or has no key; {anew}", stage.tenant)))?;
    Ok(Seeded { stage, token, provider_key })
}

async fn add(ground: &Ground, stage: &Stage, id: &BotInstanceId, now: UnixMs) -> Result<(), Failure> {
    let token = BotToken::parse(&format!("{}:{}", stage.bot_id, letters(35)))?;
    let provider_key = Secret::new(letters(32));
    let bot = NewBot {
        id,
        token: &token,
        admins: &stage.admins(),
        partner_id: stage.partner,
        settings: &stage.settings()?,
        provider_key: Some(&provider_key),
        telegram_api_url: None,
        origin: Origin::Cli,
        managed: false,
    };
    Ok(provision::add(&ground.db, &ground.vault, &bot, now).await?)
}

/// Makes the person known to the bot, as of yesterday, and credits them. The operation's id makes it happen once, however
/// often it is asked.
async fn fund(db: &Db, id: &BotInstanceId, stage: &Stage, player: &Player, now: UnixMs) -> Result<(), Failure> {
    let came = now.minus(A_DAY);
    let mut tx = db.tenant(id).await?;
    let known = tx.user_get(player.user()).await?;
    let row = if let Some(row) = known {
        row
    } else {
        let seen = Seen {
            user_id: player.user(),
            username: Some(player.username),
            first_name: player.name,
            last_name: None,
            language_code: Some(stage.language),
        };
        let day = came.day(stage.settings()?.timezone.tz());
        for counter in [Counter::NewUsers, Counter::ActiveUsers, Counter::LastSeen] {
            tx.counter_add(&day, counter, 1).await?;
        }
        tx.user_seen(&seen, came).await?
    };
    let moved = billing::credit(&mut tx, &row.user_ref, GIFT, cast::FUNDS, &Corr::random(), came).await?;
    if matches!(moved, billing::Moved::Done(_)) {
        let day = came.day(stage.settings()?.timezone.tz());
        tx.counter_add(&day, Counter::ManualCredits, cast::FUNDS.as_kopecks()).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn letters(n: usize) -> String {
    let mut rng = rand::rng();
    (0..n).map(|_| char::from(b'a' + rng.random_range(0..26u8))).collect()
}
