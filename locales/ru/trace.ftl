# The story of a correlation id: /admin corr, the panel's trace page (platform.md 5).

trace-title = 🧵 <b>История</b> <code>{ $corr }</code>
trace-line = { $at } · { $what }
trace-more = …и ещё { $n }: вся история в панели.
trace-update = обновление { $id }
trace-generation = генерация { $id }: { $model }, цена { $price }
trace-submitted = генерация { $id } передаётся сервису
trace-accepted = сервис принял задачу { $task }
trace-ended = генерация { $id }: { $state }, списано { $charged }
trace-ledger = деньги: { $code } ({ $kind }), { $amount }
trace-job = задание { $kind }: { $state }, попыток { $n }
trace-invoice = счёт { $id }: { $state }, { $amount }
trace-payment = платёж { $id }: { $state }, { $amount }
trace-act = действие администратора: { $action }, { $object }
trace-message = сообщение: { $state }, попыток { $n }
trace-error = ошибка { $class }: { $stage } / { $handler }
