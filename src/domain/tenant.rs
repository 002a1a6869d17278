//! A tenant's state, where it came from, and what its admins may do (decisions.md 13, 15, 20).

use super::words::words;

words! {
    /// Whether a tenant's bot serves people (decisions.md 15).
    pub enum TenantState {
        /// Being set up: people read «Бот настраивается», admins have full use.
        Draft = "draft",
        /// Serves everybody.
        Active = "active",
        /// Stopped by its admins or its file: running work finishes.
        Paused = "paused",
        /// Stopped by the platform.
        Suspended = "suspended",
        /// Gone: its path answers as unknown, holds are voided.
        Deleted = "deleted",
    }
}

impl TenantState {
    /// Whether ordinary people are served.
    pub const fn serves(self) -> bool {
        matches!(self, Self::Active)
    }
}

words! {
    /// Who made the tenant. Only tenants from the file are paused when the file drops them (decisions.md 20).
    pub enum Origin {
        /// `tenants.toml`.
        File = "file",
        /// `botyard tenant add`.
        Cli = "cli",
        /// The panel or the onboarding chat.
        Panel = "panel",
    }
}

words! {
    /// What an admin is. The tenant's owner is its first admin (decisions.md 13).
    pub enum AdminRole {
        /// The tenant's owner.
        Owner = "owner",
        /// Everybody else with the admin menu.
        Admin = "admin",
    }
}
