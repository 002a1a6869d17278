//! S-41: every generation of the bot, one at a time, newest first (bot.md 14.5). Each opening is audited; where the tenant
//! hides prompts, only what is no one's own shows.

use super::{Act, back, button, home, not_found, note, say};
use crate::bot::callback::{AdminPress, Way};
use crate::bot::error::TurnError;
use crate::bot::screens::names::{self, Named};
use crate::bot::screens::{Screen, history, lines, progress};
use crate::bot::turn::{Turn, arg};
use crate::domain::outgoing::Keyboard;
use crate::domain::{AuditAction, Corr, GenerationId, GenerationState, Money, Payer, UnixMs, UserId};
use crate::generation;
use crate::store::{Counter, GenerationRow};
use crate::tenants::change;
use crate::texts::{Arg, Words};

/// Characters of a prompt that are shown.
const PROMPT: usize = 300;
/// Results that are sent at once (bot.md 4, `admin_gen_view:`).
const RESULTS: usize = 5;

/// S-41.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exhibit {
    /// Which.
    pub id: GenerationId,
    /// Its place, newest first, from 1, and how many there are.
    pub place: (i64, i64),
    /// Whose.
    pub user: UserId,
    /// When it was confirmed, in the tenant's zone.
    pub created: String,
    /// The model.
    pub model: Named,
    /// The request; hidden, or there is none.
    pub prompt: Prompt,
    /// Who paid.
    pub payer: Payer,
    /// What it cost.
    pub price: Money,
    /// Where it stands.
    pub state: GenerationState,
    /// Its story.
    pub corr: Corr,
}

/// A request as an admin may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prompt {
    /// «скрыто».
    Hidden,
    /// As it was written.
    Shown(String),
    /// The model takes none.
    None,
}

impl Screen for Exhibit {
    fn text(&self, words: Words<'_>) -> String {
        let (i, n) = self.place;
        let prompt = match &self.prompt {
            Prompt::Hidden => Some(words.get("gallery-hidden")),
            Prompt::Shown(text) => Some(names::cut(text, PROMPT)),
            Prompt::None => None,
        };
        let price = match self.payer {
            Payer::Money => words.fmt("history-price", arg("price", self.price)),
            Payer::Free => words.get("history-free"),
            Payer::Admin | Payer::DryRun => words.get("admin-free-short"),
        };
        lines([
            Some(words.fmt("history-place", arg("i", i).with("n", n))),
            Some(words.fmt("gallery-user", arg("id", Arg::shown(self.user)))),
            Some(self.created.clone()),
            Some(words.fmt("progress-model", arg("title", self.model.title(words)))),
            prompt.map(|prompt| words.fmt("history-prompt", arg("prompt", prompt))),
            Some(price),
            Some(words.fmt("history-state", arg("state", progress::state(words, self.state)))),
            Some(words.fmt("error-id", arg("corr", self.corr.as_str()))),
        ])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let id = || Some(self.id.clone());
        Keyboard::new()
            .row([
                button(words, "btn-gallery-newer", AdminPress::GenNav(Way::Prev, id())),
                button(words, "btn-gallery-older", AdminPress::GenNav(Way::Next, id())),
            ])
            .row([
                button(words, "btn-gallery-view", AdminPress::GenView(id())),
                button(words, "btn-user-card", AdminPress::UserInfo(Some(self.user))),
            ])
            .row([back(words), home(words)])
    }
}

/// The newest of all.
pub(super) async fn newest(turn: &mut Turn<'_>) -> Result<(), TurnError> {
    if let Some(row) = turn.tx.gallery_newest().await? {
        return show(turn, &row).await;
    }
    let text = turn.words().get("history-empty");
    say(turn, text);
    Ok(())
}

/// The next one, round and round; from one that is unknown, the newest.
pub(super) async fn step(turn: &mut Turn<'_>, way: Way, from: Option<&GenerationId>) -> Result<(), TurnError> {
    let here = match from {
        Some(id) => turn.tx.generation_get(id).await?,
        None => None,
    };
    let Some(here) = here else { return newest(turn).await };
    let next = match way {
        Way::Prev => turn.tx.gallery_newer(here.created_at, &here.id).await?,
        Way::Next => turn.tx.gallery_older(here.created_at, &here.id).await?,
    };
    let next = match (next, way) {
        (Some(next), _) => Some(next),
        (None, Way::Prev) => turn.tx.gallery_oldest().await?,
        (None, Way::Next) => turn.tx.gallery_newest().await?,
    };
    match next {
        Some(row) => show(turn, &row).await,
        None => newest(turn).await,
    }
}

/// «👁️»: what is kept of its results.
pub(super) async fn view(turn: &mut Turn<'_>, id: Option<&GenerationId>) -> Result<(), TurnError> {
    let row = match id {
        Some(id) => turn.tx.generation_get(id).await?,
        None => None,
    };
    let Some(row) = row else {
        not_found(turn);
        return Ok(());
    };
    if change::current(turn.tx).await?.hide_prompts {
        turn.alert(turn.words().get("gallery-hidden-alert"));
        return Ok(());
    }
    opened(turn, &row).await?;
    if !history::send_kept(turn, &row, RESULTS).await? {
        turn.alert(turn.words().get("result-expired"));
    }
    Ok(())
}

async fn opened(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<(), TurnError> {
    let object = format!("generation:{}", row.id.short());
    note(turn, Act::new(AuditAction::GenerationViewed, &object)).await
}

async fn show(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<(), TurnError> {
    let hidden = change::current(turn.tx).await?.hide_prompts;
    let catalog = turn.platform.catalog;
    let prompt = if hidden {
        Prompt::Hidden
    } else {
        let order = generation::history::order_of(turn.tenant, row)?;
        let text = catalog.model(&row.model_id).and_then(|model| order.summary(model).prompt);
        text.map_or(Prompt::None, Prompt::Shown)
    };
    let place = place(turn, row).await?;
    opened(turn, row).await?;
    let exhibit = Exhibit {
        id: row.id.clone(),
        place,
        user: row.user_id,
        created: row.created_at.shown(turn.tenant.zone()),
        model: Named::of(catalog, &row.model_id),
        prompt,
        payer: row.payer,
        price: if row.state == GenerationState::Delivered { row.charged } else { row.price },
        state: row.state,
        corr: row.corr.clone(),
    };
    turn.show(&exhibit);
    Ok(())
}

/// Its number, newest first: whole days by their counters, its own day by its rows.
async fn place(turn: &mut Turn<'_>, row: &GenerationRow) -> Result<(i64, i64), TurnError> {
    let total = turn.tx.counters_total().await?.get(Counter::Generations);
    let zone = turn.tenant.zone().clone();
    let day = row.created_at.day(&zone);
    let begin = row.created_at.timestamp().to_zoned(zone).start_of_day();
    let begin = begin.map_or(row.created_at, |begin| UnixMs(begin.timestamp().as_millisecond()));
    let before = turn.tx.counter_before(&day, Counter::Generations).await?;
    let number = before + turn.tx.gallery_between(begin, row.created_at, &row.id).await?;
    Ok(((total - number + 1).max(1), total.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{named, ru};

    #[test]
    fn s41_shows_a_generation_and_hides_its_prompt_on_demand() {
        let exhibit = Exhibit {
            id: GenerationId::from_short("abcdefghijkl").unwrap(),
            place: (1, 12),
            user: UserId(101),
            created: "22.11.2026 18:30".to_owned(),
            model: named("z-image"),
            prompt: Prompt::Shown("кот <b>".to_owned()),
            payer: Payer::Money,
            price: Money::kopecks(63),
            state: GenerationState::Delivered,
            corr: Corr::parse("0123456789AB").unwrap(),
        };
        insta::assert_snapshot!(ru(&exhibit), @"
            📚 № 1 из 12
            👤 <code>101</code>
            22.11.2026 18:30
            🤖 Z-Image
            📝 кот &lt;b&gt;
            💰 0.63 ₽
            Статус: доставлена
            🧾 <code>0123456789AB</code>
            | ◀️ [admin_gen_nav:prev:abcdefghijkl] | ▶️ [admin_gen_nav:next:abcdefghijkl] |
            | 👁️ Результат [admin_gen_view:abcdefghijkl] | 👤 Пользователь [admin_user_info:101] |
            | 🔙 Админ-меню [admin_stats] | 🏠 Главное меню [back_to_menu] |
            ");
        let hidden = Exhibit { prompt: Prompt::Hidden, ..exhibit };
        assert!(ru(&hidden).contains("скрыто") && !ru(&hidden).contains("кот"));
    }
}
