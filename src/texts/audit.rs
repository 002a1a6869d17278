//! Looks at the texts themselves: which keys and values a language has. For the tests, which hold the languages equal.

use std::collections::BTreeSet;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::Texts;
use crate::domain::language::Language;

/// One message of one language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message {
    /// Its key.
    pub key: String,
    /// The values it needs.
    pub values: BTreeSet<String>,
    /// Those of them that choose a form and must be numbers.
    pub counts: BTreeSet<String>,
}

impl Texts {
    /// All messages of a language, ordered by key.
    pub fn messages(&self, lang: Language) -> Vec<Message> {
        let Some(book) = self.book(lang) else { return Vec::new() };
        let pattern = |key: &str| book.bundle.get_message(key).and_then(|m| m.value());
        book.keys
            .iter()
            .map(|key| {
                let mut message = Message { key: key.clone(), values: BTreeSet::new(), counts: BTreeSet::new() };
                if let Some(pattern) = pattern(key) {
                    walk(pattern, &mut message);
                }
                message
            })
            .collect()
    }
}

/// The keys of a file.
pub(super) fn keys_of(resource: &FluentResource) -> Vec<String> {
    resource
        .entries()
        .filter_map(|entry| match entry {
            Entry::Message(message) => Some(message.id.name.to_owned()),
            _ => None,
        })
        .collect()
}

fn walk(pattern: &Pattern<&str>, found: &mut Message) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            walk_expression(expression, found);
        }
    }
}

fn walk_expression(expression: &Expression<&str>, found: &mut Message) {
    match expression {
        Expression::Inline(inline) => walk_inline(inline, found),
        Expression::Select { selector, variants } => {
            if let InlineExpression::VariableReference { id } = selector {
                found.counts.insert(id.name.to_owned());
            }
            walk_inline(selector, found);
            for variant in variants {
                walk(&variant.value, found);
            }
        }
    }
}

fn walk_inline(inline: &InlineExpression<&str>, found: &mut Message) {
    match inline {
        InlineExpression::VariableReference { id } => {
            found.values.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => walk_expression(expression, found),
        _ => {}
    }
}
