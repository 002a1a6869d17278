# Payments: what comes of them, and their list for admins (bot.md 5.3, 5.5, 11).

## To the payer

pay-bonus = 🎁 Бонус по промокоду: +{ $amount }
pay-repaid = Из них { $amount } закрыли долг.
stars-description-plain = Пополнение баланса бота
stars-waiting = 🕓 Оплата получена, сверяю её с Telegram. Зачислю не позже чем через { $time }.
invoice-state-open = ждёт оплаты
invoice-state-review = на проверке
invoice-state-approved = зачислен
invoice-state-rejected = отклонён
invoice-state-expired = истёк
stars-returned = ↩️ Возврат { $xtr } ⭐ выполнен.
bonus-returned = 🎁 Бонус по промокоду снят: { $bonus }

## To admins

admin-stars-unknown = ⚠️ Пришла оплата { $xtr } ⭐ от { $user } без нашего счёта. Зачислю, когда её подтвердит список Telegram.
admin-stars-unknown-credited = ℹ️ Оплата { $xtr } ⭐ от { $user } пришла без нашего счёта и зачислена по текущему курсу.
admin-ledger-red = 🔴 Проверка журнала денег ({ $at }) нашла расхождений: { $n }. Остановите пополнения и выполните /admin preflight. Тот, кто обслуживает платформу, увидит подробности командой botyard ledger verify. corr-id: <code>{ $corr }</code>
admin-audit-broken = 🔴 Журнал действий администраторов не сходится начиная с записи № { $entry }: её изменили или удалили в обход бота. Проверьте начисления и состав администраторов и сообщите тому, кто обслуживает платформу: подробности покажет botyard audit verify. corr-id: <code>{ $corr }</code>
admin-stars-drift = ⚠️ Сверка Stars с Telegram: расхождений — { $n }. Список: /payments
payments-title = 💳 <b>Платежи</b>
payments-total = Всего: { $sum }, платежей: { $n }
payments-by-method = { $method }: { $sum } ({ $n })
payments-checked = Сверка с Telegram: { $at }, расхождений: { $n }
payments-none = Платежей пока нет.
payments-line = { $user } +{ $amount } { $method } { $state } { $at }
pay-method-stars = Stars
pay-method-sbp = СБП
pay-state-waiting = ждёт сверки
pay-state-review = на проверке
pay-state-approved = зачислен
pay-state-rejected = отклонён
pay-state-duplicate = дубликат
pay-state-superseded = заменён
pay-state-refunding = возвращается
pay-state-refunded = возвращён
pay-state-reversed = зачисление отменено
btn-refund = ↩️ Вернуть { $amount } · { $user }
refund-ask =
    ↩️ Вернуть { $xtr } ⭐ ({ $amount }) пользователю { $user }?
    Доступно у него: { $available }
refund-bonus = 🎁 Вместе с ними снимется бонус по промокоду: { $bonus }
refund-below-zero = ⚠️ После возврата баланс станет { $after }: новые генерации закроются, пока он не пополнит.
btn-refund-ok = ↩️ Вернуть { $xtr } ⭐
refund-begun = ↩️ Возвращаю…
refund-done = Уже возвращено.
refund-erased = Человек удалил свои данные. Вернуть эти Stars может только поддержка Telegram: @TelegramSupport.
user-erased = удалён
refund-failed = ⚠️ Telegram не вернул { $xtr } ⭐ пользователю { $user }. Деньги на балансе восстановлены.

## A person's own payments

btn-my-payments = 🧾 Мои платежи
btn-receipt = 🧾 { $amount } · { $at }
mine-title = 🧾 <b>Мои платежи</b>
mine-line = • { $amount } · { $method } · { $state } · { $at }
mine-none = Платежей пока нет.
mine-hint = Нажмите на платёж, чтобы открыть чек.
receipt-title = 🧾 <b>Платёж № { $number }</b>
receipt-amount = Сумма: { $amount }
receipt-stars = Оплачено: { $xtr } ⭐
receipt-method = Способ: { $method }
receipt-at = Когда: { $at }
receipt-state = Состояние: { $state }
receipt-reason = Причина: { $reason }
receipt-charge = Номер операции: <code>{ $charge }</code>
receipt-support = Вопросы по оплате: { $support }

## Transfers by SBP

sbp-invoice =
    🏦 Счёт № { $invoice }
    Сумма: <code>{ $amount }</code>
    Телефон: <code>{ $phone }</code>
    Банк: { $bank }
    Получатель: { $holder }
    Переведите ровно эту сумму и пришлите скриншот (фото или файл).
sbp-tail = По копейкам мы узнаём ваш перевод, они тоже зачислятся.
sbp-checking = 🔍 Проверяю скриншот…
sbp-closed = Счёт уже закрыт.
sbp-already = 🕓 Уже на проверке.
sbp-another = Пришлите другой скриншот. Осталось попыток: { $n }.
sbp-send-again = Проверьте перевод и пришлите скриншот ещё раз, счёт № { $invoice }.
sbp-not-fetched = ⚠️ Не получилось загрузить файл. Пришлите его ещё раз, попытка не потрачена.
sbp-too-big = ❌ Файл больше 20 МБ. Пришлите скриншот поменьше, попытка не потрачена.
sbp-stray = Это скриншот оплаты счёта № { $invoice } на { $amount }?
sbp-stray-which = Это скриншот оплаты? Выберите счёт.
btn-stray-yes = ✅ Да
btn-stray-of = ✅ № { $invoice } — { $amount }
btn-stray-no = ❌ Нет
sbp-reversed = ↩️ Пополнение на { $amount } отменено: перевод не подтвердился.
reject-reason-amount = сумма не совпала
reject-reason-notfound = перевод не поступил
reject-reason-unreadable = скриншот не читается
reject-reason-duplicate = этот скриншот уже использован

## Review of transfers

review-title = 🧾 <b>Перевод по счёту № { $invoice }</b>
review-user = 👤 { $id }
review-user-named = 👤 { $id } { $name }
review-asked = Запрошено: { $amount }
review-read = Распознано: { $amounts }
review-read-none = Распознано: сумм нет
review-amount-exact = ✅ Сумма совпала
review-amount-about = ⚠️ Сумма похожа, но не совпала
review-amount-other = ❌ Такой суммы на скриншоте нет
review-keywords = Ключевые слова: { $words }
review-phone-yes = ✅ Телефон получателя есть
review-phone-no = ❌ Телефона получателя нет
review-flag-near = 🚩 Похож на другой скриншот
review-flag-seen = 🚩 Такой скриншот уже был
review-flag-operation = 🚩 Номер операции уже был
review-flag-failed = 🚩 На скриншоте: перевод не выполнен
review-flag-unread = 🚩 Текст не распознан
review-flag-unseen = 🚩 Сравнить с другими не получилось
review-flag-unmade = 🚩 Не видно, что перевод выполнен: ни слов об этом, ни номера операции
review-flag-several = 🚩 На скриншоте несколько сумм
review-flag-late = 🚩 Пришёл после срока счёта
review-flag-taken = 🚩 Эту же сумму уже ждёт другой счёт
review-flag-day = 🚩 Больше дневного предела автоматических зачислений одному человеку
review-attempt = Попытка: { $k }/{ $n }
review-since = Ждёт с { $at }
review-first = ☝️ Одобрил { $who }, нужен второй администратор
review-approved = ✅ Одобрено: { $who }
review-rejected = ❌ Отклонено: { $who } — { $reason }
review-reversed = ↩️ Зачисление отменено
review-superseded = Решено по другому скриншоту этого счёта
btn-review-approve = ✅ Одобрить
btn-review-reject = ❌ Отклонить
btn-review-user = 👤 Пользователь
review-why = ❓ Почему отклоняем перевод по счёту № { $invoice }?
btn-reject-amount = Сумма
btn-reject-notfound = Не поступило
btn-reject-unreadable = Не читается
btn-reject-duplicate = Дубликат
btn-reject-other = Другое
review-reason-ask = ✍️ Напишите причину, от 3 до 200 символов. Её увидит пользователь.
review-done-approved = ✅ Одобрено, деньги зачислены.
review-done-first = ☝️ Одобрено. Нужен ещё один администратор.
review-alone = ☝️ Одобрено, но по правилам бота нужен ещё один администратор, а он у бота один. Добавьте второго: /add_admin
review-same-person = Вы уже одобрили. Нужен другой администратор.
review-invoice-closed = ⚠️ Счёт этого перевода уже закрыт, зачислить по нему нельзя. Отклоните перевод, а если деньги пришли, начислите их вручную.
review-done-rejected = ❌ Отклонено, пользователю отправлена причина.
review-done-reversed = ↩️ Зачисление отменено.
review-already = Уже обработано: { $who }, { $at }
review-queue-empty = Очередь пуста.
review-reminder = ⏳ Платежей на проверке: { $n }. Самый давний ждёт с { $at }.
btn-shots = 📸 Скриншоты
shots-none = Скриншотов пока нет.
shots-newest = Это самый новый скриншот.
shots-oldest = Это самый старый скриншот.

## A try of the reader

btn-admin-ocr = 🧪 Тест OCR
ocr-ask = 🧪 Пришлите скриншот перевода (фото или файл). Я покажу, что удалось прочитать; сохранять его не буду.
ocr-title = 🧪 <b>Тест OCR</b>
ocr-text = Текст: { $text }
ocr-would-approve = Решение: ✅ зачислится само
ocr-would-review = Решение: 🕓 ручная проверка
ocr-absent = ⚠️ Tesseract не установлен: скриншоты проверяют администраторы.
ocr-unreadable = ❌ Прочитать не получилось: это не картинка, или она повреждена.
btn-ocr-again = 🔁 Ещё раз

# An amount of one's own that is none, and open transfers in the list of one's own payments.
amount-outside = ❌ { $amount } — вне допустимых пределов.
amount-unread = ❌ Не понял сумму. Напишите число, например 150 или 99,50.
mine-open = • { $amount } · { $method } · { $state } · до { $at }
btn-pay-open = ▶️ Оплатить { $amount }
sbp-in-review = 🧾 Скриншот по счёту № { $invoice } на { $amount } уже на проверке. Дождитесь ответа: он придёт сюда.
review-erasure = 🗑 Человек попросил удалить свои данные: бот ждёт вашего решения, затем сотрёт их, и зачисленное пропадёт.
