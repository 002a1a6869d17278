//! A Telegram that answers every call at once and counts messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{Path, State};
use axum::{Json, Router};
use serde_json::{Value, json};

/// A running one.
pub(crate) struct Telegram {
    pub(crate) url: String,
    sent: Arc<AtomicU64>,
}

impl Telegram {
    /// Listens on a free port until the program ends.
    pub(crate) async fn start() -> Self {
        let sent = Arc::new(AtomicU64::new(0));
        let router = Router::new().route("/{bot}/{method}", axum::routing::any(answer)).with_state(Arc::clone(&sent));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, router).await.expect("it serves") });
        Self { url, sent }
    }

    /// Messages sent so far.
    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

async fn answer(State(sent): State<Arc<AtomicU64>>, Path((bot, method)): Path<(String, String)>) -> Json<Value> {
    let id: i64 = bot.trim_start_matches("bot").split(':').next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let result = match method.to_ascii_lowercase().as_str() {
        "getme" => json!({"id": id, "is_bot": true, "first_name": "Bench", "username": format!("bench_{id}_bot")}),
        "getwebhookinfo" => json!({"url": "", "has_custom_certificate": false, "pending_update_count": 0}),
        "sendmessage" => {
            let n = sent.fetch_add(1, Ordering::Relaxed);
            json!({"message_id": 1_000 + n, "date": 0, "chat": {"id": 1, "type": "private"}, "text": "ok"})
        }
        _ => json!(true),
    };
    Json(json!({"ok": true, "result": result}))
}
