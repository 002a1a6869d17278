//! Sealing one value: XChaCha20-Poly1305 under a random nonce, tied to tenant, column and key.
//!
//! Layout: 1 byte format (1) · 4 bytes key id · 24 bytes nonce · ciphertext with its 16-byte tag. The associated data
//! names the scope, the column and the key, each with its length before it, so no two meanings share one spelling.

use std::fmt;

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::Rng as _;
use zeroize::Zeroizing;

use super::VaultError;
use super::key::{Key, KeyId};
use super::ring::AtHand;
use crate::domain::BotInstanceId;

const FORMAT: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 1 + 4 + NONCE;
const TAG: usize = 16;

/// What a sealed value is: a ciphertext opens only as the column it was sealed for. A new kind of secret is a new
/// variant with a new name; a name never changes, or stored values stop opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// A tenant's data key (wrapped by the master key).
    DataKey,
    /// The installation's secret, which proves the master key.
    CheckValue,
    /// A bot's token.
    BotToken,
    /// The secret a webhook must carry.
    WebhookSecret,
    /// A tenant's key at the generation provider.
    ProviderKey,
    /// The key that signs the provider's callbacks.
    ProviderHmac,
    /// A user's session: draft and awaited input.
    Session,
    /// A prompt.
    Prompt,
    /// A whole request to the provider.
    Request,
    /// A provider's result.
    Result,
    /// A stored file.
    Media,
    /// A message waiting to be sent.
    Outbox,
    /// A job's payload.
    Job,
    /// A raw update kept for inspection.
    Update,
    /// A payer's receipt.
    Receipt,
    /// Payment requisites.
    Requisites,
    /// The secret that signs webhooks to a partner.
    PartnerWebhook,
    /// What a write of the API answered.
    ApiAnswer,
    /// A broadcast that was composed in the panel.
    Draft,
}

impl Column {
    /// Every column.
    pub const ALL: [Self; 19] = [
        Self::DataKey,
        Self::CheckValue,
        Self::BotToken,
        Self::WebhookSecret,
        Self::ProviderKey,
        Self::ProviderHmac,
        Self::Session,
        Self::Prompt,
        Self::Request,
        Self::Result,
        Self::Media,
        Self::Outbox,
        Self::Job,
        Self::Update,
        Self::Receipt,
        Self::Requisites,
        Self::PartnerWebhook,
        Self::ApiAnswer,
        Self::Draft,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::DataKey => "data_key",
            Self::CheckValue => "check_value",
            Self::BotToken => "bot_token",
            Self::WebhookSecret => "webhook_secret",
            Self::ProviderKey => "provider_key",
            Self::ProviderHmac => "provider_hmac",
            Self::Session => "session",
            Self::Prompt => "prompt",
            Self::Request => "request",
            Self::Result => "result",
            Self::Media => "media",
            Self::Outbox => "outbox",
            Self::Job => "job",
            Self::Update => "update",
            Self::Receipt => "receipt",
            Self::Requisites => "requisites",
            Self::PartnerWebhook => "partner_webhook",
            Self::ApiAnswer => "api_answer",
            Self::Draft => "draft",
        }
    }
}

/// A sealed value as it is stored. Useless without its key, tenant and column.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Takes stored bytes over; whether they open is [`open`]'s to say.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes to store, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The key that sealed it; `None` when this is no sealed value.
    pub fn key_id(&self) -> Option<KeyId> {
        let (FORMAT, id) = (*self.0.first()?, self.0.get(1..5)?) else { return None };
        id.try_into().ok().map(KeyId)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// The key of one tenant's secrets. Stored only wrapped; destroying the wrapped form destroys every secret of the tenant.
pub struct DataKey(Key);

impl DataKey {
    /// A new random key, for a new tenant.
    pub fn random() -> Self {
        Self(Key::random())
    }

    /// Its short name, as it stands in the head of what it sealed.
    pub fn id(&self) -> KeyId {
        self.0.id()
    }

    pub(super) fn of(key: Key) -> Self {
        Self(key)
    }

    pub(super) fn key(&self) -> &Key {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(***)")
    }
}

/// Seals a tenant's value for one column.
pub fn seal(key: &DataKey, tenant: &BotInstanceId, column: Column, plaintext: &[u8]) -> Result<Sealed, VaultError> {
    seal_with(&key.0, &Scope::Tenant(tenant), column, plaintext)
}

/// Opens a tenant's value; [`VaultError::Damaged`] when it was sealed for another tenant or column, or changed since.
pub fn open(
    key: &DataKey,
    tenant: &BotInstanceId,
    column: Column,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    open_with(&key.0, &Scope::Tenant(tenant), column, sealed)
}

/// Whose value it is.
pub(super) enum Scope<'a> {
    /// The platform's own.
    Platform,
    /// A tenant's.
    Tenant(&'a BotInstanceId),
}

impl Scope<'_> {
    fn associated(&self, column: Column, key: KeyId) -> Vec<u8> {
        let (kind, owner) = match self {
            Self::Platform => ("platform", ""),
            Self::Tenant(id) => ("tenant", id.as_str()),
        };
        let mut data = Vec::with_capacity(96);
        for part in [b"botyard".as_slice(), kind.as_bytes(), owner.as_bytes(), column.name().as_bytes(), &key.0] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part);
        }
        data
    }
}

pub(super) fn seal_with(key: &Key, scope: &Scope<'_>, column: Column, plain: &[u8]) -> Result<Sealed, VaultError> {
    let mut nonce = [0; NONCE];
    rand::rng().fill_bytes(&mut nonce);
    let aad = scope.associated(column, key.id());
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    let body =
        cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad }).map_err(|_| VaultError::TooLong)?;
    let mut out = Vec::with_capacity(HEAD + body.len());
    out.push(FORMAT);
    out.extend_from_slice(&key.id().0);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(&body);
    Ok(Sealed(out))
}

pub(super) fn open_with(
    key: &Key,
    scope: &Scope<'_>,
    column: Column,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let sealed_under = sealed.key_id().ok_or(VaultError::UnknownFormat)?;
    if sealed_under != key.id() {
        return Err(VaultError::OtherKey { sealed_under, at_hand: AtHand(key.id(), None) });
    }
    if sealed.0.len() < HEAD + TAG {
        return Err(VaultError::Damaged);
    }
    let (head, body) = sealed.0.split_at(HEAD);
    let nonce: [u8; NONCE] = head[5..].try_into().map_err(|_| VaultError::Damaged)?;
    let aad = scope.associated(column, key.id());
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    cipher
        .decrypt(&XNonce::from(nonce), Payload { msg: body, aad: &aad })
        .map(Zeroizing::new)
        .map_err(|_| VaultError::Damaged)
}
