# The story of a correlation id: /admin corr, the panel's trace page (platform.md 5).

trace-title = 🧵 <b>История</b> <code>{ $corr }</code>
trace-line = { $at } · { $what }
trace-more = …и ещё { $n }: вся история в панели.
trace-update = обновление { $id }
trace-generation = генерация { $id }: { $model }, цена { $price }
trace-submitted = генерация { $id } передаётся сервису
trace-accepted = сервис принял задачу { $task }
trace-ended = генерация { $id }: { $state ->
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
    }, списано { $charged }
trace-ledger = деньги: { $code } ({ $kind ->
        [single] сразу
        [pending] заморожено
        [post] списано
        [void] разморожено
       *[other] { $kind }
    }), { $amount }
trace-job = задание { $kind ->
        [check_receipt] проверка скриншота
        [fetch_upload] загрузка файла
        [refund_stars] возврат Stars
        [compare_stars] сверка Stars
        [erase_person] удаление данных
        [panel_link] ссылка в панель
        [onboarding_link] ссылка для подключения
        [gift_spin] подарок
       *[other] { $kind }
    }: { $state ->
        [ready] ждёт
        [running] выполняется
        [done] выполнено
        [dead] остановлено после всех попыток
       *[other] { $state }
    }, попыток { $n }
trace-invoice = счёт { $id }: { $state ->
        [open] { invoice-state-open }
        [review] { invoice-state-review }
        [approved] { invoice-state-approved }
        [rejected] { invoice-state-rejected }
        [closed] { invoice-state-closed }
        [expired] { invoice-state-expired }
       *[other] { $state }
    }, { $amount }
trace-payment = платёж { $id }: { $state ->
        [waiting] { pay-state-waiting }
        [review] { pay-state-review }
        [approved] { pay-state-approved }
        [rejected] { pay-state-rejected }
        [duplicate] { pay-state-duplicate }
        [superseded] { pay-state-superseded }
        [refunding] { pay-state-refunding }
        [refunded] { pay-state-refunded }
        [taken_back] зачисление отменено
       *[other] { $state }
    }, { $amount }
trace-act = действие администратора: { $action }, { $object }
trace-message = сообщение: { $state ->
        [queued] ждёт отправки
        [sending] отправляется
        [sent] отправлено
        [in_doubt] неизвестно, дошло ли
        [dropped] не понадобилось
        [dead] не отправлено после всех попыток
       *[other] { $state }
    }, попыток { $n }
trace-error = ошибка { $class }: { $stage } / { $handler }
