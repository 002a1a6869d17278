//! Tickets for a bot's archive: signed by the installation for one bot and one session, good until a moment. The archive's key is
//! made from the ticket, so that nothing secret lies between asking and downloading. That a ticket is used once is the caller's
//! to see to.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

use super::token;
use crate::domain::{BotInstanceId, Secret, UnixMs};
use crate::vault::{Purpose, Vault};

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    until: UnixMs,
    name: String,
    signature: String,
}

impl Ticket {
    /// Makes one.
    pub fn issue(vault: &Vault, tenant: &BotInstanceId, session: &str, until: UnixMs) -> Self {
        let name = token::random();
        let signature = signature(vault, tenant, session, until, &name);
        Self { until, name, signature }
    }

    /// Reads one; `None`: it is not ours, or another bot's or session's.
    pub fn read(vault: &Vault, tenant: &BotInstanceId, session: &str, text: &str) -> Option<Self> {
        let (until, rest) = text.split_once('.')?;
        let (name, given) = rest.split_once('.')?;
        let until = UnixMs(until.parse().ok()?);
        let own = signature(vault, tenant, session, until, name);
        let genuine = bool::from(own.as_bytes().ct_eq(given.as_bytes()));
        genuine.then(|| Self { until, name: name.to_owned(), signature: own })
    }

    /// As it stands in an address.
    pub fn text(&self) -> String {
        format!("{}.{}.{}", self.until.0, self.name, self.signature)
    }

    /// Until when it is good.
    pub fn until(&self) -> UnixMs {
        self.until
    }

    /// What tells it from every other: letters, digits, `-` and `_`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// The key of a ticket's archive: 32 bytes in base64.
pub fn key(vault: &Vault, tenant: &BotInstanceId, ticket: &Ticket) -> Secret {
    let text = format!("archive key\0{tenant}\0{}", ticket.name);
    Secret::new(STANDARD.encode(vault.keyed_hash(Purpose::SignedLink, text.as_bytes())))
}

fn signature(vault: &Vault, tenant: &BotInstanceId, session: &str, until: UnixMs, name: &str) -> String {
    let text = format!("archive\0{tenant}\0{session}\0{}\0{name}", until.0);
    hex::encode(vault.keyed_hash(Purpose::SignedLink, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::MasterKey;

    #[test]
    fn a_ticket_is_one_bots_and_one_sessions_and_its_key_is_its_own() {
        let (vault, _) = Vault::create(MasterKey::random()).unwrap();
        let (a, b) = (BotInstanceId::parse("tenant-a").unwrap(), BotInstanceId::parse("tenant-b").unwrap());
        let ticket = Ticket::issue(&vault, &a, "session", UnixMs(5));
        let text = ticket.text();
        assert_eq!(Ticket::read(&vault, &a, "session", &text), Some(ticket.clone()));
        assert_eq!(Ticket::read(&vault, &b, "session", &text), None);
        assert_eq!(Ticket::read(&vault, &a, "another", &text), None);
        assert_eq!(Ticket::read(&vault, &a, "session", &text.replacen('5', "6", 1)), None, "a longer life");
        for broken in ["", ".", "..", "5.x", "x.y.z"] {
            assert_eq!(Ticket::read(&vault, &a, "session", broken), None, "{broken}");
        }
        let other = Ticket::issue(&vault, &a, "session", UnixMs(5));
        assert_ne!(key(&vault, &a, &ticket).expose(), key(&vault, &a, &other).expose());
        assert_eq!(STANDARD.decode(key(&vault, &a, &ticket).expose()).unwrap().len(), 32);
    }
}
