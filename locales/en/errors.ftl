# Answers that people get when something does not go as planned, and the fixed strings of bot.md 15.4 of all areas.

stale-button = This button is out of date, open the menu.
wait = ⏳ One moment, please…
temp-error = ⚠️ A temporary failure, back to the menu. Log: { $corr }.
tech-alert = ⚠️ Technical error
use-menu = 💡 Choose an action from the menu.
unknown-command = I don't know this command. The list: /help
cancelled = ✅ Cancelled.
session-expired = ⌛ More than 30 minutes have passed and this step has expired. Please start again.
throttled = ⏳ Too fast. Try again in { $n } s.
user-blocked = ❌ Your account is blocked. Support: { $support }
tenant-paused = ⏸ The bot is paused for now. Please come back later.
admin-only = ❌ This command is for administrators only.
admin-only-alert = This function is for administrators only.
owner-only = ❌ This command is for the main administrator only.
not-found = ❌ Nothing found under this id.
menu-slow = ⚠️ The menu is taking longer than usual. Please try again.
models-empty = ❌ No models for this type of generation.
model-unavailable = ⛔️ This model is unavailable for now. Choose another one.
model-no-price = ⛔️ This model is switched off for now: it has no price.
no-tier = This combination of parameters is unavailable, choose another one.
param-required = ❌ This parameter is required and can't be skipped.
value-invalid = ❌ This value is not allowed.
expected-text = ✍️ Waiting for text: { $param }.
expected-image = 🖼 Waiting for an image (photo or file, up to 20 MB): { $param }.
expected-audio = 🎤 Waiting for audio (voice message or file, up to 20 MB): { $param }.
expected-video = 🎬 Waiting for a video (up to 20 MB): { $param }.
expected-button = 👆 Choose with a button: { $param }.
expected-screenshot = ❌ Please send a screenshot of the transfer (photo or file).
media-limit = You can upload at most { $max }.
text-len = ❌ The text must have { $min } to { $max } characters, it has { $n } now.
number-range = ❌ Enter a number from { $min } to { $max }.
url-bad = ❌ A link like { $prefix }… is needed
insufficient = ❌ Not enough funds. Needed: { $price }, available: { $available }. Missing: { $missing }.
free-counter =
    🎁 Free today: { $left } of { $total } left
    ⏳ The free limit renews tomorrow at 00:00 ({ $tz }).
free-over = 💳 Today's limit is used up — models are available at their regular price.
admin-free = 🎁 Admin: unlimited generations (the quota is not used).
admin-free-short = Admin: free
already-running = The generation is already running
parallel-limit = ⏳ You already have { $n } { $n ->
        [one] generation
       *[other] generations
    } running. Wait until one of them is done.
late-notice = ⏳ This generation is taking longer than usual. You can close the chat — I'll send the result here.
orphan = ⚠️ The generation got stuck before it started. You have not been charged.
timed-out = ⌛ No result within 15 minutes. You have not been charged.
gen-failed = ❌ The generation did not finish. You have not been charged.
bad-params = 🧩 The parameters did not fit: { $hint } You have not been charged.
unsafe = 🚫 The request was refused by the safety rules. Change the description or the file. You have not been charged.
busy = ⏳ The service is overloaded, try again in a couple of minutes. You have not been charged.
empty-result = ⚠️ The result came back empty. You have not been charged.
gen-off = ⚠️ Generation is unavailable for now. The administrator already knows.
gen-stopped = ⏸ Generation is stopped. Orders under way will be finished, no money is taken for new ones. Try later.
gen-storage-full = 📦 The bot's storage is full, so no new generation is started. The administrator already knows. No money was taken.
gen-day-limit = ⏳ The bot has made all the generations that it is allowed today. Try tomorrow. No money was taken.
bot-full = 👥 This bot takes no new people for now: it has all that it is allowed. Write to support: { $support }
result-expired = ⌛ The storage time is over, the result is no longer available.
undelivered = ⚠️ The result is ready but could not be sent. It is saved, and you have not been charged yet.
history-empty = ❌ You have no saved generations yet.
amount-range = Enter an amount from { $min } to { $max } ₽.
topup-off = Topping up is unavailable for now. Write to support: { $support }
method-off = This payment method is unavailable now.
pay-ok = ✅ Payment received: +{ $amount }. Available: { $available }.
pay-review = 🕓 The screenshot has been passed on for a manual check. I'll let you know the result.
pay-dup = ⚠️ This screenshot has already been used.
pay-rejected = ❌ Payment not confirmed: { $reason }. Attempts left: { $n }.
pay-attempts-over = ❌ No attempts left. Write to support: { $support }, invoice № { $invoice }.
gift-used = You have already received your gift!
ref-welcome = 🎁 You have received { $n } bonus { $n ->
        [one] generation
       *[other] generations
    }.
ref-notice = 🎉 A new user came by your link: +{ $n } { $n ->
        [one] generation
       *[other] generations
    }.
promo-ok = ✅ Promo code accepted: +{ $amount }.
promo-ok-percent = ✅ Promo code accepted: +{ $p } % on your next top-up until { $date }.
promo-bad = ❌ There is no such promo code.
promo-expired = ⌛ This promo code has expired.
promo-used = ⚠️ You have already used this promo code.
promo-over = ⚠️ This promo code has run out.
kb-empty = Nothing found. Put it another way or write to support: { $support }
support-card = 🆘 Support: { $support }

## Said outside the ordinary screens (bot.md 2.1, 2.2, decisions.md 4 and 15)

outage = ⚠️ Maintenance in progress. Try again in a few minutes, your money and history are safe.
outage-toast = ⚠️ Maintenance in progress
tenant-draft = 🛠 The bot is being set up. Come back a little later.
private-only = I work in private messages only: { $link }
edited-message = ✏️ Edited messages are not taken into account — please send a new one.
no-history = There is nothing to go back to.
category-unknown = There is no such category.
nothing-to-cancel = There is nothing to cancel.
token-in-chat = Don't send tokens to the chat — use the link.
support-none = No support contact has been set
debt-blocks = ⚠️ Your balance is below zero ({ $balance }). Top it up to create again.

## To admins: what only they can mend (bot.md 9.6)

admin-alert-no-credits = ⚠️ Generation has stopped: the provider account is out of credits. Top it up and new orders go on by themselves. Log: { $corr }
admin-alert-key-refused = ⚠️ Generation has stopped: the provider refuses the key. Check the key in the bot's settings. Log: { $corr }
admin-alert-model-off = ⚠️ The provider has switched this model off for now. Remove it from the list or choose another. Log: { $corr }
admin-alert-storage = ⚠️ Generation stopped: the bot's storage is full. There is room again when old files have been kept long enough; the platform's owner can give more. How much is used: panel (/panel) → “Settings” → “Limits”. Log: { $corr }
admin-alert-spent = ⚠️ Generation stopped: today's budget at the provider is used up, it renews tomorrow. The platform's owner can raise it. Log: { $corr }
