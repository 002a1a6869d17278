//! Texts shown to people, from `locales/`, by Fluent.
