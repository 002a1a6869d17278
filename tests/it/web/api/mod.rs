//! `/api/v1` as programs meet it: keys, rights, walls, repetition, lists, the document.

mod document;
mod hooks;
mod keys;
mod matrix;
mod schemathesis;
mod writes;

use botyard::accounts::keys as api_keys;
use botyard::domain::{ApiRight, Corr, Money, PanelScope, UserId};
use botyard::store::{Db, Seen};
use reqwest::Method;
use serde_json::Value;

use super::site::{Answer, Client, Site};

/// The platform owner's token.
pub(crate) const TOKEN: &str = "planted-owner-token-0123456789";

/// A site that knows the owner's token and takes as many calls as come.
pub(crate) async fn site(db: &Db) -> Site {
    Site::start_with(db, &[("admin.token", TOKEN), ("api.rate", "100000 per 1 s")]).await
}

/// A new key of a scope.
pub(crate) async fn key(site: &Site, scope: &PanelScope, rights: &[ApiRight]) -> String {
    let platform = &site.platform;
    let made = api_keys::issue(&platform.db, scope, "a test", rights, "test", site.clock.now()).await.unwrap();
    made.text.expose().to_owned()
}

/// A key of tenant A that may do everything.
pub(crate) async fn key_a(site: &Site) -> String {
    key(site, &PanelScope::Tenant(site.a.clone()), ApiRight::ALL).await
}

/// A program with a key.
pub(crate) struct Program {
    client: Client,
    bearer: String,
}

impl Program {
    pub(crate) fn new(site: &Site, key: &str) -> Self {
        Self { client: site.client(), bearer: format!("Bearer {key}") }
    }

    /// The same over a client that is there.
    pub(crate) fn over(client: Client, key: &str) -> Self {
        Self { client, bearer: format!("Bearer {key}") }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.client.send(Method::GET, path, &[("authorization", &self.bearer)], None).await
    }

    /// A write under a key of its own.
    pub(crate) async fn post(&self, path: &str, idem: &str, body: &Value) -> Answer {
        let headers =
            [("authorization", self.bearer.as_str()), ("idempotency-key", idem), ("content-type", "application/json")];
        self.client.bring(path, &headers, body.to_string()).await
    }

    /// Anything.
    pub(crate) async fn send(&self, method: &Method, path: &str, idem: &str, body: &str) -> Answer {
        let headers =
            [("authorization", self.bearer.as_str()), ("idempotency-key", idem), ("content-type", "application/json")];
        self.client.bring_by(method.clone(), path, &headers, body).await
    }
}

/// A person of tenant A with some money.
pub(crate) async fn rich(site: &Site, user: i64) -> UserId {
    let mut tx = site.platform.db.tenant(&site.a).await.unwrap();
    let seen =
        Seen { user_id: UserId(user), username: Some("ann"), first_name: "Ann", last_name: None, language_code: None };
    let row = tx.user_seen(&seen, site.clock.now()).await.unwrap();
    let corr = Corr::random();
    let money = Money::kopecks(10_000);
    botyard::billing::credit(&mut tx, &row.user_ref, corr.as_str(), money, &corr, site.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    UserId(user)
}

/// What an answer carries besides its time and its story.
pub(crate) fn bare(answer: &Answer) -> (u16, Vec<String>, String) {
    let names = answer.headers.iter().filter(|(name, _)| !["date", "x-correlation-id"].contains(&name.as_str()));
    (answer.status, names.map(|(name, value)| format!("{name}: {value:?}")).collect(), answer.body.clone())
}
