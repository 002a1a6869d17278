//! The composition root: settings in, a running platform out.
