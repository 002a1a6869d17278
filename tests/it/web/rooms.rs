//! Rows for every address with a parameter: a person, a generation, payments and a story of one tenant.

use std::time::Duration;

use botyard::billing::{self, Claim, Claimed, Payer, SbpTerms};
use botyard::bot::acts::broadcast::Draft;
use botyard::domain::receipt::Reading;
use botyard::domain::settings::Requisites;
use botyard::domain::{
    ApiKeyId, ApiRight, BotInstanceId, BroadcastId, BroadcastKind, ChatId, Corr, GenerationId, GenerationState as S,
    HookDeliveryId, HookEvent, HookId, JobId, Lane, ManualCreditId, MediaPurpose, MessageId, Money, PanelScope,
    PayMethod, PaymentId, PaymentState, PromoId, PromoTerms, UnixMs, UserId,
};
use botyard::store::{
    After, Db, ErrorEntry, GenerationChange, ManualCreditRow, NewBroadcast, NewJob, NewPayment, Seen, TenantTx, UserRow,
};
use botyard::vault::Column;

use super::site::{NOON, Site};
use crate::store::world::{new_generation, offer, within};

/// The person of [`furnish`].
pub(crate) const GUEST: UserId = UserId(5001);

/// What is there.
pub(crate) struct Room {
    pub(crate) guest: UserRow,
    pub(crate) generation: GenerationId,
    pub(crate) payment: PaymentId,
    pub(crate) credit: ManualCreditId,
    /// Under review, with its picture.
    pub(crate) transfer: PaymentId,
    pub(crate) corr: Corr,
    pub(crate) promo: PromoId,
    pub(crate) broadcast: BroadcastId,
    pub(crate) job: JobId,
    pub(crate) key: ApiKeyId,
    pub(crate) hook: HookId,
    pub(crate) delivery: HookDeliveryId,
}

impl Room {
    /// An address with these rows in place of its parameters.
    pub(crate) fn filled(&self, path: &str, tenant: &str) -> String {
        let decides = ["/receipt", "/approve", "/reject", "/reverse", "/ask"].iter().any(|end| path.ends_with(end));
        let path = path
            .replace("{user}", &self.guest.user_id.to_string())
            .replace("{generation}", self.generation.short())
            .replace("{payment}", if decides { self.transfer.short() } else { self.payment.short() })
            .replace("{credit}", self.credit.short())
            .replace("{corr}", self.corr.as_str())
            .replace("{promo}", self.promo.short())
            .replace("{broadcast}", self.broadcast.short())
            .replace("{job}", self.job.short())
            .replace("{key}", self.key.short())
            .replace("{hook}", self.hook.short())
            .replace("{delivery}", self.delivery.short())
            .replace("{kind}", "viewers");
        super::headers::filled(&path, tenant)
    }
}

/// A picture.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let blend = |x: u32, y: u32| {
        image::Rgb([u8::try_from(x * 255 / width).unwrap(), u8::try_from(y * 255 / height).unwrap(), 120])
    };
    image::RgbImage::from_fn(width, height, blend).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A person named `name`.
pub(crate) async fn guest(db: &Db, id: &BotInstanceId, user: UserId, name: &str) -> UserRow {
    let seen =
        Seen { user_id: user, username: Some("guest_name"), first_name: name, last_name: None, language_code: None };
    within(db, id, async |tx| tx.user_seen(&seen, NOON).await.unwrap()).await
}

/// A charge of Stars that was credited.
async fn pay(tx: &mut TenantTx, payment: &PaymentId, guest: &UserRow, corr: &Corr) {
    let paid = NewPayment {
        id: payment,
        invoice_id: None,
        user_id: guest.user_id,
        user_ref: &guest.user_ref,
        method: PayMethod::Stars,
        state: PaymentState::Approved,
        amount: Money::kopecks(10_000),
        stars: Some(160),
        charge_id: Some("stx-guest"),
        source: "stx-guest",
        attempt: 1,
        media_id: None,
        file_unique_id: None,
        sha256: None,
        evidence: None,
        flags: "",
        corr,
    };
    assert!(tx.payment_insert(&paid, NOON).await.unwrap());
}

/// A credit by hand that somebody asked for: another admin must look.
async fn ask(tx: &mut TenantTx, credit: &ManualCreditId, guest: &UserRow) {
    let new = ManualCreditRow {
        id: credit.clone(),
        admin_id: guest.user_id,
        user_id: guest.user_id,
        amount: Money::kopecks(1_000_000),
        reason: "за ожидание".to_owned(),
        created_at: NOON,
        credited_at: None,
    };
    tx.manual_credit_put(&new).await.unwrap();
    assert!(tx.credit_ask(credit, ("user:1", Some("user:1")), NOON).await.unwrap());
}

/// A transfer of fifty roubles and some kopecks that waits for a decision: its picture in the store, `read` in it, and `flags`
/// about it. `seed` makes it unlike the others.
pub(crate) async fn transfer(
    site: &Site,
    db: &Db,
    id: &BotInstanceId,
    guest: &UserRow,
    (seed, flags): (u32, &str),
    read: impl FnOnce(Money) -> Reading,
) -> PaymentId {
    let tenant = site.platform.tenants.get(id).unwrap();
    let picture = crate::util::receipts::png(seed);
    let stored = site.media.put(&tenant, MediaPurpose::Receipt, "image/png", &picture).await.unwrap();
    let (payment, corr) = (PaymentId::random(), Corr::random());
    let to = Requisites {
        phone: crate::util::receipts::PHONE.to_owned(),
        bank: "Тестбанк".to_owned(),
        holder: "Анна А.".to_owned(),
    };
    let requisites = tenant.seal(Column::Requisites, &serde_json::to_vec(&to).unwrap()).unwrap();
    let (day, source) = (Duration::from_hours(24), format!("sbp:{seed}"));
    let payer = Payer { user_id: guest.user_id, user_ref: &guest.user_ref, corr: &corr, now: NOON, life: day };
    within(db, id, async |tx| {
        let terms = SbpTerms { requisites: &requisites, same: &|_| false, most_open: 100 };
        let invoice = billing::open_sbp(tx, &payer, Money::kopecks(5_000), terms).await.unwrap().unwrap();
        let evidence = serde_json::to_vec(&read(invoice.amount)).unwrap();
        let evidence = tenant.seal(Column::Receipt, &evidence).unwrap();
        stored.record(tx, NOON.plus(day * 30), NOON).await.unwrap();
        let claim = Claim {
            id: &payment,
            invoice: &invoice.id,
            source: &source,
            media: &stored.id,
            file_unique_id: Some(&stored.sha256),
            sha256: &stored.sha256,
            evidence: Some(&evidence),
            flags,
            alone: None,
            accepted_at: NOON,
            most: 5,
            corr: &corr,
            now: NOON,
        };
        assert!(matches!(billing::claim(tx, &claim).await.unwrap(), Claimed::Review(_)));
    })
    .await;
    payment
}

/// A picture that says what it should.
pub(crate) fn reads_well(amount: Money) -> Reading {
    Reading {
        amounts: vec![amount],
        keywords: vec!["успешно".to_owned()],
        phone: true,
        operation: Some("A63280715350100".to_owned()),
        failed: false,
        made: true,
    }
}

/// A partner's webhook that was told one event.
async fn hooked(db: &Db, site: &Site, id: &BotInstanceId, corr: &Corr) -> (HookId, HookDeliveryId) {
    let tenant = site.platform.tenants.get(id).unwrap();
    within(db, id, async |tx| {
        let events = HookEvent::SUBSCRIBED;
        let url = "https://crm.example/botyard/events";
        let added = botyard::tenants::hooks::add(tx, &tenant, url, &events, NOON).await.unwrap().unwrap();
        assert!(tx.hook_test_put(&added.id, corr, NOON).await.unwrap());
        let newest = After { at: UnixMs(i64::MAX), key: String::new() };
        let told = tx.hook_deliveries_listed(&added.id, &newest, 1).await.unwrap().remove(0);
        (added.id, told.id)
    })
    .await
}

/// Puts a row of each kind into a tenant: a charge of Stars, a result that was not delivered, an error.
pub(crate) async fn furnish(site: &Site, db: &Db, id: &BotInstanceId) -> Room {
    let guest = guest(db, id, GUEST, "Гость").await;
    let (generation, payment, corr) = (GenerationId::random(), PaymentId::random(), Corr::random());
    let (promo, broadcast, job, credit) =
        (PromoId::random(), BroadcastId::random(), JobId::random(), ManualCreditId::random());
    let quote = offer(guest.user_id, 7);
    let tenant = site.platform.tenants.get(id).unwrap();
    let picture = site.media.put(&tenant, MediaPurpose::Upload, "image/png", &png(320, 180)).await.unwrap();
    let draft = Draft {
        text: "<b>Скидка</b> до пятницы".to_owned(),
        picture: Some((picture.id.clone(), "image/png".to_owned())),
    };
    let sealed = tenant.seal(Column::Draft, &serde_json::to_vec(&draft).unwrap()).unwrap();
    within(db, id, async |tx| {
        tx.quote_insert(&quote).await.unwrap();
        assert!(tx.generation_insert(&new_generation(&generation, &quote, &guest, &corr), NOON).await.unwrap());
        let mut from = S::Created;
        for to in [S::Submitting, S::Queued, S::Delivering, S::Undelivered] {
            assert!(tx.generation_move(&generation, &[from], to, &GenerationChange::default(), NOON).await.unwrap());
            from = to;
        }
        pay(tx, &payment, &guest, &corr).await;
        ask(tx, &credit, &guest).await;
        let entry = ErrorEntry {
            corr: &corr,
            stage: "storage",
            handler: "callback gen:confirm",
            class: "db_slow",
            message: "statement timeout",
            update_id: None,
        };
        tx.error_put(&entry, NOON).await.unwrap();
        let terms = PromoTerms::parse("WELCOME 50 100 1 30").unwrap();
        let until = NOON.plus(Duration::from_hours(720));
        assert!(tx.promo_insert(&promo, &terms, guest.user_id, until, NOON).await.unwrap());
        let text = "Как пополнить баланс\nОткройте «Баланс» и выберите сумму.";
        botyard::knowledge::add(tx, text, guest.user_id, NOON).await.unwrap();
        let new = NewBroadcast {
            id: &broadcast,
            kind: BroadcastKind::Text,
            admin: guest.user_id,
            chat: ChatId::from(guest.user_id),
            message: MessageId(1),
            sealed: Some(&sealed),
            corr: &corr,
        };
        picture.record(tx, NOON.plus(Duration::from_hours(24)), NOON).await.unwrap();
        tx.broadcast_compose(&new, NOON).await.unwrap();
        assert!(tx.broadcast_confirm(&broadcast, 10, NOON, NOON).await.unwrap().is_some());
        let work = NewJob {
            id: job.clone(),
            lane: Lane::Sweep,
            kind: "nothing",
            dedupe_key: "nothing",
            run_at: NOON,
            max_attempts: 3,
            payload: "{}",
            corr: &corr,
        };
        assert!(tx.job_put(&work, NOON).await.unwrap());
        assert!(tx.viewer_add(guest.user_id, guest.user_id, NOON).await.unwrap());
    })
    .await;
    let transfer = transfer(site, db, id, &guest, (1, ""), reads_well).await;
    let scope = PanelScope::Tenant(id.clone());
    let key =
        botyard::accounts::keys::issue(db, &scope, "Бухгалтерия", &[ApiRight::Read], "cli", NOON).await.unwrap().id;
    let (hook, delivery) = hooked(db, site, id, &corr).await;
    Room { guest, generation, payment, credit, transfer, corr, promo, broadcast, job, key, hook, delivery }
}
