use super::*;
use crate::bot::screens::testing::{en, model, ru};

fn confirmation(id: &str, payer: Payer, price: i64) -> Confirmation<'static> {
    let summary = Summary {
        prompt: Some("Рыжий кот в шлеме <космонавта> & «друзья»".to_owned()),
        params: vec![("aspect_ratio".to_owned(), "9:16".to_owned()), ("sound".to_owned(), "true".to_owned())],
        inputs: vec![("image_input".to_owned(), 2)],
    };
    Confirmation {
        model: model(id),
        summary,
        payer,
        price: Money::kopecks(price),
        units: 1,
        images: None,
        free: FreeQuota { left: 3, total: 5 },
        available: Money::kopecks(20_000),
    }
}

#[test]
fn s14_says_what_is_ordered_and_what_it_costs() {
    insta::assert_snapshot!(ru(&confirmation("kling-2.6/image-to-video", Payer::Money, 8643)), @"");
    insta::assert_snapshot!(en(&confirmation("kling-2.6/image-to-video", Payer::Money, 8643)), @"");
}

#[test]
fn s14_of_a_free_an_admin_s_and_an_unaffordable_order() {
    insta::assert_snapshot!(ru(&confirmation("z-image", Payer::Free, 0)), @"");
    assert!(ru(&confirmation("z-image", Payer::Admin, 0)).contains("Админ: безлимитные"));
    assert!(ru(&confirmation("z-image", Payer::DryRun, 0)).contains("💰 Цена: 0 ₽"));
    let poor =
        Confirmation { available: Money::kopecks(10), images: Some(3), ..confirmation("z-image", Payer::Money, 63) };
    insta::assert_snapshot!(ru(&poor), @"");
}

#[test]
fn s15_offers_what_is_missing_but_at_least_the_least() {
    let of = |need: i64, available: i64, draft| Insufficient {
        need: Money::kopecks(need),
        available: Money::kopecks(available),
        topup_min: Money::kopecks(5_000),
        draft,
    };
    insta::assert_snapshot!(ru(&of(63, 0, true)), @"");
    insta::assert_snapshot!(en(&of(12_259, 1_000, false)), @"");
}
