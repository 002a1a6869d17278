//! Short locks and budgets, in memory or in Redis; for order and economy, never for correctness.
