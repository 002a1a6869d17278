//! What applying a tenants file would change (decisions.md 20). It never pauses by accident: only tenants that came from the
//! file, never when the file says nothing, and more than half of them only when told to. It resumes only what it paused.

use std::collections::{HashMap, HashSet};

use super::TenantsFile;
use crate::domain::BotInstanceId;

/// A tenant that the installation has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub id: BotInstanceId,
    /// Whether it came from the file.
    pub from_file: bool,
    /// What it is doing.
    pub state: KnownState,
}

/// A tenant's state as far as the file is concerned (decisions.md 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownState {
    /// Draft or active.
    Live,
    /// Paused because it left the file.
    PausedByFile,
    /// Paused by a person.
    Paused,
    /// Stopped by the platform.
    Suspended,
    /// Gone.
    Deleted,
}

/// One change. Where it needs the file's words, `TenantsFile::tenant` has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A new tenant.
    Add(BotInstanceId),
    /// The file's words for a tenant that is there already.
    Update(BotInstanceId),
    /// It left the file.
    Pause(BotInstanceId),
    /// It came back, and leaving was why it paused. Its update comes before.
    Resume(BotInstanceId),
    /// It is deleted: nothing is done, and its operator should be told to take it out of the file or choose a new id.
    LeaveDeleted(BotInstanceId),
}

/// Why a file is not applied at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It names no tenant, and there are some that came from it.
    #[error("the tenants file names no tenant, which would pause all {live} that came from it; nothing was changed")]
    Empty {
        /// How many serve.
        live: usize,
    },
    /// It would pause more than half.
    #[error("the tenants file would pause {} of {live} tenants ({}); nothing was changed; `botyard tenant apply --force` does it", dropped.len(), list(dropped))]
    DropsMoreThanHalf {
        /// How many that came from it serve.
        live: usize,
        /// Those it would pause.
        dropped: Vec<BotInstanceId>,
    },
}

fn list(ids: &[BotInstanceId]) -> String {
    let mut shown: Vec<&str> = ids.iter().take(10).map(BotInstanceId::as_str).collect();
    if ids.len() > shown.len() {
        shown.push("…");
    }
    shown.join(", ")
}

/// What applying `file` to the `current` tenants changes: first what leaves, then the file's tenants in their order.
/// `force` allows to pause more than half, and never to pause all by an empty file.
pub fn plan(current: &[Known], file: &TenantsFile, force: bool) -> Result<Vec<Change>, Refusal> {
    let live: Vec<&Known> = current.iter().filter(|known| known.from_file && known.state == KnownState::Live).collect();
    if file.tenants.is_empty() && !live.is_empty() {
        return Err(Refusal::Empty { live: live.len() });
    }
    let named: HashSet<&BotInstanceId> = file.tenants.iter().map(|tenant| &tenant.id).collect();
    let left = live.iter().filter(|known| !named.contains(&known.id));
    let dropped: Vec<BotInstanceId> = left.map(|known| known.id.clone()).collect();
    if dropped.len() * 2 > live.len() && !force {
        return Err(Refusal::DropsMoreThanHalf { live: live.len(), dropped });
    }
    let states: HashMap<&BotInstanceId, KnownState> = current.iter().map(|known| (&known.id, known.state)).collect();
    let mut changes: Vec<Change> = dropped.into_iter().map(Change::Pause).collect();
    for tenant in &file.tenants {
        let id = tenant.id.clone();
        match states.get(&id) {
            None => changes.push(Change::Add(id)),
            Some(KnownState::Deleted) => changes.push(Change::LeaveDeleted(id)),
            Some(KnownState::PausedByFile) => changes.extend([Change::Update(id.clone()), Change::Resume(id)]),
            Some(KnownState::Live | KnownState::Paused | KnownState::Suspended) => changes.push(Change::Update(id)),
        }
    }
    Ok(changes)
}
