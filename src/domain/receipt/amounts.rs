//! Sums in the lines of a receipt: numbers with a rouble sign after them, or beside a word for a sum (bot.md 11.3).

use super::words_of::{cyrillic, words_of};
use crate::domain::Money;

/// Words beside which a number is a sum.
const LABELS: [&str; 4] = ["сумма", "итого", "перевод", "amount"];
/// One rouble to half a million: what a receipt's sum may be, in kopecks.
const SUMS: std::ops::RangeInclusive<i64> = 100..=50_000_000;
/// Readers of pictures know few fonts with the rouble sign: they make of it a letter or a sign of this kind.
const SIGNS: &str = "₽рp₱фf#";

/// The sums of lines in small letters, without the bank's fees; each once.
pub(super) fn amounts(lines: &[String]) -> Vec<Money> {
    let mut found = Vec::new();
    let (mut labelled_above, mut fee_above) = (false, false);
    for line in lines {
        let labelled = LABELS.iter().any(|label| line.contains(label));
        let fee = fee(line);
        let numbers = numbers(line);
        for number in &numbers {
            let sum = Money::kopecks(number.kopecks);
            let is_sum = number.has_currency || labelled || labelled_above;
            let is_fee = fee_above || fee.is_some_and(|fee| fee < number.at);
            if is_sum && !is_fee && SUMS.contains(&number.kopecks) && !found.contains(&sum) {
                found.push(sum);
            }
        }
        // A label alone in its line belongs to what stands below it.
        labelled_above = labelled && numbers.is_empty() || labelled_above && line.is_empty();
        fee_above = fee.is_some() && numbers.is_empty() || fee_above && line.is_empty();
    }
    found
}

/// From which sign of a line on its numbers are the bank's fee: the word for it. «Без комиссии» names none.
fn fee(line: &str) -> Option<usize> {
    let mut before = "";
    let word = words_of(line).find(|word| {
        let read = cyrillic(word);
        let is = (read.starts_with("комисс") && before != "без") || word.starts_with("commission") || *word == "fee";
        before = word;
        is
    })?;
    line.find(word).map(|bytes| line[..bytes].chars().count())
}

/// A number as it stands in a line.
#[derive(Debug, PartialEq, Eq)]
struct Number {
    /// Its first sign's place in the line.
    at: usize,
    /// Where it ends.
    end: usize,
    kopecks: i64,
    has_currency: bool,
}

fn numbers(line: &str) -> Vec<Number> {
    let signs: Vec<char> = line.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < signs.len() {
        if !signs[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (kopecks, end) = number(&signs, at);
        let before = at.checked_sub(1).map(|n| signs[n]);
        // A part of a word, a time, a date, or a longer number that is no sum.
        let inside = before.is_some_and(|c| c.is_alphanumeric() || ":.,/*+_".contains(c))
            || signs.get(end).is_some_and(|c| ":/*_%".contains(*c))
            || (signs.get(end).is_some_and(|c| ".,".contains(*c))
                && signs.get(end + 1).is_some_and(char::is_ascii_digit));
        if misread_sign(&signs, found.last(), at..end) {
            at = end;
            continue;
        }
        if let Some(kopecks) = kopecks.filter(|_| !inside) {
            let has_currency = currency(&signs[end..]) || spent(&signs[..at], &signs[at..end]);
            found.push(Number { at, end, kopecks, has_currency });
        }
        at = end.max(at + 1);
    }
    found
}

/// Whether a digit alone, at a line's end and behind a sum with kopecks, is what a reader made of the rouble sign: «543,34 2».
fn misread_sign(signs: &[char], last: Option<&Number>, digit: std::ops::Range<usize>) -> bool {
    let Some(last) = last else { return false };
    let spaces = |some: &[char]| some.iter().all(|c| is_space(*c));
    let apart = last.end < digit.start && spaces(&signs[last.end..digit.start]);
    digit.len() == 1 && apart && has_kopecks(&signs[last.at..last.end]) && spaces(&signs[digit.end..])
}

/// Whether a number is written with two digits of kopecks.
fn has_kopecks(number: &[char]) -> bool {
    number.iter().rev().position(|c| ".,".contains(*c)) == Some(2)
}

/// Whether a number is written as banks write what was spent: a minus at its head and two digits of kopecks. The sign after it
/// may be one that the reader does not know.
fn spent(before: &[char], number: &[char]) -> bool {
    let is_minus = |c: &char| "-–—−".contains(*c);
    let alone = |head: &[char]| head.last().is_none_or(|c| is_space(*c));
    let minus = before.split_last().is_some_and(|(last, head)| is_minus(last) && alone(head));
    minus && has_kopecks(number)
}

/// Reads `1 050,17`, `1050.17`, `1.050,17`, `1050`; gives kopecks and where it ends.
fn number(signs: &[char], from: usize) -> (Option<i64>, usize) {
    let digits = |at: usize| signs[at.min(signs.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = from + digits(from);
    let mut whole: String = signs[from..at].iter().collect();
    if whole.len() <= 3 {
        while signs.get(at).is_some_and(|c| is_space(*c) || *c == '\'' || *c == '’') && digits(at + 1) == 3 {
            whole.extend(&signs[at + 1..at + 4]);
            at += 4;
        }
    }
    // A dot or comma before exactly three digits parts thousands.
    while signs.get(at).is_some_and(|c| ".,".contains(*c)) && digits(at + 1) == 3 && whole.len() <= 6 {
        whole.extend(&signs[at + 1..at + 4]);
        at += 4;
    }
    let mut part = String::new();
    if signs.get(at).is_some_and(|c| ".,".contains(*c)) {
        // Readers put a space after the comma now and then.
        let gap = usize::from(signs.get(at + 1).is_some_and(|c| is_space(*c)) && digits(at + 2) == 2);
        let count = digits(at + 1 + gap);
        if (1..=2).contains(&count) {
            part.extend(&signs[at + 1 + gap..at + 1 + gap + count]);
            at += 1 + gap + count;
        }
    }
    (kopecks(&whole, &part), at)
}

fn kopecks(whole: &str, part: &str) -> Option<i64> {
    let whole: i64 = if whole.len() <= 9 { whole.parse().ok()? } else { return None };
    let part: i64 = if part.is_empty() { 0 } else { format!("{part:0<2}").parse().ok()? };
    Some(whole * 100 + part)
}

fn currency(rest: &[char]) -> bool {
    let rest: String = rest.iter().skip_while(|c| is_space(**c)).take(4).collect();
    let alone = rest.chars().nth(1).is_none_or(|c| !c.is_alphanumeric());
    ["руб", "rub", "rur"].iter().any(|word| rest.starts_with(word))
        || (alone && rest.chars().next().is_some_and(|c| SIGNS.contains(c)))
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{2009}' | '\u{202f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<i64> {
        let lines: Vec<String> = text.lines().map(str::to_lowercase).collect();
        amounts(&lines).into_iter().map(Money::as_kopecks).collect()
    }

    #[test]
    fn sums_are_read_as_banks_write_them() {
        for (text, kopecks) in [
            ("50,17 ₽", 5_017),
            ("1 050,17 ₽", 105_017),
            ("1\u{a0}050.17 руб.", 105_017),
            ("1.050,17 RUB", 105_017),
            ("−50,17 Р", 5_017),
            ("—50,17 2", 5_017),
            ("50 руб", 5_000),
            ("Сумма перевода 50.17", 5_017),
            ("Итого\n\n150,00", 15_000),
            ("Amount: 99", 9_900),
            ("Итого 543,34 2", 54_334),
            ("500 000 ₽", 50_000_000),
            ("50, 17 P", 5_017),
        ] {
            assert_eq!(read(text), [kopecks], "{text}");
        }
    }

    #[test]
    fn what_is_no_sum_is_not_read() {
        for text in [
            "12.11.2026 в 14:30",
            "+7 900 000-11-22",
            "счет 40817810500000000001",
            "комиссия 0 ₽",
            "0,99 ₽",
            "500 000,01 ₽",
            "50,17",
            "12-50,17",
            "—50 2",
            "кешбэк 5% р",
            "50 рыб",
        ] {
            assert_eq!(read(text), Vec::<i64>::new(), "{text}");
        }
    }

    #[test]
    fn fees_are_no_sums() {
        for (text, kopecks) in [
            ("Сумма 50,17 ₽ Комиссия 10 ₽", 5_017),
            ("Комиссия\n10 ₽\nИтого 50,17 ₽", 5_017),
            ("Kомиссия банка: 15,00 руб.\n50,17 руб.", 5_017),
            ("Fee 1.50 rub\nAmount 50.17", 5_017),
            ("Перевод без комиссии 50,17 ₽", 5_017),
        ] {
            assert_eq!(read(text), [kopecks], "{text}");
        }
        assert_eq!(read("Комиссия 50,17 ₽"), Vec::<i64>::new());
        assert_eq!(read("50,17 ₽\nОстаток 900 ₽"), [5_017, 90_000]);
    }

    proptest! {
        #[test]
        fn every_sum_of_a_receipt_is_read_back(kopecks in 100i64..=50_000_000, space in "[ \u{a0}\u{202f}]") {
            let (whole, part) = (kopecks / 100, kopecks % 100);
            let grouped = if whole >= 1_000 { format!("{}{space}{:03}", whole / 1_000, whole % 1_000) } else { whole.to_string() };
            prop_assert_eq!(read(&format!("{grouped},{part:02} ₽")), [kopecks]);
            prop_assert_eq!(read(&format!("сумма {whole}.{part:02}")), [kopecks]);
        }
    }
}
