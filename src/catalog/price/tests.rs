//! Prices: the worked examples of bot.md 8.3 and the acceptance lines A36, A52–A55, A59 and A64.

use super::*;
use crate::catalog::{Catalog, FileValue, Status, check_text};

fn model(id: &str) -> &'static Model {
    Catalog::embedded().unwrap().model(id).unwrap()
}

fn choose(id: &str, values: &[(&str, &str)]) -> Selection {
    let of = model(id);
    values.iter().fold(Selection::new(), |chosen, (name, text)| {
        chosen.with(*name, check_text(of.param(name).unwrap(), text).unwrap())
    })
}

fn audio(duration_ms: i64) -> Value {
    let (media, mime, sha256) = ("med_a".to_owned(), "audio/ogg".to_owned(), "ab".to_owned());
    Value::Files(vec![FileValue { media, mime, bytes: 1, sha256, duration_ms: Some(duration_ms) }])
}

fn kopecks(id: &str, selection: &Selection, markup: Markup) -> Result<i64, NotSold> {
    price(model(id), selection, markup).map(|sold| sold.price.as_kopecks())
}

fn markup(points: u32) -> Markup {
    Markup::basis_points(points).unwrap()
}

#[test]
fn example_1_a_free_tier_takes_one_unit_and_has_its_price() {
    let sold = price(model("z-image"), &choose("z-image", &[("aspect_ratio", "16:9")]), Markup::ONE).unwrap();
    assert!(sold.free_tier);
    assert_eq!((sold.units, sold.price, sold.credits), (1, Money::kopecks(63), 80));
}

#[test]
fn example_2_buttons_show_the_price_they_lead_to() {
    let id = "kling-2.6/image-to-video";
    let nothing = Selection::new();
    let sound = |yes| price_with(model(id), &nothing, "sound", Value::Bool(yes), Markup::ONE);
    assert_eq!(sound(true), Ok(PriceLine::From(Money::kopecks(8643))));
    assert_eq!(sound(false), Ok(PriceLine::From(Money::kopecks(4321))));
    assert_eq!(price_line(model(id), &nothing, Markup::ONE), Ok(PriceLine::From(Money::kopecks(4321))));
    let loud = choose(id, &[("sound", "да")]);
    let duration = |text: &str| price_with(model(id), &loud, "duration", Value::Text(text.into()), Markup::ONE);
    assert_eq!(duration("5"), Ok(PriceLine::Exact(Money::kopecks(8643))));
    assert_eq!(duration("10"), Ok(PriceLine::Exact(Money::kopecks(17_285))));
    assert_eq!(kopecks(id, &choose(id, &[("sound", "yes"), ("duration", "10")]), Markup::ONE), Ok(17_285));
}

#[test]
fn example_3_pictures_and_markup_multiply_and_round_half_up_once() {
    let id = "ideogram/v3-text-to-image";
    let chosen = choose(id, &[("rendering_speed", "BALANCED"), ("num_images", "3")]);
    assert_eq!(kopecks(id, &chosen, markup(11_500)), Ok(1898));
}

#[test]
fn example_4_begun_seconds_count() {
    let id = "infinitalk/from-audio";
    let chosen = choose(id, &[("resolution", "720p")]).with("audio_input", audio(12_300));
    assert_eq!(kopecks(id, &chosen, Markup::ONE), Ok(12_259));
    let long = choose(id, &[("resolution", "720p")]).with("audio_input", audio(15_001));
    assert!(matches!(
        kopecks(id, &long, Markup::ONE),
        Err(NotSold::Quantity(QuantityError::TooLong { max_seconds: 15, .. }))
    ));
}

#[test]
fn example_5_characters_are_counted_exactly() {
    let id = "elevenlabs/text-to-speech";
    let chosen = |n| choose(id, &[("text", &"я".repeat(n))]);
    assert_eq!(kopecks(id, &chosen(1234), Markup::ONE), Ok(581));
    assert_eq!(kopecks(id, &chosen(1), Markup::ONE), Ok(1));
}

#[test]
fn example_6_a_forbidden_combination_is_not_sold() {
    let id = "hailuo/2.3";
    let both = |duration: &str, resolution: &str| {
        kopecks(id, &choose(id, &[("duration", duration), ("resolution", resolution)]), Markup::ONE)
    };
    assert_eq!(both("10", "1080p"), Err(NotSold::Forbidden));
    assert_eq!(both("6", "1080p"), Ok(3929));
    assert_eq!(both("10", "768p"), Ok(3929));
    assert_eq!(both("6", "768p"), Ok(2357));
}

#[test]
fn a36_a_card_shows_the_least_price() {
    assert_eq!(min_price(model("seedream/4.5-text-to-image"), Markup::ONE), Some(Money::kopecks(511)));
    assert_eq!(min_price(model("kling-2.6/text-to-video"), Markup::ONE), Some(Money::kopecks(4321)));
    assert_eq!(min_price(model("elevenlabs/sound-effect"), Markup::ONE), None);
}

#[test]
fn a53_every_tier_of_every_sellable_model_resolves_to_itself() {
    for model in Catalog::embedded().unwrap().models().iter().filter(|m| m.is_sellable()) {
        for (index, tier) in model.modes() {
            let chosen = model.tier_selection(index).unwrap();
            assert_eq!(tier_of(model, &chosen), Ok(index), "{}", tier.sku);
            assert_eq!(tier_price(model, index, Markup::ONE), Some(tier.price), "{}", tier.sku);
        }
    }
}

#[test]
fn a53_the_first_tier_that_matches_wins() {
    let mut model = model("flux-2/pro-image-to-image").clone();
    model.pricing.tiers[0].when.clear();
    for resolution in ["1K", "2K"] {
        let chosen = Selection::new().with("resolution", Value::Text(resolution.into()));
        assert_eq!(tier_of(&model, &chosen), Ok(0), "{resolution}");
    }
}

#[test]
fn a54_what_has_no_tier_is_never_sold_whatever_is_forged() {
    let id = "nano-banana-pro";
    let forged = Selection::new().with("resolution", Value::Text("8K".into()));
    assert_eq!(kopecks(id, &forged, Markup::ONE), Err(NotSold::NoTier));
    assert_eq!(price_line(model(id), &forged, Markup::ONE), Err(NotSold::NoTier));
    let files = Selection::new().with("resolution", audio(1));
    assert_eq!(kopecks(id, &files, Markup::ONE), Ok(1414), "a file is no value of an axis: the default counts");
    let open = "wan/2-5-text-to-video";
    assert_eq!(
        kopecks(open, &choose(open, &[("duration", "5")]), Markup::ONE),
        Err(NotSold::AxisOpen { param: "resolution".into() })
    );
    assert_eq!(kopecks("midjourney/api", &Selection::new(), Markup::ONE), Err(NotSold::Hidden));
    assert_eq!(price_line(model("google/veo-3"), &Selection::new(), Markup::ONE), Err(NotSold::Hidden));
}

#[test]
fn a55_a_half_kopeck_rounds_up() {
    // 0.63 × 1.15 = 0.7245; 14.14 × 1.25 = 17.675; 0.39 × 0.50 = 0.195.
    assert_eq!(kopecks("z-image", &Selection::new(), markup(11_500)), Ok(72));
    assert_eq!(kopecks("nano-banana-pro", &Selection::new(), markup(12_500)), Ok(1768));
    assert_eq!(kopecks("recraft/crisp-upscale", &Selection::new(), markup(5_000)), Ok(20));
    assert_eq!(price_of(Money::kopecks(1), Quantity { num: 1, den: 1000 }, Markup::ONE), Some(Money::kopecks(1)));
    assert_eq!(price_of(Money::ZERO, Quantity::ONE, Markup::ONE), Some(Money::ZERO));
}

#[test]
fn a59_a_zero_price_that_is_not_marked_free_is_blocked() {
    let mut model = model("z-image").clone();
    model.pricing.tiers[0].price = Money::ZERO;
    assert_eq!(price(&model, &Selection::new(), Markup::ONE).unwrap().price, Money::ZERO);
    model.pricing.tiers[0].free = false;
    let blocked = NotSold::ZeroPrice { sku: "z-image::default".into() };
    assert_eq!(price(&model, &Selection::new(), Markup::ONE), Err(blocked.clone()));
    assert_eq!(price_line(&model, &Selection::new(), Markup::ONE), Err(blocked));
    assert!(!model.is_sellable());
}

#[test]
fn a64_the_free_list_has_exactly_the_five_free_tiers_cheapest_first() {
    let free: Vec<_> = Catalog::embedded().unwrap().free_skus();
    let shown: Vec<(&str, i64)> = free.iter().map(|s| (s.tier.sku.as_str(), s.tier.price.as_kopecks())).collect();
    assert_eq!(
        shown,
        [
            ("z-image::default", 63),
            ("bytedance/seedream::default", 275),
            ("ideogram/v3-text-to-image::rendering_speed=TURBO", 275),
            ("google/imagen4-fast::default", 314),
            ("google/nano-banana::default", 314),
        ]
    );
    assert!(free.iter().all(|s| s.model.status == Status::Listed));
}

#[test]
fn an_optional_axis_with_a_default_does_not_make_the_price_open() {
    let line = |id, selection: &Selection| price_line(model(id), selection, Markup::ONE).unwrap();
    let nothing = Selection::new();
    assert_eq!(line("nano-banana-pro", &nothing), PriceLine::Exact(Money::kopecks(1414)));
    assert_eq!(line("ideogram/v3-text-to-image", &nothing), PriceLine::From(Money::kopecks(275)));
    assert_eq!(line("infinitalk/from-audio", &nothing), PriceLine::From(Money::kopecks(236)));
    let heard = Selection::new().with("audio_input", audio(2_000));
    assert_eq!(line("infinitalk/from-audio", &heard), PriceLine::Exact(Money::kopecks(472)));
}

#[test]
fn a_model_priced_by_the_second_says_what_a_second_costs() {
    let heard = Selection::new().with("audio_input", audio(2_000));
    let second = unit_line(model("infinitalk/from-audio"), &heard, markup(20_000));
    assert_eq!(second, Some((Unit::Second, PriceLine::Exact(Money::kopecks(472)))));
    assert_eq!(unit_line(model("z-image"), &Selection::new(), Markup::ONE), None);
}

/// A selection with everything that measures a quantity given, so that only axes decide whether it can be sold.
fn measured(model: &Model) -> Selection {
    let text = || Value::Text("a cat on a roof".to_owned());
    let names = model.pricing.quantity.params().into_iter().filter_map(|name| model.param(name));
    names.fold(Selection::new(), |chosen, param| match (param.media(), param.is_text()) {
        (Some(_), _) => chosen.with(&param.name, audio(9_500)),
        (None, true) => chosen.with(&param.name, text()),
        (None, false) => chosen,
    })
}

#[test]
fn what_a_step_shows_is_what_is_charged_for_every_combination_of_every_model() {
    let mut combinations = 0;
    for model in Catalog::embedded().unwrap().models().iter().filter(|m| m.is_sellable()) {
        let least = min_price(model, Markup::ONE).unwrap();
        for assignment in assignments(model, |_| None) {
            combinations += 1;
            let chosen = assignment.iter().fold(measured(model), |chosen, (axis, value)| {
                chosen.with(*axis, model.param(axis).unwrap().option_value(value).unwrap())
            });
            let shown = price_line(model, &chosen, Markup::ONE);
            match price(model, &chosen, Markup::ONE) {
                Ok(sold) => {
                    assert_eq!(shown, Ok(PriceLine::Exact(sold.price)), "{} {assignment:?}", model.id);
                    // «от X» is the price of one unit: minutes and characters may be ordered in parts of one.
                    assert!(sold.quantity.den > 1 || least <= sold.price, "{} {assignment:?}", model.id);
                }
                Err(refused) => assert_eq!(shown, Err(refused), "{} {assignment:?}", model.id),
            }
        }
    }
    assert!(combinations > 100, "{combinations}");
}

#[test]
fn no_tier_sells_below_what_the_provider_takes() {
    // A credit is 0.005 USD; the price list was made at 78.57 RUB per USD (facts of 2026-02).
    for model in Catalog::embedded().unwrap().models() {
        for tier in &model.pricing.tiers {
            let cost = Money::kopecks(tier.credits).scaled(5 * 7857, 100_000).unwrap();
            assert!(tier.price >= cost && tier.credits > 0, "{}: {} under {cost}", tier.sku, tier.price);
        }
    }
}

#[test]
fn parameters_that_are_no_axes_never_change_the_price() {
    let id = "seedream/4.5-text-to-image";
    let of = |quality| kopecks(id, &choose(id, &[("quality", quality), ("aspect_ratio", "21:9")]), Markup::ONE);
    assert_eq!((of("basic"), of("high")), (Ok(511), Ok(511)));
}

#[test]
fn the_part_of_an_order_that_came_is_priced_by_the_same_rule() {
    let id = "bytedance/seedream-v4-text-to-image";
    let sold = price(model(id), &choose(id, &[("max_images", "4")]), Markup::ONE).unwrap();
    assert_eq!((sold.price, sold.units, sold.credits), (Money::kopecks(1572), 4, 2000));
    assert_eq!(price_of(sold.unit_price, Quantity::whole(3), Markup::ONE), Some(Money::kopecks(1179)));
}

#[test]
fn a_markup_outside_its_range_is_refused() {
    assert_eq!(Markup::basis_points(4_999), Err(BadMarkup));
    assert_eq!(Markup::basis_points(100_001), Err(BadMarkup));
    assert!(serde_json::from_str::<Markup>("0").is_err());
}
