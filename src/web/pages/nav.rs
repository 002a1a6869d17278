//! The panel's places: one list for both areas, from which the navigation is made. What a role may not see is not in its
//! navigation; the routes refuse it all the same (`guard.rs`).

use crate::accounts::{Act, Role};
use crate::texts::Words;

/// A place in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Place {
    /// Its page, relative to its area: `users`.
    pub(in crate::web) path: &'static str,
    key: &'static str,
    group: &'static str,
    act: Act,
}

const fn place(path: &'static str, key: &'static str, group: &'static str, act: Act) -> Place {
    Place { path, key, group, act }
}

const NOW: &str = "panel-group-now";
const SELL: &str = "panel-group-sell";
const WELL: &str = "panel-group-health";
const MANAGE: &str = "panel-group-manage";
const PLATFORM: &str = "panel-group-platform";

pub(in crate::web) const HOME: Place = place("", "panel-home-title", NOW, Act::Overview);
pub(in crate::web) const USERS: Place = place("users", "panel-users", NOW, Act::Look);
pub(in crate::web) const PAYMENTS: Place = place("payments", "panel-payments", NOW, Act::Look);
pub(in crate::web) const GENERATIONS: Place = place("generations", "panel-generations", NOW, Act::Look);
pub(in crate::web) const STATEMENTS: Place = place("statements", "panel-statements", NOW, Act::Overview);
pub(in crate::web) const DIAGNOSTICS: Place = place("diagnostics", "panel-diagnostics", WELL, Act::Overview);
pub(in crate::web) const PREFLIGHT: Place = place("preflight", "panel-preflight", WELL, Act::Overview);
pub(in crate::web) const ERRORS: Place = place("errors", "panel-errors", WELL, Act::Look);
pub(in crate::web) const MODELS: Place = place("models", "panel-models", SELL, Act::Look);
pub(in crate::web) const TEXTS: Place = place("settings/texts", "panel-settings-texts", SELL, Act::Look);
pub(in crate::web) const PROMOS: Place = place("promos", "panel-promos", SELL, Act::Look);
pub(in crate::web) const BROADCASTS: Place = place("broadcasts", "panel-broadcasts", SELL, Act::Look);
pub(in crate::web) const KNOWLEDGE: Place = place("knowledge", "panel-knowledge", SELL, Act::Look);
pub(in crate::web) const TEAM: Place = place("team", "panel-team", MANAGE, Act::Look);
pub(in crate::web) const SETTINGS: Place = place("settings/general", "panel-settings", MANAGE, Act::Look);
pub(in crate::web) const AUDIT: Place = place("audit", "panel-audit", MANAGE, Act::Look);

/// A tenant's places, in their order.
const OF_TENANT: &[Place] = &[
    HOME,
    USERS,
    PAYMENTS,
    GENERATIONS,
    STATEMENTS,
    MODELS,
    TEXTS,
    PROMOS,
    BROADCASTS,
    KNOWLEDGE,
    DIAGNOSTICS,
    PREFLIGHT,
    ERRORS,
    TEAM,
    SETTINGS,
    AUDIT,
];

pub(in crate::web) const TENANTS: Place = place("", "panel-owner-title", PLATFORM, Act::Platform);
pub(in crate::web) const HEALTH: Place = place("health", "panel-health", PLATFORM, Act::Platform);
pub(in crate::web) const JOBS: Place = place("jobs", "panel-jobs", PLATFORM, Act::Platform);
pub(in crate::web) const MONEY: Place = place("money", "panel-money", PLATFORM, Act::Platform);
pub(in crate::web) const SHELF: Place = place("models", "panel-owner-models", PLATFORM, Act::Platform);
pub(in crate::web) const ACTS: Place = place("audit", "panel-audit", PLATFORM, Act::Platform);
pub(in crate::web) const CONFIG: Place = place("settings", "panel-settings", PLATFORM, Act::Platform);

/// The platform owner's places.
const OF_PLATFORM: &[Place] = &[TENANTS, MONEY, SHELF, HEALTH, JOBS, ACTS, CONFIG];

/// Places under one heading.
pub(in crate::web) struct Group {
    pub(in crate::web) name: String,
    pub(in crate::web) links: Vec<Link>,
}

/// A way.
pub(in crate::web) struct Link {
    pub(in crate::web) href: String,
    pub(in crate::web) name: String,
    pub(in crate::web) current: bool,
}

/// A tenant's navigation for a role.
pub(super) fn of_tenant(words: Words<'_>, base: &str, role: Role, here: Place) -> Vec<Group> {
    groups(words, base, role, here, OF_TENANT)
}

/// The platform owner's navigation.
pub(super) fn of_platform(words: Words<'_>, here: Place) -> Vec<Group> {
    groups(words, "/panel/owner", Role::PlatformOwner, here, OF_PLATFORM)
}

fn groups(words: Words<'_>, base: &str, role: Role, here: Place, places: &[Place]) -> Vec<Group> {
    let mut groups: Vec<(&str, Group)> = Vec::new();
    for place in places.iter().filter(|place| role.may(place.act)) {
        let href = if place.path.is_empty() { base.to_owned() } else { format!("{base}/{}", place.path) };
        let link = Link { href, name: words.get(place.key), current: *place == here };
        match groups.iter_mut().find(|(key, _)| *key == place.group) {
            Some((_, group)) => group.links.push(link),
            None => groups.push((place.group, Group { name: words.get(place.group), links: vec![link] })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;
    use crate::texts::Texts;

    #[test]
    fn everybody_finds_their_own_places_and_no_other() {
        let texts = Texts::embedded().unwrap();
        let words = texts.words(Language::Ru);
        let names = |role| -> Vec<String> {
            let groups = of_tenant(words, "/panel/t/a", role, HOME);
            groups.into_iter().flat_map(|group| group.links).map(|link| link.href).collect()
        };
        assert!(names(Role::Owner).contains(&"/panel/t/a/users".to_owned()));
        assert!(!names(Role::PlatformOwner).contains(&"/panel/t/a/users".to_owned()));
        assert_eq!(of_tenant(words, "/x", Role::Viewer, HOME)[0].links.iter().filter(|link| link.current).count(), 1);
    }
}
