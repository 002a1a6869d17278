//! Who somebody is to the panel: whose pages, with which role, under which name.

use std::fmt;

use crate::domain::{AdminRole, BotInstanceId, PanelScope, UserId};

/// What a person may do (decisions.md 13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the installation: sees all tenants.
    PlatformOwner,
    /// The partner: the tenant's first admin.
    Owner,
    /// Everybody else with the admin menu.
    Admin,
    /// Looks and changes nothing.
    Viewer,
    /// The platform's owner in a tenant's pages, for the hour that its owner grants: looks and changes nothing.
    Support,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::PlatformOwner, Self::Owner, Self::Admin, Self::Viewer, Self::Support];

    /// The word it is stored as.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlatformOwner => "platform_owner",
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Viewer => "viewer",
            Self::Support => "support",
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// The key of its name in `panel.ftl`.
    pub const fn text_key(self) -> &'static str {
        match self {
            Self::PlatformOwner => "panel-role-platform-owner",
            Self::Owner => "panel-role-owner",
            Self::Admin => "panel-role-admin",
            Self::Viewer => "panel-role-viewer",
            Self::Support => "panel-role-support",
        }
    }
}

impl From<AdminRole> for Role {
    fn from(role: AdminRole) -> Self {
        match role {
            AdminRole::Owner => Self::Owner,
            AdminRole::Admin => Self::Admin,
        }
    }
}

/// Whom a link was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person known by their Telegram id.
    Telegram(UserId),
    /// Whoever has a shell on the machine (`botyard link`, `botyard demo`).
    Shell,
}

impl Subject {
    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "shell" {
            return Some(Self::Shell);
        }
        text.strip_prefix("tg:")?.parse().ok().map(|id| Self::Telegram(UserId(id)))
    }

    /// The Telegram id, if there is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Telegram(id) => Some(*id),
            Self::Shell => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Telegram(id) => write!(f, "tg:{id}"),
            Self::Shell => f.write_str("shell"),
        }
    }
}

/// Whose pages, as what, who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// One tenant's pages, or the platform's.
    pub scope: PanelScope,
    /// What may be done there.
    pub role: Role,
    /// By whom.
    pub subject: Subject,
}

impl Identity {
    /// An admin of a tenant.
    pub fn admin(tenant: &BotInstanceId, role: AdminRole, user: UserId) -> Self {
        Self { scope: PanelScope::Tenant(tenant.clone()), role: role.into(), subject: Subject::Telegram(user) }
    }

    /// The platform's owner.
    pub fn platform_owner(subject: Subject) -> Self {
        Self { scope: PanelScope::Platform, role: Role::PlatformOwner, subject }
    }

    /// From stored words; `None` for what this program does not write, such as a tenant's role on the platform's pages.
    pub(super) fn from_stored(scope: PanelScope, role: &str, subject: &str) -> Option<Self> {
        let role = Role::parse(role)?;
        // Support is what the platform's owner becomes on a page, never what a session is.
        let fits = role != Role::Support && (scope == PanelScope::Platform) == (role == Role::PlatformOwner);
        fits.then_some(Self { scope, role, subject: Subject::parse(subject)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        let tenant = BotInstanceId::parse("demo-a").unwrap();
        for identity in [
            Identity::admin(&tenant, AdminRole::Owner, UserId(7)),
            Identity { role: Role::Viewer, ..Identity::admin(&tenant, AdminRole::Admin, UserId(-7)) },
            Identity::platform_owner(Subject::Shell),
        ] {
            let (role, subject) = (identity.role.as_str(), identity.subject.to_string());
            assert_eq!(Identity::from_stored(identity.scope.clone(), role, &subject), Some(identity));
        }
    }

    #[test]
    fn a_tenants_role_does_not_open_the_platform_and_the_owners_no_tenant() {
        let tenant = PanelScope::Tenant(BotInstanceId::parse("demo-a").unwrap());
        assert_eq!(Identity::from_stored(PanelScope::Platform, "owner", "tg:7"), None);
        assert_eq!(Identity::from_stored(tenant.clone(), "platform_owner", "tg:7"), None);
        assert_eq!(Identity::from_stored(tenant.clone(), "support", "tg:7"), None);
        assert_eq!(Identity::from_stored(tenant, "owner", "7"), None);
    }
}
