# What is on sale: gen types, lists, the model's card, S-03 … S-10 and S-27.

## Gen types (bot.md 1.3): title and one sentence

gen-type-text-to-image = ✨ Text to image
gen-type-text-to-image-desc = Describe a picture in words and I'll draw it from scratch.
gen-type-image-to-image = 🎨 Image to image
gen-type-image-to-image-desc = Send a photo and say what to turn it into: another style, look or background.
gen-type-image-edit = 🖼️ Photo editing
gen-type-image-edit-desc = I change only what you ask for: an object, a sign, clothes, the background.
gen-type-text-to-video = 🎬 Text to video
gen-type-text-to-video-desc = Describe a scene and I'll shoot a short clip of it.
gen-type-image-to-video = 📸 Image to video
gen-type-image-to-video-desc = I'll bring your photo to life: movement, expressions, camera flight.
gen-type-video-to-video = ✂️ Video to video
gen-type-video-to-video-desc = I'll carry the movements of your video over to another character or replace the one in the frame.
gen-type-video-upscale = 📈 Video enhancement
gen-type-video-upscale-desc = I'll raise the resolution and sharpness of your video.
gen-type-speech-to-video = 🎙️ Speech to video
gen-type-speech-to-video-desc = From a photo and a voice I'll make a clip in which the person speaks and moves.
gen-type-lip-sync = 👄 Lip sync
gen-type-lip-sync-desc = A portrait will speak with your voice: lips and expressions match the sound.
gen-type-upscale = ⬆️ Photo enhancement
gen-type-upscale-desc = I'll enlarge a photo and bring back its sharpness and detail.
gen-type-remove-background = ✂️ Background removal
gen-type-remove-background-desc = I'll cut out the object or person neatly and leave a transparent background.
gen-type-outpaint = 🪟 Frame extension
gen-type-outpaint-desc = I'll draw the picture on beyond its edges to the format you need.
gen-type-watermark-removal = 💧 Watermark removal
gen-type-watermark-removal-desc = I'll remove the watermark from a video by its link.
gen-type-speech-to-text = 📝 Speech to text
gen-type-speech-to-text-desc = I'll transcribe a recording into ready text.
gen-type-text-to-speech = 🗣️ Text to speech
gen-type-text-to-speech-desc = I'll read your text aloud in a lively voice.
gen-type-sound-effects = 🔔 Sound effects
gen-type-sound-effects-desc = Describe a sound and I'll create it: steps, rain, doors, space.
gen-type-audio-isolation = 🎧 Audio cleaning
gen-type-audio-isolation-desc = I'll separate the voice from noise and music.
gen-type-music = 🎵 Text to music
gen-type-music-desc = I'll compose a song or a melody from a description.

## S-03 models, S-04 categories

models-title = 🤖 Choose what to create:
generate-start = 🚀 Let's generate!
btn-free-left = 🆓 FAST TOOLS { $left }/{ $total }
btn-special-tools = 🧰 Special tools
btn-all-models = 📋 All models
btn-all-models-menu = 🤖 All models
categories-title = Choose a category:
category-image = 🖼 Images
category-video = 🎬 Video
category-audio = 🎧 Audio
category-tools = 🛠 Tools
category-screen = <b>{ $title }</b>

## S-05 gen type

models-of-title = <b>{ $title }</b>
models-of-description = 📝 { $description }
models-of-free = 🎁 FREE: { $left }
models-of-count = 🤖 Available models ({ $n }):
btn-model = { $title } • { $price }
btn-edit-photo = 🖼️ Photo editing ({ $n })
price-from = from { $price }
price-gift = 🎁
price-gift-zero = 🎁 0 ₽
price-gift-units = 🎁 × { $n }
price-zero = 0 ₽
price-unit = { $price } { $unit }

## S-06 full list and its headers, S-07 special tools

models-all =
    🤖 All models ({ $n })
    Prices in roubles
header-t2i = ✨ Text to image
header-i2i = 🎨 Image to image and editing
header-t2v = 🎬 Text to video
header-i2v = 📸 Image to video
header-v2v = ✂️ Video to video
header-tts = 🗣️ Text to speech
header-stt = 📝 Speech to text
header-sfx = 🔔 Sound effects
header-audio-isolation = 🎧 Audio cleaning
header-upscale = ⬆️ Quality enhancement
header-bg-remove = ✂️ Background removal
header-watermark-remove = 💧 Watermark removal
header-music = 🎵 Text to music
header-lip-sync = 👄 Speech and lips
header-other = 🧰 Other
special-title = 🧰 Special tools

## S-08 card

card-title = 🪪 <b>{ $title }</b>
card-type = Type: { $type }
card-input = 📥 Input: { $required }
card-output = 📤 Output: { $output }
card-price = 💰 from { $price }
card-price-unit = 💰 from { $price } { $unit }
avail-free = 🎁 Free: { $left } of { $total }
avail-bank = 🎟 Bonus generations: { $n }
avail-count = ✅ Enough for { $n } { $n ->
        [one] generation
       *[other] generations
    }
avail-none = ❌ Not enough funds
btn-generate = 🚀 Generate
btn-modes = 💰 Options and prices ({ $n })
btn-example = 📸 Example
btn-info = ℹ️ Info
btn-all-special = 🧰 All special tools
btn-back-to-models = 🔙 Back to models

## S-09 modes, S-10 info and example

modes-title = 💰 Options: { $title }
btn-mode = { $values } — { $price }
mode-plain = Standard
mode-changed = This option has changed, choose again
info-title = ℹ️ <b>{ $title }</b>
info-required = • { $label } — required
info-default = • { $label } — { $default } by default
info-optional = • { $label } — optional
info-limits = { $line }, { $limits }
info-prices = 💰 Options and prices:
info-price = • { $values } — { $price }
limit-length = { $min } to { $max } characters
limit-max-length = up to { $max } characters
limit-range = { $min } to { $max }
limit-items = up to { $max }
limit-size = up to { $mb } MB
limit-values = choices: { $values }
example-title = 📸 Sample prompts for <b>{ $title }</b>. Tap a text to copy it:
example-none = There is no example yet.

## Sample prompts of the gen types

example-text-to-image-1 = A ginger cat in an astronaut helmet looks at the Earth through a porthole, soft light, photorealistic
example-text-to-image-2 = A cosy corner café on a rainy evening, a neon sign, reflections in puddles, watercolour
example-text-to-image-3 = A minimalist bakery logo: an ear of wheat and the sun, flat style, white background
example-image-to-image-1 = Turn the photo into an anime frame, keep the face and the pose
example-image-to-image-2 = The same person in a business suit, studio portrait, grey background
example-image-to-image-3 = Make an impressionist oil painting out of the photo
example-image-edit-1 = Remove the people in the background, leave everything else as it is
example-image-edit-2 = Replace the background with a seashore at sunset
example-image-edit-3 = Write “Open” on the sign in the same font
example-text-to-video-1 = A drone flies over a misty mountain forest at dawn, cinematic
example-text-to-video-2 = A drop of coffee falls slowly into a cup, macro shot, slow motion
example-text-to-video-3 = A robot waiter carries a cake through a neon café, the camera follows it
example-image-to-video-1 = The person smiles and turns their head, a light breeze in the hair
example-image-to-video-2 = The camera moves in smoothly, clouds drift, the water sparkles
example-image-to-video-3 = The object turns slowly on a stand, studio light
example-video-to-video-1 = The character repeats the movements of the video, the background stays
example-speech-to-video-1 = A presenter speaks to the camera and gestures, a bright studio
example-lip-sync-1 = The person talks calmly, looks into the camera, a slight smile
example-outpaint-1 = Continue the landscape to both sides, the same light and style
example-text-to-speech-1 = Welcome! Today I'll show you how to make a postcard in a minute.
example-sound-effects-1 = Steps in the snow, a creaking door, a crackling fireplace
example-music-1 = A warm acoustic song about the way home, guitar and a female voice

## S-27 free tools

free-title = 🆓 FAST TOOLS
free-resets = 🔄 The limit renews once a day.
free-none = ℹ️ There are no free models now.
btn-free-model = { $title } — { $price }
btn-free-model-axes = { $title } { $axes } — { $price }

## Values of price variants without their labels

axis-seconds = { $n } s
axis-sound-on = with sound
axis-sound-off = no sound
