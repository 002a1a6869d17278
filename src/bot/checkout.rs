//! A payment's last check (bot.md 11.4): a lane of its own. It takes no place in a chat's line, no chat lock, no writer and no
//! connection that other work uses; it changes nothing, so it may be asked again. When in doubt the payment is refused, and
//! nobody's money moves.

use super::platform::Platform;
use super::update::PreCheckout;
use crate::domain::tenant::TenantState;
use crate::domain::{InvoiceId, InvoiceState, PayMethod};
use crate::lifecycle::crash::crash_point;
use crate::signals::CheckoutAnswer;
use crate::store::{StoreError, TenantTx};
use crate::tenants::Tenant;

/// Why a payment is not taken: the key of what the person reads.
type Refusal = &'static str;

/// Whether a body is such a question, without reading it whole.
pub fn is_checkout(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Head {
        pre_checkout_query: Option<serde::de::IgnoredAny>,
    }
    serde_json::from_slice::<Head>(body).is_ok_and(|head| head.pre_checkout_query.is_some())
}

/// Answers the question within its time.
pub(super) async fn answer(platform: &Platform, tenant: &Tenant, query: &PreCheckout) {
    let decided =
        tokio::time::timeout(platform.settings.payments.checkout_within, decide(platform, tenant, query)).await;
    let refusal = match decided {
        Ok(Ok(refusal)) => refusal,
        Ok(Err(error)) => {
            tracing::warn!(error = %error, "a payment was refused: the database is away");
            Some("pay-unavailable")
        }
        Err(_) => {
            tracing::warn!("a payment was refused: the database did not answer in time");
            Some("pay-unavailable")
        }
    };
    let words = platform.texts.words(tenant.language_of(None, query.from.language_code.as_deref()));
    tracing::info!(refusal = refusal.unwrap_or("none"), "a payment's last check");
    let refusal = refusal.map(|key| words.get(key));
    crash_point("checkout.decided");
    let answer = CheckoutAnswer { tenant: tenant.id.clone(), query_id: query.id.clone(), refusal };
    if !platform.signals.checkout(answer) {
        tracing::error!("too many payments wait: Telegram gives one up");
    }
}

async fn decide(platform: &Platform, tenant: &Tenant, query: &PreCheckout) -> Result<Option<Refusal>, StoreError> {
    if tenant.state != TenantState::Active {
        return Ok(Some("pay-unavailable"));
    }
    let mut tx = platform.db.tenant_quick(&tenant.id).await?;
    let refusal = check(&mut tx, query, platform).await?;
    tx.rollback().await?;
    Ok(refusal)
}

async fn check(tx: &mut TenantTx, query: &PreCheckout, platform: &Platform) -> Result<Option<Refusal>, StoreError> {
    let Ok(id) = InvoiceId::parse(&query.invoice_payload) else { return Ok(Some("invoice-stale")) };
    let Some(invoice) = tx.invoice_get(&id).await? else { return Ok(Some("invoice-stale")) };
    if invoice.user_id != query.from.id {
        return Ok(Some("invoice-foreign"));
    }
    let blocked = tx.user_get(query.from.id).await?.is_none_or(|user| user.blocked_at.is_some());
    if blocked {
        return Ok(Some("pay-unavailable"));
    }
    let as_offered = invoice.method == PayMethod::Stars
        && query.currency == "XTR"
        && invoice.stars == Some(query.total_amount)
        && platform.clock.now() < invoice.expires_at;
    Ok(match invoice.state {
        InvoiceState::Approved => Some("invoice-paid"),
        InvoiceState::Open if as_offered => None,
        _ => Some("invoice-stale"),
    })
}
