# S-49: one message to everybody (bot.md 14.7). For administrators.

broadcasts-title = 📢 <b>Рассылки</b>
broadcasts-audience = Сейчас её получат: { $n } { $n ->
        [one] человек
        [few] человека
       *[many] человек
    }.
broadcasts-none = Рассылок ещё не было.
broadcasts-line = № { $number } · { $state } · { $sent } из { $n }
broadcasts-off = Рассылки для этого бота выключены владельцем платформы.
btn-broadcast-create = ✉️ Создать
btn-broadcast-stats = 📊 Статистика
btn-broadcast-item = № { $number } · { $state }

broadcast-state-draft = черновик
broadcast-state-gathering = готовится
broadcast-state-running = отправляется
broadcast-state-paused = на паузе
broadcast-state-stopped = остановлена
broadcast-state-done = завершена

## Composing

broadcast-ask =
    ✉️ Пришлите одно сообщение, которое получат все: текст до 4096 символов или фото, видео, GIF, файл с подписью до 1024 символов.
    Оформление сохранится. Команды выполняются как обычно.
broadcast-bad-album = Альбом разослать нельзя — пришлите одно сообщение.
broadcast-bad-kind = Такое сообщение разослать нельзя.
broadcast-bad-caption = Подпись длиннее 1024 символов: сейчас { $n }.
broadcast-preview =
    👆 Так сообщение увидят все.
    Получателей: { $n }, ≈ { $m } мин
btn-broadcast-test = ✉️ Тест себе
btn-broadcast-edit = ✏️ Изменить
btn-broadcast-confirm = 🚀 Отправить
broadcast-tested = Отправил вам.
broadcast-finish-first = Сначала завершите текущую рассылку.
broadcast-nobody = Пока некому отправлять.
broadcast-not-now = Рассылка сейчас: { $state }.
broadcast-draft-gone = Черновик закрыт. Создайте рассылку заново.

## Sending

broadcast-head = 📢 <b>Рассылка № { $number }</b> · { $state }
broadcast-gathering = Собираю получателей: { $n }
broadcast-planned = Начнётся { $at }. Получателей сейчас: { $n }
broadcast-progress = Отправлено { $sent } из { $n }, ошибок { $failed }, недоступны { $unreachable }
broadcast-paused-source = ⚠️ Исходное сообщение удалено из чата, копировать нечего. Остановите рассылку и создайте новую.
broadcast-paused-token = ⚠️ Telegram не принимает токен бота. Замените токен и продолжите.
broadcast-waits = ⏳ Telegram просит подождать до { $until }.
btn-broadcast-pause = ⏸
btn-broadcast-resume = ▶️
btn-broadcast-stop = ⏹
broadcast-done = ✅ Рассылка № { $number } завершена: получателей { $n }, отправлено { $sent }, недоступны { $unreachable }, ошибок { $failed }, время { $time }.

## Figures

broadcast-stats-title = 📊 <b>Статистика рассылок</b>
broadcast-stats-line =
    <b>№ { $number }</b> · { $date } · { $state }
    Получателей { $n }, отправлено { $sent }, недоступны { $unreachable }, ошибок { $failed }, время { $time }
