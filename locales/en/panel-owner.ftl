# The platform owner's own pages.

panel-invite = Invite a partner
panel-invite-lead = A link by which a partner connects a bot of their own. The person with this Telegram id becomes its owner.
panel-invite-person = Telegram id
panel-invite-language = The partner's language
panel-invite-hint = A person learns their id from @userinfobot. Give the link to them only: who opens it first comes in.
panel-invite-make = Make the link
panel-invite-made = The link is ready
panel-invite-life = Copy it now: it is shown nowhere again. It works once and for { $n } minutes. A new link for the same person ends the earlier one.
panel-invite-wrong = A Telegram id is needed: digits only.
panel-invite-banned = This person is banned from the platform: lift the ban first (botyard ban).
panel-owner-preflight = Money check
panel-owner-preflight-lead = Whether money and rows agree, over all bots at once.
panel-owner-preflight-do = Check now
