//! Every button's data, typed: parsed once, matched exhaustively by `route.rs`, written by the same type.
//!
//! To add a button: a variant here, a line in `parse`, a line in `data`, an arm in `route.rs` — the compiler asks for the
//! last two. Data is at most 64 bytes: models travel by id or hash, long values by hash (`catalog::refs`; bot.md 4).

mod bonus;
mod guide;
mod knowledge;
mod legacy;
pub mod payments;
mod privacy;

pub use bonus::BonusPress;
pub use guide::{GuidePress, LAST_PAGE, Scenario};
pub use knowledge::KnowledgePress;
pub use legacy::LegacyPress;
pub use payments::{PaymentsPress, RejectReason, ScreenshotTurn};
pub use privacy::PrivacyPress;
mod broadcasts;

pub use broadcasts::{BroadcastAction, BroadcastPress};
mod admin;

pub use admin::{AdminPress, Way};

use crate::domain::outgoing::{Button, Press};
use crate::domain::{GenerationId, Language, Money};

/// A model as a button names it: id, alias or hash.
pub type ModelRef = String;

/// The lists that page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PagedList {
    /// All models.
    All,
    /// The models of a generation type (its slug).
    GenType(String),
}

/// What a value button says of its parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// A value, or `#` and 8 hex digits where it would be too long.
    Value(String),
    /// Leave the parameter out.
    Skip,
    /// The catalog's default.
    Default,
}

/// Which way a history page turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// Older.
    Prev,
    /// Newer.
    Next,
}

/// A pressed button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Callback {
    /// The main menu; draft cleared.
    BackToMenu,
    /// One step back in a flow.
    BackToPreviousStep,
    /// Draft and awaited input cleared, said so.
    Cancel,
    /// A running generation is given up.
    CancelGeneration(GenerationId),
    /// S-30.
    Help,
    /// S-31.
    Support,
    /// S-37.
    CopyBot,
    /// «🚪 Это не я»: below the news of a log-in into the panel.
    PanelSignOut,
    /// S-32.
    ChangeLanguage,
    /// A language was chosen.
    SetLanguage(Language),
    /// A page of a list, from 0.
    Page(PagedList, usize),
    /// A page counter: nothing happens.
    Noop,
    /// S-03.
    ShowModels,
    /// S-06.
    AllModels,
    /// S-07 or the target's card.
    OtherModels,
    /// S-07.
    SpecialTools,
    /// S-05.
    GenType(String),
    /// S-05 of a category.
    Category(String),
    /// S-06 of one header code.
    TypeHeader(String),
    /// S-08.
    Model(ModelRef),
    /// Start a draft.
    SelectModel(ModelRef),
    /// S-09.
    Modes(ModelRef),
    /// Start a draft with the axes of a tier.
    SelectMode(ModelRef, usize),
    /// Start a free draft: 12 hex digits of the SKU's hash.
    Sku(String),
    /// S-10, parameters.
    Info(ModelRef),
    /// S-10, sample prompts.
    Example(ModelRef),
    /// S-08 again.
    BackToModel(ModelRef),
    /// The last list.
    BackToModels,
    /// S-04.
    Categories,
    /// S-13.
    ShowParameters,
    /// S-11 for one parameter, afterwards back to S-13 or S-14.
    EditParam(String),
    /// A value button.
    SetParam(String, Chosen),
    /// The price change of S-12 was accepted.
    ConfirmParam(String, Chosen),
    /// One more image.
    AddImage,
    /// No more images.
    ImageDone,
    /// An optional file is left out.
    SkipMedia,
    /// S-14 with a new quote.
    BackToConfirmation,
    /// S-14 once everything required is filled.
    ShowPriceConfirmation,
    /// Start the quoted generation.
    ConfirmGenerate,
    /// A failed generation again, from its stored request.
    RetryGenerate(GenerationId),
    /// A finished generation again, from its stored request.
    RepeatGenerate(GenerationId),
    /// A stored result again.
    RetryDelivery(GenerationId),
    /// S-17, or the result when ready.
    OpenResult(GenerationId),
    /// The last model and parameters again.
    GenerateAgain,
    /// S-38, newest.
    MyGenerations,
    /// Results of S-38 again.
    ViewGeneration(GenerationId),
    /// The next record of S-38.
    History(GenerationId, Turned),
    /// S-27.
    FreeTools,
    /// S-28.
    Referral,
    /// Gift, bonuses and promo codes.
    Bonus(BonusPress),
    /// S-20.
    Balance,
    /// S-21.
    TopUp,
    /// S-22 for an amount.
    TopUpAmount(Money),
    /// S-21 asks for an amount of one's own.
    TopUpCustom,
    /// The knowledge base.
    Knowledge(KnowledgePress),
    /// The tutorial and the quick actions.
    Guide(GuidePress),
    /// «🗑 Удалить мои данные».
    Privacy(PrivacyPress),
    /// What only older messages show.
    Legacy(LegacyPress),
    /// S-49 and what belongs to it.
    Broadcast(BroadcastPress),
    /// Topping up, its review and its list.
    Payments(PaymentsPress),
    /// The admin's menu (bot.md 5.5).
    Admin(AdminPress),
}

impl Callback {
    /// Reads a button's data. `None` is a stale or foreign button (bot.md 4, STALE).
    pub fn parse(data: &str) -> Option<Self> {
        if let Some(press) = BroadcastPress::parse(data) {
            return Some(Self::Broadcast(press));
        }
        if let Some(press) = AdminPress::parse(data) {
            return Some(Self::Admin(press));
        }
        let (head, payload) = data.split_once(':').map_or((data, None), |(h, p)| (h, Some(p)));
        if let Some(press) = PaymentsPress::parse(data) {
            return Some(Self::Payments(press));
        }
        let known = match payload {
            None => Self::parse_bare(head),
            Some(payload) => Self::parse_catalog(head, payload)
                .or_else(|| Self::parse_wizard(head, payload))
                .or_else(|| Self::parse_rest(head, payload)),
        };
        known
            .or_else(|| KnowledgePress::parse(data).map(Self::Knowledge))
            .or_else(|| GuidePress::parse(data).map(Self::Guide))
            .or_else(|| PrivacyPress::parse(data).map(Self::Privacy))
            .or_else(|| LegacyPress::parse(data).map(Self::Legacy))
            .or_else(|| BonusPress::parse(data).map(Self::Bonus))
    }

    fn parse_bare(head: &str) -> Option<Self> {
        Some(match head {
            "back_to_menu" | "main_menu" | "reset_step" | "reset_wizard" => Self::BackToMenu,
            "back_to_previous_step" => Self::BackToPreviousStep,
            "cancel" => Self::Cancel,
            "help_menu" => Self::Help,
            "support_contact" => Self::Support,
            "copy_bot" => Self::CopyBot,
            "panel_sign_out" => Self::PanelSignOut,
            "change_language" => Self::ChangeLanguage,
            "noop" => Self::Noop,
            "show_models" | "all_models" => Self::ShowModels,
            "show_all_models_list" => Self::AllModels,
            "other_models" => Self::OtherModels,
            "special_tools" => Self::SpecialTools,
            "back_to_models" => Self::BackToModels,
            "back_to_categories" => Self::Categories,
            "show_parameters" | "back_to_params" => Self::ShowParameters,
            "add_image" | "add_audio" | "add_video" => Self::AddImage,
            "image_done" => Self::ImageDone,
            "skip_image" | "skip_audio" | "skip_video" => Self::SkipMedia,
            "back_to_confirmation" => Self::BackToConfirmation,
            "show_price_confirmation" => Self::ShowPriceConfirmation,
            "confirm_generate" => Self::ConfirmGenerate,
            "generate_again" => Self::GenerateAgain,
            "my_generations" => Self::MyGenerations,
            "free_tools" | "fast_tools" => Self::FreeTools,
            "referral_info" => Self::Referral,
            "check_balance" => Self::Balance,
            "topup_balance" => Self::TopUp,
            "topup_custom" => Self::TopUpCustom,
            _ => return None,
        })
    }

    fn parse_catalog(head: &str, payload: &str) -> Option<Self> {
        let text = || (!payload.is_empty()).then(|| payload.to_owned());
        Some(match head {
            "gen_type" => Self::GenType(text()?),
            "category" => Self::Category(payload.to_ascii_lowercase()),
            "type_header" => Self::TypeHeader(payload.to_owned()),
            "model" => Self::Model(text()?),
            "select_model" | "start" => Self::SelectModel(text()?),
            "modes" => Self::Modes(text()?),
            "select_mode" | "mode" if payload.contains(':') => {
                let (model, n) = payload.rsplit_once(':').filter(|(model, _)| !model.is_empty())?;
                Self::SelectMode(model.to_owned(), n.parse().ok()?)
            }
            "sk" => Self::Sku(text()?),
            "info" => Self::Info(text()?),
            "example" => Self::Example(text()?),
            "back_to_model" => Self::BackToModel(text()?),
            "pg" => {
                let (list, n) = payload.rsplit_once(':')?;
                let list = match list {
                    "all" => PagedList::All,
                    _ => PagedList::GenType(list.strip_prefix("gt.")?.to_owned()),
                };
                Self::Page(list, n.parse().ok()?)
            }
            _ => return None,
        })
    }

    fn parse_wizard(head: &str, payload: &str) -> Option<Self> {
        let chosen = || {
            let (name, value) = payload.split_once(':')?;
            let value = match value {
                "__skip__" => Chosen::Skip,
                "__default__" => Chosen::Default,
                "" => return None,
                _ => Chosen::Value(value.to_owned()),
            };
            Some((name.to_owned(), value))
        };
        Some(match head {
            "param_menu" if payload.is_empty() => Self::ShowParameters,
            "edit_param" | "param_menu" | "param_input" => Self::EditParam(payload.to_owned()),
            "set_param" => chosen().map(|(name, value)| Self::SetParam(name, value))?,
            "confirm_param" => chosen().map(|(name, value)| Self::ConfirmParam(name, value))?,
            _ => return None,
        })
    }

    fn parse_rest(head: &str, payload: &str) -> Option<Self> {
        let generation = || GenerationId::from_short(payload).ok();
        Some(match head {
            "cancel" => Self::CancelGeneration(generation()?),
            "retry_generate" => Self::RetryGenerate(generation()?),
            "gen_repeat" => Self::RepeatGenerate(generation()?),
            "retry_delivery" => Self::RetryDelivery(generation()?),
            "open_result" => Self::OpenResult(generation()?),
            "gen_view" => Self::ViewGeneration(generation()?),
            "gen_history" => {
                let (id, way) = payload.split_once(':')?;
                let turned = match way {
                    "prev" => Turned::Prev,
                    "next" => Turned::Next,
                    _ => return None,
                };
                Self::History(GenerationId::from_short(id).ok()?, turned)
            }
            "set_language" | "language_select" => Self::SetLanguage(payload.parse().ok()?),
            "topup_amount" => Self::TopUpAmount(Money::parse_roubles(payload).unwrap_or(Money::ZERO)),
            _ => return None,
        })
    }

    /// The data that [`Callback::parse`] reads back.
    pub fn data(&self) -> String {
        match self {
            Self::GenType(slug) => format!("gen_type:{slug}"),
            Self::Category(name) => format!("category:{name}"),
            Self::TypeHeader(code) => format!("type_header:{code}"),
            Self::Model(model) => format!("model:{model}"),
            Self::SelectModel(model) => format!("select_model:{model}"),
            Self::Modes(model) => format!("modes:{model}"),
            Self::SelectMode(model, n) => format!("select_mode:{model}:{n}"),
            Self::Sku(hash) => format!("sk:{hash}"),
            Self::Info(model) => format!("info:{model}"),
            Self::Example(model) => format!("example:{model}"),
            Self::BackToModel(model) => format!("back_to_model:{model}"),
            Self::Page(PagedList::All, n) => format!("pg:all:{n}"),
            Self::Page(PagedList::GenType(slug), n) => format!("pg:gt.{slug}:{n}"),
            Self::EditParam(name) => format!("edit_param:{name}"),
            Self::SetParam(name, value) => format!("set_param:{name}:{}", chosen_data(value)),
            Self::ConfirmParam(name, value) => format!("confirm_param:{name}:{}", chosen_data(value)),
            Self::CancelGeneration(id) => format!("cancel:{}", id.short()),
            Self::RetryGenerate(id) => format!("retry_generate:{}", id.short()),
            Self::RepeatGenerate(id) => format!("gen_repeat:{}", id.short()),
            Self::RetryDelivery(id) => format!("retry_delivery:{}", id.short()),
            Self::OpenResult(id) => format!("open_result:{}", id.short()),
            Self::ViewGeneration(id) => format!("gen_view:{}", id.short()),
            Self::History(id, Turned::Prev) => format!("gen_history:{}:prev", id.short()),
            Self::History(id, Turned::Next) => format!("gen_history:{}:next", id.short()),
            Self::SetLanguage(language) => format!("set_language:{}", language.code()),
            Self::Payments(press) => press.data(),
            Self::TopUpAmount(amount) => format!("topup_amount:{}", plain_roubles(*amount)),
            Self::Knowledge(press) => press.data(),
            Self::Guide(press) => press.data(),
            Self::Privacy(press) => press.data(),
            Self::Legacy(press) => press.data(),
            Self::Bonus(press) => press.data(),
            Self::Broadcast(press) => press.data(),
            Self::Admin(press) => press.data(),
            bare => bare.bare_data().to_owned(),
        }
    }

    fn bare_data(&self) -> &'static str {
        match self {
            Self::BackToMenu => "back_to_menu",
            Self::BackToPreviousStep => "back_to_previous_step",
            Self::Cancel => "cancel",
            Self::Help => "help_menu",
            Self::Support => "support_contact",
            Self::CopyBot => "copy_bot",
            Self::PanelSignOut => "panel_sign_out",
            Self::ChangeLanguage => "change_language",
            Self::ShowModels => "show_models",
            Self::AllModels => "show_all_models_list",
            Self::OtherModels => "other_models",
            Self::SpecialTools => "special_tools",
            Self::BackToModels => "back_to_models",
            Self::Categories => "back_to_categories",
            Self::ShowParameters => "show_parameters",
            Self::AddImage => "add_image",
            Self::ImageDone => "image_done",
            Self::SkipMedia => "skip_image",
            Self::BackToConfirmation => "back_to_confirmation",
            Self::ShowPriceConfirmation => "show_price_confirmation",
            Self::ConfirmGenerate => "confirm_generate",
            Self::GenerateAgain => "generate_again",
            Self::MyGenerations => "my_generations",
            Self::FreeTools => "free_tools",
            Self::Referral => "referral_info",
            Self::Balance => "check_balance",
            Self::TopUp => "topup_balance",
            Self::TopUpCustom => "topup_custom",
            _ => "noop",
        }
    }

    /// The button itself.
    pub fn button(&self, text: impl Into<String>) -> Button {
        Button { text: text.into(), press: Press::Callback(self.data()) }
    }
}

/// What a log may show of a button's data: its head (bot.md 15.2).
pub fn masked(data: &str) -> String {
    data.split_once(':').map_or_else(
        || data.chars().take(32).collect(),
        |(head, _)| format!("{}:…", head.chars().take(32).collect::<String>()),
    )
}

fn chosen_data(chosen: &Chosen) -> &str {
    match chosen {
        Chosen::Value(value) => value,
        Chosen::Skip => "__skip__",
        Chosen::Default => "__default__",
    }
}

fn plain_roubles(amount: Money) -> String {
    let kopecks = amount.as_kopecks();
    if kopecks % 100 == 0 { (kopecks / 100).to_string() } else { format!("{}.{:02}", kopecks / 100, kopecks % 100) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_reads_back_as_itself() {
        let id = GenerationId::random();
        let value = |v: &str| Chosen::Value(v.to_owned());
        let all = [
            Callback::BackToMenu,
            Callback::Cancel,
            Callback::CancelGeneration(id.clone()),
            Callback::GenType("text-to-image".to_owned()),
            Callback::SelectModel("flux-2/pro-text-to-image".to_owned()),
            Callback::SelectMode("z-image".to_owned(), 3),
            Callback::Page(PagedList::All, 2),
            Callback::Page(PagedList::GenType("music".to_owned()), 0),
            Callback::SetParam("aspect_ratio".to_owned(), value("16:9")),
            Callback::SetParam("seed".to_owned(), Chosen::Skip),
            Callback::ConfirmParam("sound".to_owned(), value("true")),
            Callback::History(id.clone(), Turned::Prev),
            Callback::TopUpAmount(Money::kopecks(5050)),
            Callback::TopUpAmount(Money::kopecks(5000)),
            Callback::SetLanguage(Language::En),
            Callback::ConfirmGenerate,
            Callback::MyGenerations,
        ];
        for callback in all {
            let data = callback.data();
            assert!(data.len() <= 64, "{data}");
            assert_eq!(Callback::parse(&data), Some(callback), "{data}");
        }
    }

    #[test]
    fn what_is_malformed_is_no_button() {
        for data in [
            "",
            "foo:bar",
            "cancel:XYZ",
            "select_mode:z-image:x",
            "set_param:a",
            "set_param:a:",
            "pg:users",
            "set_language:fr",
            "gen_history:abc:prev",
        ] {
            assert_eq!(Callback::parse(data), None, "{data}");
        }
    }

    #[test]
    fn a_log_shows_only_the_head() {
        assert_eq!(masked("set_param:prompt:secret"), "set_param:…");
        assert_eq!(masked("cancel"), "cancel");
    }
}
