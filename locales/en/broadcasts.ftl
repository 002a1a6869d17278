# S-49: one message to everybody (bot.md 14.7). For administrators.

broadcasts-title = 📢 <b>Broadcasts</b>
broadcasts-audience = It would reach { $n } { $n ->
        [one] person
       *[other] people
    } now.
broadcasts-none = No broadcasts yet.
broadcasts-line = No. { $number } · { $state } · { $sent } of { $n }
broadcasts-off = The platform's owner has switched broadcasts off for this bot.
btn-broadcast-create = ✉️ Create
btn-broadcast-stats = 📊 Statistics
btn-broadcast-item = No. { $number } · { $state }

broadcast-state-draft = draft
broadcast-state-gathering = being prepared
broadcast-state-running = being sent
broadcast-state-paused = paused
broadcast-state-stopped = stopped
broadcast-state-done = finished

## Composing

broadcast-ask =
    ✉️ Send one message that everybody will get: a text of up to 4096 characters, or a photo, video, GIF or file with a caption of up to 1024 characters.
    The formatting is kept. Commands work as usual.
broadcast-bad-album = An album can't be broadcast. Send one message.
broadcast-bad-kind = A message of this kind can't be broadcast.
broadcast-bad-caption = The caption is longer than 1024 characters: it has { $n }.
broadcast-preview =
    👆 This is what everybody will see.
    Recipients: { $n }, ≈ { $m } min
btn-broadcast-test = ✉️ Test to me
btn-broadcast-edit = ✏️ Change
btn-broadcast-confirm = 🚀 Send
broadcast-tested = Sent to you.
broadcast-finish-first = Finish the current broadcast first.
broadcast-nobody = There is nobody to send it to yet.
broadcast-not-now = The broadcast is { $state } now.
broadcast-draft-gone = The draft is closed. Create the broadcast anew.

## Sending

broadcast-head = 📢 <b>Broadcast No. { $number }</b> · { $state }
broadcast-gathering = Collecting recipients: { $n }
broadcast-planned = Begins at { $at }. Recipients now: { $n }
broadcast-progress = Sent { $sent } of { $n }, errors { $failed }, unreachable { $unreachable }
broadcast-paused-source = ⚠️ The composed message was deleted from the chat, there is nothing to copy. Stop the broadcast and create a new one.
broadcast-paused-token = ⚠️ Telegram does not accept the bot's token. Replace the token and resume.
broadcast-waits = ⏳ Telegram asks to wait until { $until }.
btn-broadcast-pause = ⏸
btn-broadcast-resume = ▶️
btn-broadcast-stop = ⏹
broadcast-done = ✅ Broadcast No. { $number } is finished: recipients { $n }, sent { $sent }, unreachable { $unreachable }, errors { $failed }, time { $time }.

## Figures

broadcast-stats-title = 📊 <b>Statistics of broadcasts</b>
broadcast-stats-line =
    <b>No. { $number }</b> · { $date } · { $state }
    Recipients { $n }, sent { $sent }, unreachable { $unreachable }, errors { $failed }, time { $time }
