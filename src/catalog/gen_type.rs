//! The 18 families of models (bot.md 1.3): what a person chooses first.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A group of gen types in the menu «Категории» (bot.md 4, `category:`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Pictures.
    Image,
    /// Videos.
    Video,
    /// Sounds.
    Audio,
    /// Special tools.
    Tools,
}

impl Category {
    /// All, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::Image, Self::Video, Self::Audio, Self::Tools];

    /// The payload of `category:`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Tools => "tools",
        }
    }

    /// Reads a payload, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.slug().eq_ignore_ascii_case(text))
    }

    /// The key of its title in the message files.
    pub fn text_key(self) -> String {
        format!("category-{}", self.slug())
    }

    /// Its gen types, in the order of bot.md 1.3.
    pub fn gen_types(self) -> impl Iterator<Item = GenType> {
        GenType::ALL.into_iter().filter(move |g| g.category() == self)
    }
}

/// Header codes in the order in which «Все модели» shows them (bot.md 5.1, S-06).
pub const HEADER_CODES: [&str; 15] = [
    "t2i",
    "i2i",
    "t2v",
    "i2v",
    "v2v",
    "tts",
    "stt",
    "sfx",
    "audio_isolation",
    "upscale",
    "bg_remove",
    "watermark_remove",
    "music",
    "lip_sync",
    "other",
];

macro_rules! gen_types {
    ($($(#[$doc:meta])* $name:ident, $slug:literal, [$($alias:literal),*], $code:literal, $category:ident;)*) => {
        /// A family of models.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum GenType {
            $($(#[$doc])* #[serde(rename = $slug)] $name,)*
        }

        impl GenType {
            /// All, in the order of bot.md 1.3.
            pub const ALL: [Self; 18] = [$(Self::$name),*];

            /// The payload of `gen_type:`, and the name in the catalog.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// The code of its header in the full list; several types may share one.
            pub const fn header_code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The category it is listed in.
            pub const fn category(self) -> Category {
                match self { $(Self::$name => Category::$category,)* }
            }

            /// Reads a slug or one of the names that are also accepted.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($slug $(| $alias)* => Some(Self::$name),)* _ => None }
            }
        }
    };
}

gen_types! {
    /// Text to picture.
    TextToImage, "text-to-image", ["t2i"], "t2i", Image;
    /// Picture to picture.
    ImageToImage, "image-to-image", ["i2i"], "i2i", Image;
    /// Editing of a picture.
    ImageEdit, "image-edit", ["image-editing"], "i2i", Image;
    /// Text to video.
    TextToVideo, "text-to-video", ["t2v"], "t2v", Video;
    /// Picture to video.
    ImageToVideo, "image-to-video", ["i2v"], "i2v", Video;
    /// Video to video.
    VideoToVideo, "video-to-video", ["video-editing", "video-edit"], "v2v", Video;
    /// Enlarging a video.
    VideoUpscale, "video-upscale", [], "upscale", Video;
    /// Speech and a picture to video.
    SpeechToVideo, "speech-to-video", [], "lip_sync", Video;
    /// A face that speaks a recording.
    LipSync, "lip-sync", ["lip_sync"], "lip_sync", Video;
    /// Enlarging a picture.
    Upscale, "upscale", ["image-upscale"], "upscale", Tools;
    /// Cutting a subject out.
    RemoveBackground, "remove-background", ["bg-remove"], "bg_remove", Tools;
    /// Widening a picture's frame.
    Outpaint, "outpaint", ["reframe"], "other", Tools;
    /// Removing a video's watermark.
    WatermarkRemoval, "watermark-removal", ["watermark-remove"], "watermark_remove", Tools;
    /// Speech to text.
    SpeechToText, "speech-to-text", ["stt"], "stt", Audio;
    /// Text to speech.
    TextToSpeech, "text-to-speech", ["tts"], "tts", Audio;
    /// Sound effects.
    SoundEffects, "sound-effects", ["sfx"], "sfx", Audio;
    /// Cleaning a recording.
    AudioIsolation, "audio-isolation", ["audio-to-audio"], "audio_isolation", Audio;
    /// Text to music.
    Music, "music", ["text-to-music"], "music", Audio;
}

impl GenType {
    /// The key of its title in the message files: `gen-type-text-to-image`.
    pub fn text_key(self) -> String {
        format!("gen-type-{}", self.slug())
    }

    /// Whether work of this type starts from a file: its models' first media parameter is then required, whatever the
    /// catalog says (bot.md 7.2, forced media).
    pub const fn starts_from_media(self) -> bool {
        !matches!(
            self,
            Self::TextToImage
                | Self::TextToVideo
                | Self::TextToSpeech
                | Self::SoundEffects
                | Self::Music
                | Self::WatermarkRemoval
        )
    }
}

impl fmt::Display for GenType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slug_and_every_other_name_leads_to_its_type() {
        for gen_type in GenType::ALL {
            assert_eq!(GenType::parse(gen_type.slug()), Some(gen_type));
            assert!(HEADER_CODES.contains(&gen_type.header_code()), "{gen_type}");
        }
        assert_eq!(GenType::parse("i2v"), Some(GenType::ImageToVideo));
        assert_eq!(GenType::parse("reframe"), Some(GenType::Outpaint));
        assert_eq!(GenType::parse("lip_sync"), Some(GenType::LipSync));
        for unknown in ["", "Text-To-Image", "t2x", "text-to-image "] {
            assert_eq!(GenType::parse(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn every_type_stands_in_exactly_one_category() {
        let listed: Vec<_> = Category::ALL.into_iter().flat_map(Category::gen_types).collect();
        assert_eq!(listed.len(), GenType::ALL.len());
        assert_eq!(Category::parse("TOOLS"), Some(Category::Tools));
        assert_eq!(Category::parse("other"), None);
    }
}
