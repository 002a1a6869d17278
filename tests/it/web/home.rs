//! A bot's first page: what it says, what it never says.

use std::time::Duration;

use botyard::domain::{
    AdminRole, BotInstanceId, Corr, GenerationId, GenerationState as S, Money, Payer, TenantState, UnixMs, UserId,
};
use botyard::store::{Counter, Db, ErrorEntry, GenerationChange, QuoteRow, Seen, UserRow};

use super::site::{NOON, Site};
use crate::store::world::{new_generation, offer, within};
use crate::util::db::on_each_db;

const MARKUP: &str = "<script>alert(1)</script>\"'><img src=x>";

/// What a busy day left in a tenant.
pub(crate) async fn busy_day(site: &Site, db: &Db, id: &BotInstanceId, name: &str) -> Corr {
    let corr = Corr::random();
    let tenant = site.platform.tenants.get(id).unwrap();
    let (today, yesterday) = (tenant.today(NOON), tenant.today(NOON.minus(Duration::from_hours(24))));
    let person = within(db, id, async |tx| {
        let seen =
            Seen { user_id: UserId(5001), username: None, first_name: name, last_name: None, language_code: None };
        for (day, counts) in [(&today, [12, 40, 31, 2, 154_850]), (&yesterday, [9, 44, 25, 2, 98_000])] {
            let [new, active, delivered, failed, revenue] = counts;
            tx.counter_add(day, Counter::NewUsers, new).await.unwrap();
            tx.counter_add(day, Counter::ActiveUsers, active).await.unwrap();
            tx.counter_add(day, Counter::Generations, delivered + failed).await.unwrap();
            tx.counter_add(day, Counter::Delivered, delivered).await.unwrap();
            tx.counter_add(day, Counter::Failed, failed).await.unwrap();
            tx.counter_add(day, Counter::Revenue, revenue).await.unwrap();
        }
        let entry = ErrorEntry {
            corr: &corr,
            stage: "storage",
            handler: "callback gen:confirm",
            class: "db_slow",
            message: "statement timeout",
            update_id: None,
        };
        tx.error_put(&entry, NOON.minus(Duration::from_mins(5))).await.unwrap();
        tx.user_seen(&seen, NOON).await.unwrap()
    })
    .await;
    let delivered = [S::Submitting, S::Queued, S::Delivering, S::Delivered].as_slice();
    for (n, (model, price, way)) in [
        ("z-image", 0, delivered),
        ("google/nano-banana", 1414, delivered),
        ("kling-2.6/text-to-video", 5500, &[S::Failed]),
        ("z-image", 0, &[]),
    ]
    .into_iter()
    .enumerate()
    {
        work(db, id, &person, i64::try_from(n).unwrap(), model, price, way).await;
    }
    corr
}

/// A generation that came so far on its way.
async fn work(db: &Db, id: &BotInstanceId, person: &UserRow, n: i64, model: &str, price: i64, way: &[S]) {
    let payer = if price == 0 { Payer::Free } else { Payer::Money };
    let quote =
        QuoteRow { model_id: model.to_owned(), price: Money::kopecks(price), payer, ..offer(person.user_id, n) };
    let (generation, corr) = (GenerationId::random(), Corr::random());
    let at = UnixMs(NOON.0 - (40 - n * 12) * 60_000);
    within(db, id, async |tx| {
        tx.quote_insert(&quote).await.unwrap();
        assert!(tx.generation_insert(&new_generation(&generation, &quote, person, &corr), at).await.unwrap());
        let mut from = S::Created;
        for to in way {
            assert!(tx.generation_move(&generation, &[from], *to, &GenerationChange::default(), at).await.unwrap());
            from = *to;
        }
    })
    .await;
}

on_each_db! {
    async fn it_says_how_the_day_goes(db: Db) {
        let site = Site::start(&db).await;
        let corr = busy_day(&site, &db, &site.a, "Мария").await;
        let client = site.signed_in(&site.owner_a()).await;
        let page = client.get("/panel").await;
        assert_eq!(page.status, 200);
        for said in [
            "Атлас", "@tenant_a_bot", "Всё в порядке", "Состояние: Работает",
            "1548.50 ₽", "▲ 568.50 ₽", "на 568.50 ₽ больше, чем вчера", "вчера: 980 ₽",
            "94 %", "▲ 1 п. п.", "▲ 3", "▼ 4", "change-bad", "Мария", "бесплатно", "ждёт запуска",
            "База данных не успела ответить", "5 минут назад", corr.as_str(), "на связи", "общий ключ платформы",
        ] {
            assert!(page.body.contains(said), "«{said}» is missing:\n{}", page.body);
        }
        let english = client.get("/panel?lang=en").await.body;
        for said in ["All is well", "Revenue", "yesterday: 980 ₽", "The database did not answer in time", "5 minutes ago"] {
            assert!(english.contains(said), "«{said}» is missing:\n{english}");
        }
        site.stop().await;
    }

    async fn the_first_page_with_all_its_files_is_under_100_kilobytes(db: Db) {
        let site = Site::start(&db).await;
        busy_day(&site, &db, &site.a, "Мария").await;
        let client = site.signed_in(&site.owner_a()).await;
        let mut bytes = client.get("/panel").await.body.len();
        for file in ["panel.css", "panel.js", "icon.svg"] {
            bytes += client.get(&format!("/static/{file}")).await.body.len();
        }
        assert!((10_000..100 * 1024).contains(&bytes), "{bytes}");
        site.stop().await;
    }

    async fn an_empty_bot_teaches_what_to_do(db: Db) {
        let site = Site::start(&db).await;
        let page = site.signed_in(&site.owner_a()).await.get("/panel").await.body;
        for said in [
            "Откройте бота, отправьте /start", "Ошибок нет", "Поделитесь ссылкой на бота: t.me/tenant_a_bot",
            "Сегодня ещё ничего не создавали", "пока не из чего считать",
        ] {
            assert!(page.contains(said), "«{said}» is missing:\n{page}");
        }
        for said in ["Что нужно сделать", "Бот не может написать ни одному администратору", "Нажмите /start в боте", "settings/texts\""] {
            assert!(page.contains(said), "«{said}» is missing:\n{page}");
        }
        // Whoever sees figures only is told what is due, and led to no page that is not for them.
        let above = site.signed_in(&Site::platform_owner()).await.get("/panel/t/tenant-a").await.body;
        assert!(above.contains("Нажмите /start в боте") && !above.contains("settings/texts\""), "{above}");
        site.stop().await;
    }

    async fn a_bot_that_needs_nothing_says_so_by_its_light(db: Db) {
        let site = Site::start(&db).await;
        crate::web::rooms::guest(&db, &site.a, crate::web::site::OWNER_A, "Ольга").await;
        within(&db, &site.a, async |tx| {
            assert!(tx.user_started(crate::web::site::OWNER_A, NOON).await.unwrap());
            let row = tx.settings_get().await.unwrap().unwrap();
            let settings = botyard::domain::settings::TenantSettings {
                support_contact: "@help".to_owned(),
                privacy_url: "https://example.test/privacy".to_owned(),
                ..Default::default()
            };
            assert!(tx.settings_save(row.version, &serde_json::to_string(&settings).unwrap(), "{}", NOON).await.unwrap());
        }).await;
        let limits = botyard::domain::settings::TenantLimits { shared_credits_per_day: 1_000, ..Default::default() };
        botyard::tenants::provision::set_limits(&db, &site.a, &limits, NOON).await.unwrap();
        site.refresh().await;
        let page = site.signed_in(&site.owner_a()).await.get("/panel").await.body;
        assert!(page.contains("light-ok") && !page.contains("Что нужно сделать"), "{page}");
        site.stop().await;
    }

    async fn what_does_not_work_is_said_first_with_what_to_do(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let page = async || client.get("/panel").await.body;
        site.check(&site.a, Some("401"), None).await;
        let refused = page().await;
        assert!(refused.contains("light-fail") && refused.contains("Telegram больше не принимает токен"), "{refused}");
        site.check(&site.a, None, Some("wrong response")).await;
        assert!(page().await.contains("Сообщения пользователей сюда ещё не приходят"));
        site.check(&site.a, None, None).await;
        for (state, light, said) in [
            (TenantState::Paused, "light-warn", "Пользователи видят сообщение о паузе"),
            (TenantState::Draft, "light-warn", "Бот отвечает только администраторам"),
            (TenantState::Suspended, "light-fail", "Работа остановлена владельцем платформы: долг"),
            (TenantState::Active, "light-ok", "Бот отвечает пользователям"),
        ] {
            let mut tx = db.platform().await.unwrap();
            tx.tenant_set_state(&site.a, state, Some("долг"), false, NOON).await.unwrap();
            tx.commit().await.unwrap();
            let page = page().await;
            assert!(page.contains(light) && page.contains(said), "{state:?}: {page}");
        }
        site.stop().await;
    }

    async fn nothing_a_person_wrote_becomes_markup(db: Db) {
        let site = Site::start(&db).await;
        let settings = botyard::domain::settings::TenantSettings { brand: MARKUP.to_owned(), ..Default::default() };
        let id = crate::web::site::id("tenant-x");
        site.host(&id, 9, &[crate::web::site::OWNER_A], &settings).await;
        busy_day(&site, &db, &id, MARKUP).await;
        let who = botyard::accounts::Identity::admin(&id, AdminRole::Owner, crate::web::site::OWNER_A);
        let confirm = site.client().get(&site.link(&who).await).await.body;
        let home = site.signed_in(&who).await.get("/panel").await.body;
        let all = site.signed_in(&Site::platform_owner()).await.get("/panel/owner").await.body;
        for (name, page) in [("confirm", confirm), ("home", home), ("owner", all)] {
            assert!(page.contains("alert(1)"), "{name} shows it as text");
            assert!(!page.contains("<script>alert") && !page.contains("<img"), "{name}: {page}");
        }
        site.stop().await;
    }

    async fn nothing_of_another_bot_is_on_the_page(db: Db) {
        let site = Site::start(&db).await;
        let of_b = busy_day(&site, &db, &site.b, "Канарейка").await;
        let page = site.signed_in(&site.owner_a()).await.get("/panel").await.body;
        for secret in ["Канарейка", "Бриз", of_b.as_str(), "tenant-b", "1548.50"] {
            assert!(!page.contains(secret), "{secret}");
        }
        let token = site.platform.tenants.get(&site.a).unwrap().token.expose().to_owned();
        assert!(!page.contains(token.split(':').nth(1).unwrap()));
        site.stop().await;
    }

    async fn with_the_database_away_the_page_says_so(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        db.close().await;
        let page = client.get("/panel").await;
        assert_eq!((page.status, page.header("retry-after")), (503, "5"));
        assert!(page.body.contains("Идут технические работы") && !page.body.to_lowercase().contains("pool"));
        site.stop().await;
    }
}
