//! Redis for tests: a numbered database of the private server for each test.
//!
//! Never `FLUSHALL`: other tests live on the same server. `FLUSHDB` does the same to one test's world.

use redis::AsyncCommands as _;
use url::Url;

use super::env;

/// The server of `./test` has 8,192 databases; number 0 hands out the others.
const NUMBERS: i64 = 8_191;

/// An empty Redis database that no other test sees.
pub(crate) struct TestRedis {
    /// What `REDIS_URL` would be.
    pub(crate) url: String,
}

impl TestRedis {
    /// A database, or `None` after saying that a test is skipped.
    pub(crate) async fn open() -> Option<Self> {
        let server = env::read_or_skip(env::REDIS)?;
        let taken: i64 = connect(&server).await.incr("botyard-test:next-database", 1).await.unwrap();
        let mut url = Url::parse(&server).expect("BOTYARD_TEST_REDIS is redis://host:port");
        url.set_path(&format!("/{}", 1 + taken % NUMBERS));
        let redis = Self { url: url.into() };
        redis.flush().await;
        Some(redis)
    }

    /// Forgets everything, as a restarted Redis does.
    pub(crate) async fn flush(&self) {
        let () = redis::cmd("FLUSHDB").query_async(&mut self.connect().await).await.unwrap();
    }

    /// Every key, sorted: for tests of what is written for which tenant.
    pub(crate) async fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.connect().await.keys("*").await.unwrap();
        keys.sort();
        keys
    }

    /// A connection of the test's own.
    pub(crate) async fn connect(&self) -> redis::aio::MultiplexedConnection {
        connect(&self.url).await
    }
}

async fn connect(url: &str) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(url).unwrap();
    client.get_multiplexed_async_connection().await.expect("BOTYARD_TEST_REDIS answers")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_tests_do_not_see_each_others_keys() {
        let (Some(one), Some(other)) = (TestRedis::open().await, TestRedis::open().await) else { return };
        let () = one.connect().await.set("a", 1).await.unwrap();
        assert_eq!(one.keys().await, ["a"]);
        assert!(other.keys().await.is_empty());
        one.flush().await;
        assert!(one.keys().await.is_empty());
    }
}
