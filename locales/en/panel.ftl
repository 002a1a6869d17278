# The web panel: signing in, a tenant's home, the owner's page, error pages. Plain text: templates escape it.

panel-skip = Skip to content
panel-language = Language
panel-sign-out = Sign out
panel-updated = Updated { $at }
panel-dash = —

## Signing in by a one-time link (reliability.md 3.8)

panel-signin-title = Sign in to the panel
panel-signin-text = You are signing in to the panel of “{ $brand }”.
panel-signin-text-owner = You are signing in to the platform owner's panel.
panel-signin-role = Role: { $role }
panel-signin-button = Sign in
panel-signin-note = The link works once. If you did not ask for it, just close this page.
panel-role-platform-owner = platform owner
panel-role-owner = bot owner
panel-role-admin = administrator
panel-role-viewer = viewer
panel-signed-out-title = You have signed out
panel-signed-out-text = To sign in again, send the bot the command /panel.
panel-session-over-title = The session has ended
panel-session-over-text = Send the bot the command /panel and open the new link.

## Home

panel-home-title = Home
panel-state = State
panel-state-draft = Being set up
panel-state-active = Working
panel-state-paused = Paused
panel-state-suspended = Stopped by the platform
panel-state-deleted = Deleted
panel-state-draft-help = The bot answers administrators only. Finish the set-up to open it to everyone.
panel-state-active-help = The bot answers its users and takes orders.
panel-state-paused-help = Users see a pause notice. Generations that have begun will finish, payments will be credited.
panel-state-suspended-help = Stopped by the platform owner: { $reason }
panel-light-ok = All is well
panel-light-warn = Needs attention
panel-light-fail = Not working
panel-webhook-mode = Webhook
panel-polling-mode = Long polling
panel-transport = Connection to Telegram
panel-bot = Bot
panel-bot-open = Open the bot
panel-provider = Generation service key
panel-provider-set = set
panel-provider-shared = the platform's shared key
panel-provider-missing = not set: menus work, generation is off
panel-due-title = What is to be done
panel-due-none = Nothing: all is set up.
panel-due-blocking = The bot won't open without it
panel-due-warning = Recommended
panel-due-people = People wait
panel-due-reviews = { $n } { $n ->
        [one] transfer waits
       *[other] transfers wait
    } for review
panel-due-reviews-how = Compare each with the bank and decide: until then the person has no money on the balance.

panel-today = Today
panel-was-yesterday = yesterday: { $value }
panel-users = Users
panel-users-new = New
panel-users-active = Active
panel-users-total = Total: { $n }
panel-generations = Generations
panel-generations-delivered = Delivered
panel-generations-failed = Failed
panel-generations-running = Running
panel-success-rate = Success rate
panel-success-none = nothing to count yet
panel-percent = { $p } %
panel-revenue = Revenue
panel-revenue-note = charged for delivered results
panel-held = Reserved
panel-free-used = Free ones used

panel-runway = Balance at the generation service: { $n } credits.
panel-runway-days = Balance at the generation service: { $n } credits. At this pace it lasts about { $days } { $days ->
        [one] day
       *[other] days
    }.
panel-recent-title = Latest events
panel-recent-empty = No events yet. Open the bot, send /start and create a free picture — all of it will appear here.
panel-recent-when = When
panel-recent-model = Model
panel-recent-state = State
panel-recent-price = Price
panel-recent-user = User

panel-errors-title = Latest errors
panel-errors-empty = No errors. When something breaks, its time, place and search number will appear here.
panel-errors-when = When
panel-errors-where = Where
panel-errors-class = Class
panel-errors-corr = Number (corr)
panel-errors-hint = It is the number that the user saw. Details: /admin corr { $corr } in the bot.
panel-corr = Request number
panel-corr-text = If you write to support, give this number: { $corr }

panel-users-empty = No users yet. Share the link to the bot: { $link }
panel-generations-empty = Nothing has been created today yet.
panel-revenue-empty = Revenue will appear after the first paid generation.

## How a bot stands, and what is to be done about it

panel-connection-ok = connected
panel-connection-waiting = connecting
panel-connection-token = token refused
panel-connection-webhook = webhook does not work
panel-connection-help = Users get no answer at the moment. What to do stands below.
panel-checked = Checked

## Changes since yesterday

panel-change-same = the same as yesterday
panel-change-more = { $value } more than yesterday
panel-change-less = { $value } less than yesterday
panel-points = { $n } pp
panel-days-chart = The last 14 days
panel-tile-delivered = Generations delivered
panel-tile-failed = Generations failed
panel-tile-new = New users
panel-tile-active = Active users
panel-price-free = free
panel-price-admin = administrator
panel-price-trial = trial
panel-key-figures = Today's figures

## Errors in words: what it was, and what to do

panel-class-busy = The database did not answer in time
panel-class-storage = Data was not stored
panel-class-vault = Sealed data did not open
panel-class-slow = Handling took too long
panel-class-race = Two actions met
panel-class-defect = A fault in the program
panel-class-other = Another error
panel-hint-busy = It usually passes by itself. If it comes again, give the platform's owner the number { $corr }.
panel-hint-storage = No money was touched. Give the platform's owner the number { $corr }.
panel-hint-vault = Check the platform's master key. Number to search for: { $corr }.
panel-hint-slow = The user can repeat the action. Number to search for: { $corr }.
panel-hint-race = Nothing is to be done: the user can repeat. Number to search for: { $corr }.
panel-hint-defect = The user saw an apology. Give the platform's owner the number { $corr }.
panel-hint-other = Give the platform's owner the number { $corr }.

## Owner's page

panel-owner-title = All bots
panel-owner-tenants = Bots: { $n }
panel-owner-id = Id
panel-owner-brand = Name
panel-owner-state = State
panel-owner-users = Users
panel-owner-generations = Generations today
panel-owner-revenue = Revenue today
panel-owner-errors = Errors in 24 h
panel-owner-open = Open
panel-owner-bot = Bot
panel-owner-connection = Telegram
panel-owner-no-errors = none
panel-owner-total = Total
panel-owner-empty = No bots yet. Add the first one: botyard tenant add, or the file tenants.toml.
panel-owner-back = To all bots

## The frame: navigation, what was done, lists

panel-nav = Sections
panel-group-now = Today
panel-group-health = Health
panel-group-manage = Manage
panel-group-platform = Platform
panel-role-support = support, read-only
panel-see-all = All →
panel-pages = Pages
panel-newest = Back to the newest
panel-older = Show older
panel-filter = Filter
panel-filter-off = Show everybody
panel-search = Find
panel-csv = Download CSV
panel-reason = Reason
panel-reason-optional = Reason (optional)
panel-step-up-title = A fresh confirmation is needed
panel-step-up-text = For this act your sign-in must be some minutes old at most. Send /panel to the bot, open the new link and try again. Nothing was changed.

panel-done-credited = The money is credited, and the user was told.
panel-done-credited-before = This credit was made before. Nothing was credited a second time.
panel-done-credit-asked = A second admin is needed: they are asked. Nothing is credited yet.
panel-done-credit-first = Approved. One more admin is needed.
panel-done-credit-declined = The request is declined, nothing was credited.
panel-done-credit-asked-day = Your credits and approvals of today have reached their limit: a second admin is needed and asked. Nothing is credited yet.
panel-problem-credit-alone-day = Your credits and approvals of today have reached their limit: a second admin is needed, and this bot has only one. Add another on the “Team” page, or change the limit in the money settings. Nothing was credited.
panel-problem-credit-alone = Such a sum needs a second admin, and this bot has only one. Add another on the “Team” page, or change the limit in the money settings. Nothing was credited.
panel-problem-credit-same-person = Another admin must approve.
panel-problem-credit-over = This request is closed already.
panel-second = Credits that wait for a second admin
panel-second-hint = Approve if the credit is right. Without approval no money comes, and the request closes by itself.
panel-second-asker = Asked by
panel-second-first = Approved by
panel-second-until = Until
panel-second-yes = Approve
panel-second-no = Decline
panel-second-own = Another admin must approve.
panel-done-blocked = The user is blocked. Generations in work will finish.
panel-done-unblocked = The user can use the bot again.
panel-done-sent-again = The result is being sent once more.
panel-done-sent-before = The result was sent before or is on its way.
panel-done-refund-begun = The refund has begun: the money is taken back, Telegram returns the Stars.
panel-problem-credit-amount = That amount does not fit: 0.01 to 100,000 ₽, at most two decimals. Nothing was credited.
panel-problem-credit-reason = A reason of 3 to 200 characters is needed. Nothing was credited.
panel-problem-block-admin = An admin of the bot cannot be blocked.
panel-problem-send-money = The money for this generation was given back, and the user has too little now. The result was not sent.
panel-problem-send-nothing = This generation has no result that could be sent.
panel-problem-refund-erased = This person has erased their data. Only Telegram can return these Stars: @TelegramSupport.
panel-problem-refund-before = This payment is refunded, or its refund has begun.

## People

panel-users-search = Number or @name
panel-users-nobody = Nobody was found. The exact Telegram number or @name is needed.
panel-users-all = All
panel-users-blocked = Blocked
panel-users-lost = Unreachable
panel-users-none = Nobody here yet. Users appear as soon as they write to the bot.
panel-user-available = Available
panel-user-since = First seen
panel-user-seen = Last seen
panel-user-blocked = blocked
panel-user-lost = the bot cannot write
panel-user-admin = admin
panel-user-money = Money
panel-user-debt = Debt
panel-user-paid = Paid
panel-user-free = Free today
panel-user-free-of = { $left } of { $total }
panel-user-bank = Bonus generations
panel-user-no-works = Nothing created yet.
panel-user-no-payments = No payments.
panel-user-credits = Last credits
panel-user-facts = About the user
panel-user-deeds = What admins did
panel-credit = Credit money
panel-credit-amount = Amount, ₽
panel-credit-hint = The money is on the balance at once, and the user is told. A credit cannot be undone and is no revenue.
panel-credit-do = Credit
panel-block = Block
panel-block-hint = The bot will stop answering this person. Generations in work finish, the balance stays.
panel-block-do = Block
panel-unblock = Unblock
panel-unblock-do = Unblock
panel-erased = erased user

## Generations

panel-works-all = All
panel-works-busy = At work
panel-works-waiting = Not delivered
panel-works-failed = Failed
panel-works-none = Nothing here. Generations appear as soon as users begin to create.
panel-work-facts = Details
panel-cost = Cost
panel-charged = Charged
panel-finished = Finished
panel-cause = Cause
panel-task = The service's task
panel-request = Request
panel-hidden = Requests and results are hidden by the bot's settings.
panel-unreadable = The request does not open. The cause is in the platform's log.
panel-download = Download
panel-send = Send once more
panel-send-hint = The finished result is sent to the user. No new generation is made.
panel-send-do = Send

## Payments

panel-payments = Payments
panel-payments-all = All
panel-payments-none = No payments yet. They appear when a user tops up.
panel-payments-count = payments
panel-methods-all = Any method
panel-method = Method
panel-stars-checked = Stars compared with Telegram: { $at }, differences: { $n }
panel-payment-title = Payment of { $amount }
panel-payment-facts = Details
panel-decided = Decision
panel-charge = Telegram's number
panel-refund = Refund the Stars
panel-refund-hint = { $amount } are taken off the balance, { $after } stay available. Telegram returns the Stars to the buyer. This cannot be undone.
panel-refund-do = Refund

## Errors and stories

panel-errors = Errors
panel-errors-find = Request number
panel-errors-bad-corr = That is no such number: it has 12 letters and digits.
panel-span-day = A day
panel-span-week = A week
panel-span-month = 30 days
panel-trace = Story
panel-trace-title = Story { $corr }
panel-trace-lead = Everything that happened under this number: the update, decisions, jobs, the generation service, money, messages.
panel-trace-empty = Nothing is recorded under this number. Errors are kept for { $time }.

## The audit log

panel-audit = Audit log
panel-audit-lead = Who did what, and when. Entries are chained: none can be changed or cut out unseen.
panel-audit-none = Nothing was done yet.
panel-audit-whole = The chain is whole, entries: { $n }
panel-audit-broken = The chain is broken at entry { $n }
panel-actor-platform = platform
panel-door-telegram = bot
panel-door-panel = panel
panel-door-cli = command line
panel-door-api = API
panel-door-system = system
panel-act-admin-added = An admin was added
panel-act-user-blocked = A user was blocked
panel-act-user-unblocked = A user was unblocked
panel-act-manual-credit = Money was credited by hand
panel-act-credit-asked = A credit was asked for, a second admin must approve
panel-act-credit-approved = The credit was approved
panel-act-credit-declined = The credit was declined
panel-act-credit-expired = Nobody approved the credit in time
panel-act-setting-changed = A setting was changed
panel-act-user-mode = User mode
panel-act-generation-viewed = A generation was opened
panel-act-user-answered = A user was written to
panel-act-article-added = An article was added
panel-act-article-removed = An article was removed
panel-act-promo-created = A promo code was made
panel-act-promo-disabled = A promo code was switched off
panel-act-broadcast-started = A broadcast was started
panel-act-broadcast-changed = A broadcast was paused, resumed or stopped
panel-act-receipt-viewed = A transfer's screenshot was opened
panel-act-payment-approved = A payment was approved
panel-act-payment-rejected = A payment was rejected
panel-act-payment-refunded = A payment was refunded
panel-act-generation-resent = A result was sent once more
panel-act-exported = A list was downloaded
panel-act-admin-removed = An admin's role was taken away
panel-act-viewer-added = A viewer was added
panel-act-viewer-removed = A viewer was removed
panel-act-support-granted = Support was let in
panel-act-support-revoked = Support was let out
panel-act-support-looked = Support opened a page
panel-act-provider-key-set = The generation service's key was changed
panel-act-token-replaced = The bot's token was replaced
panel-act-bot-paused = The bot was paused
panel-act-bot-resumed = The pause was ended
panel-act-bot-suspended = Suspension by the platform, or its end
panel-act-limits-changed = Limits were changed
panel-act-job-requeued = A job was put once more
panel-act-panel-entered = Signed in to the panel by a link
panel-act-miniapp-entered = Signed in to the panel inside Telegram
panel-act-panel-left = Signed out of the panel
panel-act-session-lost = A session of the panel ended with the role
panel-act-sessions-ended = All sessions of the panel were ended
panel-act-state-changed = The bot's state changed
panel-act-webhook-changed = A webhook changed

## What a bot sells and says

panel-group-sell = Sales and texts
panel-save = Save
panel-pause = Pause the bot
panel-pause-hint = Users will read that the bot is paused. Generations in work finish, payments are credited. The bot can go on at any moment.
panel-resume = Go on working
panel-resume-hint = The bot will answer all users again.
panel-done-paused = The bot is paused.
panel-done-resumed = The bot works again.
panel-done-saved = Saved. The bot follows it within seconds.
panel-done-same = Nothing has changed.
panel-problem-state = The bot's state is another one already. See how it has changed.
panel-problem-managed = The settings of this bot are set by the file tenants.toml on the server: they cannot be changed here.
panel-problem-lost = Somebody changed the settings at the same moment. Check and save once more.
panel-problem-no-models = Choose at least one model. Nothing was changed.

panel-models = Models and prices
panel-models-offered = Offered: { $n } of { $total }
panel-models-price = Price from
panel-models-try = Try a markup
panel-models-try-do = Try
panel-models-try-wrong = That is no markup: a number from 0.5 to 10 is expected, such as 1.15. Below are the prices with your own.
panel-models-trying = This is a trial: prices are shown with another markup, and users do not see them. Set it in “Prices and bonuses”.
panel-models-free = has a free variant
panel-models-unsellable = not sold by the platform: no price or no description
panel-models-unchecked = not confirmed by the service, not checked by the platform: it cannot be switched on
panel-models-checked = checked by the platform
panel-margin = Stays

panel-settings = Settings
panel-settings-wrong = Not saved: check the marked fields. The others are as you wrote them.
panel-settings-texts = Texts and brand
panel-settings-texts-lead = How the bot presents itself. An empty field means the platform's usual text.
panel-settings-prices = Prices and bonuses
panel-settings-prices-lead = The markup multiplies the catalog's prices. The rate is for the cost only, it changes no price.
panel-settings-money = Payment
panel-settings-money-lead = Top-up amounts and ways to pay.
panel-settings-general = General
panel-settings-general-lead = Time, languages and how the bot behaves.
panel-preview = What a user will see
panel-requisites-phone = Phone
panel-requisites-bank = Bank
panel-requisites-holder = Holder
panel-setting-brand = Name of the bot
panel-setting-brand-hint = One line, up to 64 characters.
panel-setting-welcome-text = Greeting
panel-setting-welcome-text-hint = Up to 1000 characters.
panel-setting-whats-new = News
panel-setting-whats-new-hint = Up to 300 characters. Shown in the main menu.
panel-setting-support-contact = Support contact
panel-setting-support-contact-hint = @name or a text of up to 200 characters.
panel-setting-privacy-url = Privacy policy
panel-setting-privacy-url-hint = An address that begins with https://, or empty.
panel-setting-markup = Markup
panel-setting-markup-hint = A number from 0.5 to 10. 1.15 is plus 15 %.
panel-setting-currency-rate = Roubles for a dollar
panel-setting-currency-rate-hint = A number from 1 to 1000.
panel-setting-free-per-day = Free generations a day
panel-setting-free-per-day-hint = A whole number from 0 to 100.
panel-setting-referral-bonus = Bonus for an invitation
panel-setting-referral-bonus-hint = Generations for each side, 0 to 100.
panel-setting-gift-min = Gift, at least, ₽
panel-setting-gift-min-hint = 0 to 500, not above the upper bound.
panel-setting-gift-max = Gift, at most, ₽
panel-setting-gift-max-hint = 0 to 500. Zero switches the gift wheel off.
panel-setting-topup-presets = Top-up amounts, ₽
panel-setting-topup-presets-hint = One to six, separated by spaces: 50 100 150.
panel-setting-topup-min = Smallest top-up, ₽
panel-setting-topup-max = Largest top-up, ₽
panel-setting-topup-max-hint = Up to 100,000.
panel-setting-stars-enabled = Take Telegram Stars
panel-setting-stars-rate = Stars for a rouble
panel-setting-stars-rate-hint = A number from 0.1 to 100.
panel-setting-sbp-enabled = Take SBP transfers
panel-setting-sbp-enabled-hint = Works once the next box is ticked, too, and the requisites are complete.
panel-setting-sbp-terms-ack = I know Telegram's rule: digital goods are sold for Stars
panel-setting-sbp-requisites = SBP requisites
panel-setting-sbp-requisites-hint = All three fields or none.
panel-setting-sbp-auto-approve = Approve matching receipts automatically
panel-setting-sbp-auto-limit = Automatically at most, ₽
panel-setting-sbp-auto-limit-hint = 0 to 50,000.
panel-setting-sbp-auto-day-limit = Automatically to one person in a day, ₽
panel-setting-sbp-auto-day-limit-hint = Once so much was credited automatically in a day, an admin looks at this person's further receipts. 0 to 1,000,000; 0 is three times the sum above.
panel-setting-sbp-max-attempts = Pictures for one invoice
panel-setting-sbp-max-attempts-hint = 1 to 10.
panel-setting-approval-limit = Second admin above, ₽
panel-setting-approval-limit-hint = Transfers and credits by hand above this sum need another admin's approval. 0 to 100,000; 0 is never.
panel-setting-approval-day-limit = One admin in a day, ₽
panel-setting-approval-day-limit-hint = When the transfers and credits by hand that one admin has approved in a day together grow above this sum, another admin approves, too. 0 to 1,000,000; 0 is no limit.
panel-setting-timezone = Time zone
panel-setting-timezone-hint = Europe/Moscow or Asia/Yekaterinburg, for example.
panel-setting-default-language = Default language
panel-setting-languages = Languages of the bot
panel-setting-languages-hint = At least one, the default language among them.
panel-setting-max-parallel = Generations of one user at once
panel-setting-max-parallel-hint = 1 to 20.
panel-setting-preferred-aspect-ratio = Usual aspect ratio
panel-setting-other-models-target = The model behind “Other models”
panel-setting-other-models-target-hint = A model's name in the catalog; empty: no button.
panel-setting-hide-prompts = Hide requests and results from admins
panel-setting-dry-run = Trial mode: nothing is created and nothing is charged

panel-limits = Limits
panel-limits-lead = What the platform allows: used / in total. If it is too little, write to the platform's owner.

panel-keys = Token and keys
panel-keys-lead = Secrets are kept encrypted and are shown nowhere again. Replacing one wants a fresh sign-in by the bot's link.
panel-token = The bot's token
panel-token-replace = Replace the token
panel-token-new = New token
panel-token-hint = Get it from @BotFather: /mybots → API Token → Revoke. Only a token of this same bot fits; users, balances and payments stay.
panel-key-none = not set
panel-key-change = Change the key
panel-key-new = New key
panel-key-hint = An empty field takes the bot's own key away: it then uses the platform's, if there is one; otherwise generation is off.
panel-done-token = The token is replaced. The bot connects with it within seconds.
panel-done-key = The key is saved.
panel-problem-token-shape = That does not look like a token. One looks like this: 123456789:AA… Nothing was changed.
panel-problem-token-other = That is another bot's token. Nothing was changed.
panel-problem-key-shape = A key has 8 to 200 Latin letters, digits and signs without spaces. Nothing was changed.

panel-promos = Promo codes
panel-promos-lead = An amount is credited at once, a percentage is added to the next top-up.
panel-promos-none = No promo codes yet. Make the first one to invite new users.
panel-promo-new = New promo code
panel-promo-code = Code
panel-promo-worth = Worth
panel-promo-total = Uses in total
panel-promo-per-user = Uses per user
panel-promo-days = Days
panel-promo-hint = Code: 3–32 letters, digits, “-” and “_”. Worth: 50 (roubles, up to 5000) or 15% (up to 100%). Up to 1,000,000 uses, up to 100 per user, up to 365 days.
panel-promo-make = Make it
panel-promo-used = Used
panel-promo-until = Valid until
panel-promo-live = valid
panel-promo-off = switched off
panel-promo-over = expired
panel-promo-used-up = used up
panel-promo-off-do = Switch off
panel-done-promo-made = The promo code is made.
panel-done-promo-off = The promo code is switched off.
panel-form-wrong = Not saved: correct the marked field. The others are as you wrote them.
panel-promo-rule-code = A code has 3 to 32 characters: Latin or Russian letters, digits, “-” and “_”.
panel-promo-rule-worth = The worth is 1 to 5000 ₽, or 1 to 100 with a % sign.
panel-promo-rule-total = Uses in total: a whole number from 1 to 1,000,000.
panel-promo-rule-per-user = Uses per user: a whole number from 1 to 100.
panel-promo-rule-days = Days: a whole number from 1 to 365.
panel-promo-exists = There is such a code already. Think of another one.
panel-promo-too-much = One person could get more from this code than an administrator may credit alone. Make it smaller or lower the uses per person. Nothing was made.
panel-promo-too-much-day = With this code you would pass what an administrator may credit alone in a day. Make it smaller, try tomorrow or ask another administrator. Nothing was made.

panel-knowledge = Knowledge base
panel-knowledge-lead = The bot answers users' questions with pieces of these articles and makes nothing up.
panel-knowledge-ask = A user's question
panel-knowledge-try = Try the answer
panel-knowledge-found = The bot would answer
panel-knowledge-nothing = No article answers this. Add one with these words.
panel-knowledge-new = New article
panel-knowledge-text = Text
panel-knowledge-hint = The first line becomes the title. 20 to 8000 characters.
panel-knowledge-add = Add
panel-knowledge-none = No articles yet. Write the first: how to pay, how long it takes, what to do when it fails.
panel-article-title-only = The article has one line: its title.
panel-article-remove = Remove the article
panel-article-remove-hint = The bot stops answering with it. It only comes back by writing it anew.
panel-done-article-added = The article is added.
panel-done-article-removed = The article is removed.
panel-problem-article-same = There is such an article already.
panel-problem-article-length = 20 to 8000 characters are needed. The article was not added.

## The platform owner's pages

panel-owner-manage = manage
panel-owner-control = Control
panel-owner-partner = Partner
panel-owner-suspend = Suspend the bot
panel-owner-suspend-hint = Users will read that the bot does not work, without a reason. Admins are told the reason and your contact. Generations in work finish, payments are credited.
panel-owner-release = Let the bot go on
panel-owner-release-hint = The bot will answer everybody again.
panel-owner-limits = Limits
panel-limit-users = Users
panel-limit-generations-per-day = Generations a day
panel-limit-generations-in-flight = Generations at once
panel-limit-updates-per-second = Messages a second
panel-limit-broadcast-per-second = Broadcast, a second
panel-limit-storage-mib = Storage, MiB
panel-limit-shared-credits-per-day = Credits of the shared key a day
panel-limit-own-credits-per-day = Credits of its own key a day
panel-limit-panel-requests-per-minute = Panel requests a minute
panel-limit-fee-basis-points = Platform fee, hundredths of a percent
panel-limit-generation-off = Generations stopped (1 is yes)
panel-limit-fee = Platform fee
panel-limit-stopped = New generations stopped
panel-limit-yes = yes
panel-limit-no = no
panel-done-suspended = The bot is suspended.
panel-done-released = The bot works again.
panel-done-requeued = The job is put once more.
panel-problem-reason = A reason of 3 to 200 characters is needed. Nothing was changed.
panel-problem-limits = Each limit is a whole number. Nothing was changed.
panel-problem-requeue = The job waits no more: it was put before, or such work is under way.
panel-money = The platform's money
panel-money-lead = The last 30 days, all bots. The cost is counted by each bot's own rate.
panel-topups = Top-ups
panel-manual = Credited by hand
panel-jobs = Jobs
panel-queues = Queues
panel-queues-none = All queues are empty.
panel-queues-hint = Waiting / at work, and when the oldest was due.
panel-dead = Given up
panel-dead-none = Nothing was given up: all jobs are done or wait their turn.
panel-requeue = Put once more
panel-health = Processes
panel-database = Database
panel-outbox-waiting = Messages waiting to be sent
panel-replicas = Processes
panel-replicas-none = No process has said yet that it works.
panel-replica-since = works since { $at } UTC
panel-leases = Roles
panel-leases-none = Nobody has taken a role yet.
panel-replica-here = answers
panel-replica-gone = does not answer
panel-lease-held = held until
panel-lease-free = free, was held until

## The team

panel-team = Team
panel-team-lead = An admin runs the bot with you. A viewer sees the panel and changes nothing, and gets in with /panel in the bot.
panel-team-add = Add somebody
panel-team-add-do = Add
panel-team-number = Telegram number
panel-team-role = Role
panel-team-hint = They must have sent /start to the bot at least once.
panel-team-remove = Remove
panel-team-remove-do = Remove now
panel-support = The platform's support
panel-support-lead = The platform's owner sees the bot's figures, but no people. You can let them look for an hour: they can change nothing, and each page they open is written into the audit log.
panel-support-grant = Let them look for an hour
panel-support-revoke = End it now
panel-support-until = Open until
panel-done-team-added = Added.
panel-done-team-removed = The role is taken away. Open sessions have ended.
panel-done-support-granted = Support may look for an hour.
panel-done-support-revoked = Support looks no more.
panel-problem-team-number = A Telegram number is needed: digits only.
panel-problem-team-start = This person has not sent /start to the bot. Ask them to begin.
panel-problem-team-already = This person has a role already.
panel-problem-team-full = No more people can be added. Remove somebody first.
panel-problem-team-blocked = This person is blocked. Unblock them first.

## Errors: each offers a way back

panel-back-home = To the home page
panel-400-title = Request not understood
panel-400-text = The browser sent something that is not expected here. Open the page anew.
panel-413-title = Too much data
panel-413-text = The file or text is larger than { $max }. Make it smaller and send it again.
panel-404-title = Page not found
panel-404-text = There is no such page, or it is not available to you.
panel-401-title = Please sign in
panel-401-text = Send the bot the command /panel and open the link it sends.
panel-403-title = No access
panel-403-text = You don't have the right to do this. Ask the bot's owner.
panel-csrf-title = Request refused
panel-csrf-text = The form came from another site or is out of date. Reload the page and try again.
panel-link-used-title = This link has already been used
panel-link-used-text = Every link works once. Send the bot the command /panel to get a new one.
panel-link-expired-title = This link is out of date
panel-link-expired-text = Links do not live long. Send the bot the command /panel to get a new one.
panel-link-unknown-title = This link does not fit
panel-link-unknown-text = Check that the whole link was copied, or get a new one with the command /panel in the bot.
panel-file-gone-title = The file is gone
panel-file-gone-text = A link to a result works for { $time }. Open your history in the bot and ask for the result again.
panel-429-title = Too many requests
panel-429-text = Wait { $n } { $n ->
        [one] second
       *[other] seconds
    } and try again.
panel-500-title = Technical error
panel-500-text = We have recorded what happened. Try again in a minute.
panel-503-title = Maintenance in progress
panel-503-text = Your data is safe. The page will open as soon as the work is done.
