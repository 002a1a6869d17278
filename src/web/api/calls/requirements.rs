//! What a bot needs: the same list as in the panel, the admin's menu and `/__diag/requirements`.

use crate::bot::requirements::due;
use crate::diagnostics::requirements::{Requirement, nothing_blocks};
use crate::domain::Language;
use crate::texts::Words;
use crate::web::api::door::{Ask, Reply};
use crate::web::api::problem::Problem;
use crate::web::api::shape::{At, dto};

dto! {
    /// Something that is due.
    out RequirementOut {
        /// Its stable name.
        code: String,
        /// blocking: the bot cannot go live without it; warning: something does not work or does not earn.
        severity: String,
        /// Until when; null: no day is set.
        deadline: Option<At>,
        /// What is wrong or missing, in English.
        what: String,
        /// What to do about it.
        how_to_fix: String,
        /// Where it is mended: a path of the panel.
        link: String,
    }
}

dto! {
    /// What a bot needs.
    out RequirementsOut {
        /// Whether nothing keeps it from going live.
        can_go_live: bool,
        /// What is due now, what blocks first.
        requirements: Vec<RequirementOut>,
    }
}

fn shown(requirement: &Requirement, words: Words<'_>) -> RequirementOut {
    RequirementOut {
        code: requirement.code.to_owned(),
        severity: requirement.severity.as_str().to_owned(),
        deadline: requirement.deadline.map(At),
        what: words.plain(&requirement.what.key, requirement.what.values.clone()),
        how_to_fix: words.get(&requirement.fix_key()),
        link: requirement.link.clone(),
    }
}

/// What is due now.
pub(in crate::web::api) async fn get(ask: &Ask) -> Result<Reply, Problem> {
    let platform = &*ask.state.platform;
    let found = due(&platform.db, &platform.settings, platform.catalog, ask.tenant()?, ask.now).await?;
    let words = platform.texts.words(Language::En);
    Reply::ok(&RequirementsOut {
        can_go_live: nothing_blocks(&found),
        requirements: found.iter().map(|requirement| shown(requirement, words)).collect(),
    })
}
