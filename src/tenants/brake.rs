//! The kill switch: no new generation of one tenant, or of any (platform.md 3). It stands among what the installation remembers,
//! apart from limits and settings, so that no file that is applied anew releases it.

use crate::domain::{BotInstanceId, UnixMs};
use crate::store::{Db, PlatformTx, StoreError};

/// Characters of a reason.
pub const REASON_MAX: usize = 200;

const ALL: &str = "generation_stopped";
const OF_TENANT: &str = "generation_stopped:";

/// What is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every tenant.
    All,
    /// One of them.
    Tenant(BotInstanceId),
}

impl Scope {
    fn key(&self) -> String {
        match self {
            Self::All => ALL.to_owned(),
            Self::Tenant(id) => format!("{OF_TENANT}{id}"),
        }
    }
}

/// One pulled switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What is stopped.
    pub scope: Scope,
    /// Since when.
    pub since: UnixMs,
    /// Why, in the owner's words; may be empty.
    pub reason: String,
}

impl Stop {
    /// Whose; `None`: everybody's.
    pub fn tenant(&self) -> Option<&str> {
        match &self.scope {
            Scope::All => None,
            Scope::Tenant(id) => Some(id.as_str()),
        }
    }

    fn read(key: &str, value: &[u8]) -> Option<Self> {
        let scope = if key == ALL {
            Scope::All
        } else {
            Scope::Tenant(BotInstanceId::parse(key.strip_prefix(OF_TENANT)?).ok()?)
        };
        let text = std::str::from_utf8(value).ok()?;
        let (since, reason) = text.split_once('\n')?;
        Some(Self { scope, since: UnixMs(since.parse().ok()?), reason: reason.to_owned() })
    }
}

/// Pulls the switch. `false`: it was pulled before, with its own reason.
pub async fn stop(tx: &mut PlatformTx, scope: &Scope, reason: &str, now: UnixMs) -> Result<bool, StoreError> {
    let value = format!("{}\n{reason}", now.0);
    let before = tx.meta_get(&scope.key()).await?;
    tx.meta_put_if_absent(&scope.key(), value.as_bytes()).await?;
    Ok(before.is_none())
}

/// Releases it. `false`: it was not pulled.
pub async fn start(tx: &mut PlatformTx, scope: &Scope) -> Result<bool, StoreError> {
    tx.meta_forget(&scope.key()).await
}

/// Every switch that is pulled, the one of all tenants first.
pub async fn all(db: &Db) -> Result<Vec<Stop>, StoreError> {
    read(&mut db.platform_read().await?).await
}

/// The same in an open transaction.
pub(super) async fn read(tx: &mut PlatformTx) -> Result<Vec<Stop>, StoreError> {
    let found = tx.meta_like(ALL).await?;
    found
        .iter()
        .map(|(key, value)| Stop::read(key, value).ok_or_else(|| StoreError::corrupt("platform_meta", "value", key)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_reads_back_with_its_reason() {
        let scope = Scope::Tenant(BotInstanceId::parse("my-bot").unwrap());
        let stop = Stop::read(&scope.key(), b"17\nthe bill\nis checked").unwrap();
        assert_eq!(stop, Stop { scope, since: UnixMs(17), reason: "the bill\nis checked".to_owned() });
        assert_eq!(Stop::read(ALL, b"17\n").unwrap().tenant(), None);
        assert_eq!((Stop::read(ALL, b"17"), Stop::read("generation_stopped:x", b"17\n")), (None, None));
    }
}
