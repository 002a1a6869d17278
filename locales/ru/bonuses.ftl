# S-29 gift wheel, S-39 bonuses and promo codes, S-48 promo codes for admins (bot.md 12).

## S-29

gift-frame-1 =
    🎰 <b>Колесо удачи</b>
    🍒 🍋 🔔
gift-frame-2 =
    🎰 <b>Колесо удачи</b>
    🍋 🔔 💎
gift-frame-3 =
    🎰 <b>Колесо удачи</b>
    🔔 💎 🎁
gift-won = 🎉 Вы выиграли { $amount }! Баланс: { $available }
gift-off = Подарки сейчас отключены.
btn-spend = 🚀 Потратить

## S-39

bonuses-title = 🎁 <b>Мои бонусы</b>
bonuses-percent = 💫 Промокод: +{ $p } % к следующему пополнению до { $date }
bonuses-wheel-ready = 🎰 Колесо удачи: можно крутить
bonuses-wheel-turned = 🎰 Колесо удачи: вы выиграли { $amount }
bonuses-invited = 👥 Приглашено друзей: { $n }
promo-ask = 🎟 Введите промокод:
promo-waits = ⚠️ У вас уже есть +{ $p } % к следующему пополнению до { $date }. Введите этот промокод после пополнения.
promo-wait = ⏳ Слишком много попыток, попробуйте через { $n } мин.

## S-48

promos-title = 🎁 <b>Промокоды</b>
promos-none = Промокодов пока нет.
promo-line = <code>{ $code }</code> · { $worth } · { $used }/{ $total } · до { $date } · { $state }
promo-card =
    🎟 <code>{ $code }</code>
    Значение: { $worth }
    Использован: { $used } из { $total }
    На одного пользователя: { $per_user }
    Действует до: { $date }
    Состояние: { $state }
promo-state-on = ✅ действует
promo-state-used-up = ☑️ закончился
promo-state-expired = ⌛ срок истёк
promo-state-off = ⛔ отключён
promo-terms-ask =
    ➕ <b>Новый промокод</b>
    Отправьте одной строкой: КОД ЗНАЧЕНИЕ ВСЕГО НА_ПОЛЬЗОВАТЕЛЯ ДНЕЙ
    <code>WELCOME 50 100 1 30</code> — 50 ₽ сразу, всего 100 раз, один раз каждому, 30 дней.
    <code>SUMMER 15% 500 1 14</code> — плюс 15 % к следующему пополнению.
promo-rule-shape = ❌ В строке должно быть ровно пять частей через пробел.
promo-rule-code = ❌ Код — от 3 до 32 символов: буквы A–Z и А–Я, цифры, «-» и «_».
promo-rule-worth = ❌ Значение — от 1 до 5000 ₽ или от 1 до 100 со знаком %.
promo-rule-total = ❌ Всего использований — целое число от 1 до 1 000 000.
promo-rule-per-user = ❌ На пользователя — целое число от 1 до 100.
promo-rule-days = ❌ Срок — целое число дней от 1 до 365.
promo-exists = ❌ Промокод { $code } уже есть. Выберите другой код.
promo-too-much = ❌ По этому коду один человек получил бы больше, чем администратор может начислить один ({ $limit }). Уменьшите значение или число использований на человека. Предел меняется в настройках бота: approval_limit.
promo-too-much-day = ❌ Сегодня вы уже начислили почти всё, что администратор может начислить за день один ({ $limit }). Уменьшите значение, попробуйте завтра или попросите другого администратора.
promo-made = ✅ Промокод { $code } создан.
promo-switched-off = Промокод отключён.
btn-promo-new = ➕ Создать
btn-promo-code = { $code } — { $worth }
btn-promo-off = ⛔ Отключить
