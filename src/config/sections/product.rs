//! What users feel: answers, sessions, generations, delivery.

use std::time::Duration;

use super::section;
use crate::config::read::{count, rate, size, span, spans, words};
use crate::config::units::Rate;

section! {
    /// Handling of updates (bot.md 2; decisions.md 4, 5, 15, 19).
    Bot = "bot" {
        /// Handling of one update stops at this.
        handler_limit: Duration = span,
        /// A button not answered by then is answered by the watchdog.
        callback_watchdog: Duration = span,
        /// After this /start shows the minimal menu first; the full one takes its place.
        start_menu_within: Duration = span,
        /// Several /start within this render one menu.
        start_once_within: Duration = span,
        /// Parts of an album are gathered this long.
        album_wait: Duration = span,
        /// A long text is joined with what follows within this.
        text_join_wait: Duration = span,
        /// Characters from which a text may be the first part of a longer one.
        text_join_length: u32 = count(1..=4096),
        /// Messages of one user.
        user_messages: Rate = rate,
        /// Button presses of one user.
        user_callbacks: Rate = rate,
        /// Presses of the same button by one user.
        same_callbacks: Rate = rate,
        /// At most one notice of throttling per this.
        throttle_notice_every: Duration = span,
        /// At most one notice to a blocked user per this.
        blocked_notice_every: Duration = span,
        /// At most one notice about edited messages per this.
        edited_notice_every: Duration = span,
        /// At most one reply to a group per this.
        group_notice_every: Duration = span,
        /// At most one notice of a pause per chat and this.
        paused_notice_every: Duration = span,
        /// At most one notice of an outage per chat and this.
        outage_notice_every: Duration = span,
        /// How long Telegram may keep the answer to an inline query.
        inline_cache: Duration = span,
        /// A tenant's changed settings apply within this.
        settings_refresh: Duration = span,
        /// Admins hear of one class of errors at most this often (bot.md 15.1).
        alert_every: Duration = span,
    }
}

section! {
    /// Gift wheel and promo codes (bot.md 12.3, 12.4).
    Bonuses = "bonuses" {
        /// Between the wheel's pictures.
        gift_frame_every: Duration = span,
        /// Wrong codes of one user that close the door.
        wrong_codes: u32 = count(1..=1000),
        /// Within this, and for as long.
        wrong_within: Duration = span,
        /// A percent code waits this long.
        percent_life: Duration = span,
    }
}

section! {
    /// Sessions (bot.md 6.1).
    Session = "session" {
        /// Life after the user's last action.
        life: Duration = span,
        /// An expired one is remembered this long.
        marker_life: Duration = span,
    }
}

section! {
    /// Generations (bot.md 9; decisions.md 7, 8).
    Generation = "generation" {
        /// A shown price is valid this long.
        quote_life: Duration = span,
        /// An equal request within this joins the running one.
        join_within: Duration = span,
        /// A confirm that takes longer says so.
        confirm_lock: Duration = span,
        /// Soft timeout of images.
        soft_image: Duration = span,
        /// Soft timeout of videos.
        soft_video: Duration = span,
        /// Soft timeout of audio and text.
        soft_other: Duration = span,
        /// The notice that it takes long.
        late_notice: Duration = span,
        /// Given up.
        hard_limit: Duration = span,
        /// An unknown answer to a submission is given up after this.
        orphan_limit: Duration = span,
        /// At most one notice of an orphan per user and this.
        orphan_notice_every: Duration = span,
        /// A busy provider is tried again for this long.
        busy_limit: Duration = span,
        /// Pauses between those tries; the last one repeats.
        busy_pauses: Vec<Duration> = spans,
        /// Status reads of a young task.
        poll_first: Duration = span,
        /// Young until this age.
        poll_first_until: Duration = span,
        /// Status reads of an older task.
        poll_second: Duration = span,
        /// Older until this age.
        poll_second_until: Duration = span,
        /// Status reads after that.
        poll_later: Duration = span,
        /// Spread of status reads, percent.
        poll_jitter_percent: u32 = count(0..=90),
        /// The provider may not know a new task for this long.
        not_visible_grace: Duration = span,
        /// Presses of cancel within this count once.
        cancel_once_within: Duration = span,
        /// Cancels after acceptance that one user has in a day.
        cancels_per_day: u32 = count(0..=1_000),
        /// Free generations of a tenant's admins in a day on the shared key.
        admin_free_per_day: u32 = count(0..=100_000),
        /// An alert of one kind reaches the admins at most this often.
        alert_every: Duration = span,
        /// More refusals of a busy provider than so many within `alert_every` make an alert.
        alert_after_errors: u32 = count(1..=10_000),
    }
}

impl Generation {
    /// The pause before the next status read of a task of this age, before jitter (bot.md 9.3).
    pub fn poll_pause(&self, age: Duration) -> Duration {
        if age < self.poll_first_until {
            self.poll_first
        } else if age < self.poll_second_until {
            self.poll_second
        } else {
            self.poll_later
        }
    }

    /// The pause after the `tried`-th try (from 0) at a busy provider.
    pub fn busy_pause(&self, tried: usize) -> Duration {
        let last = self.busy_pauses.len().saturating_sub(1);
        self.busy_pauses.get(tried.min(last)).copied().unwrap_or(self.poll_first)
    }
}

section! {
    /// Broadcasts (bot.md 14.7); their rate is `telegram.broadcast_sends`.
    Broadcast = "broadcast" {
        /// Messages under way at once; after a crash at most so many come twice.
        window: u32 = count(1..=64),
        /// Recipients written down in one transaction.
        slice: u32 = count(1..=50_000),
        /// Tries for one recipient.
        tries: u32 = count(1..=10),
        /// Between two walks over those left, and after trouble that concerns all.
        retry_pause: Duration = span,
        /// The progress message is edited this often.
        progress_every: Duration = span,
        /// A worker's claim, renewed with each step.
        lease: Duration = span,
    }
}

section! {
    /// Delivery of results (bot.md 9.2, 10).
    Delivery = "delivery" {
        /// When a result is sent, counted from the first try.
        attempts: Vec<Duration> = spans,
        /// An undelivered result keeps its hold this long.
        undelivered_life: Duration = span,
        /// A larger file goes as our own link, bytes: Telegram's limit for bots.
        file_max: u64 = size,
        /// A larger picture goes as a document, bytes: Telegram's limit for photos.
        photo_max: u64 = size,
        /// Results that wait longer alert the admins.
        queue_alert_age: Duration = span,
    }
}

section! {
    /// Money in (bot.md 11; decisions.md 11, 12).
    Payments = "payments" {
        /// An invoice may be paid this long.
        invoice_life: Duration = span,
        /// Open transfers that one person may have; a further one ends the oldest.
        open_invoices: u32 = count(1..=100),
        /// The last check before a payment is refused when the database takes longer.
        checkout_within: Duration = span,
        /// Comparison with Telegram's list where Stars are in use.
        stars_check_every: Duration = span,
        /// Comparison with Telegram's list for every bot.
        stars_check_all_every: Duration = span,
        /// How long list and rows may differ.
        stars_grace: Duration = span,
        /// The first reminder of a payment under review.
        review_reminder: Duration = span,
        /// The second.
        review_second_reminder: Duration = span,
        /// What is due is looked for this often.
        sweep_every: Duration = span,
        /// The program that reads receipts.
        ocr_program: String = words,
        /// Longest reading.
        ocr_timeout: Duration = span,
        /// Readings at once.
        ocr_at_once: u32 = count(1..=64),
    }
}
