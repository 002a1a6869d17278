//! Buttons of the knowledge base (bot.md 4, 13).

/// A pressed button of the knowledge base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnowledgePress {
    /// A whole article, by its number.
    Article(i64),
    /// An admin removes an article.
    Remove(i64),
    /// A page of what was found last, from 0.
    Page(usize),
    /// An admin is asked for a new article.
    Add,
}

impl KnowledgePress {
    /// Reads a button's data; `None` when it is no button of the knowledge base.
    pub fn parse(data: &str) -> Option<Self> {
        let (head, payload) = data.split_once(':').unwrap_or((data, ""));
        let number = || payload.parse().ok().filter(|number: &i64| *number > 0);
        Some(match head {
            "kb" => Self::Article(number()?),
            "kb_del" => Self::Remove(number()?),
            "pg" => Self::Page(payload.strip_prefix("kb:")?.parse().ok()?),
            "admin_add" => Self::Add,
            _ => return None,
        })
    }

    /// The data that [`KnowledgePress::parse`] reads back.
    pub fn data(&self) -> String {
        match self {
            Self::Article(number) => format!("kb:{number}"),
            Self::Remove(number) => format!("kb_del:{number}"),
            Self::Page(n) => format!("pg:kb:{n}"),
            Self::Add => "admin_add".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_reads_back_as_itself() {
        for press in
            [KnowledgePress::Article(i64::MAX), KnowledgePress::Remove(7), KnowledgePress::Page(0), KnowledgePress::Add]
        {
            assert!(press.data().len() <= 64);
            assert_eq!(KnowledgePress::parse(&press.data()), Some(press));
        }
        assert_eq!(KnowledgePress::parse("admin_add:"), Some(KnowledgePress::Add), "an older spelling");
        for data in ["kb:", "kb:x", "kb:-1", "kb:0", "kb:99999999999999999999", "kb_del:", "pg:kb:", "pg:kb:-1", "kb"] {
            assert_eq!(KnowledgePress::parse(data), None, "{data}");
        }
    }
}
