//! What background work needs: the platform's shared parts and the clients of the outside.

use std::sync::Arc;
use std::time::Duration;

use super::pace::SendPace;
use crate::bot::Platform;
use crate::clients::Ocr;
use crate::clients::hooks::HookClient;
use crate::clients::kie::Kie;
use crate::clients::media::Downloader;
use crate::clients::telegram::Telegram;
use crate::generation::{DownloadLanes, MediaStore};
use crate::lifecycle::Tasks;

/// Shared by all workers of a process.
pub struct Workers {
    /// Rows, texts, tenants, settings.
    pub platform: Arc<Platform>,
    /// The Bot API.
    pub telegram: Telegram,
    /// The generation provider.
    pub kie: Kie,
    /// Downloads of results.
    pub downloader: Downloader,
    /// How many of them each tenant has under way.
    pub downloads: DownloadLanes,
    /// Partners' own webhooks.
    pub hooks: HookClient,
    /// Files of tenants.
    pub media: MediaStore,
    /// The reader of receipts.
    pub ocr: Ocr,
    /// Who may send now.
    pub budget: SendPace,
    /// Every task of the process.
    pub tasks: Tasks,
    /// Names this process in leases.
    pub instance: String,
    /// Where the provider reaches us, without a slash at the end.
    pub public_url: String,
}

/// A pause that grows and is spread, so that many retries do not come at once: between half and the whole of
/// `first × 2^(attempt-1)`, at most `longest`.
pub fn backoff(attempt: i64, first: Duration, longest: Duration) -> Duration {
    use rand::RngExt as _;
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(20);
    let whole = first.saturating_mul(2u32.saturating_pow(doublings)).min(longest);
    let half = whole / 2;
    let spread = u64::try_from(half.as_millis()).unwrap_or(u64::MAX).max(1);
    half + Duration::from_millis(rand::rng().random_range(0..=spread))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_limit() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_mins(1));
        for attempt in 1..40 {
            let pause = backoff(attempt, first, longest);
            assert!(
                pause >= Duration::from_millis(500) && pause <= longest + Duration::from_millis(1),
                "{attempt}: {pause:?}"
            );
        }
        assert!(backoff(10, first, longest) >= Duration::from_secs(30));
    }
}
