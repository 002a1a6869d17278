//! Who may do what in the panel: one table, from which routes are guarded, templates leave out what is not for the reader, and
//! tests attack every address (decisions.md 13, reliability.md T12).

use super::Role;

/// What a page shows or a form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// A bot's state, figures and reports: nothing about a single person.
    Overview,
    /// A bot's people, payments, generations and errors.
    Look,
    /// Everyday work: block, credit, send again, approve, promo codes, knowledge, broadcasts, pause.
    Operate,
    /// What is the owner's: settings, team, refunds, secrets, export.
    Own,
    /// The platform owner's pages, and suspending a bot.
    Platform,
}

/// Rows are acts; columns are platform owner, owner, admin, viewer, support.
const TABLE: [(Act, [bool; 5]); 5] = [
    (Act::Overview, [true, true, true, true, true]),
    // The platform's owner sees people only as support, for the hour that the bot's owner grants.
    (Act::Look, [false, true, true, true, true]),
    (Act::Operate, [false, true, true, false, false]),
    (Act::Own, [false, true, false, false, false]),
    (Act::Platform, [true, false, false, false, false]),
];

impl Act {
    /// Every act.
    pub const ALL: [Self; 5] = [Self::Overview, Self::Look, Self::Operate, Self::Own, Self::Platform];
}

impl Role {
    /// Whether this role may do that, on what is its own.
    pub fn may(self, act: Act) -> bool {
        let column = Self::ALL.iter().position(|role| *role == self);
        let row = TABLE.iter().find(|(of, _)| *of == act).map(|(_, row)| row);
        column.zip(row).is_some_and(|(column, row)| row.get(column).copied().unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_act_once_and_reads_by_role() {
        for act in Act::ALL {
            assert_eq!(TABLE.iter().filter(|(of, _)| *of == act).count(), 1, "{act:?}");
        }
        assert!(Role::Owner.may(Act::Own) && !Role::Admin.may(Act::Own));
        assert!(Role::Admin.may(Act::Operate) && !Role::Viewer.may(Act::Operate));
        assert!(Role::Support.may(Act::Look) && !Role::Support.may(Act::Operate));
        assert!(Role::PlatformOwner.may(Act::Platform) && !Role::PlatformOwner.may(Act::Look));
    }

    #[test]
    fn whoever_only_looks_changes_nothing() {
        for role in [Role::Viewer, Role::Support] {
            for act in [Act::Operate, Act::Own, Act::Platform] {
                assert!(!role.may(act), "{role:?} {act:?}");
            }
        }
    }
}
