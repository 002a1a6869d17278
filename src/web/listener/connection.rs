//! One connection, from accepted to closed.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use super::Shared;
use super::body::{Leaving, Timed};
use super::gate::Permit;
use super::watch::{Watch, Watched};

/// Header and read buffer of one connection.
const BUFFER: usize = 64 * 1024;
/// How much and how long is read and thrown away after an answer that came before the body's end, so that the client gets to
/// read the answer instead of a reset connection.
const LINGER_BYTES: u64 = 256 * 1024;
const LINGER: Duration = Duration::from_millis(500);

pub(super) async fn run(shared: Arc<Shared>, stream: TcpStream, peer: SocketAddr, permit: Permit) {
    // Answers are small and whole: waiting to join packets only delays them.
    let _ = stream.set_nodelay(true);
    let watch = Arc::new(Watch::new(&shared.limits));
    let io = TokioIo::new(Watched::new(stream, watch.clone(), permit));
    let (served, watched) = (shared.clone(), watch.clone());
    let service = service_fn(move |request| Box::pin(answer(served.clone(), watched.clone(), peer, request)));
    let mut builder = http1::Builder::new();
    // hyper's own header timeout also cuts idle connections; `Watch` tells the two apart.
    builder.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(BUFFER);
    let mut connection = builder.serve_connection(io, service);
    let mut draining = false;
    let ended = loop {
        tokio::select! {
            biased;
            () = shared.soft.cancelled(), if !draining => {
                Pin::new(&mut connection).graceful_shutdown();
                draining = true;
            }
            ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => break ended,
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection closed early");
    }
    close(connection.into_parts().io.into_inner(), watch.is_body_left()).await;
}

async fn answer(
    shared: Arc<Shared>,
    watch: Arc<Watch>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Leaving>, Infallible> {
    watch.request_came();
    let mut request = request.map(|body| Body::new(Timed::new(body, watch.clone(), &shared.limits)));
    request.extensions_mut().insert(ConnectInfo(peer));
    let mut response = shared.router.clone().oneshot(request).await?;
    if watch.is_body_slow() {
        response = StatusCode::REQUEST_TIMEOUT.into_response();
    }
    if matches!(response.status(), StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response.map(|body| Leaving::new(body, watch)))
}

async fn close(mut stream: Watched, client_still_sends: bool) {
    let farewell = async {
        if stream.shutdown().await.is_ok() && client_still_sends {
            let _ = tokio::io::copy(&mut (&mut stream).take(LINGER_BYTES), &mut tokio::io::sink()).await;
        }
    };
    // Whether the client takes its leave or not, the socket closes now.
    let _ = tokio::time::timeout(LINGER, farewell).await;
}
