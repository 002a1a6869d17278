//! The demo's ports on this machine: the usual ones, or the next free ones.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use crate::cli::failure::Failure;

const ADMIN: u16 = 9090;
const SANDBOX: u16 = 8090;
/// How many ports are tried from the wanted one on.
const TRIES: u16 = 200;

/// Ports that were free a moment ago; whoever takes one first is told by name when it is listened on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ports {
    /// Webhooks, callbacks, panel.
    pub(super) main: u16,
    /// Metrics and health.
    pub(super) admin: u16,
    /// The fake services and the chat page.
    pub(super) sandbox: u16,
    /// The doors to the panel.
    pub(super) doors: u16,
}

impl Ports {
    /// From `main` on; 0 takes any free ones.
    pub(super) fn choose(main: u16) -> Result<Self, Failure> {
        let wanted = if main == 0 { [0; 4] } else { [main, ADMIN, SANDBOX, SANDBOX + 1] };
        // Held until all are chosen, so that no two are the same.
        let mut held: Vec<(u16, TcpListener)> = Vec::new();
        for from in wanted {
            held.push(free(from).ok_or_else(|| Failure::Work(format!("no port is free from {from} on")))?);
        }
        let port = |at: usize| held.get(at).map_or(0, |(port, _)| *port);
        Ok(Self { main: port(0), admin: port(1), sandbox: port(2), doors: port(3) })
    }

    pub(super) fn main_url(self) -> String {
        format!("http://127.0.0.1:{}", self.main)
    }

    pub(super) fn sandbox_url(self) -> String {
        format!("http://127.0.0.1:{}", self.sandbox)
    }

    pub(super) fn doors_url(self) -> String {
        format!("http://127.0.0.1:{}", self.doors)
    }

    /// One of them as an address to listen on.
    pub(super) fn address(port: u16) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }
}

fn free(from: u16) -> Option<(u16, TcpListener)> {
    let wanted = if from == 0 { from..=from } else { from..=from.saturating_add(TRIES) };
    wanted.into_iter().find_map(|port| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?;
        Some((listener.local_addr().ok()?.port(), listener))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_passed_over_and_no_port_is_given_twice() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let ports = Ports::choose(port).unwrap();
        assert!(ports.main > port);
        let mut all = vec![ports.main, ports.admin, ports.sandbox, ports.doors];
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 4);
    }
}
