//! The accept loop in front of every HTTP address: who may connect, how long they may take, how much they may send.
//!
//! A slow or greedy client costs one small task and is cut (reliability.md T22, T23): the header has 10 s, a body must keep
//! coming, an idle connection lives 30 s, a client that does not read its answer is dropped, one address may hold only so
//! many connections. A stop closes the port at once and lets requests in hand finish (reliability.md F10).
//!
//! ```ignore
//! let listener = Listener::bind("BOTYARD_LISTEN", addr, Limits::default()).await?; // before anything slow
//! let router = Router::new().route("/webhook/{id}", capped(post(hook), 1 << 20));
//! let serving = listener.serve("http", router, &tasks);
//! ```

mod body;
mod connection;
mod gate;
#[cfg(test)]
mod tests;
mod watch;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

pub use body::{BodyMax, capped};

use crate::config;
use crate::lifecycle::Tasks;
use gate::{Gate, Refused};

/// The pause after the system refused to accept (file descriptors used up): closing connections frees some.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What one address may cost.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the connection, or the first byte of a later request, to the end of its header.
    pub header: Duration,
    /// Between two requests on one connection.
    pub keep_alive: Duration,
    /// Without a new byte of the body; also how long a body may take before [`Limits::body_rate`] counts.
    pub body_idle: Duration,
    /// Bytes a second a body must reach on average, so that a byte every few seconds does not hold a connection.
    pub body_rate: u32,
    /// Without the client taking a byte of the answer.
    pub write_stall: Duration,
    /// Connections at once; above it a client gets 503.
    pub connections: usize,
    /// Connections at once of one address (of one /64 with IPv6); above it a client gets 429.
    pub per_ip: usize,
    /// Whether the machine's own addresses are free of [`Limits::per_ip`].
    pub loopback_exempt: bool,
    /// Trusted proxies: all clients seem to come from there, so [`Limits::per_ip`] is not for them (decisions.md 16).
    pub exempt: Vec<IpNet>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            keep_alive: Duration::from_secs(30),
            body_idle: Duration::from_secs(15),
            body_rate: 8 * 1024,
            write_stall: Duration::from_secs(30),
            connections: 4096,
            per_ip: 512,
            loopback_exempt: true,
            exempt: Vec::new(),
        }
    }
}

impl From<&config::Server> for Limits {
    /// The limits as set; trusted proxies are free of the share per address.
    fn from(server: &config::Server) -> Self {
        Self {
            header: server.header_timeout,
            keep_alive: server.idle_timeout,
            body_idle: server.body_timeout,
            connections: server.max_connections as usize,
            per_ip: server.max_connections_per_address as usize,
            exempt: server.trusted_proxies.clone(),
            ..Self::default()
        }
    }
}

/// Why an address cannot be listened on. `setting` is the name of what to change.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another program has the port.
    #[error("{setting}: {addr} is in use by another program; stop it, or set {setting} to a free port")]
    InUse {
        /// The setting's name.
        setting: &'static str,
        /// The address asked for.
        addr: SocketAddr,
    },
    /// Ports below 1024 are the administrator's.
    #[error("{setting}: no permission to listen on {addr}; set {setting} to a port from 1024 up")]
    Forbidden {
        /// The setting's name.
        setting: &'static str,
        /// The address asked for.
        addr: SocketAddr,
    },
    /// This machine does not have the address.
    #[error("{setting}: this machine has no address {addr}; 0.0.0.0 listens on all, 127.0.0.1 on this machine only")]
    NoSuchAddress {
        /// The setting's name.
        setting: &'static str,
        /// The address asked for.
        addr: SocketAddr,
    },
    /// Anything else.
    #[error("{setting}: cannot listen on {addr}: {error}")]
    Other {
        /// The setting's name.
        setting: &'static str,
        /// The address asked for.
        addr: SocketAddr,
        /// The system's words.
        error: io::Error,
    },
}

/// A bound port. Clients queue in the kernel until [`Listener::serve`].
#[derive(Debug)]
pub struct Listener {
    tcp: TcpListener,
    addr: SocketAddr,
    limits: Limits,
}

impl Listener {
    /// Takes the port. Call it before anything slow, so that a port in use is said at once.
    pub async fn bind(setting: &'static str, addr: SocketAddr, limits: Limits) -> Result<Self, BindError> {
        let refused = |error: io::Error| match error.kind() {
            io::ErrorKind::AddrInUse => BindError::InUse { setting, addr },
            io::ErrorKind::PermissionDenied => BindError::Forbidden { setting, addr },
            io::ErrorKind::AddrNotAvailable => BindError::NoSuchAddress { setting, addr },
            _ => BindError::Other { setting, addr, error },
        };
        let tcp = TcpListener::bind(addr).await.map_err(refused)?;
        let addr = tcp.local_addr().map_err(refused)?;
        Ok(Self { tcp, addr, limits })
    }

    /// The address in use, with the real port where 0 was asked for.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Accepts until the soft stop. Handlers find the peer in `ConnectInfo<SocketAddr>`. `name` is the accept loop's name
    /// among the tasks.
    pub fn serve(self, name: &'static str, router: Router, tasks: &Tasks) -> Serving {
        let gate = Arc::new(Gate::new(&self.limits));
        let server = Arc::new(Server {
            tcp: self.tcp,
            shared: Arc::new(Shared { limits: self.limits, router, soft: tasks.soft() }),
            gate: gate.clone(),
            tasks: tasks.clone(),
        });
        tasks.spawn_supervised(name, move || accept(server.clone()));
        Serving { addr: self.addr, gate }
    }
}

/// A look at a running listener.
#[derive(Debug, Clone)]
pub struct Serving {
    addr: SocketAddr,
    gate: Arc<Gate>,
}

impl Serving {
    /// The address in use.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// Connections open now.
    pub fn connections(&self) -> usize {
        self.gate.open()
    }

    /// Bytes read from clients since the start.
    pub fn bytes_read(&self) -> u64 {
        self.gate.bytes_read()
    }
}

/// What every connection needs.
struct Shared {
    limits: Limits,
    router: Router,
    soft: CancellationToken,
}

struct Server {
    tcp: TcpListener,
    shared: Arc<Shared>,
    gate: Arc<Gate>,
    tasks: Tasks,
}

async fn accept(server: Arc<Server>) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = server.shared.soft.cancelled() => return,
            accepted = server.tcp.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => admit(&server, stream, peer),
            Err(error) if is_the_clients(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "cannot accept connections");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

fn admit(server: &Server, stream: TcpStream, peer: SocketAddr) {
    match server.gate.enter(peer.ip()) {
        Ok(permit) => {
            let shared = server.shared.clone();
            server.tasks.spawn("http_connection", connection::run(shared, stream, peer, permit));
        }
        Err(refused) => {
            let (reason, answer) = match refused {
                Refused::Full => ("full", "503 Service Unavailable"),
                Refused::PerIp => ("per_ip", "429 Too Many Requests"),
            };
            metrics::counter!("botyard_http_refused_total", "reason" => reason).increment(1);
            let head = format!("HTTP/1.1 {answer}\r\nretry-after: 5\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            // A courtesy: the socket's empty buffer takes it at once, or the client sees a closed connection.
            let _ = stream.try_write(head.as_bytes());
        }
    }
}

/// The client went away between its hello and our accept.
fn is_the_clients(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}
