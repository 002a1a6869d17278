//! The sixth wall (architecture.md 6): every method of a tenant's transaction, called by the wrong tenant with the right ids,
//! sees nothing and changes nothing.

use botyard::domain::transfer::Account;
use botyard::domain::{
    BroadcastId, BroadcastKind, Corr, GenerationId, GenerationState, HookState, InvoiceId, InvoiceState, Language,
    MessageId, Money, OutboxState, Payer, PaymentId, PaymentState, PromoCode, ReportAsker, ReportKind, TenantState,
    UnixMs, UpdateId, UserId, UserRef,
};
use botyard::store::{
    After, Attempts, Counter, Db, Decision, ErasedMark, GenerationChange, HookTry, Invitations, NewArticle,
    NewBroadcast, NewReport, PendingPromoRow, PeopleKind, PromoTriesRow, RecipientOutcome, SentItem, SentTo,
    StoreError, TenantTx, Walk, Wanted, WatchFound, WorkKind,
};

use super::home::{DAY, Home, LEASE, SHOWN, furnish, picture};
use super::world::{ALICE, NOON, later, new_generation, two_tenants, within};
use super::{payments, proof, rooms};
use crate::util::db::on_each_db;

on_each_db! {
    async fn another_tenant_sees_and_changes_nothing(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let home = furnish(&db, &a, ALICE).await;
        let before = picture(&db, &a).await;
        within(&db, &b, async |tx| proof::sees_nothing(tx, &home).await).await;
        within(&db, &b, async |tx| rooms::sees_nothing(tx, &home).await).await;
        // First, while nothing of their own belongs to the same story.
        within(&db, &b, async |tx| diagnostics(tx, &home).await).await;
        within(&db, &b, async |tx| people(tx, &home).await).await;
        within(&db, &b, async |tx| outbox_and_jobs(tx, &home).await).await;
        within(&db, &b, async |tx| offers_and_generations(tx, &home).await).await;
        within(&db, &b, async |tx| what_is_noted_beside(tx, &home).await).await;
        within(&db, &b, async |tx| results_and_money(tx, &home).await).await;
        within(&db, &b, async |tx| bonuses(tx, &home).await).await;
        within(&db, &b, async |tx| what_admins_do(tx, &home).await).await;
        within(&db, &b, async |tx| what_the_panel_asks(tx, &home).await).await;
        within(&db, &b, async |tx| knowledge_and_erasure(tx, &home).await).await;
        within(&db, &b, async |tx| broadcasts(tx, &home).await).await;
        within(&db, &b, async |tx| money_in(tx, &home).await).await;
        within(&db, &b, async |tx| programs(tx, &home).await).await;
        assert_eq!(picture(&db, &a).await, before);
    }

    async fn another_tenants_rows_cannot_be_referred_to(db: Db) {
        let (a, b) = two_tenants(&db).await;
        let home = furnish(&db, &a, ALICE).await;
        let before = picture(&db, &a).await;
        for attempt in 0..12 {
            let mut tx = db.tenant(&b).await.unwrap();
            let refused = match attempt {
                9 => tx.ledger_seal_put(1, home.hold.as_str(), "theirs").await,
                10 => tx.ledger_sum_add(&Account::User(home.user.user_ref.clone()).id(), 1, 0).await,
                11 => tx.credit_copy_put(&crate::store::admin::credit_id(), (home.chat, MessageId(5)), NOON).await,
                0 => tx.session_save(ALICE, 0, b"theirs", NOON).await.map(|_| ()),
                1 => tx.quote_insert(&home.quote).await,
                2 => tx.item_insert(&home.generation, 1, "photo", None, NOON).await.map(|_| ()),
                3 => tx.promo_use(&home.promo, &home.user.user_ref, 1, NOON).await.map(|_| ()),
                4 => {
                    let waits = PendingPromoRow { promo_id: home.promo.clone(), percent: 15, expires_at: later(1) };
                    tx.promo_pending_put(&home.user.user_ref, &waits, NOON).await.map(|_| ())
                }
                5 => tx.erasure_request(ALICE, &home.corr, NOON).await.map(|_| ()),
                6 => tx.review_copy_put(&home.till.review, home.chat, MessageId(5), NOON).await,
                7 => {
                    let mut new = payments::payment(&home.till.charge, &home.user, "theirs", &home.corr);
                    new.invoice_id = Some(&home.till.invoice);
                    tx.payment_insert(&new, NOON).await.map(|_| ())
                }
                _ => {
                    let new = new_generation(&home.generation, &home.used_quote, &home.user, &home.corr);
                    tx.generation_insert(&new, NOON).await.map(|_| ())
                }
            };
            assert!(matches!(refused, Err(StoreError::Refused(_))), "attempt {attempt}: {refused:?}");
        }
        assert_eq!(picture(&db, &a).await, before);
    }
}

async fn people(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.user_get(ALICE).await.unwrap(), None);
    assert_eq!(tx.user_by_ref(&home.user.user_ref).await.unwrap(), None);
    assert!(!tx.user_set_language(ALICE, Language::En).await.unwrap());
    assert!(!tx.user_set_mode(ALICE, true).await.unwrap());
    assert!(!tx.user_started(ALICE, later(1)).await.unwrap());
    assert!(!tx.user_unreachable(ALICE, NOON).await.unwrap());
    assert_eq!(tx.users_count().await.unwrap(), 0);
    assert_eq!(tx.session_load(ALICE).await.unwrap(), None);
    assert!(!tx.session_save(ALICE, 1, b"theirs", NOON).await.unwrap());
    assert!(tx.update_record(UpdateId(1), &home.corr, NOON).await.unwrap(), "their own update of the same number");
    assert_eq!(tx.admins_list().await.unwrap(), []);
    tx.admins_replace(&[], NOON).await.unwrap();
    assert!(tx.counters_between(DAY, DAY).await.unwrap().is_empty());
    assert_eq!(tx.counters_of_day(DAY).await.unwrap().get(Counter::NewUsers), 0);
    assert!(tx.counters_between(DAY, DAY).await.unwrap().is_empty());
    assert!(tx.works_page(WorkKind::All, (UnixMs(i64::MAX), ""), 10).await.unwrap().is_empty());
    tx.counter_add(DAY, Counter::NewUsers, 5).await.unwrap();
    assert_eq!(tx.errors_last(10).await.unwrap(), []);
    assert_eq!(tx.errors_of_corr(&home.corr).await.unwrap(), []);
    // A person of the same Telegram id is somebody else there.
    let theirs = tx.user_seen(&super::world::seen(ALICE), NOON).await.unwrap();
    assert!(theirs.is_new() && theirs.user_ref != home.user.user_ref);
}

async fn outbox_and_jobs(tx: &mut TenantTx, home: &Home) {
    let (id, items) = (&home.message.id, [SentItem { item: 0, message_id: MessageId(1), file_id: None }]);
    assert_eq!(tx.outbox_claim_chat(home.chat, later(99), LEASE).await.unwrap(), []);
    assert_eq!(tx.outbox_open_count(home.chat).await.unwrap(), 0);
    assert!(!tx.outbox_renew(home.chat, &home.message, LEASE).await.unwrap());
    for to in [SentTo::Nothing, SentTo::Progress(&home.generation), SentTo::Items(&home.generation, &items)] {
        assert!(!tx.outbox_sent(id, Some(MessageId(1)), to, NOON).await.unwrap());
    }
    assert!(!tx.outbox_retry(id, 1, NOON, "theirs").await.unwrap());
    assert_eq!(tx.outbox_doubt(id, 1, NOON, "theirs").await.unwrap(), None);
    assert!(!tx.outbox_finish(id, 1, OutboxState::Dead, "theirs").await.unwrap());
    let job = &home.job;
    assert!(!tx.job_heartbeat(&job.id, 1, LEASE).await.unwrap());
    assert!(!tx.job_retry(&job.id, 1, NOON, "theirs").await.unwrap());
    assert!(!tx.job_dead(&job.id, 1, "theirs", NOON).await.unwrap());
    assert!(!tx.job_finish(&job.id, 1, NOON).await.unwrap());
    assert!(!tx.job_again(&job.id, 1, NOON).await.unwrap());
    assert!(!tx.job_wake("waiting", NOON).await.unwrap());
}

async fn offers_and_generations(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.quote_get(&home.quote.id).await.unwrap(), None);
    assert_eq!(tx.quote_by_message(home.chat, SHOWN).await.unwrap(), None);
    assert!(!tx.quote_use(&home.quote.id, &GenerationId::random(), None, NOON).await.unwrap());
    assert!(!tx.quote_close(&home.quote.id).await.unwrap());
    assert_eq!(tx.quotes_close_open_of(ALICE).await.unwrap(), 0);
    let id = &home.generation;
    assert_eq!(tx.generation_get(id).await.unwrap(), None);
    assert_eq!(tx.generation_by_quote(&home.used_quote.id).await.unwrap(), None);
    assert_eq!(tx.generation_by_callback_hash(id.short()).await.unwrap(), None);
    assert_eq!(tx.generation_equal_active(ALICE, &home.used_quote.fingerprint, NOON).await.unwrap(), None);
    assert_eq!(tx.generations_active_count(ALICE).await.unwrap(), 0);
    assert_eq!(tx.generations_history(ALICE, 10).await.unwrap(), []);
    assert_eq!(tx.generation_older(ALICE, id).await.unwrap(), None);
    assert_eq!(tx.generation_newer(ALICE, id).await.unwrap(), None);
    assert_eq!(tx.generation_place(ALICE, id).await.unwrap(), None);
    let (from, none) = ([GenerationState::Created], GenerationChange::default());
    assert!(!tx.generation_move(id, &from, GenerationState::Canceled, &none, NOON).await.unwrap());
    assert!(!tx.generation_set_stage(id, "theirs").await.unwrap());
    assert!(!tx.generation_set_progress_message(id, MessageId(1)).await.unwrap());
    assert!(!tx.generation_late_noticed(id, NOON).await.unwrap());
}

async fn what_is_noted_beside(tx: &mut TenantTx, home: &Home) {
    let (id, ended) = (&home.generation, &home.ended);
    assert!(!tx.quote_join(&home.quote.id, id).await.unwrap());
    assert!(!tx.quote_reopen(&home.used_quote.id, id).await.unwrap());
    assert_eq!(tx.generations_at_work(ALICE, UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.generations_canceled_late(ALICE, UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.generations_paid_by(Payer::Free, UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.generations_ended_by(ALICE, UnixMs(0), "by_user", id).await.unwrap(), 0);
    assert_eq!(tx.generations_undelivered(ALICE).await.unwrap(), []);
    assert!(tx.works_page(WorkKind::All, (UnixMs(i64::MAX), ""), 10).await.unwrap().is_empty());
    assert!(!tx.generation_note_task(ended, "theirs", NOON).await.unwrap());
    assert!(!tx.generation_note_end(ended, 5, 1).await.unwrap());
    assert_eq!(tx.generation_waiting_place(id).await.unwrap(), None);
    assert_eq!(tx.generations_in_flight(UnixMs(0)).await.unwrap(), 0);
    assert!(!tx.generation_expect(id, 5).await.unwrap());
    assert_eq!(tx.generation_expected_credits(id).await.unwrap(), None);
    assert_eq!(tx.generations_expected_credits(UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.generations_handed_over_credits(UnixMs(0)).await.unwrap(), 0);
    assert!(tx.counter_add_within(DAY, Counter::AdminFree, 1, 1).await.unwrap(), "a day of their own");
    assert!(!tx.counter_add_within(DAY, Counter::AdminFree, 1, 1).await.unwrap());
    assert_eq!(tx.media_bytes().await.unwrap(), 0);
    assert_eq!(tx.counter_total(Counter::Generations).await.unwrap(), 0);
}

async fn results_and_money(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.items_of(&home.generation).await.unwrap(), []);
    assert!(!tx.item_sent(&home.generation, 0, MessageId(1), None, NOON).await.unwrap());
    assert!(!tx.item_forget_copies(&home.generation, 0).await.unwrap());
    assert!(!tx.item_set_media(&home.generation, 0, &home.media.id).await.unwrap());
    assert_eq!(tx.media_get(&home.media.id).await.unwrap(), None);
    assert!(!tx.media_keep_until(&home.media.id, NOON).await.unwrap());
    assert!(!tx.media_delete(&home.media.id).await.unwrap());
    assert_eq!(tx.free_left_parts(&home.user.user_ref, DAY).await.unwrap(), (0, 0));
    assert!(!tx.free_resolve(&home.generation, 2).await.unwrap());
    let theirs = GenerationId::random();
    assert!(tx.free_reserve(&theirs, &home.user.user_ref, DAY, 3, 3, NOON).await.unwrap(), "a quota of their own");
    let account = tx.account_get(&Account::User(home.user.user_ref.clone())).await.unwrap();
    assert_eq!((account.posted, account.held), (0, 0));
    assert!(!tx.hold_is_open(&home.hold).await.unwrap());
    assert!(tx.transfers_of_corr(&home.corr).await.unwrap().is_empty());
    assert!(tx.ledger_violations().await.unwrap().is_empty());
    let release = botyard::billing::release(tx, &home.hold, &home.generation, 1, &Corr::random(), NOON).await;
    assert!(!matches!(release, Ok(true)), "money of another tenant moved");
}

async fn bonuses(tx: &mut TenantTx, home: &Home) {
    let (user, promo) = (&home.user.user_ref, &home.promo);
    assert_eq!(tx.free_standing(user, DAY).await.unwrap(), (3, 0), "what they reserved themselves");
    assert_eq!(tx.bank_total().await.unwrap(), 0);
    assert_eq!(tx.referral_link_get(user).await.unwrap(), None);
    assert_eq!(tx.referral_link_owner("token").await.unwrap(), None);
    assert!(tx.referral_link_put(user, "token", NOON).await.unwrap(), "tokens are a tenant's own");
    assert_eq!(tx.referrals_of(user).await.unwrap(), Invitations::default());
    assert_eq!(tx.referrals_since(UnixMs(0)).await.unwrap(), Invitations::default());
    assert!(tx.referral_put(user, &UserRef::random(), NOON).await.unwrap());
    assert_eq!(tx.gift_get(user).await.unwrap(), None);
    assert!(tx.gift_put(user, Money::kopecks(1), NOON).await.unwrap());
    assert_eq!(tx.promo_get(promo).await.unwrap(), None);
    assert_eq!(tx.promo_by_code(&PromoCode::parse("SUMMER").unwrap()).await.unwrap(), None);
    assert_eq!(tx.promos_newest(10).await.unwrap(), []);
    assert!(!tx.promo_off(promo, NOON).await.unwrap());
    assert!(!tx.promo_count(promo, NOON).await.unwrap());
    assert!(!tx.promo_uncount(promo).await.unwrap());
    assert!(!tx.promo_unuse(promo, user, 1).await.unwrap());
    assert_eq!(tx.promo_uses_of(promo, user).await.unwrap(), 0);
    assert_eq!(tx.promo_uses_since(UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.promo_pending_get(user, NOON).await.unwrap(), None);
    assert_eq!(tx.promo_pending_take(user, NOON).await.unwrap(), None);
    assert_eq!(tx.promo_tries_get(user).await.unwrap(), None);
    tx.promo_tries_put(user, &PromoTriesRow { wrong: 0, since: NOON, closed_until: NOON }).await.unwrap();
}

async fn knowledge_and_erasure(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.knowledge_get(1).await.unwrap(), None);
    assert_eq!(tx.knowledge_hits(&["деньг".to_owned()]).await.unwrap(), []);
    assert_eq!(tx.knowledge_count().await.unwrap(), 0);
    assert!(!tx.knowledge_remove(1, ALICE, NOON).await.unwrap());
    let theirs = NewArticle { title: "theirs", body: "", text_hash: "theirs", added_by: ALICE };
    let number = tx.knowledge_add(&theirs, &[("деньг".to_owned(), 1)], NOON).await.unwrap();
    assert_eq!(number, Some(1), "a base of their own");
    assert_eq!(tx.erased_mark_get("of somebody").await.unwrap(), None);
    let mark = ErasedMark { mark: "of somebody".into(), day: DAY.into(), day_used: 9, gift: None, erased_at: NOON };
    tx.erased_mark_put(&mark).await.unwrap();
    tx.erased_day_carry(&home.user.user_ref, "2026-01-01", 1).await.unwrap();
    assert!(!tx.erasure_is_requested(ALICE).await.unwrap());
    assert_eq!(tx.erasure_of(&home.corr).await.unwrap(), None);
    assert_eq!(tx.erasure_waits_for(ALICE).await.unwrap(), 0);
    assert_eq!(tx.erasure_results(ALICE).await.unwrap(), []);
    assert!(tx.erasure_orders(ALICE).await.unwrap().is_empty());
    // Their own person of that id, made before, is all that goes.
    assert!(tx.erasure_finish(ALICE).await.unwrap());
    assert_eq!(tx.user_get(ALICE).await.unwrap(), None);
}

async fn broadcasts(tx: &mut TenantTx, home: &Home) {
    let (id, draft, chat) = (&home.broadcast, &home.draft, home.chat);
    let walk = Walk { epoch: 0, reached: 0, tries: 0, run_at: NOON, lease_ms: LEASE };
    assert_eq!(tx.broadcast_audience().await.unwrap(), 0);
    assert_eq!(tx.broadcast_get(id).await.unwrap(), None);
    assert_eq!(tx.broadcast_unfinished().await.unwrap(), None);
    assert_eq!(tx.broadcasts_recent(10).await.unwrap(), []);
    assert!(!tx.broadcast_set_source(draft, chat, MessageId(1)).await.unwrap());
    assert!(!tx.broadcast_set_progress(id, chat, MessageId(1)).await.unwrap());
    assert!(!tx.broadcast_progress_shown(id, NOON).await.unwrap());
    assert_eq!(tx.broadcast_draft(id).await.unwrap(), None);
    assert!(!tx.broadcast_drop(draft).await.unwrap() && tx.broadcasts_drafts(9).await.unwrap().is_empty());
    assert_eq!(tx.broadcast_confirm(draft, 1, NOON, NOON).await.unwrap(), None);
    assert!(!tx.broadcast_pause(id, None).await.unwrap());
    assert!(!tx.broadcast_resume(id).await.unwrap());
    assert!(!tx.broadcast_stop(id, NOON).await.unwrap());
    assert_eq!(tx.recipients_gather(id, i64::MIN, 10, NOON).await.unwrap(), None);
    assert!(!tx.broadcast_gathered(id, 0, NOON).await.unwrap());
    assert_eq!(tx.recipients_next(id, 0, i64::MIN, 10).await.unwrap(), []);
    assert_eq!(tx.recipients_next_try(id).await.unwrap(), None);
    assert!(!tx.broadcast_step(id, &[(ALICE, RecipientOutcome::Sent)], None, &walk).await.unwrap());
    assert!(!tx.broadcast_done(id, 0, NOON).await.unwrap());
    assert_eq!(tx.recipients_drop(id, 10).await.unwrap(), 0);
    assert!(!tx.broadcast_cleared(id, 0).await.unwrap());
    assert!(!tx.broadcast_release(id, 0).await.unwrap());
    // Composing forgets the drafts of one's own tenant only.
    let new = NewBroadcast {
        id: &BroadcastId::random(),
        kind: BroadcastKind::Text,
        admin: ALICE,
        chat,
        message: SHOWN,
        sealed: None,
        corr: &home.corr,
    };
    tx.broadcast_compose(&new, NOON).await.unwrap();
}

async fn money_in(tx: &mut TenantTx, home: &Home) {
    let (invoice, review, charge) = (&home.till.invoice, &home.till.review, &home.till.charge);
    assert_eq!(tx.invoice_get(invoice).await.unwrap(), None);
    assert_eq!(tx.invoices_of(ALICE, 9).await.unwrap(), []);
    assert_eq!(tx.invoices_open_sbp_of(ALICE, NOON, 9).await.unwrap(), []);
    assert_eq!(tx.invoice_amounts_taken(Money::ZERO, Money::kopecks(9_999)).await.unwrap(), []);
    assert_eq!(tx.invoice_attempt(invoice, 9, NOON).await.unwrap(), None);
    assert!(!tx.invoice_move(invoice, &[InvoiceState::Open], InvoiceState::Approved, NOON).await.unwrap());
    assert_eq!(tx.payment_get(review).await.unwrap(), None);
    assert_eq!(tx.payment_by_charge(payments::CHARGE).await.unwrap(), None);
    assert_eq!(tx.payments_by_charges(&[payments::CHARGE]).await.unwrap(), []);
    assert_eq!(tx.payment_by_source("first").await.unwrap(), None);
    assert_eq!(tx.payment_of_picture(payments::PICTURE, "file").await.unwrap(), None);
    let approve = Decision { from: PaymentState::Review, to: PaymentState::Approved, by: "auto", reason: None };
    assert!(!tx.payment_decide(review, &approve, NOON).await.unwrap());
    assert_eq!(tx.payment_refund_begins(charge, PaymentState::Refunding, NOON).await.unwrap(), None);
    assert!(!tx.payment_confirmed(payments::CHARGE, NOON).await.unwrap());
    assert_eq!(tx.payments_supersede(invoice, charge, NOON).await.unwrap(), []);
    assert_eq!(tx.payments_review_oldest(9).await.unwrap(), []);
    assert_eq!(tx.payments_review_count().await.unwrap(), 0);
    assert_eq!(tx.payments_recent(9).await.unwrap(), []);
    assert_eq!(tx.payments_with_picture(9).await.unwrap(), []);
    assert_eq!(tx.payments_totals().await.unwrap(), []);
    assert!(!tx.payment_reminded(review, 1).await.unwrap());
    assert_eq!(tx.payments_credited_to(ALICE).await.unwrap(), (0, Money::ZERO));
    assert_eq!(tx.reviews_of_invoice(invoice).await.unwrap(), 0);
    assert_eq!(tx.review_first_by(review).await.unwrap(), None);
    assert!(!tx.review_first_approval(review, "theirs", NOON).await.unwrap());
    assert!(!tx.invoice_lock(invoice, NOON).await.unwrap());
    assert!(!tx.invoice_reopen(invoice, NOON, NOON).await.unwrap());
    assert_eq!(tx.payments_unconfirmed(NOON, 9).await.unwrap(), Vec::<String>::new());
    assert_eq!(tx.review_copies(review).await.unwrap(), []);
    assert_eq!(tx.stars_check_get().await.unwrap(), None);
    tx.stars_check_put(&payments::check("theirs")).await.unwrap();
    assert_eq!(tx.stars_course_get().await.unwrap(), None);
    tx.stars_course_put(&payments::course(1)).await.unwrap();
    // An open transfer of theirs may have the same amount: tails are a tenant's own.
    let theirs = tx.user_seen(&super::world::seen(super::world::BOB), NOON).await.unwrap();
    let id = InvoiceId::random();
    assert!(tx.invoice_insert(&payments::sbp(&id, &theirs, 5_017, &home.corr), NOON).await.unwrap());
    let id = PaymentId::random();
    let mut same = payments::payment(&id, &theirs, "first", &home.corr);
    same.sha256 = Some(payments::PICTURE);
    assert!(tx.payment_insert(&same, NOON).await.unwrap(), "a fact of their own");
}

async fn diagnostics(tx: &mut TenantTx, home: &Home) {
    let holds = tx.check_holds(later(99), later(99)).await.unwrap();
    assert_eq!((holds.open, holds.sum, holds.overdue), (0, 0, 0));
    assert_eq!((tx.check_moved(UnixMs(0)).await.unwrap(), tx.check_invoices().await.unwrap()), (0, 0));
    assert!(tx.reports_last(ReportKind::Preflight, 10).await.unwrap().is_empty());
    let new = NewReport { kind: ReportKind::Preflight, asked_by: ReportAsker::Cli, verdict: "READY", report: "{}" };
    tx.report_put(&new, NOON).await.unwrap();
    assert_eq!(tx.watch_get().await.unwrap(), None);
    let found = WatchFound { trouble: Some("webhook_hijacked"), ..WatchFound::default() };
    assert!(!tx.watch_tell("webhook_hijacked").await.unwrap() && !tx.watch_set(NOON, NOON).await.unwrap());
    tx.watch_put(&found, NOON).await.unwrap();
    assert!(tx.alert_take("busy", NOON, NOON).await.unwrap(), "their own");
    assert!(tx.connection_get().await.unwrap().unwrap().token_checked_at.is_none(), "their own");
    assert_eq!(tx.trace_update(UpdateId(1), &home.corr).await.unwrap(), None);
    assert!(
        tx.trace_messages(&home.corr).await.unwrap().is_empty() && tx.trace_jobs(&home.corr).await.unwrap().is_empty()
    );
    assert!(
        tx.trace_generations(&home.corr).await.unwrap().is_empty()
            && tx.trace_acts(&home.corr).await.unwrap().is_empty()
    );
    assert!(
        tx.trace_invoices(&home.corr).await.unwrap().is_empty()
            && tx.trace_payments(&home.corr).await.unwrap().is_empty()
    );
}

async fn what_admins_do(tx: &mut TenantTx, home: &Home) {
    assert_eq!(tx.admin_role(ALICE).await.unwrap(), None);
    assert!(!tx.user_block(UserId(ALICE.0 + 500), NOON).await.unwrap());
    assert_eq!(tx.user_by_name("someone").await.unwrap().map(|row| row.user_ref == home.user.user_ref), Some(false));
    assert!(tx.users_page(10, 0).await.unwrap().iter().all(|row| row.user_ref != home.user.user_ref));
    assert!(tx.user_block(ALICE, NOON).await.unwrap(), "their own person of the same id");
    assert!(tx.user_unblock(ALICE).await.unwrap());
    assert!(!tx.session_forget(ALICE).await.unwrap());
    assert_eq!(tx.audit_last(i64::MAX, 10).await.unwrap(), []);
    assert_eq!(tx.audit_of_object("user:1", 10).await.unwrap(), []);
    assert_eq!(tx.audit_after(0, 10).await.unwrap(), []);
    assert_eq!(tx.audit_head().await.unwrap(), None);
    assert_eq!(super::admin::act(tx, &home.corr).await, 1, "a chain of their own");
    let id = super::admin::credit_id();
    proof::credits(tx, &id).await;
    assert_eq!(tx.talk_with(ALICE).await.unwrap(), None);
    tx.talk_set(ALICE, UserId(5), NOON).await.unwrap();
    assert_eq!(tx.menus_list().await.unwrap(), []);
    assert!(!tx.menu_forget(home.chat).await.unwrap());
    tx.menu_put(home.chat, "theirs", NOON).await.unwrap();
    assert_eq!(tx.provider_credits_get().await.unwrap(), None);
    tx.provider_credits_put(Some(1), NOON).await.unwrap();
    let settings = tx.settings_get().await.unwrap().unwrap();
    assert!(tx.settings_save(settings.version, "{}", "{}", NOON).await.unwrap(), "their own settings");
    assert!(!tx.settings_save(settings.version, "{}", "{}", NOON).await.unwrap(), "an old version changes nothing");
    let account = Account::User(home.user.user_ref.clone());
    assert_eq!(tx.credits_last(&account, 10).await.unwrap(), []);
    assert_eq!(tx.paid_total(&account).await.unwrap(), (0, 0));
    assert_eq!(tx.owed_to_people().await.unwrap(), 0);
    assert_eq!(tx.given_since(&Account::Adjust, UnixMs(0)).await.unwrap(), 0);
    assert_eq!((tx.work_now().await.unwrap().count, tx.waiting_now().await.unwrap().count), (0, 0));
    assert_eq!(tx.users_apart().await.unwrap(), (0, 0));
    assert_eq!(tx.counters_total().await.unwrap().get(Counter::LastSeen), 0);
    assert_eq!(tx.counter_before("9999-12-31", Counter::ManualCredits).await.unwrap(), 0);
    assert_eq!(tx.models_top(DAY, 5).await.unwrap(), []);
    tx.model_day_add(DAY, "a/model").await.unwrap();
    assert_eq!(tx.check_balances().await.unwrap(), (0, 0));
    assert_eq!(tx.check_free("2026-11-23", 5).await.unwrap(), (0, 0, 0));
    assert_eq!(tx.check_attempts(UnixMs(0), later(99)).await.unwrap(), Attempts { count: 0, duplicates: 0, stuck: 0 });
    assert_eq!(tx.check_sessions(UnixMs(0)).await.unwrap(), 0);
    assert_eq!(tx.probe_get().await.unwrap(), None);
    tx.probe_put("theirs").await.unwrap();
    assert_eq!(tx.generations_of_user(ALICE).await.unwrap(), 0);
    assert_eq!(tx.gallery_newest().await.unwrap(), None);
    assert_eq!(tx.gallery_oldest().await.unwrap(), None);
    assert_eq!(tx.gallery_older(later(99), &home.generation).await.unwrap(), None);
    assert_eq!(tx.gallery_newer(UnixMs(0), &home.generation).await.unwrap(), None);
    assert_eq!(tx.gallery_between(UnixMs(0), later(99), &home.generation).await.unwrap(), 0);
    assert!(tx.admin_grant(ALICE, UserId(5), NOON).await.unwrap(), "an admin of their own");
}

async fn what_the_panel_asks(tx: &mut TenantTx, home: &Home) {
    let start = (UnixMs(i64::MAX), "");
    for kind in [PeopleKind::All, PeopleKind::Blocked, PeopleKind::Lost] {
        let people = tx.people_page(kind, (UnixMs(i64::MAX), i64::MAX), 10).await.unwrap();
        assert!(people.iter().all(|row| row.posted == Money::ZERO), "only their own people, who have nothing");
    }
    for kind in [WorkKind::Busy, WorkKind::Waiting, WorkKind::Failed, WorkKind::Of(ALICE)] {
        assert_eq!(tx.works_page(kind, start, 10).await.unwrap(), []);
    }
    let paid = tx.payments_page((None, None), start, 10).await.unwrap();
    assert!(paid.iter().all(|row| row.id != home.till.charge && row.id != home.till.review));
    assert_eq!(tx.payments_of(ALICE, 10).await.unwrap(), []);
    assert_eq!(tx.errors_page((None, None), UnixMs(0), start, 10).await.unwrap(), []);
    assert_eq!(tx.errors_page((None, Some(ALICE)), UnixMs(0), start, 10).await.unwrap(), []);
    assert_eq!(tx.error_classes(UnixMs(0)).await.unwrap(), []);
    let articles = tx.knowledge_page(i64::MAX, 10).await.unwrap();
    assert!(articles.iter().all(|row| row.title == "theirs"));
    assert!(!tx.job_requeue(&home.job.id, 5, NOON).await.unwrap());
    assert_eq!(tx.viewers_list().await.unwrap(), []);
    assert!(!tx.viewer_is(ALICE).await.unwrap());
    assert!(!tx.viewer_remove(ALICE).await.unwrap());
    assert!(tx.viewer_add(ALICE, ALICE, NOON).await.unwrap(), "a viewer of their own");
    assert_eq!(tx.support_get(NOON).await.unwrap(), None);
    assert!(!tx.support_revoke(NOON).await.unwrap());
    tx.support_grant(ALICE, later(1), NOON).await.unwrap();
    assert!(tx.admin_dismiss(ALICE).await.unwrap(), "the admin of their own, made before");
    let suspended = [TenantState::Suspended, TenantState::Suspended];
    assert!(!tx.state_change(suspended, TenantState::Active, None, NOON).await.unwrap());
    tx.provider_key_set(None, NOON).await.unwrap();
}

async fn programs(tx: &mut TenantTx, home: &Home) {
    let (hook, write) = (super::programs::hook(), super::programs::WRITE);
    assert_eq!(tx.api_answer_get(write.caller, write.idem_key).await.unwrap(), None);
    assert!(!tx.api_answer_set(&write, 500, b"theirs").await.unwrap());
    assert!(tx.api_answer_claim(&write, UnixMs(0), NOON).await.unwrap(), "a key of their own");
    assert_eq!(tx.hook_get(&hook).await.unwrap(), None);
    assert_eq!((tx.hooks_all().await.unwrap(), tx.hooks_count().await.unwrap()), (vec![], 0));
    assert!(!tx.hook_disable(&hook, "theirs", NOON).await.unwrap());
    assert!(!tx.hook_enable(&hook).await.unwrap() && !tx.hook_set_secret(&hook, b"theirs").await.unwrap());
    assert!(!tx.hook_test_put(&hook, &home.corr, NOON).await.unwrap());
    assert!(!tx.hook_note(&hook, false, NOON).await.unwrap() && !tx.hook_note(&hook, true, NOON).await.unwrap());
    assert_eq!(tx.hook_event_put(&super::programs::event(&home.corr, "theirs"), NOON).await.unwrap(), 0);
    assert_eq!(tx.hook_delivery_get(&home.told).await.unwrap(), None);
    assert_eq!(tx.hook_deliveries_listed(&hook, &After::start(), 9).await.unwrap(), []);
    let came = HookTry { state: HookState::Delivered, status: None, error: None };
    assert!(!tx.hook_delivery_tried(&home.told, &came, NOON).await.unwrap());
    assert!(!tx.hook_delivery_again(&home.told).await.unwrap());
    assert!(!tx.hook_delete(&hook).await.unwrap());
    let (any, none) = (Wanted { user: None, state: None }, Wanted { user: Some(ALICE), state: None });
    assert!(tx.users_listed(&After::START, 9).await.unwrap().iter().all(|row| row.user_id != ALICE));
    assert_eq!(tx.generations_listed(&After::start(), any, 9).await.unwrap(), []);
    assert_eq!(tx.payments_listed(&After::start(), none, 9).await.unwrap(), []);
    assert_eq!(tx.errors_listed(&After::start(), 9).await.unwrap(), []);
    assert_eq!(tx.generations_of_corr(&home.corr).await.unwrap(), []);
    let own = tx.state_get().await.unwrap();
    assert_eq!(own, Some(TenantState::Active), "their own state");
    assert!(!tx.state_move(TenantState::Draft, TenantState::Suspended, None, NOON).await.unwrap());
}
