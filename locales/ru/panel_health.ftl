# How a bot stands in the panel: diagnostics, billing preflight, the ledger's light, statements (platform.md 5, 6).

panel-ms = мс
panel-report-ok = в порядке
panel-report-unknown = неизвестно
panel-report-degraded = посмотрите
panel-report-fail = не работает
panel-report-old = Этот отчёт сделан прежней версией программы, его строки уже не показать.
panel-verdict-ready = Готов
panel-verdict-degraded = Есть замечания
panel-verdict-fail = Есть ошибки
panel-verdict-ready-help = Всё проверено и в порядке. Делать ничего не нужно.
panel-verdict-degraded-help = Бот работает. Под строками с замечаниями написано, что сделать.
panel-verdict-fail-help = Что-то не работает. Под строками с ошибками написано, что сделать.
panel-asked-start = при запуске
panel-asked-bot = из бота
panel-asked-http = по запросу программы
panel-asked-cli = из командной строки
panel-asked-panel = из панели
panel-due-mend = Исправить

panel-ledger = Журнал денег
panel-ledger-green = сходится
panel-ledger-red = нарушений: { $n }
panel-ledger-unknown = ещё не проверен
panel-ledger-checked = Проверено
panel-ledger-sealed = движений в цепочке
panel-ledger-violations = нарушений

panel-preflight = Проверка денег
panel-preflight-lead = Можно ли сейчас доверять балансам: счета, резервы, бесплатные лимиты, платежи, запись в базу. Проверка ничего не меняет.
panel-preflight-run = Проверить сейчас
panel-preflight-report = Отчёт
panel-preflight-none = Отчётов ещё нет. Нажмите «Проверить сейчас»: это займёт не больше пяти секунд.
panel-preflight-history = Прошлые проверки
panel-done-preflight = Проверка сделана, отчёт ниже.
panel-problem-preflight-slow = База данных не успела ответить, отчёта нет. Попробуйте через минуту.
panel-problem-preflight-storage = База данных сейчас недоступна, отчёта нет. Попробуйте через минуту.

panel-diagnostics = Диагностика
panel-diagnostics-lead = Как бот связан с Telegram и как он запущен. Под каждой строкой, где что-то не так, написано, что сделать.
panel-diagnostics-connection = Связь с Telegram
panel-diagnostics-address = Telegram доставляет сообщения на адрес
panel-diagnostics-polling = Сообщения забираются опросом: открытый адрес не нужен.
panel-diagnostics-boot = Запуск бота
panel-diagnostics-no-boot = Бот ещё не подключён. Отчёт появится, как только Telegram подтвердит токен.
panel-diagnostics-changes = История связи
panel-diagnostics-no-changes = Пока пусто. Здесь появится каждая перемена: потерянный токен, чужой адрес, ошибка доставки.
panel-check-now = Проверить сейчас
panel-done-check-begun = Проверяем токен и адрес. Обновите страницу через несколько секунд.
panel-done-check-runs = Проверка уже идёт. Обновите страницу через несколько секунд.
panel-watch-well = Связь в порядке
panel-watch-webhook-hijacked = Сообщения бота уходят на чужой адрес
panel-watch-token-revoked = Telegram больше не принимает токен
panel-watch-polling-conflict = Сообщения бота забирает другая программа
panel-watch-undelivered = Telegram не смог доставить сообщение

panel-statements = Отчёты по месяцам
panel-statements-lead = Сколько списано за готовые генерации, во сколько они обошлись и что осталось.
panel-statements-zone = Месяцы считаются по времени
panel-statements-none = Отчётов ещё нет: бот появился позже.
panel-statements-note = Это отчёт: деньги им не переводятся. Пока месяц идёт, расход и комиссия считаются по нынешним настройкам; у закрытого месяца они больше не меняются.
panel-statement-present = ещё идёт
panel-statement-closed = закрыт
panel-statement-terms = Закрыт { $at }: { $rate } ₽ за доллар, время { $zone }. Итоги больше не меняются; что случится позже, войдёт в свой месяц.
panel-statement-fee-name = Комиссия платформы
panel-statement-fee = { $sum } ({ $percent } %)
panel-statement-stars = Пополнено через Stars
panel-statement-sbp = Пополнено по СБП
panel-statement-credited = Начислено вручную
panel-statement-given = Подарено

## Errors and stories

panel-errors-of-user = Номер пользователя
panel-errors-filter = Показать
panel-errors-bad-user = Нужен номер в Telegram: только цифры.
panel-errors-newest = По времени
panel-trace-faults = Что пошло не так
panel-trace-story = По шагам

## The audit log

panel-audit-followed = Проверено до записи № { $n }, { $at }. Вся цепочка пройдена { $whole }.
panel-audit-check = Проверить всю цепочку сейчас
panel-done-audit-whole = Цепочка пройдена целиком: все записи на месте.
panel-problem-audit-broken = Цепочка нарушена. Покажите эту страницу тому, кто обслуживает платформу.
panel-audit-broken-help = Покажите эту страницу тому, кто обслуживает платформу: записи меняли в обход программы.
