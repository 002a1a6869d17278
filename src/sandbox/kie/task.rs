//! A generation task of the fake provider and the account that pays for it.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::sandbox::wire::{TaskFault, TaskInfo};

/// Which API a task was made through: they differ in every field name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Family {
    /// The market's createTask.
    Jobs,
    /// Veo 3.1.
    Veo,
    /// Suno music.
    Suno,
    /// 4o Image.
    Gpt4oImage,
    /// Flux Kontext.
    FluxKontext,
    /// Runway.
    Runway,
}

impl Family {
    fn name(self) -> &'static str {
        match self {
            Self::Jobs => "jobs",
            Self::Veo => "veo",
            Self::Suno => "suno",
            Self::Gpt4oImage => "gpt4o-image",
            Self::FluxKontext => "flux-kontext",
            Self::Runway => "runway",
        }
    }
}

/// What a task makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// Text.
    Text,
}

impl Kind {
    /// By the words in a model's wire id.
    pub(crate) fn of_model(model: &str) -> Self {
        let any = |words: &[&str]| words.iter().any(|word| model.contains(word));
        if any(&["speech-to-text"]) {
            Self::Text
        } else if any(&[
            "-video",
            "video-",
            "sora",
            "kling",
            "wan/",
            "hailuo",
            "avatar",
            "infinitalk",
            "seedance",
            "veo",
        ]) {
            Self::Video
        } else if any(&["audio", "sound", "speech", "dialogue", "music", "suno"]) {
            Self::Audio
        } else {
            Self::Image
        }
    }

    /// What a task costs where no price is set, credits.
    pub(crate) fn usual_price(self) -> f64 {
        match self {
            Self::Image | Self::Text => 4.0,
            Self::Audio => 12.0,
            Self::Video => 60.0,
        }
    }
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum End {
    /// With results (which may be empty or rotten, by its fault).
    Success,
    /// `failCode`, `failMsg`.
    Fail(String, String),
}

/// A task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Task {
    pub id: String,
    pub family: Family,
    pub kind: Kind,
    pub model: String,
    pub key: String,
    /// The whole create body.
    pub request: Value,
    pub callback: Option<String>,
    /// Unix ms.
    pub created: i64,
    /// Unix ms at which it should end.
    pub due: i64,
    pub completed: Option<i64>,
    pub end: Option<End>,
    pub fault: TaskFault,
    pub outputs: u32,
    pub credits_milli: i64,
    #[serde(default)]
    pub polls: u32,
    #[serde(default)]
    pub callbacks: u32,
}

impl Task {
    /// The request's field, from `input` or from the top.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.request.get("input").and_then(|input| input.get(name)).or_else(|| self.request.get(name))
    }

    /// What the person asked for.
    pub(crate) fn prompt(&self) -> String {
        let text = ["prompt", "text"].iter().find_map(|name| self.field(name)?.as_str());
        text.unwrap_or(&self.model).to_owned()
    }

    /// How far it is, 0.0 to 1.0, by the clock.
    pub(crate) fn progress(&self, now: i64) -> f64 {
        if self.end.is_some() {
            return 1.0;
        }
        let whole = (self.due - self.created).max(1) as f64;
        ((now - self.created) as f64 / whole).clamp(0.0, 0.99)
    }

    /// The market's state word.
    pub(crate) fn state(&self, now: i64) -> &'static str {
        match &self.end {
            Some(End::Success) => "success",
            Some(End::Fail(..)) => "fail",
            None => match self.progress(now) {
                p if p < 0.15 => "waiting",
                p if p < 0.3 => "queuing",
                _ => "generating",
            },
        }
    }

    /// As tests see it.
    pub(crate) fn info(&self, now: i64) -> TaskInfo {
        TaskInfo {
            task_id: self.id.clone(),
            family: self.family.name().to_owned(),
            model: self.model.clone(),
            state: self.state(now).to_owned(),
            request: self.request.clone(),
            polls: self.polls,
            callbacks: self.callbacks,
            credits_milli: self.credits_milli,
        }
    }
}

/// One key's credits and recent requests.
#[derive(Debug, Default)]
pub(crate) struct Account {
    /// Thousandths of a credit.
    pub milli: i64,
    /// Moments of recent creates, Unix ms.
    pub creates: VecDeque<i64>,
    /// Moments of recent status requests.
    pub polls: VecDeque<i64>,
}

impl Account {
    /// With so many credits.
    pub(crate) fn with(credits: f64) -> Self {
        Self { milli: milli(credits), ..Self::default() }
    }

    /// Credits as KIE shows them.
    pub(crate) fn shown(&self) -> Value {
        if self.milli % 1_000 == 0 { json!(self.milli / 1_000) } else { json!(self.milli as f64 / 1_000.0) }
    }
}

/// Credits in thousandths.
pub(crate) fn milli(credits: f64) -> i64 {
    (credits * 1_000.0).round() as i64
}

/// Counts a request against `most` per `window_ms`; false if it is over.
pub(crate) fn admit(recent: &mut VecDeque<i64>, now: i64, most: usize, window_ms: i64) -> bool {
    while recent.front().is_some_and(|at| now - at >= window_ms) {
        recent.pop_front();
    }
    let free = recent.len() < most;
    if free {
        recent.push_back(now);
    }
    free
}

/// What a snapshot keeps of KIE.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub tasks: Vec<Task>,
    pub credits: BTreeMap<String, i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_read_off_the_models_name() {
        for (model, kind) in [
            ("z-image", Kind::Image),
            ("qwen/image-edit", Kind::Image),
            ("bytedance/seedream-v4-edit", Kind::Image),
            ("topaz/image-upscale", Kind::Image),
            ("kling/v2-1-standard", Kind::Video),
            ("wan/2-2-a14b-speech-to-video-turbo", Kind::Video),
            ("bytedance/v1-pro-fast-image-to-video", Kind::Video),
            ("infinitalk/from-audio", Kind::Video),
            ("elevenlabs/text-to-speech-turbo-2-5", Kind::Audio),
            ("elevenlabs/audio-isolation", Kind::Audio),
            ("elevenlabs/speech-to-text", Kind::Text),
        ] {
            assert_eq!(Kind::of_model(model), kind, "{model}");
        }
    }

    #[test]
    fn the_window_lets_twenty_through_and_opens_again() {
        let mut recent = VecDeque::new();
        assert!((0..20).all(|_| admit(&mut recent, 0, 20, 10_000)));
        assert!(!admit(&mut recent, 9_999, 20, 10_000));
        assert!(admit(&mut recent, 10_000, 20, 10_000));
    }
}
