//! In which language a request is answered: `?lang=`, what was chosen before, what the browser asks for, Russian.

use axum::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use axum::http::request::Parts;

use super::cookies::{self, Kind};
use crate::domain::Language;

/// The language of a request, put into its extensions by `around.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) language: Language,
    /// The query asked for it: it is to be remembered.
    pub(super) chosen: bool,
}

pub(super) fn of(parts: &Parts, https: bool) -> Spoken {
    if let Some(language) = asked(parts.uri.query().unwrap_or_default()) {
        return Spoken { language, chosen: true };
    }
    let remembered = cookies::read(&parts.headers, Kind::Language, https).and_then(|code| code.parse().ok());
    let language = remembered.or_else(|| accepted(&parts.headers)).unwrap_or_default();
    Spoken { language, chosen: false }
}

fn asked(query: &str) -> Option<Language> {
    url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang")?.1.parse().ok()
}

/// The first of the browser's languages that says something to us; its order stands for the weights, which browsers write in
/// falling order.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let list = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let codes = list.split(',').map(|range| range.split(';').next().unwrap_or_default().trim());
    codes.filter(|code| !code.is_empty() && *code != "*").map(Language::of_telegram).next()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn spoken(uri: &str, headers: &[(&str, &str)]) -> (Language, bool) {
        let mut request = Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let spoken = of(&request.body(()).unwrap().into_parts().0, false);
        (spoken.language, spoken.chosen)
    }

    #[test]
    fn the_query_wins_then_the_choice_then_the_browser() {
        let english = [("accept-language", "en-US,en;q=0.9,ru;q=0.8")];
        assert_eq!(spoken("/panel", &[]), (Language::Ru, false));
        assert_eq!(spoken("/panel", &english), (Language::En, false));
        assert_eq!(spoken("/panel", &[("accept-language", "uk,en")]), (Language::Ru, false));
        assert_eq!(spoken("/panel", &[("accept-language", "*")]), (Language::Ru, false));
        assert_eq!(spoken("/panel", &[("cookie", "botyard-lang=ru"), english[0]]), (Language::Ru, false));
        assert_eq!(spoken("/panel?x=1&lang=en", &[("cookie", "botyard-lang=ru")]), (Language::En, true));
        assert_eq!(spoken("/panel?lang=de", &english), (Language::En, false));
    }
}
