//! One person's hand in one chat: presses, writes, waits for what comes, and has it looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use botyard::bot::callback::Callback;
use botyard::domain::{ChatId, Language, UserId};
use botyard::sandbox::wire::{CallFilter, CallRecord};

use super::inputs::Input;
use super::lexicon::Lexicon;
use super::rules::{self, Context};
use super::shown::{Chat, Shown};
use crate::util::app::{PATIENCE, TestApp, TestBot};

/// What one step brought.
#[derive(Debug, Default)]
pub(super) struct Reaction {
    /// What was shown, in order.
    pub(super) shown: Vec<Shown>,
    /// What stood on the pressed button.
    pub(super) toast: Option<String>,
    /// Calls that a person notices, also an edit that changed nothing.
    pub(super) visible: usize,
}

/// The robot's hand.
pub(super) struct Hand<'a> {
    app: &'a TestApp,
    bot: &'a TestBot,
    user: UserId,
    /// What the person reads now: a button may change it.
    pub(super) language: Language,
    /// What the person began with.
    pub(super) home: Language,
    lexicon: Lexicon,
    pub(super) chat: Chat,
    /// Everything the robot wrote: its words may come back in any language.
    typed: Vec<String>,
    since: u64,
    /// The way so far, for the report.
    pub(super) trail: Vec<String>,
    found: BTreeMap<String, String>,
    stale: Vec<String>,
}

impl<'a> Hand<'a> {
    pub(super) fn new(app: &'a TestApp, bot: &'a TestBot, user: UserId, language: Language) -> Self {
        let texts = &app.app.platform.texts;
        let stale = Language::ALL.iter().map(|l| texts.words(*l).get("stale-button")).collect();
        Self {
            app,
            bot,
            user,
            language,
            home: language,
            lexicon: Lexicon::read(texts),
            chat: Chat::default(),
            typed: Vec::new(),
            since: 0,
            trail: Vec::new(),
            found: BTreeMap::new(),
            stale,
        }
    }

    /// What was found, each once, with the way that led there first.
    pub(super) fn report(&self) -> Vec<String> {
        self.found.iter().map(|(what, way)| format!("{what}\n    after {way}")).collect()
    }

    pub(super) fn found_something(&mut self, what: String) {
        let way = self.trail.iter().rev().take(8).rev().cloned().collect::<Vec<_>>().join(" → ");
        self.found.entry(what).or_insert(way);
    }

    /// Gives the person back what the way spent, so that a screen is the same when it is reached again. Who was erased on their
    /// own wish comes anew.
    pub(super) async fn refill(&mut self) {
        let mut tx = self.app.app.platform.db.tenant_read(&self.bot.id).await.unwrap();
        let known = tx.user_get(self.user).await.unwrap().is_some();
        drop(tx);
        if !known {
            self.give(&Input::text("/start")).await;
        }
        let has = self.app.balance(self.bot, self.user).await.available;
        if let Some(missing) = super::BUDGET.minus(has).filter(|missing| missing.is_positive()) {
            self.app.credit(self.bot, self.user, missing).await;
        }
    }

    /// Ends what earlier ways left behind: a kept draft would lead «back» elsewhere than the way itself does, and whether there
    /// is one depends on the order of the ways.
    pub(super) async fn forget(&mut self) {
        self.give(&Input::text("/reset")).await;
        self.trail.clear();
    }

    /// Presses a button that a message shows now.
    pub(super) async fn press(&mut self, message: i64, data: &str) -> Reaction {
        let reaction = self.press_any(message, data).await;
        if reaction.toast.as_ref().is_some_and(|toast| self.stale.contains(toast)) {
            self.found_something(format!("«{data}» of a message as it stands is called out of date"));
        }
        reaction
    }

    /// Presses a button that the message may have shown once: it may be out of date, and then says so.
    pub(super) async fn press_any(&mut self, message: i64, data: &str) -> Reaction {
        self.trail.push(data.to_owned());
        let world = &self.app.world;
        let answer = world.press_forged(&self.bot.username, self.user.0, message, data, PATIENCE).await;
        // The message was deleted meanwhile: nobody can press it.
        let Ok(answer) = answer else { return Reaction::default() };
        if !answer.answered {
            self.found_something(format!("«{data}» is never answered"));
        }
        if let Some(Callback::SetLanguage(language)) = Callback::parse(data) {
            self.language = language;
        }
        let mut reaction = Reaction { toast: answer.text.clone(), ..Reaction::default() };
        let silent_is_fine = data == "noop" || answer.url.is_some();
        self.gather(&mut reaction, silent_is_fine || answer.text.is_some()).await;
        if let Some(toast) = &answer.text {
            let context = Context { language: self.language, lexicon: &self.lexicon, typed: &self.typed };
            for broken in rules::toast(toast, &context) {
                self.found_something(broken);
            }
        }
        reaction
    }

    /// Every pressed button is answered once, never twice (decisions.md 5).
    pub(super) async fn look_at_the_answers(&mut self) {
        let method = Some("answerCallbackQuery".to_owned());
        let filter = CallFilter { bot: Some(self.bot.username.clone()), method, ..CallFilter::default() };
        let mut seen = BTreeSet::new();
        for call in self.app.world.calls(&filter).await.unwrap() {
            if !seen.insert(call.params["callback_query_id"].to_string()) {
                self.found_something("a button's press is answered twice".to_owned());
            }
        }
    }

    /// Whether a toast is the one of an old button.
    pub(super) fn is_stale(&self, reaction: &Reaction) -> bool {
        reaction.toast.as_ref().is_some_and(|toast| self.stale.contains(toast))
    }

    /// Writes or sends something.
    pub(super) async fn give(&mut self, input: &Input) -> Reaction {
        self.trail.push(input.name());
        self.typed.extend(input.words());
        input.send(&self.app.world, &self.bot.username, self.user.0).await;
        if let Input::Text(text) = input
            && let Some(code) = text.strip_prefix("/language ")
            && let Ok(language) = code.trim().parse()
        {
            self.language = language;
        }
        let mut reaction = Reaction::default();
        self.gather(&mut reaction, false).await;
        reaction
    }

    /// Waits until something came and nothing more is to come, and has it looked at.
    async fn gather(&mut self, reaction: &mut Reaction, enough: bool) {
        let began = Instant::now();
        let mut enough = enough;
        loop {
            let quiet = self.quiet(began).await;
            let calls = self.calls().await;
            for call in calls {
                self.look(&call, reaction);
            }
            enough |= reaction.visible > 0;
            if quiet && enough {
                return;
            }
            if began.elapsed() > Duration::from_secs(5) && !enough {
                let step = self.trail.last().cloned().unwrap_or_default();
                return self.found_something(format!("no reaction to {step}"));
            }
            assert!(began.elapsed() < PATIENCE, "the chat does not come to rest after {:?}", self.trail.last());
            tokio::time::sleep(Duration::from_millis(4)).await;
        }
    }

    /// Whether nothing is on its way: no message unsent, no job open (a file being fetched, a generation).
    async fn quiet(&self, began: Instant) -> bool {
        let db = &self.app.app.platform.db;
        let mut tx = db.tenant_read(&self.bot.id).await.unwrap();
        let unsent = tx.outbox_open_count(ChatId(self.user.0)).await.unwrap();
        drop(tx);
        if unsent > 0 {
            return false;
        }
        let mut tx = db.platform().await.unwrap();
        let jobs = tx.jobs_open_count().await.unwrap();
        jobs == 0 || began.elapsed() > Duration::from_secs(8)
    }

    async fn calls(&mut self) -> Vec<CallRecord> {
        let filter = CallFilter {
            chat_id: Some(self.user.0),
            since: self.since,
            bot: Some(self.bot.username.clone()),
            method: None,
        };
        let calls = self.app.world.calls(&filter).await.unwrap();
        self.since = calls.last().map_or(self.since, |call| call.seq);
        calls
    }

    fn look(&mut self, call: &CallRecord, reaction: &mut Reaction) {
        if call.method == "sendChatAction" {
            return;
        }
        let unchanged = call.description.as_deref().is_some_and(|d| d.contains("message is not modified"));
        if call.status != 200 && !unchanged {
            let why = call.description.as_deref().unwrap_or_default();
            self.found_something(format!("Telegram refused {}: {why}", call.method));
            return;
        }
        reaction.visible += 1;
        let Some(shown) = (call.status == 200).then(|| self.chat.take(call)).flatten() else { return };
        let context = Context { language: self.language, lexicon: &self.lexicon, typed: &self.typed };
        for broken in rules::message(&shown, &context) {
            self.found_something(broken);
        }
        reaction.shown.push(shown);
    }
}
