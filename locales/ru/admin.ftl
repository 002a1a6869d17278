# The admin's menu in Telegram: S-40 … S-44, credits by hand, blocking, roles, letters (bot.md 5.5, 14).

btn-admin-back = 🔙 Админ-меню
btn-admin-open = 🛠 Админ-меню

## S-40

admin-title = 🛠 <b>Панель администратора</b> · { $at }
admin-people = 👥 <b>Пользователи:</b> { $total }
admin-people-new = Новые: сегодня { $day } · 7 дней { $week }
admin-people-active = Активные: сегодня { $day } · 7 дней { $week } · 30 дней { $month }
admin-people-apart = Недоступны: { $lost } · заблокированы: { $blocked }
admin-generations = 🎨 <b>Генерации:</b> { $total } · сегодня { $day }
admin-generations-ends = Сегодня: доставлено { $delivered } · не удалось { $failed } · отменено { $canceled } · вышло время { $late }
admin-success = Успешных: { $p } %
admin-running = В работе: { $n } · не отправлено: { $waiting }
admin-oldest = Самая старая в работе: { $ago }
admin-top = Чаще всего за 7 дней:
admin-top-model = { $n }. { $title } — { $count }
admin-money = 💰 <b>Деньги</b>
admin-topups = Пополнения: { $total } (СБП { $sbp } · Stars { $stars })
admin-topups-by-day = сегодня { $day } · 7 дней { $week } · 30 дней { $month }
admin-captured = Списано: сегодня { $day } · 7 дней { $week } · 30 дней { $month }
admin-held = В резерве: { $held } · на балансах: { $balances }
admin-given = Начислено вручную за 30 дней: { $manual } · подарки: { $gifts } (не выручка)
admin-payers = Платящих: { $payers } ({ $p } %) · средний платёж: { $average }
admin-review = ⏳ На проверке: { $n }
admin-review-oldest = Самый старый на проверке: { $ago }
admin-free-used = 🎁 Бесплатных сегодня: { $n } · в запасе у всех: { $bank }
admin-invited = 🤝 Приглашено за 7 дней: { $invited } · из них что-то создали: { $activated }
admin-promos = 🎟 Промокодов использовано за 7 дней: { $n }
admin-provider = 🔌 Ресурс генераций: { $credits } кр. ≈ { $roubles } · { $ago }
admin-provider-unknown = 🔌 Ресурс генераций: временно недоступен
admin-provider-shared = 🔌 Ресурс генераций: общий ключ платформы
btn-admin-refresh = 📊 Обновить
btn-admin-generations = 📚 Генерации
btn-admin-payments = 💳 Платежи
btn-admin-queue = ⏳ На проверке ({ $n })
btn-admin-search = 🔍 Поиск
btn-admin-people = 👥 Пользователи
btn-admin-knowledge = 📝 Добавить знание
btn-admin-settings = ⚙️ Настройки
btn-admin-user-mode = 👁 Режим пользователя
btn-admin-info = 🧭 Диагностика
btn-admin-errors = 🧾 Ошибки
btn-admin-preflight = 💳 Preflight
admin-usage = Использование: /admin, /admin &lt;user_id&gt;, /admin corr &lt;id&gt;, /admin last_errors, /admin preflight, /admin info
admin-bad-user-id = ❌ Неверный формат user_id. Используйте число.
admin-people-list = 👥 Пользователей: { $n }
admin-search-ask = 🔍 Кого или что найти? Пришлите числовой id, @имя или слова для поиска по базе знаний.
param-search = id, @имя или слова

## S-43

user-card-title = 👤 <b>Пользователь</b> <code>{ $id }</code>
user-card-username = @{ $name }
user-card-name = Имя: { $name }
user-card-owner = 🛡 Владелец бота
user-card-admin = 🛡 Администратор
user-card-language = Язык: { $language }
user-card-seen = С { $since } · последний раз { $last }
user-card-whole = 💼 Баланс: { $balance }
user-card-balance = 💰 Доступно: { $available } · в резерве: { $held }
user-card-debt = ⚠️ Долг: { $debt }
user-card-paid = 💳 Оплачено всего: { $sum } · платежей: { $n }
user-card-generations = 🎨 Генераций: { $n }
user-card-quota = 🎁 Бесплатных сегодня: { $left } из { $total }
user-card-bank = 🎟 Бонусных генераций: { $n }
user-card-blocked = 🚫 Заблокирован с { $at }
user-card-not-blocked = ✅ Не заблокирован
user-card-unreachable = 📵 Бот не может ему написать
user-card-credits = Последние зачисления:
user-card-credit = • { $kind }: +{ $amount }, { $at }
credit-admin-credit = вручную
credit-topup-sbp = СБП
credit-topup-stars = Telegram Stars
credit-gift = подарок
credit-promo = промокод
credit-promo-bonus = бонус промокода
btn-user-credit = ➕ Начислить
btn-user-write = ✉️ Написать
btn-user-block = 🚫 Заблокировать
btn-user-unblock = ✅ Разблокировать
btn-user-card = 👤 Пользователь
user-blocked-done = ✅ Пользователь { $id } заблокирован.
user-unblocked-done = ✅ Пользователь { $id } разблокирован.
block-admin = ❌ Администратора нельзя заблокировать.

## Credits by hand (14.4)

credit-ask-amount = ➕ Сколько начислить пользователю <code>{ $id }</code>? Сумма в рублях от 0.01 до 100 000, например 150.
credit-bad-amount = ❌ Нужна сумма от 0.01 до 100 000 ₽, не больше двух знаков после запятой.
credit-ask-reason = ✍️ Причина начисления { $amount } пользователю <code>{ $id }</code>? От 3 до 200 символов, останется в журнале.
credit-bad-reason = ❌ Причина — от 3 до 200 символов.
credit-confirm = Начислить { $amount } пользователю { $id }? Причина: { $reason }
credit-done = ✅ Начислено { $amount } пользователю { $id }.
credit-done-before = Уже выполнено.
credit-told = 💳 Администратор начислил { $amount }.

## Roles

add-admin-not-started = Пользователь ещё не запускал бота.
add-admin-already = Пользователь { $id } уже администратор.
add-admin-full = ❌ Администраторов может быть не больше { $n }.
add-admin-blocked = ❌ Пользователь заблокирован. Сначала разблокируйте его.
add-admin-done = ✅ Пользователь { $id } теперь администратор.
add-admin-told = 🛡 Вам дали права администратора этого бота. Команды появились в меню, начните с /admin.
admin-managed = ❌ Настройки и администраторов этого бота задаёт файл установки. Измените их там.

## S-41

gallery-user = 👤 <code>{ $id }</code>
gallery-hidden = скрыто
gallery-hidden-alert = Просмотр скрыт настройкой приватности.
btn-gallery-newer = ◀️
btn-gallery-older = ▶️
btn-gallery-view = 👁️ Результат

## S-44

settings-title = ⚙️ <b>Настройки</b>
settings-commands = Команды: /payments, /block_user, /unblock_user, /user_balance, /add_admin, /add, /selftest, /config_check, /panel
settings-support = 🆘 Поддержка: { $support }
settings-methods = 💳 Telegram Stars: { $stars } · СБП: { $sbp }
settings-rate = 💱 1 USD = { $rate } ₽
settings-hide = 🙈 Скрывать запросы: { $state }
settings-rate-ask = 💱 Сколько рублей в долларе? Число от 1 до 1000, до четырёх знаков после запятой, например 78.57.
settings-rate-bad = ❌ Нужно число от 1 до 1000, не больше четырёх знаков после запятой.
settings-done = ✅ Сохранено, действует в течение пяти секунд.
switch-on = вкл
switch-off = выкл
btn-settings-rate = 💱 Курс
btn-settings-hide = 🙈 Скрывать запросы: { $state }
btn-settings-check = 🧩 Проверка конфигурации
btn-settings-broadcast = 📢 Рассылка
btn-settings-promo = 🎁 Промокоды
btn-settings-panel = 🖥 Панель

## Letters to people and their answers

letter = ✉️ <b>Сообщение от администратора</b>

    { $text }
letter-ask = ✉️ Что написать пользователю <code>{ $id }</code>? Сообщение придёт от имени бота, ответ вернётся вам.
letter-sent = ✅ Сообщение пользователю { $id } отправлено.
letter-unreachable = Пользователь закрыл бота: написать ему нельзя.
letter-reply-ask = ↩️ Напишите ответ одним сообщением — он придёт администратору.
letter-reply-sent = ✅ Ответ передан администратору.
letter-answer = ↩️ <b>Ответ пользователя</b> <code>{ $id }</code> ({ $name })

    { $text }
btn-letter-reply = ↩️ Ответить
param-message = сообщение

## /admin corr, /admin last_errors

errors-title = 🧾 <b>Последние ошибки</b>
errors-none = ✅ Ошибок не зафиксировано.
errors-line = <code>{ $corr }</code> { $stage }/{ $handler } { $class } @ { $at }
error-title = 🧭 <b>Ошибка по corr-id</b>
error-none = ❌ Запись с этим corr-id не найдена.
error-id = 🧾 <code>{ $corr }</code>
error-stage = Где: { $stage }/{ $handler }
error-class = Класс: { $class }
error-at = Когда: { $at }
error-hint = 💡 { $hint }
hint-fix-db-away = База данных не отвечала. Проверьте, что она работает и доступна; бот продолжит сам.
hint-fix-db-busy = База данных была занята. Разовый случай пройдёт сам; если повторяется, посмотрите нагрузку.
hint-fix-data = Запись в базе не подошла. Передайте этот номер тому, кто обслуживает платформу.
hint-fix-vault = Не открылось зашифрованное значение. Проверьте главный ключ установки.
hint-fix-slow = Обработка заняла слишком долго. Если повторяется, посмотрите нагрузку и связь с базой.
hint-fix-other = Повторите действие. Если ошибка вернётся, передайте этот номер тому, кто обслуживает платформу.

## The kill switch

admin-generation-off = ⏸ Новые генерации в боте остановлены тем, кто обслуживает платформу. Запущенные будут выполнены.
admin-generation-off-why = ⏸ Новые генерации в боте остановлены тем, кто обслуживает платформу. Причина: { $reason }. Запущенные будут выполнены.
admin-generation-on = ▶️ Генерации в боте снова работают.

# Partners' own webhooks.
hook-disabled = ⚠️ Вебхук { $host } больше не принимает события, мы его отключили. Почините адрес и включите вебхук снова: панель (/panel) → «Настройки» → «Вебхуки».

## A credit by hand that a second admin must approve

btn-admin-credits = ⚖️ Начисления ждут ({ $n })
btn-second-yes = ✅ Подтвердить
btn-second-no = ❌ Отклонить
btn-second-user = 👤 Пользователь
second-title = ⚖️ <b>Начисление ждёт второго администратора</b>
second-asker = Просит: { $who }
second-user = Кому: <code>{ $id }</code> { $name }
second-amount = Сумма: { $amount }
second-reason = Причина: { $reason }
second-first = ☝️ Подтвердил { $who }, нужен ещё один администратор
second-own = Подтвердить должен другой администратор
second-until = ⏳ Ждёт до { $at }, потом отменится само
second-approved = ✅ Подтвердил { $who }, деньги зачислены
second-declined = ❌ Отклонил { $who }, ничего не начислено
second-expired = ⌛ Никто не подтвердил вовремя, ничего не начислено
second-asked = ⚖️ { $amount } — это больше { $limit }: нужен второй администратор. Запрос отправлен, вам придёт ответ. Пока ничего не начислено.
second-asked-day = ⚖️ Ваши начисления и одобрения за сегодня вместе с этим — больше { $limit }: для { $amount } нужен второй администратор. Запрос отправлен, вам придёт ответ. Пока ничего не начислено.
second-alone-day = ⚖️ Ваши начисления и одобрения за сегодня вместе с этим — больше { $limit }: дальше нужен второй администратор, а у бота он один. Добавьте второго командой /add_admin или измените approval_day_limit. Ничего не начислено.
second-alone = ⚖️ Начисление больше { $limit } подтверждает второй администратор, а у бота он один. Добавьте второго командой /add_admin или измените approval_limit. Ничего не начислено.
second-told-approved = ✅ Начисление { $amount } пользователю { $id } подтверждено, деньги зачислены. Подтвердил: { $who }
second-told-declined = ❌ Начисление { $amount } пользователю { $id } отклонено, ничего не начислено. Отклонил: { $who }
second-told-expired = ⌛ Начисление { $amount } пользователю { $id } никто не подтвердил за сутки, ничего не начислено. Если оно ещё нужно, начислите снова.
second-done-approved = ✅ Подтверждено, деньги зачислены.
second-done-first = ☝️ Подтверждено. Нужен ещё один администратор.
second-done-declined = ❌ Отклонено, ничего не начислено.
second-same-person = Нужен другой администратор: этот запрос вы уже смотрели.
second-over = Этот запрос уже закрыт.
second-none = Начислений на подтверждении нет.

## The month's statement and the ledger's light

btn-admin-month = 📑 Итоги месяца
btn-month-prev = ◀️ { $month }
btn-month-next = ▶️ { $month }
month-title = 📑 <b>Итоги за { $month }</b>
month-runs = Месяц ещё идёт.
month-closed = 🔒 Месяц закрыт { $at }: { $rate } ₽ за доллар, время { $zone }. Итоги больше не меняются.
month-works = 🎨 Доставлено: { $delivered } · не удалось: { $failed }
month-revenue = 💰 Списано за доставленное: { $sum }
month-cost = 🔌 Расход провайдера: { $cost } ({ $credits } кр.)
month-margin = 📈 Остаётся: { $sum }
month-fee = 🤝 Платформе { $percent } %: { $fee }
month-topups = 💳 Пополнения: СБП { $sbp } · Stars { $stars }
month-given = 🎁 Начислено вручную: { $manual } · подарки и промокоды: { $gifts }
month-hint = Это отчёт: сами деньги он не двигает.
ledger-dark = ⚪ Журнал денег ещё не проверялся
ledger-green = 🟢 Журнал денег в порядке, проверен { $at }
ledger-red = 🔴 В журнале денег расхождений: { $n }, проверен { $at }. Откройте Preflight

# The platform's owner stopped the bot, or let it go on.
admin-suspended = ⛔ Платформа остановила бота. Причина: { $reason }. Пользователи видят, что бот временно не работает; деньги и заказы в работе не теряются. Вопросы — тому, кто обслуживает платформу.
admin-let-go = ✅ Платформа снова включила бота: он работает для всех.
