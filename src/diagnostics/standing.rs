//! How one bot stands (bot.md 3 and 14.8): `/admin info`, `/selftest` and `/config_check`, from what was gathered before.
//! Nothing here asks anybody anything, and nothing here is a secret: keys are «set» or «not set».

use super::report::{Finding, Report, Section, Status};
use crate::catalog::Catalog;
use crate::clients::ocr::Reads;
use crate::clients::telegram::WebhookInfo;
use crate::config::Settings;
use crate::domain::settings::TenantSettings;
use crate::domain::{TenantState, UserId};
use crate::locks::Reach;
use crate::store::ErrorRow;
use crate::texts::Args;

/// What there is to generate with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The tenant's own; credits in hundredths, or none when the provider did not answer.
    Own(Option<i64>),
    /// The platform's, whose balance is its owner's matter; whether the provider answered.
    Shared(bool),
    /// None: menus work, nothing is generated.
    Missing,
}

/// What was gathered about a bot.
pub struct Standing<'a> {
    /// Its name here.
    pub id: &'a str,
    /// `@name` without the sign.
    pub username: Option<&'a str>,
    /// Its own Telegram id.
    pub bot_id: UserId,
    /// Whether it works.
    pub state: TenantState,
    /// What its partner set.
    pub settings: &'a TenantSettings,
    /// How many admins it has, and whether one of them has pressed /start.
    pub admins: (usize, bool),
    /// The installation.
    pub platform: &'a Settings,
    /// Models on sale.
    pub catalog: &'a Catalog,
    /// Models that this bot offers.
    pub offered: usize,
    /// Models that could be sold and that the provider does not list, unless the platform's owner has checked them.
    pub unchecked: usize,
    /// Where the short locks live.
    pub locks: Reach,
    /// Whether rows are in SQLite.
    pub sqlite: bool,
    /// What there is to generate with.
    pub key: Key,
    /// What Telegram says of the webhook; `None`: it did not answer.
    pub webhook: Option<WebhookInfo>,
    /// The address that the webhook should have; `None`: long polling.
    pub expected_webhook: Option<String>,
    /// Ways of paying that work.
    pub payments: usize,
    /// What there is to read receipts with.
    pub reader: Reads,
    /// The last errors, newest first.
    pub errors: &'a [ErrorRow],
    /// Sessions used in the last day; `None`: they could not be read.
    pub sessions: Option<i64>,
}

fn none() -> Args {
    Args::new()
}

impl Standing<'_> {
    /// `/admin info`; `storage` and `files` were tried a moment ago.
    pub fn info(&self, storage: Section, files: Section) -> Report {
        let mut sections = vec![self.bot(), self.state(), self.transport(), self.mode(), storage, files, self.cache()];
        sections.extend([
            self.provider(),
            self.payments(),
            self.reader(),
            self.support(),
            self.models(),
            self.hidden(),
            self.version(),
        ]);
        sections.push(self.last_errors());
        Report { sections }
    }

    /// `/selftest` (S-45).
    pub fn selftest(&self, storage: Section, files: Section) -> Report {
        let sections = vec![
            self.mode(),
            self.provider(),
            storage,
            files,
            self.payments(),
            self.models(),
            Finding::ok("diag-note-handlers", none()).section("handlers"),
            self.sessions(),
        ];
        Report { sections }
    }

    /// `/config_check` (S-46): what must be set, what may be, what follows from it.
    pub fn config(&self) -> Report {
        let settings = self.settings;
        let optional = |name: &'static str, set: bool| {
            let key = if set { "diag-note-set" } else { "diag-note-unset" };
            let finding = Finding::ok(key, none());
            Section { status: if set { Status::Ok } else { Status::Unknown }, ..finding.section(name) }
        };
        let sections = vec![
            self.required_token(),
            self.owner(),
            self.provider_set(),
            optional("brand", !settings.brand.is_empty()),
            optional("support_contact", !settings.support_contact.trim().is_empty()),
            optional("privacy_url", !settings.privacy_url.trim().is_empty()),
            optional("sbp_requisites", settings.sbp_requisites.complete()),
            self.reader(),
            optional("whats_new", !settings.whats_new.is_empty()),
            self.models(),
            self.transport_mode(),
            Finding::ok("diag-note-zone", Args::new().with("zone", settings.timezone.name())).section("timezone"),
            Finding::ok("diag-note-markup", Args::new().with("markup", settings.markup.to_string())).section("markup"),
            Finding::ok("diag-note-free-limit", Args::new().with("n", settings.free_per_day)).section("free_per_day"),
            self.mode(),
        ];
        Report { sections }
    }

    fn bot(&self) -> Section {
        let name = self.username.unwrap_or("—");
        let values = Args::new().with("name", name).with("bot", self.bot_id.to_string()).with("id", self.id);
        let finding = Finding::ok("diag-note-bot", values);
        finding.but_if(self.username.is_none(), Status::Degraded, "diag-fix-token").section("bot")
    }

    fn required_token(&self) -> Section {
        let finding = Finding::ok("diag-note-set", none());
        finding.but_if(self.username.is_none(), Status::Fail, "diag-fix-token").section("bot_token")
    }

    fn owner(&self) -> Section {
        let (n, started) = self.admins;
        let finding = Finding::ok("diag-note-admins", Args::new().with("n", n));
        let finding = finding.but_if(!started, Status::Degraded, "diag-fix-admin-start");
        finding.but_if(n == 0, Status::Fail, "diag-fix-tenant").section("admins")
    }

    fn provider_set(&self) -> Section {
        let key = match self.key {
            Key::Own(_) => "diag-note-key-own",
            Key::Shared(_) => "diag-note-key-shared",
            Key::Missing => "diag-note-key-missing",
        };
        let finding = Finding::ok(key, none());
        finding.but_if(self.key == Key::Missing, Status::Fail, "diag-fix-key").section("provider_key")
    }

    fn state(&self) -> Section {
        let key = match self.state {
            TenantState::Draft => "diag-note-state-draft",
            TenantState::Active => "diag-note-state-active",
            TenantState::Paused => "diag-note-state-paused",
            TenantState::Suspended | TenantState::Deleted => "diag-note-state-suspended",
        };
        let finding = Finding::ok(key, none());
        finding.but_if(self.state != TenantState::Active, Status::Degraded, "diag-fix-state").section("state")
    }

    fn transport_mode(&self) -> Section {
        let key = if self.expected_webhook.is_some() { "diag-note-webhook-mode" } else { "diag-note-polling" };
        Finding::ok(key, none()).section("transport")
    }

    fn transport(&self) -> Section {
        let Some(info) = &self.webhook else {
            let finding = Finding::ok("diag-note-telegram-silent", none());
            return finding.but(Status::Degraded, "diag-fix-telegram").section("transport");
        };
        let waiting = Args::new().with("n", info.pending_update_count);
        let finding = match &self.expected_webhook {
            None => Finding::ok("diag-note-polling-pending", waiting).but_if(
                !info.url.is_empty(),
                Status::Degraded,
                "diag-fix-webhook",
            ),
            Some(expected) => Finding::ok("diag-note-webhook", waiting)
                .but_if(
                    info.last_error_message.is_some() && info.pending_update_count > 0,
                    Status::Degraded,
                    "diag-fix-webhook",
                )
                .but_if(info.url != *expected, Status::Fail, "diag-fix-webhook"),
        };
        finding.section("transport")
    }

    fn mode(&self) -> Section {
        let dry = self.settings.dry_run;
        let finding = Finding::ok(if dry { "diag-note-dry-run" } else { "diag-note-real" }, none());
        finding.but_if(dry, Status::Degraded, "diag-fix-dry-run").section("mode")
    }

    fn cache(&self) -> Section {
        let (key, lost) = match self.locks {
            Reach::Process => ("diag-note-cache-process", false),
            Reach::Replicas => ("diag-note-cache-redis", false),
            Reach::Fallback => ("diag-note-cache-lost", true),
        };
        Finding::ok(key, none()).but_if(lost, Status::Degraded, "diag-fix-cache").section("cache")
    }

    fn provider(&self) -> Section {
        let finding = match self.key {
            Key::Own(Some(credits)) => {
                let finding = Finding::ok("diag-note-provider", Args::new().with("credits", credits / 100));
                finding.but_if(credits <= 0, Status::Fail, "diag-fix-credits")
            }
            Key::Own(None) | Key::Shared(false) => {
                Finding::ok("diag-note-provider-silent", none()).but(Status::Fail, "diag-fix-provider")
            }
            Key::Shared(true) => Finding::ok("diag-note-provider-shared", none()),
            Key::Missing => Finding::ok("diag-note-key-missing", none()).but(Status::Fail, "diag-fix-key"),
        };
        finding.section("provider")
    }

    fn payments(&self) -> Section {
        let finding = Finding::ok("diag-note-payments", Args::new().with("n", self.payments));
        finding.but_if(self.payments == 0, Status::Degraded, "diag-fix-payments").section("payments")
    }

    /// Without a reader receipts are a person's to read; that matters where transfers are taken.
    fn reader(&self) -> Section {
        let key = match self.reader {
            Reads::Both => "diag-note-reader",
            Reads::EnglishOnly => "diag-note-reader-english",
            Reads::Nothing => "diag-note-reader-none",
        };
        let lacks = self.settings.sbp_offered() && self.reader != Reads::Both;
        Finding::ok(key, none()).but_if(lacks, Status::Degraded, "diag-fix-reader").section("receipt_reader")
    }

    fn support(&self) -> Section {
        let contact = self.settings.support_contact.trim();
        let finding = if contact.is_empty() {
            Finding::ok("diag-note-unset", none()).but(Status::Degraded, "diag-fix-support")
        } else {
            Finding::ok("diag-note-support", Args::new().with("contact", contact))
        };
        finding.section("support_contact")
    }

    fn models(&self) -> Section {
        let values = Args::new().with("n", self.offered).with("total", self.catalog.models().len());
        let finding = Finding::ok("diag-note-models", values);
        finding.but_if(self.offered == 0, Status::Fail, "diag-fix-models").section("catalog")
    }

    /// Models that are not offered, by the reason: no price or no way to order them, not confirmed at the provider, switched off here.
    fn hidden(&self) -> Section {
        let models = self.catalog.models();
        let unsellable = models.iter().filter(|model| !model.is_sellable()).count();
        let off = models.len().saturating_sub(self.offered + unsellable + self.unchecked);
        let values = Args::new().with("unsellable", unsellable).with("unlisted", self.unchecked).with("off", off);
        Finding::ok("diag-note-hidden", values).section("hidden_models")
    }

    fn version(&self) -> Section {
        let database = if self.sqlite { "SQLite" } else { "PostgreSQL" };
        let values = Args::new().with("version", env!("CARGO_PKG_VERSION")).with("database", database);
        Finding::ok("diag-note-version", values).section("version")
    }

    fn sessions(&self) -> Section {
        match self.sessions {
            Some(n) => Finding::ok("diag-note-sessions", Args::new().with("n", n)),
            None => Finding::ok("diag-note-timeout", none()).but(Status::Fail, "hint-fix-db-busy"),
        }
        .section("sessions")
    }

    fn last_errors(&self) -> Section {
        if self.errors.is_empty() {
            return Finding::ok("diag-note-no-errors", none()).section("errors");
        }
        let last: Vec<String> = self.errors.iter().map(|row| format!("{} ({})", row.class, row.corr)).collect();
        let fix = super::hints::of_class(&self.errors[0].class);
        let finding = Finding::ok("diag-note-errors", Args::new().with("list", last.join(", ")));
        finding.but(Status::Degraded, fix).section("errors")
    }
}
