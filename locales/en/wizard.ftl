# The wizard: S-11 step, S-12 option's price, S-13 parameters, S-14 confirmation, S-15 not enough.

## S-11: the step

step-title = 📝 <b>Step { $i }/{ $n }: { $label }</b>
step-edit-title = ✏️ <b>{ $label }</b>
step-ask-text = ✍️ Write it as a message.
step-ask-number = 🔢 Write a number.
step-ask-choice = 👇 Choose with a button.
step-ask-link = 🔗 Send a link like { $prefix }…
step-ask-image = 🖼 Send an image as a photo or a file, up to { $mb } MB.
step-ask-images = 🖼 Send images as photos, files or an album, up to { $mb } MB each, at most { $max }.
step-ask-audio = 🎤 Send audio as a voice message or a file, up to { $mb } MB.
step-ask-video = 🎬 Send a video up to { $mb } MB.
step-ask-more-images = Upload an image. You can add { $n } more.
step-formats = 📎 Formats: { $formats }
step-length = 📏 { $min } to { $max } characters
step-max-length = 📏 Up to { $max } characters
step-range = 📏 From { $min } to { $max }
step-range-step = 📏 From { $min } to { $max }, in steps of { $step }
step-count = 📎 Uploaded: { $k } of { $max }
step-audio-limit = ⏱ Audio up to { $n } { $n ->
        [one] second
       *[other] seconds
    }
step-optional = You can skip this step.
step-fetching = ⏳ Loading the file…

price-line = 💰 Price: { $price }
price-line-from = 💰 Price: from { $price }
price-line-unit = 💰 Price: { $price } { $unit }
price-line-unit-total = 💰 Price: { $price } ({ $rate } { $unit })
price-line-free = 💰 Price: 🎁 0 ₽
price-line-free-units = 💰 Price: 🎁 { $n } { $n ->
        [one] free generation
       *[other] free generations
    }
price-line-admin = 💰 Price: 0 ₽

btn-value = { $value } — { $price }
btn-value-default = ⭐ { $value } — { $price }
btn-skip = ⏭️ Skip (auto)
btn-default = ⏭️ Default: { $value }
btn-add-image = ➕ Add another
btn-images-done = ✅ Done ({ $k })
btn-skip-media = ⏭️ Skip
btn-replace-audio = 🎤 Send other audio
btn-replace-video = 🎬 Send another video
btn-replace-image = 🖼 Send another image
value-yes = ✅ Yes
value-no = ❌ No
value-default = default

## What can be wrong with an input (bot.md 7.3)

file-too-big = The file is larger than { $mb } MB. Telegram bots can receive files up to 20 MB.
file-as-photo = Please send the image as a photo.
file-bad-format = ❌ This format does not fit. These do: { $formats }.
file-no-duration = Could not tell the duration, send the file as a video.
file-no-duration-audio = Could not tell the duration. Send the recording as a voice message or an MP3 file.
file-not-fetched = Could not download the file, please send it again.
audio-too-long = Audio up to { $n } { $n ->
        [one] second
       *[other] seconds
    }
voice-unsupported = Voice messages are not supported yet — please write it as text.
number-step = ❌ Numbers from { $min } to { $max } in steps of { $step } fit.
fill-param = Fill in: { $param }

## S-12 option's price

option-price =
    This option: { $label } = { $value }
    Before: { $before }
    After: { $after }
btn-option-back = ↩️ Back
btn-to-params = ⚙️ To parameters

## S-13 parameters

params-title = ⚙️ <b>Parameters: { $title }</b>
params-hint = Tap a line to change its value.
btn-param-set = ✅ { $label }: { $value }
btn-param-unset = ⚪ { $label }: { $value }
btn-show-price = ✅ Confirm and show the price
param-file = file
param-files = { $n } { $n ->
        [one] file
       *[other] files
    }

## S-14 confirmation

confirm-title = 🧾 <b>Check your order</b>
confirm-model = 🤖 { $title }
confirm-prompt = 📝 { $prompt }
confirm-params = ⚙️ { $params }
confirm-param = { $label }: { $value }
confirm-inputs = 📎 { $inputs }
confirm-output = 📤 { $output }
confirm-eta = ⏱ { $eta }
confirm-price = 💰 Price: { $price }
confirm-balance = Balance: { $available } → { $after }
confirm-balance-short = ❌ Not enough money: { $available } available
confirm-free =
    🎁 FREE GENERATION!
    Free ones left after it: { $n }/{ $total }
confirm-free-bank =
    🎁 FREE GENERATION!
    Free ones left after it: { $left }/{ $total }, of the bonus: { $n }
confirm-free-from-bank =
    🎁 FREE GENERATION!
    Bonus ones left after it: { $n }
price-changed = The price has changed: it was { $before }, now it is { $after }
quote-renewed = ⌛ Some time has passed, so the order was priced again. Check it and confirm.
btn-confirm-generate = ✅ Generate
btn-params = ⚙️ Parameters

## S-15 not enough

btn-topup-missing = 💳 Top up by { $amount }
btn-topup-other = 💳 Another amount
