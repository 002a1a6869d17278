//! Background work: jobs, the sender, polling.
