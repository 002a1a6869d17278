//! Which links may be fetched, and which addresses are public. Whatever is not plainly public is refused.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use url::{Host, Url};

use crate::config::HostPort;

/// Signed links are long; this is longer than any of them.
const MAX_LINK: usize = 8_192;

/// Why a link is not fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a URL, or one that readers of URLs disagree about.
    #[error("it is not a usable URL")]
    BadUrl,
    /// Not https.
    #[error("it is not https")]
    NotHttps,
    /// Not port 443.
    #[error("its port is not 443")]
    Port,
    /// It carries a user name or password.
    #[error("it carries credentials")]
    Credentials,
    /// A name that only means something inside a network.
    #[error("its host is a local name")]
    LocalName,
    /// A private, loopback, link-local or otherwise special address.
    #[error("its address is not public")]
    PrivateAddress,
}

/// What may be fetched.
pub(in crate::clients) struct Rules {
    pub(in crate::clients) allow: Vec<HostPort>,
    /// 443, except in tests: they cannot listen there.
    pub(in crate::clients) https_port: u16,
    /// [`is_public`], except in tests of changing names: they have no public address to listen at.
    pub(in crate::clients) public: fn(IpAddr) -> bool,
}

/// A link that may be fetched.
#[derive(Debug)]
pub(in crate::clients) struct Target {
    pub(in crate::clients) url: Url,
    /// The allow list names it: its address is not looked at.
    pub(in crate::clients) trusted: bool,
}

impl Rules {
    pub(in crate::clients) fn new(allow: Vec<HostPort>) -> Self {
        Self { allow, https_port: 443, public: is_public }
    }

    /// Checks everything that can be known before the host's name is looked up.
    pub(in crate::clients) fn check(&self, link: &str) -> Result<Target, Refusal> {
        // Parsers drop or reinterpret these, and not all in the same way.
        if link.len() > MAX_LINK || link.chars().any(|c| c.is_control() || c == ' ' || c == '\\') {
            return Err(Refusal::BadUrl);
        }
        let url = Url::parse(link).map_err(|_| Refusal::BadUrl)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Refusal::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let host = url.host_str().ok_or(Refusal::BadUrl)?;
        let port = url.port_or_known_default().ok_or(Refusal::BadUrl)?;
        if self.allow.iter().any(|allowed| allowed.port == port && allowed.host.eq_ignore_ascii_case(host)) {
            return Ok(Target { url, trusted: true });
        }
        if url.scheme() != "https" {
            return Err(Refusal::NotHttps);
        }
        if port != self.https_port {
            return Err(Refusal::Port);
        }
        match url.host() {
            Some(Host::Ipv4(ip)) if !(self.public)(ip.into()) => Err(Refusal::PrivateAddress),
            Some(Host::Ipv6(ip)) if !(self.public)(ip.into()) => Err(Refusal::PrivateAddress),
            Some(Host::Domain(name)) if is_local_name(name) => Err(Refusal::LocalName),
            Some(_) => Ok(Target { url, trusted: false }),
            None => Err(Refusal::BadUrl),
        }
    }
}

/// Names without a dot and names under endings that no public zone serves. The wall is the check of the address; this
/// one only says sooner what is wrong.
fn is_local_name(name: &str) -> bool {
    const LOCAL: [&str; 8] = ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa"];
    let name = name.trim_end_matches('.');
    match name.rsplit_once('.') {
        None => true,
        Some((_, last)) => LOCAL.iter().any(|local| last.eq_ignore_ascii_case(local)),
    }
}

const fn v4(a: u8, b: u8, c: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), length)
}

const fn v6(a: u16, b: u16, c: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// The special blocks of IANA's IPv4 registry.
const SPECIAL_V4: [Ipv4Net; 19] = [
    v4(0, 0, 0, 8),
    v4(10, 0, 0, 8),
    v4(100, 64, 0, 10), // carrier-grade NAT
    v4(127, 0, 0, 8),
    v4(169, 254, 0, 16), // link-local, cloud metadata
    v4(172, 16, 0, 12),
    v4(192, 0, 0, 24),
    v4(192, 0, 2, 24),    // documentation
    v4(192, 31, 196, 24), // AS112
    v4(192, 52, 193, 24), // AMT
    v4(192, 88, 99, 24),  // 6to4 relays
    v4(192, 168, 0, 16),
    v4(192, 175, 48, 24), // AS112
    v4(198, 18, 0, 15),   // benchmarks
    v4(198, 51, 100, 24), // documentation
    v4(203, 0, 113, 24),  // documentation
    v4(224, 0, 0, 4),     // multicast
    v4(240, 0, 0, 4),     // reserved, broadcast
    v4(168, 63, 129, 24), // Azure's host services live at .16
];

/// All that is given out to hosts today…
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// …but these. Outside of it lie `::`, `::1`, v4-mapped, NAT64 (64:ff9b::/96), SRv6 (5f00::/16), ULA, link-local and
/// multicast addresses.
const SPECIAL_V6: [Ipv6Net; 5] = [
    v6(0x2001, 0, 0, 23),         // IETF: Teredo, ORCHID, benchmarks
    v6(0x2001, 0xdb8, 0, 32),     // documentation
    v6(0x2002, 0, 0, 16),         // 6to4: carries an IPv4 address
    v6(0x2620, 0x4f, 0x8000, 48), // AS112
    v6(0x3fff, 0, 0, 20),         // documentation
];

/// Whether an address belongs to somebody on the public internet.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !SPECIAL_V4.iter().any(|net| net.contains(&ip)),
        IpAddr::V6(ip) => GLOBAL_V6.contains(&ip) && !SPECIAL_V6.iter().any(|net| net.contains(&ip)),
    }
}
