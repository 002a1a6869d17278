//! Words, the phone and the bank's number in the lines of a receipt (bot.md 11.3).

/// Words that stand in receipts; a form that is not sent yet names the way of paying, too.
const KEYWORDS: [&str; 5] = ["успешно", "переведено", "отправлено", "выполнено", "сбп"];
/// Words that say that a transfer was made.
const MADE: [&str; 19] = [
    "успешно",
    "успешный",
    "успешная",
    "переведено",
    "переведен",
    "отправлено",
    "отправлен",
    "выполнено",
    "выполнен",
    "исполнено",
    "исполнен",
    "зачислено",
    "зачислен",
    "проведено",
    "проведен",
    "successful",
    "successfully",
    "completed",
    "sent",
];
/// Words before these that take it back, or put it off.
const NOT_MADE: [&str; 6] = ["не", "будет", "еще", "not", "be", "yet"];
/// Beginnings of words that say that it was not made, or not yet.
const FAILED: [&str; 17] = [
    "отклонен",
    "отказ",
    "отменен",
    "ошибк",
    "черновик",
    "ожидает",
    "ожидани",
    "обрабатыва",
    "обработк",
    "приостановлен",
    "заблокирован",
    "аннулирован",
    "возвращен",
    "прерван",
    "просрочен",
    "подтвердит",
    "сбой",
];
/// The same in English, as they stand.
const FAILED_ENGLISH: [&str; 13] = [
    "fail",
    "declin",
    "reject",
    "refus",
    "pending",
    "processing",
    "progress",
    "cancel",
    "insufficien",
    "unsuccess",
    "draft",
    "error",
    "denied",
];
/// Beginnings of words that say it after «не», which readers may leave without its space.
const DENIED: [&str; 24] = [
    "прош",
    "удал",
    "удач",
    "выполн",
    "отправ",
    "перевед",
    "успеш",
    "исполн",
    "зачисл",
    "достав",
    "доступ",
    "провед",
    "заверш",
    "состоял",
    "подтвержд",
    "принят",
    "хват",
    "достаточн",
    "мож",
    "смог",
    "получ",
    "оплач",
    "списан",
    "соверш",
];
/// The same after «not».
const DENIED_ENGLISH: [&str; 7] = ["complet", "sent", "success", "made", "processed", "confirm", "enough"];
/// Latin letters and digits that readers take for Cyrillic letters.
const CYRILLIC: [(char, char); 16] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
    ('0', 'о'),
    ('3', 'з'),
    ('6', 'б'),
    ('4', 'ч'),
];
/// Words of the bank's number.
const NUMBER: [&str; 5] = ["операци", "документ", "квитанци", "транзакц", "operation"];
/// The shortest number that tells one operation from another.
const NUMBER_LENGTH: usize = 8;
/// Letters of other alphabets, and letters that readers take for digits, as one of each.
const ALIKE: [(&str, char); 13] = [
    ("аa", 'A'),
    ("вb", 'B'),
    ("еe", 'E'),
    ("кk", 'K'),
    ("мm", 'M'),
    ("нh", 'H'),
    ("рp", 'P'),
    ("сc", 'C'),
    ("тt", 'T'),
    ("уy", 'Y'),
    ("хx", 'X'),
    ("оo0", '0'),
    ("зz3", '3'),
];

/// The words of lines, one after another: what is denied may stand on the next line.
fn words(lines: &[String]) -> impl Iterator<Item = &str> {
    lines.iter().flat_map(|line| words_of(line))
}

/// The words of one line.
pub(super) fn words_of(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A word as a Cyrillic one, whatever look-alikes it was read with.
pub(super) fn cyrillic(word: &str) -> String {
    let known = |sign: char| CYRILLIC.iter().find(|(alike, _)| *alike == sign).map_or(sign, |(_, letter)| *letter);
    word.chars().map(known).collect()
}

fn begins(word: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| word.starts_with(beginning))
}

/// The words that stand in receipts, in lines in small letters; each once.
pub(super) fn keywords(lines: &[String]) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), "");
    for word in words(lines) {
        let denied = before == "не" || before == "not";
        if KEYWORDS.contains(&word) && !denied && !found.iter().any(|known| known == word) {
            found.push(word.to_owned());
        }
        before = word;
    }
    found
}

/// Whether the lines say that the transfer was made.
pub(super) fn tells_of_success(lines: &[String]) -> bool {
    let mut before = "";
    words(lines).any(|word| {
        let put_off = NOT_MADE.contains(&before) || NOT_MADE.contains(&cyrillic(before).as_str());
        before = word;
        MADE.contains(&word) && !put_off
    })
}

/// Whether the lines say that the transfer was not made, or not yet.
pub(super) fn tells_of_failure(lines: &[String]) -> bool {
    let mut before = "";
    words(lines).any(|word| {
        let (read, denied) = (cyrillic(word), cyrillic(before) == "не");
        let failed = begins(&read, &FAILED)
            || begins(word, &FAILED_ENGLISH)
            || denied && begins(&read, &DENIED)
            || before == "not" && begins(word, &DENIED_ENGLISH)
            || read.strip_prefix("не").is_some_and(|rest| begins(rest, &DENIED));
        before = word;
        failed
    })
}

/// Whether the phone stands in the lines: the last ten digits, with 7 or 8 before them or without.
pub(super) fn has_phone(lines: &[String], phone: &str) -> bool {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let Some(wanted) = digits.len().checked_sub(10).and_then(|from| digits.get(from..)) else { return false };
    lines.iter().any(|line| runs(line).iter().any(|run| run.contains(wanted)))
}

/// The digits of a line, those apart only by what stands inside phone numbers, or what readers take specks for, together.
fn runs(line: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    for c in line.chars() {
        if c.is_ascii_digit() {
            if let Some(last) = runs.last_mut() {
                last.push(c);
            }
        } else if !(c.is_whitespace() || "-–—()+.'’‘`".contains(c)) && runs.last().is_some_and(|run| !run.is_empty())
        {
            runs.push(String::new());
        }
    }
    runs
}

/// The bank's number of the operation: the first long word with digits beside its label or below it.
pub(super) fn operation(lines: &[String]) -> Option<String> {
    for (n, line) in lines.iter().enumerate() {
        if !NUMBER.iter().any(|label| line.contains(label)) {
            continue;
        }
        let below = lines[n + 1..].iter().find(|line| !line.is_empty());
        let found = std::iter::once(line).chain(below).find_map(|line| number_in(line));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn number_in(line: &str) -> Option<String> {
    let is_number = |word: &&str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        word.chars().count() >= NUMBER_LENGTH && digits * 2 >= word.chars().count()
    };
    let word = line.split(|c: char| !c.is_alphanumeric()).find(is_number)?;
    Some(word.chars().map(one_of).collect())
}

fn one_of(sign: char) -> char {
    ALIKE.iter().find(|(alike, _)| alike.contains(sign)).map_or_else(|| sign.to_ascii_uppercase(), |(_, one)| *one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_lowercase).collect()
    }

    #[test]
    fn words_of_success_count_whole_and_undenied() {
        assert_eq!(keywords(&lines("Перевод выполнено успешно")), ["выполнено", "успешно"]);
        assert_eq!(keywords(&lines("Перевод по СБП")), ["сбп"]);
        assert_eq!(keywords(&lines("Неуспешно\nне выполнено\nсбпшный")), Vec::<String>::new());
        assert!(tells_of_failure(&lines("Перевод отклонён банком".replace('ё', "е").as_str())));
        assert!(tells_of_failure(&lines("Платёж в обработке")) && !tells_of_failure(&lines("Перевод выполнен")));
    }

    #[test]
    fn what_was_not_made_or_not_yet_is_told_from_what_was() {
        for text in [
            "Перевод по СБП не прошёл. Недостаточно средств",
            "Не удалось выполнить перевод",
            "Перевод\nне\nвыполнен",
            "Hе yдaлocь",
            "непрошел",
            "Недостаточно средств",
            "Отказ банка получателя",
            "Перевод отклонён",
            "Ожидает подтверждения",
            "Перевод обрабатывается",
            "В обработке",
            "Операция отменена",
            "Черновик",
            "Деньги возвращены",
            "Подтвердите перевод",
            "Payment failed",
            "Declined by bank",
            "Status: pending",
            "Processing",
            "Transfer cancelled",
            "Insufficient funds",
            "Not completed",
        ] {
            let read = lines(&text.to_lowercase().replace('ё', "е"));
            assert!(tells_of_failure(&read), "{text}");
            assert!(!tells_of_success(&read), "{text}");
        }
        for text in
            ["Перевод выполнен", "Успешно", "Отправлено через СБП", "Комиссия не взимается\nИсполнен", "Completed"]
        {
            assert!(tells_of_success(&lines(text)) && !tells_of_failure(&lines(text)), "{text}");
        }
        for text in
            ["Перевод по СБП", "Перевод будет выполнен", "Ещё не отправлен", "Отправить", "Not sent", "Will be sent"]
        {
            assert!(!tells_of_success(&lines(text)), "{text}");
        }
    }

    #[test]
    fn the_phone_is_found_in_its_forms() {
        for form in
            ["+7 900 000-11-22", "8(900)0001122", "9000001122", "тел. 7 (900) 000 11 22 и", "+7 (900)'000-11-22"]
        {
            assert!(has_phone(&lines(form), "+7 900 000-11-22"), "{form}");
        }
        for other in ["+7 900 000-11-23", "+7 900 ***-11-22", "900 000 11", "+7 900 x 000-11-22"] {
            assert!(!has_phone(&lines(other), "+7 900 000-11-22"), "{other}");
        }
        assert!(!has_phone(&lines("+7 900 000-11-22"), "12345"));
    }

    #[test]
    fn the_banks_number_is_the_same_in_letters_that_look_the_same() {
        let one = operation(&lines("Номер операции\nB62881234567O"));
        let other = operation(&lines("ID операции: В628812З45670"));
        assert_eq!(one.as_deref(), Some("B628812345670"));
        assert_eq!(one, other);
        assert_eq!(operation(&lines("Номер операции\n—\nДата 12.11.2026")), None);
        assert_eq!(operation(&lines("Тип операции\nПеревод по номеру")), None);
    }
}
