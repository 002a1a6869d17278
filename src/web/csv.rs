//! Lists as files: comma-separated, UTF-8 with its mark so that spreadsheets read it, and safe there: a cell that would be a
//! formula begins with an apostrophe (reliability.md T37).

use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use futures::{Stream, StreamExt as _};

use super::failure::Failure;

/// The mark by which spreadsheets know UTF-8.
const MARK: &str = "\u{feff}";

/// One line.
pub(super) fn line<S: AsRef<str>>(cells: impl IntoIterator<Item = S>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|cell| quoted(cell.as_ref())).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell in quotes. Whatever a spreadsheet could take for a formula is text.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) && !is_number(cell);
    let mark = if formula { "'" } else { "" };
    format!("\"{mark}{}\"", cell.replace('"', "\"\""))
}

/// «-12.50» is a number and no formula.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// A file that is written while it is read: page after page, never the whole list in memory.
pub(super) fn file(
    name: &str,
    head: String,
    pages: impl Stream<Item = Result<String, Failure>> + Send + 'static,
) -> Result<Response, Failure> {
    let first = futures::stream::once(async move { Ok(format!("{MARK}{head}")) });
    // A page that cannot be read cuts the file short, which the reader's program sees.
    let all = first.chain(pages.map(|page| page.map_err(|failure| std::io::Error::other(failure.word()))));
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""));
    headers.insert(CONTENT_DISPOSITION, disposition.map_err(|_| Failure::Broken)?);
    Ok((headers, Body::from_stream(all)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=cmd|' /C calc'!A0", "-"] {
            assert!(quoted(cell).starts_with("\"'"), "{cell}");
        }
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(quoted("-12.50"), "\"-12.50\"");
        assert_eq!(line(["a", "=b"]), "\"a\",\"'=b\"\r\n");
    }
}
