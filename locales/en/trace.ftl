# The story of a correlation id: /admin corr, the panel's trace page (platform.md 5).

trace-title = 🧵 <b>Story of</b> <code>{ $corr }</code>
trace-line = { $at } · { $what }
trace-more = …and { $n } more: the whole story is in the panel.
trace-update = update { $id }
trace-generation = generation { $id }: { $model }, price { $price }
trace-submitted = generation { $id } goes to the provider
trace-accepted = the provider took task { $task }
trace-ended = generation { $id }: { $state }, charged { $charged }
trace-ledger = money: { $code } ({ $kind }), { $amount }
trace-job = job { $kind }: { $state }, tries { $n }
trace-invoice = invoice { $id }: { $state }, { $amount }
trace-payment = payment { $id }: { $state }, { $amount }
trace-act = act of an admin: { $action }, { $object }
trace-message = message: { $state }, tries { $n }
trace-error = error { $class }: { $stage } / { $handler }
