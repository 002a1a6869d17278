//! Quote, hold, submit, watch, deliver, post or void.
