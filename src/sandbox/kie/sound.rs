//! A short real WAV: a seeded pentatonic phrase with soft edges, 16-bit mono.

const RATE: u32 = 16_000;
const NOTES: usize = 8;
const NOTE_SAMPLES: usize = RATE as usize / 2;
/// A minor pentatonic over two octaves, Hz.
const SCALE: [f32; 10] = [220.0, 261.63, 293.66, 329.63, 392.0, 440.0, 523.25, 587.33, 659.25, 783.99];

/// Four seconds of it.
pub(super) fn melody(seed: u64) -> Vec<u8> {
    let samples = NOTES * NOTE_SAMPLES;
    let data = u32::try_from(samples * 2).unwrap_or(0);
    let mut wav = Vec::with_capacity(44 + samples * 2);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(36 + data).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16u32.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&RATE.to_le_bytes());
    wav.extend_from_slice(&(RATE * 2).to_le_bytes());
    wav.extend_from_slice(&2u16.to_le_bytes());
    wav.extend_from_slice(&16u16.to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&data.to_le_bytes());
    for note in 0..NOTES {
        let pick = usize::try_from((seed >> (note * 7)) % SCALE.len() as u64).unwrap_or(0);
        for at in 0..NOTE_SAMPLES {
            let t = at as f32 / RATE as f32;
            let turn = 2.0 * std::f32::consts::PI * SCALE[pick] * t;
            let tone = turn.sin() + 0.4 * (2.0 * turn).sin() + 0.2 * (3.0 * turn).sin();
            let envelope = (t * 40.0).min(1.0) * (-4.0 * t).exp();
            let value = (tone * envelope * 9_000.0) as i16;
            wav.extend_from_slice(&value.to_le_bytes());
        }
    }
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_melody_is_a_wav_of_four_seconds_and_its_seed_is_heard() {
        let wav = melody(1);
        assert_eq!(infer::get(&wav).unwrap().mime_type(), "audio/x-wav");
        assert_eq!(wav.len(), 44 + 4 * RATE as usize * 2);
        assert_ne!(wav, melody(2));
    }
}
