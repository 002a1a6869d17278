//! A tenant with people and money, and short ways to sell, deliver and look.

use std::collections::BTreeMap;
use std::sync::Arc;

use botyard::billing::{self, Balance};
use botyard::catalog::{Catalog, Decimal, GenType, Selection, Value};
use botyard::config::{Settings, Sources};
use botyard::domain::{
    BotInstanceId, BotToken, ChatId, Clock, Corr, GenerationId, GenerationState as State, Lane, Language, MessageId,
    Money, Origin, Secret, TenantLimits, TenantSettings, UnixMs, UserId,
};
use botyard::generation::settle::{self, Confirmed, Delivery};
use botyard::generation::{Accepted, Buyer, Job, Order, Place, Press, Quote, Shop, WhichQuote, accept, quote};
use botyard::store::{Counter, Db, GenerationChange, GenerationRow, JobRow, Seen, TenantTx, UserRow};
use botyard::tenants::provision::{self, NewBot};
use botyard::tenants::{Registry, Tenant};
use botyard::vault::{MasterKey, Vault};

/// 2026-11-22 12:00 UTC, 15:00 in Moscow: when the tests happen.
pub(crate) const NOON: UnixMs = UnixMs(1_795_348_800_000);
pub(crate) const ALICE: UserId = UserId(1001);
pub(crate) const BOB: UserId = UserId(1002);
pub(crate) const ADMIN: UserId = UserId(9001);
pub(crate) const KEY: &str = "kie-test-key";

pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) tenant: Arc<Tenant>,
    pub(crate) catalog: &'static Catalog,
    vault: Vault,
}

impl World {
    pub(crate) async fn new(db: Db) -> Self {
        Self::with(db, |_| {}).await
    }

    /// With other settings of the tenant.
    pub(crate) async fn with(db: Db, change: impl FnOnce(&mut TenantSettings)) -> Self {
        Self::keyed(db, Some(KEY), change).await
    }

    /// With this key at the provider, or none.
    pub(crate) async fn keyed(db: Db, key: Option<&str>, change: impl FnOnce(&mut TenantSettings)) -> Self {
        Self::limited(db, key, change, |_| {}).await
    }

    /// The same with limits of its own.
    pub(crate) async fn limited(
        db: Db,
        key: Option<&str>,
        change: impl FnOnce(&mut TenantSettings),
        limit: impl FnOnce(&mut TenantLimits),
    ) -> Self {
        let mut limits = TenantLimits::default();
        limit(&mut limits);
        let mut settings = TenantSettings::default();
        change(&mut settings);
        let vault = Vault::create(MasterKey::random()).unwrap().0;
        let id = BotInstanceId::parse("tenant-a").unwrap();
        let (key, token) = (key.map(Secret::new), "7000000001:AAHabcdefghijklmnopqrstuvwxyz0123456");
        let bot = NewBot {
            id: &id,
            token: &BotToken::parse(token).unwrap(),
            admins: &[ADMIN],
            partner_id: "partner",
            settings: &settings,
            provider_key: key.as_ref(),
            telegram_api_url: None,
            origin: Origin::Cli,
            managed: false,
        };
        provision::add(&db, &vault, &bot, NOON).await.unwrap();
        provision::set_limits(&db, &id, &limits, NOON).await.unwrap();
        let tenants = Registry::new();
        // Not the provider's cloud, which would get no callback address that it cannot reach.
        let env = BTreeMap::from([("KIE_API_URL".to_owned(), "http://127.0.0.1:9".to_owned())]);
        // The budgets of calls go by the wall's clock: these tests do not wait for them.
        let fast = |name: &str| (name.to_owned(), "10000 per 1 s".to_owned());
        let overrides = vec![fast("kie.create_rate"), fast("kie.read_rate")];
        assert!(tenants.refresh(&db, &vault).await.unwrap().is_empty());
        Self {
            db,
            settings: Settings::load(&Sources { env, overrides, ..Sources::default() }).unwrap(),
            clock: Clock::manual(NOON),
            tenant: tenants.get(&id).unwrap(),
            catalog: Catalog::embedded().unwrap(),
            vault,
        }
    }

    /// Sets one setting of the tenant, as its owner does.
    pub(crate) async fn set(&mut self, name: &str, value: serde_json::Value) {
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        let changed = botyard::tenants::change::change(&mut tx, name, value, self.now()).await.unwrap();
        assert!(matches!(changed, botyard::tenants::change::Changed::Done { .. }), "{changed:?}");
        tx.commit().await.unwrap();
        let tenants = Registry::new();
        assert!(tenants.refresh(&self.db, &self.vault).await.unwrap().is_empty());
        self.tenant = tenants.get(&self.tenant.id).unwrap();
    }

    /// Changes what the platform's owner allows.
    pub(crate) async fn limit(&mut self, limit: impl FnOnce(&mut TenantLimits)) {
        let mut limits = self.tenant.limits.clone();
        limit(&mut limits);
        provision::set_limits(&self.db, &self.tenant.id, &limits, self.now()).await.unwrap();
        let tenants = Registry::new();
        assert!(tenants.refresh(&self.db, &self.vault).await.unwrap().is_empty());
        self.tenant = tenants.get(&self.tenant.id).unwrap();
    }

    pub(crate) fn now(&self) -> UnixMs {
        self.clock.now()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(std::time::Duration::from_secs(seconds));
    }

    pub(crate) fn shop(&self) -> Shop<'_> {
        Shop { tenant: &self.tenant, catalog: self.catalog, settings: &self.settings }
    }

    /// A person with so many kopecks.
    pub(crate) async fn person(&self, user: UserId, kopecks: i64) -> UserRow {
        let seen = Seen {
            user_id: user,
            username: None,
            first_name: "Some",
            last_name: None,
            language_code: Some(Language::Ru.code()),
        };
        let mut tx = self.tx(user).await;
        let row = tx.user_seen(&seen, self.now()).await.unwrap();
        if kopecks > 0 {
            let (operation, corr) = (Corr::random(), Corr::random());
            let amount = Money::kopecks(kopecks);
            billing::credit(&mut tx, &row.user_ref, operation.as_str(), amount, &corr, self.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        row
    }

    /// A transaction as an update of the person's private chat has it.
    pub(crate) async fn tx(&self, user: UserId) -> TenantTx {
        self.db.tenant_chat(&self.tenant.id, user.into()).await.unwrap()
    }

    pub(crate) async fn quote(&self, user: &UserRow, order: Order) -> Quote {
        self.quote_as(Buyer { user, acts_as_admin: false }, order).await
    }

    pub(crate) async fn quote_as(&self, buyer: Buyer<'_>, order: Order) -> Quote {
        let mut tx = self.tx(buyer.user.user_id).await;
        let place = Place { chat: ChatId(buyer.user.user_id.0), message: None };
        let made = quote::make(&mut tx, &self.shop(), &buyer, place, order, self.now()).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        made
    }

    pub(crate) async fn confirm(&self, user: &UserRow, quote: &Quote) -> Accepted {
        self.confirm_as(Buyer { user, acts_as_admin: false }, WhichQuote::Id(quote.id.clone())).await
    }

    pub(crate) async fn confirm_as(&self, buyer: Buyer<'_>, which: WhichQuote) -> Accepted {
        let mut tx = self.tx(buyer.user.user_id).await;
        let press = Press { which, buyer, corr: &Corr::random(), now: self.now() };
        let accepted = accept(&mut tx, &self.shop(), &press).await.unwrap();
        tx.commit().await.unwrap();
        accepted
    }

    /// Offers an order and confirms the offer.
    pub(crate) async fn start(&self, user: &UserRow, order: Order) -> GenerationRow {
        let quote = self.quote(user, order).await;
        started(self.confirm(user, &quote).await)
    }

    pub(crate) async fn row(&self, id: &GenerationId) -> GenerationRow {
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        tx.generation_get(id).await.unwrap().unwrap()
    }

    pub(crate) async fn balance(&self, user: &UserRow) -> Balance {
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        billing::balance(&mut tx, &user.user_ref).await.unwrap()
    }

    /// (available, held) in kopecks.
    pub(crate) async fn money(&self, user: &UserRow) -> (i64, i64) {
        let balance = self.balance(user).await;
        (balance.available.as_kopecks(), balance.held.as_kopecks())
    }

    /// Free generations left today.
    pub(crate) async fn free_left(&self, user: &UserRow) -> i64 {
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        let limit = i64::from(self.tenant.settings.free_per_day);
        let day = self.tenant.today(self.now());
        billing::free_quota(&mut tx, &user.user_ref, &day, limit).await.unwrap().left
    }

    pub(crate) async fn counted(&self, counter: Counter) -> i64 {
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        tx.counters_of_day(&self.tenant.today(self.now())).await.unwrap().get(counter)
    }

    /// As if the provider had taken it and made `items` results.
    pub(crate) async fn results(&self, id: &GenerationId, items: i64) {
        self.accepted(id).await;
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        let change =
            GenerationChange { items: Some(items), provider_credits: Some(400), ..GenerationChange::default() };
        assert!(tx.generation_move(id, &[State::Queued], State::Delivering, &change, self.now()).await.unwrap());
        for item in 0..items {
            assert!(tx.item_insert(id, item, "photo", None, self.now()).await.unwrap());
        }
        tx.commit().await.unwrap();
    }

    /// As if the provider had taken it.
    pub(crate) async fn accepted(&self, id: &GenerationId) {
        let now = self.now();
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        let intent = GenerationChange { submitted_at: Some(now), ..GenerationChange::default() };
        assert!(tx.generation_move(id, &[State::Created], State::Submitting, &intent, now).await.unwrap());
        let task = GenerationChange {
            provider_task_id: Some("task-1"),
            accepted_at: Some(now),
            ..GenerationChange::default()
        };
        assert!(tx.generation_move(id, &[State::Submitting], State::Queued, &task, now).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Telegram confirms an item.
    pub(crate) async fn deliver(&self, id: &GenerationId, item: i64) -> Delivery {
        let confirmed = Confirmed { item, message: MessageId(500 + item), file_id: Some("file") };
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        let delivery = settle::delivered(&mut tx, &self.tenant, id, confirmed, self.now()).await.unwrap();
        tx.commit().await.unwrap();
        delivery
    }

    /// The jobs that wait in a lane, due or not, as what they are.
    pub(crate) async fn jobs(&self, lane: Lane) -> Vec<Job> {
        self.job_rows(lane).await.iter().map(|job| Job::parse(&job.payload).unwrap()).collect()
    }

    /// The same with all that is known of them. Nothing is claimed: the transaction is given up.
    pub(crate) async fn job_rows(&self, lane: Lane) -> Vec<JobRow> {
        let mut tx = self.db.platform().await.unwrap();
        let far = self.now().plus(std::time::Duration::from_hours(1_000));
        tx.jobs_claim(lane, far, 60_000, 1_000, 1_000).await.unwrap()
    }

    /// The ledger is sound.
    pub(crate) async fn sound(&self) {
        let mut tx = self.db.tenant(&self.tenant.id).await.unwrap();
        assert_eq!(tx.ledger_violations().await.unwrap(), []);
    }
}

pub(crate) fn started(accepted: Accepted) -> GenerationRow {
    match accepted {
        Accepted::Started(row) => *row,
        other => panic!("not started: {other:?}"),
    }
}

fn order(model: &str, gen_type: GenType, chosen: &Selection) -> Order {
    Order::new(Catalog::embedded().unwrap().model(model).unwrap(), gen_type, chosen, None)
}

/// One picture of 0.63 ₽, or one free generation.
pub(crate) fn cheap(prompt: &str) -> Order {
    order("z-image", GenType::TextToImage, &Selection::new().with("prompt", Value::Text(prompt.to_owned())))
}

/// `n` pictures of 3.93 ₽ each; never free.
pub(crate) fn pictures(prompt: &str, n: i64) -> Order {
    let chosen = Selection::new()
        .with("prompt", Value::Text(prompt.to_owned()))
        .with("max_images", Value::Number(Decimal::whole(n)));
    order("bytedance/seedream-v4-text-to-image", GenType::TextToImage, &chosen)
}
