//! Receipts as four banks lay them out, drawn here and read by the real reader: the amount and the phone of at least nine in ten,
//! and as many are credited by themselves (reliability.md T02; bot.md 11.3). Needs Tesseract and a font, which `./test` brings.

use std::io::Write as _;

use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont as _};
use botyard::clients::Ocr;
use botyard::clients::media::look;
use botyard::domain::Money;
use botyard::domain::receipt::{AutoTerms, Reading, ReceiptFlags, Verdict, number_parts, verdict};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::util::env;
use crate::util::receipts::encoded;

const WIDTH: u32 = 720;
const HEIGHT: u32 = 1_280;

/// A bot that lets every sum be credited by itself.
const TERMS: AutoTerms =
    AutoTerms { allowed: true, limit: Money::kopecks(5_000_000), second_above: Money::ZERO, blocked: false };

/// What a receipt says.
struct Told {
    amount: String,
    phone: String,
    operation: String,
}

/// One line: how far from the left edge, its size, how dark, and its words.
struct Line(u32, f32, u8, String);

/// How one bank lays a receipt out: its background, and its lines from the top with the space above each.
struct Layout {
    paper: u8,
    /// Light letters on a dark paper.
    night: bool,
    lines: Vec<(u32, Line)>,
}

fn line(left: u32, size: f32, ink: u8, words: impl Into<String>) -> Line {
    Line(left, size, ink, words.into())
}

/// A green bank: a tick, the sum in large letters, then labels above their values.
fn green(told: &Told) -> Layout {
    let lines = vec![
        (90, line(190, 38.0, 40, "Перевод выполнен")),
        (30, line(200, 64.0, 20, format!("{} ₽", told.amount))),
        (60, line(40, 26.0, 130, "Получатель")),
        (8, line(40, 32.0, 30, "Анна Андреевна А.")),
        (30, line(40, 26.0, 130, "Номер телефона получателя")),
        (8, line(40, 32.0, 30, told.phone.clone())),
        (30, line(40, 26.0, 130, "Сумма перевода")),
        (8, line(40, 32.0, 30, format!("{} ₽", told.amount))),
        (30, line(40, 26.0, 130, "Номер операции в СБП")),
        (8, line(40, 30.0, 30, told.operation.clone())),
    ];
    Layout { paper: 255, night: false, lines }
}

/// A yellow bank: labels on the left, values on the right, everything in one size.
fn yellow(told: &Told) -> Layout {
    let row = |label: &str, value: &str| format!("{label}   {value}");
    let lines = vec![
        (70, line(40, 30.0, 90, "12.11.2026 14:30:05")),
        (26, line(40, 48.0, 10, format!("Итого  {} ₽", told.amount))),
        (50, line(40, 30.0, 40, row("Перевод", "По номеру телефона"))),
        (24, line(40, 30.0, 40, row("Статус", "Успешно"))),
        (24, line(40, 30.0, 40, row("Сумма", &format!("{} ₽", told.amount)))),
        (24, line(40, 30.0, 40, row("Телефон", &told.phone))),
        (24, line(40, 30.0, 40, row("Банк получателя", "Тестбанк"))),
        (24, line(40, 26.0, 60, format!("Идентификатор операции {}", told.operation))),
    ];
    Layout { paper: 250, night: false, lines }
}

/// A blue bank in its dark theme.
fn night(told: &Told) -> Layout {
    let lines = vec![
        (120, line(180, 60.0, 245, format!("−{} ₽", told.amount))),
        (36, line(200, 32.0, 200, "Отправлено через СБП")),
        (70, line(48, 28.0, 160, "Куда")),
        (10, line(48, 34.0, 235, told.phone.clone())),
        (30, line(48, 28.0, 160, "Комиссия")),
        (10, line(48, 34.0, 235, "0 ₽")),
        (30, line(48, 28.0, 160, "Номер документа")),
        (10, line(48, 34.0, 235, told.operation.clone())),
    ];
    Layout { paper: 24, night: true, lines }
}

/// A red bank: a printed form in small letters.
fn printed(told: &Told) -> Layout {
    let lines = vec![
        (60, line(150, 32.0, 20, "Квитанция о переводе по СБП")),
        (40, line(40, 27.0, 30, "Дата и время: 12.11.2026 в 14:30 МСК")),
        (18, line(40, 27.0, 30, format!("Сумма: {} руб.", told.amount))),
        (18, line(40, 27.0, 30, "Комиссия: 0,00 руб.")),
        (18, line(40, 27.0, 30, format!("Получатель: Анна А., {}", told.phone))),
        (18, line(40, 27.0, 30, "Банк получателя: Тестбанк")),
        (18, line(40, 27.0, 30, format!("Номер квитанции: {}", told.operation))),
        (18, line(40, 27.0, 30, "Перевод отправлено")),
    ];
    Layout { paper: 244, night: false, lines }
}

fn draw(font: &FontVec, layout: &Layout) -> DynamicImage {
    let mut paper = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb([layout.paper; 3]));
    let mut top = 0.0_f32;
    for (space, Line(left, size, ink, words)) in &layout.lines {
        let scaled = font.as_scaled(PxScale::from(*size));
        top += *space as f32 + scaled.ascent();
        let mut x = *left as f32;
        for sign in words.chars() {
            let id = font.glyph_id(sign);
            let glyph = id.with_scale_and_position(PxScale::from(*size), ab_glyph::point(x, top));
            x += scaled.h_advance(id);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            outline.draw(|dx, dy, cover| {
                let (px, py) = (bounds.min.x as i64 + i64::from(dx), bounds.min.y as i64 + i64::from(dy));
                let (Ok(px), Ok(py)) = (u32::try_from(px), u32::try_from(py)) else { return };
                if px < WIDTH && py < HEIGHT {
                    let was = f32::from(layout.paper);
                    let mixed = was + (f32::from(*ink) - was) * cover.clamp(0.0, 1.0);
                    paper.put_pixel(px, py, Rgb([mixed as u8; 3]));
                }
            });
        }
        top -= scaled.descent();
    }
    assert_eq!(layout.night, layout.paper < 110);
    DynamicImage::from(paper)
}

fn told(dice: &mut StdRng) -> (Money, Told) {
    let kopecks: i64 =
        [dice.random_range(5_001..100_000), dice.random_range(100_000..5_000_000)][dice.random_range(0..2)];
    let (whole, part) = (kopecks / 100, kopecks % 100);
    let whole = if whole >= 1_000 { format!("{} {:03}", whole / 1_000, whole % 1_000) } else { whole.to_string() };
    let (head, middle, tail) =
        (dice.random_range(0..1_000_u32), dice.random_range(0..100_u32), dice.random_range(0..100_u32));
    let phone = format!("+7 (900) {head:03}-{middle:02}-{tail:02}");
    let operation =
        format!("6328{}", (0..12).map(|_| char::from(b'0' + dice.random_range(0..10u8))).collect::<String>());
    (Money::kopecks(kopecks), Told { amount: format!("{whole},{part:02}"), phone, operation })
}

/// A bank's name, and how it lays a receipt out.
type Bank = (&'static str, fn(&Told) -> Layout);

const BANKS: [Bank; 4] = [("green", green), ("yellow", yellow), ("night", night), ("printed", printed)];

#[test]
fn the_amount_and_the_phone_of_nine_in_ten_receipts_are_read_and_prove_the_transfer() {
    let (Some(program), Some(fonts)) = (env::read_or_skip(env::TESSERACT), env::read_or_skip(env::FONTS)) else {
        return;
    };
    let font = std::fs::read(std::path::Path::new(&fonts).join("DejaVuSans.ttf")).unwrap();
    let font = FontVec::try_from_vec(font).unwrap();
    let ocr = Ocr::new(&program, std::time::Duration::from_mins(2), 1);
    let mut dice = StdRng::seed_from_u64(20_261_130);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut shades, mut report, mut right, mut all) = (Vec::new(), Vec::new(), 0, 0);
    for round in 0..env::count(3, 25) {
        for (bank, layout) in BANKS {
            let (amount, told) = told(&mut dice);
            // Telegram's photos are JPEG; files come as they are.
            let format = if round % 2 == 0 { ImageFormat::Jpeg } else { ImageFormat::Png };
            let look = look(&encoded(&draw(&font, &layout(&told)), format), 40_000_000).unwrap();
            let text = runtime.block_on(async { ocr.read(&ocr.place().unwrap(), &look.page).await }).unwrap();
            let reading = Reading::of(&text, &told.phone);
            shades.push((bank, look.shade, reading.operation.as_deref().map(number_parts)));
            all += 1;
            let decided = verdict(Some(&reading), amount, &ReceiptFlags::default(), TERMS);
            if reading.has_exactly(amount) && reading.phone && decided == Verdict::Approve {
                right += 1;
            } else {
                report.push(format!("{bank}: {amount} {} {reading:?}\n{text}", told.phone));
            }
        }
    }
    let line =
        format!("receipts read whole: {right} of {all}; different ones of one bank that are near: {}\n", near(&shades));
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    assert!(right * 10 >= all * 9, "only {right} of {all}:\n{}", report.join("\n"));
}

/// How many pairs of different receipts of one bank look near, and how many of them still do when their numbers are compared, too.
fn near(shades: &[(&str, u64, Option<[String; 3]>)]) -> String {
    let (mut pairs, mut looks, mut near) = (0, 0, 0);
    for (n, (bank, one, number)) in shades.iter().enumerate() {
        for (_, other, others) in shades[n + 1..].iter().filter(|(of, ..)| of == bank) {
            pairs += 1;
            let alike = (one ^ other).count_ones() <= 4;
            let another = number.as_ref().zip(others.as_ref()).is_some_and(|(number, others)| {
                number.iter().zip(others).filter(|(number, other)| number == other).count() < 2
            });
            looks += u32::from(alike);
            near += u32::from(alike && !another);
        }
    }
    assert!(
        near * 10 <= pairs,
        "{near} of {pairs} pairs of different receipts are near: nothing would be credited by itself"
    );
    format!("{near} of {pairs} pairs, {looks} by their looks alone")
}
