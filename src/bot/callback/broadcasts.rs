//! The buttons of broadcasts (bot.md 14.7).

use crate::domain::BroadcastId;

/// What a button does with one broadcast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BroadcastAction {
    /// Its standing.
    View,
    /// The composed message to oneself.
    Test,
    /// Compose it anew.
    Edit,
    /// Send it.
    Confirm,
    /// Hold it.
    Pause,
    /// Go on.
    Resume,
    /// End it.
    Stop,
}

impl BroadcastAction {
    const ALL: [Self; 7] = [Self::View, Self::Test, Self::Edit, Self::Confirm, Self::Pause, Self::Resume, Self::Stop];

    const fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Test => "test",
            Self::Edit => "edit",
            Self::Confirm => "confirm",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop => "stop",
        }
    }
}

/// A pressed button of broadcasts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BroadcastPress {
    /// S-49.
    List,
    /// Compose one.
    Create,
    /// S-49, figures.
    Stats,
    /// Something with one of them.
    Act(BroadcastAction, BroadcastId),
}

impl BroadcastPress {
    /// Reads a button's data; `None`: none of these.
    pub fn parse(data: &str) -> Option<Self> {
        Some(match data {
            "admin_broadcast" => Self::List,
            "admin_create_broadcast" => Self::Create,
            "admin_broadcast_stats" => Self::Stats,
            _ => {
                let (word, id) = data.strip_prefix("admin_bc:")?.split_once(':')?;
                let action = BroadcastAction::ALL.into_iter().find(|action| action.word() == word)?;
                Self::Act(action, BroadcastId::from_short(id).ok()?)
            }
        })
    }

    /// The data that [`BroadcastPress::parse`] reads back.
    pub fn data(&self) -> String {
        match self {
            Self::List => "admin_broadcast".to_owned(),
            Self::Create => "admin_create_broadcast".to_owned(),
            Self::Stats => "admin_broadcast_stats".to_owned(),
            Self::Act(action, id) => format!("admin_bc:{}:{}", action.word(), id.short()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_of_broadcasts_reads_back_as_itself() {
        let id = BroadcastId::random();
        let mut all = vec![BroadcastPress::List, BroadcastPress::Create, BroadcastPress::Stats];
        all.extend(BroadcastAction::ALL.map(|action| BroadcastPress::Act(action, id.clone())));
        for press in all {
            let data = press.data();
            assert!(data.len() <= 64, "{data}");
            assert_eq!(BroadcastPress::parse(&data), Some(press), "{data}");
        }
        for stale in ["admin_bc:view", "admin_bc:view:", "admin_bc:burn:abcdefghijkl", "admin_bc:view:ABC", "admin_bc"]
        {
            assert_eq!(BroadcastPress::parse(stale), None, "{stale}");
        }
    }
}
