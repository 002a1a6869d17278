//! Acts of admins that the bot's menu and the panel share: one implementation of each, so that both doors do the same, write
//! the same line into the audit log and tell the same to whom it concerns.

pub mod block;
pub mod broadcast;
pub mod credit;
pub mod letter;
pub mod promo;
pub mod refund;
pub mod second;
pub mod suspension;
pub mod team;

use crate::accounts::audit::{self, Act, Actor};
use crate::bot::Platform;
use crate::domain::outgoing::{Keyboard, Outgoing, Track};
use crate::domain::{ChatId, MessageClass, UnixMs};
use crate::store::{StoreError, TenantTx, UserRow};
use crate::tenants::Tenant;
use crate::tenants::say::{self, Say};
use crate::tenants::tenant::TenantError;
use crate::texts::Words;

/// Who acts, where and when.
#[derive(Clone, Copy)]
pub struct Hands<'a> {
    /// What all tenants share.
    pub platform: &'a Platform,
    /// In which bot.
    pub tenant: &'a Tenant,
    /// Who, and by which door.
    pub actor: Actor<'a>,
    /// When.
    pub now: UnixMs,
}

/// Something to say to a person because of an act.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// In which chat.
    pub chat: ChatId,
    /// What.
    pub outgoing: Outgoing,
}

impl Hands<'_> {
    async fn note(&self, tx: &mut TenantTx, act: Act<'_>) -> Result<(), StoreError> {
        audit::record(tx, self.actor, act, self.now).await.map(|_| ())
    }

    /// What a person reads.
    fn words_of(&self, person: &UserRow) -> Words<'_> {
        self.platform.texts.words(self.tenant.language_of(person.language, person.language_code.as_deref()))
    }
}

impl News {
    fn screen(person: &UserRow, html: String, keyboard: Keyboard) -> Self {
        let outgoing = Outgoing::Screen { html, keyboard, edit: None, track: Track::Nothing };
        Self { chat: ChatId::from(person.user_id), outgoing }
    }

    /// Records it in the act's transaction, for doors that have no turn of the bot; `key` names the fact. Wake the chat after the
    /// commit ([`Signals::chat`](crate::signals::Signals::chat)).
    pub async fn record(&self, tx: &mut TenantTx, hands: &Hands<'_>, key: String) -> Result<bool, TenantError> {
        let said =
            Say { chat: self.chat, class: MessageClass::MustArrive, key, corr: hands.actor.corr, now: hands.now };
        say::say(tx, hands.tenant, said, &self.outgoing).await
    }
}
