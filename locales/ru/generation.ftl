# A generation from confirm to result: S-16 … S-19, delivery (bot.md 10), history S-38.

## S-16: stages of the one progress message

stage-start = 🚀 Старт генерации
stage-queued = 📥 Задача в очереди
stage-queued-place = 📥 Задача в очереди, место: { $place }
stage-running = ⏳ Обрабатываю запрос ({ $elapsed })
stage-background = ⏳ Продолжаю в фоне — пришлю результат сюда
stage-delivering = 📤 Доставляю результат
stage-done = ✅ Готово
stage-ended = ⏹ Генерация завершилась без результата
progress-model = 🤖 { $title }
progress-price = 💰 { $price }
progress-free = 🎁 Бесплатно
progress-id = 🧾 <code>{ $gid }</code>
btn-status = 📊 Статус
btn-cancel-generation = ❌ Отменить
btn-cancel-of = ❌ Отменить: { $title }
btn-status-of = 📊 { $title }
gen-canceled = ❌ Отменено. Деньги не списаны.
gen-canceled-free = ❌ Отменено. Сервис уже начал работу, поэтому бесплатная генерация считается использованной.
gen-finished = Генерация уже завершена.
gen-canceling = Отменяю…
cancel-limit = Сегодня отменить уже запущенную генерацию больше нельзя — дождитесь результата.
launching = Запускаю параллельный запрос, попробуйте ещё раз через пару секунд.
dry-run = ✅ Тестовый режим: генерация симулирована

## S-17 status

status-title = 📊 <b>Статус генерации</b>
status-model = 🤖 Модель: { $title }
status-created = 🕒 Создано: { $at }
status-elapsed = ⏱ Прошло: { $elapsed }
status-stage = 📍 Этап: { $stage }
status-delivery = 📤 Доставка: { $delivery }
status-charge = 💰 Списание: { $charge }
status-none = Сейчас ничего не генерируется.
status-active = Сейчас в работе:
status-line = • { $title } — { $stage }
status-last = Последняя: { $title } — { $stage }

state-created = ждёт запуска
state-submitting = запускается
state-queued = в очереди
state-orphan = в очереди
state-running = обрабатывается
state-delivering = доставляется
state-delivered = доставлена
state-delivered-late = доставлена с опозданием, бесплатно
state-undelivered = готова, но не отправлена
state-failed = не удалась
state-canceled = отменена
state-timed-out = не дождались результата

delivery-waiting = ждёт результата
delivery-sending = отправляю
delivery-done = отправлено
delivery-failed = не отправилось
charge-free = бесплатно
charge-admin = бесплатно, админ
charge-held = { $price } в резерве, спишу после доставки
charge-done = { $price } списано
charge-none = не списано

## S-18 after the result

result-done = ✅ { $title } · { $price } · Баланс: { $available }
result-free = ✅ { $title } · бесплатно · Баланс: { $available }
result-admin = ✅ { $title } · Админ: бесплатно
result-partial = Получено { $k } из { $n }, списано { $amount }
result-partial-free = Получено { $k } из { $n }, неиспользованные бесплатные возвращены
result-unlimited = Без лимита — от { $price }
result-late = 🎁 Результат пришёл с опозданием — он бесплатный.
btn-again = 🔄 Сгенерировать ещё
btn-repeat = 🔁 Повторить с теми же параметрами
btn-back-to-menu = ◀️ Вернуться в меню

## S-19 failure

failure-ids = 🧾 <code>{ $gid }</code> · Лог: <code>{ $corr }</code>
input-unreadable = Не удалось прочитать файл, загрузите другой.
bad-params-plain = проверьте значения и попробуйте снова.
btn-retry = 🔁 Повторить
btn-redeliver = 📤 Получить ещё раз
btn-redeliver-price = 📤 Получить результат — { $price }

## Delivery (bot.md 10)

caption = { $title }
caption-params = { $title } · { $params }
caption-param = { $label }: { $value }
file-too-large =
    ⚠️ Файл слишком большой для Telegram
    <a href="{ $link }">Скачать результат</a> — ссылка работает { $time }.
result-text-title = 📝 { $title }:

## S-38 history

history-place = 📚 № { $i } из { $n }
history-price = 💰 { $price }
history-free = 🎁 Бесплатно
history-prompt = 📝 { $prompt }
history-results = Результатов: { $k }
history-state = Статус: { $state }
history-first = ⚠️ Это первая генерация
history-last = ⚠️ Это последняя генерация
history-sent = ⬆️ { $title }: результат отправлен ещё раз.
btn-history-older = ◀️
btn-history-newer = ▶️
btn-show-result = 👁️ Показать результат
btn-history-repeat = 🔁 Повторить
