//! The floor: the least that has to happen for one update, with the libraries of the platform and nothing else.

use std::str::FromStr as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use super::{Target, say_ready};

const TABLE: &str = "CREATE TABLE people (id BIGINT PRIMARY KEY, name TEXT NOT NULL, update_id BIGINT NOT NULL)";
const UPSERT: &str = "INSERT INTO people (id, name, update_id) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, update_id = excluded.update_id";

#[derive(Deserialize)]
struct Update {
    update_id: i64,
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    from: From,
    chat: Chat,
}

#[derive(Deserialize)]
struct From {
    id: i64,
    first_name: String,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

struct Floor {
    pool: Pool,
    http: reqwest::Client,
    send: String,
}

/// Serves until it is killed.
pub(crate) async fn serve(database: &str, telegram: &str) {
    let pool = if database.starts_with("sqlite:") {
        let options = SqliteConnectOptions::from_str(database)
            .expect("a path")
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a database");
        sqlx::query(TABLE).execute(&pool).await.expect("a table");
        Pool::Sqlite(pool)
    } else {
        let pool = PgPool::connect(database).await.expect("a database");
        sqlx::query(TABLE).execute(&pool).await.expect("a table");
        Pool::Postgres(pool)
    };
    let http = reqwest::Client::new();
    let floor = Arc::new(Floor { pool, http, send: format!("{telegram}/bot1:floor/sendMessage") });
    let router = Router::new().route("/webhook", post(update)).with_state(floor);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/webhook", listener.local_addr().expect("an address"));
    say_ready(&[Target { url, secret: String::new() }]);
    axum::serve(listener, router).await.expect("it serves");
}

async fn update(State(floor): State<Arc<Floor>>, Json(update): Json<Update>) -> StatusCode {
    let (from, id) = (&update.message.from, update.update_id);
    let stored = match &floor.pool {
        Pool::Sqlite(pool) => {
            sqlx::query(UPSERT).bind(from.id).bind(&from.first_name).bind(id).execute(pool).await.map(|_| ())
        }
        Pool::Postgres(pool) => {
            sqlx::query(UPSERT).bind(from.id).bind(&from.first_name).bind(id).execute(pool).await.map(|_| ())
        }
    };
    let reply = json!({"chat_id": update.message.chat.id, "text": format!("Hello, {}!", from.first_name)});
    let sent = floor.http.post(&floor.send).json(&reply).send().await;
    if stored.is_ok() && sent.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
}
