# Words that many screens share: navigation, counts, durations.

# Stands in for a text that is missing by a mistake of ours; no key is ever shown.
neutral = ⚠️ Something went wrong. Open the menu: /start

## Navigation

btn-back = ◀️ Back
btn-back-short = ◀️
btn-home = 🏠 Main menu
btn-cancel = ❌ Cancel
btn-confirm = ✅ Confirm
btn-next = ▶️ Next
btn-continue = ▶️ Continue
btn-refresh = 🔄 Refresh
btn-support = 🆘 Support
btn-page = { $page } / { $pages }
btn-page-prev = ◀️
btn-page-next = ▶️

## Counts

count-images = { $n } { $n ->
        [one] image
       *[other] images
    }
count-videos = { $n } { $n ->
        [one] video
       *[other] videos
    }

## Time

ago-now = just now
ago-minutes = { $n } { $n ->
        [one] minute
       *[other] minutes
    } ago
ago-hours = { $n } { $n ->
        [one] hour
       *[other] hours
    } ago
ago-days = { $n } { $n ->
        [one] day
       *[other] days
    } ago

# How long something lasts.
span-seconds = { $n } { $n ->
        [one] second
       *[other] seconds
    }
span-minutes = { $n } { $n ->
        [one] minute
       *[other] minutes
    }
span-hours = { $n } { $n ->
        [one] hour
       *[other] hours
    }
span-days = { $n } { $n ->
        [one] day
       *[other] days
    }
size-mb = { $n } MB
size-kb = { $n } KB
eta-image = 30 s
eta-text = 30 s
eta-video = 1–3 min
eta-audio = 10–30 s

## Units in which per-unit prices are said: «0.94 ₽ per second» (bot.md 7.4)

unit-second = per second
unit-minute = per minute
unit-1000-chars = per 1000 characters

## Kinds of media: what a model takes and gives

kind-image = image
kind-images = images
kind-video = video
kind-audio = audio
kind-text = text
kind-link = link
