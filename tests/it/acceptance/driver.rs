//! A person who orders: answers the questions of any model, one after another, until the order is shown and beyond.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use botyard::catalog::{Catalog, Media, Model, Param, ParamKind};
use botyard::domain::settings::TenantSettings;
use botyard::domain::{Language, Money, UserId};
use botyard::sandbox::wire::{ChatMessage, GivenFile, KieFault, Outcome, PressAnswer, TaskFault};
use botyard::store::GenerationRow;
use serde_json::json;

use crate::util::app::{Heard, PATIENCE, TestApp, TestBot};
use crate::util::db::TestDb;

/// Three seconds of film without sound.
pub(super) const FILM: &[u8] = include_bytes!("../../../src/sandbox/assets/film.mp4");

/// A bot, and Anna, who has money and has pressed /start.
pub(super) struct Scene {
    pub(super) app: TestApp,
    pub(super) bot: TestBot,
    pub(super) anna: UserId,
}

/// What is chosen where the first value would not do, by parameter.
pub(super) type Picks<'a> = &'a [(&'a str, &'a str)];

impl Scene {
    /// With 500 ₽ and the usual settings.
    pub(super) async fn new(test: &TestDb) -> Self {
        Self::with(test, TenantSettings::default(), &[]).await
    }

    /// With other settings of the tenant and of the platform.
    pub(super) async fn with(test: &TestDb, settings: TenantSettings, more: &[(&str, &str)]) -> Self {
        let app = TestApp::start_with(&test.url, more).await;
        let bot = app.bot("first", 1, settings).await;
        let anna = app.person(101, "Anna", "ru").await;
        app.say(&bot, anna, "/start", "Доступно").await;
        app.credit(&bot, anna, Money::kopecks(50_000)).await;
        Self { app, bot, anna }
    }

    pub(super) async fn restart(self) -> Self {
        Self { app: self.app.restart().await, ..self }
    }

    pub(super) async fn finish(self) {
        self.app.finish().await;
    }

    /// Ends a scene in which the provider still works on what nobody waits for: its watch goes on for a day.
    pub(super) async fn stop(self) {
        self.app.app.stop().await;
        self.app.sandbox.stop().await;
    }

    pub(super) async fn before(&self) -> Heard {
        self.app.version(&self.bot, self.anna).await
    }

    pub(super) async fn say(&self, text: &str, part: &str) -> ChatMessage {
        self.app.say(&self.bot, self.anna, text, part).await
    }

    pub(super) async fn press(&self, label: &str, part: &str) -> ChatMessage {
        self.app.press(&self.bot, self.anna, label, part).await
    }

    pub(super) async fn hear(&self, before: Heard, part: &str) -> ChatMessage {
        self.app.hear(&self.bot, self.anna, before, part).await
    }

    /// Everything the bot has said, oldest first.
    pub(super) async fn said(&self) -> Vec<ChatMessage> {
        let all = self.app.world.messages(&self.bot.username, self.anna.0).await.unwrap();
        all.into_iter().filter(|m| m.from_bot).collect()
    }

    pub(super) async fn newest(&self) -> ChatMessage {
        self.said().await.pop().unwrap()
    }

    /// Presses `data` on the newest message, whether it shows such a button or not.
    pub(super) async fn forge(&self, data: &str) -> PressAnswer {
        let newest = self.newest().await;
        self.forge_at(&newest, data).await
    }

    pub(super) async fn forge_at(&self, message: &ChatMessage, data: &str) -> PressAnswer {
        self.app.world.press_forged(&self.bot.username, self.anna.0, message.id, data, PATIENCE).await.unwrap()
    }

    /// The same, and waits for what it brings.
    pub(super) async fn forge_for(&self, data: &str, part: &str) -> ChatMessage {
        let before = self.before().await;
        self.forge(data).await;
        self.hear(before, part).await
    }

    pub(super) async fn send(&self, kind: &str, name: &str, bytes: Vec<u8>) -> Vec<ChatMessage> {
        self.app.world.send_file(&self.bot.username, self.anna.0, kind, name, bytes, "").await.unwrap()
    }

    /// Sends a file and waits for what it brings.
    pub(super) async fn send_for(&self, kind: &str, name: &str, bytes: Vec<u8>, part: &str) -> ChatMessage {
        let before = self.before().await;
        self.send(kind, name, bytes).await;
        self.hear(before, part).await
    }

    /// Sends content word for word and waits for what it brings.
    pub(super) async fn content(&self, content: &serde_json::Value, part: &str) -> ChatMessage {
        let before = self.before().await;
        self.app.world.send_content(&self.bot.username, self.anna.0, content).await.unwrap();
        self.hear(before, part).await
    }

    pub(super) async fn available(&self) -> Money {
        self.app.balance(&self.bot, self.anna).await.available
    }

    pub(super) async fn held(&self) -> Money {
        self.app.balance(&self.bot, self.anna).await.held
    }

    /// Anna's generations, newest first.
    pub(super) async fn generations(&self) -> Vec<GenerationRow> {
        self.generations_of(self.anna).await
    }

    pub(super) async fn generations_of(&self, user: UserId) -> Vec<GenerationRow> {
        let mut tx = self.app.platform().db.tenant_read(&self.bot.id).await.unwrap();
        tx.generations_history(user, 200).await.unwrap()
    }

    /// Opens a model and answers everything, up to S-14.
    pub(super) async fn order(&self, id: &str, picks: Picks<'_>) -> ChatMessage {
        Driver::new(self, self.anna).order(id, picks).await
    }

    /// Presses «✅ Генерировать» and waits for what ends it.
    pub(super) async fn start(&self, part: &str) -> ChatMessage {
        let before = self.before().await;
        self.app.press_only(&self.bot, self.anna, "✅ Генерировать").await;
        self.hear(before, part).await
    }

    /// How the next tasks of the provider go.
    pub(super) async fn next_tasks(&self, times: u32, task: TaskFault) {
        self.app.world.inject_kie(&KieFault { times, task: Some(task), ..KieFault::default() }).await.unwrap();
    }

    /// The next task has these results.
    pub(super) async fn next_results(&self, files: Vec<GivenFile>) {
        self.next_tasks(1, TaskFault { files, ..TaskFault::default() }).await;
    }

    pub(super) async fn next_outcome(&self, outcome: Outcome) {
        self.next_tasks(1, TaskFault { outcome, ..TaskFault::default() }).await;
    }

    /// The Bot API calls of a method in Anna's chat.
    pub(super) async fn calls(&self, method: &str) -> Vec<botyard::sandbox::wire::CallRecord> {
        let filter = botyard::sandbox::wire::CallFilter {
            method: Some(method.to_owned()),
            chat_id: Some(self.anna.0),
            ..Default::default()
        };
        self.app.world.calls(&filter).await.unwrap()
    }

    /// Waits until so many messages hold `part`.
    pub(super) async fn until_said(&self, part: &str, times: usize) {
        let began = Instant::now();
        while self.said().await.iter().filter(|m| m.text().contains(part)).count() < times {
            assert!(began.elapsed() < PATIENCE, "«{part}» was not said {times} times");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until the newest generation is as `wanted`.
    pub(super) async fn until(&self, wanted: impl Fn(&GenerationRow) -> bool) -> GenerationRow {
        let began = Instant::now();
        loop {
            let newest = self.generations().await.into_iter().next();
            if let Some(row) = newest.as_ref().filter(|row| wanted(row)) {
                return row.clone();
            }
            assert!(began.elapsed() < PATIENCE, "it stays {:?}", newest.map(|row| row.state));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// One person of a scene at a model's questions.
pub(super) struct Driver<'a> {
    scene: &'a Scene,
    user: UserId,
}

impl<'a> Driver<'a> {
    pub(super) const fn new(scene: &'a Scene, user: UserId) -> Self {
        Self { scene, user }
    }

    /// `/generate <id>`, and an answer to each question.
    pub(super) async fn order(&self, id: &str, picks: Picks<'_>) -> ChatMessage {
        let before = self.before().await;
        let (world, bot) = (&self.scene.app.world, &self.scene.bot.username);
        world.send_text(bot, self.user.0, &format!("/generate {id}")).await.unwrap();
        self.answer(id, before, picks).await
    }

    async fn before(&self) -> Heard {
        self.scene.app.version(&self.scene.bot, self.user).await
    }

    /// Answers what is asked from here on.
    pub(super) async fn answer(&self, id: &str, mut before: Heard, picks: Picks<'_>) -> ChatMessage {
        let model = Catalog::embedded().unwrap().model(id).unwrap();
        let picks: BTreeMap<&str, &str> = picks.iter().copied().collect();
        for _ in 0..40 {
            let screen = self.scene.app.question(&self.scene.bot, self.user, before).await;
            if screen.text().contains("Проверьте заказ") {
                return screen;
            }
            before = self.before().await;
            if screen.text().contains("Эта опция:") {
                self.scene.app.press_only(&self.scene.bot, self.user, "✅ Подтвердить").await;
                continue;
            }
            let param = self.asked(model, &screen);
            self.give(&screen, param, picks.get(param.name.as_str()).copied()).await;
        }
        panic!("{id}: too many questions");
    }

    /// Which parameter a step asks for, by its label.
    fn asked<'m>(&self, model: &'m Model, screen: &ChatMessage) -> &'m Param {
        let words = self.scene.app.platform().texts.words(Language::Ru);
        let title = screen.text().lines().next().unwrap_or_default().to_owned();
        let label = title.split_once(": ").map_or(title.as_str(), |(_, label)| label);
        let found = model.params.iter().find(|param| words.param(&param.name) == label);
        found.unwrap_or_else(|| panic!("{}: what does «{}» ask for?", model.id, screen.text()))
    }

    async fn give(&self, screen: &ChatMessage, param: &Param, pick: Option<&str>) {
        let (world, bot, user) = (&self.scene.app.world, &self.scene.bot.username, self.user.0);
        match &param.kind {
            ParamKind::Files { media, .. } => {
                let done = screen.buttons().into_iter().find(|(_, data)| data == "image_done");
                if let Some((_, data)) = done {
                    world.press(bot, user, screen.id, &data).await.unwrap();
                    return;
                }
                let (kind, name, bytes) = match media {
                    Media::Image => ("photo", "a.png", picture(7)),
                    Media::Video => ("video", "a.mp4", FILM.to_vec()),
                    Media::Audio => ("audio", "a.wav", wav(pick.map_or(4_000, |ms| ms.parse().unwrap()))),
                };
                world.send_file(bot, user, kind, name, bytes, "").await.unwrap();
            }
            ParamKind::Enum { .. } | ParamKind::Bool => {
                let head = format!("set_param:{}:", param.name);
                let wanted = pick.map(|value| format!("{head}{value}"));
                let button = screen
                    .buttons()
                    .into_iter()
                    .find(|(_, data)| wanted.as_ref().map_or_else(|| data.starts_with(&head), |wanted| data == wanted));
                let (_, data) = button.unwrap_or_else(|| panic!("no {wanted:?} in {:?}", screen.buttons()));
                world.press(bot, user, screen.id, &data).await.unwrap();
            }
            kind => {
                let usual = match kind {
                    ParamKind::Url { prefix, .. } => format!("{prefix}p/s_1"),
                    ParamKind::Number { min, .. } => min.to_string(),
                    _ => "Рыжий кот в саду".to_owned(),
                };
                world.send_text(bot, user, pick.unwrap_or(&usual)).await.unwrap();
            }
        }
    }
}

/// A small picture.
pub(super) fn picture(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(32, 32, image::Rgb([shade, 90, 200]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Silence of a length, 8 kHz, 16 bit, mono.
pub(super) fn wav(ms: u32) -> Vec<u8> {
    let data = ms * 16;
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((36 + data).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(16_000_u32.to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend(data.to_le_bytes());
    bytes.resize(bytes.len() + data as usize, 0);
    bytes
}

/// A document of a size that Telegram names but nobody looks at.
pub(super) fn named_file(field: &str, mime: &str, size: u64) -> serde_json::Value {
    json!({ field: {"file_id": "named", "file_unique_id": "named", "mime_type": mime, "file_size": size, "duration": 5} })
}

/// What a chat may write, and a number in it: «💰 Цена: 5.11 ₽» to kopecks.
pub(super) fn price_in(text: &str) -> Money {
    let line = text.lines().find(|line| line.contains("Цена:")).unwrap_or_else(|| panic!("no price in «{text}»"));
    let shown = line.split("Цена:").nth(1).unwrap().split('₽').next().unwrap();
    Money::parse_roubles(&shown.replace([' ', '\u{a0}'], "")).unwrap()
}
