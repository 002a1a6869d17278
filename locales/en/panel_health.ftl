# How a bot stands in the panel: diagnostics, billing preflight, the ledger's light, statements (platform.md 5, 6).

panel-ms = ms
panel-report-ok = in order
panel-report-unknown = not known
panel-report-degraded = look at it
panel-report-fail = does not work
panel-report-old = This report was made by an earlier version of the program; its lines cannot be shown any more.
panel-verdict-ready = Ready
panel-verdict-degraded = With remarks
panel-verdict-fail = With errors
panel-verdict-ready-help = Everything was checked and is in order. There is nothing to do.
panel-verdict-degraded-help = The bot works. Below the lines with remarks it is written what to do.
panel-verdict-fail-help = Something does not work. Below the lines with errors it is written what to do.
panel-asked-start = at a start
panel-asked-bot = from the bot
panel-asked-http = asked by a program
panel-asked-cli = from the command line
panel-asked-panel = from the panel
panel-due-mend = Mend it

panel-ledger = Ledger
panel-ledger-green = adds up
panel-ledger-red = violations: { $n }
panel-ledger-unknown = not checked yet
panel-ledger-checked = Checked
panel-ledger-sealed = movements in the chain
panel-ledger-violations = violations

panel-preflight = Money check
panel-preflight-lead = Whether balances can be trusted now: accounts, holds, free limits, payments, writing to the database. The check changes nothing.
panel-preflight-run = Check now
panel-preflight-report = Report
panel-preflight-none = There are no reports yet. Press “Check now”: it takes five seconds at most.
panel-preflight-history = Earlier checks
panel-done-preflight = The check is made, the report is below.
panel-problem-preflight-slow = The database did not answer in time, there is no report. Try in a minute.
panel-problem-preflight-storage = The database is not available now, there is no report. Try in a minute.

panel-diagnostics = Diagnostics
panel-diagnostics-lead = How the bot is connected to Telegram and how it was started. Below each line where something is wrong it is written what to do.
panel-diagnostics-connection = Connection with Telegram
panel-diagnostics-address = Telegram delivers messages to
panel-diagnostics-polling = Messages are fetched by polling: no open address is needed.
panel-diagnostics-boot = The bot's start
panel-diagnostics-no-boot = The bot is not connected yet. The report comes as soon as Telegram confirms the token.
panel-diagnostics-changes = History of the connection
panel-diagnostics-no-changes = Nothing yet. Every change will be here: a lost token, a foreign address, a failed delivery.
panel-check-now = Check now
panel-done-check-begun = The token and the address are being checked. Refresh the page in some seconds.
panel-done-check-runs = A check is running already. Refresh the page in some seconds.
panel-watch-well = The connection is in order
panel-watch-webhook-hijacked = The bot's messages go to a foreign address
panel-watch-token-revoked = Telegram does not accept the token any more
panel-watch-polling-conflict = Another program fetches the bot's messages
panel-watch-undelivered = Telegram could not deliver a message

panel-statements = Months
panel-statements-lead = How much was taken for delivered generations, what they cost and what is left.
panel-statements-zone = Months go by the time of
panel-statements-none = There are no statements yet: the bot came later.
panel-statements-note = This is a report: no money is moved by it. While a month runs, its cost and fee are counted by the present settings; a closed month keeps its own.
panel-statement-present = not over yet
panel-statement-closed = closed
panel-statement-terms = Closed on { $at } at { $rate } ₽ for a dollar, by the time of { $zone }. The figures stay as they are; what comes later belongs to its own month.
panel-statement-fee-name = The platform's fee
panel-statement-fee = { $sum } ({ $percent } %)
panel-statement-stars = Topped up by Stars
panel-statement-sbp = Topped up by SBP
panel-statement-credited = Credited by hand
panel-statement-given = Given away

## Errors and stories

panel-errors-of-user = User's number
panel-errors-filter = Show
panel-errors-bad-user = A number in Telegram is needed: digits only.
panel-errors-newest = By time
panel-trace-faults = What went wrong
panel-trace-story = Step by step

## The audit log

panel-audit-followed = Verified up to entry № { $n }, { $at }. The whole chain was followed { $whole }.
panel-audit-check = Verify the whole chain now
panel-done-audit-whole = The whole chain was followed: every entry is in its place.
panel-problem-audit-broken = The chain is broken. Show this page to whoever runs the platform.
panel-audit-broken-help = Show this page to whoever runs the platform: entries were changed behind the program's back.
