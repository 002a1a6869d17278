# New partners: the pages of onboarding, the platform's own bot. Plain text on pages: templates escape it.

onboarding-title = Connect a bot
onboarding-enter-text = Here you connect a bot of your own. It takes a minute or two, and you can come back at any time.
onboarding-enter-button = Continue
onboarding-outside = To connect a bot of your own, open your personal link.
onboarding-outside-how = «Copy bot» in any bot of the platform gives you the link. It works once and lives { $time }.
onboarding-closed = New bots are not connected for the time being.
onboarding-lead = Choose your way. The bot works at once, and you open it to everybody when you have tried it.
onboarding-managed-title = Create a bot by link
onboarding-managed-text = Telegram creates the bot, there is no token to copy.
onboarding-managed-button = Get the link
onboarding-paste-title = Paste a token
onboarding-paste-text = Create a bot in @BotFather by /newbot and paste the token that it sends you.
onboarding-paste-label = Bot token
onboarding-paste-button = Connect
onboarding-paste-note = The token is kept encrypted and shown nowhere again.
onboarding-bad-shape = This does not look like a bot's token. It is digits, a colon, and 35 more letters and digits.
onboarding-taken = This bot is connected already. A bot can be connected once.
onboarding-banned = This bot cannot be connected. If that is a mistake, write to the platform's support.
onboarding-unknown = Telegram does not know this token. Copy it from @BotFather once more.
onboarding-away = Telegram does not answer now. Try again in a minute.
onboarding-not-ready = First mend what is marked red.
onboarding-replace-title = The bot works somewhere else
onboarding-replace-text = { $host } receives this bot's messages now. If you go on, this platform receives them, and the bot stops answering there.
onboarding-replace-note = Messages that are not delivered yet are not lost.
onboarding-replace-button = Move the bot here
onboarding-another-button = Connect another bot
onboarding-pair-title = Create the bot
onboarding-pair-text = Point your phone's camera at the code or open the link. Telegram suggests a name for the bot, confirm it.
onboarding-pair-qr = QR code with the link that creates the bot
onboarding-pair-open = Open in Telegram
onboarding-pair-note = { $n ->
    [one] The link works once, for { $n } more minute. This page refreshes itself when the bot is there.
   *[other] The link works once, for { $n } more minutes. This page refreshes itself when the bot is there.
}
onboarding-pair-over = The link's time is over. Get a new one.
onboarding-pair-again = New link
onboarding-pair-back = Back
onboarding-draft-lead = For now the bot answers only you.
onboarding-live-lead = The bot is open to everybody.
onboarding-checks-title = Readiness
onboarding-check-token = Telegram takes the token
onboarding-fix-token = get a new token in @BotFather and connect the bot again
onboarding-check-updates = The bot's messages arrive here
onboarding-fix-updates = wait some seconds and check again
onboarding-check-owner = The bot has an owner
onboarding-fix-owner = write to the platform's support
onboarding-check-start = You opened a chat with the bot
onboarding-fix-start = press /start in the bot, so that it can write to you
onboarding-check-key = There is a key for the generation service
onboarding-fix-key = without a key the menu works and generation is off
onboarding-check-support = There is a support contact
onboarding-fix-support = add it in the bot's settings
onboarding-recheck-button = Check again
onboarding-sale-title = Prices and payment
onboarding-sale-lead = What a generation costs, how much is free, and where to write when something is wrong.
onboarding-sale-done = can be paid
onboarding-sale-open = no payment
onboarding-sale-change = Change
onboarding-sale-hint = Transfers (SBP), prices of models and the rest are in the panel: the command /panel in the bot.
onboarding-sale-wrong = Not saved: the markup is a number from 0.5 to 10, free ones a whole number from 0 to 100, the contact has at most 200 characters.
onboarding-chat-title = Try the bot yourself
onboarding-chat-text = Open the chat, press /start and try everything that a user will see.
onboarding-chat-live = Your bot waits for its first users. The command /panel opens the panel.
onboarding-chat-button = Open the chat
onboarding-live-title = Open the bot to everybody
onboarding-live-text = Everything it needs is there.
onboarding-live-button = Open the bot

## In a hosted bot, by «Copy bot»

copy-bot-link = Your personal link. It works once and lives { $n ->
    [one] { $n } minute
   *[other] { $n } minutes
}.
btn-copy-bot-open = 🚀 Connect your bot

## The platform's own bot

platform-hello = 👋 Bots are connected here. Open the link or send me the token from @BotFather: I delete the message with it at once.
platform-closed = New bots are not connected for the time being.
platform-open = 🚀 Connect a bot
platform-hosted = ✅ The bot { $name } is connected and for now answers only you. Try it and open it to everybody.
platform-elsewhere = ⚠️ { $host } receives this bot's messages now. If you want to move it here, confirm that on the page.
platform-no-pairing = The bot is created, but we did not wait for it: the link is old or somebody else asked for it. Get a new link on the page.

## The panel inside Telegram

miniapp-title = The bot's panel
miniapp-opening = Opening the panel…
miniapp-else = If nothing opens, send the bot the command /panel.
miniapp-framed = In Telegram's web version the panel opens in the browser.
miniapp-open = Open the panel
