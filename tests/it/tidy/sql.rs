//! The statements of `src/store/`: read out of the sources, held to the rules of architecture.md 5 and 6, and prepared on both
//! databases.

use std::collections::BTreeSet;

use botyard::store::Db;
use regex::Regex;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use crate::util::db::{TestDb, on_each_db, on_sqlite};

use super::files::{Source, rust};
use super::lexer::{Kind, Token, group_end};
use super::report;
use super::schema::tenant_tables;
use super::sources::is_store;

/// Carries tenants as a whole: its statements are made of names that the schema gives, so that no table can be forgotten.
const FROM_THE_SCHEMA: &str = "src/store/platform_archive.rs";

/// One SQL text: a constant, or one of several in a constant array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Where it stands, for findings.
    pub(crate) place: String,
    pub(crate) name: String,
    pub(crate) sql: String,
}

impl Statement {
    fn only(&self, dialect: &str) -> bool {
        self.name.ends_with(dialect)
    }

    /// Files for what has no tenant yet or spans all of them (decisions.md 1).
    fn spans_tenants(&self) -> bool {
        self.place.starts_with("src/store/platform")
    }
}

#[test]
fn sql_stands_in_constants_of_the_store() {
    let mut findings = Vec::new();
    for source in rust(&["src"]) {
        let tokens = source.shipped();
        if source.path == FROM_THE_SCHEMA {
            continue;
        }
        if is_store(&source.path) {
            findings.extend(read(&source.path, &tokens).1);
        } else {
            let sql = tokens.iter().filter(|token| token.text().is_some_and(is_sql));
            findings.extend(sql.map(|token| format!("{}:{}: SQL outside src/store/", source.path, token.line)));
        }
    }
    report(
        "SQL that no test can find, name and prepare:",
        "a statement is checked because it is a constant in the store.",
        &findings,
    );
}

#[test]
fn every_statement_on_a_tenants_table_names_its_tenant() {
    on_sqlite(|test| async move {
        let tenant_tables = tenant_tables(&test.db).await;
        assert!(tenant_tables.contains("users"), "{tenant_tables:?}");
        let findings: Vec<String> = statements()
            .iter()
            .filter(|statement| !statement.spans_tenants())
            .filter_map(|statement| {
                nameless(&statement.sql, &tenant_tables).map(|why| format!("{}: {why}", statement.place))
            })
            .collect();
        report(
            "A tenant's table is used without its tenant:",
            "each FROM, JOIN, INTO and UPDATE of such a table needs a bot_instance_id of its own; what spans all tenants stands \
             in src/store/platform*.rs.",
            &findings,
        );
    });
}

#[test]
fn at_most_a_tenth_of_the_statements_differ_between_the_databases() {
    on_sqlite(|test| async move {
        let ours = super::schema::tables(&test.db).await;
        let findings = dialects(&statements(), &ours);
        report(
            "SQL in two dialects:",
            "one text means one behaviour to understand and to test (architecture.md 5).",
            &findings,
        );
    });
}

on_each_db! {
    async fn every_statement_can_be_prepared(test: TestDb) {
        let other = if test.db.raw_sqlite().is_some() { "_POSTGRES" } else { "_SQLITE" };
        let mut findings = Vec::new();
        for statement in statements().iter().filter(|statement| !statement.only(other)) {
            if let Err(error) = prepare(&test.db, &statement.sql).await {
                findings.push(format!("{}: {error}", statement.place));
            }
        }
        report("Statements that this database refuses:", "the first user must not be the one who finds a typo.", &findings);
    }

    async fn a_planted_wrong_statement_is_refused(db: Db) {
        assert!(prepare(&db, "SELECT user_id FROM users WHERE bot_instance_id = $1").await.is_ok());
        assert!(prepare(&db, "SELECT nobody FROM users WHERE bot_instance_id = $1").await.is_err());
    }
}

async fn prepare(db: &Db, sql: &str) -> Result<(), sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned()).into_sql_str();
    match (db.raw_sqlite(), db.raw_postgres()) {
        (Some(pool), _) => pool.acquire().await?.prepare(sql).await.map(|_| ()),
        (_, Some(pool)) => pool.acquire().await?.prepare(sql).await.map(|_| ()),
        (None, None) => unreachable!("a database is SQLite or PostgreSQL"),
    }
}

/// Every statement of the store.
pub(crate) fn statements() -> Vec<Statement> {
    let sources = rust(&["src"]);
    let store = sources.iter().filter(|source| is_store(&source.path));
    let found: Vec<Statement> = store.flat_map(|source: &Source| read(&source.path, &source.shipped()).0).collect();
    assert!(found.len() > 5, "only {} statements found: the rules would check nothing", found.len());
    found
}

/// The statements of one source, and what is wrong with how SQL stands there.
fn read(path: &str, tokens: &[Token]) -> (Vec<Statement>, Vec<String>) {
    let mut statements = Vec::new();
    let mut findings = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let place = |what: &str| format!("{path}:{}: {what}", tokens[at].line);
        let end =
            if tokens[at].is_word("const") || tokens[at].is_word("static") { constant_end(tokens, at) } else { at };
        if end > at {
            let name = tokens[at + 1].word().unwrap_or("_").to_owned();
            let made =
                tokens[at..end].iter().any(|t| ["concat", "format", "concatcp"].iter().any(|word| t.is_word(word)));
            for sql in tokens[at..end].iter().filter_map(Token::text).filter(|text| is_sql(text)) {
                if made {
                    findings.push(place(&format!("{name} is put together of parts")));
                }
                statements.push(Statement { place: place(&name), name: name.clone(), sql: sql.to_owned() });
            }
            at = end;
        } else {
            if tokens[at].text().is_some_and(is_sql) {
                findings.push(place("SQL outside a constant"));
            } else if tokens[at].is_word("AssertSqlSafe") {
                findings.push(place("SQL made at run time"));
            }
            at += 1;
        }
    }
    (statements, findings)
}

/// The place after the `;` of `const NAME: … = …;`, or `at` where none begins (`const fn`, `*const`, a generic).
fn constant_end(tokens: &[Token], at: usize) -> usize {
    let named = tokens.get(at + 1).and_then(Token::word).is_some_and(|word| word != "fn");
    if !named || !tokens.get(at + 2).is_some_and(|token| token.is_mark(':')) {
        return at;
    }
    let mut here = at + 3;
    while here < tokens.len() {
        match tokens[here].kind {
            Kind::Mark(';') => return here + 1,
            Kind::Mark('(' | '[' | '{') => here = group_end(tokens, here),
            Kind::Mark(')' | ']' | '}' | '>' | ',') if !assigned(tokens, at, here) => return at,
            _ => here += 1,
        }
    }
    at
}

fn assigned(tokens: &[Token], from: usize, to: usize) -> bool {
    tokens[from..to].iter().any(|token| token.is_mark('='))
}

/// Whether a text is SQL and not a sentence that begins like it.
fn is_sql(text: &str) -> bool {
    static SHAPE: std::sync::LazyLock<Regex> = std::sync::LazyLock::new(|| {
        Regex::new(
            r"(?isx)^\s*(
                select\s.*\sfrom\s | select\s+(\w+\(|[0-9$]|exists) | insert\s+into\s | update\s+\w+\s.*\bset\s |
                delete\s+from\s | with\s+(recursive\s+)?\w+\s*(\([^)]*\))?\s+as\s+(not\s+materialized\s+|materialized\s+)?\( |
                create\s+(unique\s+|temp\s+)?(table|index|role|policy|function|trigger|view|database)\s |
                alter\s+(table|role|database)\s | drop\s+(table|index|role|database)\s | truncate\s | pragma\s+\w+ |
                vacuum\s+into\s | (set|reset)\s+(local\s+)?role\b
            )",
        )
        .unwrap()
    });
    SHAPE.is_match(text)
}

/// Why a statement does not name its tenant, if so: tenant tables are used more often than bot_instance_id.
fn nameless(sql: &str, tenant_tables: &BTreeSet<String>) -> Option<String> {
    let words = words(sql);
    let used: Vec<&String> = words
        .windows(2)
        .filter(|pair| {
            ["from", "join", "into", "update", "using"].contains(&pair[0].as_str()) && tenant_tables.contains(&pair[1])
        })
        .map(|pair| &pair[1])
        .collect();
    let named = words.iter().filter(|word| *word == "bot_instance_id").count();
    (named < used.len()).then(|| format!("uses {used:?} and names bot_instance_id {named} times"))
}

/// Words of SQL in lower case; quoted texts and comments are none.
fn words(sql: &str) -> Vec<String> {
    let plain = Regex::new(r"(?s)'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/").unwrap().replace_all(sql, " ' ");
    let word = Regex::new(r"[A-Za-z_][A-Za-z0-9_]*|\S").unwrap();
    word.find_iter(&plain).map(|found| found.as_str().to_lowercase()).collect()
}

/// What is wrong with what differs: too much, or half a pair on a table of ours. A row lock of PostgreSQL (`FOR UPDATE`) needs no
/// other half, for on SQLite the single writer is that lock; it counts as a difference all the same.
fn dialects(statements: &[Statement], ours: &BTreeSet<String>) -> Vec<String> {
    let names: BTreeSet<&str> = statements.iter().map(|statement| statement.name.as_str()).collect();
    let mut findings = Vec::new();
    let (mut pairs, mut alone) = (BTreeSet::new(), BTreeSet::new());
    for statement in statements {
        for (own, other) in [("_SQLITE", "_POSTGRES"), ("_POSTGRES", "_SQLITE")] {
            let Some(stem) = statement.name.strip_suffix(own) else { continue };
            let words = words(&statement.sql);
            if names.contains(format!("{stem}{other}").as_str()) {
                pairs.insert(stem);
            } else if words.iter().any(|word| ours.contains(word)) {
                alone.insert(stem);
                if !words.windows(2).any(|pair| pair == ["for", "update"]) {
                    findings.push(format!("{}: has no {stem}{other}", statement.place));
                }
            }
        }
    }
    let (texts, differ) = (statements.len() - pairs.len(), pairs.len() + alone.len());
    if differ * 10 > texts {
        findings.push(format!("{differ} of {texts} statements differ: {pairs:?} {alone:?}"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    fn tables() -> BTreeSet<String> {
        ["users", "jobs"].map(str::to_owned).into()
    }

    #[test]
    fn constants_are_read_in_every_form() {
        let source = "
            const A: &str = \"SELECT x FROM users\";
            pub(super) const B: &'static str = r#\"UPDATE users SET x = $1\"#;
            static C: [&str; 2] = [\"DELETE FROM a\", \"DELETE FROM b\"];
            const NOT_SQL: &str = \"update failed\";
            const fn f<const N: usize>(x: *const u8) {}
            impl X { const D: &str = \"INSERT INTO t VALUES ($1)\"; }";
        let (found, findings) = read("f", &tokens(source));
        let names: Vec<_> = found.iter().map(|statement| statement.name.as_str()).collect();
        assert_eq!(names, ["A", "B", "C", "C", "D"]);
        assert_eq!(findings, Vec::<String>::new());
    }

    #[test]
    fn sql_that_is_no_constant_is_found() {
        let source = "fn f() { query(\"SELECT 1\") } fn g() { query(AssertSqlSafe(x)) }
            const A: &str = concat!(\"SELECT a \", \"FROM b\");
            const B: &str = concat!(\"SELECT a FROM b\", X);";
        assert_eq!(
            read("f", &tokens(source)).1,
            ["f:1: SQL outside a constant", "f:1: SQL made at run time", "f:3: B is put together of parts"]
        );
    }

    #[test]
    fn sentences_are_not_sql() {
        for text in ["Select a model", "update the settings", "with love", "delete", "create a bot", "set the role"] {
            assert!(!is_sql(text), "{text}");
        }
        for text in
            ["select a from b ", "\n  WITH x AS (SELECT 1) SELECT", "SELECT count(*) FROM x", "SELECT set_config('a')"]
        {
            assert!(is_sql(text), "{text}");
        }
    }

    #[test]
    fn a_statement_without_its_tenant_is_found() {
        for bad in [
            "SELECT x FROM users WHERE user_id = $1",
            "SELECT x FROM users u JOIN jobs j ON j.id = u.id WHERE u.bot_instance_id = $1",
            "UPDATE jobs SET note = 'bot_instance_id' WHERE id = $1",
            "INSERT INTO users (user_id) SELECT $1 -- bot_instance_id",
            "SELECT 1 FROM other WHERE EXISTS (SELECT 1 FROM users)",
        ] {
            assert!(nameless(bad, &tables()).is_some(), "{bad}");
        }
        for fine in [
            "SELECT x FROM leases",
            "INSERT INTO users (bot_instance_id) VALUES ($1)",
            "SELECT 1 FROM users u JOIN jobs j ON j.bot_instance_id = u.bot_instance_id WHERE u.bot_instance_id = $1",
        ] {
            assert!(nameless(fine, &tables()).is_none(), "{fine}");
        }
    }

    #[test]
    fn too_many_pairs_and_half_pairs_are_found() {
        let statement = |name: &str| Statement {
            place: name.to_owned(),
            name: name.to_owned(),
            sql: "SELECT x FROM users".to_owned(),
        };
        let mut all: Vec<_> = (0..9).map(|n| statement(&format!("S{n}"))).collect();
        all.extend(["CLAIM_SQLITE", "CLAIM_POSTGRES"].map(statement));
        assert!(dialects(&all, &tables()).is_empty());
        all.extend(["LOCK_SQLITE", "LOCK_POSTGRES"].map(statement));
        assert_eq!(dialects(&all, &tables()).len(), 1);
        let half = [&all[..9], &[statement("HALF_SQLITE")]].concat();
        assert_eq!(dialects(&half, &tables()), ["HALF_SQLITE: has no HALF_POSTGRES"]);
        let mut lock = statement("HEAD_POSTGRES");
        lock.sql.push_str(" FOR UPDATE");
        assert!(dialects(&[&all[..9], &[lock]].concat(), &tables()).is_empty());
    }
}
