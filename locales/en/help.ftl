# S-30 help, S-31 support, S-32 language, S-35 privacy, /paysupport, /panel.

## S-30

help-text =
    ❓ <b>How it works</b>
    1. Choose what to create: a picture, a video or a sound.
    2. Describe your idea in words or send a file.
    3. Check the price and press “✅ Generate”.
    4. The result will come here even if you close the chat.
    💰 You are charged only after the result is delivered. If it did not work out, you are not charged.
    🆓 There are free generations every day: FAST TOOLS.
    🆘 Any questions left? Write to support.
help-commands =
    <b>Commands</b>
    /start — main menu
    /models — models by category
    /balance — balance and top-up
    /status — what is running now
    /search — search the knowledge base
    /ask — ask the knowledge base
    /cancel — cancel the current step
    /language — language
    /privacy — your data
    /paysupport — payment questions
help-admin-commands =
    <b>For the administrator</b>
    /panel — sign in to the web panel
btn-language = 🌐 Language
btn-referral = 🤝 Referral
btn-tutorial = 🎓 Tutorial
btn-quick = ⚡ Quick actions
btn-gift = 🎁 Wheel of fortune
btn-copy-bot = 📋 Copy this bot

## S-31

support-missing = No support contact has been set. Write to the bot's administrator.
btn-support-contact = 💬 Write to support
## S-37

copy-bot-title = 📋 <b>Copy this bot</b>
copy-bot-steps =
    In 5 minutes you will have a bot like this one:
    1) create a bot
    2) connect it
    3) set prices and payment details
copy-bot-closed = Connecting new bots is closed for now, write to: { $support }

## S-32

language-title = 🌐 Язык / Language
btn-lang-ru = Русский
btn-lang-en = English
language-set = ✅ Language: English

## S-35

privacy-text =
    🔒 <b>Your data</b>
    <b>What we keep:</b> your Telegram id, name and language, balance and payments, requests, uploaded files and results.
    <b>Why:</b> to carry out an order, to send a result again and to find out if something went wrong.
    <b>How long:</b> files and results { $results }, payment screenshots { $receipts }, error records { $errors }, money records as long as the bot works.
    Requests and files are kept encrypted. To carry out an order they are passed to a generation service.
privacy-link = 📄 Privacy policy: { $link }
privacy-ask =
    🗑 <b>Erase your data?</b>
    Your profile, requests, files, results and history will be erased. Records of money stay without your name, and an irreversible mark stays so that newcomers' bonuses are given once. This cannot be undone.
privacy-ask-balance = 💰 Your balance is { $available }: it will be lost.
privacy-ask-running = ⏳ { $n } { $n ->
        [one] generation is
       *[other] generations are
    } running: I will wait until the end first.
privacy-ask-review = 🧾 Under review: { $sum }. Your data is deleted after the decision, and this money, if it is credited, is lost, too.
privacy-requested-review = ✅ Accepted. A transfer of yours is under review: your data is deleted once it is decided, and I will say so here. Until then the bot works as usual.
privacy-requested = ✅ Your request is accepted. I will erase the data within minutes and tell you here.
privacy-requested-admin = 🗑 A user asked for their data to be erased. The bot does it by itself. Request number: { $corr }
privacy-erased = ✅ Your data has been erased. To begin anew, press /start
privacy-admin = You are an administrator of this bot. Hand your rights over first.
privacy-already = The request has already been accepted.
btn-privacy-delete = 🗑 Delete my data

## /paysupport

paysupport = Payment questions: { $support }. Please give the invoice number.
paysupport-invoices = Latest invoices:
paysupport-invoice = • № { $invoice } · { $date } · { $amount } · { $status }
paysupport-none = There are no invoices yet.

## /panel

panel-link-text = 🖥 Your link to the panel. It works once and lives { $n } { $n ->
        [one] minute
       *[other] minutes
    }. Don't forward it to anyone.
btn-panel = 🖥 Open the panel
panel-link-too-many = Too many links in a row. You can get the next one in { $n } { $n ->
        [one] minute
       *[other] minutes
    }; the last one still works.
