//! Where a page goes on: the time and the key of the last row that was seen, in letters that mean nothing to anybody.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::problem::Problem;
use crate::domain::UnixMs;
use crate::store::After;

/// Makes a cursor.
pub(super) fn after(at: UnixMs, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{} {key}", at.0))
}

/// Reads one whose rows have a text for a key.
pub(super) fn by_text(cursor: Option<&str>) -> Result<After<String>, Problem> {
    let Some(cursor) = cursor else { return Ok(After::start()) };
    read(cursor).map(|(at, key)| After { at, key }).ok_or_else(unreadable)
}

/// Reads one whose rows have a number for a key.
pub(super) fn by_number(cursor: Option<&str>) -> Result<After<i64>, Problem> {
    let Some(cursor) = cursor else { return Ok(After::START) };
    let read = read(cursor).and_then(|(at, key)| Some(After { at, key: key.parse().ok()? }));
    read.ok_or_else(unreadable)
}

fn read(cursor: &str) -> Option<(UnixMs, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (at, key) = text.split_once(' ')?;
    let plain = !key.is_empty() && key.len() <= 64 && key.bytes().all(|c| c.is_ascii_graphic());
    plain.then_some((UnixMs(at.parse().ok()?), key.to_owned()))
}

fn unreadable() -> Problem {
    Problem::wrong_parameter("cursor: give what the page before had in next")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_says_where_to_go_on_and_nothing_else_is_one() {
        let cursor = after(UnixMs(1_000), "gen_abc");
        assert_eq!(by_text(Some(&cursor)), Ok(After { at: UnixMs(1_000), key: "gen_abc".to_owned() }));
        assert_eq!(by_text(None), Ok(After::start()));
        assert!(by_number(Some(&cursor)).is_err(), "another list's");
        assert_eq!(by_number(Some(&after(UnixMs(5), "-7"))), Ok(After { at: UnixMs(5), key: -7 }));
        for bad in
            ["", "?", "AAAA", &after(UnixMs(1), ""), &after(UnixMs(1), "a b"), &after(UnixMs(1), &"x".repeat(65))]
        {
            assert!(by_text(Some(bad)).is_err(), "{bad}");
        }
    }
}
