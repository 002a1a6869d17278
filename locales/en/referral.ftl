# S-28 referral (bot.md 5.4, 12.2).

referral-title = 🤝 <b>Referral</b>
referral-off = Bonuses for invitations are switched off at the moment, but you can share the link.
referral-how =
    1. Send your link to a friend.
    2. Your friend starts the bot for the first time.
    3. Both of you receive { $bonus } { $bonus ->
        [one] bonus generation
       *[other] bonus generations
    }.
referral-stats =
    👥 Invited: { $invited }
    ✅ Active: { $activated }
    🎟 Bonus ones left: { $bank }
referral-link = 🔗 Your link: <code>{ $link }</code>
referral-self = You can't invite yourself.
referral-existing = The bonus is for new users only.
referral-share = Create pictures, videos and sound right in Telegram. My link gives bonus generations:
btn-share = 📤 Share
