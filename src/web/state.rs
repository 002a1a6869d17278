//! What every handler can reach.

use std::sync::Arc;

use super::diag::BootSlot;
use super::health::Probe;
use super::inflight::Inflight;
use crate::bot::Platform;
use crate::clients::Telegram;
use crate::config::BaseUrl;
use crate::generation::MediaStore;
use crate::lifecycle::Tasks;
use crate::telemetry::Metrics;

/// Pages of one tenant that are told at once what happens; the others look by themselves now and then.
const LIVE_PAGES: usize = 16;

/// What the composition root brings.
pub struct Parts {
    /// Everything that tenants share.
    pub platform: Arc<Platform>,
    /// For `/ready`.
    pub tasks: Tasks,
    /// For `/metrics`.
    pub metrics: Metrics,
    /// Where people reach this installation: decides about cookies, HSTS and whose forms are ours.
    pub public_url: BaseUrl,
    /// The Bot API, for who connects a bot.
    pub telegram: Telegram,
    /// Results that are handed over by link.
    pub media: MediaStore,
    /// This process's name among replicas, for the readiness row.
    pub instance: String,
    /// How the start went, once it is known.
    pub boot: BootSlot,
}

/// Shared by both listeners; cheap to clone.
#[derive(Clone)]
pub struct WebState {
    pub(super) platform: Arc<Platform>,
    pub(super) tasks: Tasks,
    pub(super) metrics: Metrics,
    pub(super) public_url: Arc<BaseUrl>,
    pub(super) inflight: Arc<Inflight>,
    pub(super) downloads: Arc<Inflight>,
    pub(super) live: Arc<Inflight>,
    pub(super) telegram: Telegram,
    pub(super) media: MediaStore,
    pub(super) probe: Arc<Probe>,
    pub(super) instance: Arc<str>,
    pub(super) boot: BootSlot,
}

impl WebState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let settings = &parts.platform.settings;
        let (updates, files) = (settings.server.tenant_updates_inflight, settings.media.tenant_downloads);
        Self {
            instance: parts.instance.as_str().into(),
            boot: parts.boot,
            probe: Arc::new(Probe::new(parts.instance, parts.platform.clock.now())),
            inflight: Arc::new(Inflight::new(updates as usize)),
            downloads: Arc::new(Inflight::new(files as usize)),
            live: Arc::new(Inflight::new(LIVE_PAGES)),
            telegram: parts.telegram,
            media: parts.media,
            platform: parts.platform,
            tasks: parts.tasks,
            metrics: parts.metrics,
            public_url: Arc::new(parts.public_url),
        }
    }

    /// The name of the platform's bot, if it can create bots by a link.
    pub(super) fn manager(&self) -> Option<String> {
        self.platform.manager.name().filter(|_| self.manages_bots())
    }

    /// Whether bots can be created by a link.
    pub(super) fn manages_bots(&self) -> bool {
        self.platform.settings.onboarding.open && self.platform.manager.manages()
    }
}
