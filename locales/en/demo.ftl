# The page of `botyard demo` where a person talks to both bots. Plain text.

demo-title = Botyard: demo
demo-intro = Two bots of two partners on one platform. Choose a bot, send /start and create a picture.
demo-bots = Bots
demo-as = You are { $name }
demo-user = user
demo-admin = bot administrator
demo-input = Message
demo-send = Send
demo-attach = Attach a file
demo-commands = Commands
demo-empty = The conversation will appear here. Begin with /start.
demo-panel = Open the panel
demo-waiting = The bot is typing…
demo-offline = No connection to the program. Is it running?
