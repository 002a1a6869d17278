//! Name resolution that hands out only addresses that may be connected to.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Finds the addresses of a name.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// Every address of `host`, in the order of preference.
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The machine's own resolution.
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// None of a name's addresses may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("no public address")]
pub(in crate::clients) struct Forbidden;

/// Whether a request failed for that reason.
pub(in crate::clients) fn was_forbidden(error: &reqwest::Error) -> bool {
    let mut next = StdError::source(error);
    while let Some(cause) = next {
        if cause.is::<Forbidden>() {
            return true;
        }
        next = cause.source();
    }
    false
}

/// Keeps the public addresses of an answer; the connection is made to one of these and to nothing else.
pub(in crate::clients) struct Checked {
    pub(in crate::clients) resolver: Arc<dyn Resolver>,
    /// `None`: the allow list has decided, every address will do.
    pub(in crate::clients) public: Option<fn(IpAddr) -> bool>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let (resolver, public) = (self.resolver.clone(), self.public);
        Box::pin(async move {
            let mut found = resolver.resolve(name.as_str()).await?;
            if let Some(public) = public {
                let any = !found.is_empty();
                found.retain(|ip| public(*ip));
                if any && found.is_empty() {
                    return Err(Forbidden.into());
                }
            }
            // Port 0 means: the URL's.
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}
