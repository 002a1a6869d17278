//! What programs may do through the API, and what they are told of (platform.md 6).

use super::words::words;

words! {
    /// What a key of the API may do. Each is given by itself: a key that moves money need not be able to read.
    pub enum ApiRight {
        /// Look.
        Read = "read",
        /// Change what is not money.
        Write = "write",
        /// Credit and refund.
        Money = "money",
    }
}

words! {
    /// What a partner's own webhooks are told.
    pub enum HookEvent {
        /// A result reached its person and was paid for.
        GenerationDelivered = "generation.delivered",
        /// A payment was credited to a person.
        PaymentCredited = "payment.credited",
        /// The bot needs something from its partner.
        RequirementDue = "tenant.requirement_due",
        /// Somebody tries whether the address takes events.
        Test = "webhook.test",
    }
}

impl HookEvent {
    /// What can be asked for: a test is told to whom it is for, asked for or not.
    pub const SUBSCRIBED: [Self; 3] = [Self::GenerationDelivered, Self::PaymentCredited, Self::RequirementDue];
}

words! {
    /// What became of telling one event to one endpoint.
    pub enum HookState {
        /// It is told, now or after a pause.
        Waiting = "waiting",
        /// The endpoint said that it has it.
        Delivered = "delivered",
        /// Given up.
        Dead = "dead",
    }
}
