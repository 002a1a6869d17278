//! What the ledger must answer, said another way than the store says it: the list of facts that took effect, and every answer
//! computed anew from that whole list. No stored balance, no index, no order of statements.

use std::collections::BTreeMap;

/// Something the ledger is told. People, generations, operations and tenants are small numbers: histories collide often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Credit { user: u8, operation: u8, amount: i64 },
    Hold { user: u8, generation: u8, k: u32, amount: i64 },
    Capture { hold: HoldName, generation: u8, amount: i64 },
    Release { hold: HoldName, generation: u8, k: u32 },
}

/// Which hold a capture or release names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HoldName {
    /// What a tenant was last answered to its k-th hold of a generation; possibly a hold that was rolled back.
    Placed { tenant: usize, generation: u8, k: u32 },
    /// The transfer of a credit: there is such a transfer, and it is no hold.
    Credit { operation: u8 },
    /// A transfer that nobody has.
    Unknown,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// It took effect now.
    Done,
    /// The same fact took effect before.
    Before,
    /// Too little to spend: what is there.
    Insufficient { available: i64, held: i64 },
    /// The hold was resolved before. Of a release this is also the answer to the same fact told again.
    Gone,
    /// Nonsense: the key of another request, a hold that is not there or not the generation's, an amount that does not fit.
    Refused,
}

/// Whose money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Party {
    User(u8),
    Sales,
    Adjust,
}

/// What identifies a business fact (bot.md 11.2).
#[derive(PartialEq, Eq)]
enum Key {
    Credit(u8),
    Hold(u8, u32),
    Capture(u8),
    Release(u8, u32),
}

impl Fact {
    fn key(self) -> Key {
        match self {
            Self::Credit { operation, .. } => Key::Credit(operation),
            Self::Hold { generation, k, .. } => Key::Hold(generation, k),
            Self::Capture { generation, .. } => Key::Capture(generation),
            Self::Release { generation, k, .. } => Key::Release(generation, k),
        }
    }

    fn resolves(self) -> Option<HoldName> {
        match self {
            Self::Capture { hold, .. } | Self::Release { hold, .. } => Some(hold),
            Self::Credit { .. } | Self::Hold { .. } => None,
        }
    }
}

/// One tenant's ledger.
#[derive(Debug, Clone)]
pub(super) struct Model {
    tenant: usize,
    happened: Vec<Fact>,
}

impl Model {
    pub(super) fn new(tenant: usize) -> Self {
        Self { tenant, happened: Vec::new() }
    }

    /// Tells a fact.
    pub(super) fn tell(&mut self, fact: Fact) -> Outcome {
        let outcome = self.answer(fact);
        if outcome == Outcome::Done {
            self.happened.push(fact);
        }
        outcome
    }

    fn answer(&self, fact: Fact) -> Outcome {
        if let Fact::Credit { amount, .. } | Fact::Hold { amount, .. } | Fact::Capture { amount, .. } = fact
            && amount <= 0
        {
            return Outcome::Refused;
        }
        // A resolution that fits no hold is refused whatever else is true of it.
        if let Some(name) = fact.resolves()
            && !self.fits(fact, name)
        {
            return Outcome::Refused;
        }
        let repeats = if matches!(fact, Fact::Release { .. }) { Outcome::Gone } else { Outcome::Before };
        match self.happened.iter().find(|earlier| earlier.key() == fact.key()) {
            Some(earlier) if *earlier == fact => return repeats,
            Some(_) => return Outcome::Refused,
            None => {}
        }
        match fact {
            Fact::Credit { .. } => Outcome::Done,
            Fact::Hold { user, amount, .. } => {
                let (posted, held) = self.of(Party::User(user));
                if amount <= posted - held {
                    Outcome::Done
                } else {
                    Outcome::Insufficient { available: posted - held, held }
                }
            }
            Fact::Capture { hold, .. } | Fact::Release { hold, .. } => {
                if self.is_resolved(hold) {
                    Outcome::Gone
                } else {
                    Outcome::Done
                }
            }
        }
    }

    /// Whether the hold named is this tenant's and this generation's, and is large enough.
    fn fits(&self, fact: Fact, name: HoldName) -> bool {
        let Some((_, held)) = self.hold(name) else { return false };
        let HoldName::Placed { generation: of, .. } = name else { return false };
        match fact {
            Fact::Capture { generation, amount, .. } => generation == of && amount <= held,
            Fact::Release { generation, .. } => generation == of,
            Fact::Credit { .. } | Fact::Hold { .. } => false,
        }
    }

    /// Whose money a hold of this tenant reserves, and how much.
    fn hold(&self, name: HoldName) -> Option<(u8, i64)> {
        let HoldName::Placed { tenant, generation, k } = name else { return None };
        if tenant != self.tenant {
            return None;
        }
        self.happened.iter().find_map(|fact| match *fact {
            Fact::Hold { user, generation: g, k: n, amount } if g == generation && n == k => Some((user, amount)),
            _ => None,
        })
    }

    fn is_resolved(&self, hold: HoldName) -> bool {
        self.happened.iter().any(|fact| fact.resolves() == Some(hold))
    }

    /// Whether a hold is there and neither captured nor released.
    pub(super) fn is_open(&self, hold: HoldName) -> bool {
        self.hold(hold).is_some() && !self.is_resolved(hold)
    }

    /// What a party has: posted and held.
    pub(super) fn of(&self, party: Party) -> (i64, i64) {
        self.balances().get(&party).copied().unwrap_or_default()
    }

    /// What everybody has: posted and held.
    fn balances(&self) -> BTreeMap<Party, (i64, i64)> {
        let mut all: BTreeMap<Party, (i64, i64)> = BTreeMap::new();
        for fact in &self.happened {
            match *fact {
                Fact::Credit { user, amount, .. } => {
                    all.entry(Party::User(user)).or_default().0 += amount;
                    all.entry(Party::Adjust).or_default().0 -= amount;
                }
                Fact::Hold { user, generation, k, amount } => {
                    if self.is_open(HoldName::Placed { tenant: self.tenant, generation, k }) {
                        all.entry(Party::User(user)).or_default().1 += amount;
                    }
                }
                Fact::Capture { hold, amount, .. } => {
                    let payer = self.hold(hold).map_or(Party::Adjust, |(user, _)| Party::User(user));
                    all.entry(payer).or_default().0 -= amount;
                    all.entry(Party::Sales).or_default().0 += amount;
                }
                Fact::Release { .. } => {}
            }
        }
        all
    }

    /// What stands in the book, sorted: what for, and how many kopecks.
    pub(super) fn book(&self) -> Vec<(&'static str, i64)> {
        let mut book: Vec<_> = self
            .happened
            .iter()
            .map(|fact| match *fact {
                Fact::Credit { amount, .. } => ("admin_credit", amount),
                Fact::Hold { amount, .. } => ("hold", amount),
                Fact::Capture { amount, .. } => ("capture", amount),
                Fact::Release { hold, .. } => ("release", self.hold(hold).map_or(0, |(_, amount)| amount)),
            })
            .collect();
        book.sort_unstable();
        book
    }
}

#[test]
fn the_model_answers_as_the_specification_tells() {
    let mut model = Model::new(0);
    let hold = HoldName::Placed { tenant: 0, generation: 1, k: 1 };
    let place = |amount| Fact::Hold { user: 7, generation: 1, k: 1, amount };
    let take = |amount| Fact::Capture { hold, generation: 1, amount };
    assert_eq!(model.tell(place(500)), Outcome::Insufficient { available: 0, held: 0 });
    assert_eq!(model.tell(Fact::Credit { user: 7, operation: 1, amount: 700 }), Outcome::Done);
    assert_eq!(model.tell(take(500)), Outcome::Refused, "there is no hold yet");
    assert_eq!(model.tell(place(500)), Outcome::Done);
    assert_eq!(model.tell(place(500)), Outcome::Before);
    assert_eq!(model.tell(place(499)), Outcome::Refused, "the key of another request");
    assert_eq!(model.of(Party::User(7)), (700, 500));
    assert_eq!(model.tell(take(501)), Outcome::Refused, "more than is held");
    assert_eq!(model.tell(take(300)), Outcome::Done);
    assert_eq!(model.tell(take(300)), Outcome::Before);
    assert_eq!(model.tell(Fact::Release { hold, generation: 1, k: 1 }), Outcome::Gone);
    assert_eq!(
        (model.of(Party::User(7)), model.of(Party::Sales), model.of(Party::Adjust)),
        ((400, 0), (300, 0), (-700, 0))
    );
    assert_eq!(model.book(), [("admin_credit", 700), ("capture", 300), ("hold", 500)]);
}
