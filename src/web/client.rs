//! The client's address, for rules that count by it (decisions.md 16).

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::header::HeaderMap;
use axum::http::request::Parts;
use ipnet::IpNet;

const FORWARDED: &str = "x-forwarded-for";

/// Who sent this request. `None` behind a proxy that is not known to be trusted: then nobody can be told apart, and counting
/// would punish everybody for one.
pub(super) fn address(parts: &Parts, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
    of(peer, &parts.headers, trusted)
}

/// The client's network, as the audit log keeps it: enough to see that somebody came from elsewhere, too little to find a
/// person by.
pub(super) fn network(parts: &Parts, trusted: &[IpNet]) -> Option<String> {
    address(parts, trusted).map(shortened)
}

fn shortened(address: IpAddr) -> String {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            format!("{a}.{b}.{c}.*")
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:*")
        }
    }
}

fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip.to_canonical()));
    let mut hops = headers
        .get_all(FORWARDED)
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .map(|hop| hop.trim().parse::<IpAddr>().ok())
        .collect::<Vec<_>>();
    if !is_trusted(peer) {
        return hops.is_empty().then_some(peer.to_canonical());
    }
    // From the nearest hop outwards: the first that is no proxy of ours is the client, whatever stands further out.
    while let Some(hop) = hops.pop() {
        match hop {
            Some(ip) if is_trusted(ip) => {}
            other => return other.map(|ip| ip.to_canonical()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&str], trusted: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED, value.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        of(peer.parse().unwrap(), &headers, &trusted).map(|ip| ip.to_string())
    }

    #[test]
    fn a_network_says_no_single_address() {
        assert_eq!(shortened("203.0.113.9".parse().unwrap()), "203.0.113.*");
        assert_eq!(shortened("2001:db8:85a3::8a2e:370:7334".parse().unwrap()), "2001:db8:85a3:*");
    }

    #[test]
    fn without_a_proxy_it_is_the_peer() {
        assert_eq!(client("203.0.113.9", &[], &[]).as_deref(), Some("203.0.113.9"));
        assert_eq!(client("::ffff:203.0.113.9", &[], &[]).as_deref(), Some("203.0.113.9"));
    }

    #[test]
    fn behind_an_unknown_proxy_it_is_nobody() {
        assert_eq!(client("127.0.0.1", &["203.0.113.9"], &[]), None);
    }

    #[test]
    fn behind_a_trusted_proxy_it_is_the_nearest_stranger() {
        let ours = ["10.0.0.0/8"];
        assert_eq!(client("10.0.0.1", &["203.0.113.9"], &ours).as_deref(), Some("203.0.113.9"));
        assert_eq!(client("10.0.0.1", &["1.2.3.4, 203.0.113.9, 10.0.0.2"], &ours).as_deref(), Some("203.0.113.9"));
        assert_eq!(client("10.0.0.1", &["1.2.3.4", "203.0.113.9"], &ours).as_deref(), Some("203.0.113.9"));
        assert_eq!(client("10.0.0.1", &["203.0.113.9, unknown"], &ours), None);
        assert_eq!(client("10.0.0.1", &[], &ours), None);
    }
}
