//! What the platform's owner allows a tenant (platform.md 3): quotas, not settings of the bot.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::SettingProblem;
use crate::domain::nearest;

/// The quotas of one tenant. Shown to the partner as used / limit, changed by the platform's owner only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantLimits {
    /// People who may use the bot.
    pub users: u32,
    /// Generations in a day.
    pub generations_per_day: u32,
    /// Generations at once.
    pub generations_in_flight: u32,
    /// Updates in a second.
    pub updates_per_second: u32,
    /// Broadcast messages in a second.
    pub broadcast_per_second: u32,
    /// Stored media, MiB.
    pub storage_mib: u32,
    /// Provider credits in a day on the owner's shared key; 0 until the owner sets a budget (decisions.md 8).
    pub shared_credits_per_day: u32,
    /// Provider credits in a day on the tenant's own key.
    pub own_credits_per_day: u32,
    /// Panel requests in a minute.
    pub panel_requests_per_minute: u32,
    /// The owner's part of what is posted, in hundredths of a percent: a figure in statements (decisions.md 26).
    pub fee_basis_points: u32,
    /// 1: no new generation is taken or submitted.
    pub generation_off: u32,
}

impl Default for TenantLimits {
    fn default() -> Self {
        Self {
            users: 1_000_000,
            generations_per_day: 100_000,
            generations_in_flight: 10,
            updates_per_second: 100,
            broadcast_per_second: 25,
            storage_mib: 10_240,
            shared_credits_per_day: 0,
            own_credits_per_day: 1_000_000,
            panel_requests_per_minute: 600,
            fee_basis_points: 0,
            generation_off: 0,
        }
    }
}

impl TenantLimits {
    /// The names of all limits.
    pub const NAMES: [&'static str; 11] = [
        "users",
        "generations_per_day",
        "generations_in_flight",
        "updates_per_second",
        "broadcast_per_second",
        "storage_mib",
        "shared_credits_per_day",
        "own_credits_per_day",
        "panel_requests_per_minute",
        "fee_basis_points",
        "generation_off",
    ];

    /// Whether a value fits its limit, the rule, and a right value.
    fn rule(name: &str, value: &Value) -> (bool, &'static str, &'static str) {
        match name {
            "generation_off" => (value.as_u64().is_some_and(|n| n <= 1), "must be 0 or 1", "1"),
            "fee_basis_points" => {
                (value.as_u64().is_some_and(|n| n <= 10_000), "must be a whole number from 0 to 10000", "1250")
            }
            _ => {
                let fits = value.as_u64().is_some_and(|n| u32::try_from(n).is_ok());
                (fits, "must be a whole number from 0 to 4294967295", "100")
            }
        }
    }

    /// These limits with some changed; every problem at once. Names in problems begin with `limits.`.
    pub fn patched(&self, changes: &Map<String, Value>) -> Result<Self, Vec<SettingProblem>> {
        let mut problems = Vec::new();
        let mut whole = match serde_json::to_value(self) {
            Ok(Value::Object(whole)) => whole,
            _ => Map::new(),
        };
        for (name, value) in changes {
            let known = Self::NAMES.contains(&name.as_str());
            let (fits, rule, example) = Self::rule(name, value);
            if known && fits {
                whole.insert(name.clone(), value.clone());
                continue;
            }
            let what = match nearest(name, Self::NAMES) {
                _ if known => rule.to_owned(),
                Some(meant) => format!("is not a limit; did you mean limits.{meant}?"),
                None => "is not a limit".to_owned(),
            };
            problems.push(SettingProblem {
                field: format!("limits.{name}"),
                what,
                example: if known { example } else { "" },
            });
        }
        match serde_json::from_value(Value::Object(whole)) {
            Ok(limits) if problems.is_empty() => Ok(limits),
            _ => Err(problems),
        }
    }

    /// The limits that `other` has otherwise, for the audit log: `users 1000, storage_mib 10`.
    pub fn unlike(&self, other: &Self) -> String {
        let (Ok(own), Ok(other)) = (serde_json::to_value(self), serde_json::to_value(other)) else {
            return String::new();
        };
        let differs = |name: &&&str| own.get(**name) != other.get(**name);
        let shown = |name: &&str| format!("{name} {}", own.get(*name).and_then(Value::as_u64).unwrap_or_default());
        Self::NAMES.iter().filter(differs).map(shown).collect::<Vec<_>>().join(", ")
    }
}
