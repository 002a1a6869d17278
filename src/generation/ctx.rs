//! What the parts that speak to the world need: the database for short transactions before and after, the provider, the
//! downloader, the files.

use std::time::Duration;

use super::GenerationError;
use super::shop::Shop;
use crate::catalog::{Api, Catalog, Output};
use crate::clients::kie::{self, Kie, KieApi};
use crate::clients::media::Downloader;
use crate::config::{Rate, Settings};
use crate::domain::{Clock, GenerationId, Secret, UnixMs};
use crate::locks::{Budget, LockKey, Locks, PlatformPurpose, Purpose, Take};
use crate::store::{Db, GenerationRow};
use crate::tenants::Tenant;

use super::downloads::DownloadLanes;
use super::media::MediaStore;

/// Borrowed from whoever owns the parts; made anew for each job.
#[derive(Clone, Copy)]
pub struct Ctx<'a> {
    /// Rows.
    pub db: &'a Db,
    /// Models.
    pub catalog: &'a Catalog,
    /// The installation's settings.
    pub settings: &'a Settings,
    /// Time.
    pub clock: &'a Clock,
    /// Budgets of calls, shared by replicas.
    pub locks: &'a Locks,
    /// The provider.
    pub kie: &'a Kie,
    /// Fetches results.
    pub downloader: &'a Downloader,
    /// How many downloads each tenant has under way.
    pub downloads: &'a DownloadLanes,
    /// Files of tenants.
    pub media: &'a MediaStore,
    /// Where the provider reaches us, without a slash at the end.
    pub public_url: &'a str,
}

/// What may be asked of the provider only so often with one key.
#[derive(Clone, Copy)]
pub(super) enum Asking {
    Create,
    Read,
}

impl<'a> Ctx<'a> {
    /// For selling in a tenant's bot.
    pub fn shop(&self, tenant: &'a Tenant) -> Shop<'a> {
        Shop { tenant, catalog: self.catalog, settings: self.settings }
    }

    pub(super) fn now(&self) -> UnixMs {
        self.clock.now()
    }

    pub(super) fn key(&self, tenant: &'a Tenant) -> Option<&'a Secret> {
        self.shop(tenant).provider_key()
    }

    pub(super) async fn row(
        &self,
        tenant: &Tenant,
        id: &GenerationId,
    ) -> Result<Option<GenerationRow>, GenerationError> {
        let mut tx = self.db.tenant_read(&tenant.id).await?;
        Ok(tx.generation_get(id).await?)
    }

    /// Takes one call from the key's budget; the inner error says when to come again (reliability.md, F20).
    pub(super) async fn allowed(&self, tenant: &Tenant, asking: Asking) -> Result<(), Duration> {
        let (rate, own, shared) = match asking {
            Asking::Create => (self.settings.kie.create_rate, Purpose::ProviderTasks, PlatformPurpose::ProviderTasks),
            Asking::Read => (self.settings.kie.read_rate, Purpose::ProviderQueries, PlatformPurpose::ProviderQueries),
        };
        let key = match tenant.provider_key {
            Some(_) => LockKey::new(&tenant.id, own),
            None => LockKey::platform(&shared),
        };
        match self.locks.take(&key, budget(rate), 1).await {
            Take::Taken => Ok(()),
            Take::Wait(pause) => Err(pause),
        }
    }

    /// The provider's family of a model; a model that the catalog has lost was one of the market's.
    pub(super) fn api(&self, model: &str) -> KieApi {
        self.catalog.model(model).and_then(|model| kie_api(model.api)).unwrap_or(KieApi::Jobs)
    }

    /// What a model makes; pictures, where the catalog has lost it.
    pub(super) fn output(&self, model: &str) -> Output {
        self.catalog.model(model).map_or(Output::Image, |model| model.output)
    }

    /// Where the provider reports the end of a task (decisions.md 16). None where it could not reach us and does not insist.
    pub(super) fn callback_url(&self, tenant: &Tenant, api: Api, token: &Secret) -> Option<String> {
        let cloud = self.settings.kie.api_url.as_str() == kie::CLOUD;
        let reachable = !cloud || self.public_url.starts_with("https://");
        let base = self.public_url.trim_end_matches('/');
        (reachable || api.requires_callback()).then(|| format!("{base}/kie/{}/{}", tenant.id, token.expose()))
    }
}

/// The client's family for the catalog's.
pub(super) const fn kie_api(api: Api) -> Option<KieApi> {
    match api {
        Api::Jobs => Some(KieApi::Jobs),
        Api::Veo => Some(KieApi::Veo),
        Api::Gpt4oImage => Some(KieApi::Gpt4oImage),
        Api::FluxKontext => Some(KieApi::FluxKontext),
        Api::Suno => Some(KieApi::Suno),
        Api::Runway => Some(KieApi::Runway),
        Api::None => None,
    }
}

fn budget(rate: Rate) -> Budget {
    Budget::new(rate.count, rate.per, rate.burst)
}
