//! `botyard serve`: production.

use tokio::signal::unix::{SignalKind, signal};

use super::common::{Common, runtime};
use super::failure::Failure;
use super::instance::Alone;
use super::out::Out;
use crate::app::{App, Ports, StartError};
use crate::config::{DatabaseUrl, Settings, crash_point};
use crate::domain::Clock;
use crate::lifecycle::{Stopped, crash};
use crate::telemetry::{self, Metrics};

pub(crate) const HELP: &str = "\
Takes webhooks (or polls, without WEBHOOK_BASE_URL), runs generations, serves the panel, and applies tenants.toml if there is
one, again on SIGHUP. Without any setting it keeps its data in ./data, in SQLite. It says where it listens and what is missing
to be useful, and runs until SIGTERM or Ctrl-C; a second signal stops at once. What was in hand is finished, and what is not
finished then goes on after the next start.

Examples:
  botyard serve
  botyard serve --set server.listen=0.0.0.0:8080
  WEBHOOK_BASE_URL=https://bots.example.com DATABASE_URL=postgres://… REDIS_URL=redis://… botyard serve

Exit codes:
  0  stopped by a signal
  1  did not start: a port or the database is taken or away; the reason is on standard error
  2  a wrong setting or tenants file, one line for each fault; nothing was begun";

pub(crate) fn run(common: &Common, out: &Out) -> Result<(), Failure> {
    if let Some(point) = crash_point() {
        crash::arm(point);
    }
    let settings = common.settings()?;
    let (format, filter) = (settings.logging.format, &settings.logging.filter);
    let spans = settings.logging.otlp_endpoint.is_some();
    let metrics = if spans { telemetry::init_with_spans(format, filter) } else { telemetry::init(format, filter) }?;
    runtime()?.block_on(serve(settings, metrics, out))
}

async fn serve(settings: Settings, metrics: Metrics, out: &Out) -> Result<(), Failure> {
    let ports = Ports::take(&settings).await?;
    let alone = Alone::claim(&settings).await?;
    let app = Box::pin(App::start_on(ports, settings, Clock::system(), metrics)).await.map_err(told)?;
    alone.keep(app.tasks());
    reload_on_hangup(&app)?;
    let tasks = app.tasks().clone();
    let mut signal = std::pin::pin!(tasks.wait_for_signal());
    // Polled once before the addresses are said: whoever reads them may send a signal at once.
    let early = futures::poll!(signal.as_mut());
    for line in words(&app) {
        out.line(&line);
    }
    if early.is_pending() {
        signal.await?;
    }
    let stopped = app.stop().await;
    alone.release().await;
    out.line(&match stopped {
        Stopped::Clean => "stopped".to_owned(),
        Stopped::Cut(tasks) => {
            format!("stopped; cut short, and taken up again at the next start: {}", tasks.join(", "))
        }
    });
    Ok(())
}

/// A wrong tenants file is a wrong setting; everything else is the work's.
fn told(error: StartError) -> Failure {
    match error {
        StartError::TenantsFile(_) => Failure::Usage(error.to_string()),
        error => error.into(),
    }
}

/// SIGHUP applies the tenants file anew; a wrong one is told in the log and changes nothing.
fn reload_on_hangup(app: &App) -> Result<(), Failure> {
    let mut hangups = signal(SignalKind::hangup())?;
    let (platform, soft) = (app.platform.clone(), app.tasks().soft());
    app.tasks().spawn("reload", async move {
        while let Some(Some(())) = soft.run_until_cancelled(hangups.recv()).await {
            match App::reload_tenants(&platform).await {
                Ok(()) => tracing::info!("SIGHUP: the tenants file is applied"),
                Err(error) => tracing::error!(error = %error, "SIGHUP: the tenants file was not applied"),
            }
        }
    });
    Ok(())
}

/// Where it listens and what is missing to be useful.
fn words(app: &App) -> Vec<String> {
    let settings = &app.platform.settings;
    let tenants = app.platform.tenants.all();
    let bots = match tenants.len() {
        1 => "1 bot".to_owned(),
        n => format!("{n} bots"),
    };
    let mut lines = vec![
        format!("botyard {} serves {bots}", env!("CARGO_PKG_VERSION")),
        format!("  webhooks and panel   {}", settings.public_url(app.address).as_str()),
        format!("  listening            {}", app.address),
        format!("  health and metrics   http://{}", app.admin_address),
        format!("  database             {}", database(&settings.database_url())),
        "  your panel           botyard link --owner".to_owned(),
    ];
    if tenants.is_empty() {
        lines.push("! no bots yet. Get a token from @BotFather, then, while this runs:".to_owned());
        lines.push("    botyard tenant add my-bot --admin YOUR_TELEGRAM_ID --token-file token.txt".to_owned());
    }
    let keyless = tenants.iter().filter(|tenant| tenant.provider_key.is_none()).count();
    if settings.kie.api_key.is_none() && (tenants.is_empty() || keyless > 0) {
        lines.push(
            "! no provider key: menus work, generation is off for bots without a key of their own; set KIE_API_KEY"
                .into(),
        );
    }
    if settings.webhook.base_url.is_none() {
        lines.push(
            "! no WEBHOOK_BASE_URL: updates are fetched by long polling, which is fine for a few bots".to_owned(),
        );
    }
    lines.push("Ctrl-C or SIGTERM stops it.".to_owned());
    lines
}

/// The database without its password.
pub(crate) fn database(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("SQLite, {}", path.display()),
        DatabaseUrl::Postgres(secret) => match url::Url::parse(secret.expose()) {
            Ok(url) => format!("PostgreSQL, {}{}", url.host_str().unwrap_or("this machine"), url.path()),
            Err(_) => "PostgreSQL".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_named_without_its_password() {
        let url = DatabaseUrl::parse("postgres://botyard:example-password@db.example.com:5432/bots").unwrap();
        assert_eq!(database(&url), "PostgreSQL, db.example.com/bots");
        assert_eq!(database(&DatabaseUrl::Sqlite("data/botyard.db".into())), "SQLite, data/botyard.db");
    }
}
