# Payments: what comes of them, and their list for admins (bot.md 5.3, 5.5, 11).

## To the payer

pay-bonus = 🎁 Promo code bonus: +{ $amount }
pay-repaid = { $amount } of it repaid the debt.
stars-description-plain = Top up the bot's balance
stars-waiting = 🕓 The payment has come and is being compared with Telegram. It will be credited within { $time }.
invoice-state-open = waits for payment
invoice-state-review = under review
invoice-state-approved = credited
invoice-state-rejected = rejected
invoice-state-expired = expired
stars-returned = ↩️ { $xtr } ⭐ have been returned.
bonus-returned = 🎁 The promo code's bonus was taken back: { $bonus }

## To admins

admin-stars-unknown = ⚠️ A payment of { $xtr } ⭐ from { $user } came without an invoice of ours. It will be credited once Telegram's list confirms it.
admin-stars-unknown-credited = ℹ️ A payment of { $xtr } ⭐ from { $user } came without an invoice of ours and was credited at the present rate.
admin-ledger-red = 🔴 The ledger check ({ $at }) found differences: { $n }. Stop top-ups and run /admin preflight. Whoever runs the platform sees the details with botyard ledger verify. corr-id: <code>{ $corr }</code>
admin-audit-broken = 🔴 The log of administrators' acts does not hold from entry { $entry } on: it was changed or removed behind the bot's back. Check credits and the list of administrators, and tell whoever runs the platform: botyard audit verify shows the details. corr-id: <code>{ $corr }</code>
admin-stars-drift = ⚠️ Comparing Stars with Telegram: { $n } { $n ->
        [one] difference
       *[other] differences
    }. List: /payments
payments-title = 💳 <b>Payments</b>
payments-total = In total: { $sum }, payments: { $n }
payments-by-method = { $method }: { $sum } ({ $n })
payments-checked = Compared with Telegram: { $at }, differences: { $n }
payments-none = No payments yet.
payments-line = { $user } +{ $amount } { $method } { $state } { $at }
pay-method-stars = Stars
pay-method-sbp = SBP
pay-state-waiting = waits for comparison
pay-state-review = under review
pay-state-approved = credited
pay-state-rejected = rejected
pay-state-duplicate = duplicate
pay-state-superseded = replaced
pay-state-refunding = being returned
pay-state-refunded = returned
pay-state-reversed = credit taken back
btn-refund = ↩️ Return { $amount } · { $user }
refund-ask =
    ↩️ Return { $xtr } ⭐ ({ $amount }) to user { $user }?
    They can spend: { $available }
refund-bonus = 🎁 The promo code's bonus is taken back with them: { $bonus }
refund-below-zero = ⚠️ After that the balance will be { $after }, below zero: no new generations until it is topped up.
btn-refund-ok = ↩️ Return { $xtr } ⭐
refund-begun = ↩️ Returning…
refund-done = Already returned.
refund-erased = This person has erased their data. Only Telegram can return these Stars: @TelegramSupport.
user-erased = erased
refund-failed = ⚠️ Telegram did not return { $xtr } ⭐ to user { $user }. The money is back on the balance.

## A person's own payments

btn-my-payments = 🧾 My payments
btn-receipt = 🧾 { $amount } · { $at }
mine-title = 🧾 <b>My payments</b>
mine-line = • { $amount } · { $method } · { $state } · { $at }
mine-none = No payments yet.
mine-hint = Press a payment to open its receipt.
receipt-title = 🧾 <b>Payment no. { $number }</b>
receipt-amount = Amount: { $amount }
receipt-stars = Paid: { $xtr } ⭐
receipt-method = Method: { $method }
receipt-at = When: { $at }
receipt-state = State: { $state }
receipt-reason = Reason: { $reason }
receipt-charge = Operation: <code>{ $charge }</code>
receipt-support = Questions about payments: { $support }

## Transfers by SBP

sbp-invoice =
    🏦 Invoice { $invoice }
    Amount: <code>{ $amount }</code>
    Phone: <code>{ $phone }</code>
    Bank: { $bank }
    Recipient: { $holder }
    Transfer exactly this amount and send a screenshot (photo or file).
sbp-tail = The kopecks tell your transfer from others; they are credited, too.
sbp-checking = 🔍 Checking the screenshot…
sbp-closed = This invoice is closed.
sbp-already = 🕓 It is being checked already.
sbp-another = Send another screenshot. Attempts left: { $n }.
sbp-send-again = Check the transfer and send the screenshot again, invoice { $invoice }.
sbp-not-fetched = ⚠️ The file could not be loaded. Send it again, no attempt was used.
sbp-too-big = ❌ The file is larger than 20 MB. Send a smaller screenshot, no attempt was used.
sbp-stray = Is this the screenshot for invoice { $invoice }, { $amount }?
sbp-stray-which = Is this a payment's screenshot? Choose the invoice.
btn-stray-yes = ✅ Yes
btn-stray-of = ✅ { $invoice } — { $amount }
btn-stray-no = ❌ No
sbp-reversed = ↩️ The top-up of { $amount } was cancelled: the transfer was not confirmed.
reject-reason-amount = another amount
reject-reason-notfound = the transfer did not arrive
reject-reason-unreadable = the screenshot cannot be read
reject-reason-duplicate = this screenshot was used before

## Review of transfers

review-title = 🧾 <b>Transfer for invoice { $invoice }</b>
review-user = 👤 { $id }
review-user-named = 👤 { $id } { $name }
review-asked = Asked for: { $amount }
review-read = Recognised: { $amounts }
review-read-none = Recognised: no amounts
review-amount-exact = ✅ The amount matches
review-amount-about = ⚠️ The amount is close but does not match
review-amount-other = ❌ The screenshot does not have this amount
review-keywords = Keywords: { $words }
review-phone-yes = ✅ The recipient's phone is there
review-phone-no = ❌ The recipient's phone is not there
review-flag-near = 🚩 Looks like another screenshot
review-flag-seen = 🚩 This screenshot came before
review-flag-operation = 🚩 The operation's number came before
review-flag-failed = 🚩 It says that the transfer was not made
review-flag-unread = 🚩 The text was not recognised
review-flag-unseen = 🚩 It could not be compared with others
review-flag-unmade = 🚩 Nothing shows that the transfer was made: no word for it, no operation number
review-flag-several = 🚩 It names several amounts
review-flag-late = 🚩 It came after the invoice's time
review-flag-taken = 🚩 Another open invoice asks for the same amount
review-flag-day = 🚩 Above what is credited to one person in a day automatically
review-attempt = Attempt: { $k }/{ $n }
review-since = Waiting since { $at }
review-first = ☝️ Approved by { $who }, a second admin is needed
review-approved = ✅ Approved: { $who }
review-rejected = ❌ Rejected: { $who } — { $reason }
review-reversed = ↩️ The credit was cancelled
review-superseded = Decided by another screenshot of this invoice
btn-review-approve = ✅ Approve
btn-review-reject = ❌ Reject
btn-review-user = 👤 User
review-why = ❓ Why is the transfer for invoice { $invoice } rejected?
btn-reject-amount = Amount
btn-reject-notfound = Not received
btn-reject-unreadable = Unreadable
btn-reject-duplicate = Duplicate
btn-reject-other = Other
review-reason-ask = ✍️ Write the reason, 3 to 200 characters. The user will see it.
review-done-approved = ✅ Approved, the money is credited.
review-done-first = ☝️ Approved. One more admin is needed.
review-alone = ☝️ Approved, but by the bot's rules one more admin is needed, and it has only one. Add another: /add_admin
review-same-person = You have approved it. Another admin is needed.
review-invoice-closed = ⚠️ This transfer's invoice is closed, nothing can be credited by it. Reject the transfer; if the money has arrived, credit it by hand.
review-done-rejected = ❌ Rejected, the user was sent the reason.
review-done-reversed = ↩️ The credit was cancelled.
review-already = Already decided: { $who }, { $at }
review-queue-empty = The queue is empty.
review-reminder = ⏳ Payments to check: { $n }. The oldest has been waiting since { $at }.
btn-shots = 📸 Screenshots
shots-none = No screenshots yet.
shots-newest = This is the newest screenshot.
shots-oldest = This is the oldest screenshot.

## A try of the reader

btn-admin-ocr = 🧪 OCR test
ocr-ask = 🧪 Send a transfer's screenshot (photo or file). I will show what could be read and keep nothing.
ocr-title = 🧪 <b>OCR test</b>
ocr-text = Text: { $text }
ocr-would-approve = Decision: ✅ credited at once
ocr-would-review = Decision: 🕓 checked by a person
ocr-absent = ⚠️ Tesseract is not installed: admins check the screenshots.
ocr-unreadable = ❌ It could not be read: not a picture, or a damaged one.
btn-ocr-again = 🔁 Once more

# An amount of one's own that is none, and open transfers in the list of one's own payments.
amount-outside = ❌ { $amount } is outside the limits.
amount-unread = ❌ I can't read this amount. Write a number, for example 150 or 99.50.
mine-open = • { $amount } · { $method } · { $state } · until { $at }
btn-pay-open = ▶️ Pay { $amount }
sbp-in-review = 🧾 The screenshot for invoice No { $invoice } ({ $amount }) is under review already. Wait for the answer: it comes here.
review-erasure = 🗑 This person asked for their data to be deleted: the bot waits for your decision, then deletes it, and what is credited is lost.
