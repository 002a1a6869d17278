//! How many connections are open, in all and by address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;

use super::Limits;

/// Why a connection was turned away.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Full,
    PerIp,
}

#[derive(Debug)]
pub(super) struct Gate {
    connections: usize,
    per_ip: usize,
    loopback_exempt: bool,
    exempt: Vec<IpNet>,
    open: AtomicUsize,
    bytes_read: AtomicU64,
    by_ip: Mutex<HashMap<IpAddr, usize>>,
}

impl Gate {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            connections: limits.connections,
            per_ip: limits.per_ip,
            loopback_exempt: limits.loopback_exempt,
            exempt: limits.exempt.clone(),
            open: AtomicUsize::new(0),
            bytes_read: AtomicU64::new(0),
            by_ip: Mutex::default(),
        }
    }

    /// Counts a connection in; the permit counts it out.
    pub(super) fn enter(self: &Arc<Self>, ip: IpAddr) -> Result<Permit, Refused> {
        let ip = ip.to_canonical();
        if self.open.fetch_add(1, Ordering::Relaxed) >= self.connections {
            self.open.fetch_sub(1, Ordering::Relaxed);
            return Err(Refused::Full);
        }
        // From here on dropping the permit undoes the count.
        let mut permit = Permit { gate: self.clone(), counted: None };
        if !self.is_exempt(ip) {
            let key = group(ip);
            let mut by_ip = self.by_ip.lock().unwrap_or_else(PoisonError::into_inner);
            let held = by_ip.entry(key).or_default();
            if *held >= self.per_ip {
                drop(by_ip);
                return Err(Refused::PerIp);
            }
            *held += 1;
            drop(by_ip);
            permit.counted = Some(key);
        }
        metrics::gauge!("botyard_http_connections").set(self.open() as f64);
        Ok(permit)
    }

    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    fn is_exempt(&self, ip: IpAddr) -> bool {
        (self.loopback_exempt && ip.is_loopback()) || self.exempt.iter().any(|net| net.contains(&ip))
    }
}

/// One counted connection.
#[derive(Debug)]
pub(super) struct Permit {
    gate: Arc<Gate>,
    counted: Option<IpAddr>,
}

impl Permit {
    pub(super) fn add_bytes_read(&self, bytes: usize) {
        self.gate.bytes_read.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.gate.open.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("botyard_http_connections").set(self.gate.open() as f64);
        let Some(key) = self.counted else { return };
        let mut by_ip = self.gate.by_ip.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = by_ip.get_mut(&key) {
            *held -= 1;
            if *held == 0 {
                by_ip.remove(&key);
            }
        }
    }
}

/// One IPv6 customer owns at least a /64: its addresses count as one.
fn group(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(limits: &Limits) -> Arc<Gate> {
        Arc::new(Gate::new(limits))
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_holds_only_its_share_and_gets_it_back() {
        let gate = gate(&Limits { per_ip: 2, ..Limits::default() });
        let first = gate.enter(ip("192.0.2.1")).unwrap();
        let _second = gate.enter(ip("::ffff:192.0.2.1")).unwrap();
        assert_eq!(gate.enter(ip("192.0.2.1")).unwrap_err(), Refused::PerIp);
        let _other = gate.enter(ip("192.0.2.2")).unwrap();
        assert_eq!(gate.open(), 3, "a refused one is not counted");
        drop(first);
        let _again = gate.enter(ip("192.0.2.1")).unwrap();
    }

    #[test]
    fn a_whole_ipv6_network_counts_as_one_address() {
        let gate = gate(&Limits { per_ip: 1, ..Limits::default() });
        let _one = gate.enter(ip("2001:db8:0:1::1")).unwrap();
        assert_eq!(gate.enter(ip("2001:db8:0:1:ffff::2")).unwrap_err(), Refused::PerIp);
        let _neighbour = gate.enter(ip("2001:db8:0:2::1")).unwrap();
    }

    #[test]
    fn loopback_and_trusted_proxies_are_free_of_the_share_but_not_of_the_total() {
        let proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let gate = gate(&Limits { per_ip: 1, connections: 4, exempt: proxies, ..Limits::default() });
        let _held: Vec<Permit> =
            ["127.0.0.1", "127.0.0.1", "10.1.2.3", "10.1.2.3"].map(|text| gate.enter(ip(text)).unwrap()).into();
        assert_eq!(gate.enter(ip("127.0.0.1")).unwrap_err(), Refused::Full);
        let strict = Arc::new(Gate::new(&Limits { per_ip: 1, loopback_exempt: false, ..Limits::default() }));
        let _one = strict.enter(ip("127.0.0.1")).unwrap();
        assert_eq!(strict.enter(ip("127.0.0.1")).unwrap_err(), Refused::PerIp);
    }
}
