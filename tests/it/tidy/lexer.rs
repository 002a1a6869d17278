//! Rust's tokens, as far as the rules need them: comments gone, string literals whole, each with its line.

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A name, a keyword or a number.
    Word(String),
    /// The value of a string literal: escapes of the common kind resolved, so `"a\"b"` is `a"b`.
    Text(String),
    /// Any other character.
    Mark(char),
}

/// A token and the line it begins on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) line: usize,
}

impl Token {
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.word() == Some(word)
    }

    pub(crate) fn word(&self) -> Option<&str> {
        if let Kind::Word(word) = &self.kind { Some(word) } else { None }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }
}

/// The tokens of a source.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut reader = Reader { rest: source, line: 1, tokens: Vec::new() };
    while reader.step() {}
    reader.tokens
}

/// The tokens without the items under `#[cfg(test)]`.
pub(crate) fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if opens_test_item(&tokens[at..]) {
            at = item_end(tokens, at);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// The names of the modules that stand in files of their own and only tests compile: `#[cfg(test)] mod name;`.
pub(crate) fn test_modules(tokens: &[Token]) -> Vec<String> {
    (0..tokens.len())
        .filter(|at| opens_test_item(&tokens[*at..]))
        .map(|at| &tokens[at..item_end(tokens, at)])
        .filter_map(|item| match item {
            [.., module, name, end] if module.is_word("mod") && end.is_mark(';') => name.word().map(str::to_owned),
            _ => None,
        })
        .collect()
}

/// Whether `#[cfg(test)]` or `#[cfg(any(test, …))]` begins here; `not(test)` does not count.
fn opens_test_item(tokens: &[Token]) -> bool {
    let cfg = tokens.len() > 5 && tokens[0].is_mark('#') && tokens[1].is_mark('[') && tokens[2].is_word("cfg");
    if !cfg {
        return false;
    }
    let condition = &tokens[..group_end(tokens, 1)];
    condition.iter().any(|token| token.is_word("test")) && !condition.iter().any(|token| token.is_word("not"))
}

/// Where the item that begins at `from` with its attributes ends: after its body or its semicolon.
fn item_end(tokens: &[Token], from: usize) -> usize {
    let mut at = from;
    while at < tokens.len() {
        match &tokens[at].kind {
            Kind::Mark('{') => return group_end(tokens, at),
            Kind::Mark(';') => return at + 1,
            Kind::Mark('(' | '[') => at = group_end(tokens, at),
            _ => at += 1,
        }
    }
    at
}

/// The place after the bracket that closes the one at `from`.
pub(crate) fn group_end(tokens: &[Token], from: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(from) {
        match token.kind {
            Kind::Mark('(' | '[' | '{') => depth += 1,
            Kind::Mark(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    /// Reads one token, comment or gap; false at the end.
    fn step(&mut self) -> bool {
        let Some(first) = self.rest.chars().next() else { return false };
        if first.is_whitespace() {
            self.take(first.len_utf8());
        } else if self.rest.starts_with("//") {
            self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
        } else if self.rest.starts_with("/*") {
            self.take(block_comment(self.rest));
        } else if let Some((prefix, hashes)) = raw_string(self.rest) {
            self.raw_text(prefix, hashes);
        } else if let Some(prefix) = ["\"", "b\"", "c\""].iter().find(|p| self.rest.starts_with(**p)) {
            self.text(prefix.len());
        } else if first == '\'' || self.rest.starts_with("b'") {
            self.quote();
        } else if first.is_alphanumeric() || first == '_' {
            let length = self.rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.rest.len());
            let word = self.rest[..length].to_owned();
            self.push(Kind::Word(word), length);
        } else {
            self.push(Kind::Mark(first), first.len_utf8());
        }
        true
    }

    fn take(&mut self, bytes: usize) {
        self.line += self.rest[..bytes].matches('\n').count();
        self.rest = &self.rest[bytes..];
    }

    fn push(&mut self, kind: Kind, bytes: usize) {
        self.tokens.push(Token { kind, line: self.line });
        self.take(bytes);
    }

    fn raw_text(&mut self, prefix: usize, hashes: usize) {
        let closing = format!("\"{}", "#".repeat(hashes));
        let body = &self.rest[prefix..];
        let length = body.find(&closing).unwrap_or(body.len());
        let text = body[..length].to_owned();
        self.push(Kind::Text(text), (prefix + length + closing.len()).min(self.rest.len()));
    }

    fn text(&mut self, prefix: usize) {
        let mut value = String::new();
        let mut characters = self.rest[prefix..].char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    end = prefix + at + 1;
                    break;
                }
                '\\' => match characters.next().map(|(_, escaped)| escaped) {
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    Some('\n') => while characters.next_if(|(_, c)| c.is_whitespace()).is_some() {},
                    Some(other) => value.push(other),
                    None => {}
                },
                other => value.push(other),
            }
        }
        self.push(Kind::Text(value), end);
    }

    /// A character literal is dropped; of a lifetime only the quote is kept, its name follows as a word.
    fn quote(&mut self) {
        let prefix = if self.rest.starts_with('b') { 2 } else { 1 };
        let mut after = self.rest[prefix..].chars();
        match (after.next(), after.next()) {
            (Some('\\'), _) => {
                let body = &self.rest[prefix + 2..];
                self.take(prefix + 2 + body.find('\'').map_or(body.len(), |at| at + 1));
            }
            (Some(character), Some('\'')) => self.take(prefix + character.len_utf8() + 1),
            _ => self.push(Kind::Mark('\''), 1),
        }
    }
}

/// The length of the prefix up to the opening quote and the number of hashes, if a raw string begins here.
fn raw_string(rest: &str) -> Option<(usize, usize)> {
    let after = ["br", "cr", "r"].iter().find_map(|prefix| rest.strip_prefix(prefix))?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then(|| (rest.len() - after.len() + hashes + 1, hashes))
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        tokens(source).iter().filter_map(|token| token.word().map(str::to_owned)).collect()
    }

    #[test]
    fn comments_strings_and_characters_are_not_code() {
        let source = r##"a /* b /* c */ d */ e // f
            "g \" h" 'i' '\'' b'j' r#"k " l"# '"' m"##;
        assert_eq!(words(source), ["a", "e", "m"]);
        let texts: Vec<_> = tokens(source).into_iter().filter_map(|t| t.text().map(str::to_owned)).collect();
        assert_eq!(texts, ["g \" h", "k \" l"]);
    }

    #[test]
    fn a_lifetime_does_not_swallow_what_follows() {
        assert_eq!(words("fn f<'a>(x: &'a str) -> &'static str"), ["fn", "f", "a", "x", "a", "str", "static", "str"]);
    }

    #[test]
    fn a_line_that_continues_is_one_text() {
        let found = tokens("const A: &str = \"select 1 \\\n    from t\";\nlast");
        assert_eq!(found[6].text(), Some("select 1 from t"));
        assert_eq!(found.last().unwrap().line, 3);
    }

    #[test]
    fn modules_for_tests_only_are_named() {
        let source = "mod a; #[cfg(test)] mod b; #[cfg(test)] pub(crate) mod c; #[cfg(test)] mod d { mod e; } #[cfg(unix)] mod f;";
        assert_eq!(test_modules(&tokens(source)), ["b", "c"]);
    }

    #[test]
    fn what_only_tests_compile_is_left_out() {
        let source =
            "fn a() {} #[cfg(test)] mod tests { fn b() { c(\"}\") } } #[cfg(test)] use d; #[cfg(not(test))] fn e() {}
            #[cfg(test)] #[derive(X)] struct F([u8; 2]); fn g() {}";
        let kept = without_tests(&tokens(source));
        let kept: Vec<_> = kept.iter().filter_map(Token::word).collect();
        assert_eq!(kept, ["fn", "a", "cfg", "not", "test", "fn", "e", "fn", "g"]);
    }
}
