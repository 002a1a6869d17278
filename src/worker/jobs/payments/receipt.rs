//! Brings the picture of a transfer, looks at it and reads it (bot.md 11.3): fetched, compared with every receipt of the platform
//! by keyed fingerprints, read by the program that reads pictures, and claimed in the sender's chat. The recognised text lives
//! in this function alone.

use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use super::turn_failed;
use crate::bot::error::TurnError;
use crate::bot::jobs::SentFile;
use crate::bot::jobs::payments::{CheckReceipt, TestOcr};
use crate::bot::screens::payments::{self, Checked, NotChecked, Tried};
use crate::bot::{Background, in_background};
use crate::clients::media::kind::recognise;
use crate::clients::media::{Look, look};
use crate::clients::ocr::{OcrError, Place};
use crate::clients::telegram::TelegramError;
use crate::domain::receipt::{Reading, ReceiptFlag, ReceiptFlags, number_parts};
use crate::domain::{MediaId, MediaPurpose, PaymentId};
use crate::store::{JobRow, ReceiptPrintRow, StoreError};
use crate::tenants::Tenant;
use crate::vault::Purpose;
use crate::worker::Workers;
use crate::worker::runner::Outcome;

/// When every place at the reader is taken, a job comes back after this.
const NO_PLACE: Duration = Duration::from_millis(250);
/// So long a picture is kept while nobody has decided on it; the decision says how much longer.
const UNDECIDED: Duration = Duration::from_hours(24 * 365);
/// Looks that differ in at most so many of 64 bits are near, unless both receipts say a number of the operation and another one.
///
/// Measured on the drawings of tests/it/ocr.rs (four banks, one phone, sums that differ in kopecks only). At 64 bits a copy as
/// JPEG of any quality, at 50 to 150 % or without its edges differs in 3 bits at most, and without its lower fifth in 6; but so
/// does nearly every other receipt of the same bank: 0 or 1. Finer looks do not help: at 256 bits a copy differs in up to 7 (in
/// up to 36 without its edges) and another receipt in 0 to 6; at 12 288 bits, the better of the whole and of what is inside its
/// margins, a copy in up to 20 and another receipt in 5 to 34. What tells two receipts of a bank apart are some letters, so these
/// letters are the second sign. Whoever draws other letters forges a receipt, which no look tells.
const NEAR: u32 = 4;

/// A picture in hand.
struct Picture {
    bytes: Bytes,
    mime: &'static str,
    look: Option<Look>,
}

enum Trouble {
    /// It will not become better.
    Is(NotChecked),
    /// It may.
    Passing(String),
}

/// Runs the check of a receipt. The last try, and what was given up before, does as little as can be with the picture: whatever
/// kept the others from their end, a person gets it, or its sender is asked for it again.
pub(super) async fn check(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &CheckReceipt) -> Outcome {
    if asked.to_a_person || job.attempt >= job.max_attempts {
        return leave_to_a_person(workers, tenant, job, asked).await;
    }
    let Some(place) = workers.ocr.place() else { return Outcome::Again(NO_PLACE) };
    let picture = match bring(workers, tenant, &asked.file).await {
        Ok(picture) => picture,
        Err(Trouble::Passing(why)) => return Outcome::Failed(why),
        Err(Trouble::Is(why)) => return not_checked(workers, tenant, job, asked, why).await,
    };
    let sha256 = hex::encode(Sha256::digest(&picture.bytes));
    let reading = match read(workers, tenant, &place, asked, &picture, &sha256).await {
        Ok(reading) => reading,
        Err(error) => return turn_failed(&error),
    };
    drop(place);
    let flags = match compared(workers, tenant, asked, &picture, &sha256, reading.as_ref()).await {
        Ok(flags) => flags,
        Err(error) => return store_failed(&error),
    };
    match claim(workers, tenant, job, asked, &picture, (sha256, reading, flags)).await {
        Ok(()) => Outcome::Done,
        Err(why) => Outcome::Failed(why),
    }
}

/// Brings a picture to a person without decoding or reading it.
async fn leave_to_a_person(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &CheckReceipt) -> Outcome {
    let last = job.attempt >= job.max_attempts;
    let picture = match fetch(workers, tenant, &asked.file).await {
        Ok((bytes, mime)) => Picture { bytes, mime, look: None },
        Err(Trouble::Is(why)) => return not_checked(workers, tenant, job, asked, why).await,
        Err(Trouble::Passing(why)) if !last => return Outcome::Failed(why),
        Err(Trouble::Passing(why)) => return not_kept(workers, tenant, job, asked, &why).await,
    };
    let sha256 = hex::encode(Sha256::digest(&picture.bytes));
    let flags = compared(workers, tenant, asked, &picture, &sha256, None).await.unwrap_or_else(|error| {
        tracing::warn!(tenant = %tenant.id, error = %error, "a receipt was not compared with others");
        odd(None, &picture)
    });
    match claim(workers, tenant, job, asked, &picture, (sha256, None, flags)).await {
        Ok(()) => Outcome::Done,
        Err(why) if !last => Outcome::Failed(why),
        Err(why) => not_kept(workers, tenant, job, asked, &why).await,
    }
}

async fn not_kept(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &CheckReceipt, why: &str) -> Outcome {
    tracing::error!(tenant = %tenant.id, error = %why, "a receipt could not be kept, its sender is asked for it again");
    not_checked(workers, tenant, job, asked, NotChecked::NotFetched).await
}

/// Keeps a picture, claims it and says what came of it; or why that was not possible.
async fn claim(
    workers: &Workers,
    tenant: &Tenant,
    job: &JobRow,
    asked: &CheckReceipt,
    picture: &Picture,
    (sha256, reading, flags): (String, Option<Reading>, ReceiptFlags),
) -> Result<(), String> {
    let put = workers.media.put(tenant, MediaPurpose::Receipt, picture.mime, &picture.bytes).await;
    let stored = put.map_err(|error| error.to_string())?;
    let found = Checked { media: stored.id.clone(), sha256, reading, flags };
    let platform = &workers.platform;
    let told = in_background(platform, tenant, for_whom(job, asked), async |turn| {
        let expires = turn.now.plus(UNDECIDED);
        stored.record(turn.tx, expires, turn.now).await?;
        let kept = payments::receipt_checked(turn, asked, &found).await?;
        if !kept {
            turn.tx.media_delete(&stored.id).await?;
        }
        Ok(kept)
    });
    let (kept, outcome) = match told.await {
        Ok(kept) => (kept.unwrap_or(false), Ok(())),
        // Nobody knows whether a commit that was broken off has come to its end: then there is a row that promises the file.
        Err(error) => (is_promised(workers, tenant, &stored.id).await, Err(format!("{}: {error}", error.class()))),
    };
    if !kept && let Err(error) = workers.media.delete(&tenant.id, &stored.id).await {
        tracing::warn!(tenant = %tenant.id, error = %error, "a picture that nobody refers to stays");
    }
    outcome
}

/// Whether a row refers to a file, or may.
async fn is_promised(workers: &Workers, tenant: &Tenant, media: &MediaId) -> bool {
    let found = async { workers.platform.db.tenant_read(&tenant.id).await?.media_get(media).await };
    !matches!(found.await, Ok(None))
}

/// One picture has one answer, whichever job gives it.
pub(super) fn for_whom<'a>(job: &'a JobRow, asked: &CheckReceipt) -> Background<'a> {
    Background { user: asked.user, corr: &job.corr, key: format!("receipt:{}", asked.payment.short()) }
}

async fn not_checked(
    workers: &Workers,
    tenant: &Tenant,
    job: &JobRow,
    asked: &CheckReceipt,
    why: NotChecked,
) -> Outcome {
    let told = in_background(&workers.platform, tenant, for_whom(job, asked), async |turn| {
        payments::receipt_not_checked(turn, asked, why).await
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}

/// A picture's bytes and what they are by their beginning.
async fn fetch(workers: &Workers, tenant: &Tenant, file: &SentFile) -> Result<(Bytes, &'static str), Trouble> {
    let settings = &workers.platform.settings.media;
    let cap = usize::try_from(settings.input_max).unwrap_or(20 << 20);
    let bot = tenant.bot(&workers.telegram);
    let trouble = |error: TelegramError| match error {
        TelegramError::FileTooBig => Trouble::Is(NotChecked::TooBig),
        other => Trouble::Passing(other.to_string()),
    };
    let info = bot.get_file(&file.file_id).await.map_err(trouble)?;
    if info.file_size.is_some_and(|size| size > cap as u64) {
        return Err(Trouble::Is(NotChecked::TooBig));
    }
    let path = info.file_path.ok_or_else(|| Trouble::Passing("Telegram gave no path".to_owned()))?;
    let bytes = bot.download(&path, cap).await.map_err(trouble)?;
    let declared = file.claimed_mime.as_deref().unwrap_or_default();
    let found = recognise(&bytes, declared, &path).map_err(|_| Trouble::Is(NotChecked::NotAPicture))?;
    if !found.kind.is_picture() {
        return Err(Trouble::Is(NotChecked::NotAPicture));
    }
    Ok((bytes, found.mime))
}

async fn bring(workers: &Workers, tenant: &Tenant, file: &SentFile) -> Result<Picture, Trouble> {
    let (bytes, mime) = fetch(workers, tenant, file).await?;
    let (content, most) = (bytes.clone(), u64::from(workers.platform.settings.media.pixels_max));
    // A decoder that stumbles over a picture takes only this picture with it.
    let look = tokio::task::spawn_blocking(move || look(&content, most)).await.ok().flatten();
    Ok(Picture { bytes, mime, look })
}

/// What stands in the picture. `None`: nothing can be read, or nobody needs to: it came before, or its request takes no more.
async fn read(
    workers: &Workers,
    tenant: &Tenant,
    place: &Place,
    asked: &CheckReceipt,
    picture: &Picture,
    sha256: &str,
) -> Result<Option<Reading>, TurnError> {
    let (invoice, known) = {
        let mut tx = workers.platform.db.tenant_read(&tenant.id).await?;
        let invoice = tx.invoice_get(&asked.invoice).await?;
        (invoice, tx.payment_of_picture(sha256, &asked.file.file_unique_id).await?)
    };
    let most = i64::from(tenant.settings.sbp_max_attempts);
    let Some(invoice) = invoice.filter(|invoice| known.is_none() && invoice.attempts < most) else { return Ok(None) };
    let Some(look) = &picture.look else { return Ok(None) };
    let phone = payments::requisites(tenant, &invoice)?.phone;
    match workers.ocr.read(place, &look.page).await {
        Ok(text) => Ok(Some(Reading::of(&text, &phone))),
        Err(error) => {
            // Without a reader a person reads; that is no trouble of this payment.
            tracing::warn!(tenant = %tenant.id, error = %error, "a receipt was not read");
            Ok(None)
        }
    }
}

/// Keeps the receipt's keyed fingerprints and says what they have in common with others. They are kept before they are compared, so
/// of two that come at the same moment at least one sees the other.
async fn compared(
    workers: &Workers,
    tenant: &Tenant,
    asked: &CheckReceipt,
    picture: &Picture,
    sha256: &str,
    reading: Option<&Reading>,
) -> Result<ReceiptFlags, StoreError> {
    let platform = &workers.platform;
    let print = print(workers, tenant, &asked.payment, &asked.file, picture, sha256, reading);
    let mut tx = platform.db.platform().await?;
    tx.receipt_print_put(&print, platform.clock.now()).await?;
    tx.commit().await?;
    let mut tx = platform.db.platform_read().await?;
    let others = tx.receipt_prints_like(&print).await?;
    drop(tx);
    let seen =
        |other: &ReceiptPrintRow| other.file_print == print.file_print || other.picture_print == print.picture_print;
    let near = |other: &ReceiptPrintRow| match (other.shade, print.shade) {
        (Some(shade), Some(own)) => (shade ^ own).count_ones() <= NEAR && !print.is_of_another_operation(other),
        _ => false,
    };
    let same_operation =
        |other: &ReceiptPrintRow| print.operation_print.is_some() && other.operation_print == print.operation_print;
    let mut flags = odd(reading, picture);
    flags.set(ReceiptFlag::Seen, others.iter().any(seen));
    flags.set(ReceiptFlag::Near, others.iter().any(|other| near(other) && !seen(other)));
    flags.set(ReceiptFlag::Operation, others.iter().any(same_operation));
    Ok(flags)
}

/// What is odd about a receipt by itself.
fn odd(reading: Option<&Reading>, picture: &Picture) -> ReceiptFlags {
    let mut flags = ReceiptFlags::default();
    flags.set(ReceiptFlag::Unread, reading.is_none());
    flags.set(ReceiptFlag::Unseen, picture.look.is_none());
    flags.set(ReceiptFlag::Failed, reading.is_some_and(|reading| reading.failed));
    flags.set(ReceiptFlag::Unmade, reading.is_some_and(|reading| !reading.made && !reading.failed));
    flags.set(ReceiptFlag::Several, reading.is_some_and(Reading::has_several));
    flags
}

fn print(
    workers: &Workers,
    tenant: &Tenant,
    payment: &PaymentId,
    file: &SentFile,
    picture: &Picture,
    sha256: &str,
    reading: Option<&Reading>,
) -> ReceiptPrintRow {
    let hash = |what: &str, value: &str| {
        workers.platform.vault.keyed_hash(Purpose::ReceiptFingerprint, format!("{what}:{value}").as_bytes())
    };
    // One mask for all: distances between looks are kept, the looks are not told.
    let mask = hash("mask", "shade").iter().take(8).fold(0_i64, |mask, byte| mask << 8 | i64::from(*byte));
    // A file without a name of its own is told by its content.
    let name = if file.file_unique_id.is_empty() { sha256 } else { &file.file_unique_id };
    ReceiptPrintRow {
        payment_id: payment.clone(),
        tenant: tenant.id.clone(),
        file_print: hex::encode(hash("file", name)),
        picture_print: hex::encode(hash("picture", sha256)),
        shade: picture.look.as_ref().map(|look| look.shade.cast_signed() ^ mask),
        operation_parts: reading.and_then(|r| r.operation.as_deref()).map(|number| {
            let parts = number_parts(number).map(|part| hex::encode(&hash("operation part", &part)[..8]));
            parts.join(",")
        }),
        operation_print: reading.and_then(|r| r.operation.as_deref()).map(|n| hex::encode(hash("operation", n))),
    }
}

/// Reads a picture for an admin: shown once, kept nowhere.
pub(super) async fn try_ocr(workers: &Workers, tenant: &Tenant, job: &JobRow, asked: &TestOcr) -> Outcome {
    let Some(place) = workers.ocr.place() else { return Outcome::Again(NO_PLACE) };
    let tried = match bring(workers, tenant, &asked.file).await {
        Ok(Picture { look: Some(look), .. }) => match workers.ocr.read(&place, &look.page).await {
            Ok(text) => Tried::Read(text),
            Err(OcrError::Absent) => Tried::Absent,
            Err(OcrError::TooLong | OcrError::Failed) => Tried::Unreadable,
        },
        Ok(_) | Err(Trouble::Is(_)) => Tried::Unreadable,
        Err(Trouble::Passing(why)) if job.attempt < job.max_attempts => return Outcome::Failed(why),
        Err(Trouble::Passing(_)) => Tried::NotFetched,
    };
    drop(place);
    let key = format!("job:{}", job.id.short());
    let for_whom = Background { user: asked.user, corr: &job.corr, key };
    let told = in_background(&workers.platform, tenant, for_whom, async |turn| {
        if turn.is_admin() {
            payments::show_ocr_test(turn, tried);
        } else {
            turn.stay_silent();
        }
        Ok(())
    });
    match told.await {
        Ok(_) => Outcome::Done,
        Err(error) => turn_failed(&error),
    }
}

fn store_failed(error: &StoreError) -> Outcome {
    Outcome::Failed(format!("{}: {error}", error.class()))
}
