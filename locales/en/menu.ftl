# S-01 main menu, S-02 minimal menu. A line without its data is left out by the screen (bot.md 5, S-01).

menu-brand = <b>{ $brand }</b>
menu-brand-default = Image, video and sound studio
menu-welcome-default = Describe your idea in words or send a photo — I'll do the rest. Choose where to begin:
menu-balance = 💰 Available: { $available }
menu-link = 🔗 Your link: { $link } (+{ $bonus })
menu-hint = /help — help · /language — language
menu-user-mode = 👁 User mode. To leave: /admin
menu-balance-unavailable = ⚠️ The balance is unavailable for now
menu-minimal = Main menu
menu-plain = Main menu: /start

## The eight rows of S-01, in their order

btn-fast-tools = 🆓 FAST TOOLS
btn-menu-t2i = 🎨 Visual generation
btn-menu-i2i = 🧩 Image remix
btn-menu-t2v = 🎬 Script to video
btn-menu-i2v = 🪄 Animate image
btn-menu-special = 🧰 Special tools
btn-menu-balance = 💳 Balance / Access
btn-menu-referral = 🤝 Referral

## S-02

btn-models = 🤖 Models
btn-balance = 💳 Balance
btn-help = ❓ Help
btn-my-generations = 📚 My generations
