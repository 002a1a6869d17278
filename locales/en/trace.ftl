# The story of a correlation id: /admin corr, the panel's trace page (platform.md 5).

trace-title = 🧵 <b>Story of</b> <code>{ $corr }</code>
trace-line = { $at } · { $what }
trace-more = …and { $n } more: the whole story is in the panel.
trace-update = update { $id }
trace-generation = generation { $id }: { $model }, price { $price }
trace-submitted = generation { $id } goes to the provider
trace-accepted = the provider took task { $task }
trace-ended = generation { $id }: { $state ->
        [created] { state-created }
        [submitting] { state-submitting }
        [orphan] { state-orphan }
        [queued] { state-queued }
        [running] { state-running }
        [delivering] { state-delivering }
        [delivered] { state-delivered }
        [delivered_late] { state-delivered-late }
        [undelivered] { state-undelivered }
        [failed] { state-failed }
        [canceled] { state-canceled }
        [timed_out] { state-timed-out }
       *[other] { $state }
    }, charged { $charged }
trace-ledger = money: { $code } ({ $kind ->
        [single] at once
        [pending] held
        [post] charged
        [void] released
       *[other] { $kind }
    }), { $amount }
trace-job = job { $kind ->
        [check_receipt] check of a screenshot
        [fetch_upload] fetching a file
        [refund_stars] refund of Stars
        [compare_stars] comparison of Stars
        [erase_person] erasing data
        [panel_link] link to the panel
        [onboarding_link] link for connecting
        [gift_spin] gift
       *[other] { $kind }
    }: { $state ->
        [ready] waiting
        [running] running
        [done] done
        [dead] given up after all tries
       *[other] { $state }
    }, tries { $n }
trace-invoice = invoice { $id }: { $state ->
        [open] { invoice-state-open }
        [review] { invoice-state-review }
        [approved] { invoice-state-approved }
        [rejected] { invoice-state-rejected }
        [closed] { invoice-state-closed }
        [expired] { invoice-state-expired }
       *[other] { $state }
    }, { $amount }
trace-payment = payment { $id }: { $state ->
        [waiting] { pay-state-waiting }
        [review] { pay-state-review }
        [approved] { pay-state-approved }
        [rejected] { pay-state-rejected }
        [duplicate] { pay-state-duplicate }
        [superseded] { pay-state-superseded }
        [refunding] { pay-state-refunding }
        [refunded] { pay-state-refunded }
        [taken_back] credit taken back
       *[other] { $state }
    }, { $amount }
trace-act = act of an admin: { $action }, { $object }
trace-message = message: { $state ->
        [queued] waiting to be sent
        [sending] being sent
        [sent] sent
        [in_doubt] unknown whether it arrived
        [dropped] not needed any more
        [dead] not sent after all tries
       *[other] { $state }
    }, tries { $n }
trace-error = error { $class }: { $stage } / { $handler }
