//! What Redis does in one step. Time is Redis's own, so that replicas with different clocks agree; numbers go back into keys
//! through `%.0f`, because Lua would write microseconds in scientific notation.

use std::sync::LazyLock;

use redis::Script;

/// Keys: lock, fence. Arguments: owner, ttl in ms. Gives the fencing number, or nil when somebody holds the lock. The number
/// follows the clock, so it also grows across a loss of all data.
pub(super) static ACQUIRE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return nil end
         local time = redis.call('TIME')
         local last = tonumber(redis.call('GET', KEYS[2]) or '0')
         local fence = math.max(time[1] * 1000000 + time[2], last + 1)
         redis.call('SET', KEYS[2], string.format('%.0f', fence), 'PX', 86400000)
         return fence",
    )
});

/// Keys: lock. Arguments: owner, ttl in ms. Gives 1 if the lock was still the owner's.
pub(super) static RENEW: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
         return redis.call('PEXPIRE', KEYS[1], ARGV[2])",
    )
});

/// Keys: lock. Arguments: owner. Gives 1 if the lock was still the owner's.
pub(super) static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
         return redis.call('DEL', KEYS[1])",
    )
});

/// Keys: once. Arguments: ttl in ms. Gives 1 for the first.
pub(super) static ONCE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('SET', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 1 end
         return 0",
    )
});

/// Keys: budgets. Arguments: for each its cost and span in microseconds (see `Budget`). Takes from all and gives 0, or from none
/// and gives the microseconds to wait.
pub(super) static TAKE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000000 + time[2]
         local wait, full = 0, {}
         for i, key in ipairs(KEYS) do
           full[i] = math.max(tonumber(redis.call('GET', key) or '0'), now) + ARGV[2 * i - 1]
           wait = math.max(wait, full[i] - now - ARGV[2 * i])
         end
         if wait > 0 then return wait end
         for i, key in ipairs(KEYS) do
           redis.call('SET', key, string.format('%.0f', full[i]), 'PX', math.ceil((full[i] - now) / 1000))
         end
         return 0",
    )
});

/// Keys: budget. Arguments: microseconds from now at which the bucket is full at the earliest.
pub(super) static PAUSE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         local now = time[1] * 1000000 + time[2]
         local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now + ARGV[1])
         redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
         return 0",
    )
});
