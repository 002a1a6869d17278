//! T11: what a person types as an amount. No text panics, wraps or is read as another amount; what is shown reads back exactly.

use botyard::domain::Money;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::util::env;

/// Texts that look like amounts more often than not: digits of several scripts, signs, separators, exponents, words.
fn typed() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[0-9]{1,20}".boxed(),
        2 => prop::sample::select(vec![".", ",", " ", "\u{a0}", "\u{202f}", "₽", " руб", "%"]).prop_map(str::to_owned).boxed(),
        1 => prop::sample::select(vec!["-", "+", "−", "e", "E", "x", "0x", "nan", "inf", "\u{202e}", "\0"]).prop_map(str::to_owned).boxed(),
        1 => "[٠-٩०-९０-９]{1,4}".boxed(),
        1 => "\\PC{0,6}".boxed(),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

/// The same reading, said another way: over characters, in `i128`, with the rules of bot.md 11.1 one by one.
fn expected(text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('₽');
    let text: String = text.chars().filter(|c| ![' ', '\u{a0}', '\u{202f}'].contains(c)).collect();
    let marks = text.chars().filter(|c| [',', '.'].contains(c)).count();
    let mut halves = text.split([',', '.']);
    let (whole, cents) = (halves.next()?, halves.next());
    let ascii = |half: &str| !half.is_empty() && half.chars().all(|c| c.is_ascii_digit());
    if marks > 1 || !ascii(whole) || cents.is_some_and(|cents| !ascii(cents) || cents.len() > 2) {
        return None;
    }
    let number = |digits: &str| {
        digits.chars().try_fold(0_i128, |sum, c| sum.checked_mul(10)?.checked_add(i128::from(c.to_digit(10)?)))
    };
    let cents = match cents {
        None => 0,
        Some(cents) if cents.len() == 1 => number(cents)? * 10,
        Some(cents) => number(cents)?,
    };
    i64::try_from(number(whole)?.checked_mul(100)?.checked_add(cents)?).ok()
}

#[test]
fn no_amount_panics_wraps_or_is_read_as_another() {
    let cases = u32::try_from(env::count(50_000, 1_000_000)).unwrap();
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let counted = std::cell::Cell::new(0_u32);
    runner
        .run(&typed(), |text| {
            let money = Money::parse_roubles(&text).ok();
            prop_assert_eq!(money.map(Money::as_kopecks), expected(&text), "{:?}", text);
            if let Some(money) = money {
                counted.set(counted.get() + 1);
                prop_assert!(money.as_kopecks() >= 0);
                prop_assert_eq!(Money::parse_roubles(&money.to_string()), Ok(money));
            }
            Ok(())
        })
        .unwrap();
    let read = counted.get();
    assert!(read > cases / 50, "only {read} of {cases} texts were amounts: the rest says little");
}
