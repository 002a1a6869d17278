//! The knowledge base's screens as data.

use crate::bot::awaits::KnowledgeInput;
use crate::bot::callback::{Callback, KnowledgePress};
use crate::bot::screens::{Screen, home, lines, names, nav};
use crate::bot::turn::arg;
use crate::domain::outgoing::{Button, Keyboard};
use crate::knowledge::{Page, Passage};
use crate::texts::{Arg, Words, escape_html};

/// Characters of a title on a button.
const TITLE: usize = 50;

/// S-33: what a search found.
pub struct Results {
    /// One page of it.
    pub page: Page,
}

impl Screen for Results {
    fn text(&self, words: Words<'_>) -> String {
        let found = self.page.found.iter().map(|found| {
            let args = arg("title", &found.title).with("around", &found.around);
            words.fmt("kb-found", args)
        });
        let mut parts = vec![words.fmt("kb-results", arg("n", self.page.total))];
        parts.extend(found);
        parts.join("\n\n")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        for found in &self.page.found {
            keyboard.push([article_button(words, found.number, &found.title)]);
        }
        keyboard.row(pager(words, &self.page)).row([home(words)])
    }
}

fn pager(words: Words<'_>, shown: &Page) -> Vec<Button> {
    let Page { page, pages, .. } = *shown;
    if pages < 2 {
        return Vec::new();
    }
    let to = |page: usize, key: &str| Callback::Knowledge(KnowledgePress::Page(page)).button(words.get(key));
    let place = words.plain("btn-page", arg("page", page + 1).with("pages", pages));
    let before = (page > 0).then(|| to(page - 1, "btn-page-prev"));
    let after = (page + 1 < pages).then(|| to(page + 1, "btn-page-next"));
    before.into_iter().chain([Callback::Noop.button(place)]).chain(after).collect()
}

fn article_button(words: Words<'_>, number: i64, title: &str) -> Button {
    let label = words.plain("btn-kb-article", arg("title", names::cut(title, TITLE)));
    Callback::Knowledge(KnowledgePress::Article(number)).button(label)
}

/// S-34: passages that answer, word for word.
pub struct Answer {
    /// Best first.
    pub passages: Vec<Passage>,
}

impl Screen for Answer {
    fn text(&self, words: Words<'_>) -> String {
        let quotes = self.passages.iter().map(|p| words.fmt("kb-quote", arg("title", &p.title).with("text", &p.text)));
        quotes.collect::<Vec<_>>().join("\n\n")
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        let mut shown = Vec::new();
        for passage in &self.passages {
            if !shown.contains(&passage.number) {
                shown.push(passage.number);
                keyboard.push([article_button(words, passage.number, &passage.title)]);
            }
        }
        keyboard.row([home(words)])
    }
}

/// A whole article.
pub struct ArticleScreen {
    /// Its number.
    pub number: i64,
    /// Its title.
    pub title: String,
    /// Its text; empty when the title is all.
    pub body: String,
    /// Admins may remove it.
    pub admin: bool,
    /// Opened from what was found: the way back there.
    pub back: bool,
}

impl Screen for ArticleScreen {
    fn text(&self, words: Words<'_>) -> String {
        let title = words.fmt("kb-article", arg("title", &self.title));
        if self.body.is_empty() { title } else { format!("{title}\n\n{}", escape_html(&self.body)) }
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        let mut keyboard = Keyboard::new();
        if self.admin {
            keyboard
                .push([Callback::Knowledge(KnowledgePress::Remove(self.number)).button(words.get("btn-kb-remove"))]);
        }
        if self.back {
            return keyboard.row(nav(words, &Callback::Knowledge(KnowledgePress::Page(0))));
        }
        keyboard.row([home(words)])
    }
}

/// Nothing fits: whom to ask.
pub struct Nothing {
    /// Whom.
    pub support: Arg,
    /// Their link, if the contact is one.
    pub link: Option<Button>,
}

impl Screen for Nothing {
    fn text(&self, words: Words<'_>) -> String {
        words.fmt("kb-empty", arg("support", self.support.clone()))
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new().row(self.link.clone()).row([home(words)])
    }
}

/// Asks for what was not given with the command.
pub struct AskText {
    /// What.
    pub input: KnowledgeInput,
}

impl Screen for AskText {
    fn text(&self, words: Words<'_>) -> String {
        let key = match self.input {
            KnowledgeInput::Query => "kb-ask-query",
            KnowledgeInput::Question => "kb-ask-question",
            KnowledgeInput::Article => "kb-ask-article",
        };
        lines([Some(words.get(key))])
    }

    fn keyboard(&self, words: Words<'_>) -> Keyboard {
        Keyboard::new()
            .row(nav(words, &Callback::BackToPreviousStep))
            .row([Callback::Cancel.button(words.get("btn-cancel"))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::screens::testing::{en, ru};
    use crate::knowledge::Found;

    fn found(number: i64, title: &str) -> Found {
        Found {
            number, title: title.to_owned(), around: "…деньги возвращаются <сами>…".to_owned()
        }
    }

    #[test]
    fn s33_lists_what_was_found_and_turns_pages() {
        let page = Page {
            found: vec![found(3, "Возврат & оплата"), found(1, "Цены")], page: 1, pages: 3, total: 12
        };
        insta::assert_snapshot!(ru(&Results { page: page.clone() }), @"
            🔎 Найдено: 12 статей

            📄 <b>Возврат &amp; оплата</b>
            …деньги возвращаются &lt;сами&gt;…

            📄 <b>Цены</b>
            …деньги возвращаются &lt;сами&gt;…
            | 📄 Возврат & оплата [kb:3] |
            | 📄 Цены [kb:1] |
            | ◀️ [pg:kb:0] | 2 / 3 [noop] | ▶️ [pg:kb:2] |
            | 🏠 Главное меню [back_to_menu] |
            ");
        let one = Page { pages: 1, page: 0, total: 1, ..page };
        assert!(en(&Results { page: one }).starts_with("🔎 Found: 1 article\n"));
    }

    #[test]
    fn s34_quotes_each_passage_under_its_title() {
        let passage = |number, text: &str| Passage { number, title: "Оплата".to_owned(), text: text.to_owned() };
        insta::assert_snapshot!(ru(&Answer { passages: vec![passage(2, "Первое."), passage(2, "Второе.")] }), @"
            📄 <b>Оплата</b>
            <i>«Первое.»</i>

            📄 <b>Оплата</b>
            <i>«Второе.»</i>
            | 📄 Оплата [kb:2] |
            | 🏠 Главное меню [back_to_menu] |
            ");
    }

    #[test]
    fn an_article_can_be_removed_by_admins_only() {
        let screen = |admin, back| ArticleScreen {
            number: 7,
            title: "Оплата".to_owned(),
            body: "1 < 2\nКонец".to_owned(),
            admin,
            back,
        };
        insta::assert_snapshot!(ru(&screen(true, true)), @"
            📄 <b>Оплата</b>

            1 &lt; 2
            Конец
            | 🗑 Удалить [kb_del:7] |
            | ◀️ Назад [pg:kb:0] | 🏠 Главное меню [back_to_menu] |
            ");
        assert!(!ru(&screen(false, false)).contains("kb_del"));
    }

    #[test]
    fn what_is_asked_for_can_be_given_up() {
        for input in [KnowledgeInput::Query, KnowledgeInput::Question, KnowledgeInput::Article] {
            let drawn = ru(&AskText { input });
            assert!(drawn.contains("[cancel]") && drawn.contains("[back_to_menu]"), "{drawn}");
        }
        assert!(ru(&AskText { input: KnowledgeInput::Article }).contains("8000"));
        let nothing = Nothing { support: Arg::text("@help_desk"), link: None };
        assert!(ru(&nothing).starts_with("Ничего не нашлось. Переформулируйте или напишите в поддержку: @help_desk"));
    }
}
