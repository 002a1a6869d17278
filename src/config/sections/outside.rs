//! The services outside: Telegram, the generation provider, media.

use std::time::Duration;

use super::section;
use crate::config::address::{BaseUrl, HostPort};
use crate::config::read::{base_url, count, hosts, optional_url, rate, secret, size, span, words};
use crate::config::units::Rate;
use crate::domain::Secret;

section! {
    /// How Telegram reaches us.
    Webhook = "webhook" {
        /// The beginning of webhook URLs; without it updates are polled.
        base_url: Option<BaseUrl> = optional_url,
        /// Connections that Telegram opens at once for one bot (reliability.md 3.2).
        max_connections: u32 = count(1..=100),
    }
}

section! {
    /// How we reach Telegram.
    Telegram = "telegram" {
        /// The Bot API server.
        api_url: BaseUrl = base_url,
        /// Longest call, uploads of files aside.
        call_timeout: Duration = span,
        /// Longest upload of a file.
        upload_timeout: Duration = span,
        /// How long one getUpdates waits; Telegram takes at most 50 s.
        long_poll: Duration = span,
        /// Repeats of a send that certainly did not arrive (bot.md 2.3).
        send_retries: u32 = count(0..=10),
        /// Pause before the first repeat.
        send_backoff: Duration = span,
        /// Sends of one bot.
        bot_sends: Rate = rate,
        /// Sends into one chat.
        chat_sends: Rate = rate,
        /// Sends into one group.
        group_sends: Rate = rate,
        /// Broadcast sends of one bot.
        broadcast_sends: Rate = rate,
        /// First calls with cold tokens (decisions.md 21).
        cold_tokens: Rate = rate,
        /// A hijacked webhook is set again at most this often.
        webhook_reset_every: Duration = span,
        /// A tenant with recent traffic is checked this often.
        watch_every: Duration = span,
    }
}

impl Telegram {
    /// Whether the Bot API server is Telegram's own, which takes webhooks by HTTPS only.
    pub fn is_cloud(&self) -> bool {
        self.api_url.host().eq_ignore_ascii_case("api.telegram.org")
    }
}

section! {
    /// The generation provider (platform.md 4).
    Kie = "kie" {
        /// Its API.
        api_url: BaseUrl = base_url,
        /// Its upload host.
        upload_url: BaseUrl = base_url,
        /// The owner's shared key; without it generation is off for tenants that have none of their own.
        api_key: Option<Secret> = secret(8, "the key from the provider's console"),
        /// What the provider is told of the caller.
        user_agent: String = words,
        /// Longest call.
        call_timeout: Duration = span,
        /// Longest upload of a user's file.
        upload_timeout: Duration = span,
        /// New tasks of one key.
        create_rate: Rate = rate,
        /// Status reads of one key.
        read_rate: Rate = rate,
        /// A signed callback may be this old or early.
        callback_tolerance: Duration = span,
    }
}

section! {
    /// Downloads, uploads and where media are kept.
    Media = "media" {
        /// Hosts that downloads may reach although private.
        allow: Vec<HostPort> = hosts,
        /// Largest result that is downloaded, bytes (bot.md 10).
        download_max: u64 = size,
        /// Longest download of a result.
        download_timeout: Duration = span,
        /// Redirects followed by a download.
        redirects_max: u32 = count(0..=10),
        /// Downloads of one tenant at once.
        tenant_downloads: u32 = count(1..=100),
        /// Largest file taken from a user, bytes.
        input_max: u64 = size,
        /// Largest picture taken from a user, pixels (reliability.md T25).
        pixels_max: u32 = count(1..=1_000_000_000),
        /// How long a link to a large result works.
        link_life: Duration = span,
        /// See [`Media::s3`].
        s3_endpoint: Option<BaseUrl> = optional_url,
        /// See [`Media::s3`].
        s3_bucket: String = words,
        /// See [`Media::s3`].
        s3_key: Option<Secret> = secret(3, "the access key of the media store"),
        /// See [`Media::s3`].
        s3_secret: Option<Secret> = secret(8, "the secret key of the media store"),
        /// See [`Media::s3`].
        s3_region: String = words,
    }
}

/// An S3-compatible media store.
#[derive(Debug, Clone)]
pub struct S3 {
    /// Where it is.
    pub endpoint: BaseUrl,
    /// Its bucket.
    pub bucket: String,
    /// The access key.
    pub key: Secret,
    /// The secret key.
    pub secret: Secret,
    /// The region; many stores take any.
    pub region: String,
}

impl Media {
    /// The S3-compatible store, if one is set; otherwise media are kept in the data folder.
    pub fn s3(&self) -> Option<S3> {
        Some(S3 {
            endpoint: self.s3_endpoint.clone()?,
            bucket: self.s3_bucket.clone(),
            key: self.s3_key.clone()?,
            secret: self.s3_secret.clone()?,
            region: self.s3_region.clone(),
        })
    }

    /// Whether downloads may reach this host and port whatever its address is.
    pub fn allows(&self, host: &str, port: u16) -> bool {
        self.allow.iter().any(|allowed| allowed.port == port && allowed.host.eq_ignore_ascii_case(host))
    }
}
