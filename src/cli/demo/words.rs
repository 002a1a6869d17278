//! What the demo says when it is up.

use super::cast::{self, Part, Player, STAGES, Stage};
use super::doors::OWNER;
use super::folder::Folder;
use super::ports::Ports;
use crate::sandbox::wire::PageLink;

/// The addresses, line by line.
pub(super) fn lines(ports: Ports, folder: &Folder) -> Vec<String> {
    let mut lines = vec![
        "Botyard demo: two bots of two partners on one platform; nothing leaves this machine.".to_owned(),
        String::new(),
        format!("Chats   {}/", ports.sandbox_url()),
    ];
    for stage in &STAGES {
        lines.push(format!("  {}: {}", stage.name, stage.told));
        for player in &stage.players {
            lines.push(format!("    {:<24}{}", role(player), chat(ports, stage, player)));
        }
    }
    lines.push(String::new());
    lines.push("Panel, signed in (one press of a button)".to_owned());
    for stage in &STAGES {
        lines.push(format!("    {:<24}{}", stage.name, door(ports, stage.tenant)));
    }
    lines.push(format!("    {:<24}{}", "owner of the platform", door(ports, OWNER)));
    lines.push(String::new());
    lines.push(format!(
        "Bots and panel listen at {}, metrics at http://127.0.0.1:{}/metrics",
        ports.main_url(),
        ports.admin
    ));
    lines.push(format!("Data: {} (there again next time; --fresh begins anew)", folder.shown()));
    lines.push("Ctrl-C stops it.".to_owned());
    lines
}

/// Links at the top of the chat page.
pub(super) fn page_links(ports: Ports) -> Vec<PageLink> {
    let link = |label: &str, url: String| PageLink { label: label.to_owned(), url };
    let mut links: Vec<PageLink> =
        STAGES.iter().map(|s| link(&format!("Panel: {}", s.name), door(ports, s.tenant))).collect();
    links.push(link("Panel: all bots", door(ports, OWNER)));
    links
}

fn role(player: &Player) -> String {
    match player.part {
        Part::New => format!("{}, new", player.name),
        Part::Funded => format!("{}, has {}", player.name, cast::FUNDS),
        Part::Owner => format!("{}, its admin", player.name),
    }
}

fn chat(ports: Ports, stage: &Stage, player: &Player) -> String {
    let language = if stage.language == "ru" { "" } else { "&lang=en" };
    format!("{}/?bot={}&user={}{language}", ports.sandbox_url(), stage.username, player.id)
}

fn door(ports: Ports, whose: &str) -> String {
    format!("{}/panel/{whose}", ports.doors_url())
}
