# What a bot needs to live and to earn (platform.md 3), and what the watch tells of it.

req-owner-account = There is no owner: nobody can run the bot.
req-owner-account-fix = Name the owner’s Telegram id: botyard tenant or the tenants.toml file.
req-token-valid = Telegram has not confirmed the token yet.
req-token-valid-fix = Wait a minute. If it does not help, get the token from @BotFather and paste it again.
req-token-revoked = Telegram no longer accepts the token: it was revoked or replaced.
req-token-revoked-fix = Get a new token from @BotFather (/token) and replace it in the panel.
req-webhook-set = Messages of users do not arrive here yet.
req-webhook-set-fix = Wait a minute: the address is set by itself. If it does not help, check the token.
req-webhook-hijacked = Telegram delivers the bot’s messages to { $url }.
req-webhook-hijacked-fix = Another program has the token. Stop it, or revoke the token with @BotFather and paste the new one.
req-polling-conflict = Another program fetches the bot’s messages.
req-polling-conflict-fix = Stop it, or revoke the token with @BotFather and paste the new one.
req-webhook-errors = Telegram could not deliver, waiting { $n }: { $error }
req-webhook-errors-fix = It usually passes. If it stays, tell whoever runs the platform.
req-provider-key = Nothing to generate with: no provider key and no budget on the shared one.
req-provider-key-fix = Paste your own provider key, or ask the platform’s owner for a budget.
req-provider-credits-low = The provider has { $credits } credits left.
req-provider-credits-low-fix = Top up your account at the provider.
req-price-list = No model is on sale.
req-price-list-fix = Switch on at least one model.
req-payment-method = Users cannot top up.
req-payment-method-fix = Switch on Telegram Stars or SBP.
req-requisites = SBP is on, but its requisites are incomplete.
req-requisites-fix = Fill in the bank, the phone and the recipient.
req-compliance-ack = SBP is on, but Telegram’s rule is not acknowledged.
req-compliance-ack-fix = Read the rule on digital goods and acknowledge it.
req-admin-reachable = The bot cannot write to any admin.
req-admin-reachable-fix = Press /start in the bot as an admin.
req-support-contact = No support contact is set.
req-support-contact-fix = Set a @name or link that users can write to.
req-privacy-text = There is no link to a privacy policy.
req-privacy-text-fix = Set the link to your policy.

req-title = 📋 <b>What is due</b>
req-line =
    { $icon } { $what }
    { $fix }
watch-about = 🤖 <b>@{ $bot }</b>
watch-webhook-hijacked =
    ⚠️ <b>The bot’s messages go to { $url }</b>
    Another program has the token. Stop it, or revoke the token with @BotFather and paste the new one in the panel. We have set our address again.
watch-token-revoked =
    ⚠️ <b>Telegram no longer accepts the token</b>
    The bot is silent. Get a new token from @BotFather (/token) and replace it in the panel.
watch-polling-conflict =
    ⚠️ <b>Another program fetches the bot’s messages</b>
    The bot does not answer everybody. Stop it, or revoke the token with @BotFather and paste the new one.
alert-errors =
    ⚠️ <b>Errors: { $class }</b>
    Lately: { $n }. Details: /admin corr { $corr }
alert-busy =
    ⚠️ <b>The generation service is overloaded</b>
    Refusals lately: { $n }. Users got their money back.
alert-dead-letter =
    ⚠️ <b>Jobs given up after all tries: { $n }</b>
    Details: /admin corr { $corr }
alert-delivery-old =
    ⚠️ <b>Finished results are not delivered: { $n }</b>
    They have waited for { $time } or longer. Details: /admin corr { $corr }
