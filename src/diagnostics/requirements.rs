//! What a bot needs to live and to earn (platform.md 3): computed from how things are, never stored as steps of a wizard. Shown
//! by the panel, the admin's menu, the API, `tenant show` and `/__diag/requirements`.

use serde_json::{Value, json};

use super::report::Said;
use crate::domain::settings::TenantSettings;
use crate::domain::{BotInstanceId, UnixMs};
use crate::store::{ConnectionRow, WatchRow};
use crate::texts::{Args, Words};

/// Fewer credits than this, in hundredths, are few: some videos.
const FEW_CREDITS: i64 = 20_000;
/// A failed delivery that is older than this is history.
const RECENT_MS: i64 = 60 * 60 * 1_000;

/// Whether the bot can go live without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It cannot.
    Blocking,
    /// It can, and something does not work or does not earn.
    Warning,
}

impl Severity {
    /// As programs read it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocking => "blocking",
            Self::Warning => "warning",
        }
    }
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its stable name: the key of its texts, too (`req-<code>`, `req-<code>-fix`).
    pub code: &'static str,
    /// Whether the bot can go live without it.
    pub severity: Severity,
    /// Until when; `None`: no day is set.
    pub deadline: Option<UnixMs>,
    /// What is wrong or missing.
    pub what: Said,
    /// Where it is mended: a path of the panel.
    pub link: String,
}

impl Requirement {
    /// The key of the next step.
    pub fn fix_key(&self) -> String {
        format!("req-{}-fix", self.code.replace('_', "-"))
    }

    /// For programs.
    pub fn as_json(&self, words: Words<'_>) -> Value {
        json!({
            "code": self.code,
            "severity": self.severity.as_str(),
            "deadline": self.deadline,
            "what": words.plain(&self.what.key, self.what.values.clone()),
            "how_to_fix": words.get(&self.fix_key()),
            "link": self.link,
        })
    }
}

/// What there is to generate with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// A key of its own; credits in hundredths as they were last read.
    Own(Option<i64>),
    /// The platform's key; whether its owner set a budget for this bot.
    Shared {
        /// Whether there is one above 0.
        budget: bool,
    },
    /// None.
    Missing,
}

/// How things are.
pub struct Facts<'a> {
    /// Whose.
    pub tenant: &'a BotInstanceId,
    /// Its settings.
    pub settings: &'a TenantSettings,
    /// What connecting it found.
    pub connection: &'a ConnectionRow,
    /// What the last look found.
    pub watch: Option<&'a WatchRow>,
    /// Where its updates should go; `None`: they are fetched.
    pub webhook: Option<&'a str>,
    /// Whether there is an owner among its admins.
    pub owner: bool,
    /// Whether an admin can be written to.
    pub admin_reachable: bool,
    /// What there is to generate with.
    pub provider: Provider,
    /// Models that it offers.
    pub offered: usize,
    /// Ways of paying that work.
    pub payment_methods: usize,
    /// Now.
    pub now: UnixMs,
}

/// What is due now, what blocks first.
pub fn requirements(facts: &Facts<'_>) -> Vec<Requirement> {
    let mut due = Due { tenant: facts.tenant, list: Vec::new() };
    due.owner(facts);
    due.token(facts);
    due.webhook(facts);
    due.provider(facts);
    due.shop(facts);
    due.people(facts);
    due.list.sort_by_key(|requirement| requirement.severity != Severity::Blocking);
    due.list
}

/// Whether nothing keeps the bot from going live.
pub fn nothing_blocks(due: &[Requirement]) -> bool {
    due.iter().all(|requirement| requirement.severity != Severity::Blocking)
}

struct Due<'a> {
    tenant: &'a BotInstanceId,
    list: Vec<Requirement>,
}

impl Due<'_> {
    fn add(&mut self, code: &'static str, severity: Severity, values: Args) {
        let what = Said { key: format!("req-{}", code.replace('_', "-")).into(), values };
        let link = format!("/panel/t/{}/{}", self.tenant, place(code));
        self.list.push(Requirement { code, severity, deadline: None, what, link });
    }

    fn block_if(&mut self, wrong: bool, code: &'static str) {
        if wrong {
            self.add(code, Severity::Blocking, Args::new());
        }
    }

    fn warn_if(&mut self, wrong: bool, code: &'static str) {
        if wrong {
            self.add(code, Severity::Warning, Args::new());
        }
    }

    fn owner(&mut self, facts: &Facts<'_>) {
        self.block_if(!facts.owner, "owner_account");
    }

    /// A token that worked once and is refused now was revoked; one that never did is wrong, or not checked yet.
    fn token(&mut self, facts: &Facts<'_>) {
        let connection = facts.connection;
        let revoked = facts.watch.is_some_and(|watch| watch.trouble.as_deref() == Some("token_revoked"));
        let refused = connection.token_error.is_some();
        self.block_if(revoked || refused && connection.bot_username.is_some(), "token_revoked");
        let never = connection.token_checked_at.is_none() || refused && connection.bot_username.is_none();
        self.block_if(never && !revoked, "token_valid");
    }

    fn webhook(&mut self, facts: &Facts<'_>) {
        let wanted = facts.webhook.unwrap_or_default();
        let set = facts.connection.webhook_url.as_deref() == Some(wanted) && facts.connection.webhook_error.is_none();
        self.block_if(!set, "webhook_set");
        let Some(watch) = facts.watch else { return };
        if watch.trouble.as_deref() == Some("webhook_hijacked") {
            let url = watch.url.clone().unwrap_or_default();
            self.add("webhook_hijacked", Severity::Warning, Args::new().with("url", host(&url)));
        }
        self.warn_if(watch.trouble.as_deref() == Some("polling_conflict"), "polling_conflict");
        let recent = watch.last_error_at.is_some_and(|at| facts.now.0 - at.0 < RECENT_MS);
        if let Some(error) = watch.last_error.as_deref().filter(|_| recent && watch.pending.unwrap_or(0) > 0) {
            let values = Args::new().with("n", watch.pending.unwrap_or(0)).with("error", error);
            self.add("webhook_errors", Severity::Warning, values);
        }
    }

    fn provider(&mut self, facts: &Facts<'_>) {
        let off = matches!(facts.provider, Provider::Missing | Provider::Shared { budget: false });
        self.warn_if(off && !facts.settings.dry_run, "provider_key");
        if let Provider::Own(Some(credits)) = facts.provider
            && credits < FEW_CREDITS
        {
            let values = Args::new().with("credits", credits / 100);
            self.add("provider_credits_low", Severity::Warning, values);
        }
    }

    fn shop(&mut self, facts: &Facts<'_>) {
        let settings = facts.settings;
        self.warn_if(facts.offered == 0, "price_list");
        self.warn_if(facts.payment_methods == 0, "payment_method");
        self.warn_if(settings.sbp_enabled && !settings.sbp_requisites.complete(), "requisites");
        self.warn_if(settings.sbp_enabled && !settings.sbp_terms_ack, "compliance_ack");
    }

    fn people(&mut self, facts: &Facts<'_>) {
        self.warn_if(!facts.admin_reachable, "admin_reachable");
        self.warn_if(facts.settings.support_contact.trim().is_empty(), "support_contact");
        self.warn_if(facts.settings.privacy_url.trim().is_empty(), "privacy_text");
    }
}

/// The page of the panel on which a requirement is met.
fn place(code: &str) -> &'static str {
    match code {
        "owner_account" | "admin_reachable" => "team",
        "token_valid" | "token_revoked" | "provider_key" | "provider_credits_low" => "keys",
        "price_list" => "models",
        "payment_method" | "requisites" | "compliance_ack" => "settings/money",
        "support_contact" | "privacy_text" => "settings/texts",
        _ => "diagnostics",
    }
}

/// The host of an address: its path may be somebody's secret.
pub fn host(address: &str) -> String {
    url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "?".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> BotInstanceId {
        BotInstanceId::parse("partner-01").unwrap()
    }

    fn well() -> ConnectionRow {
        ConnectionRow {
            bot_username: Some("shop_bot".to_owned()),
            token_checked_at: Some(UnixMs(1)),
            token_error: None,
            webhook_url: Some("https://bots.example/webhook/partner-01".to_owned()),
            webhook_checked_at: Some(UnixMs(1)),
            webhook_error: None,
        }
    }

    fn watched(trouble: Option<&str>) -> WatchRow {
        WatchRow {
            checked_at: UnixMs(1),
            url: Some("https://evil.example/secret-path".to_owned()),
            pending: Some(7),
            last_error: Some("Connection timed out".to_owned()),
            last_error_at: Some(UnixMs(1)),
            trouble: trouble.map(str::to_owned),
            trouble_at: None,
            told: None,
            set_at: None,
        }
    }

    fn settled() -> TenantSettings {
        TenantSettings {
            support_contact: "@help".to_owned(),
            privacy_url: "https://example.com/privacy".to_owned(),
            ..TenantSettings::default()
        }
    }

    fn facts<'a>(id: &'a BotInstanceId, settings: &'a TenantSettings, connection: &'a ConnectionRow) -> Facts<'a> {
        Facts {
            tenant: id,
            settings,
            connection,
            watch: None,
            webhook: Some("https://bots.example/webhook/partner-01"),
            owner: true,
            admin_reachable: true,
            provider: Provider::Own(Some(1_000_000)),
            offered: 70,
            payment_methods: 1,
            now: UnixMs(1_000),
        }
    }

    fn codes(facts: &Facts<'_>) -> Vec<&'static str> {
        requirements(facts).iter().map(|requirement| requirement.code).collect()
    }

    #[test]
    fn a_bot_in_order_needs_nothing() {
        let (id, settings, connection) = (id(), settled(), well());
        assert_eq!(codes(&facts(&id, &settings, &connection)), Vec::<&str>::new());
    }

    #[test]
    fn what_blocks_comes_first_and_is_told_apart() {
        let (id, settings) = (id(), settled());
        let fresh = ConnectionRow { bot_username: None, token_checked_at: None, webhook_url: None, ..well() };
        let new = Facts { owner: false, ..facts(&id, &settings, &fresh) };
        assert_eq!(codes(&new), ["owner_account", "token_valid", "webhook_set"]);
        assert!(!nothing_blocks(&requirements(&new)));
        let refused = ConnectionRow { token_error: Some("no".to_owned()), ..well() };
        assert_eq!(codes(&facts(&id, &settings, &refused)), ["token_revoked"]);
        let wrong = ConnectionRow { token_error: Some("no".to_owned()), bot_username: None, ..well() };
        assert_eq!(codes(&facts(&id, &settings, &wrong)), ["token_valid"]);
        let polled = ConnectionRow { webhook_url: Some(String::new()), ..well() };
        assert_eq!(codes(&Facts { webhook: None, ..facts(&id, &settings, &polled) }), Vec::<&str>::new());
    }

    #[test]
    fn a_hijacked_webhook_is_named_by_its_host_alone() {
        let (id, settings, connection, watch) = (id(), settled(), well(), watched(Some("webhook_hijacked")));
        let found = requirements(&Facts { watch: Some(&watch), ..facts(&id, &settings, &connection) });
        assert_eq!(found.iter().map(|r| r.code).collect::<Vec<_>>(), ["webhook_hijacked", "webhook_errors"]);
        let said = format!("{:?}", found[0].what);
        assert!(said.contains("evil.example") && !said.contains("secret-path"), "{said}");
        assert_eq!(found[0].link, "/panel/t/partner-01/diagnostics");
        assert!(nothing_blocks(&found));
    }

    #[test]
    fn what_does_not_earn_is_a_warning() {
        let (id, connection) = (id(), well());
        let settings =
            TenantSettings { sbp_enabled: true, support_contact: " ".to_owned(), ..TenantSettings::default() };
        let poor = Facts {
            provider: Provider::Own(Some(100)),
            offered: 0,
            payment_methods: 0,
            admin_reachable: false,
            ..facts(&id, &settings, &connection)
        };
        assert_eq!(
            codes(&poor),
            [
                "provider_credits_low",
                "price_list",
                "payment_method",
                "requisites",
                "compliance_ack",
                "admin_reachable",
                "support_contact",
                "privacy_text",
            ]
        );
        let none = Facts { provider: Provider::Shared { budget: false }, ..facts(&id, &settings, &connection) };
        assert!(codes(&none).contains(&"provider_key"));
    }
}
