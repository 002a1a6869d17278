//! The buttons of the admin's menu (bot.md 4, "Admin"). Whoever presses one is asked for their rights first, so a payload that
//! does not read is still theirs to be refused or to be told of: `None` where an id should be.

use crate::billing::settlement::Month;
use crate::domain::{GenerationId, ManualCreditId, UserId};

/// Which way the viewer of generations turns, round and round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Newer; from the newest to the oldest.
    Prev,
    /// Older; from the oldest to the newest.
    Next,
}

impl Way {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "prev" => Self::Prev,
            "next" => Self::Next,
            _ => return None,
        })
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Prev => "prev",
            Self::Next => "next",
        }
    }
}

/// A pressed button of the admin's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminPress {
    /// S-40 with fresh numbers.
    Stats,
    /// `adm:*` of older messages.
    Older(String),
    /// A text of diagnostics, by its word.
    Diag(String),
    /// S-41, the newest.
    Generations,
    /// S-41, the next one from this or, without it, from the newest.
    GenNav(Way, Option<GenerationId>),
    /// The results of S-41.
    GenView(Option<GenerationId>),
    /// S-44.
    Settings,
    /// S-46.
    ConfigCheck,
    /// Asks for the rate.
    SetRate,
    /// Flips a switch, by its name.
    Toggle(String),
    /// Asks whom or what to look for, or looks at once.
    Search(Option<String>),
    /// The bot as a user's, or back.
    UserMode,
    /// S-43.
    UserInfo(Option<UserId>),
    /// Asks how much to credit.
    TopUp(Option<UserId>),
    /// Credits, once.
    TopUpOk(Option<ManualCreditId>),
    /// The statement of a month; `None`: of this one.
    Month(Option<Month>),
    /// The credit that waits longest for a second admin.
    Credits,
    /// Approves one as the second.
    CreditYes(Option<ManualCreditId>),
    /// Declines one.
    CreditNo(Option<ManualCreditId>),
    /// Blocks.
    Block(Option<UserId>),
    /// Lets in again.
    Unblock(Option<UserId>),
    /// A page of people, from 0.
    Users(usize),
    /// Asks for a message to a person (decisions.md 23).
    Write(Option<UserId>),
    /// A person asks to answer the admin who wrote: the one button here that is for everybody.
    Reply,
}

impl AdminPress {
    /// Reads a button's data; `None`: another family's.
    pub fn parse(data: &str) -> Option<Self> {
        let (head, payload) = data.split_once(':').map_or((data, None), |(head, rest)| (head, Some(rest)));
        let user = || payload.and_then(|text| text.parse().ok()).map(UserId);
        Some(match (head, payload) {
            ("admin_stats" | "admin_back_to_admin", None) => Self::Stats,
            ("adm", Some(word)) => Self::Older(word.to_owned()),
            ("admin_diag", Some(word)) => Self::Diag(word.to_owned()),
            ("admin_view_generations", None) => Self::Generations,
            ("admin_gen_nav", Some(rest)) => {
                let (way, id) = rest.split_once(':').map_or((rest, None), |(way, id)| (way, Some(id)));
                Self::GenNav(Way::parse(way)?, id.and_then(|id| GenerationId::from_short(id).ok()))
            }
            ("admin_gen_view", Some(id)) => Self::GenView(GenerationId::from_short(id).ok()),
            ("admin_settings", None) => Self::Settings,
            ("admin_config_check", None) => Self::ConfigCheck,
            ("admin_set_currency_rate", None) => Self::SetRate,
            ("admin_toggle", Some(name)) => Self::Toggle(name.to_owned()),
            ("admin_search", text) => Self::Search(text.filter(|text| !text.is_empty()).map(str::to_owned)),
            ("admin_user_mode", None) => Self::UserMode,
            ("admin_user_info", Some(_)) => Self::UserInfo(user()),
            ("admin_topup_user", Some(_)) => Self::TopUp(user()),
            ("admin_topup_ok", Some(id)) => Self::TopUpOk(ManualCreditId::from_short(id).ok()),
            ("admin_month", None) => Self::Month(None),
            ("admin_month", Some(month)) => Self::Month(Month::parse(month).ok()),
            ("admin_credits", None) => Self::Credits,
            ("admin_credit_yes", Some(id)) => Self::CreditYes(ManualCreditId::from_short(id).ok()),
            ("admin_credit_no", Some(id)) => Self::CreditNo(ManualCreditId::from_short(id).ok()),
            ("admin_block", Some(_)) => Self::Block(user()),
            ("admin_unblock", Some(_)) => Self::Unblock(user()),
            ("pg", Some(rest)) => Self::Users(rest.strip_prefix("users:")?.parse().ok()?),
            ("admin_write", Some(_)) => Self::Write(user()),
            ("admin_reply", None) => Self::Reply,
            _ => return None,
        })
    }

    /// The data that [`AdminPress::parse`] reads back.
    pub fn data(&self) -> String {
        let of = |head: &str, user: &Option<UserId>| format!("{head}:{}", user.map_or(0, |user| user.0));
        match self {
            Self::Stats => "admin_stats".to_owned(),
            Self::Older(word) => format!("adm:{word}"),
            Self::Diag(word) => format!("admin_diag:{word}"),
            Self::Generations => "admin_view_generations".to_owned(),
            Self::GenNav(way, None) => format!("admin_gen_nav:{}", way.as_str()),
            Self::GenNav(way, Some(id)) => format!("admin_gen_nav:{}:{}", way.as_str(), id.short()),
            Self::GenView(id) => format!("admin_gen_view:{}", id.as_ref().map_or("", GenerationId::short)),
            Self::Settings => "admin_settings".to_owned(),
            Self::ConfigCheck => "admin_config_check".to_owned(),
            Self::SetRate => "admin_set_currency_rate".to_owned(),
            Self::Toggle(name) => format!("admin_toggle:{name}"),
            Self::Search(None) => "admin_search".to_owned(),
            Self::Search(Some(text)) => format!("admin_search:{text}"),
            Self::UserMode => "admin_user_mode".to_owned(),
            Self::UserInfo(user) => of("admin_user_info", user),
            Self::TopUp(user) => of("admin_topup_user", user),
            Self::TopUpOk(id) => format!("admin_topup_ok:{}", id.as_ref().map_or("", ManualCreditId::short)),
            Self::Month(None) => "admin_month".to_owned(),
            Self::Month(Some(month)) => format!("admin_month:{month}"),
            Self::Credits => "admin_credits".to_owned(),
            Self::CreditYes(id) => format!("admin_credit_yes:{}", id.as_ref().map_or("", ManualCreditId::short)),
            Self::CreditNo(id) => format!("admin_credit_no:{}", id.as_ref().map_or("", ManualCreditId::short)),
            Self::Block(user) => of("admin_block", user),
            Self::Unblock(user) => of("admin_unblock", user),
            Self::Users(page) => format!("pg:users:{page}"),
            Self::Write(user) => of("admin_write", user),
            Self::Reply => "admin_reply".to_owned(),
        }
    }

    /// Whether only the owner may press it.
    pub fn is_owners(&self) -> bool {
        matches!(self, Self::SetRate | Self::Toggle(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_of_the_menu_reads_back_as_itself() {
        let user = Some(UserId(7_999_999_999));
        let gid = Some(GenerationId::random());
        for press in [
            AdminPress::Stats,
            AdminPress::Older("export".to_owned()),
            AdminPress::Diag("preflight".to_owned()),
            AdminPress::Generations,
            AdminPress::GenNav(Way::Prev, gid.clone()),
            AdminPress::GenNav(Way::Next, None),
            AdminPress::GenView(gid),
            AdminPress::Settings,
            AdminPress::ConfigCheck,
            AdminPress::SetRate,
            AdminPress::Toggle("hide_prompts".to_owned()),
            AdminPress::Search(None),
            AdminPress::Search(Some("кот".to_owned())),
            AdminPress::UserMode,
            AdminPress::UserInfo(user),
            AdminPress::TopUp(user),
            AdminPress::TopUpOk(Some(ManualCreditId::random())),
            AdminPress::Month(None),
            AdminPress::Month(Month::parse("2026-11").ok()),
            AdminPress::Credits,
            AdminPress::CreditYes(Some(ManualCreditId::random())),
            AdminPress::CreditNo(Some(ManualCreditId::random())),
            AdminPress::Block(user),
            AdminPress::Unblock(user),
            AdminPress::Users(3),
            AdminPress::Write(user),
            AdminPress::Reply,
        ] {
            let data = press.data();
            assert!(data.len() <= 64, "{data}");
            assert_eq!(AdminPress::parse(&data), Some(press), "{data}");
        }
    }

    #[test]
    fn a_payload_that_does_not_read_is_still_the_admins() {
        assert_eq!(AdminPress::parse("admin_user_info:abc"), Some(AdminPress::UserInfo(None)));
        assert_eq!(AdminPress::parse("admin_topup_ok:"), Some(AdminPress::TopUpOk(None)));
        assert_eq!(AdminPress::parse("admin_gen_nav:next:nonsense"), Some(AdminPress::GenNav(Way::Next, None)));
        assert_eq!(AdminPress::parse("admin_gen_nav:up"), None);
        assert_eq!(AdminPress::parse("pg:all:0"), None);
    }
}
