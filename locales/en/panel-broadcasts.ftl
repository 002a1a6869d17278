# The panel's broadcasts (bot.md 14.7): composing, looking, confirming, following.

panel-broadcasts = Broadcasts
panel-broadcasts-audience = Would reach now: { $n }
panel-broadcasts-lead = One message to everybody who pressed /start. Write it here or in the bot: /admin → Settings → Broadcast. The bot sends it to you first.
panel-broadcasts-none = No broadcasts yet. Press “New broadcast”: nobody gets anything before you confirm.
panel-broadcast-number = Broadcast no. { $n }
panel-broadcast-draft = Draft of a broadcast
panel-broadcast-drafts = Drafts
panel-broadcast-state-planned = planned
panel-broadcast-sent = Sent
panel-broadcast-unreachable = Unreachable
panel-broadcast-failed = Failed
panel-broadcast-begins = Begins
panel-broadcast-pause = Hold
panel-broadcast-resume = Go on
panel-broadcast-stop = Stop for good
panel-broadcast-stop-hint = Who has not got the message will not get it any more. It cannot go on.

## Composing

panel-broadcast-new = New broadcast
panel-broadcast-new-lead = Write the message. At first only you get it: the bot sends it to you in Telegram, and you see it as everybody will.
panel-broadcast-text = Message
panel-broadcast-marks = Up to 4096 characters, with a picture up to 1024. How to make words bold and more is written below.
panel-broadcast-marks-more = All formatting
panel-broadcast-mark-bold = Bold
panel-broadcast-mark-italic = Italic
panel-broadcast-mark-under = Underlined
panel-broadcast-mark-struck = Struck through
panel-broadcast-mark-code = Monospace
panel-broadcast-mark-quote = Quotation
panel-broadcast-mark-spoiler = Hidden
panel-broadcast-mark-link = Link
panel-broadcast-picture = Picture (if you like)
panel-broadcast-picture-hint = JPEG, PNG or WebP up to 10 MB. Videos, GIFs and files are sent from the bot.
panel-broadcast-keeps = The present picture stays unless you choose another one.
panel-broadcast-without = Take the picture away
panel-broadcast-keep = Send it to me to check
panel-broadcast-bad-empty = The message is empty: write a text or choose a picture.
panel-broadcast-bad-long = Too long: { $n } characters, { $most } are possible. Shorten the text.
panel-broadcast-bad-mark = The mark “{ $tag }” is not closed, or closed in another order: each needs its closing one.
panel-broadcast-bad-link = A link begins with https://, http:// or tg:// and has no spaces.
panel-broadcast-no-room = The bot's storage is full: there is no room for a new picture. Send the text without it, or ask the platform's owner for more storage.
panel-broadcast-bad-picture = Telegram will not take this picture. Choose a JPEG, PNG or WebP up to 10 MB, not too narrow and not too large.

## A draft and what becomes of it

panel-broadcast-preview = What everybody sees
panel-broadcast-picture-alt = The broadcast's picture
panel-broadcast-in-chat = The message was composed in the bot; you can see it there.
panel-broadcast-edit = Change
panel-broadcast-test = Send it to me again
panel-broadcast-way = Sending
panel-broadcast-gets = Get it
panel-broadcast-takes = Takes
panel-broadcast-minutes = ≈ { $n } min
panel-broadcast-travels = The bot is sending you the message. If it has not come within a minute, open the bot, press /start and compose the broadcast again.
panel-broadcast-start-hint = The message is in your Telegram: look at it. Then send it to everybody. What was sent cannot be taken back.
panel-broadcast-start = Send to everybody: { $n }
panel-broadcast-plan = Send later
panel-broadcast-at = When to begin
panel-broadcast-at-hint = At most 30 days ahead. No other broadcast can begin before that. The bot's time zone:
panel-broadcast-plan-do = Plan it
panel-broadcast-drop = Remove the draft
panel-broadcast-drop-hint = The draft goes away. The message in your chat stays.

panel-done-broadcast-kept = The draft is ready and the bot has sent it to you. Look at it and confirm.
panel-done-broadcast-tested = The bot has sent you the message again.
panel-done-broadcast-started = The broadcast has begun.
panel-done-broadcast-planned = The broadcast is planned.
panel-done-broadcast-dropped = The draft is removed.
panel-done-broadcast-paused = The broadcast is held.
panel-done-broadcast-running = The broadcast goes on.
panel-done-broadcast-stopped = The broadcast is stopped.
panel-problem-broadcast-late = The broadcast is in another state already.
panel-problem-broadcast-off = The platform's owner has switched broadcasts off for this bot. Write to them if you need them.
panel-problem-broadcast-no-chat = Sign in by a link from the bot first (/panel): the draft comes to your chat with the bot.
panel-problem-broadcast-travels = The message has not reached you yet. Wait a little.
panel-problem-broadcast-nobody = There is nobody to send it to yet: nobody has started the bot. Share its link.
panel-problem-broadcast-busy = Finish or stop the broadcast that is under way first.
panel-problem-broadcast-moment = This moment does not fit: choose one in the future, at most 30 days ahead.
