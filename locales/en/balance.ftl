# S-20 balance, S-21 amount, S-22 method, S-26 Stars.

## S-20

balance-available = 💰 Available: { $available }
balance-held = 🔒 In work: { $held }
balance-bank = 🎟 Bonus generations: { $bank }
balance-debt = ⚠️ Debt: { $debt }. The next top-up settles it first.
btn-topup = 💳 Top up
btn-promo = 🎟 Promo code
btn-bonuses = 🎁 My bonuses

## S-21, S-22

topup-title = 💳 Top-up. Available: { $available }
topup-choose = Choose an amount ({ $min }–{ $max } ₽).
topup-guide = For orientation: images from { $image }, videos from { $video }
topup-guide-image = For orientation: images from { $image }
topup-guide-video = For orientation: videos from { $video }
topup-ask = ✏️ Write the amount in roubles, for example 300.
btn-amount = { $amount }
btn-topup-custom = ✏️ Another amount
method-title = Amount: { $amount }
method-enough = Enough for about { $images } or { $videos }
method-enough-images = Enough for about { $images }
method-enough-videos = Enough for about { $videos }
btn-stars = ⭐ Telegram Stars — { $xtr }
btn-sbp = 🏦 SBP transfer — { $amount }

## S-26 Telegram Stars

stars-title = Top-up { $amount }
stars-description = Top-up of the balance at “{ $brand }”
stars-hint = Press “Pay” in the invoice above.
invoice-stale = This invoice is out of date, create a new one.
invoice-paid = This invoice has already been paid.
invoice-foreign = This invoice was issued to another user.
pay-unavailable = Payment is unavailable for now, try again later.
btn-back-to-generation = ▶️ Back to the generation
