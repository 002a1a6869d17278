//! The last net under everything written: text shaped like a bot token loses its secret half (reliability.md T29).

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

/// Fewest digits of a bot's id, and fewest characters of the secret after the colon.
const ID_MIN: usize = 5;
const KEY_MIN: usize = 30;

/// The text with every `<digits>:<30 or more of A-Z a-z 0-9 _ ->` cut to `<digits>:***`. The colon may also be `%3A`, as in
/// a URL's query.
pub fn redacted(text: &str) -> Cow<'_, str> {
    match blanked(text.as_bytes()) {
        None => Cow::Borrowed(text),
        // Only whole ASCII runs were replaced: what is left is still UTF-8.
        Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// The bytes without secrets; `None` when there were none.
fn blanked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut clean: Option<Vec<u8>> = None;
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        let colon = match bytes[at] {
            b':' => 1,
            b'%' if bytes[at..].len() >= 3 && bytes[at + 1..at + 3].eq_ignore_ascii_case(b"3a") => 3,
            _ => 0,
        };
        if colon > 0 && digits_before(bytes, at) {
            let key = at + colon;
            let length = bytes[key..].iter().take_while(|byte| is_of_key(**byte)).count();
            if length >= KEY_MIN {
                let out = clean.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
                out.extend_from_slice(&bytes[copied..key]);
                out.extend_from_slice(b"***");
                copied = key + length;
                at = copied;
                continue;
            }
        }
        at += 1;
    }
    if let Some(out) = &mut clean {
        out.extend_from_slice(&bytes[copied..]);
    }
    clean
}

fn digits_before(bytes: &[u8], at: usize) -> bool {
    at >= ID_MIN && bytes[at - ID_MIN..at].iter().all(u8::is_ascii_digit)
}

fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What makes writers, with the net under each.
#[derive(Debug, Clone)]
pub(super) struct Net<M> {
    writers: M,
    caught: Arc<AtomicU64>,
}

impl<M> Net<M> {
    pub(super) fn new(writers: M) -> Self {
        Self::counting(writers, Arc::default())
    }

    /// Also counts the lines in which it had to blank something.
    pub(super) fn counting(writers: M, caught: Arc<AtomicU64>) -> Self {
        Self { writers, caught }
    }
}

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Net<M> {
    type Writer = NetWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        NetWriter(self.writers.make_writer(), self.caught.clone())
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Self::Writer {
        NetWriter(self.writers.make_writer_for(meta), self.caught.clone())
    }
}

/// A writer that is given whole lines, as the formatter does.
pub(super) struct NetWriter<W>(W, Arc<AtomicU64>);

impl<W: Write> Write for NetWriter<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match blanked(line) {
            None => self.0.write_all(line)?,
            Some(clean) => {
                self.1.fetch_add(1, Ordering::Relaxed);
                ::metrics::counter!("botyard_log_redactions_total").increment(1);
                self.0.write_all(&clean)?;
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: &str = "AAfake-test_token_of_35_characters1";

    #[test]
    fn a_token_is_blanked_and_its_bot_stays_recognisable() {
        for (text, clean) in [
            (format!("123456789:{KEY}"), "123456789:***"),
            (format!("/bot12345:{KEY}/getMe and 999999:{KEY}{KEY}."), "/bot12345:***/getMe and 999999:***."),
            (format!("?t=123456789%3A{KEY}&x=1"), "?t=123456789%3A***&x=1"),
            (format!("«1234567890123:{KEY}»"), "«1234567890123:***»"),
        ] {
            assert_eq!(redacted(&text), clean);
        }
    }

    #[test]
    fn what_is_no_token_stays_as_it_is() {
        for text in [
            "2026-11-22T10:20:30.123456Z 127.0.0.1:8080",
            "123456789:tooshort_AAAAAAAAAAAAAAAAAAAA",
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "1234:AAfake-test_token_of_35_characters1",
            ":::%%%3",
            "",
        ] {
            assert!(matches!(redacted(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_surroundings_hide_a_token(before in any::<String>(), after in any::<String>(), id in 10_000u64..999_999_999_999) {
            let clean = redacted(&format!("{before}{id}:{KEY}{after}")).into_owned();
            prop_assert!(!clean.contains("fake-test_token"), "{}", clean);
        }
    }
}
