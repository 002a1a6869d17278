//! A folder as one file in the old format that every system unpacks (ustar): read and sent file by file, then removed.

use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::Stream;

/// The format's unit.
const BLOCK: usize = 512;
/// Bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// A folder that is removed, with all it holds, when nobody needs it any more.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Of this name.
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "the folder of an archive was not removed");
        }
    }
}

/// What is left to send.
struct Rest<T> {
    folder: Folder,
    /// Relative names, the next one last.
    names: Vec<String>,
    /// The file under way and how many of its bytes are left.
    open: Option<(tokio::fs::File, u64)>,
    ended: bool,
    _held: T,
}

/// Sends a folder's files; `held` is dropped at the end.
pub(super) fn stream<T: Send + 'static>(folder: Folder, held: T) -> io::Result<impl Stream<Item = io::Result<Bytes>>> {
    let mut names = Vec::new();
    list(folder.path(), "", &mut names)?;
    names.sort();
    names.reverse();
    let rest = Rest { folder, names, open: None, ended: false, _held: held };
    Ok(futures::stream::unfold(rest, |mut rest| async move {
        match rest.next().await {
            Ok(Some(piece)) => Some((Ok(piece), rest)),
            Ok(None) => None,
            Err(error) => {
                rest.ended = true;
                rest.names.clear();
                rest.open = None;
                Some((Err(error), rest))
            }
        }
    }))
}

fn list(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

impl<T> Rest<T> {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        use tokio::io::AsyncReadExt as _;
        if let Some((file, left)) = &mut self.open {
            let mut piece = vec![0; PIECE.min(usize::try_from(*left).unwrap_or(PIECE))];
            file.read_exact(&mut piece).await?;
            *left -= piece.len() as u64;
            if *left == 0 {
                let whole = piece.len().div_ceil(BLOCK) * BLOCK;
                piece.resize(whole, 0);
                self.open = None;
            }
            return Ok(Some(piece.into()));
        }
        if let Some(name) = self.names.pop() {
            let file = tokio::fs::File::open(self.folder.path().join(&name)).await?;
            let size = file.metadata().await?.len();
            self.open = (size > 0).then_some((file, size));
            return Ok(Some(header(&name, size)?));
        }
        // Two empty blocks are the end.
        let end = (!self.ended).then(|| Bytes::from_static(&[0; 2 * BLOCK]));
        self.ended = true;
        Ok(end)
    }
}

/// The block before a file.
fn header(name: &str, size: u64) -> io::Result<Bytes> {
    let mut block = [0_u8; BLOCK];
    let mut put = |at: usize, room: usize, text: &str| {
        let place = block.get_mut(at..at + text.len()).filter(|_| text.len() <= room);
        place.map(|place| place.copy_from_slice(text.as_bytes())).ok_or_else(|| io::Error::other("a name too long"))
    };
    put(0, 100, name)?;
    put(100, 7, "0000600")?;
    put(108, 7, "0000000")?;
    put(116, 7, "0000000")?;
    put(124, 11, &format!("{size:011o}"))?;
    put(136, 11, "00000000000")?;
    // The sum is made with spaces in its own place.
    put(148, 8, "        ")?;
    put(156, 1, "0")?;
    put(257, 8, "ustar\x0000")?;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let sum = format!("{sum:06o}\0 ");
    for (place, byte) in block.iter_mut().skip(148).zip(sum.bytes()) {
        *place = byte;
    }
    Ok(Bytes::copy_from_slice(&block))
}

#[cfg(test)]
mod tests {
    use futures::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn every_system_unpacks_what_was_packed_and_the_folder_is_gone() {
        let home = tempfile::tempdir().unwrap();
        let from = home.path().join("from");
        std::fs::create_dir_all(from.join("rows")).unwrap();
        let long = vec![7_u8; PIECE * 2 + 700];
        std::fs::write(from.join("manifest.json"), b"{}").unwrap();
        std::fs::write(from.join("rows/empty.jsonl"), b"").unwrap();
        std::fs::write(from.join("rows/users.jsonl"), &long).unwrap();
        let pieces: Vec<_> = stream(Folder::new(&from), ()).unwrap().collect().await;
        let packed: Vec<u8> = pieces.into_iter().flat_map(|piece| piece.unwrap().to_vec()).collect();
        assert!(!from.exists());
        let (file, to) = (home.path().join("a.tar"), home.path().join("to"));
        std::fs::write(&file, packed).unwrap();
        std::fs::create_dir(&to).unwrap();
        let done = tokio::process::Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(&to).status().await.unwrap();
        assert!(done.success());
        assert_eq!(std::fs::read(to.join("manifest.json")).unwrap(), b"{}");
        assert_eq!(std::fs::read(to.join("rows/empty.jsonl")).unwrap(), b"");
        assert_eq!(std::fs::read(to.join("rows/users.jsonl")).unwrap(), long);
    }
}
