//! Queues, what was given up and can be put once more, and the processes that serve.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::accounts::audit::{self, Act as Deed};
use crate::domain::{AuditAction, BotInstanceId, JobId, UnixMs};
use crate::store::DeadJobRow;
use crate::web::extract::{Desk, OurForm};
use crate::web::failure::Failure;
use crate::web::pages::panel::figures::count;
use crate::web::pages::panel::log::When;
use crate::web::pages::panel::paging::{Cursor, Pager, ROWS};
use crate::web::pages::shell::Shell;
use crate::web::pages::{html, nav};

/// Claims that a job gets when it is put once more.
const TRIES: i64 = 5;

/// A queue.
struct Queue {
    name: String,
    ready: String,
    running: String,
    oldest: When,
}

/// A job that was given up.
struct Dead {
    tenant: String,
    id: String,
    what: String,
    error: String,
    attempt: i64,
    corr: String,
    when: When,
}

/// The queues and what was given up.
#[derive(Template)]
#[template(path = "pages/owner/jobs.html")]
struct Jobs<'a> {
    shell: Shell<'a>,
    queues: Vec<Queue>,
    dead: Vec<Dead>,
    total: String,
    pager: Pager,
}

fn when(desk: &Desk, at: UnixMs) -> When {
    let when = When::new(desk.words(), &jiff::tz::TimeZone::UTC, at, desk.now);
    When { exact: format!("{} UTC", when.exact), ..when }
}

/// The list.
pub(in crate::web) async fn list(desk: Desk) -> Result<Response, Failure> {
    let cursor = Cursor::of(&desk);
    let mut tx = desk.platform().db.platform_read().await?;
    let lanes = tx.lanes().await?;
    let mut rows = tx.dead_jobs((cursor.at, &cursor.id), ROWS + 1).await?;
    let total = tx.dead_jobs_count().await?;
    drop(tx);
    let pager = Pager::cut(&desk, &mut rows, |row| Cursor::text(row.finished_at, row.id.as_str()));
    let queue = |row: crate::store::LaneRow| Queue {
        name: row.lane.as_str().to_owned(),
        ready: count(row.ready.unsigned_abs()),
        running: count(row.running.unsigned_abs()),
        oldest: when(&desk, row.oldest),
    };
    let page = Jobs {
        shell: Shell::over(&desk, nav::JOBS, desk.words().get("panel-jobs")),
        queues: lanes.into_iter().map(queue).collect(),
        dead: rows.into_iter().map(|row| dead(&desk, row)).collect(),
        total: count(total.unsigned_abs()),
        pager,
    };
    Ok(html(StatusCode::OK, &page))
}

fn dead(desk: &Desk, row: DeadJobRow) -> Dead {
    Dead {
        tenant: row.tenant.to_string(),
        id: row.id.short().to_owned(),
        what: format!("{} · {}", row.kind, row.lane.as_str()),
        error: row.error.unwrap_or_default(),
        attempt: row.attempt,
        corr: row.corr.to_string(),
        when: when(desk, row.finished_at),
    }
}

/// Puts one once more; jobs are safe to run twice.
pub(in crate::web) async fn requeue(
    desk: Desk,
    Path((tenant, job)): Path<(String, String)>,
    _form: OurForm,
) -> Result<Response, Failure> {
    let tenant = BotInstanceId::parse(&tenant).map_err(|_| Failure::NotFound)?;
    let job = JobId::from_short(&job).map_err(|_| Failure::NotFound)?;
    let platform = desk.platform();
    platform.tenants.get(&tenant).ok_or(Failure::NotFound)?;
    let mut tx = desk.over_one(&tenant).await?;
    if !tx.job_requeue(&job, TRIES, desk.now).await? {
        return Ok(Redirect::to("/panel/owner/jobs?problem=requeue").into_response());
    }
    let object = format!("job:{}", job.short());
    audit::record(&mut tx, desk.actor(), Deed::new(AuditAction::JobRequeued, &object), desk.now).await?;
    tx.commit().await?;
    platform.signals.job();
    Ok(Redirect::to("/panel/owner/jobs?done=requeued").into_response())
}

/// A process, or a role of one.
struct Named {
    name: String,
    more: String,
    when: When,
    fresh: bool,
    /// What its colour means.
    state: String,
}

/// Who serves.
#[derive(Template)]
#[template(path = "pages/owner/health.html")]
struct Health<'a> {
    shell: Shell<'a>,
    database: &'static str,
    waiting: String,
    oldest: Option<When>,
    replicas: Vec<Named>,
    leases: Vec<Named>,
}

/// A process that missed so many signs of life counts as gone.
const MISSED: u32 = 3;

/// The processes and their roles.
pub(in crate::web) async fn health(desk: Desk) -> Result<Response, Failure> {
    let platform = desk.platform();
    let mut tx = platform.db.platform_read().await?;
    let (outbox, replicas, leases) = (tx.outbox_waiting().await?, tx.replicas().await?, tx.leases_all().await?);
    drop(tx);
    let words = desk.words();
    let state = |fresh: bool, [yes, no]: [&str; 2]| words.get(if fresh { yes } else { no });
    let there = platform.settings.leases.instance_heartbeat * MISSED;
    let page = Health {
        shell: Shell::over(&desk, nav::HEALTH, words.get("panel-health")).refreshing(),
        database: if platform.db.kind() == crate::store::DbKind::Sqlite { "SQLite" } else { "PostgreSQL" },
        waiting: count(outbox.n.unsigned_abs()),
        oldest: outbox.oldest.map(|at| when(&desk, at)),
        replicas: replicas
            .into_iter()
            .map(|row| Named {
                state: state(desk.now.since(row.seen_at) <= there, ["panel-replica-here", "panel-replica-gone"]),
                more: words
                    .plain("panel-replica-since", crate::args![at = row.started_at.shown(&jiff::tz::TimeZone::UTC)]),
                fresh: desk.now.since(row.seen_at) <= there,
                when: when(&desk, row.seen_at),
                name: row.instance,
            })
            .collect(),
        leases: leases
            .into_iter()
            .map(|row| Named {
                state: state(row.expires_at > desk.now, ["panel-lease-held", "panel-lease-free"]),
                more: format!("{} · {}", row.holder, row.epoch),
                fresh: row.expires_at > desk.now,
                when: when(&desk, row.expires_at),
                name: row.name,
            })
            .collect(),
    };
    Ok(html(StatusCode::OK, &page))
}
