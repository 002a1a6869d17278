//! The ledger, proved: random histories against an independent model, races, what the database itself refuses, planted faults
//! that the `violations` query must name, and transactions cut off at every point (reliability.md 3.1, T06, T07, F13, F15).

mod amounts;
mod constraints;
mod cuts;
mod free;
mod generate;
mod histories;
mod late_receipts;
mod model;
mod planted;
mod preflight;
mod races;
mod raw;
mod receipts;
mod sabotage;
mod statement;
mod topups;
mod verify;
