//! A broadcast from the panel: composed, looked at in Telegram, confirmed now or for later, followed, ended (bot.md 14.7).

use std::time::Duration;

use botyard::accounts::{Identity, links};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{AdminRole, BroadcastId, BroadcastState, ChatId, MessageId};
use botyard::store::{BroadcastRow, Db};

use super::rooms::{guest, png};
use super::site::{Answer, Client, NOON, OWNER_A, Site};
use crate::acceptance::broadcast::{copies, crowd};
use crate::store::world::within;
use crate::util::app::{OWNER, PATIENCE, TestApp};
use crate::util::db::{on_each_db, on_sqlite};

const NEW: &str = "/panel/t/tenant-a/broadcasts/new";

async fn rows(db: &Db, site: &Site) -> (Vec<BroadcastRow>, Vec<BroadcastRow>) {
    let mut tx = db.tenant_read(&site.a).await.unwrap();
    (tx.broadcasts_drafts(10).await.unwrap(), tx.broadcasts_recent(10).await.unwrap())
}

/// What the sender does once Telegram has the draft.
async fn arrives(db: &Db, site: &Site, id: &BroadcastId) {
    let chat = ChatId::from(OWNER_A);
    within(db, &site.a, async |tx| assert!(tx.broadcast_set_source(id, chat, MessageId(77)).await.unwrap())).await;
}

async fn post(client: &Client, path: &str, more: &[(&str, &str)]) -> Answer {
    let token = client.get("/panel").await.field("form_token");
    let form: Vec<(&str, &str)> = [("form_token", token.as_str())].into_iter().chain(more.iter().copied()).collect();
    client.post(path, &form).await
}

/// Somebody who has started the bot.
async fn audience(db: &Db, site: &Site) {
    guest(db, &site.a, botyard::domain::UserId(5_001), "Гость").await;
    within(db, &site.a, async |tx| {
        tx.user_started(botyard::domain::UserId(5_001), NOON).await.unwrap();
    })
    .await;
}

on_each_db! {
    async fn what_telegram_would_refuse_is_shown_again_with_the_reason_and_nothing_is_kept(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        for (text, said) in [
            ("   ", "Сообщение пустое"),
            ("<b>скидка", "Метка «b» не закрыта"),
            ("<a href=\"javascript:alert(1)\">сюда</a>", "Ссылка должна начинаться"),
            ("я".repeat(4_097).as_str(), "Слишком длинно: 4097"),
        ] {
            let answer = post(&client, NEW, &[("text", text)]).await;
            assert_eq!(answer.status, 422, "{text}: {answer:?}");
            assert!(answer.body.contains(said), "{said}: {}", answer.body);
        }
        let token = client.get("/panel").await.field("form_token");
        let long = "я".repeat(1_025);
        for (text, file, said) in [
            ("Текст", &b"<svg/>"[..], "Эту картинку Telegram не примет"),
            (long.as_str(), &png(64, 64)[..], "можно 1024"),
        ] {
            let answer = client.upload(NEW, &[("form_token", &token), ("text", text)], ("picture", file)).await;
            assert_eq!((answer.status, answer.body.contains(said)), (422, true), "{said}: {}", answer.body);
        }
        let foreign = client.upload(NEW, &[("form_token", "no"), ("text", "Текст")], ("picture", b"x")).await;
        assert_eq!(foreign.status, 403);
        assert_eq!(rows(&db, &site).await, (Vec::new(), Vec::new()));
        site.stop().await;
    }

    async fn a_draft_with_a_picture_is_kept_sealed_changed_and_confirmed_for_later(db: Db) {
        let site = Site::start(&db).await;
        audience(&db, &site).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        let form = [("form_token", token.as_str()), ("text", "<b>canary</b> 1 < 2 <script>")];
        let picture = png(64, 48);
        let kept = client.upload(NEW, &form, ("picture", &picture)).await;
        let card = kept.header("location").split('?').next().unwrap().to_owned();
        assert!(kept.header("location").ends_with("done=broadcast-kept"), "{kept:?}");
        let page = client.get(&card).await.body;
        assert!(page.contains("<span class=\"mark-b \">canary</span>") && page.contains("1 &#60; 2 &#60;script&#62;"), "{page}");
        assert!(page.contains("Бот отправляет вам сообщение") && !page.contains("/start\""), "not to be confirmed yet: {page}");
        let shown = client.get(&format!("{card}/picture.img")).await;
        assert_eq!((shown.status, shown.header("content-type")), (200, "image/png"));
        let dumped = crate::web::rows::dump(&db).await;
        assert!(!dumped.values().flatten().any(|row| row.contains("canary")), "what is written is sealed at rest");

        let (drafts, _) = rows(&db, &site).await;
        let early = post(&client, &format!("{card}/start"), &[]).await;
        assert!(early.header("location").ends_with("problem=broadcast-travels"), "{early:?}");
        arrives(&db, &site, &drafts[0].id).await;
        // Changed: the picture stays, and the earlier draft of the same author is no more.
        let from = client.get(&format!("{NEW}?from={}", drafts[0].id.short())).await;
        assert!(from.body.contains("&#60;b&#62;canary"), "{}", from.body);
        let changed = post(&client, NEW, &[("text", "Другой текст"), ("keeps", drafts[0].id.short())]).await;
        let card = changed.header("location").split('?').next().unwrap().to_owned();
        assert_eq!(client.get(&format!("{card}/picture.img")).await.status, 200);
        let (drafts, _) = rows(&db, &site).await;
        assert_eq!(drafts.len(), 1);
        arrives(&db, &site, &drafts[0].id).await;

        // 2026-11-22 12:00 UTC is 15:00 in the bot's zone.
        for wrong in ["2026-11-22T14:59", "2026-12-30T12:00", "soon"] {
            let answer = post(&client, &format!("{card}/start"), &[("at", wrong)]).await;
            assert!(answer.header("location").ends_with("problem=broadcast-moment"), "{wrong}: {answer:?}");
        }
        let planned = post(&client, &format!("{card}/start"), &[("at", "2026-11-22T18:30")]).await;
        assert!(planned.header("location").ends_with("done=broadcast-planned"), "{planned:?}");
        let page = client.get(&card).await.body;
        assert!(page.contains("запланирована") && page.contains("22.11.2026 18:30"), "{page}");
        let (_, running) = rows(&db, &site).await;
        assert_eq!(running[0].run_at, NOON.plus(Duration::from_mins(210)));
        let claimed = async |at| crate::store::world::above(&db, async |tx| tx.broadcasts_claim(at, 10, 1_000).await.unwrap()).await;
        assert!(claimed(NOON.plus(Duration::from_mins(209))).await.is_empty(), "not before its moment");
        assert!(post(&client, &format!("{card}/start"), &[]).await.header("location").ends_with("problem=broadcast-late"));
        assert!(post(&client, &format!("{card}/stop"), &[]).await.header("location").ends_with("done=broadcast-stopped"));
        let audit = client.get("/panel/t/tenant-a/audit").await.body;
        assert!(audit.contains("Начата рассылка") && audit.contains("Изменён ход рассылки"), "{audit}");
        site.stop().await;
    }

    async fn a_draft_is_dropped_and_nothing_is_sent_to_nobody(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let kept = post(&client, NEW, &[("text", "Всем привет")]).await;
        let card = kept.header("location").split('?').next().unwrap().to_owned();
        let (drafts, _) = rows(&db, &site).await;
        arrives(&db, &site, &drafts[0].id).await;
        assert!(post(&client, &format!("{card}/start"), &[]).await.header("location").ends_with("problem=broadcast-nobody"));
        let theirs = site.signed_in(&site.owner_b()).await;
        let card_b = card.replace("tenant-a", "tenant-b");
        for act in ["start", "test", "drop"] {
            assert_eq!(post(&theirs, &format!("{card_b}/{act}"), &[]).await.status, 404, "{act}");
        }
        assert!(post(&client, &format!("{card}/test"), &[]).await.header("location").ends_with("done=broadcast-tested"));
        assert!(post(&client, &format!("{card}/drop"), &[]).await.header("location").ends_with("done=broadcast-dropped"));
        assert_eq!(client.get(&card).await.status, 404);
        assert_eq!(rows(&db, &site).await, (Vec::new(), Vec::new()));
        site.stop().await;
    }
}

#[test]
fn what_was_composed_in_the_panel_comes_to_its_author_first_and_then_to_everybody() {
    on_sqlite(|test| async move {
        let app = TestApp::start(&test.url).await;
        let bot = app.bot("first", 1, TenantSettings::default()).await;
        crowd(&app, &bot, 3).await;
        let platform = app.platform();
        let who = Identity::admin(&bot.id, AdminRole::Owner, OWNER);
        let link = links::issue(&platform.db, &platform.settings.panel, &who, platform.clock.now()).await.unwrap();
        let client = Client::new(app.app.address);
        let token = client.get(&link).await.field("form_token");
        assert_eq!(client.post(&link, &[("form_token", &token)]).await.status, 303);
        let base = format!("/panel/t/{}/broadcasts", bot.id);
        let token = client.get("/panel").await.field("form_token");
        let form = [("form_token", token.as_str()), ("text", "<b>Скидка</b> до пятницы")];
        let kept = client.upload(&format!("{base}/new"), &form, ("picture", &png(64, 48))).await;
        let card = kept.header("location").split('?').next().unwrap().to_owned();
        let began = std::time::Instant::now();
        while !client.get(&card).await.body.contains("Сообщение у вас в Telegram") {
            assert!(began.elapsed() < PATIENCE, "the draft never came: {}", client.get(&card).await.body);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mine = app.world.messages(&bot.username, OWNER.0).await.unwrap();
        assert!(format!("{:?}", mine.last().unwrap()).contains("Скидка"), "{mine:?}");
        assert!(copies(&app, &bot).await.is_empty(), "nobody else has it before the confirmation");
        let started = client.post(&format!("{card}/start"), &[("form_token", &token)]).await;
        assert!(started.header("location").ends_with("done=broadcast-started"), "{started:?}");
        let began = std::time::Instant::now();
        loop {
            let row = platform.db.tenant_read(&bot.id).await.unwrap().broadcasts_recent(1).await.unwrap().remove(0);
            if row.state == BroadcastState::Done {
                assert_eq!((row.recipients, row.sent), (4, 4));
                break;
            }
            assert!(began.elapsed() < PATIENCE, "never over: {row:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(copies(&app, &bot).await.values().all(|n| *n == 1));
        assert!(client.get(&card).await.body.contains("завершена"));
        app.settled(&bot, OWNER).await;
        app.finish().await;
    });
}
