//! One update being handled: who, where, on which transaction, and what will be said. Screens read from it and add to it; it
//! is written down once, at the end, with the update's id (architecture.md 3).

use super::error::TurnError;
use super::platform::Platform;
use super::screens::Screen;
use super::session::{Anchor, Session};
use crate::billing::{self, Balance, FreeQuota};
use crate::domain::outbox::MessageClass;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{AdminRole, ChatId, Corr, Language, MessageId, UnixMs, UpdateId};
use crate::store::{TenantTx, UserRow};
use crate::tenants::Tenant;
use crate::texts::{Arg, Args, Words};

/// What to show on the pressed button (bot.md 2.3): at most one per turn, the last one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    /// At most 200 characters.
    pub text: String,
    /// As a window that must be closed.
    pub alert: bool,
}

/// Where the update came from.
#[derive(Debug, Clone, Copy)]
pub struct Incoming {
    /// Its id.
    pub update: UpdateId,
    /// The chat.
    pub chat: ChatId,
    /// The user's message, or the message whose button was pressed.
    pub message: Option<MessageId>,
    /// Whether a button was pressed.
    pub pressed: bool,
}

/// What a turn leaves to be written down.
pub(super) struct Finished {
    pub(super) replies: Vec<Reply>,
    /// For other chats.
    pub(super) told: Vec<(ChatId, Reply)>,
    pub(super) toast: Option<Toast>,
    pub(super) jobs: bool,
    pub(super) session: Session,
}

impl Finished {
    /// The screen is edited into this message, which stood in for it.
    pub(super) fn takes_the_place_of(&mut self, message: Option<MessageId>) {
        let screen = self.replies.iter_mut().find_map(|reply| match &mut reply.outgoing {
            Outgoing::Screen { edit, .. } => Some(edit),
            _ => None,
        });
        if let Some(edit) = screen {
            *edit = edit.or(message);
        }
    }
}

/// One thing to say and how much it matters.
pub(super) struct Reply {
    pub(super) outgoing: Outgoing,
    pub(super) class: MessageClass,
}

/// One update being handled.
pub struct Turn<'a> {
    /// Shared parts.
    pub platform: &'a Platform,
    /// Whose bot.
    pub tenant: &'a Tenant,
    /// The open transaction; it is committed by `receive.rs`, never by a screen.
    pub tx: &'a mut TenantTx,
    /// Who.
    pub user: UserRow,
    /// What they are in the middle of.
    pub session: Session,
    /// What they read.
    pub language: Language,
    /// Whose story this is.
    pub corr: Corr,
    /// When.
    pub now: UnixMs,
    /// Where it came from.
    pub incoming: Incoming,
    replies: Vec<Reply>,
    told: Vec<(ChatId, Reply)>,
    toast: Option<Toast>,
    jobs: bool,
    notices: Vec<String>,
    edited: bool,
    silent: bool,
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        platform: &'a Platform,
        tenant: &'a Tenant,
        tx: &'a mut TenantTx,
        user: UserRow,
        session: Session,
        corr: Corr,
        incoming: Incoming,
    ) -> Self {
        let language = tenant.language_of(user.language, user.language_code.as_deref());
        let now = platform.clock.now();
        Self {
            platform,
            tenant,
            tx,
            user,
            session,
            language,
            corr,
            now,
            incoming,
            replies: Vec::new(),
            told: Vec::new(),
            toast: None,
            jobs: false,
            notices: Vec::new(),
            edited: false,
            silent: false,
        }
    }

    /// Texts in the user's language.
    pub fn words(&self) -> Words<'a> {
        self.platform.texts.words(self.language)
    }

    /// Whether the user generates free and sees the admin's lines: an admin who is not in user mode (bot.md 14.1).
    pub fn acts_as_admin(&self) -> bool {
        self.is_admin() && !self.user.user_mode
    }

    /// Whether the menu that a /start wants was brought by another one a moment ago and nothing has happened since (bot.md 2.3).
    pub(super) fn has_just_started(&self) -> bool {
        let within = self.platform.settings.bot.start_once_within;
        self.session.started_at.is_some_and(|at| self.now.since(at) < within)
    }

    /// Whether the user administers the bot, as of this press (bot.md 14).
    pub fn is_admin(&self) -> bool {
        self.user.role.is_some()
    }

    /// Whether the user is the bot's owner, as of this press.
    pub fn is_owner(&self) -> bool {
        self.user.role == Some(AdminRole::Owner)
    }

    /// What the user can spend and has reserved.
    pub async fn balance(&mut self) -> Result<Balance, TurnError> {
        Ok(billing::balance(self.tx, &self.user.user_ref).await?)
    }

    /// The user's free generations of today, in the tenant's zone.
    pub async fn free_quota(&mut self) -> Result<FreeQuota, TurnError> {
        let day = self.tenant.today(self.now);
        Ok(billing::free_quota(self.tx, &self.user.user_ref, &day, self.tenant.settings.free_per_day.into()).await?)
    }

    /// Shows a screen: edits the pressed message, once per turn; sends a new one otherwise. Notices said before stand above.
    pub fn show(&mut self, screen: &impl Screen) {
        self.show_tracked(screen, Track::Nothing);
    }

    /// The same, and tells a record the message's id.
    pub fn show_tracked(&mut self, screen: &impl Screen, track: Track) {
        let (text, keyboard) = (screen.text(self.words()), screen.keyboard(self.words()));
        self.say(text, keyboard, track);
    }

    /// Shows text and buttons that are no screen of their own.
    pub fn say(&mut self, html: String, keyboard: Keyboard, track: Track) {
        let mut parts = std::mem::take(&mut self.notices);
        parts.push(html);
        let edit = self.edit_target();
        self.edited |= edit.is_some();
        self.push(Outgoing::Screen { html: parts.join("\n\n"), keyboard, edit, track }, MessageClass::MayVanish);
    }

    /// Shows a step of the wizard and makes its buttons the only valid ones (bot.md 1.1, anchor).
    pub fn show_step(&mut self, screen: &impl Screen, track: Track) {
        self.session.awaits = None;
        // A new message comes after everything that was there before: the one answered, and the step shown last.
        let last = self.session.anchor.map(Anchor::message).max(self.incoming.message);
        self.session.anchor = self.edit_target().map(Anchor::At).or_else(|| last.map(Anchor::After));
        self.show_tracked(screen, track);
    }

    /// From now on screens of this turn are new messages, as after a result.
    pub fn keep_pressed_message(&mut self) {
        self.edited = true;
    }

    /// Nothing is said on purpose: the part of an album, which is answered once.
    pub fn stay_silent(&mut self) {
        self.silent = true;
    }

    /// A line above the next screen: «✅ Операция отменена.»
    pub fn notice(&mut self, html: String) {
        self.notices.push(html);
    }

    /// A short text on the pressed button; on a message it becomes a notice.
    #[expect(clippy::needless_pass_by_value, reason = "texts are made for the call")]
    pub fn toast(&mut self, text: String) {
        self.answer(&text, false);
    }

    /// The same in a window that must be closed.
    #[expect(clippy::needless_pass_by_value, reason = "texts are made for the call")]
    pub fn alert(&mut self, text: String) {
        self.answer(&text, true);
    }

    fn answer(&mut self, text: &str, alert: bool) {
        if self.incoming.pressed {
            self.toast = Some(Toast { text: text.chars().take(200).collect(), alert });
        } else {
            self.notices.push(crate::texts::escape_html(text).into_owned());
        }
    }

    /// Says something in another person's chat, in their language: news of what happened here.
    pub fn tell(&mut self, chat: ChatId, html: String, keyboard: Keyboard) {
        let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
        self.told.push((chat, Reply { outgoing, class: MessageClass::MustArrive }));
    }

    /// Records something to say that is no screen: files, a removal.
    pub fn push(&mut self, outgoing: Outgoing, class: MessageClass) {
        self.replies.push(Reply { outgoing, class });
    }

    /// The same for a message that is more than text and buttons.
    pub fn tell_message(&mut self, chat: ChatId, outgoing: Outgoing) {
        self.told.push((chat, Reply { outgoing, class: MessageClass::MustArrive }));
    }

    /// Tells every administrator, each in their own language; those who never wrote to the bot cannot be told.
    pub async fn tell_admins(&mut self, make: impl Fn(Words<'_>) -> Outgoing) -> Result<(), TurnError> {
        for (admin, _) in &self.tenant.admins {
            let Some(user) = self.tx.user_get(*admin).await? else { continue };
            let language = self.tenant.language_of(user.language, user.language_code.as_deref());
            let outgoing = make(self.platform.texts.words(language));
            self.tell_message(ChatId::from(*admin), outgoing);
        }
        Ok(())
    }

    /// A job was put in this transaction: wakes the workers after the commit.
    pub fn wake_workers(&mut self) {
        self.jobs = true;
    }

    /// Where a user turns for help, or that nothing is set.
    pub fn support(&self) -> Arg {
        let contact = self.tenant.settings.support_contact.trim();
        Arg::text(if contact.is_empty() { self.words().get("support-none") } else { contact.to_owned() })
    }

    /// Ends the turn and lets its transaction go.
    pub(super) fn finish(self) -> Finished {
        Finished { replies: self.replies, told: self.told, toast: self.toast, jobs: self.jobs, session: self.session }
    }

    /// Whether this turn ends with something the user sees.
    pub(super) fn has_reaction(&self) -> bool {
        self.silent || !self.replies.is_empty() || self.toast.is_some()
    }

    /// The last of a turn that answers somebody: what is not said yet is said, and a card of a credit that became another screen
    /// is no card of it any more.
    pub(super) async fn close(&mut self) -> Result<(), TurnError> {
        self.flush_notices();
        if !self.is_admin() {
            return Ok(());
        }
        for reply in &self.replies {
            match &reply.outgoing {
                Outgoing::Screen { track: Track::Credit(_), .. } => {}
                Outgoing::Screen { edit: Some(message), .. } => {
                    self.tx.credit_copy_forget(self.incoming.chat, *message).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Notices that no screen took along become a message of their own.
    pub(super) fn flush_notices(&mut self) {
        if let Some(last) = self.notices.pop() {
            self.edited = true;
            self.say(last, Keyboard::new(), Track::Nothing);
        }
    }

    /// The message that the next screen is edited into.
    pub(super) fn edit_target(&self) -> Option<MessageId> {
        self.incoming.message.filter(|_| self.incoming.pressed && !self.edited)
    }
}

/// Shorthand for [`Args`] with one value.
pub fn arg(name: &'static str, value: impl Into<Arg>) -> Args {
    Args::new().with(name, value)
}
