# S-29 gift wheel, S-39 bonuses and promo codes, S-48 promo codes for admins (bot.md 12).

## S-29

gift-frame-1 =
    🎰 <b>Wheel of fortune</b>
    🍒 🍋 🔔
gift-frame-2 =
    🎰 <b>Wheel of fortune</b>
    🍋 🔔 💎
gift-frame-3 =
    🎰 <b>Wheel of fortune</b>
    🔔 💎 🎁
gift-won = 🎉 You have won { $amount }! Balance: { $available }
gift-off = Gifts are switched off at the moment.
btn-spend = 🚀 Spend it

## S-39

bonuses-title = 🎁 <b>My bonuses</b>
bonuses-percent = 💫 Promo code: +{ $p } % on your next top-up until { $date }
bonuses-wheel-ready = 🎰 Wheel of fortune: ready to spin
bonuses-wheel-turned = 🎰 Wheel of fortune: you won { $amount }
bonuses-invited = 👥 Friends invited: { $n }
promo-ask = 🎟 Enter a promo code:
promo-waits = ⚠️ You already have +{ $p } % on your next top-up until { $date }. Enter this promo code after topping up.
promo-wait = ⏳ Too many attempts, try again in { $n } min.

## S-48

promos-title = 🎁 <b>Promo codes</b>
promos-none = There are no promo codes yet.
promo-line = <code>{ $code }</code> · { $worth } · { $used }/{ $total } · until { $date } · { $state }
promo-card =
    🎟 <code>{ $code }</code>
    Worth: { $worth }
    Used: { $used } of { $total }
    Per user: { $per_user }
    Valid until: { $date }
    State: { $state }
promo-state-on = ✅ on
promo-state-used-up = ☑️ used up
promo-state-expired = ⌛ expired
promo-state-off = ⛔ off
promo-terms-ask =
    ➕ <b>New promo code</b>
    Send one line: CODE WORTH TOTAL PER_USER DAYS
    <code>WELCOME 50 100 1 30</code> — 50 ₽ at once, 100 uses in all, one per user, 30 days.
    <code>SUMMER 15% 500 1 14</code> — 15 % added to the next top-up.
promo-rule-shape = ❌ The line must have exactly five parts separated by spaces.
promo-rule-code = ❌ A code has 3 to 32 characters: Latin or Russian letters, digits, «-» and «_».
promo-rule-worth = ❌ The worth is 1 to 5000 ₽, or 1 to 100 with a % sign.
promo-rule-total = ❌ Uses in all: a whole number from 1 to 1,000,000.
promo-rule-per-user = ❌ Uses per user: a whole number from 1 to 100.
promo-rule-days = ❌ Days: a whole number from 1 to 365.
promo-exists = ❌ There is a promo code { $code } already. Choose another one.
promo-too-much = ❌ One person could get more from this code than an admin may credit alone ({ $limit }). Make it smaller or lower the uses per person. The limit is set in the bot's settings: approval_limit.
promo-too-much-day = ❌ You have credited almost all that an admin may credit alone in a day ({ $limit }). Make it smaller, try tomorrow or ask another admin.
promo-made = ✅ Promo code { $code } has been created.
promo-switched-off = The promo code is off now.
btn-promo-new = ➕ Create
btn-promo-code = { $code } — { $worth }
btn-promo-off = ⛔ Switch off
