//! A sealed file is a row of sealed frames, so that it can be written and read a piece at a time. Each frame's plaintext
//! names the file, its place and whether it is the last: frames cannot be swapped, dropped or brought in from elsewhere.
//!
//! `BYM1`, then for each frame its sealed length (four bytes, big end first) and its sealed bytes.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};

use super::MediaError;
use crate::domain::MediaId;
use crate::tenants::Tenant;
use crate::vault::Column;

/// Content bytes in a frame.
const FRAME: usize = 1 << 20;
/// What a sealed frame may take at most: content, head, and the seal's own part with room to spare.
const SEALED_MAX: usize = FRAME + 1024;
/// What a file begins with.
const MAGIC: [u8; 4] = *b"BYM1";
/// How much is set aside at most for a content whose size was only told: the rest comes as it comes.
const EXPECTED_MAX: u64 = 64 << 20;

/// A content's sealed parts, one by one: concatenated they are the file.
pub(super) fn sealed<'a>(
    tenant: &'a Tenant,
    id: &'a MediaId,
    content: &'a [u8],
) -> impl Iterator<Item = Result<Bytes, MediaError>> + 'a {
    split(id, content).enumerate().map(|(n, plain)| {
        let sealed = tenant.seal(Column::Media, &plain)?;
        let length = u32::try_from(sealed.len()).map_err(std::io::Error::other)?;
        let mut part = BytesMut::with_capacity(MAGIC.len() + 4 + sealed.len());
        if n == 0 {
            part.put_slice(&MAGIC);
        }
        part.put_u32(length);
        part.put_slice(&sealed);
        Ok(part.freeze())
    })
}

/// Opens a sealed file while its bytes come in, in pieces of any size.
pub(super) struct Opening<'a> {
    tenant: &'a Tenant,
    joined: Joined<'a>,
    begun: bool,
    rest: BytesMut,
}

impl<'a> Opening<'a> {
    /// `expected`: how large the sealed file is said to be.
    pub(super) fn new(tenant: &'a Tenant, id: &'a MediaId, expected: Option<u64>) -> Self {
        let expected = usize::try_from(expected.unwrap_or(0).min(EXPECTED_MAX)).unwrap_or(0);
        let mut joined = Joined::new(id);
        joined.content.reserve(expected);
        Self { tenant, joined, begun: false, rest: BytesMut::new() }
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<(), MediaError> {
        self.rest.extend_from_slice(piece);
        if !self.begun {
            if self.rest.len() < MAGIC.len() {
                return Ok(());
            }
            if self.rest.split_to(MAGIC.len())[..] != MAGIC {
                return Err(MediaError::Damaged);
            }
            self.begun = true;
        }
        while let Some(head) = self.rest.first_chunk::<4>() {
            let length = u32::from_be_bytes(*head) as usize;
            if length > SEALED_MAX {
                return Err(MediaError::Damaged);
            }
            if self.rest.len() < 4 + length {
                return Ok(());
            }
            self.rest.advance(4);
            let sealed = self.rest.split_to(length);
            let plain = self.tenant.open(Column::Media, &sealed).map_err(|_| MediaError::Damaged)?;
            if !self.joined.take(&plain) {
                return Err(MediaError::Damaged);
            }
        }
        Ok(())
    }

    /// The content, if all of it came.
    pub(super) fn finish(self) -> Result<Bytes, MediaError> {
        if !self.begun || !self.rest.is_empty() {
            return Err(MediaError::Damaged);
        }
        self.joined.finish().map(Bytes::from).ok_or(MediaError::Damaged)
    }
}

/// Splits a content into frames' plaintexts; an empty content is one empty frame.
fn split<'a>(id: &'a MediaId, content: &'a [u8]) -> impl Iterator<Item = Vec<u8>> + 'a {
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
struct Joined<'a> {
    id: &'a MediaId,
    next: usize,
    done: bool,
    content: Vec<u8>,
}

impl<'a> Joined<'a> {
    fn new(id: &'a MediaId) -> Self {
        Self { id, next: 0, done: false, content: Vec::new() }
    }

    /// Takes the next frame's plaintext; `false` when it is not the one that belongs here.
    #[must_use]
    fn take(&mut self, plain: &[u8]) -> bool {
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
    fn finish(self) -> Option<Vec<u8>> {
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
