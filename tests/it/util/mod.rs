//! What the tests share: the servers that `./test` starts, a database for each test, a browser.

pub(crate) mod env;
