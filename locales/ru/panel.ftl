# The web panel: signing in, a tenant's home, the owner's page, error pages. Plain text: templates escape it.

panel-name = Панель
panel-skip = К содержанию
panel-language = Язык
panel-sign-out = Выйти
panel-theme = Оформление
panel-updated = Обновлено { $at }
panel-refresh = Обновить
panel-dash = —

## Signing in by a one-time link (reliability.md 3.8)

panel-signin-title = Вход в панель
panel-signin-text = Вы входите в панель бота «{ $brand }».
panel-signin-text-owner = Вы входите в панель владельца платформы.
panel-signin-role = Роль: { $role }
panel-signin-button = Войти
panel-signin-note = Ссылка одноразовая. Если вы её не запрашивали, просто закройте страницу.
panel-role-platform-owner = владелец платформы
panel-role-owner = владелец бота
panel-role-admin = администратор
panel-role-viewer = наблюдатель
panel-signed-out-title = Вы вышли
panel-signed-out-text = Чтобы войти снова, отправьте боту команду /panel.
panel-session-over-title = Сеанс закончился
panel-session-over-text = Отправьте боту команду /panel и откройте новую ссылку.

## Home

panel-home-title = Главная
panel-state = Состояние
panel-state-draft = Настраивается
panel-state-active = Работает
panel-state-paused = На паузе
panel-state-suspended = Остановлен платформой
panel-state-deleted = Удалён
panel-state-draft-help = Бот отвечает только администраторам. Завершите настройку, чтобы открыть его всем.
panel-state-active-help = Бот отвечает пользователям и принимает заказы.
panel-state-paused-help = Пользователи видят сообщение о паузе. Начатые генерации завершатся, платежи зачислятся.
panel-state-suspended-help = Работа остановлена владельцем платформы: { $reason }
panel-light-ok = Всё в порядке
panel-light-warn = Требует внимания
panel-light-fail = Не работает
panel-webhook-mode = Вебхук
panel-polling-mode = Опрос (long polling)
panel-transport = Связь с Telegram
panel-bot = Бот
panel-bot-open = Открыть бота
panel-provider = Ключ сервиса генераций
panel-provider-set = задан
panel-provider-shared = общий ключ платформы
panel-provider-missing = не задан: меню работает, генерация выключена
panel-due-title = Что нужно сделать
panel-due-none = Ничего: всё настроено.
panel-due-blocking = Без этого бот не откроется
panel-due-warning = Желательно

panel-today = Сегодня
panel-yesterday = Вчера
panel-was-yesterday = вчера: { $value }
panel-users = Пользователи
panel-users-new = Новых
panel-users-active = Активных
panel-users-total = Всего: { $n }
panel-generations = Генерации
panel-generations-delivered = Доставлено
panel-generations-failed = Не удалось
panel-generations-running = В работе
panel-success-rate = Успешных
panel-success-none = пока не из чего считать
panel-percent = { $p } %
panel-revenue = Выручка
panel-revenue-note = списано за доставленные результаты
panel-held = В резерве
panel-balances = На балансах пользователей
panel-free-used = Бесплатных использовано

panel-recent-title = Последние события
panel-recent-empty = Событий пока нет. Откройте бота, отправьте /start и создайте бесплатную картинку — всё появится здесь.
panel-recent-when = Когда
panel-recent-model = Модель
panel-recent-state = Состояние
panel-recent-price = Цена
panel-recent-user = Пользователь

panel-errors-title = Последние ошибки
panel-errors-empty = Ошибок нет. Когда что-то сломается, здесь появятся время, место и номер для поиска.
panel-errors-when = Когда
panel-errors-where = Где
panel-errors-class = Класс
panel-errors-corr = Номер (corr)
panel-errors-hint = Номер совпадает с тем, что видел пользователь. Подробности: /admin corr { $corr } в боте.
panel-corr = Номер запроса
panel-corr-text = Если обратитесь в поддержку, назовите этот номер: { $corr }

panel-users-empty = Пользователей ещё нет. Поделитесь ссылкой на бота: { $link }
panel-generations-empty = Сегодня ещё ничего не создавали.
panel-revenue-empty = Выручка появится после первой платной генерации.

## How a bot stands, and what is to be done about it

panel-connection-ok = на связи
panel-connection-waiting = подключается
panel-connection-token = токен отклонён
panel-connection-webhook = вебхук не работает
panel-connection-help = Пользователи сейчас не получают ответа. Что сделать — ниже.
panel-checked = Проверено
panel-due-waiting = Telegram ещё не ответил
panel-due-waiting-how = Бот подключается, обычно это занимает несколько секунд. Страница обновится сама.
panel-due-token = Telegram не принимает токен бота
panel-due-token-how = Получите новый токен у @BotFather (/mybots → API Token) и замените его в настройках бота.
panel-due-webhook = Telegram не доставляет боту сообщения
panel-due-webhook-how = Проверьте, что адрес платформы открывается снаружи по https. Подключение повторяется само.
panel-due-provider = Нет ключа сервиса генераций
panel-due-provider-how = Укажите ключ в настройках бота: пока его нет, меню работает, а генерация выключена.
panel-due-support = Не указан контакт поддержки
panel-due-support-how = Добавьте его в настройки бота, чтобы пользователям было куда написать.

## Changes since yesterday

panel-change-same = столько же, сколько вчера
panel-change-more = на { $value } больше, чем вчера
panel-change-less = на { $value } меньше, чем вчера
panel-points = { $n } п. п.
panel-days-chart = Последние 14 дней
panel-tile-delivered = Генераций доставлено
panel-tile-failed = Не удалось
panel-tile-new = Новых пользователей
panel-tile-active = Активных пользователей
panel-price-free = бесплатно
panel-price-admin = администратор
panel-price-trial = проверка
panel-key-figures = Показатели за сегодня

## Errors in words: what it was, and what to do

panel-class-busy = База данных не успела ответить
panel-class-storage = Данные не сохранились
panel-class-vault = Не открылись зашифрованные данные
panel-class-slow = Обработка шла слишком долго
panel-class-race = Два действия встретились
panel-class-defect = Ошибка программы
panel-class-other = Другая ошибка
panel-hint-busy = Обычно проходит само. Если повторяется, сообщите владельцу платформы номер { $corr }.
panel-hint-storage = Деньги не тронуты. Сообщите владельцу платформы номер { $corr }.
panel-hint-vault = Проверьте главный ключ платформы. Номер для поиска: { $corr }.
panel-hint-slow = Пользователь может повторить действие. Номер для поиска: { $corr }.
panel-hint-race = Делать ничего не нужно: пользователь может повторить. Номер для поиска: { $corr }.
panel-hint-defect = Пользователь видел извинение. Сообщите владельцу платформы номер { $corr }.
panel-hint-other = Сообщите владельцу платформы номер { $corr }.

## Owner's page

panel-owner-title = Все боты
panel-owner-tenants = Ботов: { $n }
panel-owner-id = Идентификатор
panel-owner-brand = Название
panel-owner-state = Состояние
panel-owner-users = Пользователи
panel-owner-generations = Генерации сегодня
panel-owner-revenue = Выручка сегодня
panel-owner-errors = Ошибки за сутки
panel-owner-open = Открыть
panel-owner-bot = Бот
panel-owner-connection = Telegram
panel-owner-no-errors = нет
panel-owner-total = Итого
panel-owner-empty = Ботов пока нет. Добавьте первого: botyard tenant add или файл tenants.toml.
panel-owner-back = Ко всем ботам

## Errors: each offers a way back

panel-back-home = На главную
panel-back = Назад
panel-400-title = Запрос не понят
panel-400-text = Браузер прислал то, чего здесь не ждут. Откройте страницу заново.
panel-413-title = Слишком много данных
panel-413-text = Запрос больше, чем здесь принимается.
panel-404-title = Страница не найдена
panel-404-text = Такой страницы нет, или она вам недоступна.
panel-401-title = Нужен вход
panel-401-text = Отправьте боту команду /panel и откройте ссылку, которую он пришлёт.
panel-403-title = Нет доступа
panel-403-text = Для этого действия не хватает прав. Попросите владельца бота.
panel-csrf-title = Запрос отклонён
panel-csrf-text = Форма открыта с другого сайта или устарела. Обновите страницу и повторите.
panel-link-used-title = Ссылка уже использована
panel-link-used-text = Каждая ссылка работает один раз. Отправьте боту команду /panel, чтобы получить новую.
panel-link-expired-title = Ссылка устарела
panel-link-expired-text = Ссылки живут недолго. Отправьте боту команду /panel, чтобы получить новую.
panel-link-unknown-title = Ссылка не подошла
panel-link-unknown-text = Проверьте, что ссылка скопирована целиком, или получите новую командой /panel в боте.
panel-file-gone-title = Файла больше нет
panel-file-gone-text = Ссылка на результат работает 24 часа. Откройте историю генераций в боте и запросите результат ещё раз.
panel-429-title = Слишком часто
panel-429-text = Подождите { $n } { $n ->
        [one] секунду
        [few] секунды
       *[many] секунд
    } и повторите.
panel-500-title = Техническая ошибка
panel-500-text = Мы записали, что случилось. Попробуйте ещё раз через минуту.
panel-503-title = Идут технические работы
panel-503-text = Данные на месте. Страница откроется, как только работы закончатся.
