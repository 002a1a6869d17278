# The news of a log-in into the panel, in the chat of whoever came in (reliability.md 3.8).

entry-told =
    🔐 <b>Вход в панель</b>
    Устройство: { $device }
    Сеть: { $origin }
    Время: { $at }

    Если это не вы, нажмите кнопку: все открытые сеансы закончатся.
entry-unknown = неизвестно
entry-ending = Заканчиваю сеансы…
entry-ended = 🚪 Все сеансы панели закончены. Новая ссылка — /panel
btn-entry-not-me = 🚪 Это не я
