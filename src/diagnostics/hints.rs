//! What to do about a class of errors: keys of texts, so that each reader gets it in their language.

/// The key of the next step for an error class of the log ([`StoreError::class`](crate::store::StoreError::class), a turn's,
/// a generation's).
pub fn of_class(class: &str) -> &'static str {
    match class {
        "db_away" => "hint-fix-db-away",
        "db_busy" | "db_slow" | "session_moved" => "hint-fix-db-busy",
        "db_refused" | "db_corrupt" | "db_failed" | "data" => "hint-fix-data",
        "vault" => "hint-fix-vault",
        "too_long" => "hint-fix-slow",
        _ => "hint-fix-other",
    }
}
