//! Series per tenant for `/metrics`: only figures that a partner is shown, of the 200 most active bots; the rest together as
//! `other`, so that ten thousand bots cost no more than two hundred (platform.md 5).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Tenants with series of their own.
const BOUND: usize = 200;
const NAME: &str = "botyard_tenant_today";

/// The text for Prometheus: tenant, figure, value of the day. `active` is the figure that ranks.
pub fn series(rows: &[(String, String, i64)], active: &str) -> String {
    let mut rank: BTreeMap<&str, i64> = BTreeMap::new();
    for (tenant, figure, value) in rows {
        *rank.entry(tenant).or_default() += if figure == active { *value } else { 0 };
    }
    let mut ranked: Vec<(&str, i64)> = rank.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let own: BTreeSet<&str> = ranked.iter().take(BOUND).map(|(tenant, _)| *tenant).collect();
    let mut lines: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for (tenant, figure, value) in rows {
        let shown = if own.contains(tenant.as_str()) { tenant.as_str() } else { "other" };
        *lines.entry((figure, shown)).or_default() += value;
    }
    if lines.is_empty() {
        return String::new();
    }
    let mut text = format!("# TYPE {NAME} gauge\n");
    for ((figure, tenant), value) in lines {
        let _ = writeln!(text, "{NAME}{{figure=\"{figure}\",tenant=\"{tenant}\"}} {value}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_active_have_series_of_their_own_and_the_rest_are_one() {
        let row = |n: i64, figure: &str, value: i64| (format!("bot-{n:03}"), figure.to_owned(), value);
        let mut rows: Vec<_> = (0..300).map(|n| row(n, "active_users", n)).collect();
        rows.push(row(7, "revenue", 5));
        rows.push(row(299, "revenue", 9));
        let text = series(&rows, "active_users");
        assert!(text.contains("botyard_tenant_today{figure=\"active_users\",tenant=\"bot-299\"} 299\n"));
        assert!(!text.contains("bot-099\"") && text.contains("bot-100\""), "the first hundred are the least active");
        assert!(text.contains("botyard_tenant_today{figure=\"active_users\",tenant=\"other\"} 4950\n"), "{text}");
        assert!(text.contains("{figure=\"revenue\",tenant=\"other\"} 5\n") && text.contains("tenant=\"bot-299\"} 9\n"));
        assert_eq!(text.matches("active_users").count(), 201);
        assert_eq!(series(&[], "active_users"), "");
    }
}
