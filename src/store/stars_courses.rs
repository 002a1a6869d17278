//! How far Telegram's list of a tenant's Stars was read (bot.md 11.4).

use super::rows::{maybe, row};
use super::{StoreError, TenantTx, on};
use crate::domain::UnixMs;

const STARS_COURSE_GET: &str = "SELECT settled, charges, whole_to, whole_since, whole_at, credited, strangers
     FROM stars_courses WHERE bot_instance_id = $1";
const STARS_COURSE_PUT: &str =
    "INSERT INTO stars_courses (bot_instance_id, settled, charges, whole_to, whole_since, whole_at,
       credited, strangers)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (bot_instance_id) DO UPDATE SET settled = excluded.settled,
       charges = excluded.charges, whole_to = excluded.whole_to, whole_since = excluded.whole_since,
       whole_at = excluded.whole_at, credited = excluded.credited, strangers = excluded.strangers";

row! {
    /// How far the list was read.
    pub struct StarsCourseRow of "stars_courses" by "settled" {
        /// Lines from the beginning that need no second look.
        pub settled: i64,
        /// Charges among these.
        pub charges: i64,
        /// Up to which line the reading of the whole list has come; `None`: none is going on.
        pub whole_to: Option<i64>,
        /// When that reading began.
        pub whole_since: UnixMs,
        /// When the last reading of the whole list that came to its end began.
        pub whole_at: UnixMs,
        /// Charges that the comparison that is going on has credited.
        pub credited: i64,
        /// Charges of people who are not known here, one a line.
        pub strangers: String,
    }
}

impl TenantTx {
    /// How far the list was read; `None` before the first time.
    pub async fn stars_course_get(&mut self) -> Result<Option<StarsCourseRow>, StoreError> {
        on!(self.tx, c => maybe(sqlx::query(STARS_COURSE_GET).bind(self.id.as_str()).fetch_optional(c).await))
    }

    /// Keeps how far the list was read.
    pub async fn stars_course_put(&mut self, course: &StarsCourseRow) -> Result<(), StoreError> {
        on!(self.tx, c => sqlx::query(STARS_COURSE_PUT).bind(self.id.as_str()).bind(course.settled)
            .bind(course.charges).bind(course.whole_to).bind(course.whole_since.0).bind(course.whole_at.0)
            .bind(course.credited).bind(&course.strangers).execute(c).await.map(|_| ()))?;
        Ok(())
    }
}
