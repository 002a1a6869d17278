//! How far a generation is, as its progress message says it (S-16). Stored as `progress_stage`: what the message says now.

use std::time::Duration;

use crate::catalog::Output;
use crate::config;
use crate::domain::{GenerationState as State, UnixMs};
use crate::store::GenerationRow;

/// What the progress message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// «🚀 Старт генерации»
    Start,
    /// «📥 Задача в очереди»
    Queued,
    /// «⏳ Обрабатываю запрос ({m:ss})»
    Running,
    /// «⏳ Продолжаю в фоне — пришлю результат сюда»
    Background,
    /// «📤 Доставляю результат»
    Delivering,
    /// «✅ Готово»
    Done,
    /// No progress any more: the end has a screen of its own.
    Ended,
}

impl Stage {
    /// The stored word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Background => "background",
            Self::Delivering => "delivering",
            Self::Done => "done",
            Self::Ended => "ended",
        }
    }

    /// Where a generation is now. `output` is what its model makes.
    pub fn of(row: &GenerationRow, output: Output, rules: &config::Generation, now: UnixMs) -> Self {
        match row.state {
            State::Created => Self::Start,
            State::Submitting | State::Orphan => Self::Queued,
            State::Queued | State::Running if age(row, now) >= soft_limit(output, rules) => Self::Background,
            State::Queued => Self::Queued,
            State::Running => Self::Running,
            State::Delivering | State::Undelivered => Self::Delivering,
            State::Delivered | State::DeliveredLate => Self::Done,
            State::Failed | State::Canceled | State::TimedOut => Self::Ended,
        }
    }
}

/// Time since the provider took it: what all timers of bot.md 9.2 count (decisions.md 7).
pub fn age(row: &GenerationRow, now: UnixMs) -> Duration {
    row.accepted_at.map_or(Duration::ZERO, |at| now.since(at))
}

/// After this the person is told that it goes on in the background.
pub const fn soft_limit(output: Output, rules: &config::Generation) -> Duration {
    match output {
        Output::Image => rules.soft_image,
        Output::Video => rules.soft_video,
        Output::Audio | Output::Text => rules.soft_other,
    }
}
