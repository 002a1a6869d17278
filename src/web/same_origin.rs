//! Whether a request that changes something came from a page of ours (reliability.md T36). Together with a form token.

use axum::http::header::{HOST, HeaderMap, ORIGIN};

const FETCH_SITE: &str = "sec-fetch-site";

/// Both headers must agree where they are there, and one of them must be: browsers of the last years send both with every
/// form, and a program that sends neither has no session to abuse.
pub(super) fn is_ours(headers: &HeaderMap, public_origin: &str, https: bool) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(FETCH_SITE);
    let origin = text(ORIGIN.as_str());
    if site.is_none() && origin.is_none() {
        return false;
    }
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    let Some(origin) = origin else { return true };
    let scheme = if https { "https" } else { "http" };
    // A trial on one machine is reached as localhost, 127.0.0.1 or by its name: then the request's own host is the origin.
    let own = text(HOST.as_str()).map(|host| format!("{scheme}://{host}"));
    origin.eq_ignore_ascii_case(public_origin) || own.is_some_and(|own| origin.eq_ignore_ascii_case(&own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(given: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(*name, value.parse().unwrap());
        }
        is_ours(&headers, "https://panel.example", true)
    }

    #[test]
    fn a_form_of_our_own_page_is_ours() {
        assert!(ours(&[("sec-fetch-site", "same-origin"), ("origin", "https://panel.example")]));
        assert!(ours(&[("origin", "https://panel.example")]));
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("origin", "https://other.name"), ("host", "other.name")]));
    }

    #[test]
    fn everything_else_is_not() {
        assert!(!ours(&[]));
        for site in ["cross-site", "same-site", "none", "", "Same-Origin, cross-site"] {
            assert!(!ours(&[("sec-fetch-site", site), ("origin", "https://panel.example")]), "{site}");
        }
        for origin in ["null", "https://evil.example", "https://sub.panel.example", "http://panel.example", ""] {
            assert!(!ours(&[("origin", origin), ("host", "panel.example")]), "{origin}");
            assert!(!ours(&[("sec-fetch-site", "same-origin"), ("origin", origin)]), "{origin}");
        }
    }
}
