//! What a person sees instead of a page: what happened in plain words, and the way on.

use std::time::Duration;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::html;
use super::shell::Shell;
use crate::args;
use crate::domain::Corr;
use crate::texts::Words;
use crate::web::failure::Failure;

/// What the words name that is a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) struct Terms {
    /// The largest body of the address that was asked, bytes.
    pub(in crate::web) body_max: u64,
    /// How long a link to a result works.
    pub(in crate::web) link_life: Duration,
}

/// Which drawing stands above the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    /// Nothing is wrong with us.
    Calm,
    /// Something is.
    Alarm,
}

/// A failure in words.
#[derive(Template)]
#[template(path = "pages/error/failure.html")]
struct FailurePage<'a> {
    shell: Shell<'a>,
    status: u16,
    text: String,
    /// The id to name to support; only where there is something in the log.
    corr: Option<&'a str>,
    /// Whether the panel's first page is a way on.
    way_home: bool,
    alarm: bool,
}

/// The page of a failure.
pub(in crate::web) fn page(words: Words<'_>, failure: Failure, terms: Terms, corr: &Corr) -> Response {
    let name = text_key(failure);
    let text = match failure {
        Failure::TooOften(wait) => words.plain("panel-429-text", args![n = wait.as_secs().max(1)]),
        Failure::TooLarge => words.plain("panel-413-text", args![max = words.size(terms.body_max)]),
        Failure::FileGone => words.plain("panel-file-gone-text", args![time = words.span(terms.link_life)]),
        _ => words.get(&format!("{name}-text")),
    };
    let way_home = matches!(
        failure,
        Failure::NotFound
            | Failure::WrongMethod
            | Failure::Forbidden
            | Failure::StepUp
            | Failure::ForeignForm
            | Failure::BadRequest
            | Failure::TooLarge
    );
    let page = FailurePage {
        shell: Shell::outside(words, words.get(&format!("{name}-title"))),
        status: failure.status().as_u16(),
        text,
        corr: (failure == Failure::Broken).then(|| corr.as_str()),
        way_home,
        alarm: tone(failure) == Tone::Alarm,
    };
    let response = html(failure.status(), &page);
    // The last resort of the last resort: words that need no template.
    if response.status() == failure.status() { response } else { StatusCode::INTERNAL_SERVER_ERROR.into_response() }
}

const fn tone(failure: Failure) -> Tone {
    match failure {
        Failure::Broken | Failure::Away(_) => Tone::Alarm,
        _ => Tone::Calm,
    }
}

/// What the keys of its texts begin with.
const fn text_key(failure: Failure) -> &'static str {
    match failure {
        Failure::NotFound | Failure::WrongMethod => "panel-404",
        Failure::SignedOut => "panel-401",
        Failure::SessionOver => "panel-session-over",
        Failure::Forbidden => "panel-403",
        Failure::StepUp => "panel-step-up",
        Failure::ForeignForm => "panel-csrf",
        Failure::LinkUsed => "panel-link-used",
        Failure::LinkExpired => "panel-link-expired",
        Failure::LinkUnknown => "panel-link-unknown",
        Failure::FileGone => "panel-file-gone",
        Failure::TooOften(_) => "panel-429",
        Failure::TooLarge => "panel-413",
        Failure::BadRequest => "panel-400",
        Failure::Away(_) => "panel-503",
        Failure::Broken => "panel-500",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Language;
    use crate::texts::Texts;

    const ALL: [Failure; 16] = [
        Failure::NotFound,
        Failure::WrongMethod,
        Failure::SignedOut,
        Failure::SessionOver,
        Failure::Forbidden,
        Failure::StepUp,
        Failure::ForeignForm,
        Failure::LinkUsed,
        Failure::LinkExpired,
        Failure::LinkUnknown,
        Failure::FileGone,
        Failure::TooOften(Duration::from_secs(7)),
        Failure::TooLarge,
        Failure::BadRequest,
        Failure::Away(Duration::from_secs(5)),
        Failure::Broken,
    ];

    const TERMS: Terms = Terms { body_max: 10 << 20, link_life: Duration::from_hours(24) };

    #[tokio::test]
    async fn a_body_too_large_is_told_with_the_limit_and_the_next_step() {
        let texts = Texts::embedded().unwrap();
        let said = async |language, body_max| {
            let terms = Terms { body_max, ..TERMS };
            let response = page(texts.words(language), Failure::TooLarge, terms, &Corr::random());
            let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
            String::from_utf8(body.to_vec()).unwrap()
        };
        let (small, large) = (said(Language::Ru, 16 << 10).await, said(Language::En, 10 << 20).await);
        assert!(small.contains("Файл или текст больше 16 КБ. Уменьшите его и отправьте снова."), "{small}");
        assert!(large.contains("The file or text is larger than 10 MB. Make it smaller and send it again."), "{large}");
    }

    #[tokio::test]
    async fn every_failure_is_said_in_every_language() {
        let texts = Texts::embedded().unwrap();
        let corr = Corr::random();
        for language in Language::ALL {
            let words = texts.words(language);
            let neutral = words.get("neutral");
            for failure in ALL {
                let response = page(words, failure, TERMS, &corr);
                assert_eq!(response.status(), failure.status());
                let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
                let body = String::from_utf8(body.to_vec()).unwrap();
                assert!(!body.contains(&neutral), "{failure:?}: {body}");
                assert_eq!(body.contains(corr.as_str()), failure == Failure::Broken, "{failure:?}");
            }
        }
    }
}
