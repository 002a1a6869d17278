//! Buttons of the tutorial and of the quick actions (bot.md 4, S-36 and S-47).

/// A ready-made wish: what one wants to make, before one knows of models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scenario {
    /// A picture for a post.
    Post,
    /// A vertical video.
    Vertical,
    /// A video's cover.
    Cover,
    /// A logo.
    Logo,
    /// A short clip from a picture.
    Clip,
}

impl Scenario {
    /// All of them, in the menu's order.
    pub const ALL: [Self; 5] = [Self::Post, Self::Vertical, Self::Cover, Self::Logo, Self::Clip];

    /// As buttons and keys of texts spell it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Vertical => "vertical",
            Self::Cover => "cover",
            Self::Logo => "logo",
            Self::Clip => "clip",
        }
    }

    fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scenario| scenario.id() == id)
    }
}

/// The last page of the tutorial; the first is 1.
pub const LAST_PAGE: u8 = 4;

/// A pressed button of the guide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuidePress {
    /// The tutorial's first words.
    Start,
    /// Its page, from 1 to [`LAST_PAGE`].
    Step(u8),
    /// Its end.
    Complete,
    /// The quick actions.
    Quick,
    /// One of them.
    Action(Scenario),
    /// Sample prompts for one of them.
    Examples(Scenario),
}

impl GuidePress {
    /// Reads a button's data; `None` when it is no button of the guide. A page that there is not is the first one, a
    /// scenario that there is not is the menu of them.
    pub fn parse(data: &str) -> Option<Self> {
        if let Some(page) = data.strip_prefix("tutorial_step") {
            let page = page.strip_prefix(':').unwrap_or(page);
            return Some(Self::Step(page.parse().ok().filter(|n| (1..=LAST_PAGE).contains(n)).unwrap_or(1)));
        }
        Some(match data {
            "tutorial_start" => Self::Start,
            "tutorial_complete" => Self::Complete,
            _ => {
                let rest = data.strip_prefix("quick:")?;
                let scenario = |way: &str| rest.strip_prefix(way).and_then(Scenario::parse);
                scenario("action:")
                    .map(Self::Action)
                    .or_else(|| scenario("examples:").map(Self::Examples))
                    .unwrap_or(Self::Quick)
            }
        })
    }

    /// The data that [`GuidePress::parse`] reads back.
    pub fn data(&self) -> String {
        match self {
            Self::Start => "tutorial_start".to_owned(),
            Self::Step(page) => format!("tutorial_step{page}"),
            Self::Complete => "tutorial_complete".to_owned(),
            Self::Quick => "quick:menu".to_owned(),
            Self::Action(scenario) => format!("quick:action:{}", scenario.id()),
            Self::Examples(scenario) => format!("quick:examples:{}", scenario.id()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_button_reads_back_as_itself() {
        let fixed = [GuidePress::Start, GuidePress::Complete, GuidePress::Quick];
        let pages = (1..=LAST_PAGE).map(GuidePress::Step);
        let wishes = Scenario::ALL.into_iter().flat_map(|s| [GuidePress::Action(s), GuidePress::Examples(s)]);
        for press in fixed.into_iter().chain(pages).chain(wishes) {
            assert_eq!(GuidePress::parse(&press.data()), Some(press));
        }
    }

    #[test]
    fn what_does_not_exist_leads_to_the_beginning() {
        for data in ["tutorial_step", "tutorial_step0", "tutorial_step5", "tutorial_step:9", "tutorial_step:x"] {
            assert_eq!(GuidePress::parse(data), Some(GuidePress::Step(1)), "{data}");
        }
        assert_eq!(GuidePress::parse("tutorial_step:3"), Some(GuidePress::Step(3)));
        for data in ["quick:", "quick:action:", "quick:action:nothing", "quick:examples:x", "quick:else"] {
            assert_eq!(GuidePress::parse(data), Some(GuidePress::Quick), "{data}");
        }
        assert_eq!(GuidePress::parse("quick"), None);
        assert_eq!(GuidePress::parse("tutorial"), None);
    }
}
