//! A person's generations, newest first, the last hundred (bot.md 5.4, S-38), and the order of one of them for a repeat.

use super::GenerationError;
use super::deal::{Deal, Kept};
use super::order::Order;
use crate::catalog::{Selection, Value};
use crate::domain::{GenerationId, GenerationState as State, MediaId, UnixMs, UserId};
use crate::store::{GenerationRow, TenantTx};
use crate::tenants::Tenant;

/// How many of a person's generations are shown; older ones leave the list only.
pub const SHOWN: i64 = 100;

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The generation.
    pub row: GenerationRow,
    /// «№ {index} из {total}»: 1 is the newest.
    pub index: i64,
    /// How many are shown.
    pub total: i64,
}

/// Which way from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `:prev`.
    Older,
    /// `:next`.
    Newer,
}

/// Where a step leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turned {
    /// To this page.
    Page(Box<Page>),
    /// Nowhere: «Это первая генерация» when older was asked for, «Это последняя генерация» when newer was.
    End,
    /// No such generation of this person.
    NotFound,
}

/// The newest page; `None`: the person has generated nothing yet.
pub async fn newest(tx: &mut TenantTx, user: UserId) -> Result<Option<Page>, GenerationError> {
    match tx.generations_history(user, 1).await?.pop() {
        Some(row) => page(tx, user, row).await,
        None => Ok(None),
    }
}

/// The page of one generation; `None`: not the person's.
pub async fn at(tx: &mut TenantTx, user: UserId, id: &GenerationId) -> Result<Option<Page>, GenerationError> {
    match tx.generation_get(id).await?.filter(|row| row.user_id == user) {
        Some(row) => page(tx, user, row).await,
        None => Ok(None),
    }
}

/// One step from the page of `id`.
pub async fn turn(tx: &mut TenantTx, user: UserId, id: &GenerationId, step: Step) -> Result<Turned, GenerationError> {
    if at(tx, user, id).await?.is_none() {
        return Ok(Turned::NotFound);
    }
    let row = match step {
        Step::Older => tx.generation_older(user, id).await?,
        Step::Newer => tx.generation_newer(user, id).await?,
    };
    let Some(row) = row else { return Ok(Turned::End) };
    let turned = page(tx, user, row).await?;
    Ok(turned.filter(|page| page.index <= SHOWN).map_or(Turned::End, |page| Turned::Page(Box::new(page))))
}

async fn page(tx: &mut TenantTx, user: UserId, row: GenerationRow) -> Result<Option<Page>, GenerationError> {
    let place = tx.generation_place(user, &row.id).await?;
    Ok(place.map(|place| Page { row, index: place.total - place.number + 1, total: place.total.min(SHOWN) }))
}

/// The model and values of the person's last generation that has ended: for `generate_again`.
pub async fn last_ended(tx: &mut TenantTx, user: UserId) -> Result<Option<GenerationRow>, GenerationError> {
    let mut rows = tx.generations_history(user, SHOWN).await?;
    let place = rows.iter().position(|row| row.state.is_final() || row.state == State::Undelivered);
    Ok(place.map(|place| rows.swap_remove(place)))
}

/// What a generation was made of.
pub fn order_of(tenant: &Tenant, row: &GenerationRow) -> Result<Order, GenerationError> {
    Ok(Kept::open(tenant, &row.sealed)?.deal.order)
}

/// The uploads that an offer names, from its sealed content.
pub fn files_of_offer(tenant: &Tenant, sealed: &[u8]) -> Result<Vec<MediaId>, GenerationError> {
    let order = Deal::open(tenant, sealed)?.order;
    let files = order.selection.iter().flat_map(|(_, value)| value.files());
    Ok(files.filter_map(|file| MediaId::parse(&file.media).ok()).collect())
}

/// An order whose inputs may be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeat {
    /// The order, without the inputs that are gone.
    pub order: Order,
    /// The parameters whose inputs are gone: the wizard asks for them again.
    pub missing: Vec<String>,
}

/// The order of a generation, to be offered again at today's price (bot.md 9.4): inputs are kept 14 days only.
pub async fn repeat(
    tx: &mut TenantTx,
    tenant: &Tenant,
    row: &GenerationRow,
    now: UnixMs,
) -> Result<Repeat, GenerationError> {
    let mut order = order_of(tenant, row)?;
    let mut missing = Vec::new();
    let mut selection = Selection::new();
    for (name, value) in order.selection.iter() {
        if all_kept(tx, value, now).await? {
            selection.set(name, value.clone());
        } else {
            missing.push(name.to_owned());
        }
    }
    order.selection = selection;
    Ok(Repeat { order, missing })
}

async fn all_kept(tx: &mut TenantTx, value: &Value, now: UnixMs) -> Result<bool, GenerationError> {
    for file in value.files() {
        let Ok(id) = MediaId::parse(&file.media) else { return Ok(false) };
        if tx.media_get(&id).await?.is_none_or(|media| media.expires_at <= now) {
            return Ok(false);
        }
    }
    Ok(true)
}
