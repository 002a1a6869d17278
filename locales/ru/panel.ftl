# The web panel: signing in, a tenant's home, the owner's page, error pages. Plain text: templates escape it.

panel-skip = К содержанию
panel-language = Язык
panel-sign-out = Выйти
panel-updated = Обновлено { $at }
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
panel-due-people = Ждут люди
panel-due-reviews = { $n } { $n ->
        [one] перевод ждёт
        [few] перевода ждут
       *[many] переводов ждут
    } проверки
panel-due-reviews-how = Сверьте каждый с банком и решите: до решения деньги человеку не зачислены.

panel-today = Сегодня
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
panel-free-used = Бесплатных использовано

panel-runway = Баланс у сервиса генераций: { $n } кредитов.
panel-runway-days = Баланс у сервиса генераций: { $n } кредитов. При таком расходе хватит примерно на { $days } { $days ->
        [one] день
        [few] дня
       *[many] дней
    }.
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

## The frame: navigation, what was done, lists

panel-nav = Разделы
panel-group-now = Сегодня
panel-group-health = Здоровье
panel-group-manage = Управление
panel-group-platform = Платформа
panel-role-support = поддержка, только просмотр
panel-see-all = Все →
panel-pages = Страницы
panel-newest = К началу
panel-older = Показать более ранние
panel-filter = Фильтр
panel-filter-off = Показать всех
panel-search = Найти
panel-csv = Скачать CSV
panel-reason = Причина
panel-reason-optional = Причина (необязательно)
panel-step-up-title = Нужно свежее подтверждение
panel-step-up-text = Для этого действия вход должен быть не старше нескольких минут. Отправьте боту команду /panel, откройте новую ссылку и повторите. Ничего не изменилось.

panel-done-credited = Деньги начислены, пользователь получил сообщение.
panel-done-credited-before = Это начисление уже сделано. Второй раз деньги не начислены.
panel-done-credit-asked = Нужен второй администратор: запрос ему отправлен. Пока ничего не начислено.
panel-done-credit-first = Подтверждено. Нужен ещё один администратор.
panel-done-credit-declined = Запрос отклонён, ничего не начислено.
panel-done-credit-asked-day = Ваши начисления и одобрения за сегодня достигли предела: нужен второй администратор, запрос ему отправлен. Пока ничего не начислено.
panel-problem-credit-alone-day = Ваши начисления и одобрения за сегодня достигли предела: нужен второй администратор, а у бота он один. Добавьте второго на странице «Команда» или измените предел в настройках денег. Ничего не начислено.
panel-problem-credit-alone = Такую сумму подтверждает второй администратор, а у бота он один. Добавьте второго на странице «Команда» или измените предел в настройках денег. Ничего не начислено.
panel-problem-credit-same-person = Подтвердить должен другой администратор.
panel-problem-credit-over = Этот запрос уже закрыт.
panel-second = Начисления ждут второго администратора
panel-second-hint = Подтвердите, если начисление верное. Без подтверждения деньги не появятся, а запрос закроется сам.
panel-second-asker = Просит
panel-second-first = Подтвердил
panel-second-until = До
panel-second-yes = Подтвердить
panel-second-no = Отклонить
panel-second-own = Подтвердить должен другой администратор.
panel-done-blocked = Пользователь заблокирован. Начатые генерации завершатся.
panel-done-unblocked = Пользователь снова может пользоваться ботом.
panel-done-sent-again = Результат отправляется ещё раз.
panel-done-sent-before = Результат уже отправлен или отправляется.
panel-done-refund-begun = Возврат начат: деньги списаны, Telegram возвращает Stars.
panel-problem-credit-amount = Сумма не подошла: от 0.01 до 100 000 ₽, не больше двух знаков после точки. Ничего не начислено.
panel-problem-credit-reason = Нужна причина от 3 до 200 символов. Ничего не начислено.
panel-problem-block-admin = Администратора бота заблокировать нельзя.
panel-problem-send-money = Деньги за эту генерацию возвращены, а на балансе пользователя их не хватает. Результат не отправлен.
panel-problem-send-nothing = У этой генерации нет результата, который можно отправить.
panel-problem-refund-erased = Человек удалил свои данные. Вернуть эти Stars может только поддержка Telegram: @TelegramSupport.
panel-problem-refund-before = Этот платёж уже возвращён или возвращается.

## People

panel-users-search = Номер или @имя
panel-users-nobody = Никого не нашли. Нужен точный номер в Telegram или @имя.
panel-users-all = Все
panel-users-blocked = Заблокированные
panel-users-lost = Недоступные
panel-users-none = Здесь пока никого. Пользователь появится, как только напишет боту.
panel-user-available = Доступно
panel-user-since = Впервые
panel-user-seen = Последний раз
panel-user-blocked = заблокирован
panel-user-lost = бот не может написать
panel-user-admin = администратор
panel-user-money = Деньги
panel-user-debt = Долг
panel-user-paid = Оплачено
panel-user-free = Бесплатных сегодня
panel-user-free-of = { $left } из { $total }
panel-user-bank = Бонусных генераций
panel-user-no-works = Ещё ничего не создавал.
panel-user-no-payments = Платежей нет.
panel-user-credits = Последние зачисления
panel-user-facts = О пользователе
panel-user-deeds = Что делали администраторы
panel-credit = Начислить деньги
panel-credit-amount = Сумма, ₽
panel-credit-hint = Деньги появятся на балансе сразу, пользователь получит сообщение. Отменить начисление нельзя, в выручку оно не входит.
panel-credit-do = Начислить
panel-block = Заблокировать
panel-block-hint = Бот перестанет отвечать этому человеку. Начатые генерации завершатся, баланс останется.
panel-block-do = Заблокировать
panel-unblock = Разблокировать
panel-unblock-do = Разблокировать
panel-erased = удалённый пользователь

## Generations

panel-works-all = Все
panel-works-busy = В работе
panel-works-waiting = Не отправленные
panel-works-failed = Неудачные
panel-works-none = Здесь пусто. Генерации появятся, как только пользователи начнут создавать.
panel-work-facts = Подробности
panel-cost = Расход
panel-charged = Списано
panel-finished = Закончена
panel-cause = Причина
panel-task = Задача у сервиса
panel-request = Запрос
panel-hidden = Запросы и результаты скрыты настройкой бота.
panel-unreadable = Запрос не открывается. Причина записана в журнале платформы.
panel-download = Скачать
panel-send = Отправить ещё раз
panel-send-hint = Готовый результат будет отправлен пользователю. Новая генерация не создаётся.
panel-send-do = Отправить

## Payments

panel-payments = Платежи
panel-payments-all = Все
panel-payments-none = Платежей пока нет. Они появятся, когда пользователь пополнит баланс.
panel-payments-count = платежей
panel-methods-all = Любой способ
panel-method = Способ оплаты
panel-stars-checked = Сверка Stars с Telegram: { $at }, расхождений: { $n }
panel-payment-title = Платёж { $amount }
panel-payment-facts = Подробности
panel-decided = Решение
panel-charge = Номер в Telegram
panel-refund = Вернуть Stars
panel-refund-hint = { $amount } спишутся с баланса, доступно останется { $after }. Telegram вернёт Stars покупателю. Отменить нельзя.
panel-refund-do = Вернуть

## Errors and stories

panel-errors = Ошибки
panel-errors-find = Номер запроса
panel-errors-bad-corr = Такой номер не подходит: в нём 12 букв и цифр.
panel-span-day = Сутки
panel-span-week = Неделя
panel-span-month = 30 дней
panel-trace = История
panel-trace-title = История { $corr }
panel-trace-lead = Всё, что случилось под этим номером: обновление, решения, задания, сервис генераций, деньги, сообщения.
panel-trace-empty = Под этим номером ничего не записано. Ошибки хранятся { $time }.

## The audit log

panel-audit = Журнал действий
panel-audit-lead = Кто, что и когда сделал. Записи сцеплены: изменить или вырезать одну незаметно нельзя.
panel-audit-none = Действий ещё не было.
panel-audit-whole = Цепочка цела, записей: { $n }
panel-audit-broken = Цепочка нарушена на записи { $n }
panel-actor-platform = платформа
panel-door-telegram = бот
panel-door-panel = панель
panel-door-cli = командная строка
panel-door-api = API
panel-door-system = система
panel-act-admin-added = Добавлен администратор
panel-act-user-blocked = Пользователь заблокирован
panel-act-user-unblocked = Пользователь разблокирован
panel-act-manual-credit = Начислены деньги вручную
panel-act-credit-asked = Запрошено начисление, нужен второй администратор
panel-act-credit-approved = Начисление подтверждено
panel-act-credit-declined = Начисление отклонено
panel-act-credit-expired = Начисление никто не подтвердил вовремя
panel-act-setting-changed = Изменена настройка
panel-act-user-mode = Режим пользователя
panel-act-generation-viewed = Открыта генерация
panel-act-user-answered = Написано пользователю
panel-act-article-added = Добавлена статья
panel-act-article-removed = Удалена статья
panel-act-promo-created = Создан промокод
panel-act-promo-disabled = Промокод отключён
panel-act-broadcast-started = Начата рассылка
panel-act-broadcast-changed = Изменён ход рассылки
panel-act-receipt-viewed = Открыт скриншот перевода
panel-act-payment-approved = Платёж одобрен
panel-act-payment-rejected = Платёж отклонён
panel-act-payment-refunded = Платёж возвращён
panel-act-generation-resent = Результат отправлен ещё раз
panel-act-exported = Скачан список
panel-act-admin-removed = Роль администратора снята
panel-act-viewer-added = Добавлен наблюдатель
panel-act-viewer-removed = Убран наблюдатель
panel-act-support-granted = Открыт просмотр поддержке
panel-act-support-revoked = Закрыт просмотр поддержке
panel-act-support-looked = Поддержка открыла страницу
panel-act-provider-key-set = Изменён ключ сервиса генераций
panel-act-token-replaced = Заменён токен бота
panel-act-bot-paused = Бот поставлен на паузу
panel-act-bot-resumed = Пауза закончена
panel-act-bot-suspended = Приостановка платформой или её конец
panel-act-limits-changed = Изменены лимиты
panel-act-job-requeued = Задание запущено снова
panel-act-panel-entered = Вход в панель по ссылке
panel-act-miniapp-entered = Вход в панель из Telegram
panel-act-panel-left = Выход из панели
panel-act-session-lost = Сеанс панели закончился вместе с ролью
panel-act-sessions-ended = Все сеансы панели закончены
panel-act-state-changed = Изменено состояние бота
panel-act-webhook-changed = Изменён вебхук

## What a bot sells and says

panel-group-sell = Продажи и тексты
panel-save = Сохранить
panel-pause = Поставить на паузу
panel-pause-hint = Пользователи увидят сообщение о паузе. Начатые генерации завершатся, платежи зачислятся. Вернуть бота в работу можно в любой момент.
panel-resume = Продолжить работу
panel-resume-hint = Бот снова начнёт отвечать всем пользователям.
panel-done-paused = Бот на паузе.
panel-done-resumed = Бот снова работает.
panel-done-saved = Сохранено. Бот начнёт работать по-новому через несколько секунд.
panel-done-same = Ничего не изменилось.
panel-problem-state = Состояние бота уже другое. Посмотрите, как оно изменилось.
panel-problem-managed = Настройки этого бота задаёт файл tenants.toml на сервере: здесь их изменить нельзя.
panel-problem-lost = Кто-то изменил настройки одновременно с вами. Проверьте и сохраните ещё раз.
panel-problem-no-models = Выберите хотя бы одну модель. Ничего не изменено.

panel-models = Модели и цены
panel-models-offered = Предлагается { $n } из { $total }
panel-models-price = Цена от
panel-models-try = Примерить наценку
panel-models-try-do = Примерить
panel-models-try-wrong = Такую наценку примерить нельзя: нужно число от 0.5 до 10, например 1.15. Ниже — цены с вашей наценкой.
panel-models-trying = Это примерка: цены показаны с другой наценкой и пользователям не видны. Сохранить её можно в «Ценах и бонусах».
panel-models-free = есть бесплатный вариант
panel-models-unsellable = платформа не продаёт: нет цены или описания
panel-models-unchecked = сервис не подтвердил модель, платформа её не проверила: включить нельзя
panel-models-checked = проверена платформой
panel-margin = Остаётся

panel-settings = Настройки
panel-settings-wrong = Не сохранено: проверьте отмеченные поля. Остальное осталось как вы написали.
panel-settings-texts = Тексты и бренд
panel-settings-texts-lead = Так бот представляется пользователям. Пустое поле означает обычный текст платформы.
panel-settings-prices = Цены и бонусы
panel-settings-prices-lead = Наценка умножает цены каталога. Курс нужен только для расчёта расхода, цены он не меняет.
panel-settings-money = Оплата
panel-settings-money-lead = Суммы пополнения и способы оплаты.
panel-settings-general = Общие
panel-settings-general-lead = Время, языки и поведение бота.
panel-preview = Так увидит пользователь
panel-requisites-phone = Телефон
panel-requisites-bank = Банк
panel-requisites-holder = Получатель
panel-setting-brand = Название бота
panel-setting-brand-hint = Одна строка, до 64 символов.
panel-setting-welcome-text = Приветствие
panel-setting-welcome-text-hint = До 1000 символов.
panel-setting-whats-new = Новости
panel-setting-whats-new-hint = До 300 символов. Показываются в главном меню.
panel-setting-support-contact = Контакт поддержки
panel-setting-support-contact-hint = @имя или текст до 200 символов.
panel-setting-privacy-url = Политика конфиденциальности
panel-setting-privacy-url-hint = Адрес, который начинается с https://, или пусто.
panel-setting-markup = Наценка
panel-setting-markup-hint = Число от 0.5 до 10. Например, 1.15 — это плюс 15 %.
panel-setting-currency-rate = Рублей за доллар
panel-setting-currency-rate-hint = Число от 1 до 1000.
panel-setting-free-per-day = Бесплатных генераций в день
panel-setting-free-per-day-hint = Целое число от 0 до 100.
panel-setting-referral-bonus = Бонус за приглашение
panel-setting-referral-bonus-hint = Генераций каждой стороне, от 0 до 100.
panel-setting-gift-min = Подарок, не меньше, ₽
panel-setting-gift-min-hint = От 0 до 500 и не больше верхней границы.
panel-setting-gift-max = Подарок, не больше, ₽
panel-setting-gift-max-hint = От 0 до 500. Ноль выключает колесо подарков.
panel-setting-topup-presets = Суммы пополнения, ₽
panel-setting-topup-presets-hint = От одной до шести, через пробел: 50 100 150.
panel-setting-topup-min = Наименьшее пополнение, ₽
panel-setting-topup-max = Наибольшее пополнение, ₽
panel-setting-topup-max-hint = До 100 000.
panel-setting-stars-enabled = Принимать Telegram Stars
panel-setting-stars-rate = Stars за рубль
panel-setting-stars-rate-hint = Число от 0.1 до 100.
panel-setting-sbp-enabled = Принимать переводы по СБП
panel-setting-sbp-enabled-hint = Заработает, когда отмечено и следующее поле, и заполнены реквизиты.
panel-setting-sbp-terms-ack = Я знаю правило Telegram: цифровые товары продаются за Stars
panel-setting-sbp-requisites = Реквизиты СБП
panel-setting-sbp-requisites-hint = Все три поля или ни одного.
panel-setting-sbp-auto-approve = Одобрять подходящие чеки автоматически
panel-setting-sbp-auto-limit = Автоматически не больше, ₽
panel-setting-sbp-auto-limit-hint = От 0 до 50 000.
panel-setting-sbp-auto-day-limit = Автоматически одному человеку за день, ₽
panel-setting-sbp-auto-day-limit-hint = Когда за день автоматически зачислилось столько, следующие чеки этого человека смотрит администратор. От 0 до 1 000 000; 0 — втрое больше предыдущей суммы.
panel-setting-sbp-max-attempts = Снимков на один счёт
panel-setting-sbp-max-attempts-hint = От 1 до 10.
panel-setting-approval-limit = Второй администратор больше суммы, ₽
panel-setting-approval-limit-hint = Переводы и начисления вручную больше этой суммы подтверждает ещё один администратор. От 0 до 100 000; 0 — не нужен.
panel-setting-approval-day-limit = Один администратор за день, ₽
panel-setting-approval-day-limit-hint = Когда переводы и начисления, которые один администратор подтвердил за день, вместе больше этой суммы, дальше их подтверждает ещё один. От 0 до 1 000 000; 0 — без предела.
panel-setting-timezone = Часовой пояс
panel-setting-timezone-hint = Например, Europe/Moscow или Asia/Yekaterinburg.
panel-setting-default-language = Язык по умолчанию
panel-setting-languages = Языки бота
panel-setting-languages-hint = Хотя бы один, и среди них язык по умолчанию.
panel-setting-max-parallel = Генераций одновременно у одного пользователя
panel-setting-max-parallel-hint = От 1 до 20.
panel-setting-preferred-aspect-ratio = Обычные пропорции
panel-setting-other-models-target = Модель за кнопкой «Другие модели»
panel-setting-other-models-target-hint = Имя модели из каталога; пусто — кнопки нет.
panel-setting-hide-prompts = Скрывать запросы и результаты от администраторов
panel-setting-dry-run = Проверочный режим: ничего не создаётся и не списывается

panel-limits = Лимиты
panel-limits-lead = Столько разрешает платформа: использовано / всего. Если не хватает, напишите владельцу платформы.

panel-keys = Токен и ключи
panel-keys-lead = Секреты хранятся зашифрованными и больше нигде не показываются. Замена требует свежего входа по ссылке из бота.
panel-token = Токен бота
panel-token-replace = Заменить токен
panel-token-new = Новый токен
panel-token-hint = Получите его у @BotFather: /mybots → API Token → Revoke. Подойдёт только токен этого же бота; пользователи, балансы и платежи останутся.
panel-key-none = не задан
panel-key-change = Изменить ключ
panel-key-new = Новый ключ
panel-key-hint = Пустое поле убирает свой ключ: бот перейдёт на общий, если платформа его даёт, иначе генерация выключится.
panel-done-token = Токен заменён. Бот подключится с ним через несколько секунд.
panel-done-key = Ключ сохранён.
panel-problem-token-shape = Это не похоже на токен. Он выглядит так: 123456789:AA… Ничего не изменено.
panel-problem-token-other = Это токен другого бота. Ничего не изменено.
panel-problem-key-shape = Ключ — от 8 до 200 латинских букв, цифр и знаков без пробелов. Ничего не изменено.

panel-promos = Промокоды
panel-promos-lead = Сумма зачисляется сразу, процент добавляется к следующему пополнению.
panel-promos-none = Промокодов пока нет. Создайте первый, чтобы позвать новых пользователей.
panel-promo-new = Новый промокод
panel-promo-code = Код
panel-promo-worth = Значение
panel-promo-total = Всего использований
panel-promo-per-user = На одного пользователя
panel-promo-days = Дней
panel-promo-hint = Код: 3–32 букв, цифр, «-» и «_». Значение: 50 (рублей, до 5000) или 15% (до 100%). Использований до 1 000 000, на одного до 100, дней до 365.
panel-promo-make = Создать
panel-promo-used = Использован
panel-promo-until = Действует до
panel-promo-live = действует
panel-promo-off = отключён
panel-promo-over = истёк
panel-promo-used-up = использован полностью
panel-promo-off-do = Отключить
panel-done-promo-made = Промокод создан.
panel-done-promo-off = Промокод отключён.
panel-form-wrong = Не сохранено: исправьте отмеченное поле. Остальное осталось, как вы написали.
panel-promo-rule-code = Код — от 3 до 32 символов: буквы A–Z и А–Я, цифры, «-» и «_».
panel-promo-rule-worth = Значение — от 1 до 5000 ₽ или от 1 до 100 со знаком %.
panel-promo-rule-total = Всего использований — целое число от 1 до 1 000 000.
panel-promo-rule-per-user = На одного пользователя — целое число от 1 до 100.
panel-promo-rule-days = Срок — целое число дней от 1 до 365.
panel-promo-exists = Такой код уже есть. Придумайте другой.
panel-promo-too-much = Один человек получил бы по этому коду больше, чем администратор может начислить один. Уменьшите значение или число использований на человека. Ничего не создано.
panel-promo-too-much-day = С этим кодом вы превысили бы то, что администратор может начислить за день один. Уменьшите значение, попробуйте завтра или попросите другого администратора. Ничего не создано.

panel-knowledge = База знаний
panel-knowledge-lead = Бот отвечает на вопросы пользователей кусками этих статей и ничего не выдумывает.
panel-knowledge-ask = Вопрос пользователя
panel-knowledge-try = Проверить ответ
panel-knowledge-found = Бот ответит
panel-knowledge-nothing = По этому вопросу статей нет. Добавьте статью с такими словами.
panel-knowledge-new = Новая статья
panel-knowledge-text = Текст
panel-knowledge-hint = Первая строка станет заголовком. От 20 до 8000 символов.
panel-knowledge-add = Добавить
panel-knowledge-none = Статей пока нет. Напишите первую: как оплатить, сколько ждать, что делать, если не получилось.
panel-article-title-only = В статье одна строка: она и есть заголовок.
panel-article-remove = Удалить статью
panel-article-remove-hint = Бот перестанет по ней отвечать. Вернуть статью можно, только написав её заново.
panel-done-article-added = Статья добавлена.
panel-done-article-removed = Статья удалена.
panel-problem-article-same = Такая статья уже есть.
panel-problem-article-length = Нужно от 20 до 8000 символов. Статья не добавлена.

## The platform owner's pages

panel-owner-manage = управление
panel-owner-control = Управление
panel-owner-partner = Партнёр
panel-owner-suspend = Остановить бота
panel-owner-suspend-hint = Пользователи увидят, что бот не работает, без причины. Администраторам покажут причину и ваш контакт. Начатые генерации завершатся, платежи зачислятся.
panel-owner-release = Вернуть бота в работу
panel-owner-release-hint = Бот снова начнёт отвечать всем.
panel-owner-limits = Лимиты
panel-limit-users = Пользователей
panel-limit-generations-per-day = Генераций в день
panel-limit-generations-in-flight = Генераций одновременно
panel-limit-updates-per-second = Сообщений в секунду
panel-limit-broadcast-per-second = Рассылка, в секунду
panel-limit-storage-mib = Хранилище, МиБ
panel-limit-shared-credits-per-day = Кредитов общего ключа в день
panel-limit-own-credits-per-day = Кредитов своего ключа в день
panel-limit-panel-requests-per-minute = Запросов к панели в минуту
panel-limit-fee-basis-points = Комиссия платформы, сотых процента
panel-limit-generation-off = Генерации остановлены (1 — да)
panel-limit-fee = Комиссия платформы
panel-limit-stopped = Новые генерации остановлены
panel-limit-yes = да
panel-limit-no = нет
panel-done-suspended = Бот остановлен.
panel-done-released = Бот снова работает.
panel-done-requeued = Задание поставлено снова.
panel-problem-reason = Нужна причина от 3 до 200 символов. Ничего не изменено.
panel-problem-limits = Каждый лимит — целое число. Ничего не изменено.
panel-problem-requeue = Задание уже не ждёт: его поставили снова раньше, или такая работа идёт.
panel-money = Деньги платформы
panel-money-lead = За последние 30 дней, все боты. Расход считается по курсу каждого бота.
panel-topups = Пополнения
panel-manual = Начислено вручную
panel-jobs = Задания
panel-queues = Очереди
panel-queues-none = Все очереди пусты.
panel-queues-hint = Ждут / выполняются, и когда должно было начаться самое старое.
panel-dead = Не выполнены
panel-dead-none = Ничего не брошено: все задания выполнены или ждут очереди.
panel-requeue = Поставить снова
panel-health = Процессы
panel-database = База данных
panel-outbox-waiting = Сообщений ждёт отправки
panel-replicas = Процессы
panel-replicas-none = Ни один процесс ещё не сообщил, что работает.
panel-replica-since = работает с { $at } UTC
panel-leases = Роли
panel-leases-none = Ролей пока никто не занял.
panel-replica-here = на связи
panel-replica-gone = не отвечает
panel-lease-held = занята до
panel-lease-free = свободна, была занята до

## The team

panel-team = Команда
panel-team-lead = Администратор ведёт бота вместе с вами. Наблюдатель видит панель и ничего не меняет: вход он получает командой /panel в боте.
panel-team-add = Добавить человека
panel-team-add-do = Добавить
panel-team-number = Номер в Telegram
panel-team-role = Роль
panel-team-hint = Человек должен хотя бы раз отправить боту /start.
panel-team-remove = Убрать
panel-team-remove-do = Убрать сейчас
panel-support = Поддержка платформы
panel-support-lead = Владелец платформы видит показатели бота, но не людей. На час можно открыть ему просмотр: менять он ничего не сможет, каждая открытая страница попадёт в журнал действий.
panel-support-grant = Открыть просмотр на час
panel-support-revoke = Закрыть просмотр
panel-support-until = Открыто до
panel-done-team-added = Человек добавлен.
panel-done-team-removed = Роль снята. Открытые сеансы закончились.
panel-done-support-granted = Просмотр открыт на час.
panel-done-support-revoked = Просмотр закрыт.
panel-problem-team-number = Нужен номер в Telegram: только цифры.
panel-problem-team-start = Этот человек ещё не отправлял боту /start. Попросите его начать.
panel-problem-team-already = У этого человека уже есть роль.
panel-problem-team-full = Больше людей добавить нельзя. Сначала уберите кого-нибудь.
panel-problem-team-blocked = Этот человек заблокирован. Сначала разблокируйте его.

## Errors: each offers a way back

panel-back-home = На главную
panel-400-title = Запрос не понят
panel-400-text = Браузер прислал то, чего здесь не ждут. Откройте страницу заново.
panel-413-title = Слишком много данных
panel-413-text = Файл или текст больше { $max }. Уменьшите его и отправьте снова.
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
panel-file-gone-text = Ссылка на результат работает { $time }. Откройте историю генераций в боте и запросите результат ещё раз.
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
