//! Writing to a person through the bot (decisions.md 23): by the bot's button and by the panel. What is written is said, and kept
//! nowhere else; the answer comes back to the admin who wrote.

use super::{Hands, News};
use crate::accounts::audit::{self, Act};
use crate::bot::screens::Screen as _;
use crate::bot::screens::admin::Letter;
use crate::domain::AuditAction;
use crate::store::{StoreError, TenantTx, UserRow};

/// Characters of a letter.
pub const MOST: usize = 3_000;

/// Writes to `person`. Gives what they are told.
pub async fn write(tx: &mut TenantTx, hands: &Hands<'_>, person: &UserRow, text: String) -> Result<News, StoreError> {
    // Whoever has a shell and no account in Telegram cannot be answered there.
    if let Some(admin) = hands.actor.user {
        tx.talk_set(person.user_id, admin, hands.now).await?;
    }
    let object = audit::person(person.user_id);
    hands.note(tx, Act::new(AuditAction::UserAnswered, &object)).await?;
    let (theirs, letter) = (hands.words_of(person), Letter { text });
    Ok(News::screen(person, letter.text(theirs), letter.keyboard(theirs)))
}
