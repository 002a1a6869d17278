//! `money_screenshot_replay` (reliability.md T01) over HTTP: a receipt that was credited comes back fifty times at once, as it was,
//! uploaded again, compressed and cut, in its bot and in another, from people whose requests ask for what stands in it.

use botyard::domain::{Money, UserId};
use std::time::{Duration, Instant};

use botyard::domain::receipt::{Reading, ReceiptFlag, ReceiptFlags};
use botyard::domain::settings::TenantSettings;
use botyard::store::Db;
use futures::StreamExt as _;
use image::{DynamicImage, ImageFormat};

use super::transfers::{invoice, person, send};
use crate::util::app::{PATIENCE, TestApp, TestBot};
use crate::util::db::{TestDb, on_each_db};
use crate::util::receipts::{PHONE, Reader, approves_by_itself, as_banks_write, encoded, picture, png};

/// Of each bot.
const PEOPLE: i64 = 25;
/// How many are in the middle of something at once.
const AT_ONCE: usize = 4;

/// The forms in which a picture comes back.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    /// Forwarded: the same file.
    Forwarded,
    /// The same bytes as a new file.
    Uploaded,
    /// Other bytes of the same look.
    Compressed,
    /// Without its edges.
    Cut,
}

impl Form {
    fn of(n: i64) -> Self {
        [Self::Forwarded, Self::Uploaded, Self::Compressed, Self::Cut][usize::try_from(n % 4).unwrap()]
    }

    fn bytes(self) -> Vec<u8> {
        let original = picture(1);
        match self {
            Self::Forwarded | Self::Uploaded => png(1),
            Self::Compressed => encoded(&original, ImageFormat::Jpeg),
            Self::Cut => {
                let cut: DynamicImage = original.crop_imm(3, 5, original.width() - 6, original.height() - 10);
                encoded(&cut, ImageFormat::Png)
            }
        }
    }
}

/// What a sender is told.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Outcome {
    /// A person decides.
    Review,
    /// The picture was used.
    Used,
}

/// What the sender was told about the picture, once it was looked at.
async fn outcome(app: &TestApp, bot: &TestBot, user: UserId) -> Option<Outcome> {
    let all = app.world.messages(&bot.username, user.0).await.unwrap();
    let said = |part: &str| all.iter().any(|message| message.from_bot && message.text().contains(part));
    match (said("🕓 Скриншот передан на ручную проверку"), said("⚠️ Этот скриншот уже был использован."))
    {
        (true, false) => Some(Outcome::Review),
        (false, true) => Some(Outcome::Used),
        (false, false) => None,
        (true, true) => panic!("both were said: {all:?}"),
    }
}

/// Waits for everybody's outcome; pictures are looked at one after another, so each that is done starts the clock anew.
async fn outcomes(app: &TestApp, everybody: &[(&TestBot, UserId, Form, Money)]) -> Vec<Outcome> {
    let (mut began, mut known) = (Instant::now(), 0);
    loop {
        let mut all = Vec::new();
        for (bot, user, ..) in everybody {
            all.extend(outcome(app, bot, *user).await);
        }
        if all.len() == everybody.len() {
            return all;
        }
        if all.len() > known {
            (began, known) = (Instant::now(), all.len());
        }
        assert!(began.elapsed() < PATIENCE, "{known} of {} were answered", everybody.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Payments of a bot under review, and what was credited by SBP.
async fn standing(db: &Db, bot: &TestBot) -> (i64, Money) {
    let mut tx = db.tenant_read(&bot.id).await.unwrap();
    let credited: i64 = tx.payments_totals().await.unwrap().iter().map(|(.., sum)| sum.as_kopecks()).sum();
    let reviews = tx.payments_review_count().await.unwrap();
    assert_eq!(tx.ledger_violations().await.unwrap(), []);
    (reviews, Money::kopecks(credited))
}

on_each_db! {
    async fn money_screenshot_replay_in_four_forms_to_two_bots_credits_nobody_again(test: TestDb) {
        let reader = Reader::new();
        let program = reader.program();
        let app = TestApp::start_with(&test.url, &[("payments.ocr_program", &program)]).await;
        let settings: TenantSettings = approves_by_itself();
        let bots = [app.bot("first", 1, settings.clone()).await, app.bot("second", 2, settings).await];
        let anna = person(&app, &bots[0], 101, "Anna").await;
        let amount = invoice(&app, &bots[0], anna, "50").await;
        reader.says(&format!("Успешно\n{}\n{PHONE}", as_banks_write(amount)));
        let before = app.version(&bots[0], anna).await;
        let original = send(&app, &bots[0], anna, png(1)).await;
        app.hear(&bots[0], anna, before, "✅ Оплата получена").await;

        let everybody = (0..2 * PEOPLE).map(|n| {
            let (app, bot) = (&app, &bots[usize::try_from(n % 2).unwrap()]);
            async move {
                let user = person(app, bot, 2_000 + n, "Replayer").await;
                (bot, user, Form::of(n / 2), invoice(app, bot, user, "50").await)
            }
        });
        let everybody: Vec<_> = futures::stream::iter(everybody).buffered(AT_ONCE).collect().await;
        // The picture names the sum of every request. As no picture of one transfer does, a person would look at it for this, too, so
        // what is found of each is looked at below: that it came before.
        let sums: Vec<String> = everybody.iter().map(|(.., amount)| as_banks_write(*amount)).collect();
        let text = format!("Успешно\n{}\n{PHONE}", sums.join("\n"));
        let reading = Reading::of(&text, PHONE);
        assert!(everybody.iter().all(|(.., amount)| reading.has_exactly(*amount)), "{reading:?}");
        reader.says(&text);

        let photo = serde_json::json!({ "photo": original.json["photo"] });
        let sent = everybody.iter().map(|(bot, user, form, _)| {
            let (app, bots, photo) = (&app, &bots, &photo);
            async move {
                if bot.id == bots[0].id && *form == Form::Forwarded {
                    app.world.send_content(&bot.username, user.0, photo).await.unwrap();
                } else {
                    send(app, bot, *user, form.bytes()).await;
                }
            }
        });
        futures::future::join_all(sent).await;
        // The first of each form that its bot has not seen waits for a person; everybody else is told. Where the picture was
        // before is said to nobody of another bot.
        let told = outcomes(&app, &everybody).await;
        let told = told.iter().zip(everybody.iter().enumerate()).filter(|(told, _)| **told == Outcome::Review);
        let reviews: Vec<(usize, Form)> = told.map(|(_, (n, (_, _, form, _)))| (n % 2, *form)).collect();
        let exact = |form: Form| matches!(form, Form::Forwarded | Form::Uploaded);
        for (bot, expected) in [(0, 0), (1, 1)] {
            assert_eq!(reviews.iter().filter(|(of, form)| *of == bot && exact(*form)).count(), expected, "{reviews:?}");
            for form in [Form::Compressed, Form::Cut] {
                assert_eq!(reviews.iter().filter(|one| **one == (bot, form)).count(), 1, "{reviews:?}");
            }
        }
        for bot in &bots {
            let mut tx = app.platform().db.tenant_read(&bot.id).await.unwrap();
            for review in tx.payments_review_oldest(9).await.unwrap() {
                let flags = ReceiptFlags::read(&review.flags);
                assert!(flags.contains(&ReceiptFlag::Near) || flags.contains(&ReceiptFlag::Seen), "{flags:?}");
            }
        }
        assert_eq!(standing(&app.platform().db, &bots[0]).await, (2, amount));
        assert_eq!(standing(&app.platform().db, &bots[1]).await, (3, Money::ZERO));
        for (bot, user, form, _) in &everybody {
            assert_eq!(app.balance(bot, *user).await.available, Money::ZERO, "{user} {form:?}");
        }
        assert_eq!(app.balance(&bots[0], anna).await.available, amount);
        app.finish().await;
    }
}
