//! Updates that wait for delivery: numbered per bot, in queues as the real server keeps them.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What must keep its order. Queues are independent of each other: a person's message and their button press may
/// arrive in parallel (facts/telegram.md 1, "Ordering").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Queue {
    /// Messages of a chat.
    Chat(i64),
    /// Button presses of a person.
    Callback(i64),
    /// Pre-checkout queries of a person.
    Checkout(i64),
    /// Blocking and unblocking by a person.
    Membership(i64),
    /// Whatever else concerns the bot.
    Other,
}

/// One waiting update.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub queue: Queue,
    /// Unix ms after which it is dropped undelivered.
    pub dies_at: i64,
    pub json: Value,
}

/// All waiting updates of a bot.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Updates {
    next: i64,
    pending: BTreeMap<i64, Pending>,
    /// `None` = Telegram's default set.
    pub allowed: Option<Vec<String>>,
    #[serde(skip)]
    queues: HashMap<Queue, VecDeque<i64>>,
    /// Queues that a delivery task works on.
    #[serde(skip)]
    running: HashSet<Queue>,
}

const OFF_BY_DEFAULT: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

impl Updates {
    /// Starts numbering at `first`.
    pub(crate) fn starting_at(first: i64) -> Self {
        Self { next: first, ..Self::default() }
    }

    /// Whether updates of this kind are wanted.
    pub(crate) fn wants(&self, kind: &str) -> bool {
        match &self.allowed {
            Some(kinds) => kinds.iter().any(|k| k == kind),
            None => !OFF_BY_DEFAULT.contains(&kind),
        }
    }

    /// Adds an update; `None` if its kind is not wanted. The oldest leave over `cap`.
    pub(crate) fn push(&mut self, kind: &str, body: Value, queue: Queue, now: i64, cap: usize) -> Option<i64> {
        if !self.wants(kind) {
            return None;
        }
        let id = self.take_id();
        let life = if matches!(queue, Queue::Callback(_) | Queue::Checkout(_)) { 150_000 } else { DAY_MS };
        let mut json = json!({"update_id": id});
        json[kind] = body;
        self.add(id, Pending { queue, dies_at: now.saturating_add(life), json });
        if self.pending.len() > cap
            && let Some((&oldest, _)) = self.pending.iter().next()
        {
            self.remove(oldest);
        }
        Some(id)
    }

    /// Adds an update word for word, with its own `update_id` if it has one (tests repeat updates this way).
    pub(crate) fn push_raw(&mut self, mut json: Value, queue: Queue, now: i64) -> i64 {
        let id = json.get("update_id").and_then(Value::as_i64).unwrap_or_else(|| self.take_id());
        json["update_id"] = Value::from(id);
        self.next = self.next.max(id + 1);
        self.add(id, Pending { queue, dies_at: now + DAY_MS, json });
        id
    }

    fn take_id(&mut self) -> i64 {
        self.next += 1;
        self.next - 1
    }

    fn add(&mut self, id: i64, update: Pending) {
        self.queues.entry(update.queue).or_default().push_back(id);
        self.pending.insert(id, update);
    }

    /// Takes an update out.
    pub(crate) fn remove(&mut self, id: i64) {
        let Some(update) = self.pending.remove(&id) else {
            return;
        };
        if let Some(queue) = self.queues.get_mut(&update.queue) {
            queue.retain(|waiting| *waiting != id);
            if queue.is_empty() {
                self.queues.remove(&update.queue);
            }
        }
    }

    /// Forgets everything that waits.
    pub(crate) fn clear(&mut self) {
        self.pending.clear();
        self.queues.clear();
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    /// Confirms as `getUpdates` does: a positive offset forgets everything below it, a negative one all but the last.
    pub(crate) fn confirm(&mut self, offset: i64) {
        let keep_from = if offset >= 0 {
            offset
        } else {
            let back = usize::try_from(-offset).unwrap_or(usize::MAX);
            let skip = self.pending.len().saturating_sub(back);
            self.pending.keys().nth(skip).copied().unwrap_or(i64::MAX)
        };
        let gone: Vec<i64> = self.pending.range(..keep_from).map(|(id, _)| *id).collect();
        for id in gone {
            self.remove(id);
        }
    }

    /// The first `limit` updates that still live.
    pub(crate) fn first(&mut self, limit: usize, now: i64) -> Vec<Value> {
        let dead: Vec<i64> = self.pending.iter().filter(|(_, u)| u.dies_at < now).map(|(id, _)| *id).collect();
        for id in dead {
            self.remove(id);
        }
        self.pending.values().take(limit).map(|update| update.json.clone()).collect()
    }

    /// The head of a queue that still lives.
    pub(crate) fn head(&mut self, queue: Queue, now: i64) -> Option<(i64, Value)> {
        loop {
            let id = *self.queues.get(&queue)?.front()?;
            match self.pending.get(&id) {
                Some(update) if update.dies_at >= now => return Some((id, update.json.clone())),
                _ => self.drop_head(queue, id),
            }
        }
    }

    fn drop_head(&mut self, queue: Queue, id: i64) {
        self.pending.remove(&id);
        if let Some(ids) = self.queues.get_mut(&queue) {
            ids.pop_front();
            if ids.is_empty() {
                self.queues.remove(&queue);
            }
        }
    }

    /// Claims a queue for a delivery task; false if one works on it already.
    pub(crate) fn claim(&mut self, queue: Queue) -> bool {
        self.running.insert(queue)
    }

    /// Gives a queue back.
    pub(crate) fn release(&mut self, queue: Queue) {
        self.running.remove(&queue);
    }

    /// Takes every queue from its task: the webhook changed.
    pub(crate) fn release_all(&mut self) {
        self.running.clear();
    }

    /// Claims every queue that has something, whoever worked on it before.
    pub(crate) fn claim_all(&mut self) -> Vec<Queue> {
        self.running = self.queues.keys().copied().collect();
        self.running.iter().copied().collect()
    }

    /// Rebuilds the queues of a restored world.
    pub(crate) fn restored(&mut self) {
        self.queues.clear();
        for (id, update) in &self.pending {
            self.queues.entry(update.queue).or_default().push_back(*id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_confirm_from_below_and_negative_ones_from_the_end() {
        let mut updates = Updates::starting_at(100);
        for n in 0..5 {
            updates.push("message", json!(n), Queue::Chat(1), 0, 1_000);
        }
        updates.confirm(102);
        assert_eq!(updates.len(), 3);
        updates.confirm(-1);
        assert_eq!(updates.first(10, 0), vec![json!({"update_id": 104, "message": 4})]);
    }

    #[test]
    fn a_kind_that_is_not_allowed_takes_no_number() {
        let mut updates = Updates::starting_at(1);
        updates.allowed = Some(vec!["callback_query".to_owned()]);
        assert_eq!(updates.push("message", json!(1), Queue::Chat(1), 0, 10), None);
        assert_eq!(updates.push("callback_query", json!(1), Queue::Callback(1), 0, 10), Some(1));
    }

    #[test]
    fn a_press_dies_after_150_seconds_and_a_message_after_a_day() {
        let mut updates = Updates::starting_at(1);
        updates.push("callback_query", json!(1), Queue::Callback(1), 0, 10);
        updates.push("message", json!(1), Queue::Chat(1), 0, 10);
        assert!(updates.head(Queue::Callback(1), 150_001).is_none());
        assert!(updates.head(Queue::Chat(1), 150_001).is_some());
        assert!(updates.head(Queue::Chat(1), DAY_MS + 1).is_none());
        assert_eq!(updates.len(), 0);
    }
}
