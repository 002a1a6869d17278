//! What every handler can reach.

use std::sync::Arc;

use super::health::Probe;
use super::inflight::Inflight;
use crate::bot::Platform;
use crate::config::BaseUrl;
use crate::generation::MediaStore;
use crate::lifecycle::Tasks;
use crate::telemetry::Metrics;

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
    /// Results that are handed over by link.
    pub media: MediaStore,
    /// This process's name among replicas, for the readiness row.
    pub instance: String,
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
    pub(super) media: MediaStore,
    pub(super) probe: Arc<Probe>,
}

impl WebState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        let settings = &parts.platform.settings;
        let (updates, files) = (settings.server.tenant_updates_inflight, settings.media.tenant_downloads);
        Self {
            probe: Arc::new(Probe::new(parts.instance, parts.platform.clock.now())),
            inflight: Arc::new(Inflight::new(updates as usize)),
            downloads: Arc::new(Inflight::new(files as usize)),
            media: parts.media,
            platform: parts.platform,
            tasks: parts.tasks,
            metrics: parts.metrics,
            public_url: Arc::new(parts.public_url),
        }
    }
}
