//! Addresses in settings: base URLs, databases, hosts that downloads may reach.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use url::Url;

use super::check::NO_SERVER;
use crate::domain::Secret;

/// The beginning of URLs: `http://` or `https://`, a host, perhaps a port and a path; no slash at the end, no user name,
/// no query.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    text: String,
    https: bool,
    host: String,
    port: u16,
}

impl BaseUrl {
    /// Checks the shape. The error says what is wrong and quotes nothing, for a URL may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|e| format!("is not a URL ({e})"))?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err("begins with neither https:// nor http://".to_owned()),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err("must not carry a user name or password".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("must not carry a query (?) or fragment (#)".to_owned());
        }
        let host = url.host_str().ok_or("has no host")?.to_owned();
        let port = url.port_or_known_default().ok_or("has no port")?;
        Ok(Self { text: url.as_str().trim_end_matches('/').to_owned(), https, host, port })
    }

    /// What stands for a URL that was wrong until the errors are reported.
    pub(super) fn localhost() -> Self {
        Self { text: "http://localhost".to_owned(), https: false, host: "localhost".to_owned(), port: 80 }
    }

    /// `http://` and an address; an address that means «all» becomes this machine's own.
    pub(super) fn of_address(bound: SocketAddr) -> Self {
        let own: IpAddr = match bound.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let bound = SocketAddr::new(own, bound.port());
        let host = if own.is_ipv6() { format!("[{own}]") } else { own.to_string() };
        Self { text: format!("http://{bound}"), https: false, host, port: bound.port() }
    }

    /// The URL without a slash at its end: `format!("{base}/path")`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is `https://`.
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The host: a name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, the scheme's own where none is written.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file of this machine.
    Sqlite(PathBuf),
    /// A server; the URL holds its password.
    Postgres(Secret),
}

impl DatabaseUrl {
    /// Checks the shape; the error quotes nothing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let url = Url::parse(text).map_err(|e| format!("is not a URL ({e})"))?;
            if url.path().trim_matches('/').is_empty() {
                return Err("names no database after the host".to_owned());
            }
            return Ok(Self::Postgres(Secret::new(text)));
        }
        let Some(path) = text.strip_prefix("sqlite:") else {
            return Err("begins with neither sqlite: nor postgres://".to_owned());
        };
        let path = path.strip_prefix("//").unwrap_or(path);
        let path = path.strip_suffix("?mode=rwc").unwrap_or(path);
        if path.is_empty() || path == ":memory:" || path.contains('?') {
            return Err("sqlite: is followed by the path of a file; parameters and :memory: are not taken".to_owned());
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }

    /// The same server with its password; the error quotes nothing.
    pub(super) fn with_password(&self, password: &str) -> Result<Self, String> {
        let Self::Postgres(address) = self else { return Err(NO_SERVER.to_owned()) };
        let mut url = Url::parse(address.expose()).map_err(|e| format!("DATABASE_URL is not a URL ({e})"))?;
        if url.password().is_some() {
            return Err("is set together with a password in DATABASE_URL; keep one of them".to_owned());
        }
        // A per cent sign is the one character that is taken for a sign of encoding already done.
        let password = password.replace('%', "%25");
        url.set_password(Some(&password)).map_err(|()| "is for a DATABASE_URL that names a host".to_owned())?;
        Ok(Self::Postgres(Secret::new(url)))
    }

    /// Whether it is SQLite.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

/// Checks a Redis URL, which may hold a password; the error quotes nothing.
pub(super) fn redis(text: &str) -> Result<Secret, String> {
    let url = Url::parse(text.trim()).map_err(|e| format!("is not a URL ({e})"))?;
    match url.scheme() {
        "redis" | "rediss" if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(Secret::new(text.trim())),
        "redis" | "rediss" => Err("has no host".to_owned()),
        _ => Err("begins with neither redis:// nor rediss://".to_owned()),
    }
}

/// A host and port that downloads may reach although its address is private.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPort {
    /// A name, an IPv4 address, or an IPv6 address in brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl HostPort {
    /// Reads `host:port`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is not host:port");
        let (host, port) = text.trim().rsplit_once(':').ok_or_else(wrong)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?;
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if host.is_empty() || (host.contains(':') && !bracketed) || host.contains(['/', '@', ' ']) {
            return Err(wrong());
        }
        Ok(Self { host: host.to_ascii_lowercase(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_loses_its_last_slash_and_keeps_its_path() {
        let url = BaseUrl::parse("HTTPS://Bots.Example.com/yard/").unwrap();
        assert_eq!(url.as_str(), "https://bots.example.com/yard");
        assert_eq!((url.host(), url.port(), url.is_https()), ("bots.example.com", 443, true));
        assert_eq!(BaseUrl::parse("http://[::1]:8081").unwrap().host(), "[::1]");
        for bad in ["", "example.com", "ftp://a", "https://u:p@a", "https://a?b", "https://a#b", "https://", "/x"] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_database_is_a_file_or_a_server() {
        let file = |text| DatabaseUrl::parse(text).unwrap();
        assert_eq!(file("sqlite:data/b.db"), DatabaseUrl::Sqlite("data/b.db".into()));
        assert_eq!(file("sqlite:///var/b.db?mode=rwc"), DatabaseUrl::Sqlite("/var/b.db".into()));
        assert!(!file("postgres://u:p@h:5432/botyard").is_sqlite());
        for bad in ["", "sqlite:", "sqlite::memory:", "sqlite:a?x=1", "mysql://a/b", "postgres://host", "postgres:x"] {
            assert!(DatabaseUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_host_has_a_port() {
        assert_eq!(HostPort::parse("LocalHost:9000"), Ok(HostPort { host: "localhost".into(), port: 9000 }));
        assert!(HostPort::parse("[::1]:9000").is_ok());
        for bad in ["localhost", "localhost:0", ":9000", "::1:9000", "http://a:9", "a:b"] {
            assert!(HostPort::parse(bad).is_err(), "{bad}");
        }
    }
}
