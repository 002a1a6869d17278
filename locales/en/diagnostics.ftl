# Reports for admins: /admin preflight, /admin info, /selftest, /config_check (platform.md 5, bot.md 14.8).

diag-preflight = 💳 <b>Preflight</b>: { $verdict }
diag-info = 🧭 <b>Diagnostics</b>: { $verdict }
diag-selftest = 🧪 <b>Self-test</b>
diag-config = 🧩 <b>Configuration check</b>
diag-line = { $icon } <b>{ $name }</b> — { $status }: { $note }
diag-line-timed = { $icon } <b>{ $name }</b> — { $status }: { $note } · { $ms } ms
diag-short = { $icon } { $name }: { $note }
diag-fixes = 💡 <b>How to fix</b>
diag-fix-line = • { $fix }
diag-wait = ⏳ Gathering data, the report will come here.

## Verdicts and states, the same in every language (platform.md 5)

diag-verdict-ready = READY
diag-verdict-degraded = DEGRADED
diag-verdict-fail = FAIL
diag-status-ok = OK
diag-status-unknown = UNKNOWN
diag-status-degraded = DEGRADED
diag-status-fail = FAIL

## Names of sections

diag-name-db = Database
diag-name-tenant = The bot's records
diag-name-users = Users
diag-name-balances = Balances
diag-name-tenants = Bots
diag-name-free-limits = Free limits
diag-name-attempts = Generations
diag-name-holds = Holds
diag-name-ledger = Ledger
diag-name-ledger-chain = Ledger check
diag-name-storage-rw = Write and read
diag-name-files = File store
diag-name-bot = Bot
diag-name-state = State
diag-name-transport = Link to Telegram
diag-name-mode = Mode
diag-name-cache = Cache and locks
diag-name-provider = Generation service
diag-name-payments = Payments
diag-name-support-contact = Support
diag-name-catalog = Catalog
diag-name-hidden-models = Hidden models
diag-name-version = Version
diag-name-errors = Last errors
diag-name-handlers = Buttons
diag-name-sessions = Sessions
diag-name-bot-token = Bot token
diag-name-admins = Admins
diag-name-provider-key = Generation service key
diag-name-brand = Name
diag-name-privacy-url = Privacy policy
diag-name-sbp-requisites = SBP requisites
diag-name-receipt-reader = Reading of screenshots
diag-name-whats-new = News in the menu
diag-name-timezone = Time zone
diag-name-markup = Markup
diag-name-free-per-day = Free per day

## What sections say

diag-note-answers = answers
diag-note-tenant = { $id }, { $n ->
        [one] { $n } admin
       *[other] { $n } admins
    }
diag-note-users = total { $n }, unreachable { $lost }, blocked { $blocked }
diag-note-balances = accounts { $n }, below zero { $negative }, changed in 24 h { $moved }, differ from transfers { $differ }
diag-note-free = used today by { $n }, units used { $used }, above the limit { $over }
diag-note-attempts = total { $total }, in 24 h { $n }, duplicates { $duplicates }, over 30 min { $stuck }
diag-note-holds = open { $n } for { $sum }, overdue { $late }
diag-note-ledger = violations { $n }
diag-note-ledger-kept = violations { $n }, checked { $at }
diag-note-chain = checked { $at }, entries compared { $n }, differences { $faults }
diag-note-chain-none = not checked yet
diag-note-payments-in = open invoices { $open }, waiting for review { $review }, Stars differences { $drift }
diag-note-tenants = total { $n }: { $sample }
diag-note-tenants-none = no bots
diag-note-users-all = total { $n }
diag-note-balances-all = accounts { $n }, below zero { $negative }, bots that do not add up { $differ }
diag-note-free-all = used in the last day by { $n }, units { $used }, bots above their limit { $over }
diag-note-attempts-all = total { $total }, at work { $n }, over 30 min { $stuck }
diag-note-payments-all = open invoices { $open }, waiting for review { $review }, bots with Stars differences { $drift }
diag-note-written = written and read
diag-note-files = written, read, removed
diag-note-files-failed = a file could not be written and read
diag-note-storage = storage error: { $class }
diag-note-timeout = did not answer in time
diag-note-bot = @{ $name }, id { $bot }, { $id }
diag-note-state-draft = being set up
diag-note-state-active = works
diag-note-state-paused = paused
diag-note-state-suspended = stopped by the platform
diag-note-webhook = the webhook is set, waiting: { $n }
diag-note-webhook-mode = webhook
diag-note-polling = polling
diag-note-polling-pending = polling, waiting: { $n }
diag-note-telegram-silent = Telegram did not answer
diag-note-real = real
diag-note-dry-run = dry run: generations are simulated
diag-note-cache-process = in this process
diag-note-cache-redis = Redis answers
diag-note-cache-lost = Redis does not answer, working without it
diag-note-provider = answers, { $credits } credits
diag-note-provider-shared = answers, the platform's shared key
diag-note-provider-silent = does not answer or refuses the key
diag-note-key-own = an own key is set
diag-note-key-shared = the platform's shared key
diag-note-key-missing = no key is set
diag-note-payments = { $n ->
        [0] no payment methods
        [one] { $n } method
       *[other] { $n } methods
    }
diag-note-support = { $contact }
diag-note-reader = Tesseract, Russian and English
diag-note-reader-english = Tesseract without Russian
diag-note-reader-none = Tesseract is not installed, admins check the screenshots
diag-note-set = set
diag-note-unset = not set
diag-note-admins = { $n ->
        [one] { $n } admin
       *[other] { $n } admins
    }
diag-note-models = { $n } of { $total } offered
diag-note-hidden = no price or no way to order { $unsellable }, not confirmed at the service { $unlisted }, switched off here { $off }
diag-note-version = { $version }, { $database }
diag-note-no-errors = none
diag-note-errors = { $list }
diag-note-handlers = every button has a handler (proven when built)
diag-note-sessions = readable, active in a day { $n }
diag-note-zone = { $zone }
diag-note-markup = × { $markup }
diag-note-free-limit = { $n }

## What to do

diag-fix-tenant = The bot's record is damaged: add an admin by botyard tenant or the file tenants.toml.
diag-fix-ledger = The ledger and the balances differ: stop top-ups and give this report to whoever runs the platform.
diag-fix-ledger-wait = The ledger is checked every minute: wait and make the report again.
diag-fix-chain-old = The ledger was not checked for more than a day: see whether botyard serve runs, and run botyard ledger verify.
diag-fix-free = Somebody used more free generations than are allowed now. If the limit was lowered lately, this passes at midnight.
diag-fix-stuck = Some generations are older than 30 minutes. Check the way to the generation service and the last errors.
diag-fix-duplicates = One task of the service belongs to two generations: give this report to whoever runs the platform.
diag-fix-token = Telegram did not confirm the token: take a new one from @BotFather and replace it.
diag-fix-state = Users get a notice instead of answers. End the pause in the panel or ask the platform's owner.
diag-fix-webhook = The webhook leads elsewhere or takes no updates. It is set again at start; see that no other program uses the token.
diag-fix-telegram = Check the server's way to Telegram and try again.
diag-fix-dry-run = Switch the dry run off (dry_run) to make generations real.
diag-fix-cache = Check REDIS_URL and Redis itself. Money and data are not affected.
diag-fix-credits = The generation service's account has no credits: top it up.
diag-fix-provider = Check the generation service's key and that it can be reached.
diag-fix-key = Set a key of the generation service: without it the menus work and generation is off.
diag-fix-payments = Balances cannot be topped up now. Credit by hand: /admin → user → "Credit".
diag-fix-support = Set a support contact in the bot's settings.
diag-fix-reader = To have transfers' screenshots read, install tesseract-ocr and tesseract-ocr-rus on the server. Without them admins check them.
diag-fix-models = No model is offered: check enabled_models.
diag-fix-files = Check the disk's space and the data folder's rights, or the access to S3.
diag-fix-admin-start = Press /start in the bot as at least one admin, to be told things.
diag-fix-holds = Some holds are past their deadline: the next sweep releases them. If the number grows, give this report to whoever runs the platform.
diag-fix-drift = Telegram’s list of Stars differs from what was credited: compare them on the payments page.

## Boot reports

diag-name-config = Settings
diag-name-port = Addresses
diag-name-database = Database
diag-name-storage = Storage
diag-name-redis = Redis and locks
diag-name-telegram = Telegram
diag-name-webhook = Webhook
diag-name-ai = Generation service
diag-name-ux = Buttons
diag-name-data-integrity = Data integrity
diag-note-config = remarks { $n }
diag-note-port = { $main }, admin { $admin }
diag-note-tokens = bots { $n }, checked { $checked }, token refused { $refused }
diag-note-webhooks = not set for { $wrong }
diag-note-polled = polling, not connected { $wrong }
diag-note-key-own-only = no shared key, bots with their own work
diag-note-token-refused = Telegram does not accept the token
diag-note-unchecked = not checked yet
diag-note-webhook-elsewhere = leads to { $url }, waiting: { $n }
diag-note-files-seen = reachable
diag-note-integrity = below zero { $negative }, differ { $differ }, generations over 30 min { $stuck }
diag-fix-config = See the warnings at the beginning of the log: botyard check names each.
diag-fix-wait = Wait a minute: bots are connected one after another.

## The connection with Telegram, line by line

diag-name-deliveries = Delivery of messages
diag-name-look = Last look
diag-name-updates = Last update
diag-name-outbox = Queue of answers
diag-note-token-checked = @{ $name }, checked { $at }
diag-note-polling-conflict = another program fetches the updates
diag-note-webhook-refused = Telegram did not take the address: { $error }
diag-note-delivered = no failures
diag-note-delivery-error = { $at }: { $error }
diag-note-looked = { $at }
diag-note-update-last = came { $at }
diag-note-update-none = nothing came in the last days
diag-note-outbox = wait to be sent { $n }, the oldest { $s } s
diag-fix-look = Telegram was not asked about the bot for long. Press “Check now”.
diag-fix-outbox = Answers are sent late. Usually these are Telegram's limits, and it passes; if it stays, tell whoever runs the platform.
