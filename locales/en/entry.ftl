# The news of a log-in into the panel, in the chat of whoever came in (reliability.md 3.8).

entry-told =
    🔐 <b>Log-in into the panel</b>
    Device: { $device }
    Network: { $origin }
    Time: { $at }

    If it was not you, press the button: all open sessions will end.
entry-unknown = unknown
entry-ending = Ending the sessions…
entry-ended = 🚪 All sessions of the panel have ended. A new link: /panel
btn-entry-not-me = 🚪 It was not me
