//! `botyard corr`: the whole story behind the id that a person was shown.

use super::failure::Failure;
use super::out::Out;
use super::tenant;
use crate::app;
use crate::config::Settings;
use crate::diagnostics::trace::trace;
use crate::domain::{BotInstanceId, Corr, Language};
use crate::texts::Texts;

pub(crate) const HELP: &str = "\
Every update has an id of twelve letters and digits, which people see when something went wrong and which stands in every log
line. This tells what happened under it: the update, decisions, jobs, the provider's task, money, messages, errors. Nothing that
a person wrote is in it.

Examples:
  botyard corr 0123456789AB --tenant my-bot
  botyard corr 0123456789AB --tenant my-bot --json | jq -r '.steps[].kind'

Exit codes:
  0  told
  1  no such bot, or nothing happened there under this id
  2  no id, or a wrong setting or argument";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The id, in any case
    #[arg(value_name = "ID", value_parser = corr)]
    corr: Corr,
    /// Whose story
    #[arg(long, value_name = "ID", value_parser = tenant::id)]
    tenant: BotInstanceId,
    /// JSON for programs
    #[arg(long)]
    json: bool,
}

fn corr(text: &str) -> Result<Corr, String> {
    Corr::parse(&text.trim().to_uppercase()).ok_or_else(|| "an id has 12 letters and digits".to_owned())
}

pub(crate) async fn run(settings: &Settings, args: &Args, out: &Out) -> Result<(), Failure> {
    let ground = app::ground(settings).await?;
    let found = tenant::find(&ground.db, &args.tenant).await?;
    let story = trace(&mut ground.db.tenant_read(&found.row.tenant).await?, &args.corr).await?;
    ground.db.close().await;
    if story.steps.is_empty() {
        return Err(Failure::Work(format!("nothing happened in {} under {}", args.tenant, args.corr)));
    }
    let texts = Texts::embedded()?;
    let words = texts.words(Language::En);
    if args.json {
        return out.json(&story.as_json(words));
    }
    let rows: Vec<Vec<String>> = story
        .steps
        .iter()
        .map(|step| {
            let what = words.plain(&step.said.key, step.said.values.clone());
            vec![step.at.timestamp().to_string(), step.kind.as_str().to_owned(), what]
        })
        .collect();
    out.table(&["WHEN", "WHAT", "WHAT HAPPENED"], &rows, "");
    Ok(())
}
