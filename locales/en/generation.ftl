# A generation from confirm to result: S-16 … S-19, delivery (bot.md 10), history S-38.

## S-16: stages of the one progress message

stage-start = 🚀 Starting the generation
stage-queued = 📥 In the queue
stage-queued-place = 📥 In the queue, place: { $place }
stage-running = ⏳ Working on it ({ $elapsed })
stage-background = ⏳ Going on in the background — I'll send the result here
stage-delivering = 📤 Delivering the result
stage-done = ✅ Done
stage-ended = ⏹ The generation ended without a result
progress-model = 🤖 { $title }
progress-price = 💰 { $price }
progress-free = 🎁 Free
progress-id = 🧾 <code>{ $gid }</code>
btn-status = 📊 Status
btn-cancel-generation = ❌ Cancel it
btn-cancel-of = ❌ Cancel: { $title }
btn-status-of = 📊 { $title }
gen-canceled = ❌ Cancelled. You have not been charged.
gen-canceled-free = ❌ Cancelled. The service had already begun, so the free generation counts as used.
gen-finished = The generation is already finished.
gen-canceling = Cancelling…
cancel-limit = No more running generations can be cancelled today — please wait for the result.
launching = Starting a parallel request, try again in a couple of seconds.
dry-run = ✅ Test mode: the generation was simulated

## S-17 status

status-title = 📊 <b>Generation status</b>
status-model = 🤖 Model: { $title }
status-created = 🕒 Created: { $at }
status-elapsed = ⏱ Elapsed: { $elapsed }
status-stage = 📍 Stage: { $stage }
status-delivery = 📤 Delivery: { $delivery }
status-charge = 💰 Charge: { $charge }
status-none = Nothing is being generated now.
status-active = Running now:
status-line = • { $title } — { $stage }
status-last = Last one: { $title } — { $stage }

state-created = waiting to start
state-submitting = starting
state-queued = in the queue
state-orphan = in the queue
state-running = running
state-delivering = being delivered
state-delivered = delivered
state-delivered-late = delivered late, free of charge
state-undelivered = ready but not sent
state-failed = failed
state-canceled = cancelled
state-timed-out = no result in time

delivery-waiting = waiting for the result
delivery-sending = sending
delivery-done = sent
delivery-failed = could not be sent
charge-free = free
charge-admin = free, admin
charge-held = { $price } reserved, charged after delivery
charge-done = { $price } charged
charge-none = not charged

## S-18 after the result

result-done = ✅ { $title } · { $price } · Balance: { $available }
result-free = ✅ { $title } · free · Balance: { $available }
result-admin = ✅ { $title } · Admin: free
result-partial = Received { $k } of { $n }, charged { $amount }
result-partial-free = Received { $k } of { $n }, unused free ones are returned
result-unlimited = Without the limit — from { $price }
result-late = 🎁 The result came late — it is free.
btn-again = 🔄 Generate more
btn-repeat = 🔁 Repeat with the same parameters
btn-back-to-menu = ◀️ Back to the menu

## S-19 failure

failure-ids = 🧾 <code>{ $gid }</code> · Log: <code>{ $corr }</code>
input-unreadable = Could not read the file, upload another one.
bad-params-plain = check the values and try again.
btn-retry = 🔁 Try again
btn-redeliver = 📤 Get it again
btn-redeliver-price = 📤 Get the result — { $price }

## Delivery (bot.md 10)

caption = { $title }
caption-params = { $title } · { $params }
caption-param = { $label }: { $value }
file-too-large =
    ⚠️ The file is too large for Telegram
    <a href="{ $link }">Download the result</a> — the link works for { $time }.
result-text-title = 📝 { $title }:

## S-38 history

history-place = 📚 № { $i } of { $n }
history-price = 💰 { $price }
history-free = 🎁 Free
history-prompt = 📝 { $prompt }
history-results = Results: { $k }
history-state = Status: { $state }
history-first = ⚠️ This is the first generation
history-last = ⚠️ This is the last generation
history-sent = ⬆️ { $title }: the result was sent again.
btn-history-older = ◀️
btn-history-newer = ▶️
btn-show-result = 👁️ Show the result
btn-history-repeat = 🔁 Repeat
