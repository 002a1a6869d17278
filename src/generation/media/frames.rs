//! A sealed file is a row of sealed frames, so that it can be written and read a piece at a time. Each frame's plaintext
//! names the file, its place and whether it is the last: frames cannot be swapped, dropped or brought in from elsewhere.

use crate::domain::MediaId;

/// Content bytes in a frame.
pub(super) const FRAME: usize = 1 << 20;
/// What a sealed frame may take at most: content, head, and the seal's own part with room to spare.
pub(super) const SEALED_MAX: usize = FRAME + 1024;
/// What a file begins with.
pub(super) const MAGIC: [u8; 4] = *b"BYM1";

/// Splits a content into frames' plaintexts; an empty content is one empty frame.
pub(super) fn split<'a>(id: &'a MediaId, content: &'a [u8]) -> impl Iterator<Item = Vec<u8>> + 'a {
    let count = content.len().div_ceil(FRAME).max(1);
    (0..count).map(move |n| {
        let part = &content[n * FRAME..content.len().min((n + 1) * FRAME)];
        let mut plain = head(id, n, n + 1 == count);
        plain.extend_from_slice(part);
        plain
    })
}

/// What stands before a frame's content.
fn head(id: &MediaId, n: usize, last: bool) -> Vec<u8> {
    let mut head = id.as_str().as_bytes().to_vec();
    head.extend_from_slice(&(n as u64).to_be_bytes());
    head.push(u8::from(last));
    head
}

/// Puts frames together again.
pub(super) struct Joined<'a> {
    id: &'a MediaId,
    next: usize,
    done: bool,
    content: Vec<u8>,
}

impl<'a> Joined<'a> {
    pub(super) fn new(id: &'a MediaId) -> Self {
        Self { id, next: 0, done: false, content: Vec::new() }
    }

    /// Takes the next frame's plaintext; `false` when it is not the one that belongs here.
    #[must_use]
    pub(super) fn take(&mut self, plain: &[u8]) -> bool {
        let fits = |last: bool| !self.done && plain.starts_with(&head(self.id, self.next, last));
        let last = fits(true);
        if !last && !fits(false) {
            return false;
        }
        self.content.extend_from_slice(&plain[head(self.id, self.next, last).len()..]);
        (self.next, self.done) = (self.next + 1, last);
        true
    }

    /// The whole content; `None` when the last frame never came.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        self.done.then_some(self.content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(id: &MediaId, frames: &[Vec<u8>]) -> Option<Vec<u8>> {
        let mut joined = Joined::new(id);
        frames.iter().all(|frame| joined.take(frame)).then(|| joined.finish()).flatten()
    }

    #[test]
    fn what_was_split_is_joined_whatever_its_size() {
        let id = MediaId::random();
        for size in [0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME] {
            let content: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
            let frames: Vec<_> = split(&id, &content).collect();
            assert_eq!(frames.len(), size.div_ceil(FRAME).max(1));
            assert_eq!(joined(&id, &frames), Some(content));
        }
    }

    #[test]
    fn a_swapped_dropped_doubled_or_foreign_frame_is_noticed() {
        let (id, other) = (MediaId::random(), MediaId::random());
        let content = vec![7u8; 3 * FRAME];
        let frames: Vec<_> = split(&id, &content).collect();
        let order = |places: &[usize]| joined(&id, &places.iter().map(|n| frames[*n].clone()).collect::<Vec<_>>());
        assert!(order(&[0, 1, 2]).is_some());
        for wrong in [&[0, 2, 1][..], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 1, 2], &[0, 1, 2, 2], &[]] {
            assert_eq!(order(wrong), None, "{wrong:?}");
        }
        assert_eq!(joined(&other, &frames), None);
    }
}
