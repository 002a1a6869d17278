# The web panel: signing in, a tenant's home, the owner's page, error pages. Plain text: templates escape it.

panel-name = Panel
panel-skip = Skip to content
panel-language = Language
panel-sign-out = Sign out
panel-theme = Theme
panel-updated = Updated { $at }
panel-refresh = Refresh
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

panel-today = Today
panel-yesterday = Yesterday
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
panel-balances = On users' balances
panel-free-used = Free ones used

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
panel-due-waiting = Telegram has not answered yet
panel-due-waiting-how = The bot is connecting; it usually takes some seconds. The page refreshes by itself.
panel-due-token = Telegram refuses the bot's token
panel-due-token-how = Get a new token from @BotFather (/mybots → API Token) and replace it in the bot's settings.
panel-due-webhook = Telegram does not deliver messages to the bot
panel-due-webhook-how = Check that the platform's address can be opened from outside over https. Connecting is tried again by itself.
panel-due-provider = There is no key of the generation service
panel-due-provider-how = Put a key into the bot's settings: until then menus work and generation is off.
panel-due-support = No support contact is set
panel-due-support-how = Add it to the bot's settings, so that users know whom to write to.

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

## Errors: each offers a way back

panel-back-home = To the home page
panel-back = Back
panel-400-title = Request not understood
panel-400-text = The browser sent something that is not expected here. Open the page anew.
panel-413-title = Too much data
panel-413-text = The request is larger than what is taken here.
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
panel-file-gone-text = A link to a result works for 24 hours. Open your history in the bot and ask for the result again.
panel-429-title = Too many requests
panel-429-text = Wait { $n } { $n ->
        [one] second
       *[other] seconds
    } and try again.
panel-500-title = Technical error
panel-500-text = We have recorded what happened. Try again in a minute.
panel-503-title = Maintenance in progress
panel-503-text = Your data is safe. The page will open as soon as the work is done.
