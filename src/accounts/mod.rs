//! Users, roles, panel log-in and sessions.
