//! `tenants.toml`: tenants declared in a file, for people who like files (platform.md 2). `tenants.example.toml` is its manual.
//!
//! [`TenantsFile::read`] checks everything that can be known without the database and tells every problem at once;
//! [`plan()`] says what applying it would change. Neither changes anything, and nothing secret is ever in a problem.

mod plan;
mod problem;
mod read;

use std::path::Path;

use serde_json::{Map, Value};

use crate::config::BaseUrl;
use crate::domain::{BotInstanceId, BotToken, Secret, TenantLimits, TenantSettings, UserId};

pub use plan::{Change, Known, KnownState, Refusal, plan};
pub use problem::FileProblem;

/// A whole file, read and checked.
#[derive(Debug, Clone, Default)]
pub struct TenantsFile {
    /// Its tenants in their order; ids, tokens and bots each occur once.
    pub tenants: Vec<TenantSpec>,
}

/// One `[[tenant]]`, with what `[platform]` says where it says nothing itself.
#[derive(Debug, Clone)]
pub struct TenantSpec {
    /// `bot_instance_id`.
    pub id: BotInstanceId,
    /// `bot_token`.
    pub token: BotToken,
    /// `admin_ids`: 1 to 20, the first is the owner.
    pub admin_ids: Vec<UserId>,
    /// `partner_id`; the tenant's own id where nothing is said.
    pub partner_id: String,
    /// `kie_api_key`: the tenant's own; without it the owner's shared one under its budget.
    pub kie_api_key: Option<Secret>,
    /// `kie_webhook_hmac_key` (decisions.md 16).
    pub kie_webhook_hmac_key: Option<Secret>,
    /// `telegram_api_url`; without it the platform's.
    pub telegram_api_url: Option<BaseUrl>,
    /// `managed`: the file wins over what the panel changed later.
    pub managed: bool,
    /// The settings that the file names, for this tenant or for all: what applying it sets.
    pub set: Map<String, Value>,
    /// Those settings upon the defaults: what a new tenant begins with.
    pub settings: TenantSettings,
    /// `[tenant.limits]`.
    pub limits: TenantLimits,
}

/// Where the values come from that the file only names.
pub struct Lookup<'a> {
    /// The folder that `file:PATH` is relative to: that of the tenants file.
    pub folder: &'a Path,
    /// The environment for `env:NAME`: `config::process_variable`.
    pub env: &'a dyn Fn(&str) -> Option<String>,
}

impl TenantsFile {
    /// Reads and checks a file.
    pub fn read(path: &Path, env: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<FileProblem>> {
        let text = std::fs::read_to_string(path)
            .map_err(|e| vec![FileProblem::of_file(format!("{} can't be read: {e}", path.display()))])?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::parse(&text, &Lookup { folder, env })
    }

    /// Checks a file's text.
    pub fn parse(text: &str, lookup: &Lookup<'_>) -> Result<Self, Vec<FileProblem>> {
        read::file(text, lookup)
    }

    /// The tenant of an id.
    pub fn tenant(&self, id: &BotInstanceId) -> Option<&TenantSpec> {
        self.tenants.iter().find(|tenant| tenant.id == *id)
    }
}

#[cfg(test)]
mod tests;
