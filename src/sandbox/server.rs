//! The accept loop: ordinary HTTP/1.1, except that an injected fault can hang up without an answer.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use super::faults::HangUp;
use super::tasks::Tasks;

/// Serves `router` until the sandbox stops.
pub(crate) async fn serve(listener: TcpListener, router: Router, tasks: Tasks) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => tasks.spawn(connection(stream, router.clone())),
            Err(error) => {
                // Too many open files, most likely: give connections time to end.
                tracing::warn!(%error, "sandbox cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            let answered: Result<_, Infallible> = router.oneshot(request.map(Body::new)).await;
            let response = match answered {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<HangUp>().is_some() {
                return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "dropped by an injected fault"));
            }
            Ok(response)
        }
    });
    // An error here is the caller's disconnect or an injected one; both are ordinary.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}
