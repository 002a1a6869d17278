//! Random histories from a seed: credits, holds, whole and partial captures, releases; facts told again, keys told with another
//! request, holds that are unknown, resolved, of another generation or of another tenant; transactions kept and given up.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::model::{Fact, HoldName};

/// How many tenants take part in a history; they share people, generations and keys.
pub(super) const TENANTS: usize = 2;
/// How many people.
pub(super) const USERS: u8 = 3;

/// How large a history is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Facts told.
    pub(super) facts: usize,
    /// Facts in one transaction, at most.
    pub(super) together: usize,
    /// Different generations, and different operations.
    pub(super) names: u8,
}

/// Facts told in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) tenant: usize,
    pub(super) facts: Vec<Fact>,
    /// Whether the transaction commits.
    pub(super) kept: bool,
}

/// The history of a seed.
pub(super) fn history(seed: u64, shape: Shape) -> Vec<Step> {
    let mut dice = Dice { rng: StdRng::seed_from_u64(seed), shape, told: Vec::new() };
    let mut steps = Vec::new();
    let mut left = shape.facts;
    while left > 0 {
        let count = dice.rng.random_range(1..=shape.together).min(left);
        let tenant = usize::from(dice.one_in(4));
        let facts = (0..count).map(|_| dice.fact(tenant)).collect();
        steps.push(Step { tenant, facts, kept: !dice.one_in(8) });
        left -= count;
    }
    steps
}

struct Dice {
    rng: StdRng,
    shape: Shape,
    told: Vec<(usize, Fact)>,
}

impl Dice {
    fn one_in(&mut self, n: u32) -> bool {
        self.rng.random_range(0..n) == 0
    }

    fn fact(&mut self, tenant: usize) -> Fact {
        let fact = match (self.rng.random_range(0..20), self.earlier(tenant)) {
            (0..4, Some(earlier)) => earlier,
            (4..6, Some(earlier)) => self.twist(earlier),
            _ => self.new_fact(tenant),
        };
        self.told.push((tenant, fact));
        fact
    }

    /// A fact that was told before: mostly to this tenant, at times to another.
    fn earlier(&mut self, tenant: usize) -> Option<Fact> {
        let anywhere = self.one_in(10);
        let told: Vec<Fact> =
            self.told.iter().filter(|(of, _)| anywhere || *of == tenant).map(|(_, fact)| *fact).collect();
        if told.is_empty() { None } else { Some(told[self.rng.random_range(0..told.len())]) }
    }

    /// The same key with another request.
    fn twist(&mut self, fact: Fact) -> Fact {
        let other_user = |user: u8| (user + 1) % USERS;
        let more = self.rng.random_range(-50..=50);
        match fact {
            Fact::Credit { user, operation, amount } if self.one_in(2) => {
                Fact::Credit { user: other_user(user), operation, amount }
            }
            Fact::Credit { user, operation, amount } => Fact::Credit { user, operation, amount: amount + more },
            Fact::Hold { user, generation, k, amount } if self.one_in(2) => {
                Fact::Hold { user: other_user(user), generation, k, amount }
            }
            Fact::Hold { user, generation, k, amount } => Fact::Hold { user, generation, k, amount: amount + more },
            Fact::Capture { hold, generation, amount } => Fact::Capture { hold, generation, amount: amount + more },
            Fact::Release { hold: HoldName::Placed { tenant, generation, k }, k: key, .. } => {
                let hold = HoldName::Placed { tenant, generation, k: 3 - k };
                Fact::Release { hold, generation, k: key }
            }
            Fact::Release { generation, k, .. } => Fact::Release { hold: HoldName::Unknown, generation, k },
        }
    }

    fn new_fact(&mut self, tenant: usize) -> Fact {
        let user = self.rng.random_range(0..USERS);
        // Nothing can be held, and nothing resolved, before there is money.
        let poor = !self.told.iter().any(|(of, fact)| *of == tenant && matches!(fact, Fact::Credit { .. }));
        match self.rng.random_range(0..20) {
            n if n < 4 || poor => {
                let operation = self.rng.random_range(0..self.shape.names);
                Fact::Credit { user, operation, amount: self.amount(2000) }
            }
            4..10 => {
                let generation = self.rng.random_range(0..self.shape.names);
                let k = if self.one_in(4) { 2 } else { 1 };
                Fact::Hold { user, generation, k, amount: self.amount(400) }
            }
            n => self.resolution(tenant, n < 15),
        }
    }

    fn amount(&mut self, most: i64) -> i64 {
        if self.one_in(30) { self.rng.random_range(-most..=0) } else { self.rng.random_range(1..=most) }
    }

    /// A capture or release, mostly of a hold that was asked for in this tenant.
    fn resolution(&mut self, tenant: usize, capture: bool) -> Fact {
        let holds: Vec<(u8, u32, i64)> = self
            .told
            .iter()
            .filter_map(|told| match *told {
                (of, Fact::Hold { generation, k, amount, .. }) if of == tenant => Some((generation, k, amount)),
                _ => None,
            })
            .collect();
        let random = (self.rng.random_range(0..self.shape.names), 1, 100);
        let pick = self.rng.random_range(0..holds.len().max(1));
        let (generation, k, most) = holds.get(pick).copied().unwrap_or(random);
        let other = (generation + 1) % self.shape.names;
        let ours = HoldName::Placed { tenant, generation, k };
        let (hold, generation) = match self.rng.random_range(0..20) {
            0 => (HoldName::Unknown, generation),
            1 => (HoldName::Credit { operation: self.rng.random_range(0..self.shape.names) }, generation),
            2 => (HoldName::Placed { tenant: (tenant + 1) % TENANTS, generation, k }, generation),
            3 => (ours, other),
            _ => (ours, generation),
        };
        if !capture {
            return Fact::Release { hold, generation, k };
        }
        let amount = match self.rng.random_range(0..10) {
            0 => most + self.rng.random_range(1..=10),
            1..4 => self.rng.random_range(1..=most.max(1)),
            _ => most,
        };
        Fact::Capture { hold, generation, amount }
    }
}

#[test]
fn a_seed_tells_one_history() {
    let shape = Shape { facts: 60, together: 3, names: 12 };
    assert_eq!(history(7, shape), history(7, shape));
    assert_ne!(history(7, shape), history(8, shape));
    assert_eq!(history(7, shape).iter().map(|step| step.facts.len()).sum::<usize>(), 60);
}
