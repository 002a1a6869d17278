//! Logs and metrics, and what never gets into them.
