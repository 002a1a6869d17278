//! Running the process: addresses, databases, jobs, the panel, what is kept.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::section;
use crate::config::address::{BaseUrl, DatabaseUrl};
use crate::config::read::{
    bot_token, count, flag, listen, log_filter, log_format, networks, optional_database, optional_path, optional_redis,
    optional_url, path, people, rate, secret, size, span,
};
use crate::config::units::Rate;
use crate::domain::{BotToken, Secret, UserId};

section! {
    /// The main listener: webhooks, provider callbacks, panel, API.
    Server = "server" {
        /// Where it listens.
        listen: SocketAddr = listen,
        /// Where it is reached, if said; see `Settings::public_url`.
        public_url: Option<BaseUrl> = optional_url,
        /// Whose `X-Forwarded-For` is believed (decisions.md 16).
        trusted_proxies: Vec<IpNet> = networks,
        /// Processes that serve together.
        replicas: u32 = count(1..=100),
        /// A request's head must be complete within this (reliability.md T22).
        header_timeout: Duration = span,
        /// A request's body must be complete within this.
        body_timeout: Duration = span,
        /// An idle connection is closed after this.
        idle_timeout: Duration = span,
        /// Largest webhook body, bytes (reliability.md T23).
        webhook_body_max: u64 = size,
        /// Largest provider callback body, bytes.
        kie_body_max: u64 = size,
        /// Largest upload in the panel, bytes.
        upload_body_max: u64 = size,
        /// Open connections at once.
        max_connections: u32 = count(1..=1_000_000),
        /// Open connections at once from one client address.
        max_connections_per_address: u32 = count(1..=1_000_000),
        /// Updates of one tenant being handled at once (reliability.md 3.5).
        tenant_updates_inflight: u32 = count(1..=10_000),
        /// Updates of one chat waiting in line at once (decisions.md 3).
        chat_queue: u32 = count(1..=10_000),
        /// `Retry-After` of a 503 answer.
        retry_after: Duration = span,
        /// How long work in hand may take after SIGTERM (reliability.md 3.9).
        stop_within: Duration = span,
    }
}

section! {
    /// The admin listener: metrics, health, diagnostics.
    Admin = "admin" {
        /// Where it listens.
        listen: SocketAddr = listen,
        /// The owner's bearer token.
        token: Option<Secret> = secret(16, "the output of: openssl rand -hex 32"),
    }
}

section! {
    /// The platform's owner.
    Owner = "owner" {
        /// Their Telegram ids.
        ids: Vec<UserId> = people,
        /// The platform's own bot (decisions.md 14).
        bot_token: Option<BotToken> = bot_token,
    }
}

section! {
    /// Files of this machine.
    Files = "files" {
        /// The data folder.
        data: PathBuf = path,
        /// The tenants file, if named; see `Settings::tenants_file`.
        tenants: Option<PathBuf> = optional_path,
    }
}

section! {
    /// The database and its connections.
    Database = "database" {
        /// Which one, if said; see `Settings::database_url`.
        url: Option<DatabaseUrl> = optional_database,
        /// Where the password of its address is, if it is not in there.
        password_file: Option<PathBuf> = optional_path,
        /// Connections that serve webhooks; readers on SQLite.
        webhook_connections: u32 = count(1..=1_000),
        /// Connections that serve background work.
        worker_connections: u32 = count(1..=1_000),
        /// Connections that serve the panel.
        panel_connections: u32 = count(1..=1_000),
        /// Longest wait for a free connection.
        acquire_timeout: Duration = span,
        /// Longest wait for a lock (decisions.md 3).
        lock_timeout: Duration = span,
        /// Longest statement (decisions.md 3).
        statement_timeout: Duration = span,
        /// Longest wait for SQLite's writer.
        busy_timeout: Duration = span,
        /// Serve under a superuser (decisions.md 1).
        allow_superuser: bool = flag,
    }
}

section! {
    /// Short locks, budgets and events shared by replicas.
    Redis = "redis" {
        /// Where it is; without it they live in the process.
        url: Option<Secret> = optional_redis,
    }
}

section! {
    /// Background jobs (reliability.md 3.3).
    Jobs = "jobs" {
        /// A claimed job is its worker's for this long.
        lease: Duration = span,
        /// A worker renews its leases this often.
        heartbeat: Duration = span,
        /// Lost leases are looked for this often.
        sweep_every: Duration = span,
        /// New jobs are looked for this often.
        poll_every: Duration = span,
        /// Jobs run at once by one process.
        workers: u32 = count(1..=1_000),
        /// Jobs of one tenant in one claim.
        tenant_claim: u32 = count(1..=1_000),
        /// First pause between tries.
        backoff_first: Duration = span,
        /// Longest pause between tries.
        backoff_max: Duration = span,
    }
}

section! {
    /// Messages recorded for sending (reliability.md 3.6).
    Outbox = "outbox" {
        /// How long a sender holds a chat without a sign of life.
        lease: Duration = span,
        /// What a dead process left is looked for this often.
        sweep_every: Duration = span,
        /// An ordinary reply older than this is dropped.
        stale_after: Duration = span,
    }
}

section! {
    /// Leases of singletons (reliability.md 3.4).
    Leases = "leases" {
        /// How long one is held.
        life: Duration = span,
        /// Its holder renews it this often.
        renew_every: Duration = span,
        /// An instance says that it lives this often (decisions.md 16).
        instance_heartbeat: Duration = span,
    }
}

section! {
    /// Log-in and sessions of the panel (decisions.md 13).
    Panel = "panel" {
        /// A one-time link lives this long.
        link_life: Duration = span,
        /// One-time links that a person may ask for.
        links: Rate = rate,
        /// A session ends after this.
        session_life: Duration = span,
        /// A session ends after this without a request.
        session_idle: Duration = span,
        /// The last request of a session is written at most this often.
        session_touch_every: Duration = span,
        /// A dangerous act wants a confirmation by the bot that is not older than this.
        step_up_life: Duration = span,
    }
}

section! {
    /// How new partners come (decisions.md 14).
    Onboarding = "onboarding" {
        /// Whether they may come by themselves.
        open: bool = flag,
        /// A link into onboarding lives this long.
        link_life: Duration = span,
        /// A browser is remembered this long.
        visit_life: Duration = span,
        /// A bot must be created within this.
        pairing_life: Duration = span,
    }
}

section! {
    /// The API and partners' own webhooks (platform.md 6).
    Api = "api" {
        /// Calls with one key.
        rate: Rate = rate,
        /// Longest call of a partner's webhook.
        hook_timeout: Duration = span,
        /// First pause before an event is told again.
        hook_first_pause: Duration = span,
        /// Longest pause before an event is told again.
        hook_longest_pause: Duration = span,
        /// A webhook that fails for this long is told nothing more.
        hook_give_up: Duration = span,
        /// How long the log of what was told is kept.
        hook_log: Duration = span,
    }
}

section! {
    /// The ledger's own checks (decisions.md 10).
    Ledger = "ledger" {
        /// Balances are checked against transfers this often.
        check_every: Duration = span,
        /// Every rule is asked about every row of a ledger this often.
        full_every: Duration = span,
    }
}

section! {
    /// How long things are kept (decisions.md 23).
    Retention = "retention" {
        /// Update ids.
        updates: Duration = span,
        /// Records of sent messages.
        outbox: Duration = span,
        /// Finished jobs.
        jobs: Duration = span,
        /// Dead jobs.
        dead_jobs: Duration = span,
        /// Results, users' inputs and the orders of old offers.
        results: Duration = span,
        /// Receipts, after the decision.
        receipts: Duration = span,
        /// Error records.
        errors: Duration = span,
        /// A deleted tenant's rows and files.
        deleted_tenants: Duration = span,
        /// Retention is applied this often.
        sweep_every: Duration = span,
    }
}

section! {
    /// Log lines.
    Logging = "logging" {
        /// Which lines, as `RUST_LOG` has it.
        filter: String = log_filter,
        /// How they look.
        format: LogFormat = log_format,
        /// Where spans go, by OpenTelemetry's protocol; without it none are gathered.
        otlp_endpoint: Option<BaseUrl> = optional_url,
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// Pretty on a terminal, JSON otherwise.
    #[default]
    Auto,
    /// For people.
    Pretty,
    /// For programs.
    Json,
}
