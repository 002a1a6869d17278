//! The web side on real ports: both listeners over a database of the test's own, two tenants, and clients that behave as
//! browsers do. No workers: what was recorded stays where a test can look at it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use botyard::accounts::{Identity, Subject, links};
use botyard::bot::{ChatQueues, Platform};
use botyard::catalog::Catalog;
use botyard::clients::{Http, HttpSettings, Telegram};
use botyard::config::{Settings, Sources};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{AdminRole, BotInstanceId, BotToken, Clock, Origin, UnixMs, UserId};
use botyard::generation::MediaStore;
use botyard::lifecycle::Tasks;
use botyard::locks::Locks;
use botyard::signals::{Signals, Wakes};
use botyard::store::Db;
use botyard::telemetry::Metrics;
use botyard::tenants::Registry;
use botyard::tenants::provision::{self, NewBot};
use botyard::texts::Texts;
use botyard::vault::{MasterKey, Vault};
use botyard::web::listener::{Limits, Listener};
use botyard::web::{Parts, WebState, router};
use reqwest::Method;
use reqwest::header::HeaderMap;

/// 2026-11-22 12:00 UTC.
pub(crate) const NOON: UnixMs = UnixMs(1_795_348_800_000);
/// The owner of tenant A, an admin of it, the owner of tenant B, the platform's owner.
pub(crate) const OWNER_A: UserId = UserId(901);
pub(crate) const ADMIN_A: UserId = UserId(902);
pub(crate) const OWNER_B: UserId = UserId(911);
pub(crate) const PLATFORM_OWNER: UserId = UserId(99);

/// A running site.
pub(crate) struct Site {
    pub(crate) platform: Arc<Platform>,
    pub(crate) state: WebState,
    pub(crate) clock: Clock,
    pub(crate) main: SocketAddr,
    pub(crate) admin: SocketAddr,
    pub(crate) a: BotInstanceId,
    pub(crate) b: BotInstanceId,
    pub(crate) media: MediaStore,
    _files: tempfile::TempDir,
    tasks: Tasks,
    _wakes: Wakes,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The value of a hidden field.
    pub(crate) fn field(&self, name: &str) -> String {
        let (_, after) = self.body.split_once(&format!("name=\"{name}\" value=\"")).expect("the form has the field");
        after.split('"').next().unwrap().to_owned()
    }
}

impl Site {
    /// Starts with the usual settings.
    pub(crate) async fn start(db: &Db) -> Self {
        Self::start_with(db, &[]).await
    }

    /// Starts with settings of the test's own.
    pub(crate) async fn start_with(db: &Db, more: &[(&str, &str)]) -> Self {
        let usual = [("owner.ids", "99"), ("panel.links", "100 per 1 min"), ("kie.api_key", "fake-test-key")];
        let overrides =
            usual.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let settings = Settings::load(&Sources { overrides, ..Sources::default() }).unwrap();
        let (signals, wakes) = Signals::new();
        let clock = Clock::manual(NOON);
        let tasks = Tasks::new();
        let main = Listener::bind("BOTYARD_LISTEN", ([127, 0, 0, 1], 0).into(), Limits::default()).await.unwrap();
        let admin =
            Listener::bind("BOTYARD_ADMIN_LISTEN", ([127, 0, 0, 1], 0).into(), Limits::default()).await.unwrap();
        let public_url = settings.public_url(main.local_addr());
        let platform = Arc::new(Platform {
            db: db.clone(),
            catalog: Catalog::embedded().unwrap(),
            texts: Arc::new(Texts::embedded().unwrap()),
            tenants: Arc::new(Registry::new()),
            clock: clock.clone(),
            signals,
            locks: Locks::memory(clock.clone()),
            settings: Arc::new(settings),
            vault: Arc::new(Vault::create(MasterKey::random()).unwrap().0),
            manager: botyard::tenants::onboard::Manager::default(),
            chats: ChatQueues::new(8),
        });
        let files = tempfile::tempdir().unwrap();
        let http = Http::new(&HttpSettings::default()).unwrap();
        let telegram = Telegram::from_settings(http, &platform.settings.telegram).unwrap();
        let media = MediaStore::folder(files.path());
        let state = WebState::new(Parts {
            platform: platform.clone(),
            tasks: tasks.clone(),
            metrics: Metrics::of_process(),
            public_url,
            telegram,
            media: media.clone(),
            instance: "test".to_owned(),
            boot: botyard::web::BootSlot::default(),
        });
        let (main_at, admin_at) = (main.local_addr(), admin.local_addr());
        main.serve("web", router::main(&state), &tasks);
        admin.serve("admin", router::admin(&state), &tasks);
        let (a, b) = (id("tenant-a"), id("tenant-b"));
        let (main, admin) = (main_at, admin_at);
        let site = Self { platform, state, clock, main, admin, a, b, media, _files: files, tasks, _wakes: wakes };
        let support = |brand: &str| TenantSettings {
            brand: brand.to_owned(),
            support_contact: "@help".to_owned(),
            ..TenantSettings::default()
        };
        site.host(&site.a, 1, &[OWNER_A, ADMIN_A], &support("Атлас")).await;
        site.host(&site.b, 2, &[OWNER_B], &support("Бриз")).await;
        site
    }

    /// Hosts a bot that Telegram has found in order.
    pub(crate) async fn host(&self, id: &BotInstanceId, n: i64, admins: &[UserId], settings: &TenantSettings) {
        let token = BotToken::parse(&format!("{}:AAfaketesttoken{n:0>20}", 7_000_000_000 + n)).unwrap();
        let bot = NewBot {
            id,
            token: &token,
            admins,
            partner_id: "partner",
            settings,
            provider_key: None,
            telegram_api_url: None,
            origin: Origin::Cli,
            managed: false,
        };
        provision::add(&self.platform.db, &self.platform.vault, &bot, NOON).await.unwrap();
        self.check(id, None, None).await;
        self.refresh().await;
    }

    /// Notes what a look at Telegram found.
    pub(crate) async fn check(&self, id: &BotInstanceId, token_error: Option<&str>, webhook_error: Option<&str>) {
        let mut tx = self.platform.db.platform().await.unwrap();
        let username = format!("{}_bot", id.as_str().replace('-', "_"));
        let check = botyard::store::TenantCheck {
            bot_username: Some(&username),
            token_error,
            // Fetched: the site has no address that Telegram could reach.
            webhook_url: Some(""),
            webhook_error,
        };
        tx.tenant_note_check(id, &check, NOON).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Reads the tenants anew.
    pub(crate) async fn refresh(&self) {
        let broken = self.platform.tenants.refresh(&self.platform.db, &self.platform.vault).await.unwrap();
        assert!(broken.is_empty());
    }

    /// The path of a new link.
    pub(crate) async fn link(&self, who: &Identity) -> String {
        links::issue(&self.platform.db, &self.platform.settings.panel, who, self.clock.now()).await.unwrap()
    }

    /// Somebody who has signed in by a link.
    pub(crate) async fn signed_in(&self, who: &Identity) -> Client {
        let client = self.client();
        let path = self.link(who).await;
        let page = client.get(&path).await;
        let entered = client.post(&path, &[("form_token", &page.field("form_token"))]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/panel"), "{}", entered.body);
        client
    }

    /// A browser that is not signed in.
    pub(crate) fn client(&self) -> Client {
        Client::new(self.main)
    }

    /// The identities of the tests.
    pub(crate) fn owner_a(&self) -> Identity {
        Identity::admin(&self.a, AdminRole::Owner, OWNER_A)
    }

    pub(crate) fn admin_a(&self) -> Identity {
        Identity::admin(&self.a, AdminRole::Admin, ADMIN_A)
    }

    pub(crate) fn owner_b(&self) -> Identity {
        Identity::admin(&self.b, AdminRole::Owner, OWNER_B)
    }

    pub(crate) fn platform_owner() -> Identity {
        Identity::platform_owner(Subject::Telegram(PLATFORM_OWNER))
    }

    /// Stops the listeners.
    pub(crate) async fn stop(self) {
        self.tasks.shutdown(Duration::from_secs(5)).await;
    }
}

pub(crate) fn id(text: &str) -> BotInstanceId {
    BotInstanceId::parse(text).unwrap()
}

/// A browser: keeps cookies, follows nothing, says where its forms come from.
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Client {
    #[expect(clippy::disallowed_methods, reason = "the test plays a browser")]
    pub(crate) fn new(address: SocketAddr) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, base: format!("http://{address}"), cookies: Mutex::default() }
    }

    /// Where this site's pages come from.
    pub(crate) fn origin(&self) -> &str {
        &self.base
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Plants a cookie.
    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form as a page of this site does.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let origin = self.base.clone();
        self.send(Method::POST, path, &[("origin", &origin), ("sec-fetch-site", "same-origin")], Some(form)).await
    }

    /// Sends a form with a file as a page of this site does.
    pub(crate) async fn upload(&self, path: &str, form: &[(&str, &str)], (name, content): (&str, &[u8])) -> Answer {
        let mut body = Vec::new();
        for (field, value) in form {
            body.extend(
                format!("--frame\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!("--frame\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"a.bin\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend(content);
        body.extend(b"\r\n--frame--\r\n");
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.post(format!("{}{path}", self.base)).header("origin", &self.base);
        let request = request.header("sec-fetch-site", "same-origin").header("cookie", cookies.join("; "));
        self.read(request.header("content-type", "multipart/form-data; boundary=frame").body(body)).await
    }

    /// The bytes of a file.
    pub(crate) async fn download(&self, path: &str) -> Vec<u8> {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.get(format!("{}{path}", self.base)).header("cookie", cookies.join("; "));
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.bytes().await.unwrap().to_vec()
    }

    /// Begins to read an answer that has no end of its own.
    pub(crate) async fn listen(&self, path: &str) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", self.base)).header("accept", "text/event-stream");
        let cookies =
            self.cookies.lock().unwrap().iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("; ");
        let response = request.header("cookie", cookies).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        response
    }

    /// Sends anything.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(form) = form {
            let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
            request = request.header("content-type", "application/x-www-form-urlencoded").body(text);
        }
        self.read(request).await
    }

    /// Brings JSON, as other services do.
    pub(crate) async fn bring(&self, path: &str, headers: &[(&str, &str)], body: impl Into<String>) -> Answer {
        let mut request = self.http.post(format!("{}{path}", self.base)).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.read(request).await
    }

    /// The same by any method.
    pub(crate) async fn bring_by(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<String>,
    ) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base)).body(body.into());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.read(request).await
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            let mut jar = self.cookies.lock().unwrap();
            if cookie.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        // A stream of news lives for a minute: that it begins is enough.
        let streams = headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        let body = if streams { String::new() } else { response.text().await.unwrap() };
        Answer { status, headers, body }
    }
}
