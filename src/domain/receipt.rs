//! What a picture of a bank transfer says, and whether that is enough to credit it without a person (bot.md 11.3; decisions.md
//! 11). Pure: from recognised text to what was read in it, from that to a verdict. The text itself is never kept.

mod amounts;
mod words_of;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Money;
use super::words::words;

use amounts::amounts;
use words_of::{has_phone, keywords, operation, tells_of_failure, tells_of_success};

/// What was read in a receipt. Amounts are kopecks; the phone is only said to be there or not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// Sums with a currency, or beside a word for a sum, but for fees; from 1 to 500 000 roubles, each once, as they come.
    pub amounts: Vec<Money>,
    /// Words that stand in receipts.
    pub keywords: Vec<String>,
    /// The phone of the requisites stands in it.
    pub phone: bool,
    /// The bank's number of the operation, with look-alike letters made one.
    pub operation: Option<String>,
    /// Words that say that the transfer was not made, or not yet.
    pub failed: bool,
    /// A word says that the transfer was made, or the bank gave it a number: the form before it is sent has neither.
    #[serde(default)]
    pub made: bool,
}

impl Reading {
    /// Reads recognised text; `phone` is the one of the requisites.
    pub fn of(text: &str, phone: &str) -> Self {
        let lines: Vec<String> = text.lines().map(|line| line.trim().to_lowercase().replace('ё', "е")).collect();
        let operation = operation(&lines);
        // The phone beside a word like «Тип операции» is no number of an operation.
        let numbered = operation.as_ref().is_some_and(|number| !has_phone(std::slice::from_ref(number), phone));
        Self {
            amounts: amounts(&lines),
            keywords: keywords(&lines),
            phone: has_phone(&lines, phone),
            failed: tells_of_failure(&lines),
            made: numbered || tells_of_success(&lines),
            operation,
        }
    }

    /// Whether exactly this amount was read.
    pub fn has_exactly(&self, amount: Money) -> bool {
        self.amounts.contains(&amount)
    }

    /// Whether several sums were read: which of them was transferred, a person says.
    pub fn has_several(&self) -> bool {
        self.amounts.len() > 1
    }

    /// Whether an amount within 5 % was read: a hint for a reviewer, never enough to credit.
    pub fn has_about(&self, amount: Money) -> bool {
        let near = |read: &Money| {
            let apart = i128::from(read.as_kopecks()) - i128::from(amount.as_kopecks());
            apart.abs() * 20 <= i128::from(amount.as_kopecks())
        };
        self.amounts.iter().any(near)
    }
}

words! {
    /// What a reviewer should know of a receipt. Any of them keeps it from being credited without a person.
    pub enum ReceiptFlag {
        /// Looks like one that came before.
        Near = "near",
        /// The same picture came before.
        Seen = "seen",
        /// The bank's number of the operation came before.
        Operation = "operation",
        /// It says that the transfer was not made.
        Failed = "failed",
        /// Nothing was read: the reader is missing, failed, or took too long.
        Unread = "unread",
        /// How it looks cannot be told, so nobody knows whether it came before.
        Unseen = "unseen",
        /// Neither a word nor the bank's number says that the transfer was made.
        Unmade = "unmade",
        /// It names several sums.
        Several = "several",
        /// It came after its request's time.
        Late = "late",
        /// Another open request asks for the same sum by now.
        Taken = "taken",
        /// With it more would be credited to one person on a day than may be without a person.
        Day = "day",
    }
}

/// Flags of one receipt, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReceiptFlags(BTreeSet<&'static str>);

impl ReceiptFlags {
    /// Adds one where `is` says so.
    pub fn set(&mut self, flag: ReceiptFlag, is: bool) {
        if is {
            self.0.insert(flag.as_str());
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As rows keep them: words with commas.
    pub fn stored(&self) -> String {
        self.0.iter().copied().collect::<Vec<_>>().join(",")
    }

    /// Reads back what rows keep; unknown words are left out.
    pub fn read(stored: &str) -> Vec<ReceiptFlag> {
        stored.split(',').filter_map(ReceiptFlag::parse).collect()
    }
}

/// The three parts of an operation's number that are compared: its beginning, its end, and what stands before the end. A letter that
/// is misread changes one of them.
pub fn number_parts(number: &str) -> [String; 3] {
    let signs: Vec<char> = number.chars().collect();
    let third = signs.len() / 3;
    let part = |from: usize| signs[from..from + third].iter().collect();
    [part(0), part(signs.len() - 2 * third), part(signs.len() - third)]
}

/// What the bot's partner allows, and who sent the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutoTerms {
    /// Receipts may be credited without a person at all.
    pub allowed: bool,
    /// The largest amount.
    pub limit: Money,
    /// Above it two people approve; zero: no such limit.
    pub second_above: Money,
    /// The sender is blocked.
    pub blocked: bool,
}

/// Who decides on a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody need look at it.
    Approve,
    /// A person.
    Review,
}

/// Whether a receipt is credited without a person: the exact amount and no other, and a keyword or the phone, and a sign that the
/// transfer was made, and within the limit, and nothing odd about it, and of somebody who is not blocked. An amount alone never
/// suffices.
pub fn verdict(reading: Option<&Reading>, amount: Money, flags: &ReceiptFlags, terms: AutoTerms) -> Verdict {
    let Some(reading) = reading else { return Verdict::Review };
    let whole = reading.has_exactly(amount) && !reading.has_several();
    let proved = whole && (!reading.keywords.is_empty() || reading.phone) && reading.made && !reading.failed;
    let small = amount <= terms.limit && (!terms.second_above.is_positive() || amount <= terms.second_above);
    if terms.allowed && proved && small && flags.is_empty() && !terms.blocked {
        Verdict::Approve
    } else {
        Verdict::Review
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AMOUNT: Money = Money::kopecks(5_017);
    const TERMS: AutoTerms =
        AutoTerms { allowed: true, limit: Money::kopecks(50_000), second_above: Money::ZERO, blocked: false };

    #[test]
    fn one_misread_letter_leaves_two_parts_of_a_number_alone() {
        let same = |one: &str, other: &str| {
            number_parts(one).iter().zip(number_parts(other)).filter(|(one, other)| **one == *other).count()
        };
        let number = "632812345678";
        assert_eq!(number_parts(number), ["6328", "1234", "5678"]);
        for misread in ["832812345678", "6328123A5678", "632812345673", "6328X12345678"] {
            assert!(same(number, misread) >= 2, "{misread}");
        }
        assert!(same(number, "632898761029") < 2, "another number of the same bank");
        assert_eq!(number_parts("").concat(), "");
        assert_eq!(number_parts("ab").concat(), "");
    }

    fn good() -> Reading {
        Reading {
            amounts: vec![AMOUNT],
            keywords: vec!["успешно".to_owned()],
            phone: true,
            made: true,
            ..Reading::default()
        }
    }

    #[test]
    fn a_form_before_it_is_sent_proves_nothing_and_a_receipt_does() {
        let none = ReceiptFlags::default();
        let decided = |text: &str| verdict(Some(&Reading::of(text, "+7 900 000-11-22")), AMOUNT, &none, TERMS);
        for text in [
            "Перевод по СБП\n50,17 ₽\n+7 900 000-11-22",
            "Перевод по СБП\n50,17 ₽\n+7 900 000-11-22\nТип операции\n+79000001122",
            "Перевод по СБП не прошёл. Недостаточно средств\n50,17 ₽\n+7 900 000-11-22\nНомер операции 632812345678",
            "Успешно\n50,17 ₽\n+7 900 000-11-22\nОстаток 1 000 ₽",
            "Перевод будет отправлен по СБП\n50,17 ₽",
        ] {
            assert_eq!(decided(text), Verdict::Review, "{text}");
        }
        for text in [
            "Перевод по СБП выполнен\n50,17 ₽",
            "Перевод по СБП\n50,17 ₽\nНомер операции 632812345678",
            "Успешно\n50,17 ₽\nКомиссия 10 ₽\n50,17 руб.",
        ] {
            assert_eq!(decided(text), Verdict::Approve, "{text}");
        }
    }

    #[test]
    fn a_receipt_is_read_whole() {
        let text = "Перевод по СБП\nУспешно\n50,17 ₽\nПолучатель Анна А.\nТелефон +7 (900) 000-11-22\n\
                    Номер операции в СБП\nА6328О715З5О1О00000000001\nКомиссия 0 ₽";
        let reading = Reading::of(text, "8 900 000 11 22");
        assert_eq!(reading.amounts, [AMOUNT]);
        assert_eq!(reading.keywords, ["сбп", "успешно"]);
        assert!(reading.phone && !reading.failed);
        assert_eq!(reading.operation.as_deref(), Some("A632807153501000000000001"));
    }

    #[test]
    fn an_amount_alone_never_suffices() {
        let no_flags = ReceiptFlags::default();
        assert_eq!(verdict(Some(&good()), AMOUNT, &no_flags, TERMS), Verdict::Approve);
        let alone = Reading { keywords: Vec::new(), phone: false, ..good() };
        assert_eq!(verdict(Some(&alone), AMOUNT, &no_flags, TERMS), Verdict::Review);
        assert_eq!(verdict(None, AMOUNT, &no_flags, TERMS), Verdict::Review);
        let unmade = Reading { made: false, ..good() };
        assert_eq!(verdict(Some(&unmade), AMOUNT, &no_flags, TERMS), Verdict::Review);
        let by_phone = Reading { keywords: Vec::new(), ..good() };
        assert_eq!(verdict(Some(&by_phone), AMOUNT, &no_flags, TERMS), Verdict::Approve);
    }

    #[test]
    fn each_condition_is_needed() {
        let mut flagged = ReceiptFlags::default();
        flagged.set(ReceiptFlag::Near, true);
        let none = ReceiptFlags::default();
        let about = Reading { amounts: vec![Money::kopecks(5_018)], ..good() };
        assert!(about.has_about(AMOUNT) && !about.has_about(Money::kopecks(6_000)));
        let failed = Reading { failed: true, ..good() };
        let several = Reading { amounts: vec![AMOUNT, Money::kopecks(90_000)], ..good() };
        for (reading, flags, terms) in [
            (good(), flagged, TERMS),
            (about, none.clone(), TERMS),
            (failed, none.clone(), TERMS),
            (several, none.clone(), TERMS),
            (good(), none.clone(), AutoTerms { allowed: false, ..TERMS }),
            (good(), none.clone(), AutoTerms { limit: Money::kopecks(5_016), ..TERMS }),
            (good(), none.clone(), AutoTerms { second_above: Money::kopecks(5_016), ..TERMS }),
            (good(), none, AutoTerms { blocked: true, ..TERMS }),
        ] {
            assert_eq!(
                verdict(Some(&reading), AMOUNT, &flags, terms),
                Verdict::Review,
                "{reading:?} {flags:?} {terms:?}"
            );
        }
    }

    #[test]
    fn flags_are_kept_as_words() {
        let mut flags = ReceiptFlags::default();
        flags.set(ReceiptFlag::Unread, true);
        flags.set(ReceiptFlag::Near, true);
        flags.set(ReceiptFlag::Seen, false);
        assert_eq!(flags.stored(), "near,unread");
        assert_eq!(ReceiptFlags::read("near,unread"), [ReceiptFlag::Near, ReceiptFlag::Unread]);
        assert_eq!(ReceiptFlags::read(""), []);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}", phone in "\\PC{0,20}") {
            let _ = Reading::of(&text, &phone);
        }

        #[test]
        fn nothing_is_approved_without_its_exact_amount(kopecks in 100i64..100_000, other in 100i64..100_000,
                keyword: bool, phone: bool, made: bool, allowed: bool) {
            let keywords = if keyword { vec!["успешно".to_owned()] } else { Vec::new() };
            let reading = Reading { amounts: vec![Money::kopecks(other)], keywords, phone, made, ..Reading::default() };
            let terms = AutoTerms { allowed, limit: Money::kopecks(1_000_000), ..TERMS };
            let approved = verdict(Some(&reading), Money::kopecks(kopecks), &ReceiptFlags::default(), terms);
            prop_assert_eq!(approved == Verdict::Approve, allowed && kopecks == other && made && (keyword || phone));
        }
    }
}
