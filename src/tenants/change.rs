//! One setting changed from inside, by a tenant's owner in the bot or the panel; and what the tenants file then leaves alone
//! (platform.md 2, decisions.md 20).

use serde_json::{Map, Value};

use super::tenant::TenantError;
use crate::domain::UnixMs;
use crate::domain::settings::{SettingProblem, TenantSettings};
use crate::store::{TenantRow, TenantTx};

/// What came of a change.
#[derive(Debug)]
pub enum Changed {
    /// Stored; every process takes it up within seconds.
    Done {
        /// All settings as they are now.
        settings: Box<TenantSettings>,
        /// The setting's value before, as it is stored.
        was: String,
        /// And now.
        became: String,
    },
    /// The tenants file always wins for this bot (`managed = true`).
    Managed,
    /// The value breaks its rule.
    Wrong(Vec<SettingProblem>),
    /// Somebody else changed the settings at the same moment: look again.
    Lost,
}

/// What came of several changes at once.
#[derive(Debug)]
pub enum Applied {
    /// Stored; every process takes them up within seconds. Only what really changed is named: name, before, now.
    Done(Vec<(String, String, String)>),
    /// The tenants file always wins for this bot.
    Managed,
    /// Values that break their rules; nothing was stored.
    Wrong(Vec<SettingProblem>),
    /// Somebody else changed the settings at the same moment.
    Lost,
}

/// Sets one setting of the tenant whose transaction this is.
pub async fn change(tx: &mut TenantTx, name: &str, value: Value, now: UnixMs) -> Result<Changed, TenantError> {
    match write(tx, &Map::from_iter([(name.to_owned(), value)]), now).await? {
        Written::Done(before, after) => {
            let (was, became) = (shown(&before, name)?, shown(&after, name)?);
            Ok(Changed::Done { settings: after, was, became })
        }
        Written::Managed => Ok(Changed::Managed),
        Written::Wrong(problems) => Ok(Changed::Wrong(problems)),
        Written::Lost => Ok(Changed::Lost),
    }
}

/// Sets several settings together: all of them or none, so that values that depend on each other can move at once.
pub async fn apply(tx: &mut TenantTx, changes: &Map<String, Value>, now: UnixMs) -> Result<Applied, TenantError> {
    match write(tx, changes, now).await? {
        Written::Done(before, after) => {
            let mut done = Vec::new();
            for name in changes.keys() {
                let (was, became) = (shown(&before, name)?, shown(&after, name)?);
                if was != became {
                    done.push((name.clone(), was, became));
                }
            }
            Ok(Applied::Done(done))
        }
        Written::Managed => Ok(Applied::Managed),
        Written::Wrong(problems) => Ok(Applied::Wrong(problems)),
        Written::Lost => Ok(Applied::Lost),
    }
}

enum Written {
    Done(Box<TenantSettings>, Box<TenantSettings>),
    Managed,
    Wrong(Vec<SettingProblem>),
    Lost,
}

async fn write(tx: &mut TenantTx, wanted: &Map<String, Value>, now: UnixMs) -> Result<Written, TenantError> {
    let row = tx.settings_get().await?.ok_or(TenantError::Data("settings"))?;
    if row.managed {
        return Ok(Written::Managed);
    }
    let before: TenantSettings = serde_json::from_str(&row.settings).map_err(|_| TenantError::Data("settings"))?;
    let after = match before.patched(wanted) {
        Ok(after) => after,
        Err(problems) => return Ok(Written::Wrong(problems)),
    };
    let mut changed = names(&row.changed)?;
    for name in wanted.keys() {
        // What was only sent along stays the file's.
        if shown(&before, name)? != shown(&after, name)? || wanted.len() == 1 {
            changed.insert(name.clone(), Value::from(now.0));
        }
    }
    let stored = serde_json::to_string(&after).map_err(|_| TenantError::Data("settings"))?;
    let changed = serde_json::to_string(&changed).map_err(|_| TenantError::Data("settings"))?;
    if !tx.settings_save(row.version, &stored, &changed, now).await? {
        return Ok(Written::Lost);
    }
    Ok(Written::Done(Box::new(before), Box::new(after)))
}

/// The settings as they are stored at this moment, which the registry may not have read yet.
pub async fn current(tx: &mut TenantTx) -> Result<TenantSettings, TenantError> {
    let row = tx.settings_get().await?.ok_or(TenantError::Data("settings"))?;
    serde_json::from_str(&row.settings).map_err(|_| TenantError::Data("settings"))
}

/// The file's settings with those that were changed here since.
pub(super) fn kept(file: &TenantSettings, row: &TenantRow) -> Result<TenantSettings, TenantError> {
    let stored: Value = serde_json::from_str(&row.settings).map_err(|_| TenantError::Data("settings"))?;
    let own = names(&row.changed)?.into_iter();
    let own: Map<String, Value> =
        own.filter_map(|(name, _)| Some((name.clone(), stored.get(&name)?.clone()))).collect();
    // What no longer goes together with the file's new values gives way to them.
    Ok(file.patched(&own).unwrap_or_else(|_| file.clone()))
}

fn names(changed: &str) -> Result<Map<String, Value>, TenantError> {
    serde_json::from_str(changed).map_err(|_| TenantError::Data("changed settings"))
}

fn shown(settings: &TenantSettings, name: &str) -> Result<String, TenantError> {
    let whole = serde_json::to_value(settings).map_err(|_| TenantError::Data("settings"))?;
    Ok(whole
        .get(name)
        .map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
}
