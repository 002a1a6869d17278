//! The panel's cookies.
//!
//! Over https they have the `__Host-` prefix: Secure, for this host and every path, set by nobody else. Over plain http, which
//! only a demo or a local trial has, browsers refuse to store such names and Secure cookies, except on `localhost` and not in
//! every browser; so there the names are plain and not Secure.

use axum::http::header::{HeaderMap, SET_COOKIE};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use std::time::Duration;

/// Which cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The session.
    Session,
    /// The nonce of a browser that looks at a confirm page.
    Visitor,
    /// The language that was chosen.
    Language,
    /// A partner who is setting up a bot.
    Onboarding,
}

impl Kind {
    /// Its name, by whether the site is reached over https.
    pub(super) const fn name(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-botyard",
            (Self::Session, false) => "botyard",
            (Self::Visitor, true) => "__Host-botyard-pre",
            (Self::Visitor, false) => "botyard-pre",
            (Self::Language, true) => "__Host-botyard-lang",
            (Self::Language, false) => "botyard-lang",
            (Self::Onboarding, true) => "__Host-botyard-new",
            (Self::Onboarding, false) => "botyard-new",
        }
    }
}

/// What the browser brought.
pub(super) fn read(headers: &HeaderMap, kind: Kind, https: bool) -> Option<String> {
    CookieJar::from_headers(headers).get(kind.name(https)).map(|cookie| cookie.value().to_owned())
}

/// Gives the browser a cookie for `life`. Lax, not Strict: a bookmark or a link in a chat must find the session; what changes
/// anything is protected by `same_origin.rs` and form tokens.
pub(super) fn set(headers: &mut HeaderMap, kind: Kind, value: &str, life: Duration, https: bool) {
    let mut cookie = Cookie::new(kind.name(https), value.to_owned());
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_secure(https);
    cookie.set_same_site(SameSite::Lax);
    // Unwieldy but without a date library: `Max-Age` is the only attribute the builder wants one for.
    append(headers, &format!("{cookie}; Max-Age={}", life.as_secs()));
}

/// Takes a cookie back.
pub(super) fn remove(headers: &mut HeaderMap, kind: Kind, https: bool) {
    set(headers, kind, "", Duration::ZERO, https);
}

fn append(headers: &mut HeaderMap, cookie: &str) {
    if let Ok(value) = cookie.parse() {
        headers.append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(https: bool) -> (String, HeaderMap) {
        let mut headers = HeaderMap::new();
        set(&mut headers, Kind::Session, "v.a-l_u", Duration::from_mins(1), https);
        (headers[SET_COOKIE].to_str().unwrap().to_owned(), headers)
    }

    #[test]
    fn over_https_a_cookie_is_this_hosts_alone() {
        let (cookie, _) = after(true);
        assert_eq!(cookie, "__Host-botyard=v.a-l_u; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60");
    }

    #[test]
    fn over_http_a_browser_would_not_keep_a_secure_one() {
        let (cookie, _) = after(false);
        assert_eq!(cookie, "botyard=v.a-l_u; HttpOnly; SameSite=Lax; Path=/; Max-Age=60");
    }

    #[test]
    fn the_right_one_is_read() {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", "a=b; botyard=plain; __Host-botyard=host".parse().unwrap());
        assert_eq!(read(&headers, Kind::Session, true).as_deref(), Some("host"));
        assert_eq!(read(&headers, Kind::Session, false).as_deref(), Some("plain"));
        assert_eq!(read(&headers, Kind::Visitor, true), None);
    }
}
