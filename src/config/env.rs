//! The process's environment: read here and nowhere else.

use std::collections::BTreeMap;

/// Every variable of the process's environment whose name is readable text.
pub fn process_environment() -> BTreeMap<String, String> {
    let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.to_string_lossy().into_owned()))
    };
    std::env::vars_os().filter_map(readable).collect()
}

/// Where a test wants a debug build to end as by a power cut (`lifecycle::crash`).
pub fn crash_point() -> Option<String> {
    process_variable("BOTYARD_CRASH_AT").filter(|_| cfg!(debug_assertions))
}

/// One variable of the process's environment; what `env:NAME` in tenants.toml asks for.
pub fn process_variable(name: &str) -> Option<String> {
    std::env::var_os(name).and_then(|value| value.into_string().ok())
}
