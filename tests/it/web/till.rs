//! Transfers by SBP in the panel: the queue, the picture, and what is decided on its page (bot.md 11.3).

use botyard::accounts::{Identity, Role, Subject};
use botyard::billing;
use botyard::domain::outgoing::Outgoing;
use botyard::domain::receipt::Reading;
use botyard::domain::settings::TenantSettings;
use botyard::domain::{
    AuditAction, BotInstanceId, ChatId, Corr, GenerationId, MessageId, Money, PanelScope, PaymentId, PaymentState,
};
use botyard::store::Db;
use botyard::tenants::say;
use reqwest::Method;

use super::rooms::{GUEST, furnish, guest, reads_well, transfer};
use super::site::{ADMIN_A, Answer, Client, NOON, OWNER_A, Site};
use crate::store::world::within;
use crate::util::db::on_each_db;

/// The page of a transfer.
fn page(payment: &PaymentId) -> String {
    format!("/panel/t/tenant-a/payments/{}", payment.short())
}

/// Sends one of the page's forms.
async fn press(client: &Client, payment: &PaymentId, what: &str, fields: &[(&str, &str)]) -> Answer {
    let token = client.get("/panel").await.field("form_token");
    let form: Vec<(&str, &str)> = [("form_token", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
    client.post(&format!("{}/{what}", page(payment)), &form).await
}

/// Whether an answer leads to a page that says this.
fn says(answer: &Answer, what: &str) -> bool {
    answer.header("location").ends_with(what)
}

/// What a chat of the bot is told, in order.
async fn told(site: &Site, db: &Db, id: &BotInstanceId, chat: i64) -> Vec<Outgoing> {
    let tenant = site.platform.tenants.get(id).unwrap();
    let now = site.clock.now();
    let rows = within(db, id, async |tx| tx.outbox_claim_chat(ChatId(chat), now, 1_000).await.unwrap()).await;
    rows.iter().map(|row| say::read(&tenant, &row.sealed).unwrap()).collect()
}

fn html(outgoing: &Outgoing) -> &str {
    match outgoing {
        Outgoing::Screen { html, .. } | Outgoing::Caption { html, .. } => html,
        other => panic!("no words: {other:?}"),
    }
}

pub(super) async fn state(db: &Db, id: &BotInstanceId, payment: &PaymentId) -> PaymentState {
    within(db, id, async |tx| tx.payment_get(payment).await.unwrap().unwrap().state).await
}

/// What the guest has, and owes; the ledger's rules hold.
pub(super) async fn purse(db: &Db, id: &BotInstanceId) -> (Money, Money) {
    within(db, id, async |tx| {
        assert!(tx.ledger_violations().await.unwrap().is_empty());
        let user = tx.user_get(GUEST).await.unwrap().unwrap();
        let balance = billing::balance(tx, &user.user_ref).await.unwrap();
        (balance.available, balance.debt)
    })
    .await
}

pub(super) async fn amount(db: &Db, id: &BotInstanceId, payment: &PaymentId) -> Money {
    within(db, id, async |tx| tx.payment_get(payment).await.unwrap().unwrap().amount).await
}

fn viewer(site: &Site) -> Identity {
    Identity { scope: PanelScope::Tenant(site.a.clone()), role: Role::Viewer, subject: Subject::Shell }
}

on_each_db! {
    async fn the_queue_and_the_page_say_what_a_reviewer_needs(db: Db) {
        let site = Site::start(&db).await;
        let anna = guest(&db, &site.a, GUEST, "Анна").await;
        let good = transfer(&site, &db, &site.a, &anna, (1, ""), reads_well).await;
        let odd = transfer(&site, &db, &site.a, &anna, (2, "near,operation"), |amount| Reading {
            amounts: vec![amount.plus(Money::kopecks(1)).unwrap()], phone: false, keywords: Vec::new(), ..reads_well(amount)
        }).await;
        let client = site.signed_in(&site.admin_a()).await;
        // The first page says it first, to everybody, and leads those there who may decide.
        let home = client.get("/panel").await.body;
        let due = home.split_once("id=\"due\"").unwrap().1.split_once("</li>").unwrap().0;
        assert!(due.contains("2 перевода ждут проверки") && due.contains("/panel/t/tenant-a/payments#queue\""), "{due}");
        assert!(home.contains("light-warn") && !home.contains("Всё в порядке"), "{home}");
        let home = site.signed_in(&viewer(&site)).await.get("/panel?lang=en").await.body;
        assert!(home.contains("2 transfers wait for review") && !home.contains("payments#queue"), "{home}");
        let list = client.get("/panel/t/tenant-a/payments").await.body;
        let queue = list.split_once("id=\"queue\"").unwrap().1.split_once("</section>").unwrap().0;
        let (first, second) = (amount(&db, &site.a, &good).await, amount(&db, &site.a, &odd).await);
        for said in [&first.to_string(), &second.to_string(), "Анна", "50 ₽", "На проверке · 2", "Похож на другой скриншот", "Номер операции уже был"] {
            assert!(queue.contains(said), "«{said}» is missing: {queue}");
        }
        let card = client.get(&page(&good)).await.body;
        for said in ["Сумма совпала", "+7 900 000-11-22", "Телефон получателя есть", "успешно", "A63280715350100", "Скриншот 1 из 5", "/receipt\"", "Следующий на проверке"] {
            assert!(card.contains(said), "«{said}» is missing: {card}");
        }
        let card = client.get(&page(&odd)).await.body;
        for said in ["Сумма похожа, но не совпала", "Телефона получателя нет", "Похож на другой скриншот", "said-fail"] {
            assert!(card.contains(said), "«{said}» is missing: {card}");
        }
        // Whoever only looks sees what was read, and neither the picture nor a way to decide.
        let looks = site.signed_in(&viewer(&site)).await.get(&page(&good)).await.body;
        assert!(looks.contains("Сумма совпала") && !looks.contains("/receipt\"") && !looks.contains("/approve\""), "{looks}");
        site.stop().await;
    }

    async fn the_picture_is_handed_over_safely_to_those_who_decide_and_looking_is_written_down_once(db: Db) {
        let site = Site::start(&db).await;
        let anna = guest(&db, &site.a, GUEST, "Анна").await;
        let payment = transfer(&site, &db, &site.a, &anna, (1, ""), reads_well).await;
        let path = format!("{}/receipt", page(&payment));
        let client = site.signed_in(&site.admin_a()).await;
        for _ in 0..3 {
            let picture = client.get(&path).await;
            assert_eq!((picture.status, picture.header("content-type")), (200, "image/png"));
            assert_eq!(picture.header("x-content-type-options"), "nosniff");
            assert_eq!(picture.header("content-security-policy"), "default-src 'none'; sandbox; frame-ancestors 'none'");
            assert!(picture.header("content-disposition").starts_with("attachment; filename=\"receipt-"));
            assert_eq!(picture.header("cache-control"), "no-store");
        }
        site.signed_in(&site.owner_a()).await.get(&path).await;
        let views = within(&db, &site.a, async |tx| tx.audit_last(i64::MAX, 50).await.unwrap()).await;
        let views: Vec<&str> = views.iter().filter(|row| row.action == AuditAction::ReceiptViewed.as_str()).map(|row| row.actor.as_str()).collect();
        assert_eq!(views, ["user:901", "user:902"]);
        assert_eq!(site.signed_in(&viewer(&site)).await.get(&path).await.status, 403);
        assert_eq!(site.client().get(&path).await.status, 401);
        let (other, missing) = (site.signed_in(&site.owner_b()).await, format!("{}/receipt", page(&PaymentId::random())));
        assert_eq!(other.get(&path).await.body, other.get(&missing).await.body);
        assert_eq!(client.get(&missing).await.status, 404);
        // Its time is over.
        within(&db, &site.a, async |tx| {
            let media = tx.payment_get(&payment).await.unwrap().unwrap().media_id.unwrap();
            tx.media_keep_until(&media, NOON).await.unwrap();
        }).await;
        assert_eq!(client.get(&path).await.status, 404);
        assert!(client.get(&page(&payment)).await.body.contains("Скриншота нет"));
        site.stop().await;
    }

    async fn many_reviewers_at_once_credit_once_and_every_copy_says_who_it_was(db: Db) {
        let site = Site::start(&db).await;
        let anna = guest(&db, &site.a, GUEST, "Анна").await;
        guest(&db, &site.a, OWNER_A, "Ольга").await;
        let payment = transfer(&site, &db, &site.a, &anna, (1, ""), reads_well).await;
        within(&db, &site.a, async |tx| tx.review_copy_put(&payment, ChatId(901), MessageId(77), NOON).await.unwrap()).await;
        let (owner, admin) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        let presses = (0..8).map(|n| press(if n % 2 == 0 { &owner } else { &admin }, &payment, "approve", &[]));
        let answers = futures::future::join_all(presses).await;
        let count = |what: &str| answers.iter().filter(|answer| says(answer, what)).count();
        assert_eq!((count("done=review-approved"), count("problem=review-already")), (1, 7), "{answers:?}");
        let due = amount(&db, &site.a, &payment).await;
        assert_eq!(purse(&db, &site.a).await, (due, Money::ZERO));
        let payer = told(&site, &db, &site.a, GUEST.0).await;
        assert!(payer.len() == 1 && html(&payer[0]).contains(&due.to_string()), "{payer:?}");
        // Beside the news of their own log-in.
        let mut copies = told(&site, &db, &site.a, OWNER_A.0).await;
        copies.retain(|said| matches!(said, Outgoing::Caption { .. }));
        assert!(matches!(&copies[..], [Outgoing::Caption { message: MessageId(77), html, .. }] if html.contains("Одобрено")), "{copies:?}");
        let card = owner.get(&page(&payment)).await.body;
        assert!(card.contains("зачислен") && !card.contains("/approve\"") && card.contains("/reverse\""), "{card}");
        assert!(!admin.get(&page(&payment)).await.body.contains("/reverse\""), "taking back is the owner's");
        assert!(says(&press(&admin, &payment, "reject", &[("reason", "amount")]).await, "problem=review-already"));
        site.stop().await;
    }

    async fn a_refusal_says_why_and_its_request_is_open_again(db: Db) {
        let site = Site::start(&db).await;
        let anna = guest(&db, &site.a, GUEST, "Анна").await;
        let first = transfer(&site, &db, &site.a, &anna, (1, ""), reads_well).await;
        let second = transfer(&site, &db, &site.a, &anna, (2, ""), reads_well).await;
        let client = site.signed_in(&site.admin_a()).await;
        let long = "я".repeat(201);
        for fields in [&[][..], &[("reason", "other")], &[("reason", "no-such")], &[("own", "я")], &[("own", long.as_str())], &[("reason", "amount"), ("own", "я")]] {
            let answer = press(&client, &first, "reject", fields).await;
            assert_eq!(answer.status, 422, "{fields:?}: {answer:?}");
            let form = answer.body.split_once("/reject\"").unwrap().1.split_once("</form>").unwrap().0;
            assert!(form.contains("field-wrong") && form.contains("Выберите причину или напишите свою"), "{form}");
            for (name, value) in fields {
                let kept = if *name == "own" { format!("value=\"{value}\"") } else { "value=\"amount\" checked".to_owned() };
                assert!(form.contains(&kept) || !["я", &long, "amount"].contains(value), "{fields:?}: {form}");
            }
            assert_eq!(state(&db, &site.a, &first).await, PaymentState::Review);
        }
        assert!(says(&press(&client, &first, "reject", &[("reason", "notfound")]).await, "done=review-rejected"));
        assert!(says(&press(&client, &second, "reject", &[("reason", "amount"), ("own", "<b>не тот</b> банк")]).await, "done=review-rejected"));
        assert_eq!((state(&db, &site.a, &first).await, purse(&db, &site.a).await), (PaymentState::Rejected, (Money::ZERO, Money::ZERO)));
        let payer = told(&site, &db, &site.a, GUEST.0).await;
        assert!(html(&payer[0]).contains("перевод не поступил"), "{payer:?}");
        assert!(html(&payer[1]).contains("&lt;b&gt;не тот&lt;/b&gt; банк"), "{payer:?}");
        assert!(client.get(&page(&first)).await.body.contains("перевод не поступил"));
        assert!(client.get(&page(&second)).await.body.contains("&#60;b&#62;не тот"), "what was typed is no markup");
        within(&db, &site.a, async |tx| {
            let invoice = tx.payment_get(&first).await.unwrap().unwrap().invoice_id.unwrap();
            assert_eq!(tx.invoice_get(&invoice).await.unwrap().unwrap().state.as_str(), "open");
        }).await;
        site.stop().await;
    }

    async fn above_the_limit_two_people_approve_each_with_a_fresh_confirmation(db: Db) {
        let site = Site::start(&db).await;
        let limited = TenantSettings { approval_limit: Money::kopecks(5_000), ..site.platform.tenants.get(&site.a).unwrap().settings.clone() };
        let anna = guest(&db, &site.a, GUEST, "Анна").await;
        let payment = transfer(&site, &db, &site.a, &anna, (1, ""), reads_well).await;
        within(&db, &site.a, async |tx| {
            let version = tx.settings_get().await.unwrap().unwrap().version;
            assert!(tx.settings_save(version, &serde_json::to_string(&limited).unwrap(), "{}", NOON).await.unwrap());
        }).await;
        site.refresh().await;
        let (owner, admin) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        assert!(owner.get(&page(&payment)).await.body.contains("одобрить должны двое"));
        assert!(says(&press(&owner, &payment, "approve", &[]).await, "done=review-first"));
        assert!(says(&press(&owner, &payment, "approve", &[]).await, "problem=review-same-person"));
        assert_eq!(purse(&db, &site.a).await, (Money::ZERO, Money::ZERO));
        assert!(admin.get(&page(&payment)).await.body.contains("Нужен второй администратор"));
        assert!(admin.get("/panel/t/tenant-a/payments").await.body.contains("нужен второй"));
        site.clock.advance(std::time::Duration::from_mins(6));
        assert_eq!(press(&admin, &payment, "approve", &[]).await.status, 403, "the confirmation is too old");
        let admin = site.signed_in(&site.admin_a()).await;
        assert!(says(&press(&admin, &payment, "approve", &[]).await, "done=review-approved"));
        assert_eq!(purse(&db, &site.a).await, (amount(&db, &site.a, &payment).await, Money::ZERO));
        site.stop().await;
    }

    async fn an_approval_is_taken_back_once_and_what_was_spent_is_owed(db: Db) {
        let site = Site::start(&db).await;
        let anna = guest(&db, &site.a, GUEST, "Анна").await;
        guest(&db, &site.a, ADMIN_A, "Борис").await;
        let payment = transfer(&site, &db, &site.a, &anna, (1, ""), reads_well).await;
        let (owner, admin) = (site.signed_in(&site.owner_a()).await, site.signed_in(&site.admin_a()).await);
        assert!(says(&press(&owner, &payment, "reverse", &[("reason", "деньги не пришли")]).await, "problem=review-already"), "nothing to take back");
        press(&admin, &payment, "approve", &[]).await;
        let due = amount(&db, &site.a, &payment).await;
        let (generation, corr, price) = (GenerationId::random(), Corr::random(), Money::kopecks(4_000));
        within(&db, &site.a, async |tx| {
            let placed = billing::hold(tx, &anna.user_ref, &generation, 1, price, &corr, NOON).await.unwrap();
            let billing::Held::Placed(hold) = placed else { panic!("{placed:?}") };
            billing::capture(tx, &hold, &generation, price, &corr, NOON).await.unwrap();
        }).await;
        assert_eq!(press(&admin, &payment, "reverse", &[("reason", "деньги не пришли")]).await.status, 403, "the owner's");
        let short = press(&owner, &payment, "reverse", &[("reason", "a")]).await;
        assert!(short.status == 422 && short.body.contains("id=\"wrong-reverse\"") && short.body.contains("value=\"a\""), "{short:?}");
        assert!(owner.get(&page(&payment)).await.body.contains("40 ₽"), "what will be owed is said before");
        let presses = (0..4).map(|_| press(&owner, &payment, "reverse", &[("reason", "деньги не пришли")]));
        let answers = futures::future::join_all(presses).await;
        assert_eq!(answers.iter().filter(|answer| says(answer, "done=review-reversed")).count(), 1, "{answers:?}");
        // What is owed is taken off what is shown.
        assert_eq!(purse(&db, &site.a).await, (Money::kopecks(-4_000), Money::kopecks(4_000)));
        assert_eq!((state(&db, &site.a, &payment).await, due.as_kopecks() > 5_000), (PaymentState::Refunded, true));
        let audit = owner.get("/panel/t/tenant-a/audit").await.body;
        assert!(audit.contains("деньги не пришли"), "{audit}");
        // Nothing was sent back to anybody: the page says what was done, by whom and why.
        let card = owner.get(&page(&payment)).await.body;
        for said in ["зачисление отменено", "Зачисление отменил", "901", "деньги не пришли"] {
            assert!(card.contains(said), "«{said}» is missing: {card}");
        }
        assert!(!card.contains("возвращён"), "{card}");
        assert!(owner.get("/panel/t/tenant-a/payments").await.body.contains("зачисление отменено"));
        site.clock.advance(std::time::Duration::from_mins(6));
        assert_eq!(press(&owner, &payment, "reverse", &[("reason", "ещё раз")]).await.status, 403, "a fresh confirmation first");
        site.stop().await;
    }

    async fn a_payer_is_written_to_and_a_payment_in_stars_is_no_transfer(db: Db) {
        let site = Site::start(&db).await;
        let room = furnish(&site, &db, &site.a).await;
        let client = site.signed_in(&site.admin_a()).await;
        let before = told(&site, &db, &site.a, GUEST.0).await.len();
        for text in ["", "  ", &"я".repeat(3_001)] {
            assert!(says(&press(&client, &room.transfer, "ask", &[("text", text)]).await, "problem=letter-text"));
        }
        assert!(says(&press(&client, &room.transfer, "ask", &[("text", "С какой карты перевод?")]).await, "done=written"));
        let heard = told(&site, &db, &site.a, GUEST.0).await;
        assert!(before == 0 && heard.len() == 1 && html(&heard[0]).contains("С какой карты перевод?"), "{heard:?}");
        let with = within(&db, &site.a, async |tx| tx.talk_with(GUEST).await.unwrap()).await;
        assert_eq!(with, Some(ADMIN_A), "the answer comes to whoever wrote");
        within(&db, &site.a, async |tx| tx.user_unreachable(GUEST, NOON).await.map(|_| ()).unwrap()).await;
        assert!(says(&press(&client, &room.transfer, "ask", &[("text", "Ау")]).await, "problem=letter-unreachable"));
        let owner = site.signed_in(&site.owner_a()).await;
        for what in ["approve", "reject", "reverse", "ask"] {
            let answer = press(&owner, &room.payment, what, &[("reason", "amount"), ("text", "?")]).await;
            assert_eq!(answer.status, 404, "{what}");
        }
        let stars = owner.send(Method::GET, &format!("{}/receipt", page(&room.payment)), &[], None).await;
        assert_eq!(stars.status, 404);
        site.stop().await;
    }
}
