//! How long a recording or a film is, by the file itself (bot.md 8.2): its container is read to the end, nothing is decoded.
//! What a header says of its own length is only believed where it says more than the packets do.

use std::io::Cursor;

use bytes::Bytes;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, Track};
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;

/// What a file's container says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// Milliseconds, of its longest track; `None` when nothing in it says.
    pub ms: Option<i64>,
    /// Whether there is a picture track: a container for films may hold sound alone.
    pub film: bool,
}

/// Reads a container. `None`: it is none that is known, or it is broken.
///
/// Reading a file of 20 MB takes some milliseconds of work without a pause; call it where that hurts nobody.
pub fn length(bytes: &Bytes, extension: &str) -> Option<Length> {
    let source = MediaSourceStream::new(Box::new(Cursor::new(bytes.clone())), MediaSourceStreamOptions::default());
    let mut hint = Hint::new();
    hint.with_extension(extension);
    let probe = symphonia::default::get_probe();
    let mut format = probe.probe(&hint, source, FormatOptions::default(), MetadataOptions::default()).ok()?;
    let film = format.tracks().iter().any(is_film);
    let declared = format.tracks().iter().filter_map(declared).max();
    Some(Length { ms: declared.max(played(format.as_mut())).filter(|ms| *ms > 0), film })
}

fn is_film(track: &Track) -> bool {
    matches!(track.codec_params, Some(CodecParameters::Video(_)))
}

/// What the header says of a track.
fn declared(track: &Track) -> Option<i64> {
    ms(track.time_base?.calc_duration(track.duration?)?.as_millis())
}

/// The end of the last packet, or all packets one after another, whichever is longer.
fn played(format: &mut dyn FormatReader) -> Option<i64> {
    let tracks: Vec<_> = format.tracks().iter().filter_map(|track| Some((track.id, track.time_base?))).collect();
    let mut spans: Vec<Span> = tracks.iter().map(|_| Span::default()).collect();
    // An error ends the file as its end does: what was read until then is there.
    while let Ok(Some(packet)) = format.next_packet() {
        if let Some(at) = tracks.iter().position(|(id, _)| *id == packet.track_id) {
            spans[at].take(packet.pts.get(), packet.dur.get());
        }
    }
    let longest = tracks.iter().zip(&spans).filter_map(|((_, base), span)| {
        let ticks = span.ticks()?;
        ms(base.calc_duration(symphonia::core::units::Duration::new(ticks))?.as_millis())
    });
    longest.max()
}

fn ms(millis: i128) -> Option<i64> {
    i64::try_from(millis).ok()
}

/// What the packets of one track cover.
#[derive(Default)]
struct Span {
    first: Option<i64>,
    end: i64,
    sum: u64,
}

impl Span {
    fn take(&mut self, from: i64, ticks: u64) {
        self.first = Some(self.first.map_or(from, |first| first.min(from)));
        self.end = self.end.max(from.saturating_add_unsigned(ticks));
        self.sum = self.sum.saturating_add(ticks);
    }

    fn ticks(&self) -> Option<u64> {
        let covered = u64::try_from(self.end.saturating_sub(self.first?)).unwrap_or(0);
        Some(covered.max(self.sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The sandbox's film: three seconds, without sound.
    const FILM: &[u8] = include_bytes!("../../sandbox/assets/film.mp4");

    /// A WAV of silence whose header claims `claimed` bytes of sound.
    fn wav(seconds: u32, claimed: Option<u32>) -> Bytes {
        let data = seconds * 16_000;
        let mut bytes = b"RIFF".to_vec();
        bytes.extend((36 + data).to_le_bytes());
        bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
        bytes.extend(8_000_u32.to_le_bytes());
        bytes.extend(16_000_u32.to_le_bytes());
        bytes.extend([2, 0, 16, 0]);
        bytes.extend(b"data");
        bytes.extend(claimed.unwrap_or(data).to_le_bytes());
        bytes.resize(bytes.len() + data as usize, 0);
        bytes.into()
    }

    #[test]
    fn sound_is_measured_in_milliseconds() {
        assert_eq!(length(&wav(3, None), "wav"), Some(Length { ms: Some(3_000), film: false }));
    }

    #[test]
    fn a_film_without_sound_has_its_length_too() {
        let film = length(&Bytes::from_static(FILM), "mp4").unwrap();
        assert!(film.film && (2_900..=3_100).contains(&film.ms.unwrap()), "{film:?}");
    }

    #[test]
    fn what_is_no_container_has_no_length() {
        assert_eq!(length(&Bytes::from_static(b"hello, this is no sound at all"), "mp3"), None);
        assert_eq!(length(&Bytes::new(), "mp4"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_file_panics(cut in 0_usize..FILM.len(), at in 0_usize..FILM.len(), byte in any::<u8>()) {
            let mut bytes = FILM[..cut].to_vec();
            if let Some(here) = bytes.get_mut(at) {
                *here = byte;
            }
            let _ = length(&bytes.into(), "mp4");
        }
    }
}
