//! What the tests share: the servers that `./test` starts, a database for each test, a browser.

pub(crate) mod app;
pub(crate) mod browser;
pub(crate) mod db;
pub(crate) mod env;
pub(crate) mod gate;
pub(crate) mod postgres;
pub(crate) mod receipts;
pub(crate) mod redis;
pub(crate) mod rows;
pub(crate) mod s3;
pub(crate) mod sqlite;
