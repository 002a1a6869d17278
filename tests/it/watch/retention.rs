//! What is kept for a time and no longer (decisions.md 23; platform.md 2): bots that left, and rows past their time.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use botyard::domain::settings::TenantSettings;
use botyard::domain::{BotInstanceId, MediaPurpose, Money, PanelScope, QuoteState, UnixMs, UpdateId, UserId};
use botyard::store::{Db, NewLink, NewPanelSession, QuoteRow};
use botyard::telemetry::LogCapture;
use botyard::tenants::archive;
use botyard::worker::retention::{self, Failed};

use super::PATIENCE;
use crate::store::world::{above, new_generation, offer, within};
use crate::util::app::{TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::web::rows::dump;

const ANNA: UserId = UserId(101);
const DAY: Duration = Duration::from_hours(24);
/// What `retention.deleted_tenants` is.
const TERM: Duration = Duration::from_hours(24 * 30);
/// Tables that the work of a running platform leaves as they are.
const STILL: [&str; 6] = ["tenants", "users", "accounts", "transfers", "media", "admins"];

/// A bot with a person, money and a file.
async fn inhabited(app: &TestApp, id: &str, n: i64) -> TestBot {
    let bot = app.bot(id, n, TenantSettings::default()).await;
    app.say(&bot, ANNA, "/start", "Доступно").await;
    app.credit(&bot, ANNA, Money::kopecks(10_000)).await;
    let (platform, media) = (app.platform(), &app.app.workers.media);
    let tenant = platform.tenants.get(&bot.id).unwrap();
    let now = platform.clock.now();
    let stored = media.put(&tenant, MediaPurpose::Result, "image/png", b"a picture").await.unwrap();
    within(&platform.db, &bot.id, async |tx| stored.record(tx, now.plus(DAY * 14), now).await.unwrap()).await;
    bot
}

/// The bot was taken out of service so long ago.
async fn left(app: &TestApp, bot: &TestBot, ago: Duration) {
    let platform = app.platform();
    let tenant = platform.tenants.get(&bot.id).unwrap();
    let then = platform.clock.now().minus(ago);
    archive::offboard(&platform.db, &app.app.workers.telegram, &tenant, then).await.unwrap();
}

/// The rows of a bot in those tables that stay as they are, and its files.
async fn belongings(app: &TestApp, id: &BotInstanceId) -> Vec<String> {
    let all = dump(&app.platform().db).await;
    let of_bot = |row: &&String| row.contains(id.as_str());
    let mut found: Vec<String> = STILL.iter().flat_map(|table| all[*table].iter().filter(of_bot)).cloned().collect();
    let folder = app.platform().settings.files.data.join("media").join(id.as_str());
    let files = std::fs::read_dir(folder).into_iter().flatten();
    found.extend(files.map(|file| file.unwrap().file_name().into_string().unwrap()));
    found
}

async fn is_there(db: &Db, id: &BotInstanceId) -> bool {
    db.platform_read().await.unwrap().tenant_get(id).await.unwrap().is_some()
}

async fn gone(db: &Db, id: &BotInstanceId) {
    let began = Instant::now();
    while is_there(db, id).await {
        assert!(began.elapsed() < PATIENCE, "{id} is not removed");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Statements of purges.
async fn statements(db: &Db) -> Vec<serde_json::Value> {
    let keys: BTreeSet<String> = dump(db).await["platform_meta"]
        .iter()
        .filter_map(|row| row.split_once("purged:"))
        .map(|(_, rest)| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-:".contains(*c)).collect())
        .collect();
    let mut all = Vec::new();
    for key in keys {
        let found = db.platform_read().await.unwrap().meta_get(&format!("purged:{key}")).await.unwrap().unwrap();
        all.push(serde_json::from_slice(&found).unwrap());
    }
    all
}

/// A link into the panel that ended so long ago, and a session too.
async fn doors(db: &Db, name: &str, ended: UnixMs) {
    let scope = PanelScope::Platform;
    above(db, async |tx| {
        let link = NewLink { token_hash: name, scope: &scope, role: "owner", subject: "1", expires_at: ended };
        tx.link_insert(&link, ended.minus(DAY)).await.unwrap();
        let session =
            NewPanelSession { sid: name, scope: &scope, role: "owner", subject: "1", version: 1, expires_at: ended };
        tx.panel_session_insert(&session, ended.minus(DAY)).await.unwrap();
    })
    .await;
}

async fn has_doors(db: &Db, name: &str) -> (bool, bool) {
    let mut tx = db.platform_read().await.unwrap();
    (tx.link_fate(name).await.unwrap().is_some(), tx.panel_session_get(name).await.unwrap().is_some())
}

on_each_db! {
    async fn a_bot_that_left_is_removed_when_its_time_is_over_and_no_other(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        app.person(ANNA.0, "Anna", "ru").await;
        let leaver = inhabited(&app, "leaver", 1).await;
        let young = inhabited(&app, "stayer", 2).await;
        let live = inhabited(&app, "resident", 3).await;
        app.at_rest().await;
        left(&app, &leaver, TERM + Duration::from_secs(1)).await;
        left(&app, &young, DAY * 29).await;
        app.at_rest().await;
        let before = (belongings(&app, &young.id).await, belongings(&app, &live.id).await);
        assert!(before.0.len() > STILL.len() && belongings(&app, &leaver.id).await.len() > STILL.len());

        let mut failed = Failed::new();
        retention::bots(&app.app.workers, &mut failed).await;
        assert_eq!(failed, Failed::new());
        for (table, rows) in dump(&test.db).await {
            if table != "platform_meta" {
                assert!(rows.iter().all(|row| !row.contains("leaver")), "{table}: {rows:?}");
            }
        }
        assert_eq!(belongings(&app, &leaver.id).await, [""; 0], "its files are gone");
        assert_eq!((belongings(&app, &young.id).await, belongings(&app, &live.id).await), before);
        let told = statements(&test.db).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0]["tenant"], "leaver");
        assert!(archive::is_genuine(&app.platform().vault, &told[0]), "signed as the command does it");
        app.say(&live, ANNA, "/help", "/balance").await;
        app.finish().await;
    }

    async fn one_that_cannot_be_removed_is_told_of_once_and_keeps_no_other_from_it(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        let media = app.platform().settings.files.data.join("media");
        std::fs::create_dir_all(&media).unwrap();
        let mut bots = Vec::new();
        for n in 0..4 {
            let bot = app.bot(&format!("leaver-{n}"), n + 1, TenantSettings::default()).await;
            // The first has waited longest and would be the first of each pass.
            left(&app, &bot, DAY * (60 - u32::try_from(n).unwrap())).await;
            bots.push(bot.id);
        }
        // Where its files should be is something that is no folder.
        std::fs::write(media.join("leaver-0"), b"in the way").unwrap();
        let (workers, mut failed) = (&app.app.workers, Failed::new());
        let (log, guard) = LogCapture::on_this_thread("error");
        let left_of = async || {
            let mut left = Vec::new();
            for id in &bots {
                if is_there(&test.db, id).await {
                    left.push(id.as_str());
                }
            }
            left
        };
        retention::bots(workers, &mut failed).await;
        assert_eq!(left_of().await, ["leaver-0", "leaver-3"], "three a pass, and a failure does not end it");
        retention::bots(workers, &mut failed).await;
        assert_eq!(left_of().await, ["leaver-0"]);
        retention::bots(workers, &mut failed).await;
        assert_eq!(failed.keys().map(BotInstanceId::as_str).collect::<Vec<_>>(), ["leaver-0"], "it is tried again");
        drop(guard);
        let told: Vec<_> = log.lines().into_iter().filter(|line| line.to_string().contains("leaver-0")).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        std::fs::remove_file(media.join("leaver-0")).unwrap();
        retention::bots(workers, &mut failed).await;
        assert_eq!((left_of().await.len(), failed.len()), (0, 0));
        app.finish().await;
    }

    async fn a_process_does_it_by_itself_and_leaves_bots_to_whoever_has_the_role(test: TestDb) {
        let app = TestApp::start_with(&test.url, &[("retention.sweep_every", "100 ms")]).await;
        let leaver = app.bot("leaver", 1, TenantSettings::default()).await;
        let now = app.platform().clock.now();
        let began = Instant::now();
        // Between two passes nobody has it for long.
        while above(&test.db, async |tx| tx.lease_take("retention", "another", 600_000).await.unwrap()).await.is_none() {
            above(&test.db, async |tx| tx.lease_release("retention", &app.app.workers.instance).await.unwrap()).await;
            assert!(began.elapsed() < PATIENCE, "the role is never free");
        }
        left(&app, &leaver, TERM + DAY).await;
        // Two more passes over the rows: the step for bots lies between them.
        for name in ["first", "second"] {
            doors(&test.db, name, now.minus(DAY * 2)).await;
            let began = Instant::now();
            while has_doors(&test.db, name).await != (false, false) {
                assert!(began.elapsed() < PATIENCE, "rows are not removed");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        assert!(is_there(&test.db, &leaver.id).await, "another process has the role");
        above(&test.db, async |tx| assert!(tx.lease_release("retention", "another").await.unwrap())).await;
        gone(&test.db, &leaver.id).await;
        app.finish().await;
    }

    async fn rows_past_their_time_go_and_what_a_generation_needs_stays(test: TestDb) {
        let app = TestApp::start(&test.url).await;
        app.person(ANNA.0, "Anna", "ru").await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        app.say(&bot, ANNA, "/start", "Доступно").await;
        app.at_rest().await;
        let (db, now) = (&test.db, app.platform().clock.now());
        doors(db, "old", now.minus(DAY * 2)).await;
        doors(db, "young", now.minus(DAY / 2)).await;
        // An offer of each state that ended before and after its time.
        let (long_ago, lately) = (now.minus(DAY * 15), now.minus(DAY * 13));
        let of = |ended: UnixMs, n: i64| QuoteRow { created_at: ended.minus(DAY), expires_at: ended, ..offer(ANNA, n) };
        let [open, closed, used] = [0, 1, 2].map(|n| of(long_ago, n));
        let [open_lately, closed_lately, used_lately] = [3, 4, 5].map(|n| of(lately, n));
        let corr = botyard::domain::Corr::random();
        let generation = botyard::domain::GenerationId::random();
        let generation_lately = botyard::domain::GenerationId::random();
        within(db, &bot.id, async |tx| {
            let anna = tx.user_get(ANNA).await.unwrap().unwrap();
            for quote in [&open, &closed, &used, &open_lately, &closed_lately, &used_lately] {
                tx.quote_insert(quote).await.unwrap();
            }
            assert!(tx.quote_close(&closed.id).await.unwrap() && tx.quote_close(&closed_lately.id).await.unwrap());
            for (quote, id) in [(&used, &generation), (&used_lately, &generation_lately)] {
                let then = quote.created_at;
                assert!(tx.quote_use(&quote.id, id, None, then).await.unwrap());
                assert!(tx.generation_insert(&new_generation(id, quote, &anna, &corr), then).await.unwrap());
                let (from, to) = ([botyard::domain::GenerationState::Created], botyard::domain::GenerationState::Canceled);
                let change = botyard::store::GenerationChange { finished_at: Some(then), ..Default::default() };
                assert!(tx.generation_move(id, &from, to, &change, then).await.unwrap());
            }
            // More than one statement takes.
            for n in 0..1_100 {
                assert!(tx.update_record(UpdateId(1_000_000 + n), &corr, now.minus(DAY * 4)).await.unwrap());
            }
        })
        .await;
        let trace = async || {
            let mut tx = db.tenant_read(&bot.id).await.unwrap();
            botyard::diagnostics::trace::trace(&mut tx, &corr).await.unwrap()
        };
        let (story, updates) = (trace().await, dump(db).await["updates"].len());
        assert!(!story.steps.is_empty());
        retention::rows(&app.app.workers).await;
        assert_eq!((has_doors(db, "old").await, has_doors(db, "young").await), ((false, false), (true, true)));
        assert_eq!(dump(db).await["updates"].len(), updates - 1_100);
        within(db, &bot.id, async |tx| {
            for past in [&open, &closed] {
                assert_eq!(tx.quote_get(&past.id).await.unwrap(), None);
            }
            let emptied = tx.quote_get(&used.id).await.unwrap().unwrap();
            assert_eq!((emptied.state, emptied.generation_id.as_ref(), emptied.sealed.len()), (QuoteState::Used, Some(&generation), 0));
            for kept in [&open_lately, &closed_lately, &used_lately] {
                assert_eq!(tx.quote_get(&kept.id).await.unwrap().unwrap().sealed, kept.sealed);
            }
            let made = tx.generation_by_quote(&used.id).await.unwrap().unwrap();
            assert_eq!((made.id, made.sealed), (generation.clone(), used.sealed.clone()), "its order is its own");
        })
        .await;
        assert_eq!(trace().await, story, "the story of an id is whole");
        retention::rows(&app.app.workers).await;
        assert_eq!(dump(db).await["quotes"].len(), 4, "nothing is left to do");
        app.finish().await;
    }
}
