//! The background work of generations as data: what a job is called, where it waits, what keeps it single. Workers read a
//! payload with [`Job::parse`] and call the function of the same name in this module's siblings.

use serde::{Deserialize, Serialize};

use crate::domain::{GenerationId, Lane};

/// One piece of work for one generation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Hands it to the provider: `submit::submit`.
    Submit {
        /// Which.
        generation: GenerationId,
    },
    /// Asks how it goes, fetches results: `watch::watch`.
    Watch {
        /// Which.
        generation: GenerationId,
    },
    /// Brings the results that are not sent yet; each confirmation goes to `settle::delivered`, the last failure to
    /// `settle::undelivered`.
    Deliver {
        /// Which.
        generation: GenerationId,
    },
    /// Tells its person what happened, by the state and cause that the row has then.
    Tell {
        /// Which.
        generation: GenerationId,
        /// What.
        news: News,
    },
}

/// What a person is told in a message of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    /// It ended without a result: S-19 by the row's cause.
    Ended,
    /// It takes long: `late_notice`, once.
    Late,
}

impl News {
    const fn word(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Late => "late",
        }
    }
}

/// A text that is no job of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a job of a generation")]
pub struct BadJob;

impl Job {
    /// The kinds, as stored.
    pub const KINDS: [&'static str; 4] =
        ["generation_submit", "generation_watch", "generation_deliver", "generation_tell"];

    /// The kind, as stored.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Submit { .. } => Self::KINDS[0],
            Self::Watch { .. } => Self::KINDS[1],
            Self::Deliver { .. } => Self::KINDS[2],
            Self::Tell { .. } => Self::KINDS[3],
        }
    }

    /// Whose work it is.
    pub const fn generation(&self) -> &GenerationId {
        match self {
            Self::Submit { generation }
            | Self::Watch { generation }
            | Self::Deliver { generation }
            | Self::Tell { generation, .. } => generation,
        }
    }

    /// Where it waits.
    pub const fn lane(&self) -> Lane {
        match self {
            Self::Submit { .. } => Lane::Submit,
            Self::Watch { .. } => Lane::Watch,
            Self::Deliver { .. } | Self::Tell { .. } => Lane::Deliver,
        }
    }

    /// At most one open job has this key.
    pub fn dedupe_key(&self) -> String {
        let gid = self.generation().short();
        match self {
            Self::Submit { .. } => format!("submit:{gid}"),
            Self::Watch { .. } => format!("watch:{gid}"),
            Self::Deliver { .. } => format!("deliver:{gid}"),
            Self::Tell { news, .. } => format!("tell:{gid}:{}", news.word()),
        }
    }

    /// Claims before the job is dead. Each look at the provider is a claim, so watching has many; its own limits end it.
    pub const fn max_attempts(&self) -> i64 {
        match self {
            Self::Submit { .. } | Self::Watch { .. } => 1_000,
            Self::Deliver { .. } | Self::Tell { .. } => 8,
        }
    }

    /// The payload. Ids only: no word of a person.
    pub fn payload(&self) -> String {
        // Ids and unit variants always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a payload.
    pub fn parse(payload: &str) -> Result<Self, BadJob> {
        serde_json::from_str(payload).map_err(|_| BadJob)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_read_back_and_says_nothing_but_ids() {
        let id = GenerationId::from_short("abcdefghijkl").unwrap();
        let jobs = [
            Job::Submit { generation: id.clone() },
            Job::Watch { generation: id.clone() },
            Job::Deliver { generation: id.clone() },
            Job::Tell { generation: id.clone(), news: News::Late },
        ];
        for (job, kind) in jobs.iter().zip(Job::KINDS) {
            assert_eq!(Job::parse(&job.payload()).as_ref(), Ok(job));
            assert_eq!(job.kind(), kind);
        }
        assert_eq!(jobs[0].payload(), r#"{"job":"submit","generation":"gen_abcdefghijkl"}"#);
        assert_eq!(jobs[3].dedupe_key(), "tell:abcdefghijkl:late");
        assert_eq!(Job::parse("{}"), Err(BadJob));
    }
}
