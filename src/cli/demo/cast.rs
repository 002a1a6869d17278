//! Who plays in the demo: two bots of two partners, three people each.

use serde_json::{Value, json};

use crate::cli::failure::Failure;
use crate::domain::settings::TenantSettings;
use crate::domain::{Money, UserId};
use crate::sandbox::wire::Person;

/// Credits of each bot's own key at the fake provider.
pub(super) const CREDITS: f64 = 10_000.0;

/// What the funded people begin with.
pub(super) const FUNDS: Money = Money::kopecks(50_000);

/// What a person is to the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Has never written.
    New,
    /// Has [`FUNDS`].
    Funded,
    /// The bot's admin and the partner.
    Owner,
}

/// A person.
pub(super) struct Player {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) username: &'static str,
    pub(super) part: Part,
}

impl Player {
    pub(super) fn user(&self) -> UserId {
        UserId(self.id)
    }
}

/// A hosted bot.
pub(super) struct Stage {
    /// Its id here.
    pub(super) tenant: &'static str,
    /// At the fake Telegram.
    pub(super) username: &'static str,
    pub(super) name: &'static str,
    pub(super) bot_id: i64,
    pub(super) partner: &'static str,
    /// The language of its people, and of the chat page for them.
    pub(super) language: &'static str,
    /// What is told of it in one line.
    pub(super) told: &'static str,
    pub(super) players: [Player; 3],
}

/// Both bots.
pub(super) const STAGES: [Stage; 2] = [
    Stage {
        tenant: "aquarelle",
        username: "aquarelle_demo_bot",
        name: "Акварель",
        bot_id: 7_000_000_001,
        partner: "Aquarelle, Moscow",
        language: "ru",
        told: "Russian, catalog prices, 5 free pictures a day, Stars and SBP",
        players: [
            Player { id: 5_001, name: "Аня", username: "anya_demo", part: Part::New },
            Player { id: 5_002, name: "Борис", username: "boris_demo", part: Part::Funded },
            Player { id: 5_003, name: "Вера", username: "vera_demo", part: Part::Owner },
        ],
    },
    Stage {
        tenant: "pixel-harbor",
        username: "pixel_harbor_demo_bot",
        name: "Pixel Harbor",
        bot_id: 7_000_000_002,
        partner: "Pixel Harbor, Lisbon",
        language: "en",
        told: "English, prices × 1.5, 2 free pictures a day",
        players: [
            Player { id: 6_001, name: "Alice", username: "alice_demo", part: Part::New },
            Player { id: 6_002, name: "Bob", username: "bob_demo", part: Part::Funded },
            Player { id: 6_003, name: "Carol", username: "carol_demo", part: Part::Owner },
        ],
    },
];

impl Stage {
    /// What its partner has set, as a partner would write it.
    pub(super) fn settings(&self) -> Result<TenantSettings, Failure> {
        let given = if self.language == "ru" { russian() } else { english() };
        let Value::Object(given) = given else { return Ok(TenantSettings::default()) };
        TenantSettings::default()
            .patched(&given)
            .map_err(|problems| Failure::Work(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
    }

    /// The partner first.
    pub(super) fn admins(&self) -> Vec<UserId> {
        self.players.iter().filter(|player| player.part == Part::Owner).map(Player::user).collect()
    }
}

fn russian() -> Value {
    json!({
        "brand": "Акварель",
        "welcome_text": "Картинки, видео и голос за пару нажатий. Первые пять картинок каждый день — бесплатно.",
        "support_contact": "@vera_demo",
        "timezone": "Europe/Moscow",
        "default_language": "ru",
        "markup": 1,
        "free_per_day": 5,
        "sbp_enabled": true,
        "sbp_terms_ack": true,
        "sbp_requisites": { "phone": "+7 900 000-00-00", "bank": "Учебный банк", "holder": "Вера Д." },
        "sbp_auto_approve": true,
    })
}

fn english() -> Value {
    json!({
        "brand": "Pixel Harbor",
        "welcome_text": "Pictures, films and voices in a few taps. Two pictures a day are on us.",
        "support_contact": "@carol_demo",
        "timezone": "Europe/Lisbon",
        "default_language": "en",
        "markup": 1.5,
        "free_per_day": 2,
        "preferred_aspect_ratio": "16:9",
    })
}

/// Everybody, as the fake Telegram knows them.
pub(super) fn people() -> Vec<Person> {
    let person = |stage: &Stage, player: &Player| Person {
        username: Some(player.username.to_owned()),
        ..Person::new(player.id, player.name, stage.language)
    };
    STAGES.iter().flat_map(|stage| stage.players.iter().map(move |player| person(stage, player))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bots_differ_in_brand_language_price_limits_and_time_zone() {
        let [one, other] = STAGES.each_ref().map(|stage| stage.settings().unwrap());
        assert_ne!(one.brand, other.brand);
        assert_ne!(one.default_language, other.default_language);
        assert_eq!(one.markup.as_ten_thousandths() * 15, other.markup.as_ten_thousandths() * 10);
        assert_ne!(one.free_per_day, other.free_per_day);
        assert_ne!(one.timezone, other.timezone);
    }

    #[test]
    fn each_bot_has_one_of_each_part_and_nobody_plays_twice() {
        let mut ids = Vec::new();
        for stage in &STAGES {
            for part in [Part::New, Part::Funded, Part::Owner] {
                assert_eq!(stage.players.iter().filter(|player| player.part == part).count(), 1, "{}", stage.tenant);
            }
            ids.extend(stage.players.iter().map(|player| player.id));
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 6);
    }
}
