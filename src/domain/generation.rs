//! A generation's states and which may follow which (bot.md 9.2, decisions.md 7 and 8), and who pays.

use super::words::words;

words! {
    /// Where a generation stands.
    pub enum GenerationState {
        /// Confirmed and paid for by a hold or a reservation; waits for its turn at the provider.
        Created = "created",
        /// The intent to call the provider is recorded.
        Submitting = "submitting",
        /// It is not known whether the provider took it. The call is never repeated.
        Orphan = "orphan",
        /// The provider has it.
        Queued = "queued",
        /// The provider works on it.
        Running = "running",
        /// Results are on their way to the person.
        Delivering = "delivering",
        /// Telegram confirmed the main item; the hold is posted.
        Delivered = "delivered",
        /// Results came after the money had been given back: sent once, free.
        DeliveredLate = "delivered_late",
        /// Results could not be brought; the hold stays for 24 h.
        Undelivered = "undelivered",
        /// Ended without a result; the money is given back.
        Failed = "failed",
        /// Cancelled by the person; the money is given back.
        Canceled = "canceled",
        /// Took longer than the hard limit; the money is given back.
        TimedOut = "timed_out",
    }
}

impl GenerationState {
    /// What counts against `max_parallel` and is continued after a restart: created … delivering (bot.md 9.1).
    pub const ACTIVE: [Self; 6] =
        [Self::Created, Self::Submitting, Self::Orphan, Self::Queued, Self::Running, Self::Delivering];

    /// Whether it counts against `max_parallel`.
    pub fn is_active(self) -> bool {
        Self::ACTIVE.contains(&self)
    }

    /// Whether the person has been told the end and no money is held. An undelivered generation is neither active nor
    /// final: its results wait, and so does its hold. A late result may still turn failed or timed out into delivered late.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::DeliveredLate | Self::Failed | Self::Canceled | Self::TimedOut)
    }

    /// Whether the table of bot.md 9.2 lets `next` follow.
    pub const fn can_become(self, next: Self) -> bool {
        use GenerationState as S;
        match self {
            S::Created => matches!(next, S::Submitting | S::Failed | S::Canceled),
            // Back to created: rate limit and maintenance go to our own queue (decisions.md 7).
            S::Submitting => matches!(next, S::Created | S::Queued | S::Orphan | S::Failed | S::Canceled),
            S::Orphan => matches!(next, S::Queued | S::Failed | S::Canceled),
            S::Queued => {
                matches!(next, S::Running | S::Delivering | S::Failed | S::Canceled | S::TimedOut)
            }
            S::Running => matches!(next, S::Delivering | S::Failed | S::Canceled | S::TimedOut),
            S::Delivering => matches!(next, S::Delivered | S::Undelivered),
            // To itself: after 24 h the hold is given back and the state stays.
            // Delivered late: Telegram confirms after the hold was given back.
            S::Undelivered => matches!(next, S::Delivering | S::Undelivered | S::DeliveredLate),
            S::Failed | S::TimedOut => matches!(next, S::DeliveredLate),
            S::Delivered | S::DeliveredLate | S::Canceled => false,
        }
    }
}

words! {
    /// Who pays for a generation.
    pub enum Payer {
        /// The person's balance, by a hold.
        Money = "money",
        /// The person's free quota of the day.
        Free = "free",
        /// Nobody: an admin's own use.
        Admin = "admin",
        /// Nobody: the provider is not called.
        DryRun = "dry_run",
    }
}

words! {
    /// Where a price offer stands.
    pub enum QuoteState {
        /// May be confirmed until it expires.
        Open = "open",
        /// Became a generation.
        Used = "used",
        /// Withdrawn: another offer took its place, or its person joined an equal generation.
        Closed = "closed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for state in GenerationState::ALL {
            assert_eq!(GenerationState::parse(state.as_str()), Some(*state));
            assert_eq!(serde_json::to_string(state).unwrap(), format!("\"{}\"", state.as_str()));
        }
        assert_eq!(GenerationState::parse("Delivered"), None);
    }

    #[test]
    fn a_delivered_generation_never_changes_its_state() {
        for end in [GenerationState::Delivered, GenerationState::DeliveredLate, GenerationState::Canceled] {
            assert!(GenerationState::ALL.iter().all(|next| !end.can_become(*next)), "{end:?}");
        }
    }

    #[test]
    fn every_state_can_be_reached_and_every_active_one_can_end() {
        let mut reached = vec![GenerationState::Created];
        let mut at = 0;
        while at < reached.len() {
            for next in GenerationState::ALL {
                if reached[at].can_become(*next) && !reached.contains(next) {
                    reached.push(*next);
                }
            }
            at += 1;
        }
        assert_eq!(reached.len(), GenerationState::ALL.len(), "{reached:?}");
        for active in GenerationState::ACTIVE {
            assert!(
                GenerationState::ALL.iter().any(|next| active.can_become(*next) && !next.is_active())
                    || active == GenerationState::Delivering,
                "{active:?}"
            );
            assert!(!active.is_final());
        }
    }

    #[test]
    fn money_that_was_given_back_is_never_taken() {
        for refunded in [GenerationState::Failed, GenerationState::Canceled, GenerationState::TimedOut] {
            assert!(!refunded.can_become(GenerationState::Delivered));
            assert!(!refunded.can_become(GenerationState::Delivering));
        }
    }
}
