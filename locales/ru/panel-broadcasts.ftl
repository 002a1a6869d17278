# The panel's broadcasts (bot.md 14.7): composing, looking, confirming, following.

panel-broadcasts = Рассылки
panel-broadcasts-audience = Получат сейчас: { $n }
panel-broadcasts-lead = Одно сообщение всем, кто нажал /start. Напишите его здесь или в боте: /admin → Настройки → Рассылка. Перед отправкой бот пришлёт его вам.
panel-broadcasts-none = Рассылок ещё не было. Нажмите «Новая рассылка» — до подтверждения никто ничего не получит.
panel-broadcast-number = Рассылка № { $n }
panel-broadcast-draft = Черновик рассылки
panel-broadcast-drafts = Черновики
panel-broadcast-state-planned = запланирована
panel-broadcast-sent = Отправлено
panel-broadcast-unreachable = Недоступны
panel-broadcast-failed = Не удалось
panel-broadcast-begins = Начнётся
panel-broadcast-pause = Приостановить
panel-broadcast-resume = Продолжить
panel-broadcast-stop = Остановить совсем
panel-broadcast-stop-hint = Кто ещё не получил сообщение, уже не получит. Продолжить будет нельзя.

## Composing

panel-broadcast-new = Новая рассылка
panel-broadcast-new-lead = Напишите сообщение. Сначала его получите только вы: бот пришлёт его вам в Telegram, и вы увидите его так, как увидят все.
panel-broadcast-text = Сообщение
panel-broadcast-marks = До 4096 символов, с картинкой — до 1024. Как выделить слова жирным и не только — написано ниже.
panel-broadcast-marks-more = Всё оформление
panel-broadcast-mark-bold = Жирный
panel-broadcast-mark-italic = Курсив
panel-broadcast-mark-under = Подчёркнутый
panel-broadcast-mark-struck = Зачёркнутый
panel-broadcast-mark-code = Моноширинный
panel-broadcast-mark-quote = Цитата
panel-broadcast-mark-spoiler = Скрытый
panel-broadcast-mark-link = Ссылка
panel-broadcast-picture = Картинка (не обязательно)
panel-broadcast-picture-hint = JPEG, PNG или WebP до 10 МБ. Видео, GIF и файлы рассылаются из бота.
panel-broadcast-keeps = Прежняя картинка останется, если не выбрать другую.
panel-broadcast-without = Убрать картинку
panel-broadcast-keep = Прислать мне для проверки
panel-broadcast-bad-empty = Сообщение пустое: напишите текст или выберите картинку.
panel-broadcast-bad-long = Слишком длинно: { $n } символов, можно { $most }. Сократите текст.
panel-broadcast-bad-mark = Метка «{ $tag }» не закрыта или закрыта не по порядку: у каждой должна быть закрывающая.
panel-broadcast-bad-link = Ссылка должна начинаться с https://, http:// или tg:// и быть без пробелов.
panel-broadcast-no-room = Хранилище бота заполнено: новую картинку сохранить негде. Отправьте текст без неё или попросите владельца платформы увеличить хранилище.
panel-broadcast-bad-picture = Эту картинку Telegram не примет. Нужна JPEG, PNG или WebP до 10 МБ, не слишком узкая и не слишком большая.

## A draft and what becomes of it

panel-broadcast-preview = Так увидят все
panel-broadcast-picture-alt = Картинка рассылки
panel-broadcast-in-chat = Сообщение составлено в боте, его видно там.
panel-broadcast-edit = Изменить
panel-broadcast-test = Прислать мне ещё раз
panel-broadcast-way = Отправка
panel-broadcast-gets = Получат
panel-broadcast-takes = Займёт
panel-broadcast-minutes = ≈ { $n } мин
panel-broadcast-travels = Бот отправляет вам сообщение. Если оно не пришло за минуту, откройте бота, нажмите /start и создайте рассылку заново.
panel-broadcast-start-hint = Сообщение у вас в Telegram: проверьте его. Потом отправьте всем. Отправленное вернуть нельзя.
panel-broadcast-start = Отправить всем: { $n }
panel-broadcast-plan = Отправить позже
panel-broadcast-at = Когда начать
panel-broadcast-at-hint = Не дальше 30 дней. До этого другую рассылку начать нельзя. Часовой пояс бота:
panel-broadcast-plan-do = Запланировать
panel-broadcast-drop = Удалить черновик
panel-broadcast-drop-hint = Черновик исчезнет. Сообщение у вас в чате останется.

panel-done-broadcast-kept = Черновик готов, бот отправил его вам. Посмотрите и подтвердите.
panel-done-broadcast-tested = Бот отправил сообщение вам ещё раз.
panel-done-broadcast-started = Рассылка началась.
panel-done-broadcast-planned = Рассылка запланирована.
panel-done-broadcast-dropped = Черновик удалён.
panel-done-broadcast-paused = Рассылка приостановлена.
panel-done-broadcast-running = Рассылка продолжается.
panel-done-broadcast-stopped = Рассылка остановлена.
panel-problem-broadcast-late = Рассылка уже в другом состоянии.
panel-problem-broadcast-off = Рассылки для этого бота выключил владелец платформы. Напишите ему, если они нужны.
panel-problem-broadcast-no-chat = Сначала войдите по ссылке из бота (/panel): черновик приходит в ваш чат с ботом.
panel-problem-broadcast-travels = Сообщение ещё не пришло к вам. Подождите немного.
panel-problem-broadcast-nobody = Пока некому отправлять: бота ещё никто не запускал. Поделитесь ссылкой на него.
panel-problem-broadcast-busy = Сначала завершите или остановите рассылку, которая идёт.
panel-problem-broadcast-moment = Это время не подходит: выберите момент в будущем, не дальше 30 дней.
