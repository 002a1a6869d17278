//! What the audit log tells apart: which act, and by which door it came (bot.md 14, platform.md 6).

use super::words::words;

/// Characters of the reason that an act has to be given (bot.md 6.3).
pub const REASON: std::ops::RangeInclusive<usize> = 3..=200;

words! {
    /// An act that changed something, or opened what is private.
    pub enum AuditAction {
        /// A person became an admin.
        AdminAdded = "admin_added",
        /// A person was blocked.
        UserBlocked = "user_blocked",
        /// A person was let in again.
        UserUnblocked = "user_unblocked",
        /// Money was credited by hand.
        ManualCredit = "manual_credit",
        /// A setting was changed.
        SettingChanged = "setting_changed",
        /// An admin began or stopped to see the bot as its users do.
        UserMode = "user_mode",
        /// Somebody's generation was opened.
        GenerationViewed = "generation_viewed",
        /// A message was written to a person through the bot.
        UserAnswered = "user_answered",
        /// A knowledge article was added.
        ArticleAdded = "article_added",
        /// A knowledge article was removed.
        ArticleRemoved = "article_removed",
        /// A promo code was made.
        PromoCreated = "promo_created",
        /// A promo code was switched off.
        PromoDisabled = "promo_disabled",
        /// A broadcast was started.
        BroadcastStarted = "broadcast_started",
        /// A broadcast was paused, resumed or stopped.
        BroadcastChanged = "broadcast_changed",
        /// A payment was approved.
        PaymentApproved = "payment_approved",
        /// A payment was rejected.
        PaymentRejected = "payment_rejected",
        /// The picture of a transfer was opened.
        ReceiptViewed = "receipt_viewed",
        /// The bot was paused, resumed or suspended.
        StateChanged = "state_changed",
        /// A webhook of the partner's own was added, removed or switched on again.
        WebhookChanged = "webhook_changed",
        /// A key of the API was made.
        ApiKeyMade = "api_key_made",
        /// A key of the API was revoked.
        ApiKeyRevoked = "api_key_revoked",
        /// The bot was taken out of service for good.
        BotDeleted = "bot_deleted",
        /// A payment was given back.
        PaymentRefunded = "payment_refunded",
        /// A result that was not delivered was sent once more.
        GenerationResent = "generation_resent",
        /// A list was taken out as a file.
        Exported = "exported",
        /// An admin's role was taken away.
        AdminRemoved = "admin_removed",
        /// Somebody was let in to look.
        ViewerAdded = "viewer_added",
        /// Somebody who looked was let out.
        ViewerRemoved = "viewer_removed",
        /// The platform's support may look for an hour.
        SupportGranted = "support_granted",
        /// The support's hour was ended.
        SupportRevoked = "support_revoked",
        /// The support looked at a page.
        SupportLooked = "support_looked",
        /// The bot's own key at the provider was set or taken away.
        ProviderKeySet = "provider_key_set",
        /// The bot's token was replaced.
        TokenReplaced = "token_replaced",
        /// The bot was paused.
        BotPaused = "bot_paused",
        /// The bot's pause was ended.
        BotResumed = "bot_resumed",
        /// The bot was suspended by the platform's owner, or let go again.
        BotSuspended = "bot_suspended",
        /// What the platform's owner allows the bot was changed.
        LimitsChanged = "limits_changed",
        /// A credit by hand was asked for that needs a second person.
        CreditAsked = "credit_asked",
        /// Somebody approved it.
        CreditApproved = "credit_approved",
        /// Somebody declined it, or who asked took it back.
        CreditDeclined = "credit_declined",
        /// Nobody looked at it in time.
        CreditExpired = "credit_expired",
        /// A job that was given up was put once more.
        JobRequeued = "job_requeued",
        /// New generations were stopped, of one bot or of all.
        GenerationsStopped = "generations_stopped",
        /// New generations were let go on.
        GenerationsStarted = "generations_started",
        /// A person was invited to bring a bot.
        PartnerInvited = "partner_invited",
        /// The billing preflight over all bots was run.
        PreflightRun = "preflight_run",
        /// A model that the provider does not list was marked as checked.
        ModelChecked = "model_checked",
        /// That mark was taken back.
        ModelUnchecked = "model_unchecked",
        /// A person or a bot was banned from the platform.
        Banned = "banned",
        /// A ban was lifted.
        BanLifted = "ban_lifted",
        /// The installation was put under another master key.
        MasterKeyChanged = "master_key_changed",
        /// Somebody came into the panel by a link.
        PanelEntered = "panel_entered",
        /// Somebody came into the panel inside Telegram.
        MiniappEntered = "miniapp_entered",
        /// Somebody signed out of the panel.
        PanelLeft = "panel_left",
        /// A session of the panel ended because its person has the role no more.
        SessionLost = "session_lost",
        /// Every session that a person had in the panel was ended.
        SessionsEnded = "sessions_ended",
    }
}

impl AuditAction {
    /// What only the platform's owner does to one bot: these acts stand in the bot's own chain and on the owner's page.
    pub const OF_OWNER: [Self; 6] = [
        Self::BotSuspended,
        Self::LimitsChanged,
        Self::JobRequeued,
        Self::SupportLooked,
        Self::GenerationsStopped,
        Self::GenerationsStarted,
    ];
}

words! {
    /// By which door an act came.
    pub enum AuditDoor {
        /// The bot's chat.
        Telegram = "telegram",
        /// The panel.
        Panel = "panel",
        /// The command line.
        Cli = "cli",
        /// A program, by the API.
        Api = "api",
        /// The program by itself.
        System = "system",
    }
}
