//! Whether an order can be sold, to whom, for how much, and who pays (bot.md 7.1, 8.1; decisions.md 8).

use super::GenerationError;
use super::deal::Deal;
use super::order::Order;
use super::quota;
use crate::billing::{self, Balance, FreeQuota};
use crate::catalog::{Catalog, Model, NotSold, Refusal, check_selection, missing_required, price};
use crate::config::Settings;
use crate::domain::{Money, Payer, Secret, UnixMs};
use crate::store::{TenantTx, UserRow};
use crate::tenants::Tenant;

/// What selling needs to know of the bot and the installation.
#[derive(Clone, Copy)]
pub struct Shop<'a> {
    /// Whose bot.
    pub tenant: &'a Tenant,
    /// The models.
    pub catalog: &'a Catalog,
    /// The installation's settings.
    pub settings: &'a Settings,
}

/// Who buys.
#[derive(Clone, Copy)]
pub struct Buyer<'a> {
    /// The person.
    pub user: &'a UserRow,
    /// An admin who is not in user mode: generates free (bot.md 14.1).
    pub acts_as_admin: bool,
}

/// Why an order cannot be sold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsold {
    /// `model_unavailable`: the model is gone, hidden, or not offered here.
    #[error("the model is not offered")]
    Unavailable,
    /// A needed parameter has no value.
    #[error("{0} is missing")]
    Missing(String),
    /// A value is not one that its parameter takes.
    #[error("{param}: {refusal}")]
    Invalid {
        /// The parameter.
        param: String,
        /// Why.
        refusal: Refusal,
    },
    /// There is no price for it.
    #[error(transparent)]
    Price(#[from] NotSold),
}

/// Why nothing can be generated at the moment (`gen_off`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// Neither the tenant nor the installation has a key at the provider.
    NoKey,
    /// The tenant's admins have used up their free generations of the day on the shared key (decisions.md 8).
    AdminLimit,
    /// The platform's owner allows no more generations today (platform.md 3).
    DayLimit,
    /// The platform's owner has stopped new generations here or everywhere.
    Stopped,
    /// The day's spending at the provider is used up, or the shared key has no budget for this tenant.
    Spent,
    /// There is no room left for files and results (platform.md 3).
    Full,
}

/// Who would pay what for an order.
pub(super) struct Plan {
    pub(super) deal: Deal,
    pub(super) payer: Payer,
    /// What the person pays.
    pub(super) price: Money,
    pub(super) free: FreeQuota,
    pub(super) balance: Balance,
}

impl<'a> Shop<'a> {
    /// The key that pays at the provider: the tenant's own, else the installation's.
    pub fn provider_key(&self) -> Option<&'a Secret> {
        self.tenant.provider_key.as_ref().or(self.settings.kie.api_key.as_ref())
    }

    /// A model that is on sale here.
    pub fn model(&self, id: &str) -> Option<&'a Model> {
        self.catalog.model(id).filter(|model| self.tenant.offers(model))
    }

    /// Why the buyer cannot generate at all at the moment; `None` when they can. Shown before the wizard too (bot.md 7.1).
    pub async fn off(&self, tx: &mut TenantTx, buyer: &Buyer<'_>, now: UnixMs) -> Result<Option<Off>, GenerationError> {
        if self.tenant.settings.dry_run {
            return Ok(None);
        }
        if self.tenant.stopped.is_some() {
            return Ok(Some(Off::Stopped));
        }
        if self.provider_key().is_none() {
            return Ok(Some(Off::NoKey));
        }
        if buyer.acts_as_admin && self.tenant.provider_key.is_none() {
            let day = self.day_start(now);
            let used = tx.generations_paid_by(Payer::Admin, day).await?;
            if used >= i64::from(self.settings.generation.admin_free_per_day) {
                return Ok(Some(Off::AdminLimit));
            }
        }
        let room = quota::room(tx, self.tenant, now).await?;
        Ok(if room.credits.is_spent() {
            Some(Off::Spent)
        } else if room.generations.is_spent() {
            Some(Off::DayLimit)
        } else if quota::storage(tx, self.tenant).await?.is_spent() {
            Some(Off::Full)
        } else {
            None
        })
    }

    /// When the tenant's present day began.
    pub(super) fn day_start(&self, now: UnixMs) -> UnixMs {
        let zoned = now.timestamp().to_zoned(self.tenant.zone().clone());
        zoned.start_of_day().map_or(now, |start| UnixMs(start.timestamp().as_millisecond()))
    }

    /// Prices an order and decides who pays: dry run, admin, free quota and bank, money, in this order; free and money are never
    /// mixed (bot.md 8.1, step 5).
    pub(super) async fn plan(
        &self,
        tx: &mut TenantTx,
        buyer: &Buyer<'_>,
        order: Order,
        now: UnixMs,
    ) -> Result<Result<Plan, Unsold>, GenerationError> {
        let (markup, limit) = (self.tenant.markup(), i64::from(self.tenant.settings.free_per_day));
        let sold = self.sellable(&order).and_then(|model| Ok((model, price(model, &order.selection, markup)?)));
        let (model, sold) = match sold {
            Ok(sold) => sold,
            Err(why) => return Ok(Err(why)),
        };
        let balance = billing::balance(tx, &buyer.user.user_ref).await?;
        let free = billing::free_quota(tx, &buyer.user.user_ref, &self.tenant.today(now), limit).await?;
        let payer = if self.tenant.settings.dry_run {
            Payer::DryRun
        } else if buyer.acts_as_admin {
            Payer::Admin
        } else if sold.free_tier && free.covers(sold.units) {
            Payer::Free
        } else {
            Payer::Money
        };
        let price = if payer == Payer::Money { sold.price } else { Money::ZERO };
        Ok(Ok(Plan { deal: Deal::new(model, order, sold, markup), payer, price, free, balance }))
    }

    /// The model, if the order is whole and every value is one that it takes, wherever it came from.
    fn sellable(&self, order: &Order) -> Result<&'a Model, Unsold> {
        let model = self.model(&order.model).ok_or(Unsold::Unavailable)?;
        check_selection(model, &order.selection).map_err(|(param, refusal)| Unsold::Invalid { param, refusal })?;
        let missing = missing_required(model, order.gen_type, &order.selection);
        missing.first().map_or(Ok(model), |param| Err(Unsold::Missing(param.name.clone())))
    }
}
