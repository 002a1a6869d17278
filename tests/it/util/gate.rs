//! A door between a program and a server: it leads to one of several addresses, in turn, can be shut and opened again, and can
//! make every answer wait.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A running door; it is gone when dropped.
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    targets: Arc<Mutex<Vec<SocketAddr>>>,
    open: watch::Sender<bool>,
    delay_ms: Arc<AtomicU64>,
    task: tokio::task::JoinHandle<()>,
}

impl Gate {
    /// One that leads nowhere yet.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (targets, open) = (Arc::new(Mutex::new(Vec::new())), watch::Sender::new(true));
        let (known, opens) = (Arc::clone(&targets), open.subscribe());
        let delay_ms = Arc::new(AtomicU64::new(0));
        let slow = delay_ms.clone();
        #[expect(clippy::disallowed_methods, reason = "the door is the test's own, and ends with it")]
        let task = tokio::spawn(async move {
            for turn in 0.. {
                let Ok((stream, _)) = listener.accept().await else { return };
                let mut targets: Vec<SocketAddr> = known.lock().unwrap().clone();
                let by = turn % targets.len().max(1);
                targets.rotate_left(by);
                tokio::spawn(pass(stream, targets, opens.clone(), slow.clone()));
            }
        });
        Self { address, targets, open, delay_ms, task }
    }

    /// Where it leads from now on.
    pub(crate) fn lead_to(&self, targets: &[SocketAddr]) {
        *self.targets.lock().unwrap() = targets.to_vec();
    }

    /// Ends what goes through it; who comes finds it shut.
    pub(crate) fn shut(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    /// Each piece of an answer waits so long from now on.
    pub(crate) fn slow(&self, delay: Duration) {
        self.delay_ms.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
        self.open.send_replace(false);
    }
}

/// Leads a connection to the first address that answers.
async fn pass(stream: TcpStream, targets: Vec<SocketAddr>, mut open: watch::Receiver<bool>, delay_ms: Arc<AtomicU64>) {
    for target in targets {
        if !*open.borrow_and_update() {
            return;
        }
        let Ok(inner) = TcpStream::connect(target).await else { continue };
        let ((of_caller, to_caller), (of_server, to_server)) = (stream.into_split(), inner.into_split());
        let at_once = AtomicU64::new(0);
        let both = async { tokio::join!(pump(of_caller, to_server, &at_once), pump(of_server, to_caller, &delay_ms)) };
        tokio::select! {
            _ = both => {}
            _ = open.wait_for(|open| !open) => {}
        }
        return;
    }
}

/// Carries bytes one way until there are no more, and says so on the other side.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay_ms: &AtomicU64) {
    let mut piece = vec![0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut piece).await {
        tokio::time::sleep(Duration::from_millis(delay_ms.load(Ordering::Relaxed))).await;
        if to.write_all(&piece[..n]).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
