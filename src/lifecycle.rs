//! One owner of start and stop.
