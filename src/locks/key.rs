//! What a lock is about. Keys are made from these enums only, so none can forget its tenant (reliability.md T14).

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::domain::{ApiKeyId, BotInstanceId, ChatId, GenerationId, QuoteId, UserId};

/// The name of one lock, throttle or budget: `botyard:{<bot_instance_id>}:<purpose>:<detail>`. The braces are Redis's hash
/// tag: a tenant's keys live in one slot of a cluster, so a script may touch two of them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LockKey {
    text: Arc<str>,
    /// The end of `botyard:{…}` in it.
    scope: usize,
}

/// What is locked, throttled or budgeted inside one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Order within a chat.
    Chat(ChatId),
    /// One confirm per person and quote (bot.md 8).
    Confirm(UserId, QuoteId),
    /// The progress message of a generation: one replica edits it at a time, and not too often.
    Progress(GenerationId),
    /// Something said to a chat once in a while.
    Notice {
        /// What is said.
        kind: Notice,
        /// To whom.
        chat: ChatId,
    },
    /// A person's messages (bot.md 2.3).
    Messages(UserId),
    /// A person's presses (bot.md 2.3).
    Callbacks(UserId),
    /// A person's presses of one button: its callback data (bot.md 2.3).
    SameCallback(UserId, String),
    /// All updates of the bot.
    Updates,
    /// All sends of the bot (Telegram: about 30 a second).
    Sends,
    /// Sends to one chat (Telegram: one a second, in a group 20 a minute).
    ChatSends(ChatId),
    /// The broadcast's share of [`Purpose::Sends`].
    BroadcastSends,
    /// New tasks at the provider with the tenant's own key.
    ProviderTasks,
    /// Questions to the provider with the tenant's own key.
    ProviderQueries,
    /// Pages of the panel that its people open.
    PanelRequests,
    /// One download for each ticket of an archive: by the ticket's name.
    Archive(String),
}

/// What is said once in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Notice {
    /// The bot works in private chats only.
    PrivateOnly,
    /// Too fast.
    SlowDown,
    /// Blocked by an admin.
    Blocked,
    /// Edited messages do not count.
    Edited,
    /// The tenant is paused.
    Paused,
    /// The database is away.
    Maintenance,
    /// /start takes long: the minimal menu comes first.
    SlowStart,
    /// A confirm takes long: that is said first.
    SlowConfirm,
    /// To admins: generation is off, for this cause (its stored word), which hides no other.
    GenerationOff(&'static str),
}

/// What is locked, throttled or budgeted for the whole platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PlatformPurpose {
    /// Calls for tokens that had none for a day: at most 9 a minute (decisions.md 21).
    ColdTokens,
    /// New tasks at the provider with the platform's key.
    ProviderTasks,
    /// Questions to the provider with the platform's key.
    ProviderQueries,
    /// Attempts to log in from one address.
    LogIns(IpAddr),
    /// A start tries whether a lock keeps a second holder out: by the process's name.
    Probe(String),
    /// Calls with one key of the API; `None`: the platform owner's token.
    ApiCalls(Option<ApiKeyId>),
    /// Calls of the API without a good key from one address.
    ApiMisses(IpAddr),
}

impl LockKey {
    /// A tenant's key.
    pub fn new(tenant: &BotInstanceId, purpose: Purpose) -> Self {
        let (name, detail) = purpose.parts();
        Self::render(tenant.as_str(), name, detail)
    }

    /// A key of the whole platform. No tenant can have the same one: a `bot_instance_id` has no `*`.
    pub fn platform(purpose: &PlatformPurpose) -> Self {
        let (name, detail) = match purpose {
            PlatformPurpose::ColdTokens => ("cold_tokens", None),
            PlatformPurpose::ProviderTasks => ("provider_tasks", None),
            PlatformPurpose::ProviderQueries => ("provider_queries", None),
            PlatformPurpose::Probe(instance) => ("probe", Some(instance.clone())),
            PlatformPurpose::LogIns(ip) => ("log_ins", Some(of_address(*ip))),
            PlatformPurpose::ApiCalls(key) => {
                ("api_calls", Some(key.as_ref().map_or_else(|| "owner".to_owned(), ToString::to_string)))
            }
            PlatformPurpose::ApiMisses(ip) => ("api_misses", Some(of_address(*ip))),
        };
        Self::render("*platform", name, detail)
    }

    /// The text that [`LockKey`] documents.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The key under which an operation stores: two operations never share one. A detail has no `:`, so no suffix of one key
    /// is the detail of another.
    pub(super) fn stored(&self, operation: &str) -> String {
        format!("{}:{operation}", self.text)
    }

    /// The key of the tenant's fencing number, in the same slot.
    pub(super) fn fence(&self) -> String {
        format!("{}:fence", &self.text[..self.scope])
    }

    fn render(scope: &str, name: &str, detail: Option<String>) -> Self {
        let mut text = format!("botyard:{{{scope}}}");
        let scope = text.len();
        text.push(':');
        text.push_str(name);
        if let Some(detail) = detail {
            text.push(':');
            text.push_str(&detail);
        }
        Self { text: text.into(), scope }
    }
}

/// An address as a detail: without colons.
fn of_address(ip: IpAddr) -> String {
    ip.to_canonical().to_string().replace(':', "_")
}

impl fmt::Display for LockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for LockKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Purpose {
    fn parts(self) -> (&'static str, Option<String>) {
        match self {
            Self::Chat(chat) => ("chat", Some(chat.to_string())),
            Self::Confirm(user, quote) => ("confirm", Some(format!("{user}.{quote}"))),
            Self::Progress(generation) => ("progress", Some(generation.to_string())),
            Self::Notice { kind, chat } => ("notice", Some(format!("{}.{chat}", kind.detail()))),
            Self::Messages(user) => ("messages", Some(user.to_string())),
            Self::Callbacks(user) => ("callbacks", Some(user.to_string())),
            // In hex: whatever a button carries, it stays one detail.
            Self::SameCallback(user, data) => ("same_callback", Some(format!("{user}.{}", hex::encode(data)))),
            Self::Updates => ("updates", None),
            Self::Sends => ("sends", None),
            Self::ChatSends(chat) => ("chat_sends", Some(chat.to_string())),
            Self::BroadcastSends => ("broadcast_sends", None),
            Self::ProviderTasks => ("provider_tasks", None),
            Self::ProviderQueries => ("provider_queries", None),
            Self::PanelRequests => ("panel_requests", None),
            // In hex: a name stays one detail.
            Self::Archive(ticket) => ("archive", Some(hex::encode(ticket))),
        }
    }
}

impl Notice {
    fn detail(self) -> Cow<'static, str> {
        let name = match self {
            Self::PrivateOnly => "private_only",
            Self::SlowDown => "slow_down",
            Self::Blocked => "blocked",
            Self::Edited => "edited",
            Self::Paused => "paused",
            Self::Maintenance => "maintenance",
            Self::SlowStart => "slow_start",
            Self::SlowConfirm => "slow_confirm",
            Self::GenerationOff(cause) => return Cow::Owned(format!("generation_off.{cause}")),
        };
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tenant() -> impl Strategy<Value = BotInstanceId> {
        "[a-z0-9][a-z0-9._-]{2,31}".prop_map(|text| BotInstanceId::parse(&text).unwrap())
    }

    fn purpose() -> impl Strategy<Value = Purpose> {
        let number = prop_oneof![-3i64..3, any::<i64>()];
        let text = prop_oneof!["[:.}{a*]{0,4}".prop_map(String::from), any::<String>()];
        let short = |len: usize| proptest::collection::vec(prop_oneof![Just('a'), Just('7')], len);
        (0..14u8, number.clone(), number, text, short(12), short(16)).prop_map(|(kind, a, b, text, gid, quote)| {
            let notices = [
                Notice::SlowDown,
                Notice::Blocked,
                Notice::Edited,
                Notice::SlowStart,
                Notice::GenerationOff("no_credits"),
                Notice::GenerationOff("model_off"),
            ];
            match kind {
                0 => Purpose::Chat(ChatId(a)),
                1 => Purpose::Confirm(UserId(a), QuoteId::from_short(&String::from_iter(quote)).unwrap()),
                2 => Purpose::Progress(GenerationId::from_short(&String::from_iter(gid)).unwrap()),
                3 => Purpose::Notice { kind: notices[b.rem_euclid(6) as usize], chat: ChatId(a) },
                4 => Purpose::Messages(UserId(a)),
                5 => Purpose::Callbacks(UserId(a)),
                6 => Purpose::SameCallback(UserId(a), text),
                7 => Purpose::Updates,
                8 => Purpose::Sends,
                9 => Purpose::ChatSends(ChatId(a)),
                10 => Purpose::BroadcastSends,
                11 => Purpose::ProviderTasks,
                12 => Purpose::Archive(text),
                _ => Purpose::ProviderQueries,
            }
        })
    }

    /// Everything that is stored for one key.
    fn stored(key: &LockKey) -> Vec<String> {
        vec![key.stored("lock"), key.stored("once"), key.stored("budget"), key.fence()]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn two_tenants_never_share_a_key(one in tenant(), other in tenant(), a in purpose(), b in purpose()) {
            prop_assume!(one != other);
            let other_keys = stored(&LockKey::new(&other, b));
            for key in stored(&LockKey::new(&one, a)) {
                let prefix = format!("botyard:{{{one}}}:");
                prop_assert!(key.starts_with(&prefix), "{key}");
                prop_assert!(!other_keys.contains(&key), "{key}");
            }
        }

        #[test]
        fn two_purposes_of_a_tenant_never_share_a_key(tenant in tenant(), a in purpose(), b in purpose()) {
            prop_assume!(a != b);
            let other_keys = stored(&LockKey::new(&tenant, b));
            // The fence is the tenant's own and shared on purpose.
            for key in &stored(&LockKey::new(&tenant, a))[..3] {
                prop_assert!(!other_keys.contains(key), "{key}");
            }
        }

        #[test]
        fn the_platforms_keys_are_no_tenants(tenant in tenant(), purpose in purpose(), ip in any::<IpAddr>()) {
            let platform = LockKey::platform(&PlatformPurpose::LogIns(ip));
            let rendered = platform.as_str().starts_with("botyard:{*platform}:log_ins:");
            prop_assert!(rendered, "{}", platform);
            prop_assert_ne!(platform, LockKey::new(&tenant, purpose));
        }
    }

    #[test]
    fn a_key_reads_as_documented() {
        let tenant = BotInstanceId::parse("partner-01").unwrap();
        let key = LockKey::new(&tenant, Purpose::Notice { kind: Notice::SlowDown, chat: ChatId(-42) });
        assert_eq!(key.as_str(), "botyard:{partner-01}:notice:slow_down.-42");
        assert_eq!(LockKey::new(&tenant, Purpose::Sends).as_str(), "botyard:{partner-01}:sends");
    }
}
