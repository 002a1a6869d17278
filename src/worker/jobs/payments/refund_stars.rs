//! Gives a charge of Stars back at Telegram. Asking twice is harmless: "already refunded" is a success.

use super::turn_failed;
use crate::bot::jobs::payments::RefundStars;
use crate::bot::screens::payments;
use crate::bot::{Background, in_background};
use crate::clients::telegram::TelegramError;
use crate::domain::PaymentState;
use crate::store::{JobRow, StoreError};
use crate::tenants::Tenant;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// Runs the job.
pub(super) async fn run(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &RefundStars) -> Outcome {
    let platform = &workers.platform;
    let found = async {
        let mut tx = platform.db.tenant_read(&tenant.id).await?;
        tx.payment_get(&asked.payment).await
    };
    let payment = match found.await {
        Ok(Some(payment)) => payment,
        Ok(None) => return Outcome::Done,
        Err(error) => return store_failed(&error),
    };
    let (PaymentState::Refunding, Some(charge)) = (payment.state, &payment.charge_id) else { return Outcome::Done };
    let bot = tenant.bot(&workers.telegram);
    let gone = match bot.refund_stars(payment.user_id, charge).await {
        Ok(()) => true,
        Err(TelegramError::RetryAfter(wait)) => return Outcome::Again(wait),
        Err(error @ (TelegramError::Rejected { .. } | TelegramError::Blocked(_))) => {
            tracing::error!(tenant = %tenant.id, error = %error, "Telegram does not give Stars back");
            false
        }
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let key = format!("job:{}", job.id.short());
    let for_whom = Background { user: payment.user_id, corr: &job.corr, key };
    let told = in_background(platform, tenant, for_whom, async |turn| {
        payments::refund_answered(turn, &payment, asked.n, gone).await
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}

fn store_failed(error: &StoreError) -> Outcome {
    Outcome::Failed(format!("{}: {error}", error.class()))
}
