# Descriptions for setMyCommands, at most 256 characters, without markup (bot.md 3).

cmd-start = Main menu
cmd-models = Models by category
cmd-balance = Balance and top-up
cmd-status = What is running now
cmd-cancel = Cancel the current step
cmd-help = Help
cmd-language = Язык / Language
cmd-privacy = My data
cmd-paysupport = Payment questions

## Added for admins

cmd-admin = Administrator's menu
cmd-payments = Payments
cmd-panel = Web panel
cmd-add = Add an article to the knowledge base
cmd-selftest = Self-test
cmd-config-check = Check of the settings
