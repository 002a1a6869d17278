//! Settings, models, promo codes, knowledge and broadcasts in the panel; pausing; the platform owner's hand on a bot.

use botyard::domain::settings::{EnabledModels, TenantLimits};
use botyard::domain::{GenerationState as S, MediaId, MediaPurpose, TenantState};
use botyard::store::{Db, GenerationChange, MediaRow};

use super::rooms::furnish;
use super::site::{Client, NOON, Site};
use crate::store::world::{generation, person, within};
use crate::util::db::on_each_db;

/// The fields of a page's form as a browser would send them back.
fn fields(body: &str, action: &str) -> Vec<(String, String)> {
    let (_, form) = body.split_once(&format!("action=\"{action}\"")).expect("the page has the form");
    let form = form.split("</form>").next().unwrap();
    let attribute = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next()?.replace("&#38;", "&").replace("&#34;", "\"").replace("&#39;", "'"))
    };
    let mut all = Vec::new();
    for tag in form.split('<') {
        let Some(name) = attribute(tag, " name") else { continue };
        if tag.starts_with("input") && tag.contains("checkbox") {
            if tag.contains(" checked") {
                all.push((name, "on".to_owned()));
            }
        } else if tag.starts_with("input") {
            all.push((name, attribute(tag, " value").unwrap_or_default()));
        } else if tag.starts_with("textarea") {
            all.push((name, tag.split_once('>').unwrap().1.to_owned()));
        } else if tag.starts_with("select") {
            let (_, rest) = form.split_once(tag).unwrap();
            let chosen = rest.split("<option").find(|option| option.contains(" selected")).unwrap_or_default();
            all.push((name, chosen.split_once('>').unwrap_or_default().1.split('<').next().unwrap().to_owned()));
        }
    }
    all
}

async fn send(client: &Client, path: &str, form: &[(String, String)]) -> crate::web::site::Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    client.post(path, &form).await
}

fn with(form: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let mut changed: Vec<_> = form.iter().filter(|(of, _)| of != name).cloned().collect();
    changed.push((name.to_owned(), value.to_owned()));
    changed
}

on_each_db! {
    async fn a_page_of_settings_sent_back_as_it_is_changes_nothing(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let before = site.platform.tenants.get(&site.a).unwrap().settings.clone();
        for page in ["texts", "prices", "money", "general"] {
            let path = format!("/panel/t/tenant-a/settings/{page}");
            let shown = client.get(&path).await;
            assert_eq!(shown.status, 200, "{page}");
            let answer = send(&client, &path, &fields(&shown.body, &path)).await;
            assert!(answer.header("location").ends_with("done=same"), "{page}: {answer:?}");
        }
        assert_eq!(site.platform.tenants.get(&site.a).unwrap().settings, before);
        site.stop().await;
    }

    async fn a_setting_is_changed_at_once_and_written_down(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let path = "/panel/t/tenant-a/settings/prices";
        let form = fields(&client.get(path).await.body, path);
        let saved = send(&client, path, &with(&with(&form, "markup", "1,5"), "free_per_day", "7")).await;
        assert!(saved.header("location").ends_with("done=saved"), "{saved:?}");
        let settings = site.platform.tenants.get(&site.a).unwrap().settings.clone();
        assert_eq!((settings.markup.to_string().as_str(), settings.free_per_day), ("1.50", 7));
        let audit = client.get("/panel/t/tenant-a/audit").await.body;
        assert!(audit.contains("setting:markup") && audit.contains("setting:free_per_day") && !audit.contains("setting:gift_min"), "{audit}");
        site.stop().await;
    }

    async fn values_that_break_their_rule_are_shown_again_and_nothing_is_stored(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let before = site.platform.tenants.get(&site.a).unwrap().settings.clone();
        for (page, name, value) in [
            ("prices", "markup", "0.1"), ("prices", "markup", "много"), ("prices", "free_per_day", "-1"), ("prices", "gift_min", "400"),
            ("money", "topup_presets", "1 2 3 4 5 6 7"), ("money", "sbp_requisites.phone", "+7 900 000-00-00"),
            ("general", "timezone", "Mars/Base"), ("texts", "brand", "x".repeat(65).as_str()), ("texts", "privacy_url", "javascript:alert(1)"),
        ] {
            let path = format!("/panel/t/tenant-a/settings/{page}");
            let form = fields(&client.get(&path).await.body, &path);
            let answer = send(&client, &path, &with(&form, name, value)).await;
            assert_eq!(answer.status, 422, "{page} {name}={value}: {answer:?}");
            assert!(answer.body.contains("field-wrong") && answer.body.contains("Не сохранено"), "{name}");
            assert!(answer.body.contains(value), "{name}: what was typed is still there");
        }
        assert_eq!(site.platform.tenants.get(&site.a).unwrap().settings, before);
        site.stop().await;
    }

    async fn the_preview_is_the_bots_own_menu(db: Db) {
        let site = Site::start(&db).await;
        let page = site.signed_in(&site.owner_a()).await.get("/panel/t/tenant-a/settings/texts").await.body;
        let bubble = page.split_once("bubble-text").unwrap().1.split_once("</section>").unwrap().0;
        for said in ["Атлас", "Бесплатных осталось сегодня: 5", "Генерация визуала"] {
            assert!(bubble.contains(said), "«{said}» is missing: {bubble}");
        }
        site.stop().await;
    }

    async fn models_are_chosen_and_a_markup_is_tried_without_being_set(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let page = client.get("/panel/t/tenant-a/models").await;
        let tried = client.get("/panel/t/tenant-a/models?markup=10").await.body;
        assert!(tried.contains("Это примерка") && tried != page.body);
        // What is no markup is said to be none, and stays in its field.
        for typed in ["сто", "0.1", "99"] {
            let wrong = client.get(&format!("/panel/t/tenant-a/models?markup={typed}")).await.body;
            assert!(wrong.contains("число от 0.5 до 10") && !wrong.contains("Это примерка"), "{typed}: {wrong}");
            assert!(wrong.contains(&format!("name=\"markup\" value=\"{typed}\"")), "{typed}: {wrong}");
        }
        let token = page.field("form_token");
        let only = client.post("/panel/t/tenant-a/models", &[("form_token", token.as_str()), ("model.z-image", "on")]).await;
        assert!(only.header("location").ends_with("done=saved"), "{only:?}");
        let settings = site.platform.tenants.get(&site.a).unwrap().settings.clone();
        assert_eq!(settings.enabled_models, EnabledModels::Only(vec!["z-image".to_owned()]));
        assert_eq!(settings.markup.to_string(), "1.00");
        let none = client.post("/panel/t/tenant-a/models", &[("form_token", token.as_str())]).await;
        assert!(none.header("location").ends_with("problem=no-models"));
        site.stop().await;
    }

    async fn promo_codes_articles_and_broadcasts_are_kept_in_order(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.admin_a()).await;
        let token = client.get("/panel").await.field("form_token");
        let post = async |path: &str, more: &[(&str, &str)]| {
            let form: Vec<(&str, &str)> = [("form_token", token.as_str())].into_iter().chain(more.iter().copied()).collect();
            client.post(&format!("/panel/t/tenant-a/{path}"), &form).await.header("location").to_owned()
        };
        let terms = |code| [("code", code), ("worth", "15%"), ("total", "500"), ("per_user", "1"), ("days", "14")];
        assert!(post("promos", &terms("SUMMER")).await.ends_with("done=promo-made"));
        // What does not fit is named, and the rest stays as it was typed.
        for (field, typed, named, why) in [
            ("code", "summer", "code", "Такой код уже есть"),
            ("code", "A", "code", "Код — от 3 до 32 символов"),
            ("worth", "сто", "worth", "Значение — от 1 до 5000 ₽"),
            ("total", "0", "total", "Всего использований — целое число"),
            ("per_user", "", "per-user", "На одного пользователя — целое число"),
            ("days", "366", "days", "Срок — целое число дней"),
        ] {
            let mut form: Vec<(&str, &str)> = vec![("form_token", &token), ("code", "AUTUMN")];
            form.extend(terms("").into_iter().skip(1));
            form.iter_mut().filter(|(name, _)| *name == field).for_each(|(_, value)| *value = typed);
            let answer = client.post("/panel/t/tenant-a/promos", &form).await;
            assert_eq!(answer.status, 422, "{field}: {answer:?}");
            let wrong = answer.body.split_once("field-wrong").unwrap().1.split_once("</div>").unwrap().0;
            assert!(wrong.contains(&format!("id=\"wrong-{named}\"")) && wrong.contains(why), "{field}: {wrong}");
            assert_eq!(answer.body.matches("field-wrong").count(), 1, "{field}");
            assert!(answer.body.contains("name=\"worth\" value=\"15%\"") || field == "worth", "{field}: {}", answer.body);
        }
        assert!(post(&format!("promos/{}/off", room.promo.short()), &[]).await.ends_with("done=promo-off"));
        let list = client.get("/panel/t/tenant-a/promos").await.body;
        assert!(list.contains("SUMMER") && list.contains("отключён"), "{list}");

        assert!(post("knowledge", &[("text", "Сколько ждать видео\nОбычно две минуты, иногда до десяти.")]).await.ends_with("done=article-added"));
        let asked = client.get("/panel/t/tenant-a/knowledge?ask=%D1%81%D0%BA%D0%BE%D0%BB%D1%8C%D0%BA%D0%BE%20%D0%B6%D0%B4%D0%B0%D1%82%D1%8C").await.body;
        assert!(asked.contains("Обычно две минуты"), "{asked}");
        assert!(post("knowledge/2/remove", &[]).await.ends_with("done=article-removed"));
        assert_eq!(client.get("/panel/t/tenant-a/knowledge/2").await.status, 404);

        let broadcast = format!("broadcasts/{}", room.broadcast.short());
        assert!(post(&format!("{broadcast}/pause"), &[]).await.ends_with("done=broadcast-paused"));
        assert!(post(&format!("{broadcast}/pause"), &[]).await.ends_with("problem=broadcast-late"));
        assert!(post(&format!("{broadcast}/resume"), &[]).await.ends_with("done=broadcast-running"));
        assert!(post(&format!("{broadcast}/stop"), &[]).await.ends_with("done=broadcast-stopped"));
        assert!(post(&format!("{broadcast}/resume"), &[]).await.ends_with("problem=broadcast-late"));
        let audit = client.get("/panel/t/tenant-a/audit").await.body;
        for said in ["Создан промокод", "Промокод отключён", "Добавлена статья", "Удалена статья", "Изменён ход рассылки"] {
            assert!(audit.contains(said), "«{said}» is missing");
        }
        site.stop().await;
    }

    async fn one_press_pauses_a_bot_and_one_lets_it_go_on(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.admin_a()).await;
        let home = client.get("/panel").await;
        assert!(home.body.contains("Поставить на паузу"));
        let form = [("form_token", home.field("form_token"))];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        client.post("/panel/t/tenant-a/pause", &form).await;
        let state = || site.platform.tenants.get(&site.a).unwrap().state;
        assert_eq!(state(), TenantState::Paused);
        assert!(client.get("/panel").await.body.contains("Продолжить работу"));
        let again = client.post("/panel/t/tenant-a/pause", &form).await;
        assert!(again.header("location").ends_with("problem=state"));
        client.post("/panel/t/tenant-a/resume", &form).await;
        assert_eq!(state(), TenantState::Active);
        site.stop().await;
    }

    async fn the_platforms_owner_suspends_with_a_reason_sets_limits_and_puts_jobs_once_more(db: Db) {
        let site = Site::start(&db).await;
        let (above, owner) = (site.signed_in(&Site::platform_owner()).await, site.signed_in(&site.owner_a()).await);
        let token = above.get("/panel/owner").await.field("form_token");
        let post = async |path: &str, more: &[(&str, &str)]| {
            let form: Vec<(&str, &str)> = [("form_token", token.as_str())].into_iter().chain(more.iter().copied()).collect();
            above.post(&format!("/panel/owner/{path}"), &form).await.header("location").to_owned()
        };
        assert!(post("bots/tenant-a/suspend", &[("reason", "")]).await.ends_with("problem=reason"));
        assert!(post("bots/tenant-a/suspend", &[("reason", "долг за сентябрь")]).await.ends_with("done=suspended"));
        assert!(owner.get("/panel").await.body.contains("долг за сентябрь"));
        let token_below = owner.get("/panel").await.field("form_token");
        let resumed = owner.post("/panel/t/tenant-a/resume", &[("form_token", &token_below)]).await;
        assert!(resumed.header("location").ends_with("problem=state"), "a suspension is not the partner's to end");
        assert!(post("bots/tenant-a/release", &[]).await.ends_with("done=released"));
        assert_eq!(site.platform.tenants.get(&site.a).unwrap().state, TenantState::Active);

        let path = "/panel/owner/bots/tenant-a/limits";
        let form = fields(&above.get("/panel/owner/bots/tenant-a").await.body, path);
        let saved = send(&above, path, &with(&form, "users", "12345")).await;
        assert!(saved.header("location").ends_with("done=saved"), "{saved:?}");
        assert_eq!(site.platform.tenants.get(&site.a).unwrap().limits.users, 12_345);
        let wrong = send(&above, path, &with(&form, "users", "-1")).await;
        assert!(wrong.header("location").ends_with("problem=limits"), "{wrong:?}");

        assert!(crate::store::world::put_job(&db, &site.a, botyard::domain::Lane::Deliver, "work", crate::web::site::NOON).await);
        let jobs = crate::store::world::above(&db, async |tx| tx.jobs_claim(botyard::domain::Lane::Deliver, crate::web::site::NOON, 1_000, 10, 10).await.unwrap()).await;
        within(&db, &site.a, async |tx| assert!(tx.job_dead(&jobs[0].id, jobs[0].attempt, "gone for good", crate::web::site::NOON).await.unwrap())).await;
        let list = above.get("/panel/owner/jobs").await.body;
        assert!(list.contains("gone for good"), "{list}");
        let requeue = format!("jobs/tenant-a/{}/requeue", jobs[0].id.short());
        assert!(post(&requeue, &[]).await.ends_with("done=requeued"));
        assert!(post(&requeue, &[]).await.ends_with("problem=requeue"));
        let audit = owner.get("/panel/t/tenant-a/audit").await.body;
        for said in ["Приостановка платформой", "Изменены лимиты", "Задание запущено снова", "долг за сентябрь"] {
            assert!(audit.contains(said), "«{said}» is missing: {audit}");
        }
        site.stop().await;
    }

    async fn a_page_hears_that_its_bot_has_moved(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let page = client.get("/panel").await.body;
        assert!(page.contains("data-news=\"/panel/t/tenant-a/events\""), "{page}");
        let mut news = client.listen("/panel/t/tenant-a/events").await;
        crate::web::home::busy_day(&site, &db, &site.a, "Мария").await;
        let heard = tokio::time::timeout(std::time::Duration::from_secs(30), async {
            let mut text = String::new();
            while let Some(chunk) = news.chunk().await.unwrap() {
                text.push_str(&String::from_utf8_lossy(&chunk));
                if text.contains("event: changed") {
                    break;
                }
            }
            text
        });
        assert!(heard.await.unwrap().contains("event: changed"));
        assert_eq!(site.client().get("/panel/t/tenant-a/events").await.status, 401);
        site.stop().await;
    }

    async fn a_token_is_replaced_by_one_of_the_same_bot_and_no_secret_is_ever_shown(db: Db) {
        let site = Site::start(&db).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        let post = async |path: &str, name: &str, value: &str| {
            client.post(&format!("/panel/t/tenant-a/keys/{path}"), &[("form_token", &token), (name, value)]).await.header("location").to_owned()
        };
        let new = "7000000001:AAfaketesttokenNEWNEWNEWNEWNEW00042";
        assert!(post("token", "token", "hello").await.ends_with("problem=token-shape"));
        assert!(post("token", "token", "7000000002:AAfaketesttokenNEWNEWNEWNEWNEW00042").await.ends_with("problem=token-other"));
        assert!(post("token", "token", new).await.ends_with("done=token"));
        assert_eq!(site.platform.tenants.get(&site.a).unwrap().token.expose(), new);
        assert!(post("provider", "key", "a b").await.ends_with("problem=key-shape"));
        assert!(post("provider", "key", "own-provider-key-canary").await.ends_with("done=key"));
        assert!(site.platform.tenants.get(&site.a).unwrap().provider_key.is_some());
        for page in ["keys", "audit", "settings/general", ""] {
            let body = client.get(&format!("/panel/t/tenant-a/{page}")).await.body;
            assert!(!body.contains("canary") && !body.contains("NEWNEW"), "{page}");
        }
        let rows = crate::web::rows::dump(&db).await;
        assert!(!rows.values().flatten().any(|row| row.contains("own-provider-key-canary") || row.contains("NEWNEWNEW")));
        assert!(post("provider", "key", "").await.ends_with("done=key"));
        assert!(site.platform.tenants.get(&site.a).unwrap().provider_key.is_none());
        site.clock.advance(std::time::Duration::from_mins(6));
        let late = client.post("/panel/t/tenant-a/keys/provider", &[("form_token", &token), ("key", "another-key-1")]).await;
        assert_eq!(late.status, 403);
        site.stop().await;
    }

    async fn the_page_of_limits_counts_as_the_bot_does_before_an_order(db: Db) {
        let site = Site::start(&db).await;
        let limits = TenantLimits {
            generations_in_flight: 4,
            shared_credits_per_day: 10,
            storage_mib: 2,
            updates_per_second: 77,
            fee_basis_points: 1_250,
            ..TenantLimits::default()
        };
        botyard::tenants::provision::set_limits(&db, &site.a, &limits, NOON).await.unwrap();
        site.refresh().await;
        let anna = person(&db, &site.a, botyard::domain::UserId(5_001)).await;
        // One waits, one is at the provider, one is made and being delivered: what the last took has been counted.
        for (n, moves) in [&[][..], &[S::Submitting][..], &[S::Submitting, S::Queued, S::Delivering][..]].iter().enumerate() {
            let id = generation(&db, &site.a, &anna, i64::try_from(n).unwrap()).await;
            within(&db, &site.a, async |tx| {
                assert!(tx.generation_expect(&id, 430).await.unwrap());
                let mut from = S::Created;
                for to in *moves {
                    assert!(tx.generation_move(&id, &[from], *to, &GenerationChange::default(), NOON).await.unwrap());
                    from = *to;
                }
            })
            .await;
        }
        let file = MediaRow {
            id: MediaId::random(),
            purpose: MediaPurpose::Result,
            mime: "image/png".to_owned(),
            size: (1 << 20) + 1,
            sha256: "00".to_owned(),
            created_at: NOON,
            expires_at: NOON,
        };
        within(&db, &site.a, async |tx| tx.media_insert(&file).await.unwrap()).await;
        let page = site.signed_in(&site.owner_a()).await.get("/panel/t/tenant-a/limits").await.body;
        let shown = |name: &str| {
            let (_, line) = page.split_once(&format!("<p>{name}</p>")).unwrap_or_else(|| panic!("{name}: {page}"));
            let (_, figure) = line.split_once("<div class=\"line-end\"><p>").unwrap();
            figure.split("</p>").next().unwrap().to_owned()
        };
        for (name, figure) in [
            ("Генераций одновременно", "1 / 4"),
            ("Кредитов общего ключа в день", "9 / 10"),
            ("Хранилище, МиБ", "2 / 2"),
            ("Сообщений в секунду", "77"),
            ("Комиссия платформы", "12.5 %"),
            ("Новые генерации остановлены", "нет"),
        ] {
            assert_eq!(shown(name), figure, "{name}");
        }
        assert!(!page.contains("Кредитов своего ключа"), "it has no key of its own");
        site.stop().await;
    }

    async fn one_bots_people_open_so_many_pages_a_minute(db: Db) {
        let site = Site::start(&db).await;
        let limits = botyard::domain::settings::TenantLimits { panel_requests_per_minute: 5, ..Default::default() };
        botyard::tenants::provision::set_limits(&db, &site.a, &limits, crate::web::site::NOON).await.unwrap();
        site.refresh().await;
        let (mine, theirs) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.owner_b()).await);
        for _ in 0..5 {
            assert_eq!(mine.get("/panel/t/tenant-a/users").await.status, 200);
        }
        let refused = mine.get("/panel/t/tenant-a/users").await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "12"));
        assert_eq!(theirs.get("/panel/t/tenant-b/users").await.status, 200);
        site.clock.advance(std::time::Duration::from_secs(12));
        assert_eq!(mine.get("/panel/t/tenant-a/users").await.status, 200);
        site.stop().await;
    }
}
