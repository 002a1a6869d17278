# The admin's menu in Telegram: S-40 … S-44, credits by hand, blocking, roles, letters (bot.md 5.5, 14).

btn-admin-back = 🔙 Admin menu
btn-admin-open = 🛠 Admin menu

## S-40

admin-title = 🛠 <b>Admin panel</b> · { $at }
admin-people = 👥 <b>Users:</b> { $total }
admin-people-new = New: today { $day } · 7 days { $week }
admin-people-active = Active: today { $day } · 7 days { $week } · 30 days { $month }
admin-people-apart = Unreachable: { $lost } · blocked: { $blocked }
admin-generations = 🎨 <b>Generations:</b> { $total } · today { $day }
admin-generations-ends = Today: delivered { $delivered } · failed { $failed } · cancelled { $canceled } · timed out { $late }
admin-success = Success: { $p } %
admin-running = At work: { $n } · not delivered: { $waiting }
admin-oldest = The oldest at work: { $ago }
admin-top = Most used in 7 days:
admin-top-model = { $n }. { $title } — { $count }
admin-money = 💰 <b>Money</b>
admin-topups = Top-ups: { $total } (SBP { $sbp } · Stars { $stars })
admin-topups-by-day = today { $day } · 7 days { $week } · 30 days { $month }
admin-captured = Charged: today { $day } · 7 days { $week } · 30 days { $month }
admin-held = On hold: { $held } · on balances: { $balances }
admin-given = Credited by hand in 30 days: { $manual } · gifts: { $gifts } (not revenue)
admin-payers = Payers: { $payers } ({ $p } %) · average payment: { $average }
admin-review = ⏳ To review: { $n }
admin-review-oldest = The oldest to review: { $ago }
admin-free-used = 🎁 Free ones used today: { $n } · saved up by all: { $bank }
admin-invited = 🤝 Invited in 7 days: { $invited } · of them have made something: { $activated }
admin-promos = 🎟 Promo codes used in 7 days: { $n }
admin-provider = 🔌 Generation resource: { $credits } credits ≈ { $roubles } · { $ago }
admin-provider-unknown = 🔌 Generation resource: temporarily unavailable
admin-provider-shared = 🔌 Generation resource: the platform's shared key
btn-admin-refresh = 📊 Refresh
btn-admin-generations = 📚 Generations
btn-admin-payments = 💳 Payments
btn-admin-queue = ⏳ To review ({ $n })
btn-admin-search = 🔍 Search
btn-admin-people = 👥 Users
btn-admin-knowledge = 📝 Add knowledge
btn-admin-settings = ⚙️ Settings
btn-admin-user-mode = 👁 User mode
btn-admin-info = 🧭 Diagnostics
btn-admin-errors = 🧾 Errors
btn-admin-preflight = 💳 Preflight
admin-usage = Usage: /admin, /admin &lt;user_id&gt;, /admin corr &lt;id&gt;, /admin last_errors, /admin preflight, /admin info
admin-bad-user-id = ❌ That is not a user_id. Use a number.
admin-people-list = 👥 Users: { $n }
admin-search-ask = 🔍 Whom or what to find? Send a numeric id, an @name, or words to look up in the knowledge base.
param-search = an id, an @name or words

## S-43

user-card-title = 👤 <b>User</b> <code>{ $id }</code>
user-card-username = @{ $name }
user-card-name = Name: { $name }
user-card-owner = 🛡 Owner of the bot
user-card-admin = 🛡 Admin
user-card-language = Language: { $language }
user-card-seen = Since { $since } · last seen { $last }
user-card-whole = 💼 Balance: { $balance }
user-card-balance = 💰 Available: { $available } · on hold: { $held }
user-card-debt = ⚠️ Debt: { $debt }
user-card-paid = 💳 Paid in total: { $sum } · payments: { $n }
user-card-generations = 🎨 Generations: { $n }
user-card-quota = 🎁 Free today: { $left } of { $total }
user-card-bank = 🎟 Bonus generations: { $n }
user-card-blocked = 🚫 Blocked since { $at }
user-card-not-blocked = ✅ Not blocked
user-card-unreachable = 📵 The bot cannot write to them
user-card-credits = Last credits:
user-card-credit = • { $kind }: +{ $amount }, { $at }
credit-admin-credit = by hand
credit-topup-sbp = SBP
credit-topup-stars = Telegram Stars
credit-gift = gift
credit-promo = promo code
credit-promo-bonus = promo code bonus
btn-user-credit = ➕ Credit
btn-user-write = ✉️ Write
btn-user-block = 🚫 Block
btn-user-unblock = ✅ Unblock
btn-user-card = 👤 User
user-blocked-done = ✅ User { $id } is blocked.
user-unblocked-done = ✅ User { $id } is unblocked.
block-admin = ❌ An admin cannot be blocked.

## Credits by hand (14.4)

credit-ask-amount = ➕ How much to credit to user <code>{ $id }</code>? Roubles from 0.01 to 100 000, for example 150.
credit-bad-amount = ❌ An amount from 0.01 to 100 000 ₽ with at most two decimals is needed.
credit-ask-reason = ✍️ Why credit { $amount } to user <code>{ $id }</code>? 3 to 200 characters, kept in the log.
credit-bad-reason = ❌ A reason has 3 to 200 characters.
credit-confirm = Credit { $amount } to user { $id }? Reason: { $reason }
credit-done = ✅ Credited { $amount } to user { $id }.
credit-done-before = Already done.
credit-told = 💳 An administrator credited { $amount } to you.

## Roles

add-admin-not-started = This user has not started the bot yet.
add-admin-already = User { $id } is an admin already.
add-admin-full = ❌ A bot has at most { $n } admins.
add-admin-blocked = ❌ This user is blocked. Unblock them first.
add-admin-done = ✅ User { $id } is an admin now.
add-admin-told = 🛡 You are an administrator of this bot now. The commands are in your menu, begin with /admin.
admin-managed = ❌ The settings and admins of this bot are set by the installation's file. Change them there.

## S-41

gallery-user = 👤 <code>{ $id }</code>
gallery-hidden = hidden
gallery-hidden-alert = Hidden by the privacy setting.
btn-gallery-newer = ◀️
btn-gallery-older = ▶️
btn-gallery-view = 👁️ Result

## S-44

settings-title = ⚙️ <b>Settings</b>
settings-commands = Commands: /payments, /block_user, /unblock_user, /user_balance, /add_admin, /add, /selftest, /config_check, /panel
settings-support = 🆘 Support: { $support }
settings-methods = 💳 Telegram Stars: { $stars } · SBP: { $sbp }
settings-rate = 💱 1 USD = { $rate } ₽
settings-hide = 🙈 Hide prompts: { $state }
settings-rate-ask = 💱 How many roubles are in a dollar? A number from 1 to 1000 with up to four decimals, for example 78.57.
settings-rate-bad = ❌ A number from 1 to 1000 with at most four decimals is needed.
settings-done = ✅ Saved, in effect within five seconds.
switch-on = on
switch-off = off
btn-settings-rate = 💱 Rate
btn-settings-hide = 🙈 Hide prompts: { $state }
btn-settings-check = 🧩 Configuration check
btn-settings-broadcast = 📢 Broadcast
btn-settings-promo = 🎁 Promo codes
btn-settings-panel = 🖥 Panel

## Letters to people and their answers

letter = ✉️ <b>Message from an administrator</b>

    { $text }
letter-ask = ✉️ What to write to user <code>{ $id }</code>? It comes from the bot, their answer comes back to you.
letter-sent = ✅ The message to user { $id } is sent.
letter-unreachable = The user has closed the bot and cannot be written to.
letter-reply-ask = ↩️ Write your answer as one message — the administrator will get it.
letter-reply-sent = ✅ Your answer was passed to the administrator.
letter-answer = ↩️ <b>Answer of user</b> <code>{ $id }</code> ({ $name })

    { $text }
btn-letter-reply = ↩️ Answer
param-message = a message

## /admin corr, /admin last_errors

errors-title = 🧾 <b>Last errors</b>
errors-none = ✅ No errors were recorded.
errors-line = <code>{ $corr }</code> { $stage }/{ $handler } { $class } @ { $at }
error-title = 🧭 <b>Error by corr-id</b>
error-none = ❌ There is no record with this corr-id.
error-id = 🧾 <code>{ $corr }</code>
error-stage = Where: { $stage }/{ $handler }
error-class = Class: { $class }
error-at = When: { $at }
error-hint = 💡 { $hint }
hint-fix-db-away = The database did not answer. See that it runs and can be reached; the bot goes on by itself.
hint-fix-db-busy = The database was busy. A single case passes; when it repeats, look at the load.
hint-fix-data = A stored record did not fit. Give this number to whoever runs the platform.
hint-fix-vault = A sealed value did not open. Check the installation's master key.
hint-fix-slow = Handling took too long. When it repeats, look at the load and the way to the database.
hint-fix-other = Try again. When the error comes back, give this number to whoever runs the platform.

## The kill switch

admin-generation-off = ⏸ Whoever runs the platform has stopped new generations in this bot. Those under way will be finished.
admin-generation-off-why = ⏸ Whoever runs the platform has stopped new generations in this bot. Reason: { $reason }. Those under way will be finished.
admin-generation-on = ▶️ Generations in this bot work again.

# Partners' own webhooks.
hook-disabled = ⚠️ The webhook { $host } takes no events any more, so we switched it off. Mend the address and switch the webhook on again: panel (/panel) → “Settings” → “Webhooks”.

## A credit by hand that a second admin must approve

btn-admin-credits = ⚖️ Credits waiting ({ $n })
btn-second-yes = ✅ Approve
btn-second-no = ❌ Decline
btn-second-user = 👤 User
second-title = ⚖️ <b>A credit waits for a second admin</b>
second-asker = Asked by: { $who }
second-user = For: <code>{ $id }</code> { $name }
second-amount = Amount: { $amount }
second-reason = Reason: { $reason }
second-first = ☝️ { $who } approved, one more admin is needed
second-own = Another admin must approve
second-until = ⏳ Waits until { $at }, then it is cancelled by itself
second-approved = ✅ Approved by { $who }, the money is credited
second-declined = ❌ Declined by { $who }, nothing was credited
second-expired = ⌛ Nobody approved in time, nothing was credited
second-asked = ⚖️ { $amount } is more than { $limit }: a second admin is needed. They are asked, and you will be told. Nothing is credited yet.
second-asked-day = ⚖️ With this one, your credits and approvals of today are more than { $limit }: { $amount } needs a second admin. The request is sent, you will get the answer. Nothing is credited yet.
second-alone-day = ⚖️ With this one, your credits and approvals of today are more than { $limit }: a second admin must approve, and this bot has only one. Add another with /add_admin, or change approval_day_limit. Nothing was credited.
second-alone = ⚖️ A credit of more than { $limit } needs a second admin, and this bot has only one. Add another with /add_admin, or change approval_limit. Nothing was credited.
second-told-approved = ✅ The credit of { $amount } to user { $id } is approved, the money is credited. Approved by: { $who }
second-told-declined = ❌ The credit of { $amount } to user { $id } is declined, nothing was credited. Declined by: { $who }
second-told-expired = ⌛ Nobody approved the credit of { $amount } to user { $id } within a day, nothing was credited. If it is still needed, credit again.
second-done-approved = ✅ Approved, the money is credited.
second-done-first = ☝️ Approved. One more admin is needed.
second-done-declined = ❌ Declined, nothing was credited.
second-same-person = Another admin is needed: you have already looked at this request.
second-over = This request is closed already.
second-none = No credits wait for approval.

## The month's statement and the ledger's light

btn-admin-month = 📑 Month's statement
btn-month-prev = ◀️ { $month }
btn-month-next = ▶️ { $month }
month-title = 📑 <b>Statement for { $month }</b>
month-runs = The month is not over yet.
month-closed = 🔒 Closed on { $at } at { $rate } ₽ for a dollar, by the time of { $zone }: it stays as it is.
month-works = 🎨 Delivered: { $delivered } · failed: { $failed }
month-revenue = 💰 Charged for what was delivered: { $sum }
month-cost = 🔌 Provider's cost: { $cost } ({ $credits } cr.)
month-margin = 📈 Left: { $sum }
month-fee = 🤝 The platform's { $percent } %: { $fee }
month-topups = 💳 Top-ups: SBP { $sbp } · Stars { $stars }
month-given = 🎁 Credited by hand: { $manual } · gifts and promo codes: { $gifts }
month-hint = This is a report: it moves no money.
ledger-dark = ⚪ The money ledger was not checked yet
ledger-green = 🟢 The money ledger is in order, checked { $at }
ledger-red = 🔴 The money ledger is not in order: differences { $n }, checked { $at }. Run Preflight

# The platform's owner stopped the bot, or let it go on.
admin-suspended = ⛔ The platform has stopped the bot. Reason: { $reason }. People read that it does not work for now; money and orders under way are not lost. Ask whoever runs the platform.
admin-let-go = ✅ The platform has let the bot go on: it works for everybody.
