//! A bot's people, generations, payments and errors in the panel: what is shown, what is done, and that it is done once.

use botyard::domain::{GenerationState, Money, PaymentState, UserId};
use botyard::store::Db;

use super::rooms::{GUEST, furnish, guest};
use super::site::{NOON, Site};
use crate::store::world::within;
use crate::util::db::on_each_db;

const MARKUP: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

on_each_db! {
    async fn a_person_is_found_by_number_and_name_and_credited_once(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.admin_a()).await;
        for asked in ["5001", "@guest_name", "GUEST_name"] {
            let found = client.get(&format!("/panel/t/tenant-a/users?q={asked}")).await;
            assert_eq!((found.status, found.header("location")), (303, "/panel/t/tenant-a/users/5001"), "{asked}");
        }
        let nobody = client.get("/panel/t/tenant-a/users?q=nobody").await.body;
        assert!(nobody.contains("Никого не нашли") && !nobody.contains("users/5001\""), "nobody is listed: {nobody}");
        let card = client.get("/panel/t/tenant-a/users/5001").await;
        assert!(card.body.contains("Гость") && card.body.contains("@guest_name"), "{}", card.body);
        let (token, operation) = (card.field("form_token"), card.field("operation"));
        let form = [("form_token", token.as_str()), ("operation", operation.as_str()), ("amount", "150,50"), ("reason", "за ожидание")];
        let path = "/panel/t/tenant-a/users/5001/credit";
        let answers = futures::future::join_all((0..5).map(|_| client.post(path, &form))).await;
        let done = |what: &str| answers.iter().filter(|answer| answer.header("location").ends_with(what)).count();
        assert_eq!((done("done=credited"), done("done=credited-before")), (1, 4), "{answers:?}");
        let card = client.get("/panel/t/tenant-a/users/5001?done=credited").await.body;
        for said in ["150.50 ₽", "Деньги начислены", "Начислены деньги вручную", "за ожидание"] {
            assert!(card.contains(said), "«{said}» is missing: {card}");
        }
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        assert!(tx.ledger_violations().await.unwrap().is_empty());
        assert_eq!(crate::web::rows::count(&db, "outbox").await, 1, "the person is told once");
        drop(tx);
        site.stop().await;
    }

    async fn a_wrong_credit_credits_nothing_and_says_why(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.admin_a()).await;
        let card = client.get("/panel/t/tenant-a/users/5001").await;
        let (token, operation) = (card.field("form_token"), card.field("operation"));
        for (amount, reason, field) in [
            ("-1", "because", "amount"), ("0", "because", "amount"), ("1e9", "because", "amount"),
            ("9223372036854775807", "because", "amount"), ("100000.01", "because", "amount"),
            ("١٢", "because", "amount"), ("10", "no", "reason"), ("10", "", "reason"),
        ] {
            let form = [("form_token", token.as_str()), ("operation", &operation), ("amount", amount), ("reason", reason)];
            let answer = client.post("/panel/t/tenant-a/users/5001/credit", &form).await;
            assert_eq!(answer.status, 422, "{amount} {reason}: {answer:?}");
            let why = if field == "amount" { "Сумма не подошла" } else { "Нужна причина от 3 до 200 символов" };
            // The field is named, and what was typed is kept: also the name by which it is credited once.
            for said in [
                &format!("id=\"wrong-{field}\""), why, &format!("name=\"amount\" value=\"{amount}\""),
                &format!("name=\"reason\" value=\"{reason}\""), "/panel/t/tenant-a/users/5001?lang=en",
            ] {
                assert!(answer.body.contains(said), "{amount} {reason}: «{said}» is missing: {}", answer.body);
            }
            assert_eq!((answer.field("operation"), answer.body.matches("field-wrong").count()), (operation.clone(), 1));
        }
        assert_eq!(crate::web::rows::count(&db, "transfers").await, 0);
        site.stop().await;
    }

    async fn a_person_is_blocked_and_let_in_and_an_admin_is_not(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        guest(&db, &site.a, crate::web::site::ADMIN_A, "Админ").await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        let form = [("form_token", token.as_str()), ("reason", "спам")];
        client.post("/panel/t/tenant-a/users/5001/block", &form).await;
        let blocked = async |user| within(&db, &site.a, async |tx| tx.user_get(user).await.unwrap().unwrap().blocked_at.is_some()).await;
        assert!(blocked(GUEST).await);
        let list = client.get("/panel/t/tenant-a/users?kind=blocked").await.body;
        assert!(list.contains("users/5001") && !list.contains("users/902"), "{list}");
        client.post("/panel/t/tenant-a/users/5001/unblock", &form).await;
        assert!(!blocked(GUEST).await);
        let refused = client.post("/panel/t/tenant-a/users/902/block", &form).await;
        assert!(refused.header("location").ends_with("problem=block-admin"));
        assert!(!blocked(UserId(902)).await);
        let audit = client.get("/panel/t/tenant-a/audit").await.body;
        for said in ["Пользователь заблокирован", "Пользователь разблокирован", "спам", "901", "Вход в панель по ссылке", "Цепочка цела, записей: 3", "Проверено до записи № 3", "127.0.0.*"] {
            assert!(audit.contains(said), "«{said}» is missing: {audit}");
        }
        site.stop().await;
    }

    async fn a_long_list_pages_by_key_and_keeps_its_filters(db: Db) {
        let site = Site::start(&db).await;
        within(&db, &site.a, async |tx| {
            for n in 0..120 {
                let name = format!("Person {n}");
                let seen = botyard::store::Seen { user_id: UserId(7000 + n), username: None, first_name: &name, last_name: None, language_code: None };
                // All at one moment: the number tells them apart.
                tx.user_seen(&seen, NOON).await.unwrap();
                tx.user_unreachable(UserId(7000 + n), NOON).await.unwrap();
            }
        }).await;
        let client = site.signed_in(&site.owner_a()).await;
        let (mut path, mut seen, mut pages) = ("/panel/t/tenant-a/users?kind=lost".to_owned(), Vec::new(), 0);
        loop {
            let page = client.get(&path).await.body;
            pages += 1;
            seen.extend(page.split("/users/").skip(1).filter_map(|rest| rest.split('"').next()?.parse::<i64>().ok()));
            assert!(page.contains("aria-current=\"true\">Недоступные"), "{page}");
            let Some((before, _)) = page.split_once("\" rel=\"next\"") else { break };
            let query = before.rsplit("href=\"").next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
            path = format!("/panel/t/tenant-a/users{query}");
        }
        assert_eq!((pages, seen.len()), (3, 120));
        assert!(seen.windows(2).all(|two| two[0] > two[1]), "newest first, nobody twice");
        site.stop().await;
    }

    async fn a_result_that_was_not_delivered_is_sent_once_more_and_stars_go_back_once(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        let form = [("form_token", token.as_str())];
        let page = format!("/panel/t/tenant-a/generations/{}", room.generation.short());
        assert!(client.get(&page).await.body.contains("Отправить ещё раз"));
        let sent = client.post(&format!("{page}/send"), &form).await;
        assert!(sent.header("location").ends_with("done=sent-again"), "{sent:?}");
        let again = client.post(&format!("{page}/send"), &form).await;
        assert!(again.header("location").ends_with("done=sent-before"));
        let row = within(&db, &site.a, async |tx| tx.generation_get(&room.generation).await.unwrap().unwrap()).await;
        assert_eq!(row.state, GenerationState::Delivering);
        let payment = format!("/panel/t/tenant-a/payments/{}", room.payment.short());
        assert!(client.get(&payment).await.body.contains("Вернуть Stars"));
        let refund = format!("{payment}/refund");
        let answers = futures::future::join_all((0..4).map(|_| client.post(&refund, &form))).await;
        let begun = answers.iter().filter(|answer| answer.header("location").ends_with("done=refund-begun")).count();
        assert_eq!(begun, 1, "{answers:?}");
        let row = within(&db, &site.a, async |tx| tx.payment_get(&room.payment).await.unwrap().unwrap()).await;
        assert_eq!((row.state, row.amount), (PaymentState::Refunding, Money::kopecks(10_000)));
        let mut tx = db.tenant_read(&site.a).await.unwrap();
        assert!(tx.ledger_violations().await.unwrap().is_empty());
        drop(tx);
        site.stop().await;
    }

    async fn a_dangerous_act_wants_a_fresh_confirmation_by_the_bot(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        site.clock.advance(std::time::Duration::from_mins(6));
        let path = format!("/panel/t/tenant-a/payments/{}/refund", room.payment.short());
        let refused = client.post(&path, &[("form_token", &token)]).await;
        assert_eq!((refused.status, refused.body.contains("Нужно свежее подтверждение")), (403, true), "{}", refused.body);
        assert_eq!(crate::web::rows::count(&db, "transfers").await, 0);
        site.stop().await;
    }

    async fn a_list_is_taken_out_only_with_a_fresh_confirmation_by_the_bot(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.owner_a()).await;
        let files = ["users.csv", "payments.csv", "generations.csv", "errors.csv", "statements.csv"];
        for file in files {
            assert_eq!(client.get(&format!("/panel/t/tenant-a/{file}")).await.status, 200, "{file}");
        }
        site.clock.advance(std::time::Duration::from_mins(6));
        let before = within(&db, &site.a, async |tx| tx.audit_head().await.unwrap().unwrap().seq).await;
        for file in files {
            let refused = client.get(&format!("/panel/t/tenant-a/{file}")).await;
            assert_eq!((refused.status, refused.body.contains("Нужно свежее подтверждение")), (403, true), "{file}");
        }
        assert_eq!(within(&db, &site.a, async |tx| tx.audit_head().await.unwrap().unwrap().seq).await, before);
        site.stop().await;
    }

    async fn an_entry_cannot_be_said_to_come_from_elsewhere(db: Db) {
        let site = Site::start(&db).await;
        furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        client.post("/panel/t/tenant-a/users/5001/block", &[("form_token", &token)]).await;
        let mut entry = within(&db, &site.a, async |tx| tx.audit_last(i64::MAX, 1).await.unwrap().remove(0)).await;
        assert_eq!(entry.origin.as_deref(), Some("127.0.0.*"));
        assert_eq!(entry.hash, entry.expected_hash("tenant-a"));
        for origin in [None, Some("203.0.113.*".to_owned()), Some(String::new())] {
            entry.origin = origin;
            assert_ne!(entry.hash, entry.expected_hash("tenant-a"));
        }
        site.stop().await;
    }

    async fn the_payments_file_is_safe_in_a_spreadsheet_and_holds_no_other_bots_rows(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let other = furnish(&site, &db, &site.b).await;
        let file = site.signed_in(&site.owner_a()).await.get("/panel/t/tenant-a/payments.csv").await;
        assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"payments-tenant-a-"));
        let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 3, "{}", file.body);
        let stars = lines.iter().find(|line| line.contains(room.payment.as_str())).unwrap();
        assert!(stars.contains("\"100.00\"") && file.body.contains(room.transfer.as_str()), "{}", file.body);
        assert!(!file.body.contains(other.payment.as_str()));
        guest(&db, &site.a, UserId(5002), "=HYPERLINK(\"https://evil.example\")").await;
        let client = site.signed_in(&site.owner_a()).await;
        let people = client.get("/panel/t/tenant-a/users.csv").await.body;
        assert!(people.contains("\"'=HYPERLINK(\"\"https://evil.example\"\")\""), "{people}");
        assert_eq!(people.lines().count(), 3, "{people}");
        for list in ["generations", "errors"] {
            let text = client.get(&format!("/panel/t/tenant-a/{list}.csv")).await.body;
            assert_eq!(text.lines().count(), 2, "{list}: {text}");
        }
        site.stop().await;
    }

    async fn xss_corpus_nothing_a_person_wrote_becomes_markup(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        guest(&db, &site.a, GUEST, MARKUP).await;
        let client = site.signed_in(&site.owner_a()).await;
        let token = client.get("/panel").await.field("form_token");
        client.post("/panel/t/tenant-a/users/5001/block", &[("form_token", token.as_str()), ("reason", MARKUP)]).await;
        for address in botyard::web::router::routes(&site.state) {
            if !address.path.starts_with("/panel/t/") || !address.methods.contains(&reqwest::Method::GET) {
                continue;
            }
            let path = room.filled(address.path, site.a.as_str());
            for query in ["", "?q=%3Cscript%3Ealert(3)%3C/script%3E&done=%3Cimg%3E&problem=x%22&kind=%22%3E&class=%3Cb%3E&before=%22.%3C"] {
                let page = client.get(&format!("{path}{query}")).await;
                if page.header("content-type").starts_with("text/html") {
                    for live in ["<script>alert", "<img src=x", "onerror=alert(2)>", "<b>"] {
                        assert!(!page.body.contains(live), "{path}{query}: {live}");
                    }
                }
                assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
            }
        }
        site.stop().await;
    }

    async fn a_story_is_found_by_its_number(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.owner_a()).await;
        let found = client.get(&format!("/panel/t/tenant-a/errors?corr={}", room.corr)).await;
        assert_eq!(found.header("location"), format!("/panel/t/tenant-a/trace/{}", room.corr));
        let story = client.get(found.header("location")).await.body;
        let work = format!("/generations/{}", room.generation.short());
        for said in ["База данных не успела ответить", "db_slow", "генерация", "ошибка", &work] {
            assert!(story.contains(said), "«{said}» is missing: {story}");
        }
        // Step by step what `/__diag/corr` and `/admin corr` tell.
        let told = within(&db, &site.a, async |tx| botyard::diagnostics::trace::trace(tx, &room.corr).await.unwrap()).await;
        let steps = story.split_once("id=\"story\"").unwrap().1.matches("<li").count();
        assert_eq!((steps, told.steps.is_empty()), (told.steps.len(), false));
        let other = site.signed_in(&site.owner_b()).await;
        let empty = other.get(&format!("/panel/t/tenant-b/trace/{}", room.corr)).await.body;
        assert!(empty.contains("ничего не записано") && !empty.contains("db_slow"));
        assert!(empty.contains("Ошибки хранятся 30 дней."), "{empty}");
        let list = client.get("/panel/t/tenant-a/errors?class=db_slow").await.body;
        assert!(list.contains(room.corr.as_str()));
        assert!(!client.get("/panel/t/tenant-a/errors?class=other").await.body.contains(room.corr.as_str()));
        assert!(list.contains("id=\"classes\"") && list.contains("посмотрите нагрузку"), "classes come with what to do: {list}");
        // The person of the generation that has the same story.
        let of = async |user: &str| client.get(&format!("/panel/t/tenant-a/errors?user={user}")).await.body;
        assert!(of("5001").await.contains(&format!("trace/{}", room.corr)));
        assert!(!of("5002").await.contains(&format!("trace/{}", room.corr)));
        assert!(of("anna").await.contains("только цифры"));
        let file = client.get("/panel/t/tenant-a/errors.csv?user=5001").await.body;
        assert!(file.contains(room.corr.as_str()));
        assert_eq!(client.get("/panel/t/tenant-a/errors.csv?user=anna").await.status, 400);
        assert!(!client.get("/panel/t/tenant-a/errors.csv?user=5002").await.body.contains(room.corr.as_str()));
        site.stop().await;
    }
}
